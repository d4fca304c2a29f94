// Package match says in SCIM words what checks expect: Gomega matchers over *check.Answer that know what they wanted, what they got and
// where. They judge one answer at a time and read raw JSON.
package match

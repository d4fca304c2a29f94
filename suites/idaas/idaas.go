// Package idaas asks what the page on inbound synchronization asks of an IDaaS application, rule by rule (package fixtures/rules), as far as
// a client can see it over SCIM. Where a rule leaves a freedom, a check takes either side.
package idaas

import (
	"slices"

	"scimproof/suites/check"
)

// Checks lists the checks of the area, in the order of the rules.
func Checks() []check.Check {
	return slices.Concat(
		applications,
		scopes, bounds(anAccount), bounds(aGroup), groupScopes, reached(anAccount), reached(aGroup), overlaps, targets,
		tokens, rotations, clocks, baseURLs, access, permissions, extended, mappingOf(mail), mappingOf(phone), accounts, status, attributes,
		areaCodes, numbers, addresses, passwords, policyChecks(), organizations, groups, resubmissions, failures,
	)
}

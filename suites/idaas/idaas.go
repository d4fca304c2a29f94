// Package idaas asks what the page on inbound synchronization asks of an IDaaS application, rule by rule (package fixtures/rules): as a client
// can see it over SCIM and, with a control API, as an administrator sets it. Where a rule leaves a freedom, a check takes either side.
//
// # To add a check that takes the control API
//
// Name check.Control among its needs, and begin its body with newSandbox(t): an instance of its own, which is deleted behind it. An
// application of the sandbox is a *check.T that speaks with it. A check that moves the clock needs check.TestClock, is Exclusive, and moves it
// by little more than a day. docs/control.md lists what a control API has to answer; a test holds the list against what the checks use.
package idaas

import (
	"slices"

	"scimproof/suites/check"
)

// Checks lists the checks of the area, in the order of the rules.
func Checks() []check.Check {
	return slices.Concat(
		applications,
		scopes, bounds(anAccount), bounds(aGroup), groupScopes, keptHidden(), reached(anAccount), reached(aGroup), overlaps,
		borders[0].checks(), borders[1].checks(), clashes, targets,
		tokens, rotations, clocks, baseURLs, access, permissions, elsewhere(), extended, mappingOf(mail), mappingOf(phone), accounts, status, attributes,
		areaCodes, numbers, addresses, passwords, policyChecks(), organizations, groups, resubmissions, failures,
	)
}

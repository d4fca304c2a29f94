// Package patch asks how a target changes users by PATCH (RFC 7644 section 3.5.2), in the forms of the RFC and in those that Okta and
// Entra send.
package patch

import (
	"slices"

	"scimproof/suites/check"
)

// Checks lists the checks of the area.
func Checks() []check.Check {
	return slices.Concat(general, add, replace, remove, refusals, paths, entra, okta)
}

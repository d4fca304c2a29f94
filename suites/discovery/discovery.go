// Package discovery asks whether a target describes itself, and whether the description makes sense (RFC 7644 section 4, RFC 7643 sections
// 5 to 7).
package discovery

import (
	"slices"

	"scimproof/suites/check"
)

// Checks lists the checks of the area.
func Checks() []check.Check {
	return slices.Concat(config, resourceTypes, schemas, declarations, coreDeclarations)
}

// Package filter asks how a target answers filters (RFC 7644 section 3.4.2.2).
package filter

import (
	"slices"

	"scimproof/suites/check"
)

// Checks lists the checks of the area.
func Checks() []check.Check {
	return slices.Concat(comparison, order, logic, spelling, values, paths, refusals)
}

// Package groups asks about groups and their members, from both sides (RFC 7643 section 4.2).
package groups

import (
	"slices"

	"scimproof/suites/check"
)

// Checks lists the checks of the area.
func Checks() []check.Check {
	return slices.Concat(create, read, replace, patch, membership, remove, nested)
}

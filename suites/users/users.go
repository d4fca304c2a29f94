// Package users asks what becomes of a user who is created, read, replaced and deleted (RFC 7644 sections 3.3 to 3.6).
package users

import (
	"slices"

	"scimproof/suites/check"
)

// Checks lists the checks of the area.
func Checks() []check.Check {
	return slices.Concat(creation, created, conflicts, values, reading, replacement, deletion)
}

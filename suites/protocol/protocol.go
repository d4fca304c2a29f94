// Package protocol asks how a target speaks HTTP, whom it lets in, and how it says no (RFC 7644 sections 2, 3.8 and 3.12).
package protocol

import (
	"slices"

	"scimproof/suites/check"
)

// Checks lists the checks of the area.
func Checks() []check.Check { return slices.Concat(exchanges, credentials, refusals) }

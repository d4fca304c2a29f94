// Package projection asks what attributes and excludedAttributes do (RFC 7644 sections 3.9 and 3.10).
package projection

import (
	"slices"

	"scimproof/suites/check"
)

// Checks lists the checks of the area.
func Checks() []check.Check { return slices.Concat(selection, exclusion, notation, operations) }

// Package listing asks about lists: the message, pages and order (RFC 7644 sections 3.4.2, 3.4.2.3 and 3.4.2.4).
package listing

import (
	"slices"

	"scimproof/suites/check"
)

// Checks lists the checks of the area.
func Checks() []check.Check {
	return slices.Concat(messages, paging, sorting)
}

package filter

import (
	"fmt"
	"unicode/utf8"
)

// Error gives the reason and the place in one clause.
func (e *Error) Error() string { return fmt.Sprintf("%s, at byte %d", e.Reason, e.Offset) }

var _ error = (*Error)(nil)

func fail(offset int, format string, args ...any) error {
	return &Error{offset, fmt.Sprintf(format, args...)}
}

// shown bounds what a message repeats of a client's text.
const shown = 60

// quote repeats a word of the text in a message. Values are never repeated: they may be personal (RFC 7644 section 7.5.2).
func quote(word string) string {
	if len(word) > shown {
		end := shown
		for !utf8.RuneStart(word[end]) {
			end--
		}
		word = word[:end] + "..."
	}
	return fmt.Sprintf("%q", word)
}

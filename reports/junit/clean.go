package junit

import (
	"strings"
	"unicode/utf8"
)

// limit is the size of one text. Beyond it CI systems cut by themselves, or drop the whole file.
const limit = 64 << 10

const cutNote = "\n… cut here; results.json has the rest\n"

// clean makes a text fit for XML 1.0: what that cannot hold becomes U+FFFD, and what is beyond the limit is left out.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if legal(r) {
			return r
		}
		return utf8.RuneError
	}, s)
	if len(s) <= limit {
		return s
	}
	end := limit - len(cutNote)
	for !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + cutNote
}

// line is clean for one line: an attribute, which XML would fold by itself, or a name.
func line(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

// legal says whether XML 1.0 can hold the character, section 2.2 there.
func legal(r rune) bool {
	switch {
	case r == '\t', r == '\n', r == '\r':
		return true
	case r < 0x20, r >= 0xD800 && r < 0xE000, r == 0xFFFE, r == 0xFFFF:
		return false
	}
	return r <= utf8.MaxRune
}

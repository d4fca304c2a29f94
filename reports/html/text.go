package html

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"scimproof/reports/evidence"
)

// segment is a piece of text that is shown in one way.
type segment struct {
	Kind string // "" plain, "secret" where one was, "mark" for a character that does not show, and the kinds of highlight
	Text string
	Note string // what a mark stands for
}

// segments parts a text at what must not be shown as it is: places where secrets were, and characters that hide, move or turn text round.
func segments(s string) []segment {
	var out []segment
	for i, part := range strings.Split(s, evidence.Redacted) {
		if i > 0 {
			out = append(out, segment{Kind: "secret", Text: evidence.Redacted})
		}
		out = append(out, marked("", part)...)
	}
	return out
}

// plain is a text for places that hold no elements.
func plain(s string) string {
	var b strings.Builder
	for _, part := range segments(s) {
		b.WriteString(part.Text)
	}
	return b.String()
}

// marked gives a text of one kind, with marks for what does not show.
func marked(kind, s string) []segment {
	var out []segment
	from := 0
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if mark, hidden := markOf(r, size, s[i]); hidden {
			if i > from {
				out = append(out, segment{Kind: kind, Text: s[from:i]})
			}
			out = append(out, mark)
			from = i + size
		}
		i += size
	}
	if from < len(s) {
		out = append(out, segment{Kind: kind, Text: s[from:]})
	}
	return out
}

func markOf(r rune, size int, b byte) (segment, bool) {
	switch {
	case r == utf8.RuneError && size == 1:
		return segment{"mark", fmt.Sprintf("%02X", b), fmt.Sprintf("the byte %02X, which is no UTF-8", b)}, true
	case r == '\n', r == '\t', r == ' ', unicode.IsPrint(r), unicode.Is(unicode.Zs, r):
		return segment{}, false
	case r == '\r':
		return segment{"mark", "CR", "carriage return"}, true
	}
	return segment{"mark", fmt.Sprintf("U+%04X", r), fmt.Sprintf("the character U+%04X, which does not show", r)}, true
}

// highlight parts a JSON text that is laid out into names, strings and the rest.
func highlight(s string) []segment {
	var out []segment
	for len(s) > 0 {
		start := strings.IndexByte(s, '"')
		if start < 0 {
			return append(out, segments(s)...)
		}
		out = append(out, segments(s[:start])...)
		end := start + stringEnd(s[start:])
		kind := "string"
		if strings.HasPrefix(s[end:], ":") {
			kind = "name"
		}
		for i, part := range strings.Split(s[start:end], evidence.Redacted) {
			if i > 0 {
				out = append(out, segment{Kind: "secret", Text: evidence.Redacted})
			}
			out = append(out, marked(kind, part)...)
		}
		s = s[end:]
	}
	return out
}

// stringEnd is the length of the JSON string that s starts with.
func stringEnd(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(s)
}

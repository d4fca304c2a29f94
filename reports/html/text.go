package html

import (
	"fmt"
	"html/template"
	"strings"
	"unicode"
	"unicode/utf8"

	"scimproof/reports/evidence"
)

// segment is a piece of text that is shown in one way.
type segment struct {
	Text string
	Mark bool   // it stands for something: a secret, or a character that does not show
	Note string // what a character is
}

// text is a text as HTML, for the inside of elements.
func text(s string) template.HTML { return markup(segments(s)) }

// line is the same for what is one line: where it breaks there is a mark, so that no value passes for a header of its own.
func line(s string) template.HTML {
	var out []segment
	for i, part := range strings.Split(s, "\n") {
		if i > 0 {
			out = append(out, segment{"LF", true, "line feed"})
		}
		out = append(out, segments(part)...)
	}
	return markup(out)
}

// plain is a text for places that hold no elements.
func plain(s string) string {
	var b strings.Builder
	for _, part := range segments(s) {
		b.WriteString(part.Text)
	}
	return b.String()
}

// escape holds nothing that changes, and is made once since there are thousands of texts.
var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// markup escapes what the inside of an element needs and no more: html/template writes each of the many quotes in JSON as five characters.
// What a mark says is our own.
func markup(segments []segment) template.HTML {
	var b strings.Builder
	for _, s := range segments {
		switch {
		case !s.Mark:
			escape.WriteString(&b, s.Text)
		case s.Note == "":
			b.WriteString("<mark>" + s.Text + "</mark>")
		default:
			fmt.Fprintf(&b, `<mark title="%s">%s</mark>`, s.Note, s.Text)
		}
	}
	return template.HTML(b.String())
}

// segments parts a text at what must not be shown as it is: places where secrets were, and characters that hide, move or turn text round.
func segments(s string) []segment {
	var out []segment
	for i, part := range strings.Split(s, evidence.Redacted) {
		if i > 0 {
			out = append(out, segment{Text: evidence.Redacted, Mark: true})
		}
		out = append(out, marked(part)...)
	}
	return out
}

// marked gives a text with marks for what does not show.
func marked(s string) []segment {
	var out []segment
	from := 0
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if mark, hidden := markOf(r, size, s[i]); hidden {
			if i > from {
				out = append(out, segment{Text: s[from:i]})
			}
			out = append(out, mark)
			from = i + size
		}
		i += size
	}
	if from < len(s) {
		out = append(out, segment{Text: s[from:]})
	}
	return out
}

func markOf(r rune, size int, b byte) (segment, bool) {
	switch {
	case r == utf8.RuneError && size == 1:
		return segment{fmt.Sprintf("%02X", b), true, fmt.Sprintf("the byte %02X, which is no UTF-8", b)}, true
	case r == '\n', r == '\t', r == ' ', unicode.IsPrint(r), unicode.Is(unicode.Zs, r):
		return segment{}, false
	case r == '\r':
		return segment{"CR", true, "carriage return"}, true
	}
	return segment{fmt.Sprintf("U+%04X", r), true, fmt.Sprintf("the character U+%04X, which does not show", r)}, true
}

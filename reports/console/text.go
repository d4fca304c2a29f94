package console

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// safe spells out whatever a terminal would act upon: control characters, escapes, marks that change the direction of text, broken bytes.
// Line breaks become spaces.
func safe(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			b.WriteByte(' ')
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case !unicode.IsPrint(r) && r != '\u00a0':
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
		i += size
	}
	return strings.TrimSpace(b.String())
}

// displayed is how many columns a text takes.
func displayed(s string) int {
	n := 0
	for _, r := range s {
		n += columnsOf(r)
	}
	return n
}

func columnsOf(r rune) int {
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// fit cuts a text to a number of columns.
func fit(s string, columns int) string {
	if displayed(s) <= columns {
		return s
	}
	n := 0
	for i, r := range s {
		if n += columnsOf(r); n > columns-1 {
			return s[:i] + "…"
		}
	}
	return s
}

// wrap breaks a text into lines of so many columns, at spaces where there are any. Beyond the limit of lines it ends with an ellipsis.
func wrap(s string, columns, limit int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		if line != "" && displayed(line)+1+displayed(word) <= columns {
			line += " " + word
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for displayed(word) > columns && len(lines) <= limit {
			head := prefix(word, columns)
			lines, word = append(lines, head), word[len(head):]
		}
		line = word
	}
	if line != "" {
		lines = append(lines, line)
	}
	if len(lines) > limit {
		lines = lines[:limit]
		lines[limit-1] = fit(lines[limit-1], columns-2) + " …"
	}
	return lines
}

func prefix(word string, columns int) string {
	n := 0
	for i, r := range word {
		if n += columnsOf(r); n > columns && i > 0 {
			return word[:i]
		}
	}
	return word
}

func number(n int) string { return strconv.Itoa(n) }

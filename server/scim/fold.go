package scim

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
)

// Fold is the form in which values of an attribute compare equal: as they are where the attribute is caseExact or binary, else folded,
// in every script (Unicode's full case folding). Folding a text again changes nothing, and a part of a text folds to a part of its fold.
func Fold(a *Attribute, text string) string {
	if a.CaseExact || a.Type == Binary {
		return text
	}
	return fold(text)
}

func fold(text string) string {
	upper := false
	for i := range len(text) {
		c := text[i]
		if c >= utf8.RuneSelf {
			return strings.Map(cherokee, cases.Fold().String(text))
		}
		upper = upper || 'A' <= c && c <= 'Z'
	}
	if upper {
		return strings.ToLower(text)
	}
	return text
}

// cherokee takes the small letters of Cherokee for the large ones, as Unicode's folding does: they were there first. Package cases has each
// of them fold to the other.
func cherokee(r rune) rune {
	switch {
	case 0xAB70 <= r && r <= 0xABBF:
		return r - 0xAB70 + 0x13A0
	case 0x13F8 <= r && r <= 0x13FD:
		return r - 8
	}
	return r
}

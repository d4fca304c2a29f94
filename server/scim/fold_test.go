package scim

import (
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

func TestFold(t *testing.T) {
	insensitive, exact := &Attribute{Type: String}, &Attribute{Type: String, CaseExact: true}
	for text, want := range map[string]string{
		"": "", "ann": "ann", "ANN@Example.COM": "ann@example.com", "Straße": "strasse", "STRASSE": "strasse", "ÄÖÜ": "äöü",
		"Σίσυφος": "σίσυφοσ", "ΣΊΣΥΦΟΣ": "σίσυφοσ", "ПРИВЕТ": "привет", "日本": "日本", "\u212A": "k",
	} {
		if got := Fold(insensitive, text); got != want {
			t.Errorf("Fold(%q) = %q, want %q", text, got, want)
		}
		if got := Fold(exact, text); got != text {
			t.Errorf("Fold(%q) = %q with caseExact", text, got)
		}
	}
	if got := Fold(&Attribute{Type: Binary}, "AbC="); got != "AbC=" {
		t.Errorf("binary data folds to %q", got)
	}
}

// Whatever Unicode takes for the same letter in another case folds to the same.
func TestFoldOfEveryLetter(t *testing.T) {
	a := &Attribute{Type: String}
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if r == 0x0130 || r == 0x0131 { // dotted I and dotless i, which only Turkish folds to one another
			continue
		}
		f := Fold(a, string(r))
		if Fold(a, f) != f {
			t.Errorf("%q folds to %q and that to %q", r, f, Fold(a, f))
		}
		if other := unicode.SimpleFold(r); other != r && other != 0x0130 && other != 0x0131 && Fold(a, string(other)) != f {
			t.Errorf("%q folds to %q, %q to %q", r, f, other, Fold(a, string(other)))
		}
	}
}

// Indexes and parts of texts rely on it.
func TestFoldOfFoldsAndParts(t *testing.T) {
	a := &Attribute{Type: String}
	rapid.Check(t, func(t *rapid.T) {
		x, y := rapid.String().Draw(t, "x"), rapid.String().Draw(t, "y")
		if f := Fold(a, x); Fold(a, f) != f {
			t.Errorf("the fold of %q folds to %q", f, Fold(a, f))
		}
		if Fold(a, x+y) != Fold(a, x)+Fold(a, y) {
			t.Errorf("%q and %q fold otherwise together", x, y)
		}
		if !strings.Contains(Fold(a, x+y), Fold(a, y)) {
			t.Errorf("the fold of %q lacks that of %q", x+y, y)
		}
	})
}

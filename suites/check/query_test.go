package check

import "testing"

func TestQuote(t *testing.T) {
	for text, want := range map[string]string{
		`plain`:     `"plain"`,
		`say "hi"`:  `"say \"hi\""`,
		`back\lash`: `"back\\lash"`,
		"nul\x00":   `"nul\u0000"`,
		"Zoë":       `"Zoë"`,
	} {
		if got := Quote(text); got != want {
			t.Errorf("Quote(%q) is %s, not %s", text, got, want)
		}
	}
	if got, want := Eq("userName", "o'neil"), `userName eq "o'neil"`; got != want {
		t.Errorf("Eq is %s, not %s", got, want)
	}
}

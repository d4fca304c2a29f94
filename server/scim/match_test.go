package scim_test

import "testing"

const aThing = `{"id": "Thing-1", "must": "Straße", "text": "Ann Lee", "exact": "Ann", "flag": false, "whole": 10, "real": 2.50, "when": "2020-06-01T12:00:00+02:00",
	"blob": "QUJD", "link": "https://example.com/A", "words": ["Red", "Blue"], "numbers": [1, 20], "one": {"a": "x", "b": 3},
	"many": [{"value": "a@x", "type": "work", "primary": true, "n": 1}, {"value": "b@y", "type": "home", "display": "B"}],
	"meta": {"created": "2020-01-01T00:00:00.000Z", "resourceType": "Thing"}, "` + extraURN + `": {"code": "C1", "boss": {"value": "m"}}}`

func TestMatch(t *testing.T) {
	rt := thing(t)
	o := object(t, aThing)
	for filter, want := range map[string]bool{
		// folding
		`text eq "ann lee"`: true, `text eq "Ann"`: false, `must eq "STRASSE"`: true, `exact eq "ann"`: false, `exact eq "Ann"`: true,
		`id eq "thing-1"`: false, `id eq "Thing-1"`: true,
		// parts
		`text co "N L"`: true, `text sw "ANN"`: true, `text ew "LEE"`: true, `text ew "ann"`: false, `text co ""`: true, `exact sw "a"`: false, `title co ""`: false,
		`link sw "https://"`: true, `link co "/a"`: false,
		// order
		`text gt "ann"`: true, `text ge "ann lee"`: true, `text lt "b"`: true, `text le "ANN LEE"`: true, `text gt "ann lee"`: false,
		// numbers by value
		`whole eq 10`: true, `whole eq 1e1`: true, `whole gt 9`: true, `whole lt 9`: false, `real eq 2.5`: true, `real le 2.4999`: false, `whole ne 10.0`: false,
		// booleans: false is a value
		`flag eq false`: true, `flag ne true`: true, `flag eq true`: false, `flag pr`: true,
		// instants
		`when eq "2020-06-01T10:00:00Z"`: true, `when gt "2020-06-01T11:00:00Z"`: false, `when lt "2020-06-01T10:00:00.001Z"`: true, `when ne "2020-06-01T06:00:00-04:00"`: false,
		`meta.created lt "2020-01-01T00:00:00.0001Z"`: true, `meta.created ge "2020-01-01T00:00:00Z"`: true,
		// binary is compared as it is
		`blob eq "QUJD"`: true, `blob eq "qujd"`: false,
		// several values: one is enough, for ne as well
		`words eq "red"`: true, `words ne "red"`: true, `words eq "green"`: false, `numbers gt 19`: true, `numbers lt 0`: false, `words co "LU"`: true,
		`many eq "A@X"`: true, `many.type eq "HOME"`: true, `many.value ne "a@x"`: true, `many.n ge 1`: true, `many.display pr`: true, `many.need pr`: false,
		// one element satisfies all
		`many[type eq "work" and value eq "a@x"]`: true, `many[type eq "work" and value eq "b@y"]`: false, `many.type eq "work" and many.value eq "b@y"`: true,
		`many[not (type eq "work") and primary ne true]`: true, `many[primary eq true]`: true, `many[type eq "work"].value sw "a"`: true, `many[display eq "b"]`: false,
		`one[a eq "x" and b gt 2]`: true, `many[other eq "x"]`: false, `many[other ne "x"]`: true, `many[many.type eq "work"]`: false,
		// presence
		`text pr`: true, `title pr`: false, `one pr`: true, `one.a pr`: true, `one.fixed pr`: false, `many pr`: true, `strict pr`: false,
		`title eq null`: true, `text eq null`: false, `text ne null`: true, `title ne null`: false,
		// absence: ne holds, nothing else does
		`asked ne "x"`: true, `asked eq "x"`: false, `asked lt "x"`: false, `not (asked eq "x")`: true,
		// unknown attributes are absent ones
		`colour eq "red"`: false, `colour pr`: false, `colour ne "red"`: true, `colour eq null`: true, `colour ne null`: false, `not (colour pr)`: true,
		`colour[a eq "x"]`: false, `text.sub eq "x"`: false, `secretly pr`: false,
		// names in any case, with a URN
		thingURN + `:TEXT eq "ann lee"`: true, extraURN + `:code eq "c1"`: true, extraURN + `:boss.value eq "M"`: true, extraURN + `:boss eq "m"`: true,
		extraURN + ` pr`: true, extraURN + `:note pr`: false, `code eq "c1"`: false,
		// connectives
		`text pr and title pr`: false, `text pr or title pr`: true, `title pr and title pr or text pr`: true, `text pr or title pr and title pr`: true,
		`(text pr or title pr) and title pr`: false, `not (text pr and title pr)`: true,
	} {
		c, err := bind(t, rt, filter)
		if err != nil {
			t.Errorf("%s: %v", filter, err)
		} else if got := c.Match(o); got != want {
			t.Errorf("%s is %t, want %t", filter, got, want)
		}
	}
}

func TestMatchWithoutExtension(t *testing.T) {
	for filter, want := range map[string]bool{extraURN + ` pr`: false, extraURN + `:code ne "x"`: true, extraURN + `:boss.value pr`: false} {
		c, err := bind(t, thing(t), filter)
		if err != nil || c.Match(object(t, `{"text": "x"}`)) != want {
			t.Errorf("%s, %v: want %t", filter, err, want)
		}
	}
}

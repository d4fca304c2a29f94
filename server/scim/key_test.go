package scim_test

import (
	"testing"

	"scimproof/server/scim"
)

func TestKeyText(t *testing.T) {
	attr := func(typ scim.Type, exact bool) *scim.Attribute {
		return &scim.Attribute{Name: "a", Type: typ, CaseExact: exact}
	}
	for _, test := range []struct {
		attr *scim.Attribute
		v, w any
		same bool
	}{
		{attr(scim.String, false), "Straße", "STRASSE", true},
		{attr(scim.String, true), "Jo", "jo", false},
		{attr(scim.DateTime, false), "2026-03-31T12:00:00Z", "2026-03-31T14:00:00.000+02:00", true},
		{attr(scim.DateTime, false), "2026-03-31T12:00:00Z", "2026-03-31T12:00:00.001Z", false},
		{attr(scim.Decimal, false), scim.Number("1.50"), scim.Number("15e-1"), true},
		{attr(scim.Decimal, false), scim.Number("-0"), scim.Number("0.0"), true},
		{attr(scim.Decimal, false), scim.Number("1"), scim.Number("-1"), false},
		{attr(scim.Integer, false), scim.Number("9007199254740993"), scim.Number("9007199254740992"), false},
		{attr(scim.Boolean, false), true, false, false},
		{attr(scim.Binary, false), "AAAA", "aaaa", false},
	} {
		if got := scim.KeyText(test.attr, test.v) == scim.KeyText(test.attr, test.w); got != test.same {
			t.Errorf("the keys of %v and %v are the same: %v, want %v", test.v, test.w, got, test.same)
		}
	}
	// What a store compares a column with is written in one way.
	if got := scim.KeyText(attr(scim.Boolean, false), true) + scim.KeyText(attr(scim.String, false), "Jo"); got != "truejo" {
		t.Errorf("true and Jo have the keys %q", got)
	}
}

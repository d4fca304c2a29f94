package idaas

import (
	"reflect"
	"testing"

	"scimproof/server/engine"
	"scimproof/server/scim"
	"scimproof/server/store"
	"scimproof/server/variant"
)

func with(variants ...string) *engine.App {
	return &engine.App{Application: store.Application{ID: "app_one", Variants: variants}}
}

// entry makes an entry; "" leaves its type out.
func entry(value, kind string, primary ...bool) scim.Object {
	e := scim.Object{"value": value}
	if kind != "" {
		e["type"] = kind
	}
	if len(primary) > 0 {
		e["primary"] = primary[0]
	}
	return e
}

func TestPick(t *testing.T) {
	for name, c := range map[string]struct {
		entries  []any
		variants []string
		want     string
		others   bool
	}{
		"none":                       {},
		"one":                        {entries: []any{entry("a", "work")}, want: "a"},
		"any case":                   {entries: []any{entry("a", "WoRK")}, want: "a"},
		"other types":                {entries: []any{entry("a", "home"), entry("b", "other"), entry("c", "works")}, others: true},
		"no type":                    {entries: []any{entry("a", "")}, others: true},
		"no type, taken as work":     {entries: []any{entry("a", "")}, variants: []string{variant.UntypedIsWork}, want: "a"},
		"among others":               {entries: []any{entry("a", "home"), entry("b", "work"), entry("c", "mobile")}, want: "b", others: true},
		"the first":                  {entries: []any{entry("a", "work"), entry("b", "work")}, want: "a"},
		"the primary":                {entries: []any{entry("a", "work"), entry("b", "work", true), entry("c", "work")}, want: "b"},
		"primary false is none":      {entries: []any{entry("a", "work"), entry("b", "work", false)}, want: "a"},
		"the first of two primaries": {entries: []any{entry("a", "work", true), entry("b", "work", true)}, want: "a"},
		"primary of another type":    {entries: []any{entry("a", "home", true), entry("b", "work")}, want: "b", others: true},
	} {
		got, others := pick(with(c.variants...), c.entries)
		if value, _ := got["value"].(string); value != c.want || others != c.others {
			t.Errorf("%s: pick = %v, %v, want %q, %v", name, got, others, c.want, c.others)
		}
	}
}

func TestFilterEntries(t *testing.T) {
	sent := scim.Object{
		emails:       []any{entry("a@b.c", "home"), entry("d@e.f", "work")},
		phoneNumbers: []any{entry("123456", "mobile")},
	}
	if err := filterEntries(with(variant.RefuseOtherTypes), sent); err == nil {
		t.Error("entries of other types are not refused")
	}
	if err := filterEntries(with(), sent); err != nil {
		t.Fatal(err)
	}
	if want := (scim.Object{emails: []any{entry("d@e.f", "work")}}); !reflect.DeepEqual(sent, want) {
		t.Errorf("what counts is %v, want %v", sent, want)
	}
	sent = scim.Object{emails: []any{entry("a@b.c", "")}, phoneNumbers: []any{scim.Object{"type": "work"}}}
	if err := filterEntries(with(variant.UntypedIsWork), sent); err != nil {
		t.Fatal(err)
	}
	if want := (scim.Object{emails: []any{entry("a@b.c", "work")}}); !reflect.DeepEqual(sent, want) {
		t.Errorf("with the variant it is %v, want %v", sent, want)
	}
}

// A PATCH leaves what the engine made of it; what it brought counts before what was there.
func TestSettleEntries(t *testing.T) {
	for name, c := range map[string]struct{ before, after, want []any }{
		"untouched":               {before: []any{entry("a", "work")}, after: []any{entry("a", "work")}, want: []any{entry("a", "work")}},
		"changed":                 {before: []any{entry("a", "work")}, after: []any{entry("b", "work")}, want: []any{entry("b", "work")}},
		"one more":                {before: []any{entry("a", "work", true)}, after: []any{entry("a", "work", true), entry("b", "work")}, want: []any{entry("b", "work")}},
		"one more, first":         {before: []any{entry("a", "work")}, after: []any{entry("b", "work"), entry("a", "work")}, want: []any{entry("b", "work")}},
		"another type beside":     {before: []any{entry("a", "work")}, after: []any{entry("a", "work"), entry("b", "home")}, want: []any{entry("a", "work")}},
		"turned into another":     {before: []any{entry("a", "work")}, after: []any{entry("a", "home")}},
		"without a value":         {before: []any{entry("a", "work")}, after: []any{scim.Object{"type": "work"}}},
		"removed":                 {before: []any{entry("a", "work")}},
		"none, and another comes": {after: []any{entry("b", "home")}},
	} {
		before, after := scim.Object{}, scim.Object{}
		if c.before != nil {
			before[emails] = c.before
		}
		if c.after != nil {
			after[emails] = c.after
		}
		settleEntries(&engine.Change{App: with(), Before: before, After: after})
		if got, _ := after[emails].([]any); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: what counts is %v, want %v", name, got, c.want)
		}
	}
}

package scim_test

import (
	"strings"
	"testing"
)

const whole = `{"id": "1", "externalId": "e", "meta": {"created": "c", "version": "v"}, "must": "m", "text": "t", "asked": "a", "ever": "always",
	"one": {"a": "x", "b": 1, "asked": "r", "ever": "w"}, "many": [{"value": "v", "type": "work", "n": 1}, {"value": "w"}],
	"` + extraURN + `": {"code": "c", "boss": {"value": "m", "title": "T"}}}`

func TestSelect(t *testing.T) {
	const always = `"id": "1", "ever": "always"`
	for name, test := range map[string]struct{ attributes, excluded, want string }{
		"by default": {"", "", `{"id": "1", "externalId": "e", "meta": {"created": "c", "version": "v"}, "must": "m", "text": "t", "ever": "always", "one": {"a": "x", "b": 1, "ever": "w"},
			"many": [{"value": "v", "type": "work", "n": 1}, {"value": "w"}], "` + extraURN + `": {"code": "c", "boss": {"value": "m", "title": "T"}}}`},
		"one attribute":         {"text", "", `{` + always + `, "text": "t"}`},
		"in any case":           {"TEXT,Meta.VERSION", "", `{` + always + `, "text": "t", "meta": {"version": "v"}}`},
		"with a URN":            {strings.ToUpper(thingURN) + ":text", "", `{` + always + `, "text": "t"}`},
		"on request":            {"asked", "", `{` + always + `, "asked": "a"}`},
		"a complex one":         {"one", "", `{` + always + `, "one": {"a": "x", "b": 1, "ever": "w"}}`},
		"a part of it":          {"one.a", "", `{` + always + `, "one": {"a": "x", "ever": "w"}}`},
		"a part on request":     {"one.asked", "", `{` + always + `, "one": {"asked": "r", "ever": "w"}}`},
		"both":                  {"one,one.asked", "", `{` + always + `, "one": {"a": "x", "b": 1, "asked": "r", "ever": "w"}}`},
		"of a list":             {"many.type", "", `{` + always + `, "many": [{"type": "work"}]}`},
		"with a filter":         {`many[type eq "work"].value`, "", `{` + always + `, "many": [{"value": "v"}, {"value": "w"}]}`},
		"an extension":          {extraURN, "", `{` + always + `, "` + extraURN + `": {"code": "c", "boss": {"value": "m", "title": "T"}}}`},
		"of an extension":       {extraURN + ":boss.title", "", `{` + always + `, "` + extraURN + `": {"boss": {"title": "T"}}}`},
		"unknown":               {"colour,code,text.sub,urn:example:x:text", "", `{` + always + `}`},
		"never":                 {"secret", "", `{` + always + `}`},
		"without":               {"", "text,many,meta,externalId,must", `{` + always + `, "one": {"a": "x", "b": 1, "ever": "w"}, "` + extraURN + `": {"code": "c", "boss": {"value": "m", "title": "T"}}}`},
		"without what must be":  {"", "ID,ever,one.ever,one.a,schemas,many,meta,externalId,must,text," + extraURN, `{` + always + `, "one": {"b": 1, "ever": "w"}}`},
		"without a part":        {"", "many.value,one,meta.created,externalId,must,text," + extraURN + ":code", `{` + always + `, "meta": {"version": "v"}, "many": [{"type": "work", "n": 1}], "` + extraURN + `": {"boss": {"value": "m", "title": "T"}}}`},
		"without what is asked": {"", "asked,one,many,meta,externalId,must," + extraURN, `{` + always + `, "text": "t"}`},
	} {
		t.Run(name, func(t *testing.T) {
			sel, err := thing(t).Select(list(test.attributes), list(test.excluded))
			if err != nil {
				t.Fatal(err)
			}
			o := object(t, whole)
			o["secret"] = "s"
			given := text(t, o)
			same(t, sel.Apply(o), test.want)
			if text(t, o) != given {
				t.Error("the resource has changed")
			}
		})
	}
}

func list(names string) []string {
	if names == "" {
		return nil
	}
	return strings.Split(names, ",")
}

func TestSelectRefuses(t *testing.T) {
	rt := thing(t)
	_, err := rt.Select([]string{"text"}, []string{"text"})
	refusal(t, err, "invalidValue: ...exclude each other")
	for _, name := range []string{"a b", "a.b.c", "", ":text", "many[", "text eq"} {
		_, err = rt.Select(nil, []string{name})
		refusal(t, err, "invalidValue: The name of an attribute cannot be read")
	}
}

func TestSelectionQuestions(t *testing.T) {
	type answers struct{ names, wants bool }
	for _, test := range []struct {
		attributes, excluded string
		want                 map[string]answers
	}{
		{"", "", map[string]answers{"text": {false, true}, "asked": {false, false}, "secret": {false, false}, "one.a": {false, true}, "one.asked": {false, false}, "colour": {false, false}, "a b": {false, false}}},
		{"text,one.a", "", map[string]answers{"text": {true, true}, "one": {true, true}, "one.a": {true, true}, "one.b": {false, false}, "many": {false, false}, "ever": {false, true}, "one.ever": {false, true}}},
		{"asked,one", "", map[string]answers{"asked": {true, true}, "one.b": {true, true}, "one.asked": {true, false}}},
		{extraURN, "", map[string]answers{extraURN + ":code": {true, true}, extraURN + ":boss.value": {true, true}, "text": {false, false}}},
		{"", "text,one.a", map[string]answers{"text": {false, false}, "one": {false, true}, "one.a": {false, false}, "one.b": {false, true}, "asked": {false, false}, "id": {false, true}}},
	} {
		sel, err := thing(t).Select(list(test.attributes), list(test.excluded))
		if err != nil {
			t.Fatal(err)
		}
		for key, want := range test.want {
			if got := (answers{sel.Names(key), sel.Wants(key)}); got != want {
				t.Errorf("attributes %q, excludedAttributes %q: %s is %v, want %v", test.attributes, test.excluded, key, got, want)
			}
		}
	}
}

func TestSelectionAsStored(t *testing.T) {
	user := typeOf(t, "User")
	for _, test := range []struct {
		attributes, excluded string
		want                 bool
	}{{"", "", true}, {"userName", "", false}, {"", "userName", false}, {"colour", "", false}} {
		sel, err := user.Select(list(test.attributes), list(test.excluded))
		if err != nil || sel.AsStored() != test.want {
			t.Errorf("%q %q: %t, %v", test.attributes, test.excluded, sel.AsStored(), err)
		}
	}
	// A type with an attribute that is returned on request is never shown as it is stored.
	if sel, _ := thing(t).Select(nil, nil); sel.AsStored() {
		t.Error("what is returned on request would be shown")
	}
}

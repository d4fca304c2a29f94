package scim_test

import (
	"errors"
	"testing"

	"scimproof/server/scim"
	"scimproof/server/scim/filter"
)

// A resource that is taken holds nothing that Append or Read would lose.
func FuzzDecode(f *testing.F) {
	for _, members := range []string{
		``, `"text": "a", "flag": true, "whole": -5, "real": 1.5e3, "when": "2020-01-01T00:00:00Z", "blob": "QUI=", "link": "a"`,
		`"TEXT": null, "one": {"a": "x", "once": "y"}, "many": [{"value": "v", "primary": true, "tags": ["x"]}, null, {}], "words": [], "numbers": [0.10]`,
		`"` + extraURN + `": {"code": "c", "boss": {"value": "b"}}`, `"colour": [{"a": [1, null, "x"]}], "secret": "s"`, `"text": "\u0000\ud83d\ude00"`,
	} {
		f.Add([]byte(sent(members)))
	}
	f.Add([]byte(`{"schemas`))
	f.Add([]byte(`[[[[`))
	rt := thing(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		o, err := rt.Decode(body, scim.DecodeOptions{})
		if err != nil {
			isRefusal(t, err)
			return
		}
		sound(t, rt, o)
		rt.TakeSecret(o)
		created, err := rt.CreateFrom(o)
		if err != nil {
			t.Fatal(err)
		}
		rereads(t, rt, created)
		again, err := rt.Decode(rt.Append(nil, created), scim.DecodeOptions{RefuseUnknown: true})
		if err != nil || text(t, again) != text(t, o) {
			t.Errorf("sent back it is %s, %v, want %s", text(t, again), err, text(t, o))
		}
	})
}

// A PATCH leaves the resource that it starts from alone, and makes one that is as sound.
func FuzzPatch(f *testing.F) {
	const before = `{"id": "1", "must": "m", "text": "t", "words": ["a", "b"], "one": {"a": "x", "fixed": "f"}, "many": [{"value": "v", "type": "work", "primary": true}, {"value": "w", "tags": ["x"]}],
		"strict": [{"key": "k"}], "` + extraURN + `": {"code": "c", "boss": {"value": "b"}}}`
	for _, ops := range []string{
		op("add", "text", `"a"`), op("Replace", `many[type eq "work"].value`, `"z"`), op("remove", "many", `[{"value": "w"}]`), op("add", "", `{"one.a": "y", "many": [{"primary": true}]}`),
		op("add", `many[type eq "x" and n eq 5].tags`, `["y"]`), op("remove", extraURN, ``), op("replace", extraURN, `{"note": "n"}`), op("add", "numbers", `[1, 1.0, 2e400]`),
		op("replace", "one", `{}`) + "," + op("remove", "words", ``), op("replace", extraURN+":boss", `"b"`), op("add", "strict", `{"key": ""}`), `{"op": "add", "value": {"schemas": 5}}`,
	} {
		f.Add([]byte(`{"schemas": ["`+scim.PatchSchema+`"], "Operations": [`+ops+`]}`), true)
	}
	f.Add([]byte(`{"schemas": ["`+scim.PatchSchema+`"], "Operations": [`), false)
	rt := thing(f)
	f.Fuzz(func(t *testing.T, body []byte, lenient bool) {
		opt := scim.PatchOptions{CreateOnNoMatch: lenient, IgnoreUnknown: lenient}
		ops, err := rt.DecodePatch(body, opt)
		if err != nil {
			isRefusal(t, err)
			return
		}
		was := object(t, before)
		after, err := rt.Patch(was, ops, opt)
		if text(t, was) != text(t, object(t, before)) {
			t.Fatalf("the resource has become %s", text(t, was))
		}
		if err != nil {
			isRefusal(t, err)
			return
		}
		sound(t, rt, after)
		rt.TakeSecret(after)
		rereads(t, rt, after)
		if after["id"] != "1" || after["one"] != nil && after["one"].(scim.Object)["fixed"] != "f" {
			t.Errorf("what is readOnly has become %s", text(t, after))
		}
	})
}

// Binding and matching take whatever the parser takes.
func FuzzMatch(f *testing.F) {
	for _, seed := range []string{`text eq "a" and flag eq true`, `many[type eq "work" or not (n ge 5)].value sw "a"`, `when lt "2020-01-01T00:00:00Z"`, `colour ne null`, extraURN + `:boss pr`, `numbers gt 1e400`} {
		f.Add(seed)
	}
	rt, o := thing(f), object(f, aThing)
	f.Fuzz(func(t *testing.T, s string) {
		x, err := filter.Parse(s, filter.Budget{})
		if err != nil {
			return
		}
		c, err := rt.Bind(x)
		if err != nil {
			isRefusal(t, err)
			return
		}
		negated, err := rt.Bind(filter.Not{X: x})
		if err != nil || negated.Match(o) == c.Match(o) {
			t.Errorf("%s and its negation are both %t, %v", s, c.Match(o), err)
		}
		c.Match(scim.Object{})
	})
}

func isRefusal(t *testing.T, err error) {
	t.Helper()
	var refused *scim.Error
	if !errors.As(err, &refused) || refused.Status != 400 || refused.Type == "" || refused.Detail == "" {
		t.Errorf("got %v, want a 400 with a scimType and a detail", err)
	}
}

// rereads holds Append and Read against each other.
func rereads(t *testing.T, rt *scim.ResourceType, o scim.Object) {
	t.Helper()
	data := rt.Append(nil, o)
	got, err := rt.Read(data)
	if err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	if text(t, got) != text(t, o) {
		t.Errorf("read again it is\n%s\nwant\n%s", text(t, got), text(t, o))
	}
}

// sound looks for what no Object holds: names in another spelling, values of another type, lists and objects without a value.
func sound(t *testing.T, rt *scim.ResourceType, o scim.Object) {
	t.Helper()
	for name, v := range o {
		if ext := rt.Extension(name); ext != nil {
			soundObject(t, name, ext.Attributes, v.(scim.Object))
			continue
		}
		a := rt.Attribute(name)
		if a == nil {
			t.Errorf("there is a %s", name)
			continue
		}
		soundObject(t, "", []*scim.Attribute{a}, scim.Object{name: v})
	}
}

func soundObject(t *testing.T, where string, attrs []*scim.Attribute, o scim.Object) {
	t.Helper()
	if len(o) == 0 {
		t.Errorf("%s is an object without a value", where)
	}
	byName := map[string]*scim.Attribute{}
	for _, a := range attrs {
		byName[a.Name] = a
	}
	for name, v := range o {
		a := byName[name]
		if a == nil {
			t.Errorf("%s has a %s", where, name)
			continue
		}
		list, many := v.([]any)
		if many != a.MultiValued || many && len(list) == 0 {
			t.Errorf("%s.%s is %v", where, name, v)
		}
		if !many {
			list = []any{v}
		}
		primaries := 0
		for _, element := range list {
			soundValue(t, where+"."+name, a, element)
			if o, ok := element.(scim.Object); ok && o["primary"] == true {
				primaries++
			}
		}
		if primaries > 1 {
			t.Errorf("%s.%s has %d primary entries", where, name, primaries)
		}
	}
}

func soundValue(t *testing.T, where string, a *scim.Attribute, v any) {
	t.Helper()
	ok := false
	switch v := v.(type) {
	case string:
		ok = a.Type != scim.Boolean && a.Type != scim.Integer && a.Type != scim.Decimal && a.Type != scim.Complex
	case bool:
		ok = a.Type == scim.Boolean
	case scim.Number:
		ok = a.Type == scim.Integer || a.Type == scim.Decimal
	case scim.Object:
		ok = a.Type == scim.Complex
		soundObject(t, where, a.SubAttributes, v)
	}
	if !ok {
		t.Errorf("%s holds %T", where, v)
	}
}

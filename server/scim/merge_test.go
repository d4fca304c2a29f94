package scim_test

import (
	"errors"
	"testing"

	"scimproof/server/scim"
)

func TestCreateFrom(t *testing.T) {
	rt := thing(t)
	given := object(t, `{"id": "x", "meta": {"version": "1"}, "server": "s", "text": "a", "once": "o", "one": {"fixed": "f"}, "many": [{"value": "v"}],
		"`+extraURN+`": {"boss": {"value": "m", "title": "T"}}}`)
	before := text(t, given)
	o, err := rt.CreateFrom(given)
	if err != nil {
		t.Fatal(err)
	}
	same(t, o, `{"schemas": ["`+thingURN+`", "`+extraURN+`"], "text": "a", "once": "o", "many": [{"value": "v"}], "`+extraURN+`": {"boss": {"value": "m"}}}`)
	o["many"].([]any)[0].(scim.Object)["value"] = "changed"
	if text(t, given) != before {
		t.Error("the object that was sent has changed")
	}
}

// A secret or a list of links that nobody took out must not get into a store by accident.
func TestCreateFromWantsThemTaken(t *testing.T) {
	_, err := thing(t).CreateFrom(scim.Object{"secret": "s"})
	_, err2 := typeOf(t, "Group").CreateFrom(scim.Object{"members": []any{scim.Object{"value": "u"}}})
	for _, err := range []error{err, err2} {
		var refused *scim.Error
		if err == nil || errors.As(err, &refused) {
			t.Errorf("got %v, want an error that is not the client's", err)
		}
	}
}

// before is a resource that a PUT or a second POST meets.
const before = `{"schemas": ["` + thingURN + `", "` + extraURN + `"], "id": "1", "server": "s", "must": "m", "text": "t", "once": "First", "words": ["a"],
	"one": {"a": "x", "b": 1, "fixed": "f", "once": "o"}, "many": [{"value": "v", "type": "work"}], "` + extraURN + `": {"code": "c", "note": "n", "boss": {"value": "b", "title": "T"}}}`

func TestReplaceWith(t *testing.T) {
	const readOnly = `"id": "1", "server": "s", "once": "First"`
	for name, test := range map[string]struct{ sent, want string }{
		"what is left out is cleared": {`{"must": "n"}`, `{"schemas": ["` + thingURN + `"], ` + readOnly + `, "must": "n"}`},
		"lists and values are replaced": {`{"must": "m", "words": ["b"], "many": [{"value": "w"}]}`,
			`{` + readOnly + `, "must": "m", "words": ["b"], "many": [{"value": "w"}]}`},
		"within a complex attribute":    {`{"one": {"a": "y", "fixed": "g"}}`, `{` + readOnly + `, "one": {"a": "y", "fixed": "f", "once": "o"}}`},
		"the same immutable":            {`{"once": "First", "one": {"once": "o"}}`, `{` + readOnly + `, "one": {"fixed": "f", "once": "o"}}`},
		"immutable in another case":     {`{"once": "FIRST"}`, `{` + readOnly + `}`},
		"readOnly is not taken":         {`{"id": "2", "server": "z", "text": "u"}`, `{` + readOnly + `, "text": "u"}`},
		"an extension":                  {`{"` + extraURN + `": {"code": "d"}}`, `{"schemas": ["` + thingURN + `", "` + extraURN + `"], ` + readOnly + `, "` + extraURN + `": {"code": "d"}}`},
		"within an extension's complex": {`{"` + extraURN + `": {"boss": {"value": "c"}}}`, `{` + readOnly + `, "` + extraURN + `": {"boss": {"value": "c", "title": "T"}}}`},
	} {
		t.Run(name, func(t *testing.T) {
			was, sent := object(t, before), object(t, test.sent)
			o, err := thing(t).ReplaceWith(was, sent)
			if err != nil {
				t.Fatal(err)
			}
			same(t, o, test.want)
			unchanged(t, was, before)
			unchanged(t, sent, test.sent)
		})
	}
	for sent, want := range map[string]string{`{"once": "Second"}`: "once is immutable", `{"one": {"once": "p"}}`: "once is immutable"} {
		_, err := thing(t).ReplaceWith(object(t, before), object(t, sent))
		refusal(t, err, "mutability: "+want)
	}
	// What has no value yet can be set once.
	o, err := thing(t).ReplaceWith(object(t, `{"must": "m"}`), object(t, `{"once": "now", "one": {"once": "too"}}`))
	if err != nil {
		t.Fatal(err)
	}
	same(t, o, `{"once": "now", "one": {"once": "too"}}`)
}

func unchanged(t *testing.T, o scim.Object, want string) {
	t.Helper()
	if text(t, o) != text(t, object(t, want)) {
		t.Errorf("an argument has become %s", text(t, o))
	}
}

func TestMerge(t *testing.T) {
	for name, test := range map[string]struct{ sent, changes string }{
		"nothing":                     {`{}`, `{}`},
		"the same":                    {`{"must": "m", "once": "First", "one": {"once": "o"}}`, `{}`},
		"a value":                     {`{"text": "u"}`, `{"text": "u"}`},
		"a list is replaced":          {`{"words": ["b"], "many": [{"value": "w"}]}`, `{"words": ["b"], "many": [{"value": "w"}]}`},
		"a complex attribute merges":  {`{"one": {"a": "y", "fixed": "z"}}`, `{"one": {"a": "y", "b": 1, "fixed": "f", "once": "o"}}`},
		"an extension merges":         {`{"` + extraURN + `": {"note": "o", "boss": {"value": "d"}}}`, `{"` + extraURN + `": {"code": "c", "note": "o", "boss": {"value": "d", "title": "T"}}}`},
		"readOnly stays":              {`{"id": "2", "server": "z"}`, `{}`},
		"what was not there is added": {`{"real": 1.5}`, `{"real": 1.5}`},
	} {
		t.Run(name, func(t *testing.T) {
			was, sent := object(t, before), object(t, test.sent)
			want := object(t, before)
			for name, v := range object(t, test.changes) {
				want[name] = v
			}
			o, err := thing(t).Merge(was, sent)
			if err != nil {
				t.Fatal(err)
			}
			same(t, o, text(t, want))
			unchanged(t, was, before)
			unchanged(t, sent, test.sent)
		})
	}
	_, err := thing(t).Merge(object(t, before), object(t, `{"once": "Second"}`))
	refusal(t, err, "mutability: once is immutable")
	o, err := thing(t).Merge(object(t, `{"must": "m"}`), object(t, `{"`+extraURN+`": {"code": "c"}, "one": {"a": "x"}}`))
	if err != nil {
		t.Fatal(err)
	}
	same(t, o, `{"schemas": ["`+thingURN+`", "`+extraURN+`"], "must": "m", "one": {"a": "x"}, "`+extraURN+`": {"code": "c"}}`)
}

func TestTakeSecret(t *testing.T) {
	o := scim.Object{"secret": "s", "text": "t"}
	if got := thing(t).TakeSecret(o); got != "s" || len(o) != 1 {
		t.Errorf("took %q and left %v", got, o)
	}
	if got := thing(t).TakeSecret(o); got != "" {
		t.Errorf("took %q where there is none", got)
	}
	if got := typeOf(t, "Group").TakeSecret(scim.Object{"displayName": "x"}); got != "" {
		t.Errorf("took %q out of a group", got)
	}
}

func TestCheckRequired(t *testing.T) {
	rt := thing(t)
	for o, want := range map[string]string{
		`{"must": "m"}`: "",
		`{"must": "m", "strict": [{"key": "k"}], "one": {"a": "x"}}`: "",
		`{"must": "m", "` + extraURN + `": {"code": "c"}}`:           "",
		`{}`:              "must is required",
		`{"must": ""}`:    "must is required",
		`{"must": " \t"}`: "must is required",
		`{"must": "m", "strict": [{"key": "k"}, {"note": "n"}]}`: "strict.key is required",
		`{"must": "m", "` + extraURN + `": {"note": "n"}}`:       extraURN + ":code is required",
	} {
		if err := rt.CheckRequired(object(t, o)); want == "" && err != nil {
			t.Errorf("%s: %v", o, err)
		} else if want != "" {
			refusal(t, err, "invalidValue: "+want)
		}
	}
	rt.Extensions[0].Required = true
	refusal(t, rt.CheckRequired(object(t, `{"must": "m"}`)), "invalidValue: The extension "+extraURN+" is required")
	refusal(t, typeOf(t, "Group").CheckRequired(scim.Object{}), "invalidValue: displayName is required")
}

func TestTakeLinked(t *testing.T) {
	group := typeOf(t, "Group")
	for members, want := range map[string][]scim.LinkValue{
		`[{"value": "u1"}, {"value": "u2", "type": "USER", "$ref": "x"}, {"value": "g", "type": "group"}]`: {{"u1", ""}, {"u2", "User"}, {"g", "Group"}},
		`[{"value": "u1", "type": "User"}, {"value": "u1", "type": "user"}]`:                               {{"u1", "User"}},
		`[{"value": "u1", "type": "Robot"}]`:                                                               {{"u1", "Robot"}},
	} {
		o := object(t, `{"displayName": "x", "members": `+members+`}`)
		got, there, err := group.TakeLinked(o)
		if err != nil || !there || text(t, got) != text(t, want) || len(o) != 1 {
			t.Errorf("%s: took %v, %t, %v and left %v", members, got, there, err, o)
		}
	}
	if got, there, err := group.TakeLinked(scim.Object{"displayName": "x"}); got != nil || there || err != nil {
		t.Errorf("took %v, %t, %v where there is none", got, there, err)
	}
	for _, members := range []string{`[{"type": "User"}]`, `[{"value": ""}]`} {
		_, _, err := group.TakeLinked(object(t, `{"members": `+members+`}`))
		refusal(t, err, "invalidValue: Every entry of members has a value")
	}
}

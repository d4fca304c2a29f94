package scim_test

import (
	"fmt"
	"strings"
	"testing"

	"scimproof/server/scim"
)

// sent is a body of a Thing with the given members.
func sent(members string) string {
	if members != "" {
		members = ", " + members
	}
	return `{"schemas": ["` + thingURN + `"]` + members + `}`
}

func TestDecode(t *testing.T) {
	rt := thing(t)
	for name, test := range map[string]struct{ members, want string }{
		"nothing":             {``, `{}`},
		"every type":          {`"text": "Ä\n", "flag": true, "whole": -12, "real": 1.50e3, "when": "2020-01-01T00:00:00Z", "blob": "QUI=", "link": "../a?b#c"`, `{"text": "Ä\n", "flag": true, "whole": -12, "real": 1.50e3, "when": "2020-01-01T00:00:00Z", "blob": "QUI=", "link": "../a?b#c"}`},
		"names in any case":   {`"TEXT": "x", "One": {"A": "y"}, "MANY": [{"Value": "z", "PRIMARY": true}]`, `{"text": "x", "one": {"a": "y"}, "many": [{"value": "z", "primary": true}]}`},
		"escaped names":       {`"t\u0065xt": "x"`, `{"text": "x"}`},
		"extension":           {`"` + strings.ToUpper(extraURN) + `": {"CODE": "c", "boss": {"value": "m", "title": "T"}}`, `{"` + extraURN + `": {"code": "c", "boss": {"value": "m"}}}`},
		"null":                {`"text": null, "one": null, "many": null, "words": null, "` + extraURN + `": null`, `{}`},
		"nothing in it":       {`"one": {}, "many": [], "words": [], "strict": [{}], "` + extraURN + `": {}`, `{}`},
		"null in it":          {`"one": {"a": null, "b": 1}, "many": [null, {"value": "x", "type": null}, {"value": null}], "words": [null, "a"]`, `{"one": {"b": 1}, "many": [{"value": "x"}], "words": ["a"]}`},
		"empty texts":         {`"text": "", "link": "", "words": [""]`, `{"text": "", "link": "", "words": [""]}`},
		"readOnly":            {`"id": 5, "meta": "x", "server": {"a": [1]}, "one": {"fixed": 7, "a": "x"}`, `{"one": {"a": "x"}}`},
		"immutable and once":  {`"once": "x", "secret": "s", "asked": "y"`, `{"once": "x", "secret": "s", "asked": "y"}`},
		"unknown":             {`"colour": {"deep": [1, {"x": null}]}, "one": {"a": "x", "z": 1}, "urn:example:other": {"text": "x"}`, `{"one": {"a": "x"}}`},
		"large numbers":       {`"whole": 123456789012345678901234567890, "real": 1E400`, `{"whole": 123456789012345678901234567890, "real": 1E400}`},
		"base64 as it may be": {`"blob": "QUJDRA"`, `{"blob": "QUJDRA"}`},
		"common attributes":   {`"EXTERNALID": "E-1"`, `{"externalId": "E-1"}`},
		"one primary":         {`"many": [{"value": "a", "primary": true}, {"value": "b", "primary": false}]`, `{"many": [{"value": "a", "primary": true}, {"value": "b", "primary": false}]}`},
	} {
		t.Run(name, func(t *testing.T) {
			o, err := rt.Decode([]byte(sent(test.members)), scim.DecodeOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if _, there := o["schemas"]; there {
				t.Error("schemas are left in the object")
			}
			same(t, o, test.want)
		})
	}
}

func TestDecodeSchemas(t *testing.T) {
	rt := thing(t)
	strict := scim.DecodeOptions{RefuseUnknown: true}
	for schemas, opt := range map[string]scim.DecodeOptions{
		`"` + thingURN + `"`:                        strict,
		`"` + strings.ToUpper(thingURN) + `"`:       strict,
		`"` + extraURN + `", "` + thingURN + `"`:    strict,
		`"` + thingURN + `", "urn:example:unknown"`: {},
	} {
		if _, err := rt.Decode([]byte(`{"SCHEMAS": [`+schemas+`]}`), opt); err != nil {
			t.Errorf("%s: %v", schemas, err)
		}
	}
	for body, want := range map[string]string{
		`{}`:                                "schemas must be there and list " + thingURN,
		`{"schemas": null}`:                 "schemas must be there",
		`{"schemas": []}`:                   "schemas must be there",
		`{"schemas": ["` + extraURN + `"]}`: "schemas must be there and list " + thingURN,
		`{"schemas": ["urn:x", "` + thingURN + `"]}`: "schemas lists a schema that Thing does not have",
	} {
		_, err := rt.Decode([]byte(body), strict)
		refusal(t, err, "invalidSyntax: "+want)
	}
}

func TestDecodeRefuses(t *testing.T) {
	rt := thing(t)
	for members, want := range map[string]string{
		// types
		`"text": 1`: "invalidValue: text is a string, not a number", `"text": true`: "text is a string, not a boolean", `"text": ["a"]`: "text is a string, not an array",
		`"flag": "true"`: "flag is a boolean, not a string", `"flag": 1`: "flag is a boolean, not a number", `"flag": {}`: "flag is a boolean, not an object",
		`"whole": "1"`: "whole is an integer, not a string", `"whole": 1.0`: "whole is a whole number", `"whole": 1e3`: "whole is a whole number", `"whole": true`: "not a boolean",
		`"real": "1.5"`: "real is a decimal, not a string", `"when": 5`: "when is a dateTime, not a number", `"blob": {}`: "blob is a binary, not an object", `"link": []`: "link is a reference, not an array",
		`"words": "a"`: "words is an array, not a string", `"words": [1]`: "An entry of words is a string, not a number", `"words": [["a"]]`: "An entry of words is a string, not an array",
		`"one": "x"`: "one is an object, not a string", `"one": [{"a": "x"}]`: "one is an object, not an array", `"one": {"a": 1}`: "one.a is a string, not a number",
		`"many": {"value": "x"}`: "many is an array, not an object", `"many": ["x"]`: "An entry of many is an object, not a string", `"many": [{"n": "1"}]`: "many.n is an integer, not a string",
		`"many": [{"tags": "x"}]`: "many.tags is an array, not a string", `"` + extraURN + `": "x"`: "is an object, not a string", `"` + extraURN + `": {"code": 1}`: "code is a string, not a number",
		`"schemas2": 1, "externalId": 5`: "externalId is a string, not a number",
		// forms
		`"when": "2020-01-01"`: "when is a date and time with a zone", `"when": "2020-01-01T00:00:00"`: "with a zone", `"when": "2020-13-01T00:00:00Z"`: "with a zone",
		`"when": "2020-01-01T00:00:00,5Z"`: "with a zone", `"when": "2020-02-30T00:00:00Z"`: "with a zone", `"when": ""`: "with a zone", `"when": "1/1/2020"`: "with a zone",
		`"blob": "a-b_"`: "blob is binary data in base64", `"blob": "QUI"=`: "invalidSyntax", `"blob": "QUI=="`: "base64", `"blob": "Q"`: "base64", `"blob": "QU\nI="`: "base64", `"blob": "===="`: "base64",
		`"link": "a b"`: "link is a URI", `"link": "http://[x"`: "link is a URI", `"link": "%zz"`: "link is a URI", `"link": "a\u0000"`: "link is a URI",
		// primary
		`"many": [{"primary": true}, {"value": "x", "primary": true}]`: "invalidValue: many has 2 primary entries",
		// names twice
		`"text": "a", "text": "b"`: "invalidSyntax: text is there twice", `"text": "a", "TEXT": "a"`: "invalidSyntax: TEXT is there twice", `"text": null, "t\u0065xt": "a"`: "text is there twice",
		`"one": {"a": "x", "A": "x"}`: "one.A is there twice", `"colour": 1, "Colour": 1`: "Colour is there twice", `"colour": {"x": 1, "X": 2}`: "X is there twice",
		`"SCHEMAS": []`: "SCHEMAS is there twice", `"` + extraURN + `": {"note": "a"}, "` + strings.ToUpper(extraURN) + `": {}`: "twice",
		`"id": 1, "ID": 2`: "ID is there twice", `"many": [{"n": 1, "N": 1}]`: "many.N is there twice",
		// syntax
		`"text": "a",`: "invalidSyntax", `"text" "a"`: "invalidSyntax: ...look at byte", `"text": 'a'`: "invalidSyntax", `"text": "` + "\xff" + `"`: "invalidSyntax: ...UTF-8", `"text": "\ud800"`: "invalidSyntax",
		`"text": tru`: "invalidSyntax", `"whole": 01`: "invalidSyntax", `"whole": +1`: "invalidSyntax", `"whole": .5`: "invalidSyntax", `"text": "a` + "\n" + `"`: "invalidSyntax", `"real": NaN`: "invalidSyntax",
	} {
		_, err := rt.Decode([]byte(sent(members)), scim.DecodeOptions{})
		if err == nil {
			t.Errorf("%s is taken", members)
			continue
		}
		refusal(t, err, want)
	}
	for body, want := range map[string]string{
		``: "The body ends before its JSON does", `  `: "ends before", `{`: "ends before", `{"text`: "ends before", `{"schemas": ["` + thingURN + `"]`: "ends before",
		`[]`: "The body is a JSON object: a resource of type Thing", `"x"`: "is a JSON object", `null`: "is a JSON object", `5`: "is a JSON object",
		sent("") + `{}`: "goes on behind its JSON", sent("") + `x`: "goes on behind", sent("") + `,`: "goes on behind",
		"\ufeff" + sent(""): "is not JSON", `{1: 2}`: "is not JSON",
	} {
		_, err := rt.Decode([]byte(body), scim.DecodeOptions{})
		refusal(t, err, "invalidSyntax: ..."+want)
	}
}

func TestDecodeLimits(t *testing.T) {
	list := func(n int, element string) string {
		return "[" + strings.TrimSuffix(strings.Repeat(element+",", n), ",") + "]"
	}
	nested := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	rt, group := thing(t), typeOf(t, "Group")
	for name, test := range map[string]struct {
		rt   *scim.ResourceType
		body string
		want string // "" where it is taken
	}{
		"array":              {rt, sent(`"words": ` + list(10_000, `"a"`)), ""},
		"longer array":       {rt, sent(`"words": ` + list(10_001, `"a"`)), "invalidValue: An array has more than 10000 elements"},
		"unknown array":      {rt, sent(`"colour": ` + list(10_001, `1`)), "invalidValue: An array has more than 10000"},
		"depth":              {rt, sent(`"colour": ` + nested(63)), ""},
		"greater depth":      {rt, sent(`"colour": ` + nested(64)), "invalidSyntax: The body is nested more than 64 levels deep"},
		"much greater depth": {rt, sent(`"colour": ` + nested(20_000)), "invalidSyntax"},
		"members":            {group, `{"schemas": ["` + group.Schema.ID + `"], "members": ` + list(200_000, `{"value":"u"}`) + `}`, ""},
		"more members":       {group, `{"schemas": ["` + group.Schema.ID + `"], "members": ` + list(200_001, `{"value":"u"}`) + `}`, "invalidValue: An array has more than 200000 elements"},
	} {
		_, err := test.rt.Decode([]byte(test.body), scim.DecodeOptions{})
		if test.want != "" {
			refusal(t, err, test.want)
		} else if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Many names in one object are told apart, and the same one among them is found.
	var names strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&names, `"a%d": 1, `, i)
	}
	if _, err := rt.Decode([]byte(sent(names.String()+`"text": "x"`)), scim.DecodeOptions{}); err != nil {
		t.Error(err)
	}
	_, err := rt.Decode([]byte(sent(names.String()+`"A4999": 1`)), scim.DecodeOptions{})
	refusal(t, err, "invalidSyntax: A4999 is there twice")
}

func TestDecodeOptions(t *testing.T) {
	rt := thing(t)
	t.Run("RefuseUnknown", func(t *testing.T) {
		for members, want := range map[string]string{
			`"colour": 1`:                          "Thing has no attribute colour",
			`"one": {"z": 1}`:                      "Thing has no attribute one.z",
			`"many": [{"z": 1}]`:                   "no attribute many.z",
			`"` + extraURN + `": {"text": "x"}`:    "no attribute text",
			`"urn:example:other": {"text": "x"}`:   "no attribute urn:example:other",
			`"` + strings.Repeat("é", 50) + `": 1`: "no attribute " + strings.Repeat("é", 30) + "...",
		} {
			_, err := rt.Decode([]byte(sent(members)), scim.DecodeOptions{RefuseUnknown: true})
			refusal(t, err, "invalidSyntax: ..."+want)
		}
	})
	t.Run("Named", func(t *testing.T) {
		named := map[string]bool{}
		body := sent(`"TEXT": "x", "one": null, "words": [], "ID": "5", "colour": 1, "` + strings.ToUpper(extraURN) + `": {"code": "c"}`)
		if _, err := rt.Decode([]byte(body), scim.DecodeOptions{Named: named}); err != nil {
			t.Fatal(err)
		}
		if got, want := text(t, named), text(t, map[string]bool{"schemas": true, "text": true, "one": true, "words": true, "id": true, extraURN: true}); got != want {
			t.Errorf("named %s, want %s", got, want)
		}
	})
	t.Run("Relax", func(t *testing.T) {
		var calls []string
		relax := func(a *scim.Attribute, v any) (any, bool) {
			calls = append(calls, text(t, []any{a.Name, v}))
			switch a.Name {
			case "flag":
				return true, v == "True"
			case "one":
				return scim.Object{"a": v}, true
			case "words":
				return nil, true
			}
			return nil, false
		}
		o, err := rt.Decode([]byte(sent(`"flag": "True", "one": "x", "words": {"a": [1, null]}, "text": "y", "real": 5`)), scim.DecodeOptions{Relax: relax})
		if err != nil {
			t.Fatal(err)
		}
		same(t, o, `{"flag": true, "one": {"a": "x"}, "text": "y", "real": 5}`)
		if got := strings.Join(calls, " "); got != `["flag","True"] ["one","x"] ["words",{"a":[1]}]` {
			t.Errorf("asked %s", got)
		}
		_, err = rt.Decode([]byte(sent(`"flag": "yes"`)), scim.DecodeOptions{Relax: relax})
		refusal(t, err, "invalidValue: flag is a boolean")
	})
}

// A value may be a password.
func TestDecodeRepeatsNoValue(t *testing.T) {
	rt := typeOf(t, "User")
	for _, value := range []string{`["hunter2"]`, `{"x": "hunter2}`, `"hunter2`, "\"hunter2\xff\"", `hunter2`, `"hunter2" hunter2`, `"hunter2\x"`} {
		_, err := rt.Decode([]byte(`{"schemas": ["`+rt.Schema.ID+`"], "password": `+value+`}`), scim.DecodeOptions{})
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", value, err)
		}
	}
}

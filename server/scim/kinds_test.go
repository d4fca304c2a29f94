package scim_test

import (
	"errors"
	"testing"
	"testing/fstest"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"scimproof/server/scim"
)

// A resource type with an attribute of every kind, for what User and Group have no example of.
const (
	thingURN = "urn:example:scim:schemas:core:2.0:Thing"
	extraURN = "urn:example:scim:schemas:extension:extra:2.0:Thing"

	thingSchema = `{"id": "` + thingURN + `", "name": "Thing", "attributes": [
		{"name": "must", "required": true, "uniqueness": "server"},
		{"name": "text"},
		{"name": "exact", "caseExact": true},
		{"name": "flag", "type": "boolean"},
		{"name": "whole", "type": "integer"},
		{"name": "real", "type": "decimal"},
		{"name": "when", "type": "dateTime"},
		{"name": "blob", "type": "binary"},
		{"name": "link", "type": "reference", "referenceTypes": ["uri"]},
		{"name": "words", "multiValued": true},
		{"name": "numbers", "type": "decimal", "multiValued": true},
		{"name": "once", "mutability": "immutable"},
		{"name": "server", "mutability": "readOnly"},
		{"name": "asked", "returned": "request"},
		{"name": "ever", "returned": "always"},
		{"name": "secret", "mutability": "writeOnly", "returned": "never"},
		{"name": "one", "type": "complex", "subAttributes": [
			{"name": "a"}, {"name": "b", "type": "integer"}, {"name": "fixed", "mutability": "readOnly"}, {"name": "once", "mutability": "immutable"},
			{"name": "asked", "returned": "request"}, {"name": "ever", "returned": "always"}
		]},
		{"name": "many", "type": "complex", "multiValued": true, "subAttributes": [
			{"name": "value"}, {"name": "type"}, {"name": "display", "caseExact": true}, {"name": "n", "type": "integer"},
			{"name": "primary", "type": "boolean"}, {"name": "need", "required": false}, {"name": "tags", "multiValued": true}
		]},
		{"name": "frozen", "type": "complex", "multiValued": true, "mutability": "immutable", "subAttributes": [{"name": "x"}, {"name": "y", "caseExact": true}]},
		{"name": "strict", "type": "complex", "multiValued": true, "subAttributes": [{"name": "key", "required": true}, {"name": "note"}, {"name": "born", "mutability": "immutable"}]}
	]}`
	extraSchema = `{"id": "` + extraURN + `", "name": "Extra", "attributes": [
		{"name": "code", "required": true}, {"name": "note"}, {"name": "boss", "type": "complex", "subAttributes": [{"name": "value"}, {"name": "title", "mutability": "readOnly"}]}
	]}`
	thingTypes = `[{"name": "Thing", "endpoint": "/Things", "schema": "` + thingURN + `", "extensions": [{"schema": "` + extraURN + `"}]}]`
)

// thing is the resource type.
func thing(t testing.TB) *scim.ResourceType {
	t.Helper()
	return things(t).Type("Thing")
}

// things is the registry that has the type.
func things(t testing.TB) *scim.Registry {
	t.Helper()
	r, err := scim.Load(fstest.MapFS{
		"p/Thing.json": {Data: []byte(thingSchema)}, "p/Extra.json": {Data: []byte(extraSchema)}, "p/types.json": {Data: []byte(thingTypes)},
	}, "p")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// object reads an object in the form that a resource has in memory: numbers as they are written.
func object(t testing.TB, text string) scim.Object {
	t.Helper()
	v, ok := parse(t, text).(scim.Object)
	if !ok {
		t.Fatalf("%s is no object", text)
	}
	return v
}

func parse(t testing.TB, text string) any {
	t.Helper()
	var v any
	numbers := json.UnmarshalFromFunc(func(dec *jsontext.Decoder, v *any) error {
		if dec.PeekKind() != '0' {
			return errors.ErrUnsupported
		}
		n, err := dec.ReadToken()
		*v = scim.Number(n.String())
		return err
	})
	if err := json.Unmarshal([]byte(text), &v, json.WithUnmarshalers(numbers)); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

// text writes a value with its members in order, to be compared and shown.
func text(t testing.TB, v any) string {
	t.Helper()
	data, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// same compares an object with the JSON that it should be. Schemas are left aside where the JSON has none.
func same(t testing.TB, got scim.Object, want string) {
	t.Helper()
	w := object(t, want)
	if w["schemas"] == nil {
		kept := scim.Object{}
		for name, v := range got {
			if name != "schemas" {
				kept[name] = v
			}
		}
		got = kept
	}
	if g, w := text(t, got), text(t, w); g != w {
		t.Errorf("got  %s\nwant %s", g, w)
	}
}

// refusal compares an error with a kind and a part of its detail: "invalidValue: is a string".
func refusal(t testing.TB, err error, want string) {
	t.Helper()
	e, ok := err.(*scim.Error)
	if !ok || e.Status != 400 {
		t.Errorf("got %v, want a 400 with %q", err, want)
		return
	}
	if got := string(e.Type) + ": " + e.Detail; !containsInOrder(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

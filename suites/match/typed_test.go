package match

import (
	"strings"
	"testing"

	"scimproof/simulator/tree"
	"scimproof/suites/check"
)

const testSchemas = `[
 {"id": "urn:example:2.0:Thing", "attributes": [
  {"name": "text", "type": "string"}, {"name": "flag", "type": "boolean"}, {"name": "count", "type": "integer"}, {"name": "ratio", "type": "decimal"},
  {"name": "at", "type": "dateTime"}, {"name": "blob", "type": "binary"}, {"name": "link", "type": "reference"},
  {"name": "tags", "type": "string", "multiValued": true},
  {"name": "parts", "type": "complex", "multiValued": true, "subAttributes": [{"name": "primary", "type": "boolean"}]}]},
 {"id": "urn:example:2.0:Extra", "attributes": [{"name": "text", "type": "integer"}]}
]`

func TestTyped(t *testing.T) {
	target := &check.Target{Schemas: parse(t, testSchemas).Items, Types: parse(t, `[{"name": "Thing", "schema": "urn:example:2.0:Thing"}]`).Items}
	for _, c := range []struct{ members, problem string }{
		{`"text": "x", "flag": true, "count": 3, "ratio": 3, "at": "2026-01-31T09:30:00.5+01:00", "blob": "AQI=", "link": "Things/1"`, ""},
		{`"text": null, "tags": [], "parts": null, "undeclared": {"a": 1}`, ""},
		{`"at": "2026-01-31T09:30:00"`, ""},
		{`"urn:example:2.0:Extra": {"text": 5}`, ""},
		{`"TEXT": 5`, "TEXT is declared as string"},
		{`"flag": 1`, "flag is declared as boolean"},
		{`"flag": "true"`, "flag is declared as boolean"},
		{`"count": 3.0`, "count is declared as integer"},
		{`"count": 1e3`, "count is declared as integer"},
		{`"at": "2026-01-31 09:30:00"`, "at is declared as dateTime"},
		{`"at": "2026-02-31T09:30:00Z"`, "at is declared as dateTime"},
		{`"at": 1767000000`, "at is declared as dateTime"},
		{`"blob": "no base64!"`, "blob is declared as binary"},
		{`"link": ""`, "link is declared as reference"},
		{`"tags": "one"`, "tags is declared as multi-valued"},
		{`"tags": ["one", 2]`, "tags[1] is declared as string"},
		{`"text": ["one"]`, "text is declared as string"},
		{`"parts": {"primary": true}`, "parts is declared as multi-valued"},
		{`"parts": [{"primary": "yes"}]`, "parts[0].primary is declared as boolean"},
		{`"id": 7`, "id is declared as string"},
		{`"meta": {"created": "today"}`, "meta.created is declared as dateTime"},
		{`"urn:example:2.0:Extra": {"text": "five"}`, "urn:example:2.0:Extra:text is declared as integer"},
	} {
		resource := `{"schemas": ["urn:example:2.0:Thing", "urn:example:2.0:Extra"], ` + c.members + `}`
		for _, body := range []string{resource, `{"Resources": [` + resource + `]}`} {
			ok, err := Typed(target).Match(answer(t, body))
			_, got, _ := Typed(target).(check.Explainer).Explain(answer(t, body), false)
			if err != nil || ok != (c.problem == "") || !strings.Contains(got, c.problem) {
				t.Errorf("%s: %v, %v, %q; want %q", body, ok, err, got, c.problem)
			}
		}
	}
}

func parse(t *testing.T, text string) *tree.Node {
	t.Helper()
	n, err := tree.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func answer(t *testing.T, body string) *check.Answer {
	t.Helper()
	return &check.Answer{Status: 200, Body: []byte(body), Doc: parse(t, body)}
}

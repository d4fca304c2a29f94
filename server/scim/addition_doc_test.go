package scim_test

import (
	"bytes"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"scimproof/fixtures"
)

// jsonSchema is the published form of what Add reads.
func jsonSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	s, err := jsonschema.NewCompiler().Compile("../../fixtures/schemas/extra.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// example is the file that the page shows.
func example(t *testing.T) string {
	t.Helper()
	page, err := os.ReadFile("../../docs/schemas.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "```json\n")
	text, _, _ := strings.Cut(rest, "```")
	return text
}

// valid says what the JSON Schema has against a file.
func valid(t *testing.T, s *jsonschema.Schema, data []byte) error {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(v)
}

// What the page shows and the program brings along is as the page, the JSON Schema and Add have it.
func TestDocumentedFiles(t *testing.T) {
	files := map[string][]byte{"docs/schemas.md": []byte(example(t))}
	names, err := fs.Glob(fixtures.Schemas, "extra/*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("no file comes with the program: %v", err)
	}
	for _, name := range names {
		if files[name], err = fs.ReadFile(fixtures.Schemas, name); err != nil {
			t.Fatal(err)
		}
	}
	for name, data := range files {
		if r, err := load(t, "rfc").Add(name, data); err != nil || len(r.Types()) != 3 {
			t.Errorf("Add says %v", err)
		}
		if err := valid(t, jsonSchema(t), data); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The JSON Schema sees the mistakes that it can see.
func TestPublishedSchemaRefuses(t *testing.T) {
	s := jsonSchema(t)
	for _, mistake := range []struct{ right, wrong string }{
		{`"types"`, `"typs"`}, {`"required": true`, `"required": "yes"`}, {`"required": true`, `"requierd": true`},
		{`"uniqueness": "server"`, `"uniqueness": "all"`}, {`"multiValued": true`, `"multiValued": true, "uniqueness": "none"`},
		{`"referenceTypes"`, `"canonicalValues"`}, {`"returned": "never"`, `"returned": "always"`}, {`"type": "reference"`, `"type": "string"`},
		{`"id": "urn:example:Pilot"`, `"id": "Pilot"`}, {`"/Robots"`, `"Robots"`},
	} {
		right := example(t)
		wrong := strings.Replace(right, mistake.right, mistake.wrong, 1)
		if wrong == right {
			t.Fatalf("the example has no %s", mistake.right)
		}
		if valid(t, s, []byte(wrong)) == nil {
			t.Errorf("%s is valid", mistake.wrong)
		}
		if _, err := load(t, "rfc").Add("f", []byte(wrong)); err == nil {
			t.Errorf("Add takes %s", mistake.wrong)
		}
	}
}

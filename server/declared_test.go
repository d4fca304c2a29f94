package server_test

import (
	"encoding/base64"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"scimproof/fixtures"
	"scimproof/server"
)

const (
	testSchema    = "urn:ietf:params:scim:schemas:test:2.0:TestResource"
	testExtension = "urn:ietf:params:scim:schemas:extension:test:2.0:TestResource"
)

// declared is an attribute as its file declares it. The tests read it for themselves, so that they and the server cannot err together.
type declared struct {
	Name            string      `json:"name"`
	Type            string      `json:"type"`
	MultiValued     bool        `json:"multiValued"`
	Description     string      `json:"description"`
	Required        bool        `json:"required"`
	CanonicalValues []string    `json:"canonicalValues"`
	CaseExact       bool        `json:"caseExact"`
	Mutability      string      `json:"mutability"`
	Returned        string      `json:"returned"`
	Uniqueness      string      `json:"uniqueness"`
	ReferenceTypes  []string    `json:"referenceTypes"`
	SubAttributes   []*declared `json:"subAttributes"`
}

type declaredSchema struct {
	ID         string      `json:"id"`
	Name       string      `json:"name"`
	Attributes []*declared `json:"attributes"`
}

// testResource is the file of TestResource, and what it declares with all that it leaves out filled in (RFC 7643 section 2.2).
func testResource(t *testing.T) (server.SchemaFile, []declaredSchema) {
	t.Helper()
	data, err := fs.ReadFile(fixtures.Schemas, "extra/test-resource.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Schemas []declaredSchema `json:"schemas"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	for _, s := range file.Schemas {
		complete(s.Attributes)
	}
	return server.SchemaFile{Name: "test-resource", Data: data}, file.Schemas
}

func complete(attrs []*declared) {
	for _, a := range attrs {
		a.Type = or(a.Type, "string")
		a.Mutability = or(a.Mutability, "readWrite")
		a.Returned = or(a.Returned, "default")
		if a.Type != "complex" {
			a.Uniqueness = or(a.Uniqueness, "none")
		}
		a.CaseExact = a.CaseExact || a.Type == "reference"
		complete(a.SubAttributes)
	}
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// field is an attribute or a sub-attribute of TestResource.
type field struct {
	urn  string // of the extension, or ""
	attr *declared
	sub  *declared // or nil
}

func fieldsOf(schemas []declaredSchema) (all []field) {
	for _, s := range schemas {
		urn := ""
		if s.ID != testSchema {
			urn = s.ID
		}
		for _, a := range s.Attributes {
			all = append(all, field{urn, a, nil})
			for _, sub := range a.SubAttributes {
				all = append(all, field{urn, a, sub})
			}
		}
	}
	return all
}

func (f field) leaf() *declared {
	if f.sub != nil {
		return f.sub
	}
	return f.attr
}

// path is how a client names the field.
func (f field) path() string {
	path := f.attr.Name
	if f.urn != "" {
		path = f.urn + ":" + path
	}
	if f.sub != nil {
		path += "." + f.sub.Name
	}
	return path
}

func (f field) many() bool     { return f.attr.MultiValued || f.leaf().MultiValued }
func (f field) whole() bool    { return f.leaf().Type == "complex" }
func (f field) secret() bool   { return f.leaf().Returned == "never" }
func (f field) readOnly() bool { return f.leaf().Mutability == "readOnly" }

// filled is a body with a value of the field, and with what is required beside it. nil leaves the field out.
func (f field) filled(identifier string, value any) object {
	extension := object{"extRequired": "needed"}
	body := object{"schemas": []any{testSchema, testExtension}, "identifier": identifier, testExtension: extension}
	holder := body
	if f.urn != "" {
		holder = extension
	}
	if f.sub != nil {
		value = f.around(value)
	}
	if value == nil {
		delete(holder, f.attr.Name)
	} else {
		holder[f.attr.Name] = value
	}
	return body
}

// around is a value of the attribute with one of the sub-attribute, or nil.
func (f field) around(value any) any {
	o := object{}
	for _, sub := range f.attr.SubAttributes {
		if sub.Required || f.sub.Required && sub.Returned == "always" { // so that there is a value that lacks what it must have
			o[sub.Name] = "needed"
		}
	}
	if value == nil {
		delete(o, f.sub.Name)
	} else {
		o[f.sub.Name] = value
	}
	switch {
	case len(o) == 0:
		return nil
	case f.attr.MultiValued:
		return []any{o}
	}
	return o
}

// of is the value of the field in a body, or nil.
func (f field) of(body object) any {
	if f.urn != "" {
		body, _ = body[f.urn].(object)
	}
	v := body[f.attr.Name]
	if f.sub == nil {
		return v
	}
	if list, ok := v.([]any); ok && len(list) > 0 {
		v = list[0]
	}
	o, _ := v.(object)
	return o[f.sub.Name]
}

// value is the n-th valid value of the field. They differ, and later ones come later in the order of the type, as far as it has so many.
func (f field) value(n int) any {
	if !f.leaf().MultiValued {
		return f.one(n)
	}
	if f.leaf().Type == "boolean" {
		return []any{f.one(n)}
	}
	return []any{f.one(n), f.one(n + 1)}
}

func (f field) one(n int) any {
	switch f.leaf().Type {
	case "boolean":
		return n%2 == 1
	case "integer":
		return float64(n)
	case "decimal":
		return float64(n) + 0.5
	case "dateTime":
		return fmt.Sprintf("2026-03-31T%02d:%02d:%02dZ", n/3600%24, n/60%60, n%60)
	case "binary":
		return base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "%07d", n))
	case "reference":
		return fmt.Sprintf("https://example.com/Thing/%07d", n)
	case "complex":
		o := object{}
		for _, sub := range f.leaf().SubAttributes {
			if sub.Mutability == "readWrite" && sub.Returned != "never" && sub.Uniqueness == "none" {
				o[sub.Name] = field{f.urn, f.attr, sub}.value(n)
			}
		}
		return o
	}
	return fmt.Sprintf("Value %07d", n)
}

// wrong are values that the field cannot have.
func (f field) wrong() []any {
	list := map[string][]any{
		"string":    {5.0, true, object{"value": "x"}},
		"boolean":   {"maybe", 1.0},
		"integer":   {1.5, "5", true},
		"decimal":   {"5", true},
		"dateTime":  {"yesterday", "2026-03-31", "2026-03-31T12:00:00", 5.0},
		"binary":    {"?", "A", 5.0},
		"reference": {"no reference", 5.0},
		"complex":   {"text", 5.0},
	}[f.leaf().Type]
	if !f.leaf().MultiValued {
		return append(list, []any{f.one(1)})
	}
	for i, v := range list {
		list[i] = []any{f.one(1), v}
	}
	return append(list, f.one(1))
}

// shown says whether an answer holds the field, where a client named something in attributes or excludedAttributes (RFC 7643 section 7,
// RFC 7644 section 3.9). list is "", "attributes" or "excludedAttributes"; named says that it names the field.
func (f field) shown(list string, named bool) bool {
	if f.readOnly() {
		return false // nobody writes it
	}
	shown := map[string]bool{
		"never":   false,
		"always":  true,
		"request": list == "attributes" && named,
		"default": list == "" || (list == "attributes") == named,
	}
	if f.sub == nil || f.sub.Returned == "never" {
		return shown[f.leaf().Returned]
	}
	// A sub-attribute comes with its attribute, which is there for its sake where it is named.
	within := list == "" || list == "excludedAttributes" || named
	if f.attr.Returned == "request" {
		within = list == "attributes" && named
	}
	return within && shown[f.sub.Returned]
}

// otherCase is a text with its letters the other way round.
func otherCase(text string) string {
	return strings.Map(func(r rune) rune {
		if upper := strings.ToUpper(string(r)); upper != string(r) {
			return []rune(upper)[0]
		}
		return []rune(strings.ToLower(string(r)))[0]
	}, text)
}

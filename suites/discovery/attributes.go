package discovery

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"scimproof/simulator/tree"
	"scimproof/suites/check"
)

// name is how attributes are called. $ref begins as no other may.
var name = regexp.MustCompile(`^(\$ref|[A-Za-z][A-Za-z0-9_$-]*)$`)

// types are the data types; binary is missing in the list of RFC 7643 section 7 and stands in section 2.3.
var types = []string{"string", "boolean", "decimal", "integer", "datetime", "binary", "reference", "complex"}

// keywords are the values of the characteristics that have a closed set of them.
var keywords = []struct {
	name   string
	values []string
}{
	{"mutability", []string{"readOnly", "readWrite", "immutable", "writeOnly"}},
	{"returned", []string{"always", "never", "default", "request"}},
	{"uniqueness", []string{"none", "server", "global"}},
}

// characteristics are those that every attribute tells, as RFC 7643 section 8.7.1 has them.
var characteristics = []struct {
	name string
	kind tree.Kind
}{{"multiValued", tree.Boolean}, {"required", tree.Boolean}, {"mutability", tree.String}, {"returned", tree.String}}

func isType(a *tree.Node, name string) bool { return strings.EqualFold(a.Text("type"), name) }

// declarations ask how schemas declare attributes, whatever these are.
var declarations = []check.Check{
	{
		ID:          "discovery.schemas.types",
		Title:       "Each attribute has a type that there is",
		Requirement: "An attribute has a name, and its type is one of string, boolean, decimal, integer, dateTime, binary, reference and complex.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "7"},
		Since:       1,
		Run: func(t *check.T) {
			each(t, func(a declared) {
				t.Hold(a.Text("name") != "", "a name for each attribute", string(a.JSON()))
				t.Hold(slices.Contains(types, strings.ToLower(a.Text("type"))), "a type of RFC 7643 section 2.3", a.path+" of type "+a.Text("type"))
			})
		},
	},
	{
		ID:          "discovery.schemas.names",
		Title:       "Attributes are called as attributes may be",
		Requirement: "The name of an attribute is a letter and then letters, digits, hyphens, underscores and dollar signs.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "2.1"},
		Since:       1,
		Run: func(t *check.T) {
			each(t, func(a declared) {
				t.Hold(name.MatchString(a.Text("name")), "a name that RFC 7643 section 2.1 allows", a.path)
			})
		},
	},
	{
		ID:          "discovery.schemas.duplicates",
		Title:       "No attribute is declared twice",
		Requirement: "Names of attributes have no case: no two attributes of a schema, and no two sub-attributes of an attribute, differ by case alone.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7643", Section: "2.1"},
		Since:       1,
		Run: func(t *check.T) {
			seen := map[string]bool{}
			each(t, func(a declared) {
				path := strings.ToLower(a.path)
				t.Hold(!seen[path], "each attribute once", a.path+" twice")
				seen[path] = true
			})
		},
	},
	{
		ID:          "discovery.schemas.characteristics",
		Title:       "Each attribute says how it behaves",
		Requirement: "multiValued and required are booleans, and mutability and returned are there, so that no client has to know the defaults.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7643", Section: "7"},
		Since:       1,
		Run: func(t *check.T) {
			each(t, func(a declared) {
				for _, c := range characteristics {
					n := a.At(c.name)
					t.Hold(n != nil && n.Kind == c.kind, fmt.Sprintf("%s, a %s, in each attribute", c.name, c.kind), a.path+" without")
				}
			})
		},
	},
	{
		ID:          "discovery.schemas.keywords",
		Title:       "mutability, returned and uniqueness have the values that there are",
		Requirement: "Where an attribute has mutability, returned or uniqueness, the value is one of the keywords, in their case: readOnly, and not readonly.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "7"},
		Since:       1,
		Run: func(t *check.T) {
			each(t, func(a declared) {
				for _, k := range keywords {
					n := a.At(k.name)
					t.Hold(n == nil || slices.Contains(k.values, n.String()), k.name+" of "+strings.Join(k.values, ", "), a.path+" with "+a.Text(k.name))
				}
			})
		},
	},
	{
		ID:          "discovery.schemas.nesting",
		Title:       "No complex attribute holds another",
		Requirement: "Sub-attributes are simple: none is complex. Only the schema of schemas itself may nest deeper.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "2.3.8"},
		Since:       1,
		Run: func(t *check.T) {
			each(t, func(a declared) {
				t.Hold(a.meta || a.parent == nil || !isType(a.Node, "complex"), "sub-attributes that are simple", a.path+" is complex")
			})
		},
	},
	{
		ID:          "discovery.schemas.sub-attributes",
		Title:       "A complex attribute declares what is in it",
		Requirement: "An attribute of type complex lists its sub-attributes.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7643", Section: "7"},
		Since:       1,
		Run: func(t *check.T) {
			each(t, func(a declared) {
				subs := a.At("subAttributes")
				t.Hold(!isType(a.Node, "complex") || subs != nil && len(subs.Items) > 0, "subAttributes in each complex attribute", a.path+" without")
			})
		},
	},
	{
		ID:          "discovery.schemas.reference-types",
		Title:       "A reference declares what it may lead to",
		Requirement: "An attribute of type reference lists in referenceTypes the resource types, external or uri.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7643", Section: "7"},
		Since:       1,
		Run: func(t *check.T) {
			each(t, func(a declared) {
				refs := a.At("referenceTypes")
				t.Hold(!isType(a.Node, "reference") || refs != nil && len(refs.Items) > 0, "referenceTypes in each reference", a.path+" without")
			})
		},
	},
}

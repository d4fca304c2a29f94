package discovery

import (
	"net/http"
	"strings"

	"scimproof/simulator/tree"
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// resourceTypes ask about /ResourceTypes.
var resourceTypes = []check.Check{
	{
		ID:          "discovery.types.list",
		Title:       "/ResourceTypes is a list message",
		Requirement: "A GET of /ResourceTypes is answered with 200 and a ListResponse, not with a bare array.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "4"},
		Since:       1,
		Run:         func(t *check.T) { t.Expect(t.Get(typesPath)).To(match.ListResponse()) },
	},
	{
		ID:          "discovery.types.required",
		Title:       "Each resource type has a name, an endpoint and a schema",
		Requirement: "What clients need to know of a resource type is there: name, endpoint and schema.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "6"},
		Since:       1,
		Run: func(t *check.T) {
			for _, rt := range entries(t, typesPath) {
				for _, name := range []string{"name", "endpoint", "schema"} {
					want(t, rt, name, tree.String)
				}
			}
		},
	},
	{
		ID:          "discovery.types.schemas",
		Title:       "Each resource type names the schema of resource types",
		Requirement: "A resource type is a resource: its schemas name the schema that describes resource types.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7643", Section: "6"},
		Since:       1,
		Run:         func(t *check.T) { named(t, typesPath, check.ResourceTypeSchema) },
	},
	{
		ID:          "discovery.types.schema-exists",
		Title:       "The schema of each resource type is served",
		Requirement: "The schema of a resource type is the id of one that /Schemas lists.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "6"},
		Since:       1,
		Run: func(t *check.T) {
			served := entries(t, schemasPath)
			for _, rt := range entries(t, typesPath) {
				t.Hold(known(served, rt.Text("schema")), "the schema of "+label(rt)+" in /Schemas", rt.Text("schema")+" is not there")
			}
		},
	},
	{
		ID:          "discovery.types.extension-exists",
		Title:       "The schema of each extension is served",
		Requirement: "The schema of an extension of a resource type is the id of one that /Schemas lists.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "6"},
		Since:       1,
		Run: func(t *check.T) {
			served := entries(t, schemasPath)
			for _, ext := range extensions(t) {
				urn := ext.Text("schema")
				t.Hold(known(served, urn), "the schema of each extension in /Schemas", urn+" is not there")
			}
		},
	},
	{
		ID:          "discovery.types.extension-required",
		Title:       "Each extension says whether it is required",
		Requirement: "An extension of a resource type has a boolean required: whether every resource of the type has to have it.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "6"},
		Since:       1,
		Run: func(t *check.T) {
			for _, ext := range extensions(t) {
				want(t, ext, "required", tree.Boolean)
			}
		},
	},
	{
		ID:          "discovery.types.single",
		Title:       "A resource type can be read alone",
		Requirement: "A GET of /ResourceTypes with the id of one behind it is answered with that one, as an object and not as a list.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "4"},
		Since:       1,
		Run: func(t *check.T) {
			for _, rt := range entries(t, typesPath) {
				id := rt.Text("id")
				if id == "" {
					t.NA("the resource type %s has no id, which it need not", label(rt))
				}
				a := t.Get(check.Under(typesPath, id))
				t.Expect(a).To(match.Status(http.StatusOK))
				t.Expect(a).To(match.Value("name", rt.Text("name")))
			}
		},
	},
	{
		ID:          "discovery.types.unknown",
		Title:       "A resource type that there is not is 404",
		Requirement: "A GET of a resource type that nobody has is answered with 404 and an Error.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.12"},
		Since:       1,
		Run: func(t *check.T) {
			t.Expect(t.Get(check.Under(typesPath, t.Unique()))).To(match.Error([]int{http.StatusNotFound}))
		},
	},
	{
		ID:          "discovery.types.endpoint",
		Title:       "There is something at the endpoint of each resource type",
		Requirement: "The endpoint of a resource type is a path below the base URL, and a GET of it is not answered with 404.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "6"},
		Since:       1,
		Run: func(t *check.T) {
			for _, rt := range entries(t, typesPath) {
				endpoint := rt.Text("endpoint")
				t.Hold(!strings.Contains(endpoint, "://"), "an endpoint of "+label(rt)+" that is relative to the base URL", endpoint)
				t.Expect(t.Get("/"+strings.TrimPrefix(endpoint, "/"), "count", "1")).NotTo(match.Status(http.StatusNotFound))
			}
		},
	},
	{
		ID:          "discovery.types.location",
		Title:       "The location of each resource type leads to it",
		Requirement: "Where a resource type has a meta.location, a GET of that URL is answered with the type.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "3.1"},
		Since:       1,
		Run:         func(t *check.T) { located(t, typesPath, "name") },
	},
	{
		ID:          "discovery.types.whole",
		Title:       "/ResourceTypes is always listed whole",
		Requirement: "Parameters that page or sort are ignored: every resource type is in the list.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "4"},
		Since:       1,
		Run:         func(t *check.T) { whole(t, typesPath) },
	},
	{
		ID:          "discovery.types.filter",
		Title:       "/ResourceTypes is not filtered",
		Requirement: "A filter is refused with 403, so that no client believes in it, or else it is ignored.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "4"},
		Since:       1,
		Run:         func(t *check.T) { unfiltered(t, typesPath) },
	},
}

// extensions are those of all resource types.
func extensions(t *check.T) []*tree.Node {
	var out []*tree.Node
	for _, rt := range entries(t, typesPath) {
		if list := rt.At("schemaExtensions"); list != nil {
			out = append(out, list.Items...)
		}
	}
	if len(out) == 0 {
		t.NA("no resource type has an extension")
	}
	return out
}

// named expects the schemas of each entry to hold a URN.
func named(t *check.T, path, urn string) {
	for _, entry := range entries(t, path) {
		found := false
		for _, s := range array(t, entry, "schemas") {
			found = found || strings.EqualFold(s.String(), urn)
		}
		t.Hold(found, urn+" in the schemas of "+label(entry), entry.Text("schemas"))
	}
}

package discovery

import (
	"net/http"
	"strings"

	"scimproof/simulator/tree"
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// schemas ask about /Schemas and the schemas in it.
var schemas = []check.Check{
	{
		ID:          "discovery.schemas.list",
		Title:       "/Schemas is a list message",
		Requirement: "A GET of /Schemas is answered with 200 and a ListResponse, not with a bare array.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "4"},
		Since:       1,
		Run:         func(t *check.T) { t.Expect(t.Get(schemasPath)).To(match.ListResponse()) },
	},
	{
		ID:          "discovery.schemas.required",
		Title:       "Each schema has an id and attributes",
		Requirement: "A schema is known by a URI as its id, and lists attributes.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "7"},
		Since:       1,
		Run: func(t *check.T) {
			for _, s := range entries(t, schemasPath) {
				want(t, s, "id", tree.String)
				t.Hold(strings.Contains(s.Text("id"), ":"), "an id that is a URI", s.Text("id"))
				array(t, s, "attributes")
			}
		},
	},
	{
		ID:          "discovery.schemas.schemas",
		Title:       "Each schema names the schema of schemas",
		Requirement: "A schema is a resource: its schemas name the schema that describes schemas.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7643", Section: "7"},
		Since:       1,
		Run:         func(t *check.T) { named(t, schemasPath, check.SchemaSchema) },
	},
	{
		ID:          "discovery.schemas.single",
		Title:       "A schema can be read alone",
		Requirement: "A GET of /Schemas with the URN of one behind it is answered with that one, as an object and not as a list.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "4"},
		Since:       1,
		Run: func(t *check.T) {
			for _, s := range entries(t, schemasPath) {
				a := t.Get(check.Under(schemasPath, s.Text("id")))
				t.Expect(a).To(match.Status(http.StatusOK))
				t.Expect(a).To(match.ValueFold("id", s.Text("id")))
			}
		},
	},
	{
		ID:          "discovery.schemas.unknown",
		Title:       "A schema that there is not is 404",
		Requirement: "A GET of a schema that nobody has is answered with 404 and an Error.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.12"},
		Since:       1,
		Run: func(t *check.T) {
			t.Expect(t.Get(check.Under(schemasPath, "urn:example:"+t.Unique()))).To(match.Error([]int{http.StatusNotFound}))
		},
	},
	{
		ID:          "discovery.schemas.location",
		Title:       "The location of each schema leads to it",
		Requirement: "Where a schema has a meta.location, a GET of that URL is answered with the schema.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "3.1"},
		Since:       1,
		Run:         func(t *check.T) { located(t, schemasPath, "id") },
	},
	{
		ID:          "discovery.schemas.whole",
		Title:       "/Schemas is always listed whole",
		Requirement: "Parameters that page or sort are ignored: every schema is in the list.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "4"},
		Since:       1,
		Run:         func(t *check.T) { whole(t, schemasPath) },
	},
	{
		ID:          "discovery.schemas.filter",
		Title:       "/Schemas is not filtered",
		Requirement: "A filter is refused with 403, so that no client believes in it, or else it is ignored.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "4"},
		Since:       1,
		Run:         func(t *check.T) { unfiltered(t, schemasPath) },
	},
	{
		ID:          "discovery.schemas.no-messages",
		Title:       "Messages are not among the schemas",
		Requirement: "The schemas of messages, such as lists and errors, belong to the protocol and are not listed in /Schemas.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.1"},
		Since:       1,
		Run: func(t *check.T) {
			for _, s := range entries(t, schemasPath) {
				message := strings.HasPrefix(strings.ToLower(s.Text("id")), "urn:ietf:params:scim:api:")
				t.Hold(!message, "schemas of resources only", s.Text("id"))
			}
		},
	},
	{
		ID:          "discovery.schemas.read-only",
		Title:       "A schema cannot be written",
		Requirement: "Schemas are not modifiable over SCIM: a PUT of the User schema, as it is, is refused.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7643", Section: "7"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			path := check.Under(schemasPath, check.UserSchema)
			t.Expect(t.Put(path, t.MustGet(path).Doc)).NotTo(match.Success())
		},
	},
}

package projection

import (
	"net/http"
	"slices"
	"strings"

	"scimproof/simulator/tree"
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// selection asks what attributes does.
var selection = []check.Check{
	{
		ID:          "projection.attributes",
		Title:       "attributes chooses what is returned",
		Requirement: "Of the attributes that come by themselves an answer has those that attributes names, separated by commas, and no others.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.9"},
		Needs:       []check.Need{check.Users, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			sometimes(t, "displayName")
			_, path := someone(t)
			reads(t, path, "displayName")
			one := t.Get(path, "attributes", "userName")
			t.Expect(one).To(match.Has("userName"))
			t.Expect(one).To(match.Lacks("displayName"))
			two := t.Get(path, "attributes", "userName,displayName")
			t.Expect(two).To(match.Has("userName"))
			t.Expect(two).To(match.Has("displayName"))
		},
	},
	{
		ID:          "projection.always",
		Title:       "The id is returned whatever attributes chooses",
		Requirement: "What is declared as always returned comes without being named: at least the id.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.9"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			created := t.MustUser()
			t.Expect(t.Get(check.Under(t.Users(), created.ID()), "attributes", "userName")).To(match.Value("id", created.ID()))
		},
	},
	{
		ID:          "projection.schemas",
		Title:       "The schemas are returned whatever attributes chooses",
		Requirement: "Every representation of a user has its schemas, also a partial one.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7643", Section: "3"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			path := check.Under(t.Users(), t.MustUser().ID())
			t.Expect(t.Get(path, "attributes", "userName")).To(match.Schema(check.UserSchema))
		},
	},
	{
		ID:          "projection.minimum",
		Title:       "Nothing is returned that attributes does not choose",
		Requirement: "Beside what attributes names, an answer has only what is declared as always returned; meta is not.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.9"},
		Needs:       []check.Need{check.Users, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			_, path := someone(t)
			read := t.MustGet(path, "attributes", "displayName")
			for _, m := range read.Doc.Members {
				t.Hold(m.Value.Empty() || chosen(t, m.Name), "id, schemas, displayName, and what is always returned", m.Name+" as well")
			}
		},
	},
	{
		ID:          "projection.never",
		Title:       "attributes cannot choose the password",
		Requirement: "What is declared as never returned does not come even where attributes names it.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "7"},
		Needs:       []check.Need{check.Users, check.Password},
		Since:       1,
		Run: func(t *check.T) {
			created := t.MustUser(check.Doc{"password": "Xy7!" + t.Unique()})
			path := check.Under(t.Users(), created.ID())
			for _, name := range []string{"password", check.UserSchema + ":password"} {
				t.Expect(t.Get(path, "attributes", name)).To(match.Lacks("password"))
			}
		},
	},
	{
		ID:          "projection.complex",
		Title:       "A complex attribute that attributes names comes whole",
		Requirement: "An attribute that is named without a sub-attribute is returned with all that is in it.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.9"},
		Needs:       []check.Need{check.Users, check.Emails},
		Since:       1,
		Run: func(t *check.T) {
			address := t.Unique() + "@example.com"
			created := t.MustUser(check.Doc{"emails": check.List{check.Doc{"value": address, "type": "work", "primary": true}}})
			path := check.Under(t.Users(), created.ID())
			reads(t, path, "emails.value")
			t.Expect(t.Get(path, "attributes", "emails")).To(match.ValueFold("emails.value", address))
		},
	},
	{
		ID:          "projection.sub-attribute",
		Title:       "attributes can choose a sub-attribute",
		Requirement: "A name with a dot chooses one part of a complex attribute, and leaves the others out.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.10"},
		Needs:       []check.Need{check.Users, check.Name},
		Since:       1,
		Run: func(t *check.T) {
			created := t.MustUser(check.Doc{"name": check.Doc{"givenName": "Ada", "familyName": "Lovelace"}})
			path := check.Under(t.Users(), created.ID())
			reads(t, path, "name.givenName", "name.familyName")
			read := t.Get(path, "attributes", "name.givenName")
			t.Expect(read).To(match.Value("name.givenName", "Ada"))
			t.Expect(read).To(match.Lacks("name.familyName"))
		},
	},
	{
		ID:          "projection.unknown",
		Title:       "An attribute that nobody knows is ignored in attributes",
		Requirement: "Nothing says what to do with a name that no schema has. It may be refused with 400; where it is not, the others are returned.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.9"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			read := t.Get(check.Under(t.Users(), t.MustUser().ID()), "attributes", "userName,noSuchAttribute")
			t.Expect(read).To(match.Status(http.StatusOK, http.StatusBadRequest))
			if read.OK() {
				t.Expect(read).To(match.Has("userName"))
			}
		},
	},
}

// chosen says whether a member belongs to an answer that was asked for displayName: by nature, or because its declaration, or for an
// extension that of something in it, says always.
func chosen(t *check.T, name string) bool {
	if slices.Contains([]string{"id", "schemas", "displayname"}, strings.ToLower(name)) {
		return true
	}
	attributes := t.Schema(name).All("attributes.returned")
	if a := t.Attribute(check.UserSchema, name); a != nil {
		attributes = a.All("returned")
	}
	return slices.ContainsFunc(attributes, func(n *tree.Node) bool { return n.String() == "always" })
}

// exclusion asks what excludedAttributes does.
var exclusion = []check.Check{
	{
		ID:          "projection.excluded",
		Title:       "excludedAttributes leaves out what it names",
		Requirement: "An answer has all that comes by itself, but not what excludedAttributes names.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.9"},
		Needs:       []check.Need{check.Users, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			sometimes(t, "displayName")
			_, path := someone(t)
			reads(t, path, "displayName")
			read := t.Get(path, "excludedAttributes", "displayName")
			t.Expect(read).To(match.Has("userName"))
			t.Expect(read).To(match.Lacks("displayName"))
		},
	},
	{
		ID:          "projection.excluded-always",
		Title:       "excludedAttributes cannot leave out the id",
		Requirement: "What is declared as always returned comes also where excludedAttributes names it: at least the id.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.5"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			created := t.MustUser()
			t.Expect(t.Get(check.Under(t.Users(), created.ID()), "excludedAttributes", "id")).To(match.Value("id", created.ID()))
		},
	},
	{
		ID:          "projection.excluded-sub-attribute",
		Title:       "excludedAttributes can leave out a sub-attribute",
		Requirement: "A name with a dot takes one part of a complex attribute away, and leaves the others there.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.10"},
		Needs:       []check.Need{check.Users, check.Name},
		Since:       1,
		Run: func(t *check.T) {
			created := t.MustUser(check.Doc{"name": check.Doc{"givenName": "Ada", "familyName": "Lovelace"}})
			path := check.Under(t.Users(), created.ID())
			reads(t, path, "name.givenName", "name.familyName")
			read := t.Get(path, "excludedAttributes", "name.givenName")
			t.Expect(read).To(match.Lacks("name.givenName"))
			t.Expect(read).To(match.Value("name.familyName", "Lovelace"))
		},
	},
}

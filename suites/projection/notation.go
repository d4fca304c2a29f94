package projection

import (
	"fmt"
	"strings"

	"scimproof/suites/check"
	"scimproof/suites/match"
)

// displayNameOnly expects a user made by someone with the displayName, and without the externalId that nobody chose.
func displayNameOnly(t *check.T, a *check.Answer) {
	t.Expect(a).To(match.Has("displayName"))
	t.Expect(a).To(match.Lacks("externalId"))
}

// notation asks how attributes may be spelled.
var notation = []check.Check{
	{
		ID:          "projection.case",
		Title:       "The names in attributes have no case",
		Requirement: "DISPLAYNAME chooses displayName.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.10"},
		Needs:       []check.Need{check.Users, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			_, path := someone(t)
			reads(t, path, "displayName")
			displayNameOnly(t, t.Get(path, "attributes", strings.ToUpper("displayName")))
		},
	},
	{
		ID:          "projection.urn",
		Title:       "attributes takes names with their URN",
		Requirement: "The URN of the User schema and a colon before a name make no difference.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.10"},
		Needs:       []check.Need{check.Users, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			_, path := someone(t)
			reads(t, path, "displayName")
			displayNameOnly(t, t.Get(path, "attributes", check.UserSchema+":displayName"))
		},
	},
	{
		ID:          "projection.excluded-urn",
		Title:       "excludedAttributes takes names with their URN",
		Requirement: "The URN of the User schema and a colon before a name make no difference here either.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.10"},
		Needs:       []check.Need{check.Users, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			sometimes(t, "displayName")
			_, path := someone(t)
			reads(t, path, "displayName")
			a := t.Get(path, "excludedAttributes", check.UserSchema+":displayName")
			t.Expect(a).To(match.Has("userName"))
			t.Expect(a).To(match.Lacks("displayName"))
		},
	},
	{
		ID:          "projection.blank",
		Title:       "An empty name in attributes breaks nothing",
		Requirement: "A comma too many is a slip of the client: it is passed over or refused, and no reason for an error of the server.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.12"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			_, path := someone(t)
			for _, names := range []string{"", ",", "userName,", ",userName"} {
				a := t.Get(path, "attributes", names)
				t.Hold(a.OK() || match.Is(a, match.Refusal()), "the user or a refusal", fmt.Sprintf("status %d to attributes=%s", a.Status, names))
			}
		},
	},
	{
		ID:          "projection.extension",
		Title:       "attributes can choose from an extension",
		Requirement: "The URN of an extension, a colon and a name choose that attribute, which comes under the URN.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.10"},
		Needs:       []check.Need{check.Users, check.Enterprise},
		Since:       1,
		Run: func(t *check.T) {
			created := t.MustUser(check.Doc{
				"schemas": check.List{check.UserSchema, check.EnterpriseSchema}, check.EnterpriseSchema: check.Doc{"department": "Engines"},
			})
			path := check.Under(t.Users(), created.ID())
			department := `"` + check.EnterpriseSchema + `".department`
			reads(t, path, department)
			t.Expect(t.Get(path, "attributes", check.EnterpriseSchema+":department")).To(match.Value(department, "Engines"))
		},
	},
}

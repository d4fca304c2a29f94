package filter

import (
	"strings"

	"scimproof/suites/check"
	"scimproof/suites/match"
)

// spelling asks how names and operators may be written: in any case, and with a URN in front.
var spelling = []check.Check{
	{
		ID:          "filter.case-attribute",
		Title:       "Attribute names are read in any case",
		Requirement: "The names of attributes in a filter are case insensitive.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			_, p := people(t, 2)
			for _, name := range []string{"username", "USERNAME", "UserName"} {
				t.Expect(list(t, check.Eq(name, p[0].userName)), name).To(match.Found(p[0].id))
			}
		},
	},
	{
		ID:          "filter.case-operator",
		Title:       "Operators are read in any case",
		Requirement: "The operators of a filter are case insensitive.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			_, p := people(t, 2)
			for _, op := range []string{"EQ", "Eq"} {
				t.Expect(list(t, "userName "+op+" "+check.Quote(p[0].userName)), op).To(match.Found(p[0].id))
			}
		},
	},
	{
		ID:          "filter.case-connective",
		Title:       "Connectives are read in any case",
		Requirement: "The grammar takes its words in any case: AND and OR mean what and and or do.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			_, p := people(t, 2)
			a, b := check.Eq("userName", p[0].userName), check.Eq("userName", p[1].userName)
			find(t, a+" and "+b+" or "+a) // ends the check where there are no connectives at all
			t.Expect(list(t, a+" AND "+b), "AND").To(match.Found())
			t.Expect(list(t, a+" OR "+b), "OR").To(match.Found(p[0].id, p[1].id))
		},
	},
	{
		ID:          "filter.urn",
		Title:       "A core attribute may carry the URN of its schema",
		Requirement: "Any attribute can be named by the URN of its schema, a colon and its name, those of the core schema too.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.10"},
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			_, p := people(t, 2)
			t.Expect(list(t, check.Eq(check.UserSchema+":userName", p[0].userName))).To(match.Found(p[0].id))
		},
	},
	{
		ID:          "filter.urn-case",
		Title:       "URNs are read in any case",
		Requirement: "All parts of a fully written attribute name are case insensitive, the URN too.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.10"},
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			_, p := people(t, 2)
			t.Expect(list(t, check.Eq(strings.ToUpper(check.UserSchema)+":userName", p[0].userName))).To(match.Found(p[0].id))
		},
	},
	{
		ID:          "filter.schemas",
		Title:       "schemas finds those who have an extension",
		Requirement: "schemas is an attribute like any other: eq on it finds the users that show the URN there.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter, check.Enterprise, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			mark, _ := company(t, 1)
			a := one(t, mark+"-m", check.Doc{
				"schemas": check.List{check.UserSchema, check.EnterpriseSchema}, "displayName": mark, check.EnterpriseSchema: check.Doc{"department": "Engines"},
			})
			if !match.Is(t.MustGet(check.Under(t.Users(), a.id)), match.Schema(check.EnterpriseSchema)) {
				t.NA("the target does not show the URN of the extension in schemas")
			}
			t.Expect(find(t, check.Eq("displayName", mark)+" and "+check.Eq("schemas", check.EnterpriseSchema))).To(match.Found(a.id))
		},
	},
	{
		ID:          "filter.extension",
		Title:       "An attribute of an extension is found by its URN",
		Requirement: "An attribute of an extension is named by the URN of the extension, a colon and its name.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.10"},
		Needs:       []check.Need{check.Users, check.Filter, check.Enterprise},
		Since:       1,
		Run: func(t *check.T) {
			mark := newMark(t)
			a := one(t, mark+"-a", department(mark+" one"))
			one(t, mark+"-b", department(mark+" two"))
			keeps(t, a, `"`+check.EnterpriseSchema+`".department`, mark+" one")
			t.Expect(find(t, check.Eq(check.EnterpriseSchema+":department", mark+" one"))).To(match.Found(a.id))
		},
	},
}

// department is what a user of the department has beside the core attributes.
func department(name string) check.Doc {
	return check.Doc{
		"schemas":              check.List{check.UserSchema, check.EnterpriseSchema},
		check.EnterpriseSchema: check.Doc{"department": name},
	}
}

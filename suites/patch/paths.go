package patch

import (
	"strings"

	"scimproof/suites/check"
	"scimproof/suites/match"
)

// paths asks how the target of an operation may be written (RFC 7644 sections 3.5.2 and 3.10).
var paths = []check.Check{
	{
		ID:          "patch.paths.case",
		Title:       "Paths are read in any case",
		Requirement: "The names of attributes are case insensitive, in a path too.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.10"},
		Needs:       []check.Need{check.Users, check.Patch, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			path, _ := named(t)
			t.Expect(patched(t, path, check.Op("replace", "DISPLAYNAME", "after"))).To(match.Value("displayName", "after"))
		},
	},
	{
		ID:          "patch.paths.urn",
		Title:       "A path may carry the URN of the core schema",
		Requirement: "Any attribute can be named by the URN of its schema, a colon and its name; the URN is read in any case.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.10"},
		Needs:       []check.Need{check.Users, check.Patch, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			path, _ := named(t)
			t.Expect(patched(t, path, check.Op("replace", check.UserSchema+":displayName", "one"))).To(match.Value("displayName", "one"))
			urn := strings.ToUpper(check.UserSchema)
			t.Expect(patched(t, path, check.Op("replace", urn+":displayName", "two"))).To(match.Value("displayName", "two"))
		},
	},
	{
		ID:          "patch.paths.extension",
		Title:       "A path with the URN of an extension reaches its attribute",
		Requirement: "An attribute of an extension is named by the URN of the extension, a colon and its name.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2"},
		Needs:       []check.Need{check.Users, check.Patch, check.Enterprise},
		Since:       1,
		Run: func(t *check.T) {
			path := user(t)
			t.Expect(patched(t, path, check.Op("add", department, "Tour Operations"))).To(match.Value(stored, "Tour Operations"))
			t.Expect(patched(t, path, check.Op("replace", department, "Sales"))).To(match.Value(stored, "Sales"))
			t.Expect(patched(t, path, check.Op("remove", department, nil))).To(match.Lacks(stored))
		},
	},
	{
		ID:          "patch.paths.extension-schemas",
		Title:       "The URN of an extension joins schemas with its first attribute",
		Requirement: "Adding an attribute by its full name adds the URN of its schema to schemas.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2"},
		Needs:       []check.Need{check.Users, check.Patch, check.Enterprise},
		Since:       1,
		Run: func(t *check.T) {
			a := patched(t, user(t), check.Op("add", department, "Sales"))
			if !match.Is(a, match.Value(stored, "Sales")) {
				t.Block("the department was not stored")
			}
			t.Expect(a).To(match.Schema(check.EnterpriseSchema))
		},
	},
	{
		ID:          "patch.paths.extension-object",
		Title:       "Without a path, the URN of an extension holds its attributes",
		Requirement: "The value of an operation without a path is written like a resource, where an extension is an object under its URN.",
		Profiles:    []check.Profile{check.RFC, check.Okta},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.1"},
		Needs:       []check.Need{check.Users, check.Patch, check.Enterprise},
		Since:       1,
		Run: func(t *check.T) {
			a := patched(t, user(t), check.Op("add", "", check.Doc{check.EnterpriseSchema: check.Doc{"department": "Sales"}}))
			t.Expect(a).To(match.Value(stored, "Sales"))
		},
	},
	{
		ID:          "patch.paths.dot-in-value",
		Title:       "A dot in the filter of a path does not end it",
		Requirement: "What stands in quotes in a filter is a value, dots and all.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2"},
		Needs:       []check.Need{check.Users, check.Patch, check.Emails},
		Since:       1,
		Run: func(t *check.T) {
			optional(t, "emails")
			path, atWork := mailbox(t)
			t.Expect(patched(t, path, check.Op("remove", "emails["+check.Eq("value", atWork)+"]", nil))).To(match.Lacks("emails"))
		},
	},
}

package patch

import (
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// remove asks about the operation remove (RFC 7644 section 3.5.2.2).
var remove = []check.Check{
	{
		ID:          "patch.remove.single",
		Title:       "remove empties a single-valued attribute",
		Requirement: "The attribute and its value are gone.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.2"},
		Needs:       []check.Need{check.Users, check.Patch, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			optional(t, "displayName")
			path, _ := named(t)
			t.Expect(patched(t, path, check.Op("remove", "displayName", nil))).To(match.Lacks("displayName"))
		},
	},
	{
		ID:          "patch.remove.sub-attribute",
		Title:       "remove of a sub-attribute leaves the others",
		Requirement: "What the path names is removed, and not what it stands in.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.2"},
		Needs:       []check.Need{check.Users, check.Patch, check.Name},
		Replaced:    []string{"user-7"},
		Since:       1,
		Run: func(t *check.T) {
			optional(t, "name.givenName")
			a := patched(t, person(t), check.Op("remove", "name.givenName", nil))
			t.Expect(a).To(match.Lacks("name.givenName"))
			t.Expect(a).To(match.Value("name.familyName", "Before"))
		},
	},
	{
		ID:          "patch.remove.multi-valued",
		Title:       "remove of a multi-valued attribute removes all its values",
		Requirement: "Without a filter in the path the attribute is unassigned afterwards.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.2"},
		Needs:       []check.Need{check.Users, check.Patch, check.Emails},
		Since:       1,
		Run: func(t *check.T) {
			optional(t, "emails")
			path, _ := mailbox(t)
			t.Expect(patched(t, path, check.Op("remove", "emails", nil))).To(match.Lacks("emails"))
		},
	},
	{
		ID:          "patch.remove.value-path",
		Title:       "remove by a value path removes the values that it chooses",
		Requirement: "The values that the filter chooses are gone, and the others are still there.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.2"},
		Needs:       []check.Need{check.Users, check.Patch, check.Emails},
		Replaced:    []string{"map-1", "map-2"},
		Since:       1,
		Run: func(t *check.T) {
			path, atWork, _ := mailboxes(t)
			a := patched(t, path, check.Op("remove", `emails[type eq "home"]`, nil))
			t.Expect(a).To(match.Count("emails", 1))
			t.Expect(a).To(match.Value("emails[type=work].value", atWork))
		},
	},
	{
		ID:          "patch.remove.required",
		Title:       "remove of a required attribute is refused",
		Requirement: "An attribute that is required cannot become unassigned: the operation fails and userName stays.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.2"},
		Needs:       []check.Need{check.Users, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			path := user(t)
			userName := t.MustGet(path).Text("userName")
			t.Expect(t.Patch(path, check.PatchOps(check.Op("remove", "userName", nil)))).To(match.Refusal())
			t.Expect(t.MustGet(path)).To(match.Value("userName", userName))
		},
	},
}

package patch

import (
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// replace asks about the operation replace (RFC 7644 section 3.5.2.3).
var replace = []check.Check{
	{
		ID:          "patch.replace.single",
		Title:       "replace changes a single value",
		Requirement: "The value of the attribute is the new one, all of it.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.3"},
		Needs:       []check.Need{check.Users, check.Patch, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			path, _ := named(t)
			name := "Ann A. de la After, Jr."
			t.Expect(patched(t, path, check.Op("replace", "displayName", name))).To(match.Value("displayName", name))
		},
	},
	{
		ID:          "patch.replace.absent",
		Title:       "replace of an attribute without a value adds it",
		Requirement: "Where there is nothing to replace the operation is an add.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.3"},
		Needs:       []check.Need{check.Users, check.Patch, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			t.Expect(patched(t, user(t), check.Op("replace", "displayName", "after"))).To(match.Value("displayName", "after"))
		},
	},
	{
		ID:          "patch.replace.no-path",
		Title:       "replace without a path changes what the value names and nothing else",
		Requirement: "Without a path the value is an object of attributes that are replaced; the others are not affected.",
		Profiles:    []check.Profile{check.RFC, check.Okta},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.3"},
		Needs:       []check.Need{check.Users, check.Patch, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			path := user(t, check.Doc{"displayName": "before", "externalId": t.Unique()})
			before := t.MustGet(path)
			a := patched(t, path, check.Op("replace", "", check.Doc{"displayName": "after"}))
			t.Expect(a).To(match.Value("displayName", "after"))
			t.Expect(a).To(match.Value("userName", before.At("userName")))
			for _, m := range before.Doc.Members {
				if !m.Value.Empty() {
					t.Expect(a).To(match.Has(`"` + m.Name + `"`))
				}
			}
		},
	},
	{
		ID:          "patch.replace.no-path-multi-valued",
		Title:       "replace without a path replaces all values of a multi-valued attribute",
		Requirement: "What the value names is replaced: the addresses that it brings take the place of all that were there.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.3"},
		Needs:       []check.Need{check.Users, check.Patch, check.Emails},
		Since:       1,
		Run: func(t *check.T) {
			path, _ := mailbox(t)
			next := address(t)
			a := patched(t, path, check.Op("replace", "", emails(work(next))))
			t.Expect(a).To(match.Count("emails", 1))
			t.Expect(a).To(match.Value("emails[0].value", next))
		},
	},
	{
		ID:          "patch.replace.absent-parent",
		Title:       "replace of a sub-attribute makes the complex value that is not there",
		Requirement: "Where the target of the path does not exist the operation is an add, also inside an extension that has nothing yet.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.3"},
		Needs:       []check.Need{check.Users, check.Patch, check.Enterprise},
		Since:       1,
		Run: func(t *check.T) {
			if t.Schema(check.EnterpriseSchema) != nil && t.Attribute(check.EnterpriseSchema, "manager.value") == nil {
				t.NA("Schemas declares no manager")
			}
			boss := t.MustUser().ID()
			a := patched(t, user(t), check.Op("replace", check.EnterpriseSchema+":manager.value", boss))
			t.Expect(a).To(match.Value(`"`+check.EnterpriseSchema+`".manager.value`, boss))
		},
	},
	{
		ID:          "patch.replace.null",
		Title:       "replace by null empties the attribute",
		Requirement: "null and no value at all are the same state of an attribute.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7643", Section: "2.5"},
		Needs:       []check.Need{check.Users, check.Patch, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			optional(t, "displayName")
			path, _ := named(t)
			a := patched(t, path, check.Doc{"op": "replace", "path": "displayName", "value": nil})
			t.Expect(a).To(match.Lacks("displayName"))
		},
	},
	{
		ID:          "patch.replace.multi-valued",
		Title:       "replace of a multi-valued attribute replaces all its values",
		Requirement: "Without a filter in the path the values that the operation brings take the place of all that were there.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.3"},
		Needs:       []check.Need{check.Users, check.Patch, check.Emails},
		Since:       1,
		Run: func(t *check.T) {
			path, _ := mailbox(t)
			next := address(t)
			a := patched(t, path, check.Op("replace", "emails", values(work(next))))
			t.Expect(a).To(match.Count("emails", 1))
			t.Expect(a).To(match.Value("emails[0].value", next))
		},
	},
	{
		ID:          "patch.replace.complex",
		Title:       "replace of a complex value leaves the sub-attributes that it does not name",
		Requirement: "Sub-attributes that the value does not have stay as they are.",
		Profiles:    []check.Profile{check.RFC, check.Okta},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.3"},
		Needs:       []check.Need{check.Users, check.Patch, check.Name},
		Replaced:    []string{"user-7"},
		Since:       1,
		Run: func(t *check.T) {
			a := patched(t, person(t), check.Op("replace", "name", check.Doc{"familyName": "After"}))
			t.Expect(a).To(match.Value("name.familyName", "After"))
			t.Expect(a).To(match.Value("name.givenName", "Ann"))
		},
	},
	{
		ID:          "patch.replace.value-path",
		Title:       "replace by a value path changes the value that it chooses",
		Requirement: "The values that the filter chooses are replaced, and the others are not.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.3"},
		Needs:       []check.Need{check.Users, check.Patch, check.Emails},
		Replaced:    []string{"map-1", "map-2"},
		Since:       1,
		Run: func(t *check.T) {
			path, _, atHome := mailboxes(t)
			next := address(t)
			a := patched(t, path, check.Op("replace", `emails[type eq "work"]`, work(next)))
			t.Expect(a).To(match.Value("emails[type=work].value", next))
			t.Expect(a).To(match.Value("emails[type=home].value", atHome))
		},
	},
	{
		ID:          "patch.replace.value-path-sub",
		Title:       "replace by a value path and a sub-attribute changes that sub-attribute",
		Requirement: "The sub-attribute of the values that the filter chooses is replaced; the rest of them stays.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.3"},
		Needs:       []check.Need{check.Users, check.Patch, check.Emails},
		Since:       1,
		Run: func(t *check.T) {
			path, _ := mailbox(t)
			next := address(t)
			a := patched(t, path, check.Op("replace", `emails[type eq "work"].value`, next))
			t.Expect(a).To(match.Count("emails", 1))
			t.Expect(a).To(match.Value("emails[type=work].value", next))
		},
	},
	{
		ID:          "patch.replace.value-path-itself",
		Title:       "replace changes the very sub-attribute that the filter names",
		Requirement: "The filter chooses values as they are before the operation, also where it asks for what the operation changes.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.3"},
		Needs:       []check.Need{check.Users, check.Patch, check.Emails},
		Since:       1,
		Run: func(t *check.T) {
			path, atWork := mailbox(t)
			next := address(t)
			a := patched(t, path, check.Op("replace", "emails["+check.Eq("value", atWork)+"].value", next))
			t.Expect(a).To(match.Count("emails", 1))
			t.Expect(a).To(match.Value("emails[0].value", next))
		},
	},
	{
		ID:          "patch.replace.all-matches",
		Title:       "replace by a value path changes every value that it chooses",
		Requirement: "Where the filter matches several values each of them is replaced.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.3"},
		Needs:       []check.Need{check.Users, check.Patch, check.Emails},
		Replaced:    []string{"map-1", "map-2"},
		Since:       1,
		Run: func(t *check.T) {
			if t.Schema(check.UserSchema) != nil && t.Attribute(check.UserSchema, "emails.display") == nil {
				t.NA("Schemas declares no display of emails")
			}
			path, _, _ := mailboxes(t)
			a := patched(t, path, check.Op("replace", `emails[type eq "work" or type eq "home"].display`, "both"))
			t.Expect(a).To(match.Value("emails[type=work].display", "both"))
			t.Expect(a).To(match.Value("emails[type=home].display", "both"))
		},
	},
	{
		ID:          "patch.replace.no-target",
		Title:       "replace by a value path that chooses nothing is 400 noTarget",
		Requirement: "Where no value is as the filter says the operation fails with 400 and scimType noTarget.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.3"},
		Needs:       []check.Need{check.Users, check.Patch, check.Emails},
		Replaced:    []string{"map-3"},
		Since:       1,
		Run: func(t *check.T) {
			path, atWork := mailbox(t)
			for _, op := range []check.Doc{
				check.Op("replace", `emails[type eq "home"].value`, address(t)),
				check.Op("replace", `emails[type eq "home"]`, home(address(t))),
			} {
				t.Expect(t.Patch(path, check.PatchOps(op)), op["path"].(string)).To(match.Error([]int{400}, "noTarget"))
			}
			a := t.MustGet(path)
			t.Expect(a).To(match.Count("emails", 1))
			t.Expect(a).To(match.Value("emails[type=work].value", atWork))
		},
	},
	{
		ID:          "patch.replace.primary",
		Title:       "Making a value primary takes it from the others",
		Requirement: "When an operation sets primary to true, the server sets it to false for all other values.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2"},
		Needs:       []check.Need{check.Users, check.Patch, check.Emails},
		Replaced:    []string{"map-1", "map-2"},
		Since:       1,
		Run: func(t *check.T) {
			path, _, _ := mailboxes(t)
			a := patched(t, path, check.Op("replace", `emails[type eq "work"].primary`, true))
			if !match.Is(a, match.Value("emails[type=work].primary", true)) {
				t.NA("the target does not keep which address is primary")
			}
			a = patched(t, path, check.Op("replace", `emails[type eq "home"].primary`, true))
			t.Expect(a).To(match.Value("emails[type=home].primary", true))
			t.Expect(a).NotTo(match.Value("emails[type=work].primary", true))
		},
	},
}

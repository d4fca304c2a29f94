package patch

import (
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// add asks about the operation add (RFC 7644 section 3.5.2.1).
var add = []check.Check{
	{
		ID:          "patch.add.new",
		Title:       "add gives a value to an attribute without one",
		Requirement: "Where the target of the path has no value the attribute is added with the new one.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.1"},
		Needs:       []check.Need{check.Users, check.Patch, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			t.Expect(patched(t, user(t), check.Op("add", "displayName", "Ann After"))).To(match.Value("displayName", "Ann After"))
		},
	},
	{
		ID:          "patch.add.replaces",
		Title:       "add replaces the one value of a single-valued attribute",
		Requirement: "An attribute that holds one value has the new one afterwards.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.1"},
		Needs:       []check.Need{check.Users, check.Patch, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			path, _ := named(t)
			t.Expect(patched(t, path, check.Op("add", "displayName", "after"))).To(match.Value("displayName", "after"))
		},
	},
	{
		ID:          "patch.add.no-path",
		Title:       "add without a path adds attributes to the resource",
		Requirement: "Without a path the value is an object whose attributes are added to the resource; the others stay.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.1"},
		Needs:       []check.Need{check.Users, check.Patch, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			userName := address(t)
			a := patched(t, user(t, check.Doc{"userName": userName}), check.Op("add", "", check.Doc{"displayName": "after"}))
			t.Expect(a).To(match.Value("displayName", "after"))
			t.Expect(a).To(match.ValueFold("userName", userName))
		},
	},
	{
		ID:          "patch.add.sub-attribute",
		Title:       "add reaches a sub-attribute with a dot",
		Requirement: "A path names a sub-attribute by attribute, dot, sub-attribute; the others of the complex value stay.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.1"},
		Needs:       []check.Need{check.Users, check.Patch, check.Name},
		Replaced:    []string{"user-7"},
		Since:       1,
		Run: func(t *check.T) {
			a := patched(t, person(t), check.Op("add", "name.familyName", "After"))
			t.Expect(a).To(match.Value("name.familyName", "After"))
			t.Expect(a).To(match.Value("name.givenName", "Ann"))
		},
	},
	{
		ID:          "patch.add.complex",
		Title:       "add of a complex value keeps the sub-attributes that it does not name",
		Requirement: "The value is a set of sub-attributes that are added; nothing is said to go.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.1"},
		Needs:       []check.Need{check.Users, check.Patch, check.Name},
		Replaced:    []string{"user-7"},
		Since:       1,
		Run: func(t *check.T) {
			a := patched(t, person(t), check.Op("add", "name", check.Doc{"familyName": "After"}))
			t.Expect(a).To(match.Value("name.familyName", "After"))
			t.Expect(a).To(match.Value("name.givenName", "Ann"))
		},
	},
	{
		ID:          "patch.add.multi-valued",
		Title:       "add to a multi-valued attribute keeps what was there",
		Requirement: "The new value stands beside the others.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.1"},
		Needs:       []check.Need{check.Users, check.Patch, check.Emails},
		Replaced:    []string{"map-1", "map-4"},
		Since:       1,
		Run: func(t *check.T) {
			mailboxes(t) // ends the check where there is room for one address only
			path, atWork := mailbox(t)
			atHome := address(t)
			a := patched(t, path, check.Op("add", "emails", values(home(atHome))))
			t.Expect(a).To(match.Value("emails[type=work].value", atWork))
			t.Expect(a).To(match.Value("emails[type=home].value", atHome))
		},
	},
	{
		ID:          "patch.add.existing",
		Title:       "add of a value that is there does not double it",
		Requirement: "What the attribute holds already is not added again, and the request succeeds.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.1"},
		Needs:       []check.Need{check.Users, check.Patch, check.Emails},
		Since:       1,
		Run: func(t *check.T) {
			path, atWork := mailbox(t)
			t.Expect(patched(t, path, check.Op("add", "emails", values(work(atWork))))).To(match.Count("emails", 1))
		},
	},
	{
		ID:          "patch.add.existing-time",
		Title:       "add of a value that is there leaves meta.lastModified",
		Requirement: "An operation that changes nothing does not move the time of the last change.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.1"},
		Needs:       []check.Need{check.Users, check.Patch, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			path, name := named(t)
			before := t.MustGet(path).Text("meta.lastModified")
			if a := t.Patch(path, check.PatchOps(check.Op("add", "displayName", name))); !a.OK() || before == "" {
				t.NA("the target refuses the operation, or shows no meta.lastModified")
			}
			t.Equal("meta.lastModified", t.MustGet(path).Text("meta.lastModified"), before)
		},
	},
	{
		ID:          "patch.add.primary",
		Title:       "A new primary value takes the place of the old one",
		Requirement: "When an operation makes a value primary, the server takes that from all others.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2"},
		Needs:       []check.Need{check.Users, check.Patch, check.Emails},
		Replaced:    []string{"map-1", "map-4"},
		Since:       1,
		Run: func(t *check.T) {
			mailboxes(t) // ends the check where there is room for one address only
			first, second := work(address(t)), home(address(t))
			first["primary"], second["primary"] = true, true
			path := user(t, emails(first))
			keeps(t, path, "emails[type=work].primary", true)
			a := patched(t, path, check.Op("add", "emails", values(second)))
			t.Expect(a).To(match.Value("emails[type=home].primary", true))
			t.Expect(a).NotTo(match.Value("emails[type=work].primary", true))
		},
	},
}

package groups

import (
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// replace asks about PUT of a group.
var replace = []check.Check{
	{
		ID:          "groups.replace.name",
		Title:       "PUT renames a group",
		Requirement: "The displayName of the body takes the place of the old one.",
		Profiles:    []check.Profile{check.RFC, check.Okta},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.1"},
		Needs:       []check.Need{check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			path := group(t)
			body := t.Group()
			t.Expect(t.Put(path, body)).To(match.Success())
			t.Expect(t.MustGet(path)).To(match.Value("displayName", body["displayName"]))
		},
	},
	{
		ID:          "groups.replace.members",
		Title:       "PUT replaces the members",
		Requirement: "The members of the body are the members afterwards: who is not among them is out.",
		Profiles:    []check.Profile{check.RFC, check.Okta},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.1"},
		Needs:       []check.Need{check.Users, check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			ids := people(t, 3)
			path := group(t, ids[0], ids[1])
			t.Expect(t.Put(path, t.Group(check.Doc{"members": entries(ids[1], ids[2])}))).To(match.Success())
			has(t, path, ids[1], ids[2])
		},
	},
	{
		ID:          "groups.replace.empty",
		Title:       "PUT with an empty list of members empties the group",
		Requirement: "An empty list says that there is no member.",
		Profiles:    []check.Profile{check.RFC, check.Okta},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "2.5"},
		Needs:       []check.Need{check.Users, check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			path := group(t, people(t, 2)...)
			t.Expect(t.Put(path, t.Group(check.Doc{"members": check.List{}}))).To(match.Success())
			has(t, path)
		},
	},
	{
		ID:          "groups.replace.round-trip",
		Title:       "A group that was read can be written back",
		Requirement: "PUT of what GET answered is taken, what is readOnly in it included, and changes neither name nor members.",
		Profiles:    []check.Profile{check.RFC, check.Okta},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.1"},
		Needs:       []check.Need{check.Users, check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			ids := people(t, 2)
			path := group(t, ids...)
			before := fetch(t, path)
			t.Expect(t.Put(path, before.Doc)).To(match.Success())
			t.Expect(t.MustGet(path)).To(match.Value("displayName", before.At("displayName")))
			has(t, path, ids...)
		},
	},
}

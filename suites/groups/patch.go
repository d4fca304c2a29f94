package groups

import (
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// patch asks about PATCH of a group and its members (RFC 7644 section 3.5.2).
var patch = []check.Check{
	{
		ID:          "groups.patch.add",
		Title:       "add makes users members and leaves those who are",
		Requirement: "New values are added to the members, one or several in one operation.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.1"},
		Needs:       []check.Need{check.Users, check.Groups, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			ids := people(t, 4)
			path := group(t, ids[0])
			patched(t, path, ops(check.Op("add", "members", entries(ids[1]))), ids[0], ids[1])
			patched(t, path, ops(check.Op("add", "members", entries(ids[2], ids[3]))), ids...)
		},
	},
	{
		ID:          "groups.patch.add-no-path",
		Title:       "add without a path makes users members",
		Requirement: "Without a path the value holds attributes to add: members in it are added to those who are there.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.1"},
		Needs:       []check.Need{check.Users, check.Groups, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			ids := people(t, 2)
			patched(t, group(t, ids[0]), ops(check.Op("add", "", check.Doc{"members": entries(ids[1])})), ids...)
		},
	},
	{
		ID:          "groups.patch.add-existing",
		Title:       "add of a member who is there succeeds and doubles nobody",
		Requirement: "Who is a member already stays one, once; the request is a success.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.1"},
		Needs:       []check.Need{check.Users, check.Groups, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			ids := people(t, 2)
			path := group(t, ids[0])
			patched(t, path, ops(check.Op("add", "members", entries(ids[0], ids[1]))), ids...)
		},
	},
	{
		ID:          "groups.patch.add-unknown",
		Title:       "An id that belongs to nobody cannot be added",
		Requirement: "An id of no resource is refused, or at least not shown as if it were a member; those who are members stay.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7643", Section: "4.2"},
		Needs:       []check.Need{check.Users, check.Groups, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			ids := people(t, 1)
			path := group(t, ids...)
			a := t.Patch(path, check.PatchOps(check.Op("add", "members", entries(noSuchUser(t)))))
			if !match.Is(a, match.Refusal()) {
				t.Expect(a).To(match.Success())
			}
			has(t, path, ids...)
		},
	},
	{
		ID:          "groups.patch.remove",
		Title:       "remove by a value path takes out that member alone",
		Requirement: "The members that the filter of the path chooses go, and the others stay.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.2"},
		Needs:       []check.Need{check.Users, check.Groups, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			ids := people(t, 3)
			patched(t, group(t, ids...), ops(check.Op("remove", chosen(ids[1]), nil)), ids[0], ids[2])
		},
	},
	{
		ID:          "groups.patch.remove-stranger",
		Title:       "remove of somebody who is no member harms nobody",
		Requirement: "Where the filter chooses nobody the members stay as they are, whether the answer is a success or noTarget.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.2"},
		Needs:       []check.Need{check.Users, check.Groups, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			ids := people(t, 3)
			path := group(t, ids[0], ids[1])
			a := t.Patch(path, check.PatchOps(check.Op("remove", chosen(ids[2]), nil)))
			if !match.Is(a, match.Refusal()) {
				t.Expect(a).To(match.Success())
			}
			has(t, path, ids[0], ids[1])
		},
	},
	{
		ID:          "groups.patch.remove-all",
		Title:       "remove of members empties the group",
		Requirement: "Without a filter all members go; the group stays.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.2"},
		Needs:       []check.Need{check.Users, check.Groups, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			patched(t, group(t, people(t, 2)...), ops(check.Op("remove", "members", nil)))
		},
	},
	{
		ID:          "groups.patch.replace",
		Title:       "replace of members makes the list the whole truth",
		Requirement: "The members of the operation take the place of all that were there, and an empty list leaves nobody.",
		Profiles:    []check.Profile{check.RFC, check.Okta},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.3"},
		Needs:       []check.Need{check.Users, check.Groups, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			ids := people(t, 3)
			path := group(t, ids[0], ids[1])
			patched(t, path, ops(check.Op("replace", "members", entries(ids[1], ids[2]))), ids[1], ids[2])
			patched(t, path, ops(check.Op("replace", "members", check.List{})))
		},
	},
	{
		ID:          "groups.patch.swap",
		Title:       "One out and one in fit in one PATCH",
		Requirement: "Operations on the members are carried out in their order, all in one request.",
		Profiles:    []check.Profile{check.RFC, check.Okta},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2"},
		Needs:       []check.Need{check.Users, check.Groups, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			ids := people(t, 3)
			path := group(t, ids[0], ids[1])
			patched(t, path, ops(check.Op("remove", chosen(ids[0]), nil), check.Op("add", "members", entries(ids[2]))), ids[1], ids[2])
		},
	},
	{
		ID:          "groups.patch.rename",
		Title:       "A rename leaves the members",
		Requirement: "replace of displayName changes the name and nothing else.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.3"},
		Needs:       []check.Need{check.Users, check.Groups, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			ids, name := people(t, 2), t.Unique()
			path := group(t, ids...)
			patched(t, path, ops(check.Op("replace", "displayName", name)), ids...)
			t.Expect(t.MustGet(path)).To(match.Value("displayName", name))
		},
	},
	{
		ID:          "groups.patch.okta-rename",
		Title:       "A rename with the id in the value is taken",
		Requirement: "Okta renames without a path and puts the group's own id beside the name; the name changes and the members stay.",
		Profiles:    []check.Profile{check.Okta},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "Okta", Section: "jml-oin"},
		Needs:       []check.Need{check.Users, check.Groups, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			ids, name := people(t, 2), t.Unique()
			path := group(t, ids...)
			id := t.MustGet(path).ID()
			patched(t, path, ops(check.Op("replace", "", check.Doc{"id": id, "displayName": name})), ids...)
			t.Expect(t.MustGet(path)).To(match.Value("displayName", name))
		},
	},
	{
		ID:          "groups.patch.entra-add",
		Title:       "Add with a null $ref makes users members",
		Requirement: "Entra sends $ref null with the id of each member.",
		Profiles:    []check.Profile{check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "Entra", Section: "jml-default"},
		Needs:       []check.Need{check.Users, check.Groups, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			ids := people(t, 2)
			patched(t, group(t), ops(check.Op("Add", "members", asEntra(ids...))), ids...)
		},
	},
	{
		ID:          "groups.patch.entra-remove",
		Title:       "Remove with a list of values takes out those members alone",
		Requirement: "Entra names the members to remove in the value, beside the path members; a server that reads the path alone empties the group.",
		Profiles:    []check.Profile{check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "Entra", Section: "jml-default"},
		Needs:       []check.Need{check.Users, check.Groups, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			ids := people(t, 3)
			patched(t, group(t, ids...), ops(check.Op("Remove", "members", asEntra(ids[1]))), ids[0], ids[2])
		},
	},
}

// asEntra are members as Entra writes them.
func asEntra(ids ...string) check.List {
	list := check.List{}
	for _, id := range ids {
		list = append(list, check.Doc{"$ref": nil, "value": id})
	}
	return list
}

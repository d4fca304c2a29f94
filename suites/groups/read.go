package groups

import (
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// read asks about groups by id and in lists.
var read = []check.Check{
	{
		ID:          "groups.read.status",
		Title:       "A group is read by its id",
		Requirement: "GET of a group answers 200 with its id, displayName and schemas.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.1"},
		Needs:       []check.Need{check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			body := t.Group()
			id := t.MustCreate(t.Groups(), body).ID()
			a := t.Get(check.Under(t.Groups(), id))
			t.Expect(a).To(match.Status(200))
			t.Expect(a).To(match.All(match.Value("id", id), match.Value("displayName", body["displayName"]), match.Schema(check.GroupSchema)))
		},
	},
	{
		ID:          "groups.read.unknown",
		Title:       "A group that is not there is 404",
		Requirement: "GET of an id that does not exist answers 404 with an Error.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.12"},
		Needs:       []check.Need{check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			path := group(t)
			t.MustDelete(path)
			t.Expect(t.Get(path)).To(match.Error([]int{404}))
		},
	},
	{
		ID:          "groups.read.filter-name",
		Title:       "A group is found by displayName",
		Requirement: "A client looks for a group by its name before it creates one.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Groups, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			name := t.Unique() + "m"
			a := t.MustGroup(check.Doc{"displayName": name})
			t.MustGroup(check.Doc{"displayName": name + " 2"})
			t.Expect(t.Get(t.Groups(), "filter", check.Eq("displayName", name))).To(match.Found(a.ID()))
		},
	},
	{
		ID:          "groups.read.no-result",
		Title:       "A filter that matches no group answers 200 with totalResults 0",
		Requirement: "Nothing found is a success; Entra stops the whole job at a 404.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2"},
		Needs:       []check.Need{check.Groups, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			a := t.Get(t.Groups(), "excludedAttributes", "members", "filter", check.Eq("displayName", t.Unique()+"m"))
			t.Expect(a).To(match.Found())
		},
	},
	{
		ID:          "groups.read.filter-member",
		Title:       "Groups are found by a member",
		Requirement: "members.value is an attribute like any other: a filter on it finds the groups of a user.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Groups, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			ids := people(t, 2)
			group(t, ids[1])
			group(t) // without members: some servers trip over one that lacks what the filter names
			a := t.MustGroup(check.Doc{"members": entries(ids[0])})
			found := t.Get(t.Groups(), "filter", check.Eq("members.value", ids[0]))
			if match.Is(found, match.Error([]int{400}, "invalidFilter", "tooMany")) {
				t.NA("the target declines filters on members: %s", found.Text("detail"))
			}
			t.Expect(found).To(match.Found(a.ID()))
		},
	},
	{
		ID:          "groups.read.excluded-members",
		Title:       "excludedAttributes=members leaves the members out",
		Requirement: "A client that does not want the members of a large group says so, in a read and in a list.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.9"},
		Needs:       []check.Need{check.Users, check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			path := group(t, people(t, 1)...)
			a := t.Get(path, "excludedAttributes", "members")
			t.Expect(a).To(match.All(match.Status(200), match.Has("displayName"), match.Lacks("members")))
			t.Expect(t.Get(t.Groups(), "excludedAttributes", "members", "count", "10")).To(match.Lacks("Resources.members"))
		},
	},
	{
		ID:          "groups.read.list-members",
		Title:       "A list shows the members of a group",
		Requirement: "What a read of a group returns by default a list returns too.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7643", Section: "7"},
		Needs:       []check.Need{check.Users, check.Groups},
		Replaced:    []string{"group-5"},
		Since:       1,
		Run: func(t *check.T) {
			ids := people(t, 2)
			a := t.MustGroup(check.Doc{"members": entries(ids...)})
			if listed(t.MustGet(check.Under(t.Groups(), a.ID()))) != names(ids) {
				t.NA("the target does not show members without being asked")
			}
			for _, r := range t.MustGet(t.Groups(), "count", "100").Resources() {
				if r.Text("id") == a.ID() {
					t.Equal("the number of members is", len(r.All("members.value")), len(ids))
					return
				}
			}
			t.NA("the new group is not on the first page")
		},
	},
}

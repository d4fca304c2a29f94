package groups

import (
	"slices"

	"scimproof/simulator/tree"
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// membership asks about the other side: the groups that a user shows, and what becomes of members.
var membership = []check.Check{
	{
		ID:          "groups.membership.shown",
		Title:       "A user shows the group after joining",
		Requirement: "A server that declares groups of a user lists there the groups of which the user is a member, with their ids.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7643", Section: "4.1.2"},
		Needs:       []check.Need{check.Users, check.Groups, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			declaresGroups(t)
			id := people(t, 1)[0]
			path := group(t)
			t.MustPatch(path, check.Op("add", "members", entries(id)))
			has(t, path, id)
			t.Hold(shows(t, id, path), "the group among the groups of the user", "it is not")
		},
	},
	{
		ID:          "groups.membership.hidden",
		Title:       "A user shows the group no more after leaving",
		Requirement: "Who was taken out of a group does not list it any more.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "4.1.2"},
		Needs:       []check.Need{check.Users, check.Groups, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			declaresGroups(t)
			id := people(t, 1)[0]
			path := group(t, id)
			if !shows(t, id, path) {
				t.NA("the user does not show the group while a member")
			}
			t.MustPatch(path, check.Op("remove", chosen(id), nil))
			t.Hold(!shows(t, id, path), "the group no more among the groups of the user", "it is still there")
		},
	},
	{
		ID:          "groups.membership.read-only",
		Title:       "A user cannot be written into a group",
		Requirement: "groups of a user is readOnly: membership changes through the group, and what a write of the user says about it changes nothing.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "4.1.2"},
		Needs:       []check.Need{check.Users, check.Groups, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			id := people(t, 1)[0]
			path := group(t)
			t.Patch(check.Under(t.Users(), id), check.PatchOps(check.Op("add", "groups", entries(t.MustGet(path).ID()))))
			has(t, path)
		},
	},
	{
		ID:          "groups.membership.deleted-user",
		Title:       "A deleted user is a member no more",
		Requirement: "Who is deleted is gone everywhere, from the members of groups too.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.6"},
		Needs:       []check.Need{check.Users, check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			ids := people(t, 2)
			path := group(t, ids...)
			t.MustDelete(check.Under(t.Users(), ids[0]))
			has(t, path, ids[1])
		},
	},
	{
		ID:          "groups.membership.inactive",
		Title:       "A user who is deactivated and activated again is still a member",
		Requirement: "Entra does not send memberships again when it enables an account; the group has to remember.",
		Profiles:    []check.Profile{check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "Entra", Section: "restore"},
		Needs:       []check.Need{check.Users, check.Groups, check.Patch, check.Active},
		Since:       1,
		Run: func(t *check.T) {
			id := people(t, 1)[0]
			path := group(t, id)
			t.MustPatch(check.Under(t.Users(), id), check.Op("replace", "active", false))
			t.MustPatch(check.Under(t.Users(), id), check.Op("replace", "active", true))
			has(t, path, id)
		},
	},
}

// declaresGroups ends the check unless the target's User has groups.
func declaresGroups(t *check.T) {
	if t.Attribute(check.UserSchema, "groups") == nil {
		t.NA("Schemas declares no groups of User")
	}
}

// shows says whether a user lists the group with the path.
func shows(t *check.T, id, path string) bool {
	a := t.MustGet(check.Under(t.Users(), id))
	if !match.Is(a, match.Has("groups")) {
		a = t.MustGet(check.Under(t.Users(), id), "attributes", "groups")
	}
	return slices.ContainsFunc(a.All("groups.value"), func(n *tree.Node) bool { return check.Under(t.Groups(), n.String()) == path })
}

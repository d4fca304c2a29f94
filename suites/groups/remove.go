package groups

import (
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// remove asks about DELETE of a group.
var remove = []check.Check{
	{
		ID:          "groups.delete.status",
		Title:       "DELETE of a group answers 204",
		Requirement: "A group that is deleted leaves nothing to say: 204 and no body.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.6"},
		Needs:       []check.Need{check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			a := t.Delete(group(t))
			t.Expect(a).To(match.Status(204))
			t.Expect(a).To(match.Empty())
		},
	},
	{
		ID:          "groups.delete.gone",
		Title:       "A deleted group is gone",
		Requirement: "Whatever a client asks of a deleted group, the answer is 404; no list shows it.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.6"},
		Needs:       []check.Need{check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			path := group(t)
			t.MustDelete(path)
			t.Expect(t.Get(path)).To(match.Error([]int{404}))
			t.Expect(t.Delete(path)).To(match.Error([]int{404}))
		},
	},
	{
		ID:          "groups.delete.users-stay",
		Title:       "The members of a deleted group stay users",
		Requirement: "A group refers to its members and does not own them.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.6"},
		Needs:       []check.Need{check.Users, check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			id := people(t, 1)[0]
			t.MustDelete(group(t, id))
			t.Expect(t.Get(check.Under(t.Users(), id))).To(match.Status(200))
		},
	},
	{
		ID:          "groups.delete.user-side",
		Title:       "A user does not show a deleted group",
		Requirement: "groups of a user lists groups that are there.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7643", Section: "4.1.2"},
		Needs:       []check.Need{check.Users, check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			declaresGroups(t)
			id := people(t, 1)[0]
			path := group(t, id)
			if !shows(t, id, path) {
				t.NA("the user does not show the group while it is there")
			}
			t.MustDelete(path)
			t.Hold(!shows(t, id, path), "the group no more among the groups of the user", "it is still there")
		},
	},
}

package groups

import (
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// nested asks about groups as members of groups, of a target that has them.
var nested = []check.Check{
	{
		ID:          "groups.nested.member",
		Title:       "A group can be a member of a group",
		Requirement: "The members of a group may be groups; each is shown with its id, and with the type Group where types are shown.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7643", Section: "4.2"},
		Needs:       []check.Need{check.Groups, check.NestedGroups},
		Replaced:    []string{"group-2"},
		Since:       1,
		Run: func(t *check.T) {
			inner, outer := family(t)
			a := fetch(t, outer)
			t.Equal("the members are", listed(a), inner)
			if a.At("members[0].type") != nil {
				t.Expect(a).To(match.Value("members[0].type", "Group"))
			}
		},
	},
	{
		ID:          "groups.nested.deleted",
		Title:       "A deleted group is a member no more",
		Requirement: "What is deleted is gone everywhere, from the members of groups too.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.6"},
		Needs:       []check.Need{check.Groups, check.NestedGroups},
		Replaced:    []string{"group-2"},
		Since:       1,
		Run: func(t *check.T) {
			inner, outer := family(t)
			if membersOf(t, outer) != inner {
				t.NA("the target does not keep a group as a member")
			}
			t.MustDelete(check.Under(t.Groups(), inner))
			has(t, outer)
		},
	},
}

// family makes a group and another one of which it is the member. A target that says nothing of nested groups may refuse it.
func family(t *check.T) (inner, outer string) {
	inner = t.MustGroup().ID()
	a := t.Post(t.Groups(), t.Group(check.Doc{"members": check.List{check.Doc{"value": inner, "type": "Group"}}}))
	if offer, why := t.Offers(check.NestedGroups); !a.OK() && offer != check.Offered {
		t.NA("%s, and the target refuses a group as a member with status %d", why, a.Status)
	}
	t.Expect(a).To(match.Success())
	return inner, check.Under(t.Groups(), t.Made(a).ID())
}

package idaas

import (
	"net/http"
	"strings"

	"scimproof/suites/check"
	"scimproof/suites/match"
)

// mixed is a group that an application sees with one member of two: the other one is outside its scope.
type mixed struct {
	ours, whole         *application // whole sees everything
	here, elsewhere     string       // the organizations of the scope of ours; nobody is in elsewhere, its target
	seen, spare, hidden *account     // spare is in the scope, and no member
	group, groupID      string       // path and id
}

func newMixed(t *check.T) *mixed {
	s := newSandbox(t)
	m := &mixed{whole: s.application(), here: s.organization(s.root), elsewhere: s.organization(s.root)}
	m.seen, m.spare, m.hidden = made(m.whole.T, into(m.here)), made(m.whole.T, into(m.here)), made(m.whole.T, into(s.root))
	m.group = team(m.whole.T, m.seen, m.hidden)
	m.groupID = m.whole.MustGet(m.group).ID()
	m.ours = s.application(within(m.elsewhere))
	m.ours.scopes([]string{m.elsewhere, m.here}, m.groupID)
	return m
}

// rewrite is a write of the members of a group, by an application that does not see them all.
type rewrite struct {
	id, name string
	needs    []check.Need
	send     func(m *mixed) *check.Answer
	left     func(m *mixed) []*account // whom the writer sees afterwards
}

var rewrites = []rewrite{
	{
		id: "put", name: "PUT",
		send: func(m *mixed) *check.Answer { return m.ours.Put(m.group, m.ours.Group(of(m.spare))) },
		left: func(m *mixed) []*account { return []*account{m.spare} },
	},
	{
		id: "add", name: "PATCH add", needs: []check.Need{check.Patch},
		send: func(m *mixed) *check.Answer { return joins(m.ours.T, m.group, member(m.spare)) },
		left: func(m *mixed) []*account { return []*account{m.seen, m.spare} },
	},
	{
		id: "replace", name: "PATCH replace of all members", needs: []check.Need{check.Patch},
		send: func(m *mixed) *check.Answer {
			return m.ours.Patch(m.group, check.PatchOps(check.Op("replace", "members", list(member(m.spare)))))
		},
		left: func(m *mixed) []*account { return []*account{m.spare} },
	},
	{
		id: "replace-object", name: "PATCH replace without a path", needs: []check.Need{check.Patch},
		send: func(m *mixed) *check.Answer {
			return m.ours.Patch(m.group, check.PatchOps(check.Op("replace", "", of(m.spare))))
		},
		left: func(m *mixed) []*account { return []*account{m.spare} },
	},
	{
		id: "remove", name: "PATCH remove of all members", needs: []check.Need{check.Patch},
		send: func(m *mixed) *check.Answer {
			return m.ours.Patch(m.group, check.PatchOps(check.Op("remove", "members", nil)))
		},
		left: func(*mixed) []*account { return nil },
	},
	{
		id: "remove-one", name: "PATCH remove that names one of them", needs: []check.Need{check.Patch},
		send: func(m *mixed) *check.Answer { return leaves(m.ours.T, m.group, m.hidden) },
		left: func(m *mixed) []*account { return []*account{m.seen} },
	},
	{
		id: "remove-like", name: "PATCH remove by a filter that they match", needs: []check.Need{check.Patch},
		send: func(m *mixed) *check.Answer {
			return m.ours.Patch(m.group, check.PatchOps(check.Op("remove", `members[type eq "User"]`, nil)))
		},
		left: func(*mixed) []*account { return nil },
	},
}

// keepsHidden asks what a write does to the members that the writer does not see.
func keepsHidden(w rewrite) check.Check {
	return check.Check{
		ID:          "idaas.scope.hidden-member." + w.id,
		Title:       w.name + " leaves members outside the scope in the group",
		Requirement: "The writer has its way with the members that it sees; an application that sees all finds the others where they were.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "scope-6",
		Needs:       append([]check.Need{check.Control, check.Users, check.Groups}, w.needs...),
		Since:       1,
		Run: func(t *check.T) {
			m := newMixed(t)
			members(m.ours.T, m.group, m.seen)
			t.Expect(w.send(m)).To(match.Success())
			members(m.ours.T, m.group, w.left(m)...)
			members(m.whole.T, m.group, append(w.left(m), m.hidden)...)
		},
	}
}

// groupScopes ask which groups a scope has, and what happens at its border (rules scope-3, scope-6).
var groupScopes = []check.Check{
	{
		ID:          "idaas.scope.members-of-it",
		Title:       "Members in the scope do not bring their group into it",
		Requirement: "The groups that the scope names decide alone: a group of nothing but visible accounts is not there where the scope does not name it.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "scope-3",
		Part:        "reads",
		Needs:       []check.Need{check.Control, check.Users, check.Groups, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			s := newSandbox(t)
			ours, other := s.application(), s.application()
			a := made(ours.T)
			group := team(other.T, a)
			gone(ours.T, group)
			aGroup.shows(ours.T)
			aGroup.finds(ours.T, []string{"filter", check.Eq("members.value", a.id)})
			other.Expect(other.Get(group), "read by the application that made it").To(match.Value("members.value", a.id))
		},
	},
	{
		ID:          "idaas.scope.groups-of-it",
		Title:       "No account shows a group outside the scope",
		Requirement: "Neither by GET, whatever is asked for, nor in lists; and no filter finds the account by such a group.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "scope-3",
		Part:        "reads",
		Needs:       []check.Need{check.Control, check.Users, check.Groups, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			s := newSandbox(t)
			ours, other := s.application(), s.application()
			a := made(ours.T)
			group := other.MustGet(team(other.T, a))
			for _, answer := range []*check.Answer{
				a.read(ours.T), ours.Get(a.path(ours.T), "attributes", "userName,groups"), ours.MustGet(ours.Users(), "count", "100"),
				find(ours.T, check.Eq("userName", a.userName)),
			} {
				for _, told := range []string{group.ID(), group.Text("displayName")} {
					t.Hold(!strings.Contains(string(answer.Body), told), "an answer without the group", "the answer to "+answer.Request.Path+" has "+told)
				}
			}
			anAccount.finds(ours.T, []string{"filter", check.Eq("groups.value", group.ID())})
		},
	},
	{
		ID:          "idaas.scope.joined",
		Title:       "A group that is made over SCIM joins the scope",
		Requirement: "The scope of the application that made it names the group from then on, that of another does not.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "scope-6",
		Needs:       []check.Need{check.Control, check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			s := newSandbox(t)
			ours, other := s.application(), s.application()
			before := ours.MustGroup().ID()
			made := ours.Post(ours.Groups(), ours.Group())
			t.Expect(made).To(match.Success())
			id := idOf(ours.T, made)
			organizations, groups := ours.scoped()
			t.Equal("groups of the scope", groups, sorted([]string{before, id}))
			t.Equal("organizations of the scope", organizations, s.root)
			aGroup.shows(ours.T, before, id)
			_, groups = other.scoped()
			t.Equal("groups of the scope of another application", groups, "")
			gone(other.T, check.Under(other.Groups(), id))
		},
	},
	{
		ID:          "idaas.scope.outsider",
		Title:       "A user outside the scope cannot become a member",
		Requirement: "POST, PUT, PATCH add and PATCH replace that name one are 400 invalidValue, and neither make nor change a group.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "scope-6",
		Needs:       []check.Need{check.Control, check.Users, check.Groups, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			n := newNeighbours(t)
			a, b, outsider := made(n.ours.T), made(n.ours.T), made(n.theirs.T)
			group := team(n.ours.T, a)
			was := n.ours.MustGet(group)
			both := of(b, outsider)
			for _, answer := range []*check.Answer{
				n.ours.Post(n.ours.Groups(), n.ours.Group(both)),
				n.ours.Put(group, n.ours.Group(both)),
				joins(n.ours.T, group, member(b), member(outsider)),
				n.ours.Patch(group, check.PatchOps(check.Op("replace", "members", both["members"]))),
			} {
				t.Expect(answer, answer.Request.Method).To(match.Error([]int{http.StatusBadRequest}, "invalidValue"))
			}
			intact(n.ours.T, group, was)
			aGroup.shows(n.ours.T, was.ID())
		},
	},
	{
		ID:          "idaas.scope.outsider-untold",
		Title:       "Nothing tells a user outside the scope, named as a member, from one who never was",
		Requirement: "POST, PUT, PATCH add and PATCH replace get the same status and error for both.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "scope-6",
		Needs:       []check.Need{check.Control, check.Users, check.Groups, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			n := newNeighbours(t)
			group, outsider := team(n.ours.T), made(n.theirs.T)
			ways := func(id string) []*check.Answer {
				members := list(check.Doc{"value": id})
				return []*check.Answer{
					n.ours.Post(n.ours.Groups(), n.ours.Group(check.Doc{"members": members})),
					n.ours.Put(group, n.ours.Group(check.Doc{"members": members})),
					n.ours.Patch(group, check.PatchOps(check.Op("add", "members", members))),
					n.ours.Patch(group, check.PatchOps(check.Op("replace", "members", members))),
				}
			}
			never, nor := strangersLike(t, outsider.id)
			wants, others := ways(never), ways(nor)
			for i, answer := range ways(outsider.id) {
				sameTelling(t, answer.Request.Method, tellingOf(wants[i], never), tellingOf(others[i], nor), tellingOf(answer, outsider.id))
			}
		},
	},
	{
		ID:          "idaas.scope.hidden-member.read",
		Title:       "Members outside the scope are not shown",
		Requirement: "A group comes with the members that the scope has, by its id and in filtered lists, and no filter finds it by another.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "scope-6",
		Needs:       []check.Need{check.Control, check.Users, check.Groups, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			m := newMixed(t)
			members(m.ours.T, m.group, m.seen)
			listed := m.ours.Get(m.ours.Groups(), "filter", check.Eq("id", m.groupID))
			t.Expect(listed).To(match.Status(http.StatusOK))
			t.Hold(!strings.Contains(string(listed.Body), m.hidden.id), "a list without the hidden member", "the list has "+m.hidden.id)
			aGroup.finds(m.ours.T, []string{"filter", check.Eq("members.value", m.hidden.id)})
			members(m.whole.T, m.group, m.seen, m.hidden)
		},
	},
	{
		ID:          "idaas.scope.hidden-member.filter",
		Title:       "Filters on members know of those alone that the scope has",
		Requirement: "A group all of whose members are outside the scope is one without members to every filter.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "scope-6",
		Needs:       []check.Need{check.Control, check.Users, check.Groups, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			m := newMixed(t)
			group := check.Under(m.ours.Groups(), m.groupID)
			m.whole.MustPut(group, m.whole.Group(of(m.hidden)))
			for _, filter := range []string{"members pr", "members.display pr", "members.value pr", `members[type eq "User"]`} {
				aGroup.finds(m.ours.T, []string{"filter", check.Eq("id", m.groupID) + " and " + filter})
			}
			aGroup.finds(m.ours.T, []string{"filter", "not (members.value pr)"}, m.groupID)
		},
	},
	{
		ID:          "idaas.scope.hidden-member.moved",
		Title:       "A member that moves out of the scope is hidden in its groups, and back with it",
		Requirement: "The group is without it until the account moves back, and an application that sees all finds it there all the time.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "scope-6",
		Needs:       []check.Need{check.Control, check.Users, check.Groups, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			m := newMixed(t)
			m.whole.MustPatch(m.seen.path(t), moves(byID(m.whole.s.root)))
			members(m.ours.T, m.group)
			members(m.whole.T, m.group, m.seen, m.hidden)
			m.whole.MustPatch(m.seen.path(t), moves(byID(m.here)))
			members(m.ours.T, m.group, m.seen)
		},
	},
	{
		ID:          "idaas.scope.hidden-member.named",
		Title:       "Naming a member outside the scope is refused as naming any stranger",
		Requirement: "PUT, PATCH add and PATCH replace are 400 invalidValue where the account is in the group already, too, and change nothing.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "scope-6",
		Needs:       []check.Need{check.Control, check.Users, check.Groups, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			m := newMixed(t)
			was, entries := m.whole.MustGet(m.group), of(m.seen, m.hidden)
			for _, answer := range []*check.Answer{
				m.ours.Put(m.group, m.ours.Group(entries)),
				joins(m.ours.T, m.group, member(m.hidden)),
				m.ours.Patch(m.group, check.PatchOps(check.Op("replace", "members", entries["members"]))),
			} {
				t.Expect(answer, answer.Request.Method).To(match.Error([]int{http.StatusBadRequest}, "invalidValue"))
			}
			intact(m.whole.T, m.group, was)
		},
	},
	{
		ID:          "idaas.scope.hidden-member.again",
		Title:       "A repeated POST leaves members outside the scope in the group",
		Requirement: "The application that made the group submits it again with other members; an application that sees all finds the hidden one where it was.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "scope-6",
		Needs:       []check.Need{check.Control, check.Users, check.Groups, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			m := newMixed(t)
			doc := m.ours.Group(check.Doc{"externalId": t.Unique()}, of(m.seen))
			id := m.ours.MustCreate(m.ours.Groups(), doc).ID()
			m.whole.scopes([]string{m.whole.s.root}, m.groupID, id)
			path := check.Under(m.ours.Groups(), id)
			m.whole.MustPatch(path, check.Op("add", "members", list(member(m.hidden))))
			doc["members"] = list(member(m.spare))
			answer := m.ours.Post(m.ours.Groups(), doc)
			if answer.Status == http.StatusConflict {
				t.Block("the target refuses a repeated POST with 409, so that it updates nothing")
			}
			t.Expect(answer).To(match.Success())
			among(m.whole.T, path, m.hidden)
		},
	},
}

// keptHidden ask that of every way in which members can be written.
func keptHidden() (list []check.Check) {
	for _, w := range rewrites {
		list = append(list, keepsHidden(w))
	}
	return list
}

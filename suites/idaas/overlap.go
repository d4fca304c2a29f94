package idaas

import (
	"net/http"
	"slices"

	"scimproof/suites/check"
	"scimproof/suites/match"
)

// meeting is something that one application made, and that the scope of another has, too.
type meeting struct {
	maker, other *application
	x            thing
}

func newMeeting(t *check.T, r realm) meeting {
	s := newSandbox(t)
	m := meeting{maker: s.application(), other: s.application()}
	m.x = r.make(m.maker.T)
	if r.id == aGroup.id {
		m.other.scopes([]string{s.root}, m.x.id)
	}
	return m
}

// reached asks what an application can do with what another one made, where both scopes have it (rule scope-4).
func reached(r realm) (list []check.Check) {
	ask := func(id, title, requirement string, needs []check.Need, run func(m meeting)) {
		list = append(list, check.Check{
			ID: "idaas.overlap." + r.id + "." + id, Title: title, Requirement: requirement, Profiles: []check.Profile{check.IDaaS},
			Rule: "scope-4", Needs: slices.Concat([]check.Need{check.Control}, r.needs, needs), Since: 1,
			Run: func(t *check.T) { run(newMeeting(t, r)) },
		})
	}
	ask("read", "An application sees "+r.name+" in its scope that another one made",
		"GET, lists and filters show it, whatever its source.", []check.Need{check.Filter},
		func(m meeting) {
			m.other.Expect(m.other.Get(m.x.path)).To(match.All(match.Status(http.StatusOK), match.Value(r.named, m.x.name)))
			r.shows(m.other.T, m.x.id)
			m.other.Expect(m.other.Get(r.endpoint(m.other.T), "filter", check.Eq(r.named, m.x.name))).To(match.Found(m.x.id))
		})
	for _, w := range strokes {
		ask(w.id, "An application can "+w.name+" "+r.name+" in its scope that another one made",
			"The write succeeds, and the application that made it sees what came of it.", w.needs,
			func(m meeting) {
				name := m.other.Unique()
				m.other.Expect(w.send(m.other.T, r, m.x.path, name)).To(match.Success())
				if w.id == "delete" {
					gone(m.maker.T, m.x.path)
					return
				}
				m.maker.Expect(m.maker.MustGet(m.x.path)).To(match.Value("displayName", name))
			})
	}
	return list
}

// partly asks what two applications see of three things, of which the scopes of both have the second (rule scope-4).
func partly(r realm) check.Check {
	return check.Check{
		ID:          "idaas.overlap." + r.id + ".part",
		Title:       "Where scopes meet in part, both see " + r.name + " that lies in both, and each its own",
		Requirement: "GET, lists, counts, pages and filters of each show what its scope has; what one changes of the common part the other sees.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "scope-4",
		Needs:       slices.Concat([]check.Need{check.Control, check.Filter, check.Patch}, r.needs),
		Since:       1,
		Run: func(t *check.T) {
			s := newSandbox(t)
			one, other, x := r.spread(s)
			for _, a := range []struct {
				*application
				seen []thing
				not  thing
			}{{one, x[:2], x[2]}, {other, x[1:], x[0]}} {
				ids := []string{a.seen[0].id, a.seen[1].id}
				r.shows(a.T, ids...)
				r.pages(a.T, 1, ids...)
				r.finds(a.T, []string{"filter", check.Eq(r.named, x[0].name) + " or " + check.Eq(r.named, x[1].name) + " or " + check.Eq(r.named, x[2].name)}, ids...)
				gone(a.T, a.not.path)
			}
			name := t.Unique()
			other.MustPatch(x[1].path, check.Op("replace", "displayName", name))
			t.Expect(one.MustGet(x[1].path)).To(match.Value("displayName", name))
		},
	}
}

// spread makes three things, and two applications that see the first two and the last two of them.
func (r realm) spread(s *sandbox) (one, other *application, x []thing) {
	whole := s.application()
	var places, ids []string
	for range 3 {
		next, place := r.make(whole.T), s.organization(s.root)
		if r.id == anAccount.id {
			whole.MustPatch(next.path, moves(byID(place)))
		}
		x, places, ids = append(x, next), append(places, place), append(ids, next.id)
	}
	one, other = s.application(within(places[0])), s.application(within(places[2]))
	if r.id == aGroup.id {
		one.scopes(places[:1], ids[:2]...)
		other.scopes(places[2:], ids[1:]...)
		return one, other, x
	}
	one.scopes(places[:2])
	other.scopes(places[1:])
	return one, other, x
}

// overlaps ask how applications share what both scopes have (rules scope-4, scope-5).
var overlaps = []check.Check{
	partly(anAccount),
	partly(aGroup),
	{
		ID:          "idaas.overlap.submission",
		Title:       "A repeated submission finds only what the application made",
		Requirement: "The externalId of another application's account leads nowhere, and its userName is 409; that account stays as it is.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "scope-4",
		Needs:       []check.Need{check.Control, check.Users, check.DisplayName, check.Emails, check.Phones},
		Since:       1,
		Run: func(t *check.T) {
			m := newMeeting(t, anAccount)
			was := m.maker.MustGet(m.x.path)
			beside := m.other.Post(m.other.Users(), m.other.User(check.Doc{"externalId": m.x.external}))
			t.Expect(beside, "an account with the externalId").To(match.Success())
			t.Hold(idOf(m.other.T, beside) != m.x.id, "another account", "the account of the other application")
			t.Expect(m.other.Post(m.other.Users(), m.other.User(check.Doc{"userName": m.x.name})), "an account with the userName").
				To(match.Error([]int{http.StatusConflict}, "uniqueness"))
			intact(m.maker.T, m.x.path, was)
		},
	},
	{
		ID:          "idaas.overlap.external-id",
		Title:       "Each application has an externalId of its own for a shared account",
		Requirement: "One does not see, find or change the externalId of the other.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "scope-5",
		Needs:       []check.Need{check.Control, check.Users, check.Patch, check.Filter, check.DisplayName, check.Emails, check.Phones},
		Since:       1,
		Run: func(t *check.T) {
			m := newMeeting(t, anAccount)
			own := t.Unique()
			t.Expect(m.other.MustGet(m.x.path)).To(match.Lacks("externalId"))
			anAccount.finds(m.other.T, []string{"filter", check.Eq("externalId", m.x.external)})
			t.Expect(m.other.Patch(m.x.path, check.PatchOps(check.Op("add", "externalId", own)))).To(match.Success())
			t.Expect(m.other.MustGet(m.x.path)).To(match.Value("externalId", own))
			t.Expect(m.maker.MustGet(m.x.path)).To(match.Value("externalId", m.x.external))
			t.Expect(find(m.other.T, check.Eq("externalId", own))).To(match.Found(m.x.id))
			t.Expect(find(m.maker.T, check.Eq("externalId", m.x.external))).To(match.Found(m.x.id))
			t.Expect(find(m.maker.T, check.Eq("externalId", own))).To(match.Found())
		},
	},
	{
		ID:          "idaas.overlap.submission-group",
		Title:       "A repeated submission of a group finds only what the application made",
		Requirement: "The externalId, and the displayName, of another application's group in the scope lead to no change of that group.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "scope-4",
		Needs:       []check.Need{check.Control, check.Users, check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			m := newMeeting(t, aGroup)
			was := m.maker.MustGet(m.x.path)
			for _, known := range []check.Doc{{"externalId": m.x.external}, {"displayName": m.x.name}} {
				answer := m.other.Post(m.other.Groups(), m.other.Group(known))
				if answer.OK() {
					t.Hold(idOf(m.other.T, answer) != m.x.id, "another group", "the group of the other application")
				}
				intact(m.maker.T, m.x.path, was)
			}
		},
	},
	{
		ID:          "idaas.overlap.external-id-stays",
		Title:       "A PUT empties the externalId of the application that sends it, and of no other",
		Requirement: "PUT without an externalId, by one application and by the other, leaves the account under the name that the other has for it.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "scope-5",
		Needs:       slices.Concat([]check.Need{check.Control, check.Patch, check.Filter}, anAccount.needs),
		Since:       1,
		Run: func(t *check.T) {
			m := newMeeting(t, anAccount)
			own, bare := t.Unique(), check.Doc{"userName": m.x.name}
			t.Expect(m.other.Put(m.x.path, m.other.User(bare))).To(match.Success())
			t.Expect(m.maker.MustGet(m.x.path)).To(match.Value("externalId", m.x.external))
			t.Expect(find(m.maker.T, check.Eq("externalId", m.x.external))).To(match.Found(m.x.id))
			m.other.MustPatch(m.x.path, check.Op("add", "externalId", own))
			t.Expect(m.maker.Put(m.x.path, m.maker.User(bare))).To(match.Success())
			t.Expect(m.other.MustGet(m.x.path)).To(match.Value("externalId", own))
		},
	},
	{
		ID:          "idaas.overlap.delete-member",
		Title:       "An account that one application deletes leaves the groups of every other",
		Requirement: "Also those that the application which deletes it does not see.",
		Profiles:    []check.Profile{check.IDaaS},
		Level:       check.Must,
		Rule:        "user-6",
		Needs:       []check.Need{check.Control, check.Users, check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			s := newSandbox(t)
			one, other := s.application(), s.application()
			goes, stays := made(one.T), made(one.T)
			group := team(other.T, goes, stays)
			members(other.T, group, goes, stays)
			one.MustDelete(goes.path(one.T))
			members(other.T, group, stays)
		},
	},
	{
		ID:          "idaas.overlap.location",
		Title:       "What another application made has its address below the own Base URL",
		Requirement: "meta.location of a shared account, by GET and in lists, begins with the Base URL of the application that asks.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "url-2",
		Part:        "location",
		Needs:       slices.Concat([]check.Need{check.Control, check.Filter}, anAccount.needs),
		Since:       1,
		Run: func(t *check.T) {
			m := newMeeting(t, anAccount)
			full(m.other.T, "meta.location", m.other.MustGet(m.x.path).Text("meta.location"))
			full(m.other.T, "meta.location in a list", find(m.other.T, check.Eq("userName", m.x.name)).Text("Resources.meta.location"))
		},
	},
	{
		ID:          "idaas.overlap.ref",
		Title:       "A member that another application made has its $ref below the own Base URL",
		Requirement: "The group shows the full address of the user as the application that asks can follow it.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "url-2",
		Part:        "ref",
		Needs:       slices.Concat([]check.Need{check.Control, check.Groups}, anAccount.needs),
		Since:       1,
		Run: func(t *check.T) {
			m := newMeeting(t, anAccount)
			group := team(m.other.T, &account{m.x.name, m.x.id})
			full(m.other.T, "$ref", m.other.MustGet(group).Text("members.$ref"))
		},
	},
}

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

// overlaps ask how applications share what both scopes have (rules scope-4, scope-5).
var overlaps = []check.Check{
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
}

package idaas

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

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

// both are two applications that are not to meet.
type both struct {
	about      string
	one, other *application
}

// apart are pairs of applications that have nothing in common: those of one instance whose scopes do not meet, and those of two instances.
func apart(t *check.T) []both {
	n := newNeighbours(t)
	far, farther := newSandbox(t).application(), newSandbox(t).application()
	return []both{{"in one instance", n.ours, n.theirs}, {"in two instances", far, farther}}
}

// blind asks whether applications see or touch what is not theirs (rule scope-5).
func blind(id, title, requirement string, needs []check.Need, ask func(b both, r realm, own, foreign thing)) check.Check {
	return check.Check{
		ID: "idaas.apart." + id, Title: title, Requirement: requirement, Profiles: []check.Profile{check.IDaaS}, Rule: "scope-5",
		Needs: slices.Concat([]check.Need{check.Control}, anAccount.needs, aGroup.needs, needs), Since: 1,
		Run: func(t *check.T) {
			for _, b := range apart(t) {
				for _, r := range realms {
					x, y := r.make(b.one.T), r.make(b.other.T)
					ask(b, r, x, y)
					ask(both{b.about, b.other, b.one}, r, y, x)
				}
			}
		},
	}
}

// overlaps ask what applications have to do with each other (rules scope-4, scope-5).
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
	blind("get", "No id leads to what belongs to another application or instance",
		"GET of an account or group of applications whose scopes do not meet, or of another instance, is 404.", nil,
		func(b both, _ realm, _, foreign thing) { gone(b.one.T, foreign.path) }),
	blind("list", "No list, count, page or order shows what belongs to another application or instance",
		"Each application lists its own accounts and groups.", []check.Need{check.Sort},
		func(b both, r realm, own, _ thing) {
			r.shows(b.one.T, own.id)
			r.pages(b.one.T, 1, own.id)
			r.orders(b.one.T, own.id)
		}),
	blind("filter", "No filter finds what belongs to another application or instance",
		"Neither by a value, nor by or, not, ne and pr.", []check.Need{check.Filter},
		func(b both, r realm, own, foreign thing) {
			r.answersFilters(b.one.T, foreign)
			r.answersLogic(b.one.T, own, foreign)
		}),
	blind("write", "No write reaches what belongs to another application or instance",
		"PUT, PATCH and DELETE by its id are 404 and change nothing.", []check.Need{check.Patch},
		func(b both, r realm, _, foreign thing) {
			for _, w := range strokes {
				w.untouched(r, b.one, b.other, foreign.path)
			}
		}),
	blind("member", "Nobody from another application or instance becomes a member",
		"PUT and PATCH that name an account of applications whose scopes do not meet, or of another instance, are 400 invalidValue and change nothing.",
		[]check.Need{check.Patch},
		func(b both, r realm, own, foreign thing) {
			if r.id != aGroup.id {
				return
			}
			was := b.one.MustGet(own.path)
			stranger := check.Doc{"value": foreign.member}
			b.one.Expect(joins(b.one.T, own.path, stranger)).To(match.Error([]int{http.StatusBadRequest}, "invalidValue"))
			b.one.Expect(b.one.Put(own.path, b.one.Group(check.Doc{"members": list(stranger)}))).To(match.Error([]int{http.StatusBadRequest}, "invalidValue"))
			intact(b.one.T, own.path, was)
		}),
	{
		ID:          "idaas.apart.cursor",
		Title:       "A cursor of one application leads to nothing at another",
		Requirement: "An application that pages by cursor refuses a cursor that another one handed out, or shows its own users; never those of the other.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "scope-5",
		Needs:       []check.Need{check.Control, check.Users},
		Since:       1,
		Run: func(t *check.T) {
			for _, a := range []check.Doc{{"profile": "rfc"}, {}} {
				s := newSandbox(t)
				cursorStays(t, s.application(a), s.application(a))
			}
		},
	},
	{
		ID:          "idaas.apart.clash",
		Title:       "A userName that a hidden account has is 409, and the error says nothing of that account",
		Requirement: "POST, PUT and PATCH are refused with uniqueness; neither body nor headers hold its id or any value of it but the one that was sent.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "scope-5",
		Needs:       slices.Concat([]check.Need{check.Control, check.Patch}, anAccount.needs),
		Since:       1,
		Run: func(t *check.T) {
			n := newNeighbours(t)
			x, a := anAccount.make(n.theirs.T), made(n.ours.T)
			was := n.theirs.MustGet(x.path)
			taken := check.Doc{"userName": x.name}
			for _, answer := range []*check.Answer{
				n.ours.Post(n.ours.Users(), n.ours.User(taken)),
				n.ours.Put(a.path(n.ours.T), n.ours.User(taken)),
				a.patch(n.ours.T, check.Op("replace", "userName", x.name)),
			} {
				t.Expect(answer).To(match.Error([]int{http.StatusConflict}, "uniqueness"))
				told := fmt.Sprint(answer.Header) + string(answer.Body)
				for _, secret := range [][2]string{
					{"id", x.id}, {"externalId", x.external}, {"displayName", "Display of "}, {"number", x.phone}, {"organization", n.there}, {"application", n.theirs.id},
				} {
					t.Hold(!strings.Contains(told, secret[1]), "an error that says nothing of the other account", "the error has its "+secret[0])
				}
			}
			intact(n.theirs.T, x.path, was)
		},
	},
	{
		ID:          "idaas.apart.names",
		Title:       "Names end at the instance, and externalIds at the application",
		Requirement: "The userName of an account in another instance is free, and so is the externalId that another application has for an account.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "scope-5",
		Needs:       []check.Need{check.Control, check.Users},
		Since:       1,
		Run: func(t *check.T) {
			n, far := newNeighbours(t), newSandbox(t).application()
			a, external := newAccount(t), check.Doc{"externalId": t.Unique()}
			a.id = n.ours.MustCreate(n.ours.Users(), a.doc(t, external)).ID()
			t.Expect(far.Post(far.Users(), a.doc(t, external)), "the userName in another instance").To(match.Success())
			t.Expect(n.theirs.Post(n.theirs.Users(), n.theirs.User(external)), "the externalId in another application").To(match.Success())
			anAccount.shows(n.ours.T, a.id)
		},
	},
}

// cursorStays takes a cursor that one application handed out to another, and back, where they page by cursor (RFC 9865 section 2).
func cursorStays(t *check.T, one, other *application) {
	if one.MustGet("/ServiceProviderConfig").Text("pagination.cursor") != "true" {
		return
	}
	for range 2 {
		one.MustUser()
	}
	first := one.MustGet(one.Users(), "count", "1", "cursor", "")
	cursor := first.Text("nextCursor")
	if cursor == "" {
		t.Block("the first of two pages has no nextCursor")
	}
	was := one.MustGet(one.Users())
	answer := other.Get(other.Users(), "count", "1", "cursor", cursor)
	for _, u := range answer.Resources() {
		for _, theirs := range was.Resources() {
			t.Hold(u.Text("id") != theirs.Text("id"), "no user of the application that handed out the cursor", "its user "+u.Text("id"))
		}
	}
	t.Expect(one.Get(one.Users(), "count", "1", "cursor", cursor), "the cursor where it belongs").To(match.Status(http.StatusOK))
}

package idaas

import (
	"slices"
	"strings"

	"scimproof/suites/check"
	"scimproof/suites/match"
)

// sorted is a set of ids as one text.
func sorted(ids []string) string {
	return strings.Join(slices.Sorted(slices.Values(ids)), " ")
}

// neighbours are two applications of a sandbox, each with an organization of its own.
type neighbours struct {
	s            *sandbox
	ours, theirs *application
	here, there  string // the organizations
}

func newNeighbours(t *check.T) *neighbours {
	n := &neighbours{s: newSandbox(t)}
	n.here, n.there = n.s.organization(n.s.root), n.s.organization(n.s.root)
	n.ours, n.theirs = n.s.application(within(n.here)), n.s.application(within(n.there))
	return n
}

// scopes sets the provisioning scope.
func (a *application) scopes(organizations []string, groups ...string) {
	a.set(check.Doc{"provisioningScope": scopeWith(organizations, groups...)})
}

// scoped reads the provisioning scope again: the ids of its organizations, and of its groups.
func (a *application) scoped() (organizations, groups string) {
	says := a.s.plane.MustGet(a.path())
	ids := func(list string) (out []string) {
		if n := says.At("provisioningScope." + list); n != nil {
			for _, v := range n.Items {
				out = append(out, v.String())
			}
		}
		return out
	}
	return sorted(ids("organizationalUnitIds")), sorted(ids("groupIds"))
}

// into is an account that is sent with its organization.
func into(organization string) check.Doc { return placedIn(byID(organization)) }

// bounds ask what a scope hides of accounts, or of groups (rules scope-2, scope-3).
func bounds(r realm) (list []check.Check) {
	ask := func(id, title, requirement, part string, needs []check.Need, run func(n *neighbours)) {
		list = append(list, check.Check{
			ID: "idaas.scope." + r.id + "." + id, Title: title, Requirement: requirement, Profiles: []check.Profile{check.IDaaS},
			Rule: r.rule, Part: part, Needs: slices.Concat([]check.Need{check.Control}, r.needs, needs), Since: 1,
			Run: func(t *check.T) { run(newNeighbours(t)) },
		})
	}
	for _, w := range strokes {
		ask(w.id, w.name+" of "+r.name+" outside the scope is 404 and changes nothing",
			"What lies outside the provisioning scope is not affected, as an application that sees it can tell.", "writes", w.needs,
			func(n *neighbours) { w.untouched(r, n.ours, n.theirs, r.make(n.theirs.T).path) })
	}
	ask("post", "A repeated POST does not reach "+r.name+" that has left the scope",
		"What an application made and no longer sees is not affected where it is submitted again.", "writes", []check.Need{check.Patch},
		func(n *neighbours) { r.submittedAgain(n) })
	ask("untold", "Nothing tells "+r.name+" outside the scope from one that never was",
		"GET, PUT, PATCH and DELETE, with conditions and without, get the same status, error and headers for both.", "reads", []check.Need{check.Patch},
		func(n *neighbours) {
			x := r.make(n.theirs.T)
			was := n.theirs.MustGet(x.path)
			r.untold(n.ours.T, x)
			intact(n.theirs.T, x.path, was)
		})
	ask("get", "GET of "+r.name+" outside the scope is 404",
		"It is as if it did not exist, whichever attributes are asked for.", "reads", nil,
		func(n *neighbours) { gone(n.ours.T, r.make(n.theirs.T).path) })
	ask("list", "No list and no count has "+r.name+" outside the scope",
		"Lists show what is in the scope and nothing else, and totalResults counts no more than that.", "reads", nil,
		func(n *neighbours) {
			x := r.make(n.ours.T)
			r.make(n.theirs.T)
			r.shows(n.ours.T, x.id)
		})
	ask("filter", "No filter finds "+r.name+" outside the scope by what it holds",
		"Neither by its id, nor by any name, address or number of it.", "reads", []check.Need{check.Filter},
		func(n *neighbours) {
			r.make(n.ours.T)
			r.answersFilters(n.ours.T, r.make(n.theirs.T))
		})
	ask("logic", "No or, not, ne or pr brings "+r.name+" from outside the scope",
		"The scope bounds a filter as a whole, not one of its terms.", "reads", []check.Need{check.Filter},
		func(n *neighbours) { r.answersLogic(n.ours.T, r.make(n.ours.T), r.make(n.theirs.T)) })
	ask("pages", "No page has "+r.name+" outside the scope",
		"Page by page, a client meets what is in the scope once each, whatever was made in between outside.", "reads", nil,
		func(n *neighbours) {
			var ids []string
			for range 3 {
				ids = append(ids, r.make(n.ours.T).id)
				r.make(n.theirs.T)
			}
			r.pages(n.ours.T, 2, ids...)
		})
	ask("cursor", "No page behind a cursor has "+r.name+" outside the scope",
		"A client that pages by cursor, where the server lets it, meets what is in the scope and nothing else.", "reads", nil,
		func(n *neighbours) {
			x := r.make(n.ours.T)
			r.make(n.theirs.T)
			r.cursors(n.ours.T, x.id, r.make(n.ours.T).id)
		})
	ask("elsewhere", "No other endpoint leads to "+r.name+" outside the scope",
		".search, a query at the Base URL and /Bulk show nothing of it and do nothing to it, where a server has them.", "reads", []check.Need{check.Patch},
		func(n *neighbours) { r.closed(n.ours.T, n.theirs, r.make(n.theirs.T)) })
	ask("sort", "No sorted list has "+r.name+" outside the scope",
		"By whichever attribute it is sorted, and in whichever order.", "reads", []check.Need{check.Sort},
		func(n *neighbours) {
			x := r.make(n.ours.T)
			r.make(n.theirs.T)
			r.orders(n.ours.T, x.id)
		})
	return list
}

// scopes ask what a scope is made of, which side an account is on, and what becomes of it when the scope changes (rules scope-1, scope-2, scope-7).
var scopes = []check.Check{
	{
		ID:          "idaas.scope.set",
		Title:       "A scope is a set of organizations together with a set of groups",
		Requirement: "With several organizations and a group in its scope, an application sees the accounts of all of these, the group, and nothing else.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "scope-1",
		Part:        "set",
		Needs:       []check.Need{check.Control, check.Users, check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			s := newSandbox(t)
			one, two, out := s.organization(s.root), s.organization(s.root), s.organization(s.root)
			whole := s.application()
			first, second := made(whole.T, into(one)), made(whole.T, into(two))
			made(whole.T, into(out))
			group := whole.MustGroup().ID()
			whole.MustGroup()
			a := s.application(within(one))
			a.scopes([]string{one, two}, group)
			organizations, groups := a.scoped()
			t.Equal("organizations of the scope", organizations, sorted([]string{one, two}))
			t.Equal("groups of the scope", groups, group)
			anAccount.shows(a.T, first.id, second.id)
			aGroup.shows(a.T, group)
		},
	},
	{
		ID:          "idaas.scope.below",
		Title:       "An organization in the scope brings every organization below it",
		Requirement: "Accounts of organizations below are seen, however far below; those of the one above are not.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "scope-1",
		Part:        "below",
		Needs:       []check.Need{check.Control, check.Users},
		Since:       1,
		Run: func(t *check.T) {
			s := newSandbox(t)
			top := s.organization(s.root)
			below := s.organization(top)
			a := s.application(within(top))
			far := s.organization(below) // which comes after the scope was set
			whole := s.application()
			var ids []string
			for _, organization := range []string{top, below, far} {
				ids = append(ids, made(whole.T, into(organization)).id)
			}
			made(whole.T, into(s.root))
			anAccount.shows(a.T, ids...)
		},
	},
	{
		ID:          "idaas.scope.group-of-it",
		Title:       "A group in the scope does not bring its members into it",
		Requirement: "The organization of an account alone decides: a member from outside is neither shown by the group nor to be had otherwise.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "scope-2",
		Part:        "reads",
		Needs:       []check.Need{check.Control, check.Users, check.Groups, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			m := newMixed(t)
			gone(m.ours.T, m.hidden.path(m.ours.T))
			anAccount.shows(m.ours.T, m.seen.id, m.spare.id)
			members(m.ours.T, m.group, m.seen)
			aGroup.finds(m.ours.T, []string{"filter", check.Eq("members.value", m.hidden.id)})
		},
	},
	{
		ID:          "idaas.scope.moved",
		Title:       "An account that moves to another organization changes sides",
		Requirement: "Moved out of the scope it is gone, also for the application that made it; moved back it is there again.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "scope-2",
		Part:        "reads",
		Needs:       []check.Need{check.Control, check.Users, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			n := newNeighbours(t)
			whole := n.s.application()
			a := made(n.ours.T)
			gone(n.theirs.T, a.path(n.theirs.T))
			whole.MustPatch(a.path(whole.T), moves(byID(n.there)))
			gone(n.ours.T, a.path(n.ours.T))
			anAccount.shows(n.ours.T)
			anAccount.shows(n.theirs.T, a.id)
			whole.MustPatch(a.path(whole.T), moves(byID(n.here)))
			gone(n.theirs.T, a.path(n.theirs.T))
			anAccount.shows(n.ours.T, a.id)
		},
	},
	{
		ID:          "idaas.scope.narrowed",
		Title:       "A narrower scope hides at once, and deletes nothing",
		Requirement: "The next request sees neither the accounts nor the groups that the scope no longer has; other applications see them as they were.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "scope-7",
		Needs:       []check.Need{check.Control, check.Users, check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			m := newMixed(t)
			user, group := m.whole.MustGet(m.seen.path(t)), m.whole.MustGet(m.group)
			m.ours.MustGet(m.seen.path(t))
			m.ours.scopes([]string{m.elsewhere})
			gone(m.ours.T, m.seen.path(t))
			gone(m.ours.T, m.group)
			anAccount.shows(m.ours.T)
			aGroup.shows(m.ours.T)
			intact(m.whole.T, m.seen.path(t), user)
			intact(m.whole.T, m.group, group)
		},
	},
	{
		ID:          "idaas.scope.narrowed-write",
		Title:       "A narrower scope stops writes at once",
		Requirement: "PUT, PATCH and DELETE of what the client has just read, and the scope no longer has, are 404 and change nothing.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "scope-7",
		Needs:       []check.Need{check.Control, check.Users, check.Groups, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			m := newMixed(t)
			m.ours.MustGet(m.seen.path(t))
			m.ours.MustGet(m.group)
			m.ours.scopes([]string{m.elsewhere})
			for _, w := range strokes {
				w.untouched(anAccount, m.ours, m.whole, m.seen.path(t))
				w.untouched(aGroup, m.ours, m.whole, m.group)
			}
		},
	},
	{
		ID:          "idaas.scope.narrowed-members",
		Title:       "Members that a narrower scope hides stay in their groups",
		Requirement: "The next request shows the group without them, a write of its members leaves them in, and a wider scope shows them again.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "scope-7",
		Needs:       []check.Need{check.Control, check.Users, check.Groups, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			m := newMixed(t)
			members(m.ours.T, m.group, m.seen)
			m.ours.scopes([]string{m.elsewhere}, m.groupID)
			members(m.ours.T, m.group)
			aGroup.finds(m.ours.T, []string{"filter", check.Eq("members.value", m.seen.id)})
			t.Expect(m.ours.Put(m.group, m.ours.Group())).To(match.Success())
			members(m.whole.T, m.group, m.seen, m.hidden)
			m.ours.scopes([]string{m.elsewhere, m.here}, m.groupID)
			members(m.ours.T, m.group, m.seen)
		},
	},
	{
		ID:          "idaas.scope.widened",
		Title:       "A wider scope shows again what a narrower one hid",
		Requirement: "The same accounts and groups are back, with their ids and all that they had.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "scope-7",
		Needs:       []check.Need{check.Control, check.Users, check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			m := newMixed(t)
			user, group := m.ours.MustGet(m.seen.path(t)), m.ours.MustGet(m.group)
			m.ours.scopes([]string{m.elsewhere})
			m.ours.Get(m.seen.path(t))
			m.ours.Get(m.group)
			m.ours.scopes([]string{m.elsewhere, m.here}, m.groupID)
			intact(m.ours.T, m.seen.path(t), user)
			intact(m.ours.T, m.group, group)
			anAccount.shows(m.ours.T, m.seen.id, m.spare.id)
			aGroup.shows(m.ours.T, m.groupID)
		},
	},
}

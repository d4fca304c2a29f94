package idaas

import (
	"scimproof/suites/check"
	"scimproof/suites/match"
)

const targetMember = "userPrimaryOrganizationalUnitId" // of an application in the control API

// target reads the synchronization target again.
func (a *application) target() string { return a.s.plane.MustGet(a.path()).Text(targetMember) }

// takesInto expects the synchronization target to be an organization: as the control API has it, and as accounts that come are placed.
func (a *application) takesInto(organization string) {
	a.s.t.Equal("synchronization target", a.target(), organization)
	a.s.t.Equal("organizationId of an account that comes without one", organizationOf(made(a.T).read(a.T)), organization)
}

// targets ask where the synchronization target may be, and whom it takes in (rules sync-1, sync-2, org-2).
var targets = []check.Check{
	{
		ID:          "idaas.target.outside",
		Title:       "An organization outside the scope is refused as synchronization target",
		Requirement: "One beside the scope, the one above it, and one that does not exist are refused, and the target stays what it was.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "sync-1",
		Part:        "target",
		Needs:       []check.Need{check.Control, check.Users},
		Since:       1,
		Run: func(t *check.T) {
			n := newNeighbours(t)
			for _, organization := range []string{n.there, n.s.root, "ou_" + t.Unique()} {
				t.Expect(n.s.plane.Patch(n.ours.path(), check.Doc{targetMember: organization})).To(match.Denied())
				n.ours.takesInto(n.here)
			}
		},
	},
	{
		ID:          "idaas.target.outside-new",
		Title:       "No application is made with a target outside its scope",
		Requirement: "The request that would make it is refused, and the application is not there.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "sync-1",
		Part:        "target",
		Needs:       []check.Need{check.Control},
		Since:       1,
		Run: func(t *check.T) {
			n := newNeighbours(t)
			all := n.s.path() + "/applications"
			wrong := n.s.draft(check.Doc{"provisioningScope": scope(n.here), targetMember: n.there})
			t.Expect(n.s.plane.Post(all, wrong)).To(match.Denied())
			for _, a := range items(n.s.plane.MustGet(all)) {
				t.Hold(a.Text("applicationName") != wrong["applicationName"], "no such application", "the application is there")
			}
		},
	},
	{
		ID:          "idaas.target.left-outside",
		Title:       "A scope that would leave the synchronization target outside is refused",
		Requirement: "The scope stays what it was, and with it what the application sees.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "sync-1",
		Part:        "scope",
		Needs:       []check.Need{check.Control, check.Users},
		Since:       1,
		Run: func(t *check.T) {
			n := newNeighbours(t)
			a := made(n.ours.T)
			made(n.theirs.T)
			for _, wrong := range []check.Doc{scope(n.there), scope(n.s.organization(n.here)), scope()} {
				t.Expect(n.s.plane.Patch(n.ours.path(), check.Doc{"provisioningScope": wrong})).To(match.Denied())
				organizations, _ := n.ours.scoped()
				t.Equal("organizations of the scope", organizations, n.here)
				anAccount.shows(n.ours.T, a.id)
			}
		},
	},
	{
		ID:          "idaas.target.moved",
		Title:       "A new synchronization target takes in who comes from then on",
		Requirement: "Accounts that have an organization stay there when the target becomes another one.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "sync-2",
		Part:        "stays",
		Needs:       []check.Need{check.Control, check.Users},
		Since:       1,
		Run: func(t *check.T) {
			s := newSandbox(t)
			first, second := s.organization(s.root), s.organization(s.root)
			a := s.application(check.Doc{targetMember: first})
			early := made(a.T)
			a.set(check.Doc{targetMember: second})
			a.takesInto(second)
			t.Equal("organizationId of an account that came before", organizationOf(early.read(a.T)), first)
		},
	},
	{
		ID:          "idaas.target.passed",
		Title:       "An account that has an organization is not placed in the target",
		Requirement: "One that comes with an organization is placed there, and stays when it is submitted again without one.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "sync-2",
		Part:        "stays",
		Needs:       []check.Need{check.Control, check.Users},
		Since:       1,
		Run: func(t *check.T) {
			s := newSandbox(t)
			a, elsewhere := s.application(), s.organization(s.root)
			x := newAccount(a.T)
			x.post(a.T, x.doc(a.T, into(elsewhere)))
			t.Equal("organizationId", organizationOf(x.read(a.T)), elsewhere)
			t.Expect(again.send(a.T, x, check.Doc{"displayName": t.Unique()})).To(match.Success())
			t.Equal("organizationId after a repeated POST", organizationOf(x.read(a.T)), elsewhere)
		},
	},
	{
		ID:          "idaas.organization.target",
		Title:       "An account that is made without organization is placed in the synchronization target",
		Requirement: "That is the target of the application that makes it, whatever else the scope has and whatever the targets of others.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "org-2",
		Needs:       []check.Need{check.Control, check.Users},
		Since:       1,
		Run: func(t *check.T) {
			s := newSandbox(t)
			for range 2 {
				target := s.organization(s.root)
				s.application(check.Doc{targetMember: target}).takesInto(target)
			}
		},
	},
}

package idaas

import (
	"strings"

	"scimproof/suites/check"
	"scimproof/suites/match"
)

// Paths of the organization: in a body, and in a PATCH.
const (
	inBody  = `"` + check.EnterpriseSchema + `".organization.organizationId`
	inPatch = check.EnterpriseSchema + ":organization"
)

// placedIn is the enterprise extension with the organization, or what stands for it.
func placedIn(organization any) check.Doc {
	return check.Doc{
		"schemas":              check.List{check.UserSchema, check.EnterpriseSchema},
		check.EnterpriseSchema: check.Doc{"organization": organization},
	}
}

// byID is an organization as the profile has it.
func byID(id string) check.Doc { return check.Doc{"organizationId": id} }

// moves is an operation that places an account.
func moves(organization any) check.Doc { return check.Op("replace", inPatch, organization) }

// organizationOf is the id of the organization that an answer shows, or "".
func organizationOf(a *check.Answer) string { return a.Text(inBody) }

// home is the organization of an account. Where none is shown there is nothing to ask about.
func home(t *check.T, a *account) string {
	id := organizationOf(a.read(t))
	if id == "" {
		t.NA("the target shows no organization of an account")
	}
	return id
}

// place sends an organization in one of the ways.
func (w way) place(t *check.T, a *account, organization any) *check.Answer {
	if w.id == byPatch.id {
		return a.patch(t, moves(organization))
	}
	return w.send(t, a, placedIn(organization))
}

// unknownOrganization asks about an id that leads nowhere.
func unknownOrganization(w way) check.Check {
	return check.Check{
		ID:          "idaas.organization.unknown." + w.id,
		Title:       "An unknown organizationId is refused (" + w.name + ")",
		Requirement: "It is 400 with the code OrganizationUnitIdNotInScopes, and no account is made or moved.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "org-4",
		Needs:       append([]check.Need{check.Filter}, w.needs...),
		Since:       1,
		Run: func(t *check.T) {
			a := w.subject(t, nil)
			var was state
			if !w.makes {
				was = a.look(t)
			}
			answer := w.place(t, a, byID("ou_"+t.Unique()))
			t.Expect(answer).To(match.Status(400))
			t.Hold(strings.Contains(string(answer.Body), "OrganizationUnitIdNotInScopes"), "the code OrganizationUnitIdNotInScopes", answer.Text("detail"))
			if w.makes {
				a.unmade(t)
				return
			}
			a.still(t, was)
		},
	}
}

// placedBy asks whether an account gets to the organization that a request names.
func placedBy(w way) check.Check {
	return check.Check{
		ID:          "idaas.organization.place." + w.id,
		Title:       "An account is placed in the organization that organizationId names (" + w.name + ")",
		Requirement: "It is there when it is read again, and an application that has nothing but this organization in its scope sees it.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "org-1",
		Part:        "place",
		Needs:       append([]check.Need{check.Control}, w.needs...),
		Since:       1,
		Run: func(t *check.T) {
			s := newSandbox(t)
			elsewhere := s.organization(s.root)
			app := s.application()
			a := w.subject(app.T, nil)
			t.Expect(w.place(app.T, a, byID(elsewhere))).To(match.Success())
			t.Equal("organizationId", organizationOf(a.read(app.T)), elsewhere)
			anAccount.shows(s.application(within(elsewhere)).T, a.id)
		},
	}
}

// organizations ask where an account is placed (rules org-*, sync-2).
var organizations = []check.Check{
	{
		ID:          "idaas.organization.placed",
		Title:       "An account that comes without an organization is placed in one",
		Requirement: "The synchronization target takes in imported accounts that have no organization.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "sync-2",
		Part:        "placed",
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run:         func(t *check.T) { t.Expect(made(t).read(t)).To(match.Has(inBody)) },
	},
	{
		ID:          "idaas.organization.default",
		Title:       "Accounts that are made without an organization are all placed in the same one",
		Requirement: "That is the synchronization target.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "org-2",
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			first := home(t, made(t))
			t.Equal("organizationId of another account", home(t, made(t)), first)
		},
	},
	{
		ID:          "idaas.organization.shown",
		Title:       "The organization of an account is always returned, with its id",
		Requirement: "POST, GET, lists and answers with selected attributes all show it.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "org-1",
		Part:        "shown",
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			a := newAccount(t)
			t.Expect(a.post(t, a.doc(t))).To(match.Has(inBody))
			t.Expect(a.read(t)).To(match.Has(inBody))
			t.Expect(find(t, check.Eq("userName", a.userName))).To(match.Has("Resources." + inBody))
			t.Expect(t.MustGet(a.path(t), "attributes", "userName")).To(match.Has(inBody))
		},
	},
	{
		ID:          "idaas.organization.same",
		Title:       "The organization of an account, sent back, always passes",
		Requirement: "PUT, PATCH and a repeated submission with the organizationId that the account has succeed and leave it there.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "org-1",
		Part:        "same",
		Needs:       []check.Need{check.Users, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			a := made(t)
			id := home(t, a)
			for _, w := range []way{byPut, byPatch, again} {
				t.Expect(w.place(t, a, byID(id)), w.name).To(match.Success())
				t.Equal("organizationId after "+w.name, organizationOf(a.read(t)), id)
			}
		},
	},
	{
		ID:          "idaas.organization.stays",
		Title:       "A write that leaves the organization out does not move the account",
		Requirement: "Once placed, an account stays where it is: PUT and PATCH without organization change nothing about that.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "org-3",
		Part:        "omitted",
		Needs:       []check.Need{check.Users, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			a := made(t)
			id := home(t, a)
			for _, w := range []way{byPut, byPatch} {
				t.Expect(w.send(t, a, check.Doc{"displayName": t.Unique()})).To(match.Success())
				t.Equal("organizationId after "+w.name, organizationOf(a.read(t)), id)
			}
		},
	},
	{
		ID:          "idaas.organization.removed",
		Title:       "PATCH remove of the organization does not move the account",
		Requirement: "An account is always somewhere: the remove succeeds, and the account stays.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "org-3",
		Part:        "removed",
		Needs:       []check.Need{check.Users, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			a := made(t)
			id := home(t, a)
			for _, path := range []string{inPatch, inPatch + ".organizationId"} {
				t.Expect(a.patch(t, check.Op("remove", path, nil))).To(match.Success())
				t.Equal("organizationId", organizationOf(a.read(t)), id)
			}
		},
	},
	unknownOrganization(byPost),
	unknownOrganization(byPut),
	unknownOrganization(byPatch),
	unknownOrganization(again),
	{
		ID:          "idaas.organization.company",
		Title:       "The name of a company in organization is ignored",
		Requirement: "Okta and Entra ID send a text there; one that is no organization's id is no error and moves nobody.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "org-5",
		Needs:       []check.Need{check.Users, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			target := home(t, made(t))
			a := newAccount(t)
			for _, w := range ways {
				t.Expect(w.place(t, a, "Acme Ltd. "+t.Unique()), w.name).To(match.Success())
				t.Equal("organizationId after "+w.name, organizationOf(a.read(t)), target)
			}
		},
	},
	placedBy(byPost),
	placedBy(byPut),
	placedBy(byPatch),
	placedBy(again),
	{
		ID:          "idaas.organization.stays-elsewhere",
		Title:       "A write that leaves the organization out does not take the account back to the target",
		Requirement: "An account in another organization than the synchronization target stays there after PUT and PATCH without organization.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "org-3",
		Part:        "omitted",
		Needs:       []check.Need{check.Control, check.Users, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			app, a, elsewhere := placedElsewhere(t)
			for _, w := range []way{byPut, byPatch} {
				t.Expect(w.send(app.T, a, check.Doc{"displayName": t.Unique()})).To(match.Success())
				t.Equal("organizationId after "+w.name, organizationOf(a.read(app.T)), elsewhere)
			}
		},
	},
	{
		ID:          "idaas.organization.removed-elsewhere",
		Title:       "PATCH remove of the organization does not take the account back to the target",
		Requirement: "An account in another organization than the synchronization target stays there.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "org-3",
		Part:        "removed",
		Needs:       []check.Need{check.Control, check.Users, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			app, a, elsewhere := placedElsewhere(t)
			for _, path := range []string{inPatch, inPatch + ".organizationId"} {
				t.Expect(a.patch(app.T, check.Op("remove", path, nil))).To(match.Success())
				t.Equal("organizationId", organizationOf(a.read(app.T)), elsewhere)
			}
		},
	},
	{
		ID:          "idaas.organization.outside",
		Title:       "The organizationId of an organization outside the scope is refused",
		Requirement: "It is 400 with the code OrganizationUnitIdNotInScopes by POST, PUT and PATCH, and no account is made or moved.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "org-4",
		Needs:       []check.Need{check.Control, check.Users, check.Patch, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			n := newNeighbours(t)
			for _, w := range writes {
				a := w.subject(n.ours.T, nil)
				answer := w.place(n.ours.T, a, byID(n.there))
				t.Expect(answer, w.name).To(match.All(match.Status(400), match.Says("OrganizationUnitIdNotInScopes")))
				if w.makes {
					a.unmade(n.ours.T)
					continue
				}
				t.Equal("organizationId after "+w.name, organizationOf(a.read(n.ours.T)), n.here)
			}
			anAccount.shows(n.theirs.T)
		},
	},
	{
		ID:          "idaas.organization.text",
		Title:       "The id of an organization in the scope places the account also as a plain text",
		Requirement: "organization as a text is looked at: an id in the scope places the account, by POST, PUT and PATCH.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "org-5",
		Needs:       []check.Need{check.Control, check.Users, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			s := newSandbox(t)
			app := s.application()
			for _, w := range writes {
				a, elsewhere := w.subject(app.T, nil), s.organization(s.root)
				t.Expect(w.place(app.T, a, elsewhere), w.name).To(match.Success())
				t.Equal("organizationId after "+w.name, organizationOf(a.read(app.T)), elsewhere)
			}
		},
	},
	{
		ID:          "idaas.organization.text-outside",
		Title:       "The id of an organization outside the scope, as a plain text, is ignored",
		Requirement: "It is a text like any other: no error, and the account is where it would be without it.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "org-5",
		Needs:       []check.Need{check.Control, check.Users, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			n := newNeighbours(t)
			for _, w := range writes {
				a := w.subject(n.ours.T, nil)
				t.Expect(w.place(n.ours.T, a, n.there), w.name).To(match.Success())
				answer := n.ours.Get(a.path(n.ours.T))
				t.Expect(answer, "read again after "+w.name).To(match.Status(200)) // which an account that was moved away is not
				t.Equal("organizationId after "+w.name, organizationOf(answer), n.here)
			}
		},
	},
}

// placedElsewhere is an account in an organization that is not the synchronization target of its application.
func placedElsewhere(t *check.T) (app *application, a *account, organization string) {
	s := newSandbox(t)
	app, organization = s.application(), s.organization(s.root)
	a = made(app.T, into(organization))
	if organizationOf(a.read(app.T)) != organization {
		t.Block("the account is not in the organization that it was sent with, so that there is nothing to ask about")
	}
	return app, a, organization
}

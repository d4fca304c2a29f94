package idaas

import (
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// foreign are attributes outside the table of fields, as a client might send them.
func foreign() check.Doc {
	return check.Doc{
		"name":              check.Doc{"givenName": "Jo", "familyName": "Doe"},
		"nickName":          "J",
		"title":             "Chief",
		"addresses":         check.List{check.Doc{"type": "work", "country": "CH", "locality": "Bern"}},
		"roles":             check.List{check.Doc{"value": "admin"}},
		"preferredLanguage": "de-CH",
	}
}

// attributes ask what becomes of attributes that the profile does not sync, and of those that a PUT leaves out (rules user-7, user-8).
var attributes = []check.Check{
	{
		ID:          "idaas.attributes.unsynced",
		Title:       "Attributes outside the table of fields are not part of an account",
		Requirement: "name, title, addresses and the like are neither stored nor returned, whether POST or PUT brings them.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "user-7",
		Part:        "unsynced",
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			for _, w := range []way{byPost, byPut} {
				a := w.subject(t, nil)
				answer := w.send(t, a, foreign())
				if declined(answer) {
					continue // the check idaas.attributes.accepted asks about that
				}
				t.Expect(answer).To(match.Success())
				nothingForeign(t, answer)
				nothingForeign(t, a.read(t))
			}
		},
	},
	{
		ID:          "idaas.attributes.unsynced-patch",
		Title:       "PATCH does not make other attributes part of an account",
		Requirement: "An operation on name, title or addresses has no effect on the account.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "user-7",
		Part:        "unsynced",
		Needs:       []check.Need{check.Users, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			a := made(t)
			was := a.look(t)
			for _, op := range replaces(foreign()) {
				if answer := a.patch(t, op); !declined(answer) {
					t.Expect(answer).To(match.Success())
				}
			}
			nothingForeign(t, a.read(t))
			a.still(t, was)
		},
	},
	{
		ID:          "idaas.attributes.accepted",
		Title:       "Sending other attributes is no error",
		Requirement: "Clients send name, title and addresses to every target; the request succeeds and what it says of the account takes effect.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "user-7",
		Part:        "accepted",
		Needs:       []check.Need{check.Users, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			a := newAccount(t)
			for _, w := range writes {
				doc, name := foreign(), t.Unique()
				doc["displayName"] = name
				t.Expect(w.send(t, a, doc), w.name).To(match.Success())
				t.Expect(a.read(t), "after "+w.name).To(match.Value("displayName", name))
			}
		},
	},
	{
		ID:          "idaas.attributes.undeclared",
		Title:       "/Schemas does not declare what is not synchronized",
		Requirement: "What a client cannot store is not offered: the User schema has none of name, title and addresses.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "user-7",
		Part:        "undeclared",
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			names := t.MustGet("/Schemas").All("Resources[id=" + check.UserSchema + "].attributes.name")
			if len(names) == 0 {
				t.NA("/Schemas shows no attributes of User")
			}
			for _, name := range names {
				_, known := foreign()[name.String()]
				t.Hold(!known, "a User schema of the fields that are synchronized", "it declares "+name.String())
			}
		},
	},
	{
		ID:          "idaas.attributes.put-empties",
		Title:       "PUT empties what it leaves out",
		Requirement: "displayName, externalId, e-mail address and phone number that a PUT does not name are gone.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "user-8",
		Needs:       []check.Need{check.Users, check.Emails, check.Phones},
		Since:       1,
		Run: func(t *check.T) {
			a := made(t, check.Doc{"displayName": "Jo", "externalId": t.Unique()}, mail.of(entry(mail.value(t))), phone.of(entry(phone.value(t))))
			t.Expect(byPut.send(t, a, nil)).To(match.Success())
			answer := a.read(t)
			for _, attr := range []string{"displayName", "externalId", mail.attr, phone.attr} {
				t.Expect(answer).To(match.Lacks(attr))
			}
		},
	},
	{
		ID:          "idaas.attributes.put-keeps",
		Title:       "PUT keeps the status and the organization that it leaves out",
		Requirement: "active and organization of the account are as before.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "user-8",
		Needs:       []check.Need{check.Users, check.Patch, check.Active},
		Since:       1,
		Run: func(t *check.T) {
			a := disabled(t)
			was := organizationOf(a.read(t))
			t.Expect(byPut.send(t, a, check.Doc{"displayName": "Jo"})).To(match.Success())
			is := a.read(t)
			t.Expect(is).To(match.Value("active", false))
			t.Equal("organizationId", organizationOf(is), was)
		},
	},
}

// nothingForeign expects a resource without any of the foreign attributes.
func nothingForeign(t *check.T, a *check.Answer) {
	for name := range foreign() {
		t.Expect(a).To(match.Lacks(name))
	}
}

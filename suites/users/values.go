package users

import (
	"scimproof/simulator/tree"
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// values ask what becomes of what a new user is sent with.
var values = []check.Check{
	{
		ID:          "users.create.null",
		Title:       "null and an empty list are taken for nothing",
		Requirement: "An attribute that is null, or an empty list where there could be several values, is the same as one that is not there.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7643", Section: "2.5"},
		Needs:       []check.Need{check.Users, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			optional(t, "displayName")
			changes := check.Doc{"displayName": null}
			if declares(t, check.Emails) && !requires(t, "emails") {
				changes["emails"] = check.List{}
				t.Expect(try(t, check.Doc{"emails": null}), "null for a list").To(match.Success())
			}
			t.Expect(try(t, changes)).To(match.Success())
		},
	},
	{
		ID:          "users.create.null-not-returned",
		Title:       "What a user does not have is left out",
		Requirement: "Attributes without a value are left out of answers, which many clients rely on, rather than returned as null.",
		Profiles:    clients,
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7643", Section: "2.5"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			for _, m := range reread(t, t.MustUser()).Doc.Members {
				t.Hold(m.Value.Kind != tree.Null, "no attribute that is null", m.Name+" is null")
			}
		},
	},
	{
		ID:          "users.create.wrong-type",
		Title:       "A value of the wrong type is refused",
		Requirement: "An object where a text belongs breaches the schema: the creation is refused, and nothing is guessed or dropped.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.12"},
		Needs:       []check.Need{check.Users, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			t.Expect(try(t, check.Doc{"displayName": check.Doc{"first": "Ada"}})).To(match.Refusal())
		},
	},
	{
		ID:          "users.create.unknown-attribute",
		Title:       "An attribute that no schema has does not come back",
		Requirement: "What no schema declares may be refused or ignored. A server that shows it again pretends to know what it means.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7643", Section: "3"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			a := try(t, check.Doc{"noSuchAttribute": "x"})
			if !a.OK() {
				return
			}
			t.Expect(a).To(match.Lacks("noSuchAttribute"))
			t.Expect(reread(t, a)).To(match.Lacks("noSuchAttribute"))
		},
	},
	{
		ID:          "users.create.external-id",
		Title:       "externalId comes back as it was sent",
		Requirement: "The client's own id of a user is kept, case included, so that the client can find the user by it.",
		Profiles:    clients,
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7643", Section: "3.1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			id := "Ext-" + t.Unique()
			t.Expect(reread(t, t.MustUser(check.Doc{"externalId": id}))).To(match.Value("externalId", id))
		},
	},
	{
		ID:          "users.create.external-id-not-invented",
		Title:       "The server does not make up an externalId",
		Requirement: "externalId is the client's to give: a user who was created without one has none.",
		Profiles:    clients,
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "3.1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run:         func(t *check.T) { t.Expect(reread(t, t.MustUser())).To(match.Lacks("externalId")) },
	},
	{
		ID:          "users.create.password",
		Title:       "The answer to a creation does not show the password",
		Requirement: "A password goes in and never comes out: neither as an attribute nor anywhere else in the answer, in clear text or as a digest.",
		Profiles:    clients,
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "4.1.1"},
		Needs:       []check.Need{check.Users, check.Password},
		Since:       1,
		Run: func(t *check.T) {
			password := secret(t)
			hides(t, post(t, check.Doc{"password": password}), password)
		},
	},
	{
		ID:          "users.create.active",
		Title:       "active is a boolean",
		Requirement: "active is true or false in JSON, neither a number nor a text.",
		Profiles:    clients,
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "2.3.2"},
		Needs:       []check.Need{check.Users, check.Active},
		Since:       1,
		Run: func(t *check.T) {
			read := reread(t, t.MustUser(check.Doc{"active": true}))
			if read.At("active") == nil {
				t.NA("the target does not return active")
			}
			t.Expect(read).To(match.Kind("active", tree.Boolean))
		},
	},
	{
		ID:          "users.create.inactive",
		Title:       "A user can be created inactive",
		Requirement: "A user who is created with active false is there, and is not active.",
		Profiles:    clients,
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7643", Section: "4.1.1"},
		Needs:       []check.Need{check.Users, check.Active},
		Since:       1,
		Run: func(t *check.T) {
			t.Expect(reread(t, t.MustUser(check.Doc{"active": false}))).To(match.Value("active", false))
		},
	},
	{
		ID:          "users.create.extension",
		Title:       "The attributes of an extension stand under its URN",
		Requirement: "What an extension adds to a user comes back in an object of its own under the URN, and schemas names the URN.",
		Profiles:    clients,
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "3.3"},
		Needs:       []check.Need{check.Users, check.Enterprise},
		Since:       1,
		Run: func(t *check.T) {
			if t.Attribute(check.EnterpriseSchema, "department") == nil {
				t.NA("/Schemas cannot be read, so that nothing says whether there is an extension")
			}
			read := reread(t, t.MustUser(check.Doc{
				"schemas": check.List{check.UserSchema, check.EnterpriseSchema}, check.EnterpriseSchema: check.Doc{"department": "Engines"},
			}))
			t.Expect(read).To(match.Value(`"`+check.EnterpriseSchema+`".department`, "Engines"))
			t.Expect(read).To(match.Schema(check.EnterpriseSchema))
		},
	},
	{
		ID:          "users.create.one-primary",
		Title:       "At most one e-mail address is primary",
		Requirement: "Of several values of an attribute at most one is the primary one. Who sends two is refused, or one of them gives way.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "2.4"},
		Needs:       []check.Need{check.Users, check.Emails},
		Since:       1,
		Run: func(t *check.T) {
			a := try(t, check.Doc{"emails": check.List{
				check.Doc{"value": t.Unique() + "@example.com", "type": "work", "primary": true},
				check.Doc{"value": t.Unique() + "@example.com", "type": "home", "primary": true},
			}})
			if !a.OK() {
				return
			}
			for _, seen := range []*check.Answer{a, reread(t, a)} {
				t.Hold(trues(seen, "emails") <= 1, "at most one primary address", "two")
			}
		},
	},
}

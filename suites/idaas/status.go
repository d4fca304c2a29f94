package idaas

import (
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// status asks what active does to an account (rule user-5).
var status = []check.Check{
	{
		ID:          "idaas.status.create",
		Title:       "An account that is made with active false is disabled",
		Requirement: "False disables the account, true enables it.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "user-5",
		Part:        "status",
		Needs:       []check.Need{check.Users, check.Active},
		Since:       1,
		Run: func(t *check.T) {
			for _, active := range []bool{false, true} {
				a := newAccount(t)
				a.post(t, a.doc(t, check.Doc{"active": active}))
				t.Expect(a.read(t)).To(match.Value("active", active))
			}
		},
	},
	{
		ID:          "idaas.status.put",
		Title:       "PUT with active false disables an account",
		Requirement: "False disables the account.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "user-5",
		Part:        "status",
		Needs:       []check.Need{check.Users, check.Active},
		Since:       1,
		Run: func(t *check.T) {
			a := byPut.taken(t, check.Doc{"active": true}, check.Doc{"active": false})
			t.Expect(a.read(t)).To(match.Value("active", false))
		},
	},
	{
		ID:          "idaas.status.patch",
		Title:       "PATCH of active to false disables an account",
		Requirement: "False disables the account, with a path as Entra ID sends it and without one as Okta does.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "user-5",
		Part:        "status",
		Needs:       []check.Need{check.Users, check.Patch, check.Active},
		Since:       1,
		Run: func(t *check.T) {
			for _, op := range []check.Doc{check.Op("replace", "active", false), check.Op("replace", "", check.Doc{"active": false})} {
				t.Expect(made(t, check.Doc{"active": true}).patched(t, op)).To(match.Value("active", false))
			}
		},
	},
	{
		ID:          "idaas.status.again",
		Title:       "A repeated submission with active false disables an account",
		Requirement: "False disables the account.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "user-5",
		Part:        "status",
		Needs:       []check.Need{check.Users, check.Active},
		Since:       1,
		Run: func(t *check.T) {
			a := again.taken(t, check.Doc{"active": true}, check.Doc{"active": false})
			t.Expect(a.read(t)).To(match.Value("active", false))
		},
	},
	{
		ID:          "idaas.status.still-there",
		Title:       "A disabled account can be read and listed",
		Requirement: "Disabling takes nothing away: GET shows the account and filters find it.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "user-5",
		Part:        "reach",
		Needs:       []check.Need{check.Users, check.Patch, check.Active, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			a := made(t)
			t.MustPatch(a.path(t), check.Op("replace", "active", false))
			t.Expect(t.Get(a.path(t))).To(match.All(match.Status(200), match.ValueFold("userName", a.userName)))
			t.Expect(find(t, check.Eq("userName", a.userName))).To(match.Found(a.id))
		},
	},
	{
		ID:          "idaas.status.back",
		Title:       "A disabled account can be enabled again",
		Requirement: "True enables the account, which is otherwise as it was.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "user-5",
		Part:        "reach",
		Needs:       []check.Need{check.Users, check.Patch, check.Active},
		Since:       1,
		Run: func(t *check.T) {
			a := made(t, check.Doc{"active": true, "displayName": "Jo " + t.Unique()})
			was := a.look(t)
			t.Expect(a.patched(t, check.Op("replace", "active", false))).To(match.Value("active", false))
			t.Expect(a.patch(t, check.Op("replace", "active", true))).To(match.Success())
			a.still(t, was)
		},
	},
	{
		ID:          "idaas.status.default",
		Title:       "An account that is made without active is enabled",
		Requirement: "Left out, active is true.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "user-5",
		Part:        "absent",
		Needs:       []check.Need{check.Users, check.Active},
		Since:       1,
		Run:         func(t *check.T) { t.Expect(made(t).read(t)).To(match.Value("active", true)) },
	},
	{
		ID:          "idaas.status.put-absent",
		Title:       "PUT without active leaves a disabled account disabled",
		Requirement: "Left out by PUT, active stays as it is: an update of somebody who left is no way back.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "user-5",
		Part:        "absent",
		Needs:       []check.Need{check.Users, check.Patch, check.Active},
		Since:       1,
		Run: func(t *check.T) {
			a := disabled(t)
			t.Expect(byPut.send(t, a, check.Doc{"displayName": "Jo"})).To(match.Success())
			t.Expect(a.read(t)).To(match.Value("active", false))
		},
	},
	{
		ID:          "idaas.status.text",
		Title:       "The texts true and false are taken for the booleans",
		Requirement: "Some clients send active in quotes, in any case; it comes back as a boolean.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "user-5",
		Part:        "text",
		Needs:       []check.Need{check.Users, check.Patch, check.Active},
		Since:       1,
		Run: func(t *check.T) {
			a := newAccount(t)
			a.post(t, a.doc(t, check.Doc{"active": "False"}))
			t.Expect(a.read(t)).To(match.Value("active", false))
			t.Expect(a.patched(t, check.Op("replace", "active", "True"))).To(match.Value("active", true))
			t.Expect(byPut.send(t, a, check.Doc{"active": "FALSE"})).To(match.Success())
			t.Expect(a.read(t)).To(match.Value("active", false))
		},
	},
	{
		ID:          "idaas.status.other",
		Title:       "Any other value of active is refused",
		Requirement: "A value that is neither a boolean nor one of its texts is 400 and changes nothing.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "user-5",
		Part:        "text",
		Needs:       []check.Need{check.Users, check.Patch, check.Active},
		Since:       1,
		Run: func(t *check.T) {
			for _, wrong := range []any{"yes", "0", "", 1} {
				byPatch.refused(t, check.Doc{"active": true}, check.Doc{"active": wrong}, match.Status(400))
			}
			byPost.refused(t, nil, check.Doc{"active": "disabled"}, match.Status(400))
		},
	},
}

// disabled makes an account and disables it.
func disabled(t *check.T) *account {
	a := made(t)
	t.MustPatch(a.path(t), check.Op("replace", "active", false))
	if !match.Is(a.read(t), match.Value("active", false)) {
		t.Block("the account could not be disabled, so that there is nothing to ask about")
	}
	return a
}

package idaas

import (
	"strings"

	"scimproof/suites/check"
	"scimproof/suites/match"
)

// policy is a template for passwords, with a password that is just good enough for it and those that break one of its rules each.
type policy struct {
	name, asks string
	good       string
	bad        []flawed
	private    []string // what a password must not hold, as owners list it
}

// flawed is a password and what is wrong with it.
type flawed struct{ about, password string }

var policies = []policy{
	{
		name: "Unrestricted", asks: "four characters", good: "wxyz",
		bad: []flawed{{"three characters", "wxy"}},
	},
	{
		name: "Simple", asks: "six characters, a lower-case letter and a digit", good: "kwzqx7",
		bad: []flawed{{"five characters", "kwzq7"}, {"no lower-case letter", "KWZQX7"}, {"no digit", "kwzqxv"}},
	},
	{
		name: "Common", asks: "eight characters, a lower-case letter, an upper-case one and a digit", good: "Kwzqxvj7",
		bad: []flawed{
			{"seven characters", "Kwzqxv7"}, {"no lower-case letter", "KWZQXVJ7"}, {"no upper-case letter", "kwzqxvj7"}, {"no digit", "Kwzqxvjb"},
		},
	},
	{
		name: "Recommended", asks: "ten characters, letters of both cases, a digit and a special character, and not the userName", good: "Kwzqxvjb7!",
		bad: []flawed{
			{"nine characters", "Kwzqxvj7!"}, {"no lower-case letter", "KWZQXVJB7!"}, {"no upper-case letter", "kwzqxvjb7!"}, {"no digit", "Kwzqxvjbh!"},
			{"no special character", "Kwzqxvjb7h"},
		},
		private: []string{"userName"},
	},
	{
		name: "Complex", asks: "sixteen characters, letters of both cases, a digit and a special character, and nothing that the account says", good: "Kwzqxvjbhgfdsp7!",
		bad: []flawed{
			{"fifteen characters", "Kwzqxvjbhgfds7!"}, {"no lower-case letter", "KWZQXVJBHGFDSP7!"}, {"no upper-case letter", "kwzqxvjbhgfdsp7!"},
			{"no digit", "Kwzqxvjbhgfdspt!"}, {"no special character", "Kwzqxvjbhgfdsp7t"},
		},
		private: []string{"userName", "displayName", "phone number", "name in the e-mail address"},
	},
}

// owner is what a password could give away of the account that it belongs to.
type owner map[string]string

func newOwner(t *check.T) owner {
	return owner{"userName": t.Unique(), "displayName": t.Unique(), "phone number": number(t, "+1415#######"), "name in the e-mail address": t.Unique()}
}

// account makes the account with a password.
func (o owner) account(t *check.T, password string) (*account, *check.Answer) {
	a := &account{userName: o["userName"]}
	return a, t.Post(t.Users(), a.doc(t, check.Doc{
		"displayName": o["displayName"], "password": password,
		"phoneNumbers": list(entry(o["phone number"])), "emails": list(entry(o["name in the e-mail address"] + "@example.com")),
	}))
}

// refusesFlawed expects that no account is made with a password.
func refusesFlawed(t *check.T, o owner, f flawed) {
	a, answer := o.account(t, f.password)
	t.Expect(answer, "a password with "+f.about).To(match.Refusal())
	a.unmade(t)
}

// check asks whether an instance holds passwords against the template that is chosen for it.
func (p policy) check() check.Check {
	return check.Check{
		ID:          "idaas.policy." + strings.ToLower(p.name),
		Title:       "The policy " + p.name + " asks for " + p.asks,
		Requirement: "An account is made with a password that is just good enough, and none with a password that breaks a single rule.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "pass-3",
		Part:        "templates",
		Needs:       []check.Need{check.Control, check.Users, check.Password, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			s := newSandbox(t)
			s.change(s.path(), check.Doc{"passwordPolicy": p.name})
			app := s.application()
			_, answer := newOwner(t).account(app.T, p.good)
			t.Expect(answer, "a password that is just good enough").To(match.Success())
			for _, f := range p.bad {
				refusesFlawed(app.T, newOwner(t), f)
			}
			for _, fact := range p.private {
				o := newOwner(t)
				refusesFlawed(app.T, o, flawed{"the " + fact, p.good + o[fact]})
			}
		},
	}
}

// policyChecks are one for each template (rule pass-3).
func policyChecks() (list []check.Check) {
	for _, p := range policies {
		list = append(list, p.check())
	}
	return list
}

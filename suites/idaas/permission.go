package idaas

import (
	"net/http"
	"slices"

	"scimproof/simulator/client"
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// permissions ask what the switch of the IDaaS API and the scenarios of SCIM open and close (rules perm-1, perm-2).
var permissions = []check.Check{
	{
		ID:          "idaas.permission.api-off",
		Title:       "With the IDaaS API switched off every operation is refused",
		Requirement: "Each request for users or groups is 403 and says application_api_disabled; what was tried has changed nothing.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "perm-1",
		Needs:       []check.Need{check.Control, check.Users, check.Groups, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			p := newPair(newSandbox(t).application())
			was := p.look()
			p.set(check.Doc{"apiInvokeStatus": "disabled"})
			p.forbidden("application_api_disabled")
			p.set(check.Doc{"apiInvokeStatus": "enabled"})
			p.unchanged(was)
		},
	},
	{
		ID:          "idaas.permission.api-off-discovery",
		Title:       "With the IDaaS API switched off discovery still answers",
		Requirement: "/ServiceProviderConfig, /ResourceTypes and /Schemas are open all the same, with a token and without one.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "perm-1",
		Needs:       []check.Need{check.Control},
		Since:       1,
		Run: func(t *check.T) {
			a := newSandbox(t).application()
			a.set(check.Doc{"apiInvokeStatus": "disabled"})
			for _, path := range []string{"/ServiceProviderConfig", "/ResourceTypes", "/Schemas"} {
				for _, auth := range []client.Auth{client.AuthBearer, client.AuthNone} {
					t.Expect(a.Do(client.Request{Method: http.MethodGet, Path: path, Auth: auth})).To(match.All(match.Status(http.StatusOK), match.JSON()))
				}
			}
		},
	},
	{
		ID:          "idaas.permission.api-off-alone",
		Title:       "The IDaaS API is switched for each application by itself",
		Requirement: "While it is off for one application, every operation of another one works.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "perm-1",
		Needs:       []check.Need{check.Control, check.Users, check.Groups, check.Patch, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			s := newSandbox(t)
			one, other := s.application(), newPair(s.application())
			one.set(check.Doc{"apiInvokeStatus": "disabled"})
			other.allowed("the IDaaS API of another application off", scenarios...)
		},
	},
	{
		ID:          "idaas.permission.alone",
		Title:       "Scenarios are granted for each application by itself",
		Requirement: "Without any scenario an application can do nothing, while another one goes on with all; and what that has opens nothing for the first.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "perm-2",
		Part:        "grant",
		Needs:       []check.Need{check.Control, check.Users, check.Groups, check.Patch, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			s := newSandbox(t)
			one, other := newPair(s.application()), newPair(s.application())
			one.set(granted())
			other.allowed("no scenario at another application", scenarios...)
			other.set(granted(scenarios...))
			one.refused("no scenario", scenarios...)
		},
	},
	{
		ID:          "idaas.permission.taken-away",
		Title:       "Without its scenario an operation is refused and changes nothing",
		Requirement: "Each of the four scenarios can be taken away alone; its operations are refused then, and everything is as before.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "perm-2",
		Part:        "grant",
		Needs:       []check.Need{check.Control, check.Users, check.Groups, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			p := newPair(newSandbox(t).application())
			was := p.look()
			for _, scenario := range scenarios {
				p.set(granted(except(scenario)...))
				p.refused("all but "+scenario, scenario)
			}
			p.set(granted(scenarios...))
			p.unchanged(was)
		},
	},
	{
		ID:          "idaas.permission.others-stay",
		Title:       "A scenario that is taken away takes no other with it",
		Requirement: "While one of the four scenarios is missing, the operations of the other three succeed.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "perm-2",
		Part:        "grant",
		Needs:       []check.Need{check.Control, check.Users, check.Groups, check.Patch, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			a := newSandbox(t).application()
			for _, scenario := range scenarios {
				p := newPair(a)
				a.set(granted(except(scenario)...))
				p.allowed("all but "+scenario, except(scenario)...)
				a.set(granted(scenarios...))
			}
		},
	},
	{
		ID:          "idaas.permission.refusal",
		Title:       "A refusal names the scenario that is missing",
		Requirement: "Without its scenario an operation is 403; the detail says permission_denied and names that scenario.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "perm-2",
		Part:        "refusal",
		Needs:       []check.Need{check.Control, check.Users, check.Groups, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			p := newPair(newSandbox(t).application())
			for _, scenario := range scenarios {
				p.set(granted(except(scenario)...))
				p.each([]string{scenario}, func(d deed) {
					p.Expect(d.do(p), d.name).To(match.All(match.Status(http.StatusForbidden), match.Says("permission_denied"), match.Says(scenario)))
				})
			}
		},
	},
}

// scenarios are all that there are.
var scenarios = []string{userRead, userManage, groupRead, groupManage}

// except are all scenarios but one.
func except(scenario string) []string {
	return slices.DeleteFunc(slices.Clone(scenarios), func(s string) bool { return s == scenario })
}

// granted is the change of an application that grants these scenarios and no others.
func granted(scenarios ...string) check.Doc { return check.Doc{"grantScopes": texts(scenarios)} }

// allowed expects the deeds of some scenarios to succeed; when says what is granted.
func (p *pair) allowed(when string, scenarios ...string) {
	p.each(scenarios, func(d deed) { p.Expect(d.do(p), "with "+when+": "+d.name).To(match.Success()) })
}

// refused expects them to be refused, in whatever way.
func (p *pair) refused(when string, scenarios ...string) {
	p.each(scenarios, func(d deed) { p.Expect(d.do(p), "with "+when+": "+d.name).To(match.Refusal()) })
}

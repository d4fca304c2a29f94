package idaas

import (
	"net/http"

	"scimproof/suites/check"
	"scimproof/suites/match"
)

// applications ask which applications sync inbound, and what disabling one does (rules app-2, app-3).
var applications = []check.Check{
	{
		ID:          "idaas.application.template-token",
		Title:       "A template application gets no token",
		Requirement: "Asking for a bearer token of a template application is refused with a reason, and none is listed.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "app-2",
		Needs:       []check.Need{check.Control},
		Since:       1,
		Run: func(t *check.T) {
			a := newSandbox(t).template()
			t.Expect(a.tryIssue("P30D")).To(match.Denied())
			t.Equal("tokens", len(items(a.s.plane.MustGet(a.path()+"/tokens"))), 0)
		},
	},
	{
		ID:          "idaas.application.template-settings",
		Title:       "A template application has no settings for synchronization",
		Requirement: "Scope, target, scenarios, the IDaaS API and extended fields cannot be set on a template application: each is refused with a reason.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "app-2",
		Needs:       []check.Need{check.Control},
		Since:       1,
		Run: func(t *check.T) {
			s := newSandbox(t)
			a := s.template()
			for _, setting := range []check.Doc{
				{"provisioningScope": scope(s.root)},
				{"userPrimaryOrganizationalUnitId": s.root},
				{"grantScopes": check.List{userRead}},
				{"apiInvokeStatus": "enabled"},
				{"userCustomFieldNamespace": "urn:ietf:params:scim:schemas:extension:customfield:2.0:User"},
				{"supportedUserCustomFieldIds": check.List{}},
			} {
				for name := range setting {
					s.t.Expect(s.plane.Patch(a.path(), setting), "setting "+name).To(match.Denied())
				}
			}
		},
	},
	{
		ID:          "idaas.application.template-base-url",
		Title:       "A template application has no SCIM Base URL",
		Requirement: "None is shown for it, while a custom application has one.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "app-2",
		Needs:       []check.Need{check.Control},
		Since:       1,
		Run: func(t *check.T) {
			s := newSandbox(t)
			t.Expect(s.plane.MustGet(s.application().path())).To(match.Has("scimBasePath"))
			t.Expect(s.plane.MustGet(s.template().path())).To(match.Lacks("scimBasePath"))
		},
	},
	{
		ID:          "idaas.application.disabled",
		Title:       "A disabled application refuses every operation",
		Requirement: "While an application is disabled, each request for users or groups is 403 and says application_disabled.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "app-3",
		Needs:       []check.Need{check.Control, check.Users, check.Groups, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			p := newPair(newSandbox(t).application())
			p.set(off)
			p.forbidden("application_disabled")
		},
	},
	{
		ID:          "idaas.application.enabled-again",
		Title:       "Enabling an application brings everything back",
		Requirement: "What was there before an application was disabled is there once it is enabled; what was tried in between has changed nothing.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "app-3",
		Needs:       []check.Need{check.Control, check.Users, check.Groups, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			p := newPair(newSandbox(t).application())
			was := p.look()
			p.set(off)
			p.each(nil, func(d deed) { d.do(p) })
			p.set(on)
			p.Expect(p.Get(p.user)).To(match.Status(http.StatusOK))
			p.unchanged(was)
		},
	},
	{
		ID:          "idaas.application.disabled-alone",
		Title:       "Disabling an application disables no other",
		Requirement: "Every operation of another application over the same accounts works on, and shows what the disabled one made.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "app-3",
		Needs:       []check.Need{check.Control, check.Users, check.Groups, check.Patch, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			s := newSandbox(t)
			one, other := s.application(), newPair(s.application())
			shared := made(one.T)
			one.set(off)
			t.Expect(other.Get(shared.path(other.T)), "an account of the disabled application").To(match.Status(http.StatusOK))
			other.allowed("another application disabled", scenarios...)
		},
	},
}

// template makes a template application.
func (s *sandbox) template() *application {
	made := s.make(s.path()+"/applications", check.Doc{"applicationName": s.t.Unique(), "applicationSourceType": "template", "profile": "idaas"})
	return &application{s: s, id: s.member(made, "applicationId")}
}

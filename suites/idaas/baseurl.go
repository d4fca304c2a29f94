package idaas

import (
	"net/http"

	"scimproof/suites/check"
	"scimproof/suites/match"
)

// baseURLs ask whether each application has an address of its own (rule url-1).
var baseURLs = []check.Check{
	{
		ID:          "idaas.base-url.own",
		Title:       "Each application has a SCIM Base URL of its own",
		Requirement: "The application shows it, its token opens it, and no other application has the same, be it of the instance or of another one.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "url-1",
		Part:        "own",
		Needs:       []check.Need{check.Control, check.Users},
		Since:       1,
		Run: func(t *check.T) {
			s := newSandbox(t)
			seen := map[string]bool{}
			for _, a := range []*application{s.application(), s.application(), newSandbox(t).application()} {
				t.Expect(a.s.plane.MustGet(a.path())).To(match.Has("scimBasePath"))
				t.Hold(!seen[a.BaseURL], "a Base URL that no other application has", a.BaseURL+" twice")
				seen[a.BaseURL] = true
				opens(a.T, "the Base URL "+a.BaseURL)
			}
		},
	},
	{
		ID:          "idaas.base-url.foreign-token",
		Title:       "At a Base URL the token of another application is refused",
		Requirement: "It is 401 for reading and for writing; nothing is made, neither in the application of the Base URL nor in that of the token.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "url-1",
		Part:        "foreign",
		Needs:       []check.Need{check.Control, check.Users, check.Groups, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			s := newSandbox(t)
			one, other := s.application(), s.application()
			foreign := t.At(one.base, other.token.value)
			shut(foreign, "the token of another application")
			a := newAccount(t)
			t.Expect(foreign.Post(foreign.Users(), a.doc(t))).To(match.Status(http.StatusUnauthorized))
			a.unmade(one.T)
			a.unmade(other.T)
		},
	},
}

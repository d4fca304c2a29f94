package protocol

import (
	"net/http"

	"scimproof/simulator/client"
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// anonymous is a request for the first users without credentials.
func anonymous(t *check.T) *check.Answer { return as(t, client.Request{Auth: client.AuthNone}) }

// as asks for the first users with the credentials of r.
func as(t *check.T, r client.Request) *check.Answer {
	r.Method, r.Path, r.Query = http.MethodGet, t.Users(), check.Query("count", "1")
	return t.Do(r)
}

// turnedAway are the statuses that keep somebody out. The RFC lists 401; 403 keeps out as well.
var turnedAway = []int{http.StatusUnauthorized, http.StatusForbidden}

// credentials ask whom the target lets in.
var credentials = []check.Check{
	{
		ID:          "auth.missing",
		Title:       "Nobody reads users without credentials",
		Requirement: "A request without an Authorization header is refused where the endpoint needs one.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.12"},
		Needs:       []check.Need{check.Users, check.Auth},
		Since:       1,
		Run:         func(t *check.T) { t.Expect(anonymous(t)).To(match.Status(turnedAway...)) },
	},
	{
		ID:          "auth.missing-on-write",
		Title:       "Nobody deletes a user without credentials",
		Requirement: "Every method asks who is there: a DELETE without an Authorization header is refused and deletes nothing.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "2"},
		Needs:       []check.Need{check.Users, check.Auth},
		Since:       1,
		Run: func(t *check.T) {
			path := check.Under(t.Users(), t.MustUser().ID())
			t.Expect(t.Do(client.Request{Method: http.MethodDelete, Path: path, Auth: client.AuthNone})).To(match.Status(turnedAway...))
			t.Expect(t.Get(path)).To(match.Status(http.StatusOK))
		},
	},
	{
		ID:          "auth.unknown-token",
		Title:       "Nobody reads users with a token that was never issued",
		Requirement: "A bearer token that the server does not know is as good as none.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.12"},
		Needs:       []check.Need{check.Users, check.Auth},
		Since:       1,
		Run: func(t *check.T) {
			t.Expect(as(t, client.Request{Authorization: "Bearer never-issued-" + t.Unique()})).To(match.Status(turnedAway...))
		},
	},
	{
		ID:          "auth.challenge",
		Title:       "A 401 says how to authenticate",
		Requirement: "An answer with 401 names the authentication schemes that there are in the WWW-Authenticate header.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "2"},
		Needs:       []check.Need{check.Users, check.Auth},
		Since:       1,
		Run: func(t *check.T) {
			a := anonymous(t)
			if a.Status != http.StatusUnauthorized {
				t.NA("a request without credentials is answered with %d and not with 401", a.Status)
			}
			t.Expect(a).To(match.HasHeader("WWW-Authenticate"))
		},
	},
	{
		ID:          "auth.error-body",
		Title:       "Whoever is turned away is told so by an Error",
		Requirement: "The refusal of a request without credentials carries the body that every SCIM error has.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.12"},
		Needs:       []check.Need{check.Users, check.Auth},
		Since:       1,
		Run:         func(t *check.T) { t.Expect(anonymous(t)).To(match.Error(turnedAway)) },
	},
	{
		ID:          "auth.empty-bearer",
		Title:       "An Authorization header without a token is refused",
		Requirement: "A header that ends behind the name of its scheme is malformed: it is refused, and nothing breaks on it.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "6750", Section: "3.1"},
		Needs:       []check.Need{check.Users, check.Auth},
		Since:       1,
		Run: func(t *check.T) {
			t.Expect(as(t, client.Request{Authorization: "Bearer"})).To(match.Status(http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden))
		},
	},
	{
		ID:          "auth.scheme-case",
		Title:       "The name of the authentication scheme has no case",
		Requirement: "A right token is as good behind bearer as behind Bearer.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "9110", Section: "11.1"},
		Needs:       []check.Need{check.Users, check.Auth},
		Since:       1,
		Run:         func(t *check.T) { t.Expect(as(t, client.Request{Auth: client.AuthFolded})).To(match.Success()) },
	},
}

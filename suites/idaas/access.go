package idaas

import (
	"net/http"
	"net/url"

	"scimproof/simulator/client"
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// access asks who is let in, to what, and under which addresses (rules tok-7, perm-*, url-2).
var access = []check.Check{
	{
		ID:          "idaas.access.no-token",
		Title:       "Users and groups are not shown without a token",
		Requirement: "A request for users or groups that brings no token is 401.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "tok-7",
		Part:        "unknown",
		Needs:       []check.Need{check.Auth, check.Users, check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			for _, a := range stranger(t, client.Request{Auth: client.AuthNone}) {
				t.Expect(a).To(match.Status(http.StatusUnauthorized))
			}
		},
	},
	{
		ID:          "idaas.access.unknown-token",
		Title:       "A token that was never issued opens nothing",
		Requirement: "A request for users or groups with such a token is 401, and nothing is made.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "tok-7",
		Part:        "unknown",
		Needs:       []check.Need{check.Auth, check.Users, check.Groups, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			unknown := "Bearer never-issued-" + t.Unique()
			for _, a := range stranger(t, client.Request{Authorization: unknown}) {
				t.Expect(a).To(match.Status(http.StatusUnauthorized))
			}
			a := newAccount(t)
			made := t.Do(client.Request{Method: http.MethodPost, Path: t.Users(), Body: check.Encode(a.doc(t)), Authorization: unknown})
			t.Expect(made).To(match.Status(http.StatusUnauthorized))
			a.unmade(t)
		},
	},
	{
		ID:          "idaas.access.challenge",
		Title:       "A 401 asks for a bearer token",
		Requirement: "The answer carries WWW-Authenticate with the scheme Bearer, with no token and with an unknown one.",
		Profiles:    []check.Profile{check.IDaaS},
		Level:       check.Must,
		Rule:        "tok-7",
		Part:        "challenge",
		Needs:       []check.Need{check.Auth, check.Users, check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			for _, r := range []client.Request{{Auth: client.AuthNone}, {Authorization: "Bearer never-issued-" + t.Unique()}} {
				for _, a := range stranger(t, r) {
					if a.Status != http.StatusUnauthorized {
						t.NA("the target answers %d and not 401", a.Status)
					}
					t.Expect(a).To(match.Header("WWW-Authenticate", "Bearer"))
				}
			}
		},
	},
	{
		ID:          "idaas.access.users",
		Title:       "With every scenario granted, every operation on users works",
		Requirement: "POST, GET, lists, filters, PUT, PATCH and DELETE of /Users all succeed.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "perm-3",
		Needs:       []check.Need{check.Users, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			a := newAccount(t)
			a.post(t, a.doc(t))
			t.Expect(t.Get(t.Users())).To(match.ListResponse())
			t.Expect(find(t, check.Eq("userName", a.userName))).To(match.Found(a.id))
			t.Expect(t.Get(a.path(t))).To(match.Status(http.StatusOK))
			t.Expect(t.Put(a.path(t), a.doc(t))).To(match.Success())
			t.Expect(a.patch(t, check.Op("replace", "displayName", "Jo"))).To(match.Success())
			t.Expect(t.Delete(a.path(t))).To(match.Success())
		},
	},
	{
		ID:          "idaas.access.groups",
		Title:       "With every scenario granted, every operation on groups works",
		Requirement: "POST, GET, lists, filters, PUT, PATCH and DELETE of /Groups all succeed.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "perm-3",
		Needs:       []check.Need{check.Groups, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			doc := t.Group()
			name := doc["displayName"].(string)
			made := t.Post(t.Groups(), doc)
			t.Expect(made).To(match.Success())
			id := idOf(t, made)
			path := check.Under(t.Groups(), id)
			t.Expect(t.Get(t.Groups())).To(match.ListResponse())
			t.Expect(t.Get(t.Groups(), "filter", check.Eq("displayName", name))).To(match.Found(id))
			t.Expect(t.Get(path)).To(match.Status(http.StatusOK))
			t.Expect(t.Put(path, doc)).To(match.Success())
			t.Expect(t.Patch(path, check.PatchOps(check.Op("replace", "displayName", name+"2")))).To(match.Success())
			t.Expect(t.Delete(path)).To(match.Success())
		},
	},
	{
		ID:          "idaas.access.discovery",
		Title:       "Discovery answers without credentials",
		Requirement: "/ServiceProviderConfig, /ResourceTypes and /Schemas are open to everybody.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "perm-4",
		Since:       1,
		Run: func(t *check.T) {
			for _, path := range []string{"/ServiceProviderConfig", "/ResourceTypes", "/Schemas"} {
				t.Expect(t.Do(client.Request{Method: http.MethodGet, Path: path, Auth: client.AuthNone})).To(match.All(match.Status(http.StatusOK), match.JSON()))
			}
		},
	},
	{
		ID:          "idaas.access.ref",
		Title:       "The $ref of a member is a full address below the Base URL",
		Requirement: "Whoever follows it needs to know nothing else.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "url-2",
		Part:        "ref",
		Needs:       []check.Need{check.Users, check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			a := made(t)
			full(t, "$ref", t.MustGet(team(t, a)).Text("members.$ref"))
		},
	},
	{
		ID:          "idaas.access.location",
		Title:       "Location and meta.location are full addresses below the Base URL",
		Requirement: "The header of a POST, and what POST, GET and lists show, are absolute and begin with the Base URL of the application.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "url-2",
		Part:        "location",
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			a := newAccount(t)
			made := a.post(t, a.doc(t))
			full(t, "Location", made.Header.Get("Location"))
			full(t, "meta.location", made.Text("meta.location"))
			full(t, "meta.location", a.read(t).Text("meta.location"))
			full(t, "meta.location", find(t, check.Eq("userName", a.userName)).Text("Resources.meta.location"))
		},
	},
}

// stranger asks for users and for groups with the credentials of r.
func stranger(t *check.T, r client.Request) (answers []*check.Answer) {
	for _, path := range []string{t.Users(), t.Groups()} {
		r.Method, r.Path, r.Query = http.MethodGet, path, check.Query("count", "1")
		answers = append(answers, t.Do(r))
	}
	return answers
}

// full expects an absolute URL that leads to a resource below the base URL.
func full(t *check.T, what, location string) {
	u, err := url.Parse(location)
	t.Hold(err == nil && u.IsAbs() && u.Host != "", "an absolute URL in "+what, what+" "+location)
	t.Expect(t.Follow(what, location), what).To(match.Status(http.StatusOK))
}

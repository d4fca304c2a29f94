package protocol

import (
	"net/http"
	"net/url"

	"scimproof/simulator/client"
	"scimproof/suites/check"
	"scimproof/suites/match"
)

const (
	scimJSON  = "application/scim+json"
	plainJSON = "application/json"
)

// exchanges ask how requests are read and answers are written.
var exchanges = []check.Check{
	{
		ID:          "http.media-type-scim",
		Title:       "A client that accepts application/scim+json gets it",
		Requirement: "An answer to a request that accepts application/scim+json is declared as that, with parameters such as a charset or without.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.8"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			a := first("Accept", scimJSON)(t)
			t.Expect(a).To(match.Success())
			t.Expect(a).To(match.MediaType(scimJSON))
		},
	},
	{
		ID:          "http.media-type-default",
		Title:       "A client that accepts anything gets application/scim+json",
		Requirement: "Where a request has no Accept header, the answer is declared as application/scim+json.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.8"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			a := first("Accept", "")(t)
			t.Expect(a).To(match.Success())
			t.Expect(a).To(match.MediaType(scimJSON))
		},
	},
	{
		ID:          "http.accept-json",
		Title:       "A client that accepts only application/json is answered",
		Requirement: "A request that accepts application/json and nothing else gets a JSON document, and no refusal.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.8"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			a := first("Accept", plainJSON)(t)
			t.Expect(a).To(match.Success())
			t.Expect(a).To(match.JSON())
			t.Expect(a).To(match.MediaType(plainJSON, scimJSON))
		},
	},
	{
		ID:          "http.body-json",
		Title:       "A body declared as application/json is taken",
		Requirement: "A creation whose body is declared as application/json works like one declared as application/scim+json.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.8"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run:         func(t *check.T) { t.Expect(create(t, plainJSON)).To(match.Success()) },
	},
	{
		ID:          "http.body-charset",
		Title:       "A body declared with its charset is taken",
		Requirement: "The media type of a body is compared without its parameters: one declared as application/scim+json in UTF-8 is what servers have to take.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.8"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run:         func(t *check.T) { t.Expect(create(t, scimJSON+"; charset=utf-8")).To(match.Success()) },
	},
	{
		ID:          "http.media-type-wrong",
		Title:       "A body declared as XML is refused",
		Requirement: "What a body is declared as is taken seriously: JSON that is declared as another format is not read as JSON.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "9110", Section: "15.5.16"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run:         func(t *check.T) { t.Expect(create(t, "application/xml")).To(match.Refusal()) },
	},
	{
		ID:          "http.utf8-round-trip",
		Title:       "Text of any script comes back as it was sent",
		Requirement: "Requests and answers are UTF-8: letters with accents, other scripts, and characters beyond 16 bits survive a creation and a read.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.8"},
		Needs:       []check.Need{check.Users, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			// Composed letters only: a server may normalize (RFC 7644 section 5). The last name is one that people in Japan have.
			name := "Zoë Łąka Ağa Дмитрий שרה 李小龙 𠮷野 " + t.Unique()
			created := t.MustUser(check.Doc{"displayName": name})
			read := t.MustGet(check.Under(t.Users(), created.ID()))
			if read.At("displayName") == nil {
				t.NA("the target did not keep displayName")
			}
			t.Expect(read).To(match.Value("displayName", name))
		},
	},
	{
		ID:          "http.percent-encoding",
		Title:       "What is percent-encoded in a query is decoded once",
		Requirement: "URLs are percent-encoded, so that a filter can hold any character: plus, percent and ampersand mean themselves after one decoding.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "1.2"},
		Needs:       []check.Need{check.Users, check.DisplayName, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			name := "50%25 + 1 & 2=3#4/é " + t.Unique()
			created := t.MustUser(check.Doc{"displayName": name})
			kept(t, created.ID(), "displayName", name)
			found := t.Get(t.Users(), "filter", check.Eq("displayName", name))
			if found.Status == http.StatusBadRequest || found.Status == http.StatusForbidden {
				t.NA("the target declines a filter on displayName")
			}
			t.Expect(found).To(match.Found(created.ID()))
		},
	},
	{
		ID:          "http.plus-for-space",
		Title:       "A plus in a query stands for a space",
		Requirement: "Nothing says whether a plus in a query means a space, as in forms, or itself. Many libraries of clients write spaces so.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Info,
		Ref:         check.Ref{RFC: "7644", Section: "1.2"},
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			created := t.MustUser()
			query := "filter=userName+eq+" + url.QueryEscape(check.Quote(created.Text("userName")))
			t.Expect(t.Do(client.Request{Method: http.MethodGet, Path: t.Users(), Query: query})).To(match.Found(created.ID()))
		},
	},
	{
		ID:          "http.unknown-parameter",
		Title:       "A query parameter that nobody knows is ignored",
		Requirement: "Nothing says what to do with a query parameter that no specification has. Clients add their own, so that a server does well to ignore it.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Info,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			t.Expect(t.Get(t.Users(), "count", "1", "noSuchParameter", "1")).To(match.ListResponse())
		},
	},
	{
		ID:          "http.header-injection",
		Title:       "A line break in a path does not become a header",
		Requirement: "What a client writes into a URL stays one value: an encoded line break in it must not end a header of the answer and begin another.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "9110", Section: "5.5"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			const name = "X-Injected"
			a := t.Get(check.Under(t.Users(), t.Unique()+"\r\n"+name+": yes"))
			t.Hold(a.Header.Get(name) == "", "no header of the client's making", name+": "+a.Header.Get(name))
		},
	},
	{
		ID:          "http.head",
		Title:       "HEAD is answered as GET is, without the body",
		Requirement: "Servers know HEAD where they know GET: monitoring and caches ask so.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "9110", Section: "9.3.2"},
		Since:       1,
		Run: func(t *check.T) {
			const path = "/ServiceProviderConfig"
			read := t.MustGet(path)
			a := t.Do(client.Request{Method: http.MethodHead, Path: path})
			t.Expect(a).To(match.Status(read.Status))
			t.Expect(a).To(match.Empty())
		},
	},
	{
		ID:          "http.method-not-allowed",
		Title:       "A method that an endpoint does not have is answered with 405",
		Requirement: "An endpoint that knows a path but not the method says so: 405, or 501 where the server has nothing of the kind.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "9110", Section: "15.5.6"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			t.Expect(t.Put(t.Users(), check.Doc{})).To(match.Status(http.StatusMethodNotAllowed, http.StatusNotImplemented))
		},
	},
	{
		ID:          "http.allow",
		Title:       "A 405 says which methods there are",
		Requirement: "The answer to a method that an endpoint does not have lists those that it has in the Allow header.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "9110", Section: "10.2.1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			a := t.Put(t.Users(), check.Doc{})
			if a.Status != http.StatusMethodNotAllowed {
				t.NA("PUT to a collection is answered with %d and not with 405", a.Status)
			}
			t.Expect(a).To(match.Header("Allow", http.MethodPost))
		},
	},
	{
		ID:          "http.unknown-endpoint",
		Title:       "An endpoint that there is not is answered with 404 and an Error",
		Requirement: "A path below the base URL at which there is nothing is 404, with the body that every SCIM error has.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.12"},
		Since:       1,
		Run: func(t *check.T) {
			t.Expect(t.Get("/NoSuchThings")).To(match.Error([]int{http.StatusNotFound}))
		},
	},
}

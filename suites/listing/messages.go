package listing

import (
	"fmt"

	"scimproof/simulator/tree"
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// messages asks about the ListResponse and the resources in it.
var messages = []check.Check{
	{
		ID:          "list.response",
		Title:       "A list is a ListResponse with totalResults",
		Requirement: "The answer to a query carries the URN of ListResponse, the number of matches, and the resources.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			t.MustUser()
			a := t.Get(t.Users(), "startIndex", "1", "count", "2")
			t.Expect(a).To(match.ListResponse())
			t.Expect(a).To(match.Has("Resources"))
		},
	},
	{
		ID:          "list.resources-spelling",
		Title:       "Resources is written with a capital",
		Requirement: "The message has a member Resources; clients look for it in this spelling.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			t.MustUser()
			a := t.Get(t.Users(), "count", "1")
			t.Expect(a).To(match.Has("Resources"))
			for _, m := range a.Doc.Members {
				if m.Name == "Resources" {
					return
				}
			}
			t.Break("a member Resources", "the same word in another spelling")
		},
	},
	{
		ID:          "list.no-null",
		Title:       "An empty list has no null for its resources",
		Requirement: "Where nothing is found Resources is an empty list or left out.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2"},
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			a := t.Get(t.Users(), "filter", check.Eq("userName", t.Unique()+"@example.com"))
			t.Expect(a).To(match.ListResponse())
			if list := a.At("Resources"); list != nil {
				t.Expect(a).To(match.Kind("Resources", tree.Array))
			}
		},
	},
	{
		ID:          "list.resource-id",
		Title:       "Every resource of a list has its id",
		Requirement: "id is part of every representation of a resource, in lists too.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "3.1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			t.MustUser()
			a := t.Get(t.Users(), "count", "10")
			t.Expect(a).To(match.Has("Resources"))
			for i := range a.Resources() {
				t.Expect(a).To(match.Kind(fmt.Sprintf("Resources[%d].id", i), tree.String))
			}
		},
	},
	{
		ID:          "list.resource-complete",
		Title:       "A list shows of a resource what a read of it shows",
		Requirement: "What is returned by default is returned by default in every answer that carries the resource.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7643", Section: "7"},
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			user := t.User(check.Doc{"externalId": t.Unique()})
			created := t.MustCreate(t.Users(), user)
			alone := t.MustGet(check.Under(t.Users(), created.ID()))
			a := t.Get(t.Users(), "filter", check.Eq("userName", user["userName"].(string)))
			t.Expect(a).To(match.Found(created.ID()))
			for _, m := range alone.Doc.Members {
				if !m.Value.Empty() {
					t.Expect(a).To(match.Has(`Resources."` + m.Name + `"`))
				}
			}
		},
	},
	{
		ID:          "list.combined",
		Title:       "Filter, page and attributes work together",
		Requirement: "The parameters of a query do not exclude each other: the filter chooses, the page cuts, attributes thin out.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2"},
		Needs:       []check.Need{check.Users, check.Filter, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			s := hire(t, "a", "b", "c")
			a := s.list(t, "startIndex", "1", "count", "2", "attributes", "userName")
			t.Expect(a).To(match.ListResponse())
			t.Equal("totalResults", a.Total(), 3)
			t.Hold(len(a.Resources()) <= 2, "two resources at most", fmt.Sprintf("%d", len(a.Resources())))
			t.Expect(a).To(match.Has("Resources.userName"))
			t.Expect(a).To(match.Lacks("Resources.displayName"))
		},
	},
}

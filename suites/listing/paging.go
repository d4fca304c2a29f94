package listing

import (
	"fmt"
	"slices"
	"strings"

	"scimproof/simulator/tree"
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// paging asks about startIndex, count and what the answer says of them (RFC 7644 section 3.4.2.4).
var paging = []check.Check{
	{
		ID:          "paging.count",
		Title:       "No more than count resources come",
		Requirement: "count is the most that a page may hold; fewer are allowed, more are not.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.4"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			for range 3 {
				t.MustUser()
			}
			a := t.Get(t.Users(), "startIndex", "1", "count", "2")
			t.Expect(a).To(match.ListResponse())
			t.Hold(len(a.Resources()) <= 2, "two resources at most", fmt.Sprintf("%d", len(a.Resources())))
		},
	},
	{
		ID:          "paging.count-zero",
		Title:       "count 0 asks for totalResults alone",
		Requirement: "With a count of 0 no resource comes, and totalResults still says how many there are.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.4"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run:         func(t *check.T) { countsOnly(t, "0") },
	},
	{
		ID:          "paging.count-negative",
		Title:       "A negative count is 0",
		Requirement: "A count below 0 is read as 0 and is no error.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.4"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run:         func(t *check.T) { countsOnly(t, "-1") },
	},
	{
		ID:          "paging.start-zero",
		Title:       "startIndex 0 is 1",
		Requirement: "A startIndex below 1 is read as 1 and is no error.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.4"},
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run:         func(t *check.T) { startsAtFirst(t, "0") },
	},
	{
		ID:          "paging.start-negative",
		Title:       "A negative startIndex is 1",
		Requirement: "A startIndex below 1 is read as 1 and is no error.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.4"},
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run:         func(t *check.T) { startsAtFirst(t, "-5") },
	},
	{
		ID:          "paging.start-beyond",
		Title:       "A startIndex behind the last result gives an empty page",
		Requirement: "A page that starts behind the last result is empty, and totalResults stays right.",
		Profiles:    []check.Profile{check.RFC, check.Okta},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.4"},
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			user := t.User()
			t.MustCreate(t.Users(), user)
			a := t.Get(t.Users(), "filter", check.Eq("userName", user["userName"].(string)), "startIndex", "1000", "count", "10")
			t.Expect(a).To(match.ListResponse())
			t.Expect(a).To(match.Count("Resources", 0))
			t.Equal("totalResults", a.Total(), 1)
		},
	},
	{
		ID:          "paging.ends",
		Title:       "Behind the last page the results do not begin again",
		Requirement: "startIndex is the position of the first result: behind the last one there is none, and a client that pages until nothing comes has to end.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.4"},
		Needs:       []check.Need{check.Users, check.Filter, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			s := hire(t, "a", "b", "c")
			a := s.list(t, "startIndex", "4", "count", "10")
			if a.OK() { // what else may be answered is the question of paging.start-beyond
				t.Equal("behind the last of three:", s.order(a), "")
			}
		},
	},
	{
		ID:          "paging.total",
		Title:       "totalResults counts all matches, not the page",
		Requirement: "totalResults is the number of matches, which may be larger than the number of resources in the answer.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2"},
		Needs:       []check.Need{check.Users, check.Filter, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			s := hire(t, "a", "b", "c")
			a := s.list(t, "startIndex", "1", "count", "1")
			t.Expect(a).To(match.ListResponse())
			t.Equal("totalResults", a.Total(), 3)
		},
	},
	{
		ID:          "paging.pages",
		Title:       "The pages together are all results, each once",
		Requirement: "startIndex counts results from 1: the page that begins behind the last one goes on where that ended.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.4"},
		Needs:       []check.Need{check.Users, check.Filter, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			s := hire(t, "a", "b", "c", "d", "e")
			got := s.walk(t, 2)
			slices.Sort(got)
			t.Equal("on the pages, sorted by name:", strings.Join(got, " "), "a b c d e")
		},
	},
	{
		ID:          "paging.start-index-told",
		Title:       "A page says where it begins",
		Requirement: "An answer that holds a part of the results carries startIndex, the position of its first one.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2"},
		Needs:       []check.Need{check.Users, check.Filter, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			a := part(t)
			t.Expect(a).To(match.Value("startIndex", 2))
		},
	},
	{
		ID:          "paging.items-per-page-told",
		Title:       "A page says how many results it holds",
		Requirement: "An answer that holds a part of the results carries itemsPerPage, a number.",
		Profiles:    []check.Profile{check.RFC, check.Okta},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2"},
		Needs:       []check.Need{check.Users, check.Filter, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			a := part(t)
			t.Expect(a).To(match.Kind("itemsPerPage", tree.Integer))
		},
	},
	{
		ID:          "paging.numbers",
		Title:       "The counts of a list are JSON numbers",
		Requirement: "totalResults, startIndex and itemsPerPage are whole numbers and not text.",
		Profiles:    []check.Profile{check.RFC, check.Okta},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.4"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			t.MustUser()
			a := t.Get(t.Users(), "startIndex", "1", "count", "1")
			t.Expect(a).To(match.Status(200))
			for _, name := range []string{"totalResults", "startIndex", "itemsPerPage"} {
				if name == "totalResults" || a.At(name) != nil {
					t.Expect(a).To(match.Kind(name, tree.Integer))
				}
			}
		},
	},
	{
		ID:          "paging.not-numbers",
		Title:       "startIndex and count that are no numbers break nothing",
		Requirement: "A parameter that cannot be read is refused or ignored; it is no reason for an error of the server.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.12"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			for _, value := range []string{"abc", "1.5", "", "99999999999999999999"} {
				for _, name := range []string{"startIndex", "count"} {
					a := t.Get(t.Users(), name, value)
					t.Hold(a.OK() || match.Is(a, match.Refusal()), "a list or a refusal", fmt.Sprintf("status %d to %s=%s", a.Status, name, value))
				}
			}
		},
	},
}

// countsOnly expects a count to bring no resources and the number of them.
func countsOnly(t *check.T, count string) {
	t.MustUser()
	a := t.Get(t.Users(), "count", count)
	t.Expect(a).To(match.ListResponse())
	t.Expect(a).To(match.Count("Resources", 0))
	t.Hold(a.Total() >= 1, "totalResults of at least the one user who was just made", fmt.Sprintf("totalResults %d", a.Total()))
}

// startsAtFirst expects a startIndex to mean the first result.
func startsAtFirst(t *check.T, start string) {
	user := t.User()
	id := t.MustCreate(t.Users(), user).ID()
	a := t.Get(t.Users(), "filter", check.Eq("userName", user["userName"].(string)), "startIndex", start, "count", "10")
	t.Expect(a).To(match.Found(id))
}

// part is the middle one of three results.
func part(t *check.T) *check.Answer {
	a := hire(t, "a", "b", "c").list(t, "startIndex", "2", "count", "1")
	t.Expect(a).To(match.ListResponse())
	if len(a.Resources()) == a.Total() {
		t.NA("the target does not cut this list into pages")
	}
	return a
}

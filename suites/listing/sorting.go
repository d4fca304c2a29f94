package listing

import (
	"fmt"
	"strings"
	"time"

	"scimproof/suites/check"
	"scimproof/suites/match"
)

// sorting asks about sortBy and sortOrder of a target that says it sorts (RFC 7644 section 3.4.2.3).
var sorting = []check.Check{
	{
		ID:          "sort.ascending",
		Title:       "sortOrder ascending puts the smallest first",
		Requirement: "The value of the attribute that sortBy names decides the order.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.3"},
		Needs:       []check.Need{check.Users, check.Sort, check.Filter, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			inOrder(t, hire(t, "b", "d", "a", "c"), "a b c d", "sortBy", "userName", "sortOrder", "ascending")
		},
	},
	{
		ID:          "sort.descending",
		Title:       "sortOrder descending puts the largest first",
		Requirement: "descending is the reverse of ascending.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.3"},
		Needs:       []check.Need{check.Users, check.Sort, check.Filter, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			inOrder(t, hire(t, "b", "d", "a", "c"), "d c b a", "sortBy", "userName", "sortOrder", "descending")
		},
	},
	{
		ID:          "sort.default-order",
		Title:       "sortBy alone sorts ascending",
		Requirement: "Where sortBy comes without sortOrder the order is ascending.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.3"},
		Needs:       []check.Need{check.Users, check.Sort, check.Filter, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			inOrder(t, hire(t, "b", "d", "a", "c"), "a b c d", "sortBy", "userName")
		},
	},
	{
		ID:          "sort.case",
		Title:       "userName is sorted without regard to case",
		Requirement: "An attribute that is not caseExact is sorted as if all letters had one case.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.3"},
		Needs:       []check.Need{check.Users, check.Sort, check.Filter, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			if a := t.Attribute(check.UserSchema, "userName"); a != nil && a.Text("caseExact") == "true" {
				t.NA("the target's schema declares userName as caseExact")
			}
			inOrder(t, hire(t, "B", "d", "a", "C"), "a B C d", "sortBy", "userName")
		},
	},
	{
		ID:          "sort.name-case",
		Title:       "sortBy is read in any case",
		Requirement: "The name of an attribute is case insensitive wherever it stands.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.10"},
		Needs:       []check.Need{check.Users, check.Sort, check.Filter, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			inOrder(t, hire(t, "b", "d", "a", "c"), "d c b a", "sortBy", "USERNAME", "sortOrder", "descending")
		},
	},
	{
		ID:          "sort.urn",
		Title:       "sortBy takes a name with its URN",
		Requirement: "Any attribute can be named by the URN of its schema, a colon and its name, in sortBy too.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.10"},
		Needs:       []check.Need{check.Users, check.Sort, check.Filter, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			s := hire(t, "c", "a", "d", "b")
			inOrder(t, s, "d c b a", "sortBy", check.UserSchema+":userName", "sortOrder", "descending")
		},
	},
	{
		ID:          "sort.sub-attribute",
		Title:       "sortBy reaches a sub-attribute with a dot",
		Requirement: "A complex attribute is sorted by the sub-attribute that the path names.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.3"},
		Needs:       []check.Need{check.Users, check.Sort, check.Filter, check.DisplayName, check.Name},
		Since:       1,
		Run: func(t *check.T) {
			families := []string{"Young", "Adams", "Moore"}
			s := hireWith(t, func(i int) check.Doc {
				return check.Doc{"name": check.Doc{"familyName": families[i], "givenName": "Kim"}}
			}, "y", "a", "m")
			inOrder(t, s, "a m y", "sortBy", "name.familyName", "sortOrder", "ascending")
		},
	},
	{
		ID:          "sort.date-time",
		Title:       "meta.created is sorted by time",
		Requirement: "Values are sorted according to the type of the attribute: a dateTime by time.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.3"},
		Needs:       []check.Need{check.Users, check.Sort, check.Filter, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			s := hire(t, "c", "a", "d", "b", "e")
			up, down := s.times(t, "ascending"), s.times(t, "descending")
			if up[0].Equal(up[len(up)-1]) {
				t.NA("all the users were made at the same instant, as the target tells it")
			}
			for i := 1; i < len(up); i++ {
				t.Hold(!up[i].Before(up[i-1]), "times that go up", fmt.Sprint(up))
				t.Hold(!down[i].After(down[i-1]), "times that go down", fmt.Sprint(down))
			}
		},
	},
	{
		ID:          "sort.missing",
		Title:       "Those without a value come last, and first in descending order",
		Requirement: "A resource that lacks the attribute comes behind all others when the order is ascending and before them when it is descending.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.3"},
		Needs:       []check.Need{check.Users, check.Sort, check.Filter, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			mark := t.Unique()
			s := hireWith(t, func(i int) check.Doc {
				return []check.Doc{{"externalId": mark + "-2"}, nil, {"externalId": mark + "-1"}}[i]
			}, "two", "none", "one")
			if match.Is(t.MustGet(check.Under(t.Users(), s.ids[1])), match.Has("externalId")) {
				t.NA("the target gives an externalId to a user who came without one")
			}
			inOrder(t, s, "one two none", "sortBy", "externalId", "sortOrder", "ascending")
			inOrder(t, s, "none two one", "sortBy", "externalId", "sortOrder", "descending")
		},
	},
	{
		ID:          "sort.pages",
		Title:       "Sorted pages follow on each other",
		Requirement: "The order is that of all results, of which each page is a part.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.3"},
		Needs:       []check.Need{check.Users, check.Sort, check.Filter, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			advertised(t)
			s := hire(t, "e", "b", "d", "a", "c")
			t.Equal("on the pages, in their order:", strings.Join(s.walk(t, 2, "sortBy", "userName"), " "), "a b c d e")
		},
	},
}

// advertised ends the check unless the target says that it sorts: who does not say so may ignore sortBy.
func advertised(t *check.T) {
	if offer, why := t.Offers(check.Sort); offer != check.Offered {
		t.NA("%s", why)
	}
}

// inOrder expects the staff to come in an order.
func inOrder(t *check.T, s staff, want string, pairs ...string) {
	advertised(t)
	a := s.list(t, pairs...)
	t.Expect(a).To(match.Found(s.ids...))
	t.Equal("with "+check.Query(pairs...)+" the order is", s.order(a), want)
}

// times are when the staff were made, in the order in which they come sorted by it.
func (s staff) times(t *check.T, order string) []time.Time {
	advertised(t)
	a := s.list(t, "sortBy", "meta.created", "sortOrder", order)
	t.Expect(a).To(match.Found(s.ids...))
	var out []time.Time
	for _, r := range a.Resources() {
		at, err := time.Parse(time.RFC3339, r.Text("meta.created"))
		if err != nil {
			t.NA("meta.created is %q, which tells no time", r.Text("meta.created"))
		}
		out = append(out, at)
	}
	return out
}

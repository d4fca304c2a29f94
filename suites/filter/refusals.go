package filter

import (
	"fmt"

	"scimproof/suites/check"
	"scimproof/suites/match"
)

// refusals asks what a target does with filters that it cannot, or should not, answer.
var refusals = []check.Check{
	{
		ID:          "filter.unknown-operator",
		Title:       "An unknown operator is 400 invalidFilter",
		Requirement: "A filter with an operation that the server does not know is refused with 400 and scimType invalidFilter, never answered.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			t.Expect(list(t, `userName regex ".*"`)).To(match.Error([]int{400}, "invalidFilter"))
		},
	},
	{
		ID:          "filter.malformed",
		Title:       "A filter that breaks the grammar is 400 invalidFilter",
		Requirement: "A filter that cannot be read is refused with 400 and scimType invalidFilter.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			for _, broken := range []string{
				`userName`, `userName eq`, `eq "a"`, `userName eq "a`, `(userName eq "a"`, `userName eq "a" and`, `userName eq "a" userName eq "b"`,
			} {
				t.Expect(list(t, broken), broken).To(match.Error([]int{400}, "invalidFilter"))
			}
		},
	},
	{
		ID:          "filter.order-of-booleans",
		Title:       "gt on a boolean is 400 invalidFilter",
		Requirement: "Booleans have no order: gt, ge, lt and le on one fail with 400 and scimType invalidFilter.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter, check.Active},
		Since:       1,
		Run: func(t *check.T) {
			for _, op := range []string{"gt", "ge", "lt", "le"} {
				t.Expect(list(t, "active "+op+" true"), op).To(match.Error([]int{400}, "invalidFilter"))
			}
		},
	},
	{
		ID:          "filter.unknown-attribute",
		Title:       "A filter on an attribute that does not exist finds nothing",
		Requirement: "Only what matches may be returned, and nobody matches on an attribute that there is not: an empty list or a refusal.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			people(t, 1)
			a := list(t, `noSuchAttribute eq "x"`)
			if !match.Is(a, match.Refusal()) {
				t.Expect(a).To(match.Found())
			}
		},
	},
	{
		ID:          "filter.hostile",
		Title:       "A value that looks like a query finds nothing",
		Requirement: "A value is compared and never executed: quotes, comments and wildcards of a database in it match nobody who is not called so.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			people(t, 1)
			for _, value := range []string{`' or '1'='1`, `x' -- `, `*)(uid=*`, `{"$gt":""}`, `%`, "x\u0000"} {
				a := list(t, check.Eq("userName", value))
				if !match.Is(a, match.Refusal()) {
					t.Expect(a, fmt.Sprintf("%q", value)).To(match.Found())
				}
			}
		},
	},
	{
		ID:          "filter.password",
		Title:       "A filter does not tell whether a password is right",
		Requirement: "A password is returned never; whoever can compare it in a filter can guess it piece by piece.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "7.5.2"},
		Needs:       []check.Need{check.Users, check.Filter, check.Password},
		Since:       1,
		Run: func(t *check.T) {
			password := "Aa1!" + newMark(t)
			a := one(t, newMark(t), check.Doc{"password": password})
			for _, op := range []string{"eq", "sw"} {
				ask := func(value string) *check.Answer {
					return list(t, check.Eq("userName", a.userName)+" and password "+op+" "+check.Quote(value))
				}
				right, wrong := ask(password), ask("Zz9?"+newMark(t))
				t.Hold(right.Status == wrong.Status && right.Total() == wrong.Total(), "one answer, whether the password is right or wrong",
					fmt.Sprintf("status %d with totalResults %d where it is right, status %d with %d where it is wrong",
						right.Status, right.Total(), wrong.Status, wrong.Total()))
			}
		},
	},
	{
		ID:          "filter.not-supported",
		Title:       "A target without filters does not answer one with everything",
		Requirement: "A list that ignores the filter says that all of it matches: a server that does not filter declines.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			if offer, why := t.Offers(check.Filter); offer != check.Denied {
				t.NA("%s", why)
			}
			_, p := people(t, 2)
			a := list(t, check.Eq("userName", p[0].userName))
			if !match.Is(a, match.Refusal()) && a.Status != 501 {
				t.Expect(a).To(match.Found(p[0].id))
			}
		},
	},
}

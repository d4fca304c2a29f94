package filter

import (
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// logic asks about connectives, their order of evaluation and parentheses (RFC 7644 tables 4 and 5).
var logic = []check.Check{
	{
		ID:          "filter.and",
		Title:       "and needs both sides",
		Requirement: "A resource matches when it satisfies both expressions.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			_, p := people(t, 2)
			a, b := check.Eq("userName", p[0].userName), check.Eq("userName", p[1].userName)
			t.Expect(find(t, a+" and "+a)).To(match.Found(p[0].id))
			t.Expect(find(t, a+" and "+b), "two values for one userName").To(match.Found())
		},
	},
	{
		ID:          "filter.or",
		Title:       "or needs one side",
		Requirement: "A resource matches when it satisfies one of the expressions.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			_, p := people(t, 3)
			a, b := check.Eq("userName", p[0].userName), check.Eq("userName", p[1].userName)
			t.Expect(find(t, a+" or "+b)).To(match.Found(p[0].id, p[1].id))
		},
	},
	{
		ID:          "filter.not",
		Title:       "not turns an expression around",
		Requirement: "A resource matches when the expression in the parentheses is false for it.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			mark, p := company(t, 2)
			a := find(t, check.Eq("displayName", mark)+" and not ("+check.Eq("userName", p[0].userName)+")")
			t.Expect(a).To(match.Found(p[1].id))
		},
	},
	{
		ID:          "filter.not-group",
		Title:       "not turns a whole group around",
		Requirement: "What stands in the parentheses behind not is one expression, whatever connectives are in it.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			mark, p := company(t, 3)
			a, b := check.Eq("userName", p[0].userName), check.Eq("userName", p[1].userName)
			t.Expect(find(t, check.Eq("displayName", mark)+" and not ("+a+" or "+b+")")).To(match.Found(p[2].id))
		},
	},
	{
		ID:          "filter.not-without-space",
		Title:       "not may stand directly before its parenthesis",
		Requirement: "The grammar has no space between not and the parenthesis, and the examples have one: both forms are read.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			mark, p := company(t, 2)
			company := check.Eq("displayName", mark)
			find(t, company+" and not ("+check.Eq("userName", p[0].userName)+")") // ends the check where there is no not at all
			t.Expect(list(t, company+" and not("+check.Eq("userName", p[0].userName)+")")).To(match.Found(p[1].id))
		},
	},
	{
		ID:          "filter.precedence",
		Title:       "and binds tighter than or",
		Requirement: "Without parentheses, and is evaluated before or.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			_, p := people(t, 2)
			a, b := check.Eq("userName", p[0].userName), check.Eq("userName", p[1].userName)
			t.Expect(find(t, a+" or "+b+" and "+b)).To(match.Found(p[0].id, p[1].id)) // from left to right it would be b alone
		},
	},
	{
		ID:          "filter.precedence-not",
		Title:       "not binds tighter than and",
		Requirement: "Without further parentheses, not takes in nothing but the group that follows it.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			mark, p := company(t, 2)
			people(t, 1) // whom the filter would find if not took in all of it
			a := find(t, "not ("+check.Eq("userName", p[0].userName)+") and "+check.Eq("displayName", mark))
			t.Expect(a).To(match.Found(p[1].id))
		},
	},
	{
		ID:          "filter.parentheses",
		Title:       "Parentheses come first",
		Requirement: "Parentheses change the order of evaluation: an or in them is evaluated before an and beside them.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			_, p := people(t, 2)
			a, b := check.Eq("userName", p[0].userName), check.Eq("userName", p[1].userName)
			t.Expect(find(t, "("+a+" or "+b+") and "+b)).To(match.Found(p[1].id))
		},
	},
	{
		ID:          "filter.parentheses-nested",
		Title:       "Parentheses may stand in parentheses",
		Requirement: "A group is a filter, and so may hold groups.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			_, p := people(t, 3)
			a, b, c := check.Eq("userName", p[0].userName), check.Eq("userName", p[1].userName), check.Eq("userName", p[2].userName)
			find(t, "("+a+")") // ends the check where there are no parentheses at all
			t.Expect(list(t, "(("+a+") or ("+b+" or ("+c+")))")).To(match.Found(p[0].id, p[1].id, p[2].id))
		},
	},
}

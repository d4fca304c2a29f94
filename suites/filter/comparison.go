package filter

import (
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// comparison asks about the operators of RFC 7644 table 3 that look for a value or a part of one.
var comparison = []check.Check{
	{
		ID:          "filter.operators",
		Title:       "A target with filters takes every operator and connective",
		Requirement: "Table 3 lists ten attribute operators and table 4 three logical ones; a server that says it filters understands all of them on userName.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			_, p := people(t, 1)
			name := check.Quote(p[0].userName)
			takes := func(what, filter string) {
				a := t.Get(t.Users(), "filter", filter, "count", "1")
				if !match.Is(a, match.Error([]int{400}, "tooMany")) {
					t.Expect(a, what).To(match.Status(200))
				}
			}
			for _, op := range []string{"eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"} {
				takes(op, "userName "+op+" "+name)
			}
			takes("pr", "userName pr")
			takes("and", "userName eq "+name+" and userName eq "+name)
			takes("or", "userName eq "+name+" or userName eq "+name)
			takes("not", "not (userName eq "+name+")")
		},
	},
	{
		ID:          "filter.eq",
		Title:       "eq finds the one user with the value",
		Requirement: "Only resources whose value is the same as that of the filter match.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			_, p := people(t, 2)
			t.Expect(list(t, check.Eq("userName", p[0].userName))).To(match.Found(p[0].id))
		},
	},
	{
		ID:          "filter.eq-id",
		Title:       "eq finds a user by id",
		Requirement: "id is an attribute like any other: a filter can name it.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			_, p := people(t, 2)
			t.Expect(find(t, check.Eq("id", p[0].id))).To(match.Found(p[0].id))
		},
	},
	{
		ID:          "filter.eq-external-id",
		Title:       "eq finds a user by externalId",
		Requirement: "A client finds again by externalId what it created under it.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			mark := newMark(t)
			a := one(t, mark+"-a", check.Doc{"externalId": mark + "-1"})
			one(t, mark+"-b", check.Doc{"externalId": mark + "-2"})
			keeps(t, a, "externalId", mark+"-1")
			t.Expect(find(t, check.Eq("externalId", mark+"-1"))).To(match.Found(a.id))
		},
	},
	{
		ID:          "filter.eq-boolean",
		Title:       "eq compares booleans",
		Requirement: "A boolean is compared with true or false, without quotes.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter, check.Active, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			mark := newMark(t)
			on := one(t, mark+"-a", check.Doc{"displayName": mark, "active": true})
			off := one(t, mark+"-b", check.Doc{"displayName": mark, "active": false})
			keeps(t, on, "active", true)
			keeps(t, off, "active", false)
			t.Expect(find(t, check.Eq("displayName", mark)+" and active eq false")).To(match.Found(off.id))
			t.Expect(find(t, check.Eq("displayName", mark)+" and active eq true")).To(match.Found(on.id))
		},
	},
	{
		ID:          "filter.ne",
		Title:       "ne finds those whose value is another",
		Requirement: "Resources whose value differs from that of the filter match, and no others.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			mark, p := company(t, 2)
			a := find(t, check.Eq("displayName", mark)+" and userName ne "+check.Quote(p[0].userName))
			t.Expect(a).To(match.Found(p[1].id))
		},
	},
	{
		ID:          "filter.co",
		Title:       "co finds those that contain the text",
		Requirement: "Resources match whose value has the whole text of the filter somewhere in it.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			mark := newMark(t)
			a := one(t, "x-"+mark+"-a", nil)
			one(t, mark+"-b", nil)
			t.Expect(find(t, "userName co "+check.Quote(mark+"-a@"))).To(match.Found(a.id))
		},
	},
	{
		ID:          "filter.sw",
		Title:       "sw finds those that start with the text",
		Requirement: "Resources match whose value begins with the whole text of the filter; the whole value is a beginning too.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			mark, p := people(t, 2)
			one(t, "x-"+mark, nil)
			t.Expect(find(t, "userName sw "+check.Quote(mark))).To(match.Found(p[0].id, p[1].id))
			t.Expect(find(t, "userName sw "+check.Quote(p[0].userName)), "the whole value").To(match.Found(p[0].id))
		},
	},
	{
		ID:          "filter.ew",
		Title:       "ew finds those that end with the text",
		Requirement: "Resources match whose value ends with the whole text of the filter; the whole value is an end too.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			mark := newMark(t)
			a := one(t, "x-"+mark, nil)
			t.MustUser(check.Doc{"userName": mark + "@example.com.example.org"})
			t.Expect(find(t, "userName ew "+check.Quote(mark+"@example.com"))).To(match.Found(a.id))
			t.Expect(find(t, "userName ew "+check.Quote(a.userName)), "the whole value").To(match.Found(a.id))
		},
	},
	{
		ID:          "filter.pr",
		Title:       "pr finds those that have a value",
		Requirement: "Resources match that have the attribute with something in it, and those without it do not.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			mark := newMark(t)
			with := one(t, mark+"-a", check.Doc{"displayName": mark, "externalId": mark + "-a"})
			without := one(t, mark+"-b", check.Doc{"displayName": mark})
			keeps(t, with, "externalId", mark+"-a")
			if match.Is(t.MustGet(check.Under(t.Users(), without.id)), match.Has("externalId")) {
				t.NA("the target gives an externalId to a user who came without one")
			}
			t.Expect(find(t, check.Eq("displayName", mark)+" and externalId pr")).To(match.Found(with.id))
		},
	},
	{
		ID:          "filter.no-result",
		Title:       "A filter that matches nobody answers 200 with totalResults 0",
		Requirement: "Nothing found is a success: a ListResponse with totalResults 0, and no 404.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2"},
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			t.Expect(list(t, check.Eq("userName", newMark(t)+"@example.com"))).To(match.Found())
		},
	},
	{
		ID:          "filter.inactive",
		Title:       "A user who is not active is still found",
		Requirement: "The client looks for an account by userName before it creates one; an inactive account that hides would be made twice.",
		Profiles:    []check.Profile{check.Okta, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "Okta", Section: "jml-oin"},
		Needs:       []check.Need{check.Users, check.Filter, check.Active},
		Since:       1,
		Run: func(t *check.T) {
			off := one(t, newMark(t), check.Doc{"active": false})
			keeps(t, off, "active", false)
			t.Expect(list(t, check.Eq("userName", off.userName))).To(match.Found(off.id))
		},
	},
}

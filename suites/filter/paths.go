package filter

import (
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// paths asks about sub-attributes, multi-valued attributes and value paths.
var paths = []check.Check{
	{
		ID:          "filter.sub-attribute",
		Title:       "A sub-attribute is named with a dot",
		Requirement: "A filter reaches into a complex attribute by attribute, dot, sub-attribute.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter, check.Name},
		Since:       1,
		Run: func(t *check.T) {
			mark := newMark(t)
			a := one(t, mark+"-a", check.Doc{"name": check.Doc{"givenName": "Ann", "familyName": mark}})
			one(t, mark+"-b", check.Doc{"name": check.Doc{"givenName": mark, "familyName": "Ann"}})
			bystander(t, mark)
			keeps(t, a, "name.familyName", mark)
			t.Expect(find(t, check.Eq("name.familyName", mark))).To(match.Found(a.id))
		},
	},
	{
		ID:          "filter.multi-valued",
		Title:       "emails.value finds a user by address",
		Requirement: "A sub-attribute of a multi-valued attribute is named with a dot, and the resource matches when one of its values does.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter, check.Emails},
		Since:       1,
		Run: func(t *check.T) {
			mark := newMark(t)
			a := one(t, mark+"-a", emails(work(mark+"1@example.com")))
			one(t, mark+"-b", emails(work(mark+"2@example.com")))
			bystander(t, mark)
			keeps(t, a, "emails[0].value", mark+"1@example.com")
			t.Expect(find(t, check.Eq("emails.value", mark+"1@example.com"))).To(match.Found(a.id))
		},
	},
	{
		ID:          "filter.multi-valued-pr",
		Title:       "emails pr finds those who have an address",
		Requirement: "pr on an attribute with sub-attributes holds where there is something in it.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter, check.Emails, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			mark, p := company(t, 1)
			a := one(t, mark+"-m", check.Doc{"displayName": mark, "emails": check.List{work(mark + "1@example.com")}})
			keeps(t, a, "emails[0].value", mark+"1@example.com")
			if match.Is(t.MustGet(check.Under(t.Users(), p[0].id)), match.Has("emails")) {
				t.NA("the target gives an address to a user who came without one")
			}
			t.Expect(find(t, check.Eq("displayName", mark)+" and emails pr")).To(match.Found(a.id))
		},
	},
	{
		ID:          "filter.multi-valued-any",
		Title:       "Any of several values may match",
		Requirement: "It takes one value of a multi-valued attribute to match, whichever it is.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter, check.Emails},
		Replaced:    []string{"map-1", "map-2"},
		Since:       1,
		Run: func(t *check.T) {
			mark := newMark(t)
			a := one(t, mark+"-a", emails(work(mark+"1@example.com"), home(mark+"2@example.com")))
			two(t, a)
			bystander(t, mark)
			t.Expect(find(t, check.Eq("emails.value", mark+"1@example.com")), "the first").To(match.Found(a.id))
			t.Expect(find(t, check.Eq("emails.value", mark+"2@example.com")), "the second").To(match.Found(a.id))
		},
	},
	{
		ID:          "filter.multi-valued-across",
		Title:       "Conditions with dots may match on different values",
		Requirement: "Each condition outside brackets looks at all values by itself: the type may be that of one and the value that of another.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter, check.Emails},
		Replaced:    []string{"map-1", "map-2"},
		Since:       1,
		Run: func(t *check.T) {
			mark := newMark(t)
			a := one(t, mark+"-a", emails(work(mark+"1@example.com"), home(mark+"2@example.com")))
			two(t, a)
			bystander(t, mark)
			t.Expect(find(t, `emails.type eq "home" and `+check.Eq("emails.value", mark+"1@example.com"))).To(match.Found(a.id))
		},
	},
	{
		ID:          "filter.multi-valued-bare",
		Title:       "emails alone means its values",
		Requirement: "The text asks for a sub-attribute to be named and two examples leave it out: emails eq is read as emails.value eq.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Info,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter, check.Emails},
		Since:       1,
		Run: func(t *check.T) {
			mark := newMark(t)
			a := one(t, mark+"-a", emails(work(mark+"1@example.com")))
			bystander(t, mark)
			keeps(t, a, "emails[0].value", mark+"1@example.com")
			t.Expect(list(t, check.Eq("emails", mark+"1@example.com"))).To(match.Found(a.id))
		},
	},
	{
		ID:          "filter.value-path",
		Title:       "A value path finds a user by type and value of an address",
		Requirement: "The expression in the brackets is about the sub-attributes of the attribute before them.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter, check.Emails},
		Since:       1,
		Run: func(t *check.T) {
			mark := newMark(t)
			a := one(t, mark+"-a", emails(work(mark+"1@example.com")))
			one(t, mark+"-b", emails(work(mark+"2@example.com")))
			bystander(t, mark)
			keeps(t, a, "emails[type=work].value", mark+"1@example.com")
			t.Expect(find(t, `emails[type eq "work" and `+check.Eq("value", mark+"1@example.com")+"]")).To(match.Found(a.id))
		},
	},
	{
		ID:          "filter.value-path-same",
		Title:       "All of a value path holds for one value",
		Requirement: "What stands in the brackets has to be true of the same value, not of one here and another there.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter, check.Emails},
		Replaced:    []string{"map-1", "map-2"},
		Since:       1,
		Run: func(t *check.T) {
			mark := newMark(t)
			a := one(t, mark+"-a", emails(work(mark+"1@example.com"), home(mark+"2@example.com")))
			two(t, a)
			bystander(t, mark)
			t.Expect(find(t, `emails[type eq "home" and `+check.Eq("value", mark+"1@example.com")+"]")).To(match.Found())
			t.Expect(find(t, `emails[type eq "home" and `+check.Eq("value", mark+"2@example.com")+"]")).To(match.Found(a.id))
		},
	},
	{
		ID:          "filter.value-path-logic",
		Title:       "or and not work in a value path",
		Requirement: "What stands in the brackets is a filter, with connectives and groups of its own.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter, check.Emails},
		Since:       1,
		Run: func(t *check.T) {
			mark := newMark(t)
			a := one(t, mark+"-a", emails(work(mark+"1@example.com")))
			bystander(t, mark)
			keeps(t, a, "emails[type=work].value", mark+"1@example.com")
			value := check.Eq("value", mark+"1@example.com")
			t.Expect(find(t, `emails[(type eq "home" or type eq "work") and `+value+"]"), "or").To(match.Found(a.id))
			t.Expect(find(t, `emails[not (type eq "work") and `+value+"]"), "not").To(match.Found())
		},
	},
}

func emails(list ...check.Doc) check.Doc {
	values := check.List{}
	for _, e := range list {
		values = append(values, e)
	}
	return check.Doc{"emails": values}
}

func work(value string) check.Doc { return check.Doc{"type": "work", "value": value, "primary": true} }
func home(value string) check.Doc { return check.Doc{"type": "home", "value": value} }

// two ends the check unless the target keeps both of two addresses with their types.
func two(t *check.T, p person) {
	a := t.MustGet(check.Under(t.Users(), p.id))
	if !match.Is(a, match.Count("emails", 2)) || !match.Is(a, match.Has("emails[type=home]")) {
		t.NA("the target does not keep two addresses of a user")
	}
}

package filter

import (
	"strings"

	"scimproof/suites/check"
	"scimproof/suites/match"
)

// values asks how texts are compared, and whether odd ones are read as they stand.
var values = []check.Check{
	{
		ID:          "filter.case-insensitive",
		Title:       "userName is compared without regard to case",
		Requirement: "caseExact decides how texts are compared, and userName is not caseExact unless the target's own schema says so.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			if a := t.Attribute(check.UserSchema, "userName"); a != nil && a.Text("caseExact") == "true" {
				t.NA("the target's schema declares userName as caseExact")
			}
			a := one(t, newMark(t)+"-Mixed", nil)
			t.Expect(list(t, check.Eq("userName", strings.ToUpper(a.userName))), "in upper case").To(match.Found(a.id))
			t.Expect(list(t, check.Eq("userName", strings.ToLower(a.userName))), "in lower case").To(match.Found(a.id))
		},
	},
	{
		ID:          "filter.case-exact",
		Title:       "externalId is compared exactly",
		Requirement: "externalId is caseExact: a value that differs in case is another value.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "3.1"},
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			mark := newMark(t)
			a := one(t, mark, check.Doc{"externalId": mark + "-AbC"})
			keeps(t, a, "externalId", mark+"-AbC")
			t.Expect(find(t, check.Eq("externalId", mark+"-AbC")), "as it is").To(match.Found(a.id))
			t.Expect(find(t, check.Eq("externalId", mark+"-aBc")), "in another case").To(match.Found())
		},
	},
	verbatim("filter.value-punctuation", "userName", "Hyphens, dots, plus signs and apostrophes in a value are read as they stand",
		"A value is a JSON text: what is in the quotes is compared and not taken apart.", "o'neil-smith.jr+test", "o'neil",
		check.RFC, check.Okta, check.Entra),
	verbatim("filter.value-escapes", "displayName", "Quotes and backslashes in a value are escaped as in JSON",
		"A value is a JSON text, in which a quote or backslash stands after a backslash.", `the "big" one \ two`, `the`, check.RFC),
	verbatim("filter.value-operators", "displayName", "Words and brackets in a value are not operators",
		"What stands in the quotes is the value, also where it reads like a filter.", "salt AND (pepper) or [oil] eq not", "salt", check.RFC),
	verbatim("filter.value-underscore", "displayName", "An underscore in a value stands for itself",
		"eq wants the same text: no character of it stands for any other.", "a_b", "axb", check.RFC),
	{
		ID:          "filter.value-percent",
		Title:       "A percent sign in a value stands for itself",
		Requirement: "sw, co and ew want the text as it is: no character of it stands for any others.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			mark := newMark(t)
			a := one(t, mark+"-a", check.Doc{"displayName": mark + " 5% off"})
			one(t, mark+"-b", check.Doc{"displayName": mark + " 50 off"})
			keeps(t, a, "displayName", mark+" 5% off")
			t.Expect(find(t, "displayName sw "+check.Quote(mark+" 5% "))).To(match.Found(a.id))
			t.Expect(find(t, "displayName co "+check.Quote(mark+" 5% "))).To(match.Found(a.id))
		},
	},
	{
		ID:          "filter.value-unicode-escape",
		Title:       "An escape for a character means that character",
		Requirement: "A value is a JSON text, in which \\u and four digits stand for a character.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			mark := newMark(t)
			a := one(t, mark, check.Doc{"displayName": mark + " Zoë"})
			keeps(t, a, "displayName", mark+" Zoë")
			t.Expect(list(t, check.Eq("displayName", mark+" Zoë")), "the character itself").To(match.Found(a.id))
			t.Expect(list(t, `displayName eq "`+mark+` Zo\u00eb"`), "its escape").To(match.Found(a.id))
		},
	},
}

// verbatim is the check that eq finds a user by an odd value, and not another one by a value that a careless reading takes for it.
func verbatim(id, attribute, title, requirement, odd, decoy string, profiles ...check.Profile) check.Check {
	needs := []check.Need{check.Users, check.Filter}
	if attribute == "displayName" {
		needs = append(needs, check.DisplayName)
	}
	return check.Check{
		ID: id, Title: title, Requirement: requirement, Profiles: profiles, Level: check.Must,
		Ref: check.Ref{RFC: "7644", Section: "3.4.2.2"}, Needs: needs, Since: 1,
		Run: func(t *check.T) {
			mark := newMark(t)
			value := func(v string) string {
				if attribute == "userName" {
					return mark + v + "@example.com"
				}
				return mark + v
			}
			a := t.Post(t.Users(), t.User(check.Doc{attribute: value(odd)}))
			if !a.OK() {
				t.NA("the target does not take the %s %q", attribute, value(odd))
			}
			a = t.Made(a)
			t.MustUser(check.Doc{attribute: value(decoy)})
			keeps(t, person{id: a.ID()}, attribute, value(odd))
			t.Expect(list(t, check.Eq(attribute, value(odd)))).To(match.Found(a.ID()))
		},
	}
}

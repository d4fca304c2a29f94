package idaas

import (
	"strings"

	"scimproof/suites/check"
	"scimproof/suites/match"
)

// tooShort breaks every policy that there is.
const tooShort = "Z9"

// secret is a password that every policy takes and nobody else has.
func secret(t *check.T) string { return "Zq7!-" + strings.ToUpper(t.Unique()) + "-pw-kx" }

// passwordCheck is a question about a password that breaks the policy.
func passwordCheck(w way) check.Check {
	return check.Check{
		ID:          "idaas.password.refused." + w.id,
		Title:       "A password that breaks the policy is refused (" + w.name + ")",
		Requirement: "The request fails, and nothing is made or changed.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "pass-1",
		Part:        "refused",
		Needs:       append([]check.Need{check.Password, check.Filter}, w.needs...),
		Since:       1,
		Run: func(t *check.T) {
			w.refused(t, check.Doc{"displayName": "Jo", "password": secret(t)}, check.Doc{"displayName": "Changed", "password": tooShort}, match.Refusal())
		},
	}
}

// passwords ask what becomes of a password (rules pass-*).
var passwords = []check.Check{
	passwordCheck(byPost),
	passwordCheck(byPut),
	passwordCheck(byPatch),
	passwordCheck(again),
	{
		ID:          "idaas.password.error",
		Title:       "The error says what is wrong with a password and never shows it",
		Requirement: "It is 400 with the scimType invalidValue and a detail that does not hold the password.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "pass-1",
		Part:        "form",
		Needs:       []check.Need{check.Users, check.Password},
		Since:       1,
		Run: func(t *check.T) {
			long := secret(t) + strings.Repeat("x", 64)
			answer := t.Post(t.Users(), t.User(check.Doc{"password": long}))
			t.Expect(answer).To(match.Error([]int{400}, "invalidValue"))
			t.Hold(answer.Text("detail") != "", "a detail that says which rule is broken", "no detail")
			t.Hold(!strings.Contains(string(answer.Body), long), "an error without the password", "the password stands in it")
		},
	},
	{
		ID:          "idaas.password.returned",
		Title:       "No answer shows a password",
		Requirement: "Neither POST, PUT and PATCH nor GET and lists return it.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "pass-2",
		Part:        "returned",
		Needs:       []check.Need{check.Users, check.Password, check.Patch, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			a, password := newAccount(t), secret(t)
			hidden(t, a.post(t, a.doc(t, check.Doc{"password": password})), password)
			for _, w := range []way{byPut, byPatch} {
				answer := w.send(t, a, check.Doc{"password": password, "displayName": t.Unique()})
				t.Expect(answer).To(match.Success())
				hidden(t, answer, password)
			}
			hidden(t, a.read(t), password)
			hidden(t, find(t, check.Eq("userName", a.userName)), password)
		},
	},
	{
		ID:          "idaas.password.asked-for",
		Title:       "No list of attributes brings a password out",
		Requirement: "attributes=password shows no password, neither with one account nor with a list.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "pass-2",
		Part:        "returned",
		Needs:       []check.Need{check.Users, check.Password, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			password := secret(t)
			a := made(t, check.Doc{"password": password})
			hidden(t, t.Get(a.path(t), "attributes", "userName,password"), password)
			hidden(t, t.Get(t.Users(), "filter", check.Eq("userName", a.userName), "attributes", "userName,password"), password)
		},
	},
	{
		ID:          "idaas.password.filter",
		Title:       "A filter does not tell whether a password is right",
		Requirement: "A filter on password is refused, or finds the same whether what it holds is the password or not.",
		Profiles:    []check.Profile{check.IDaaS},
		Level:       check.Should,
		Rule:        "pass-2",
		Part:        "queries",
		Needs:       []check.Need{check.Users, check.Password, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			password := secret(t)
			a := made(t, check.Doc{"password": password})
			who := check.Eq("userName", a.userName) + " and password "
			for _, pair := range [][2]string{
				{`eq ` + check.Quote(password), `eq ` + check.Quote(secret(t))},
				{`sw ` + check.Quote(password[:5]), `sw "~~~~~"`},
			} {
				right, wrong := find(t, who+pair[0]), find(t, who+pair[1])
				t.Equal("the status for a wrong password", wrong.Status, right.Status)
				t.Equal("totalResults for a wrong password", wrong.Total(), right.Total())
			}
		},
	},
	{
		ID:          "idaas.password.sort",
		Title:       "Sorting does not tell which password comes first",
		Requirement: "sortBy=password is refused, or the order has nothing to do with the passwords.",
		Profiles:    []check.Profile{check.IDaaS},
		Level:       check.Should,
		Rule:        "pass-2",
		Part:        "queries",
		Needs:       []check.Need{check.Users, check.Password, check.Filter, check.Sort},
		Since:       1,
		Run: func(t *check.T) {
			mark, ids := t.Unique(), map[string]string{}
			for _, first := range []string{"d", "b", "f", "a", "e", "c"} {
				id := made(t, check.Doc{"displayName": mark, "password": first + secret(t)}).id
				ids[id] = first
			}
			order := func(direction string) (out string) {
				for _, r := range t.Get(t.Users(), "filter", check.Eq("displayName", mark), "sortBy", "password", "sortOrder", direction).Resources() {
					out += ids[r.Text("id")]
				}
				return out
			}
			up, down := order("ascending"), order("descending")
			t.Hold(up != "abcdef" || down != "fedcba", "an order that does not follow the passwords", "both orders are those of the passwords")
		},
	},
	{
		ID:          "idaas.password.default-policy",
		Title:       "Where no policy was chosen four characters are enough",
		Requirement: "An IdP's random placeholder passes, and so do four characters; three do not.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "pass-3",
		Part:        "default",
		Needs:       []check.Need{check.Users, check.Password, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			for _, right := range []string{"kwzjhqxv", "wxyz"} {
				byPost.taken(t, nil, check.Doc{"password": right})
			}
			byPost.refused(t, nil, check.Doc{"password": "wxy"}, match.Refusal())
		},
	},
	{
		ID:          "idaas.password.bounds",
		Title:       "Control characters, and more than 64 characters, are refused in a password",
		Requirement: "No policy takes such a password, and no account is made with one.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "pass-3",
		Part:        "bounds",
		Needs:       []check.Need{check.Users, check.Password, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			good := secret(t)
			for _, wrong := range []string{good + "\x07", good + "\n", good + strings.Repeat("x", 65-len(good))} {
				byPost.refused(t, nil, check.Doc{"password": wrong}, match.Refusal())
			}
		},
	},
}

// hidden expects an answer to hold neither an attribute password nor the password anywhere.
func hidden(t *check.T, a *check.Answer, password string) {
	t.Expect(a).To(match.Lacks("password"))
	t.Expect(a).To(match.Lacks("Resources.password"))
	t.Hold(!strings.Contains(string(a.Body), password), "an answer without the password", "the password stands in it")
}

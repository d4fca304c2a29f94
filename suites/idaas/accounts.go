package idaas

import (
	"strings"

	"scimproof/suites/check"
	"scimproof/suites/match"
)

// accounts ask how an account is named, and that it goes (rules user-1 to user-4, user-6).
var accounts = []check.Check{
	{
		ID:          "idaas.account.id",
		Title:       "Each account has an id of its own",
		Requirement: "The server gives every account an id that no other account has, and the account is found under it.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "user-1",
		Part:        "own",
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			a, b := newAccount(t), newAccount(t)
			a.post(t, a.doc(t))
			b.post(t, b.doc(t))
			t.Hold(a.id != b.id, "two accounts with two ids", "both have the id "+a.id)
			t.Expect(t.Get(a.path(t))).To(match.All(match.Status(200), match.ValueFold("userName", a.userName)))
			t.Expect(t.Get(b.path(t))).To(match.All(match.Status(200), match.ValueFold("userName", b.userName)))
		},
	},
	{
		ID:          "idaas.account.id-ignored",
		Title:       "An id that a client sends is ignored",
		Requirement: "The id is the server's to choose; one in the body of a POST or PUT has no effect.",
		Profiles:    []check.Profile{check.IDaaS},
		Level:       check.Must,
		Rule:        "user-1",
		Part:        "stable",
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			a, wanted := newAccount(t), "chosen-"+t.Unique()
			answer := a.post(t, a.doc(t, check.Doc{"id": wanted}))
			t.Hold(answer.ID() != wanted, "an id that the server chose", "the id "+wanted+" that the client sent")
			t.Expect(t.Put(a.path(t), a.doc(t, check.Doc{"id": wanted}))).To(match.Success())
			t.Expect(a.read(t)).To(match.Value("id", a.id))
			t.Expect(t.Get(check.Under(t.Users(), wanted))).To(match.Status(404))
		},
	},
	{
		ID:          "idaas.account.id-stable",
		Title:       "The id of an account never changes",
		Requirement: "PUT, PATCH and a new userName all leave the id as it is.",
		Profiles:    []check.Profile{check.IDaaS},
		Level:       check.Must,
		Rule:        "user-1",
		Part:        "stable",
		Needs:       []check.Need{check.Users, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			a := made(t)
			for _, w := range []way{byPut, byPatch} {
				t.Expect(w.send(t, a, check.Doc{"displayName": t.Unique()})).To(match.Success())
				t.Expect(t.Get(a.path(t)), "after "+w.name).To(match.Value("id", a.id))
			}
			a.userName = t.Unique() + "@example.com"
			answer := a.patched(t, check.Op("replace", "userName", a.userName))
			t.Expect(answer).To(match.Value("id", a.id))
			t.Expect(answer).To(match.ValueFold("userName", a.userName))
		},
	},
	{
		ID:          "idaas.account.user-name-required",
		Title:       "An account needs a userName",
		Requirement: "A POST without a userName, or with an empty one, is refused, and so is a PUT, which changes nothing.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "user-2",
		Part:        "name",
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			t.Expect(t.Post(t.Users(), t.User(check.Doc{"userName": nil}))).To(match.Refusal())
			t.Expect(t.Post(t.Users(), t.User(check.Doc{"userName": ""}))).To(match.Refusal())
			a := made(t)
			was := a.look(t)
			t.Expect(t.Put(a.path(t), t.User(check.Doc{"userName": nil, "displayName": t.Unique()}))).To(match.Refusal())
			a.still(t, was)
		},
	},
	{
		ID:          "idaas.account.user-name-unique-put",
		Title:       "PUT cannot give an account the userName of another",
		Requirement: "No two accounts have the same userName, whatever its case.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "user-2",
		Part:        "name",
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run:         func(t *check.T) { nameTaken(t, byPut) },
	},
	{
		ID:          "idaas.account.user-name-unique-patch",
		Title:       "PATCH cannot give an account the userName of another",
		Requirement: "No two accounts have the same userName, whatever its case.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "user-2",
		Part:        "name",
		Needs:       []check.Need{check.Users, check.Patch},
		Since:       1,
		Run:         func(t *check.T) { nameTaken(t, byPatch) },
	},
	{
		ID:          "idaas.account.user-name-length",
		Title:       "A userName has up to 256 characters",
		Requirement: "One of 256 characters is kept whole, one of 257 is refused.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "user-2",
		Part:        "limits",
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			a := &account{userName: long(t, 256)}
			a.post(t, a.doc(t))
			t.Expect(a.read(t)).To(match.ValueFold("userName", a.userName))
			b := &account{userName: long(t, 257)}
			t.Expect(t.Post(t.Users(), b.doc(t))).To(match.Status(400))
			b.unmade(t)
		},
	},
	{
		ID:          "idaas.account.user-name-spaces",
		Title:       "A userName with a control character, or a space at either end, is refused",
		Requirement: "Names that cannot be told apart by looking at them are not taken.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "user-2",
		Part:        "limits",
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			name := t.Unique()
			for _, bad := range []string{" " + name, name + " ", name + "\tb", name + "\nb", name + "\x7f"} {
				t.Expect(t.Post(t.Users(), t.User(check.Doc{"userName": bad}))).To(match.Status(400))
			}
		},
	},
	{
		ID:          "idaas.account.user-name-characters",
		Title:       "A userName is kept with the characters that it has",
		Requirement: "Guests are called a_b.com#EXT#@c.example and people o'brien; a server may refuse such names with 400, but does not change them.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "user-2",
		Part:        "limits",
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			for _, odd := range []string{"o'brien", "a_b.com#EXT#", "jo+scim", "Jo Doe", "用户"} {
				a := &account{userName: odd + t.Unique() + "@example.com"}
				answer := t.Post(t.Users(), a.doc(t))
				if declined(answer) {
					a.unmade(t)
					continue
				}
				t.Expect(answer).To(match.Success())
				a.id = idOf(t, answer)
				t.Expect(a.read(t)).To(match.ValueFold("userName", a.userName))
			}
		},
	},
	{
		ID:          "idaas.account.display-name",
		Title:       "displayName is stored and returned",
		Requirement: "What POST, PUT and PATCH say is what a later GET shows.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "user-3",
		Part:        "kept",
		Needs:       []check.Need{check.Users, check.Patch},
		Since:       1,
		Run:         func(t *check.T) { keeps(t, "displayName", `Jo "the" Döe `) },
	},
	{
		ID:          "idaas.account.display-name-length",
		Title:       "A displayName of 128 characters is kept whole",
		Requirement: "There is room for 128 characters, whatever they take in bytes.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "user-3",
		Part:        "length",
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			a, name := newAccount(t), strings.Repeat("名", 128)
			a.post(t, a.doc(t, check.Doc{"displayName": name}))
			t.Expect(a.read(t)).To(match.Value("displayName", name))
		},
	},
	{
		ID:          "idaas.account.external-id",
		Title:       "externalId is stored and returned",
		Requirement: "What POST, PUT and PATCH say is what a later GET shows.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "user-4",
		Part:        "kept",
		Needs:       []check.Need{check.Users, check.Patch},
		Since:       1,
		Run:         func(t *check.T) { keeps(t, "externalId", "Ext/ID ") },
	},
	{
		ID:          "idaas.account.external-id-case",
		Title:       "externalId is compared with regard to case",
		Requirement: "Two that differ in case alone are those of two accounts, and a filter finds each of them by its own.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "user-4",
		Part:        "kept",
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			lower, a, b := t.Unique()+"case", newAccount(t), newAccount(t)
			upper := strings.ToUpper(lower)
			a.post(t, a.doc(t, check.Doc{"externalId": lower}))
			b.post(t, b.doc(t, check.Doc{"externalId": upper}))
			t.Expect(find(t, check.Eq("externalId", lower))).To(match.Found(a.id))
			t.Expect(find(t, check.Eq("externalId", upper))).To(match.Found(b.id))
		},
	},
	{
		ID:          "idaas.account.external-id-absent",
		Title:       "An account whose client gave no externalId has none",
		Requirement: "externalId is the client's name for the account; a server does not make one up.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "user-4",
		Part:        "kept",
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run:         func(t *check.T) { t.Expect(made(t).read(t)).To(match.Lacks("externalId")) },
	},
	{
		ID:          "idaas.account.external-id-unique",
		Title:       "PUT and PATCH cannot give an account the externalId of another",
		Requirement: "No two accounts that the application made have the same externalId.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "user-4",
		Part:        "unique",
		Needs:       []check.Need{check.Users, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			external := t.Unique()
			made(t, check.Doc{"externalId": external})
			for _, w := range []way{byPut, byPatch} {
				w.refused(t, check.Doc{"externalId": t.Unique()}, check.Doc{"externalId": external}, match.Refusal())
			}
		},
	},
	{
		ID:          "idaas.account.delete",
		Title:       "DELETE takes an account away everywhere",
		Requirement: "Afterwards the account can be neither read nor listed nor changed.",
		Profiles:    []check.Profile{check.IDaaS},
		Level:       check.Must,
		Rule:        "user-6",
		Needs:       []check.Need{check.Users, check.Patch, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			a := made(t)
			t.Expect(t.Delete(a.path(t))).To(match.Success())
			t.Expect(t.Get(a.path(t))).To(match.Status(404))
			t.Expect(find(t, check.Eq("userName", a.userName))).To(match.Found())
			t.Expect(a.patch(t, check.Op("replace", "displayName", "back"))).To(match.Status(404))
		},
	},
	{
		ID:          "idaas.account.delete-twice",
		Title:       "A second DELETE is 404",
		Requirement: "Whatever is gone is not found, also by the request that made it go.",
		Profiles:    []check.Profile{check.IDaaS},
		Level:       check.Must,
		Rule:        "user-6",
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			a := made(t)
			t.MustDelete(a.path(t))
			t.Expect(t.Delete(a.path(t))).To(match.Status(404))
		},
	},
	{
		ID:          "idaas.account.delete-member",
		Title:       "A deleted account is no member of any group",
		Requirement: "With the account its memberships go.",
		Profiles:    []check.Profile{check.IDaaS},
		Level:       check.Must,
		Rule:        "user-6",
		Needs:       []check.Need{check.Users, check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			goes, stays := made(t), made(t)
			g := team(t, goes, stays)
			members(t, g, goes, stays)
			t.MustDelete(goes.path(t))
			members(t, g, stays)
		},
	},
}

// nameTaken tries to rename an account to another one, in another case.
func nameTaken(t *check.T, w way) {
	a, b := made(t), made(t)
	was := b.look(t)
	t.Expect(w.send(t, b, check.Doc{"userName": strings.ToUpper(a.userName)})).To(match.Refusal())
	b.still(t, was)
}

// keeps sends a text by POST, PUT and PATCH, and expects to read what was sent.
func keeps(t *check.T, attr, text string) {
	a := newAccount(t)
	for _, w := range writes {
		want := text + t.Unique()
		t.Expect(w.send(t, a, check.Doc{attr: want})).To(match.Success())
		t.Expect(a.read(t), "after "+w.name).To(match.Value(attr, want))
	}
}

// long is a userName of so many characters.
func long(t *check.T, length int) string {
	const domain = "@example.com"
	name := t.Unique()
	return name + strings.Repeat("n", length-len(name)-len(domain)) + domain
}

package idaas

import (
	"net/http"
	"strings"

	"scimproof/simulator/client"
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// whole is an account with a bit of everything, as a client sends it.
func (a *account) whole(t *check.T) check.Doc {
	return a.doc(t, check.Doc{"externalId": t.Unique(), "displayName": "Jo Doe", "active": true}, mail.of(entry(mail.value(t))), phone.of(entry(phone.value(t))))
}

// resubmissions ask what a POST of an account or a group that is there does (rules idem-*).
var resubmissions = []check.Check{
	{
		ID:          "idaas.again.same",
		Title:       "The same user again is the same account",
		Requirement: "The answer has the same id and Location as the first, and a list shows one account.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "idem-1",
		Part:        "same",
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			a := newAccount(t)
			doc := a.whole(t)
			first := a.post(t, doc)
			second := t.Post(t.Users(), doc)
			t.Expect(second).To(match.Success())
			t.Equal("the id", idOf(t, second), a.id)
			if location := locationOf(second); location != "" {
				t.Equal("the Location", location, locationOf(first))
			}
			t.Expect(find(t, check.Eq("userName", a.userName))).To(match.Found(a.id))
		},
	},
	{
		ID:          "idaas.again.status",
		Title:       "A repeated submission is answered with 200",
		Requirement: "Nothing was created; a server may answer 201 all the same.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "idem-1",
		Part:        "status",
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			a := newAccount(t)
			doc := a.whole(t)
			a.post(t, doc)
			t.Expect(t.Post(t.Users(), doc)).To(match.Status(200, 201))
		},
	},
	{
		ID:          "idaas.again.by-external-id",
		Title:       "An account is found again by externalId",
		Requirement: "A submission with the externalId of an account and another userName renames that account.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "idem-2",
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			external := t.Unique()
			a := made(t, check.Doc{"externalId": external})
			renamed := newAccount(t)
			answer := t.Post(t.Users(), renamed.doc(t, check.Doc{"externalId": external}))
			t.Expect(answer).To(match.Success())
			t.Equal("the id", idOf(t, answer), a.id)
			t.Expect(a.read(t)).To(match.ValueFold("userName", renamed.userName))
		},
	},
	{
		ID:          "idaas.again.by-user-name",
		Title:       "Failing externalId, an account is found again by userName in any case",
		Requirement: "A submission with the userName of an account, in another case, and an externalId that it did not have, is that account.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "idem-2",
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			a, external := made(t), t.Unique()
			answer := t.Post(t.Users(), t.User(check.Doc{"userName": strings.ToUpper(a.userName), "externalId": external}))
			t.Expect(answer).To(match.Success())
			t.Equal("the id", idOf(t, answer), a.id)
			t.Expect(a.read(t)).To(match.Value("externalId", external))
		},
	},
	{
		ID:          "idaas.again.update",
		Title:       "What a repeated submission says takes effect",
		Requirement: "Each field that is sent has its new value afterwards.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "idem-3",
		Part:        "update",
		Needs:       []check.Need{check.Users, check.Emails, check.Phones},
		Since:       1,
		Run: func(t *check.T) {
			a := newAccount(t)
			doc := a.whole(t)
			a.post(t, doc)
			address, number := mail.value(t), phone.value(t)
			doc["displayName"], doc["active"] = "Jo D. After", false
			doc["emails"], doc["phoneNumbers"] = list(entry(address)), list(entry(number))
			t.Expect(t.Post(t.Users(), doc)).To(match.Success())
			t.Expect(a.read(t)).To(match.All(match.Value("displayName", "Jo D. After"), match.Value("active", false)))
			mail.holds(t, a, address)
			phone.holds(t, a, number)
		},
	},
	{
		ID:          "idaas.again.same-data",
		Title:       "The same data once more leave the account as it is",
		Requirement: "Nothing that can be seen of the account is different.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "idem-3",
		Part:        "update",
		Needs:       []check.Need{check.Users, check.Emails, check.Phones},
		Since:       1,
		Run: func(t *check.T) {
			a := newAccount(t)
			doc := a.whole(t)
			a.post(t, doc)
			was := a.look(t)
			t.Expect(t.Post(t.Users(), doc)).To(match.Success())
			a.still(t, was)
		},
	},
	{
		ID:          "idaas.again.rest",
		Title:       "What a repeated submission does not name stays",
		Requirement: "It is an update and no replacement: fields that are left out keep their values.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "idem-3",
		Part:        "rest",
		Needs:       []check.Need{check.Users, check.Emails, check.Phones},
		Since:       1,
		Run: func(t *check.T) {
			a := newAccount(t)
			a.post(t, a.whole(t))
			was := a.look(t)
			t.Expect(t.Post(t.Users(), a.doc(t))).To(match.Success())
			a.still(t, was)
		},
	},
	{
		ID:          "idaas.again.empty",
		Title:       "null, an empty array and entries that are left out count as not sent",
		Requirement: "A repeated submission with them leaves the account as it is; entries of other types a server may refuse.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "idem-3",
		Part:        "rest",
		Needs:       []check.Need{check.Users, check.Emails, check.Phones},
		Since:       1,
		Run: func(t *check.T) {
			a := newAccount(t)
			a.post(t, a.whole(t))
			was := a.look(t)
			for _, empty := range []check.Doc{
				{"displayName": null, "externalId": null, "active": null, "emails": null, "phoneNumbers": null},
				{"emails": check.List{}, "phoneNumbers": check.List{}},
			} {
				t.Expect(t.Post(t.Users(), a.doc(t, empty))).To(match.Success())
				a.still(t, was)
			}
			others := t.Post(t.Users(), a.doc(t, mail.of(typed(mail.value(t), "home")), phone.of(typed(phone.value(t), "home"))))
			if !declined(others) {
				t.Expect(others).To(match.Success())
			}
			a.still(t, was)
		},
	},
	{
		ID:          "idaas.again.still",
		Title:       "The same data once more do not touch lastModified and version",
		Requirement: "What changes nothing leaves no trace, so that nobody synchronizes it onwards.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "idem-3",
		Part:        "still",
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			a := newAccount(t)
			doc := a.whole(t)
			a.post(t, doc)
			was := a.read(t)
			tick(t, was)
			t.Expect(t.Post(t.Users(), doc)).To(match.Success())
			t.Equal("version and lastModified", touched(a.read(t)), touched(was))
		},
	},
	{
		ID:          "idaas.again.two-accounts",
		Title:       "A submission that leads to two accounts is refused",
		Requirement: "Where externalId is that of one account and userName that of another, it is 409 uniqueness, and neither changes.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "idem-5",
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			external := t.Unique()
			a, b := made(t, check.Doc{"externalId": external}), made(t, check.Doc{"externalId": t.Unique()})
			first, second := a.look(t), b.look(t)
			t.Expect(t.Post(t.Users(), b.doc(t, check.Doc{"externalId": external, "displayName": "Changed"}))).To(match.Error([]int{409}, "uniqueness"))
			a.still(t, first)
			b.still(t, second)
		},
	},
	{
		ID:          "idaas.again.other-external-id",
		Title:       "The userName of an account with another externalId is refused",
		Requirement: "That is somebody else: 409 uniqueness, and the account stays as it is.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "idem-5",
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			a := made(t, check.Doc{"externalId": t.Unique()})
			was := a.look(t)
			t.Expect(t.Post(t.Users(), a.doc(t, check.Doc{"externalId": t.Unique(), "displayName": "Changed"}))).To(match.Error([]int{409}, "uniqueness"))
			a.still(t, was)
		},
	},
	outsideAgain,
	{
		ID:          "idaas.again.at-once",
		Title:       "Equal submissions at the same instant make one account",
		Requirement: "However many arrive together, there is one account afterwards, and every success is about that one.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "idem-6",
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			a := newAccount(t)
			request := client.Request{Method: http.MethodPost, Path: t.Users(), Body: check.Encode(a.whole(t))}
			var requests []client.Request
			for range 8 {
				requests = append(requests, request)
			}
			for _, answer := range t.Together(requests...) {
				t.Expect(answer).To(match.Status(http.StatusOK, http.StatusCreated, http.StatusConflict))
				if !answer.OK() {
					continue
				}
				if a.id == "" {
					a.id = idOf(t, answer)
				}
				t.Equal("the id", idOf(t, answer), a.id)
			}
			t.Expect(find(t, check.Eq("userName", a.userName))).To(match.Found(a.id))
		},
	},
	{
		ID:          "idaas.again.group",
		Title:       "The same group again is the same group",
		Requirement: "A group is found again by its externalId, which may rename it; without one, by a displayName whose group has none either.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "idem-7",
		Needs:       []check.Need{check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			external, renamed := t.Unique(), t.Unique()
			named := t.MustGroup(check.Doc{"externalId": external}).ID()
			answer := t.Post(t.Groups(), t.Group(check.Doc{"displayName": renamed, "externalId": external}))
			t.Expect(answer).To(match.Success())
			t.Equal("the id by externalId", idOf(t, answer), named)
			t.Expect(t.MustGet(check.Under(t.Groups(), named))).To(match.Value("displayName", renamed))
			doc := t.Group()
			nameless := t.MustCreate(t.Groups(), doc).ID()
			answer = t.Post(t.Groups(), doc)
			t.Expect(answer).To(match.Success())
			t.Equal("the id by displayName", idOf(t, answer), nameless)
		},
	},
	{
		ID:          "idaas.again.group-name",
		Title:       "The displayName of a group with another externalId is refused",
		Requirement: "It is 409 uniqueness, and the group stays as it is.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "idem-7",
		Needs:       []check.Need{check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			name := t.Unique()
			path := check.Under(t.Groups(), t.MustGroup(check.Doc{"displayName": name, "externalId": t.Unique()}).ID())
			was := bare(t.MustGet(path))
			t.Expect(t.Post(t.Groups(), t.Group(check.Doc{"displayName": name, "externalId": t.Unique()}))).To(match.Error([]int{409}, "uniqueness"))
			same(t, was, bare(t.MustGet(path)))
		},
	},
	{
		ID:          "idaas.again.after-delete",
		Title:       "After DELETE the same submission makes a new account",
		Requirement: "It is answered with 201 and an id that was not there before.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "idem-8",
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			a := newAccount(t)
			doc := a.whole(t)
			a.post(t, doc)
			t.MustDelete(a.path(t))
			answer := t.Post(t.Users(), doc)
			t.Expect(answer).To(match.Status(201))
			t.Hold(idOf(t, answer) != a.id, "a new id", "the id "+a.id+" of the account that was deleted")
		},
	},
}

// locationOf is the address of the resource in an answer: the header, or what the body says.
func locationOf(a *check.Answer) string {
	if location := a.Header.Get("Location"); location != "" {
		return location
	}
	return a.Text("meta.location")
}

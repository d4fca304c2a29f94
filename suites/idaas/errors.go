package idaas

import (
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// failures ask what is left of a request with something wrong in it, and whether SCIM alone is enough (rules bad-1, call-1).
var failures = []check.Check{
	wholeCheck(byPost),
	wholeCheck(byPut),
	wholeCheck(byPatch),
	wholeCheck(again),
	{
		ID:          "idaas.errors.neighbours",
		Title:       "What was done before and after a failure stands",
		Requirement: "Invalid data fail the operation that carries them and no other.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "bad-1",
		Part:        "whole",
		Needs:       []check.Need{check.Users, check.Patch, check.Phones},
		Since:       1,
		Run: func(t *check.T) {
			before, after := newAccount(t), newAccount(t)
			before.post(t, before.doc(t, check.Doc{"displayName": "Before"}))
			t.Expect(t.Post(t.Users(), t.User(wrongNumber()))).To(match.Refusal())
			t.Expect(byPatch.send(t, before, wrongNumber())).To(match.Refusal())
			after.post(t, after.doc(t, check.Doc{"displayName": "After"}))
			t.Expect(before.read(t)).To(match.Value("displayName", "Before"))
			t.Expect(after.read(t)).To(match.Value("displayName", "After"))
		},
	},
	{
		ID:          "idaas.errors.left-out",
		Title:       "Entries that are left out are not invalid data",
		Requirement: "What would be wrong in a work entry does no harm in one of another type.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "bad-1",
		Part:        "filtered",
		Needs:       []check.Need{check.Users, check.Emails, check.Phones},
		Since:       1,
		Run: func(t *check.T) {
			if declined(t.Post(t.Users(), t.User(mail.of(typed(mail.value(t), "home"))))) {
				t.NA("the target refuses entries of other types, whatever they hold")
			}
			a, address, number := newAccount(t), mail.value(t), phone.value(t)
			a.post(t, a.doc(t, mail.of(typed("no address", "home"), entry(address)), phone.of(typed("no number", "fax"), entry(number))))
			mail.holds(t, a, address)
			phone.holds(t, a, number)
		},
	},
	{
		ID:          "idaas.calls.alone",
		Title:       "SCIM calls alone make, change and deactivate accounts, and keep groups",
		Requirement: "Once the application is configured a client needs nothing else.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "call-1",
		Needs:       []check.Need{check.Users, check.Groups, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			a, b := newAccount(t), newAccount(t)
			a.post(t, a.whole(t))
			b.post(t, b.whole(t))
			t.Expect(a.patched(t, check.Op("replace", "displayName", "Changed"))).To(match.Value("displayName", "Changed"))
			group := t.Post(t.Groups(), t.Group(of(a)))
			t.Expect(group).To(match.Success())
			path := check.Under(t.Groups(), idOf(t, group))
			t.Expect(joins(t, path, member(b))).To(match.Success())
			members(t, path, a, b)
			t.Expect(leaves(t, path, a)).To(match.Success())
			members(t, path, b)
			t.Expect(a.patched(t, check.Op("replace", "active", false))).To(match.Value("active", false))
			t.Expect(t.Delete(a.path(t))).To(match.Success())
			t.Expect(t.Get(a.path(t))).To(match.Status(404))
		},
	},
}

// wrongNumber is what no target takes.
func wrongNumber() check.Doc { return phone.of(entry("1-800-FLOWERS")) }

// wholeCheck is a question about a request with something right and something wrong in it.
func wholeCheck(w way) check.Check {
	return check.Check{
		ID:          "idaas.errors.whole." + w.id,
		Title:       "A request with something invalid in it leaves nothing (" + w.name + ")",
		Requirement: "Invalid data fail the whole operation: what is right beside them is not stored either.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "bad-1",
		Part:        "whole",
		Needs:       append([]check.Need{check.Filter, check.Emails, check.Phones}, w.needs...),
		Since:       1,
		Run: func(t *check.T) {
			right := check.Doc{"displayName": "Before", "emails": list(entry(mail.value(t))), "phoneNumbers": list(entry(phone.value(t)))}
			wrong := wrongNumber()
			wrong["displayName"], wrong["emails"] = "Changed", list(entry(mail.value(t)))
			w.refused(t, right, wrong, match.Refusal())
		},
	}
}

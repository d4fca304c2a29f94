package idaas

import (
	"maps"
	"net/http"
	"slices"

	"github.com/onsi/gomega/types"

	"scimproof/suites/check"
	"scimproof/suites/match"
)

// way is one of the requests by which a client says something about an account.
type way struct {
	id    string // the last word of the ids of checks
	name  string // as it stands in their titles
	makes bool   // the request makes the account; the others are about one that is there
	needs []check.Need
	send  func(t *check.T, a *account, changes check.Doc) *check.Answer
}

var (
	byPost = way{
		id: "post", name: "POST", makes: true, needs: []check.Need{check.Users},
		send: func(t *check.T, a *account, changes check.Doc) *check.Answer {
			answer := t.Post(t.Users(), a.doc(t, changes))
			if answer.OK() {
				a.id = idOf(t, answer)
			}
			return answer
		},
	}
	byPut = way{
		id: "put", name: "PUT", needs: []check.Need{check.Users},
		send: func(t *check.T, a *account, changes check.Doc) *check.Answer {
			return t.Put(a.path(t), a.doc(t, changes))
		},
	}
	byPatch = way{
		id: "patch", name: "PATCH", needs: []check.Need{check.Users, check.Patch},
		send: func(t *check.T, a *account, changes check.Doc) *check.Answer { return a.patch(t, replaces(changes)...) },
	}
	// again is the POST of an account that is there, which updates it (rules idem-*). A target that refuses it as a double has nothing to show
	// of what comes of the update; idaas.again.same tells that.
	again = way{
		id: "again", name: "a repeated POST", needs: []check.Need{check.Users},
		send: func(t *check.T, a *account, changes check.Doc) *check.Answer {
			answer := t.Post(t.Users(), a.doc(t, changes))
			if answer.Status == http.StatusConflict {
				t.Block("the target refuses a repeated POST with 409, so that it updates nothing")
			}
			return answer
		},
	}

	// writes are the ways of any SCIM server, and ways are all.
	writes = []way{byPost, byPut, byPatch}
	ways   = []way{byPost, byPut, byPatch, again}
)

// replaces is one operation for each attribute.
func replaces(changes check.Doc) (ops []check.Doc) {
	for _, name := range slices.Sorted(maps.Keys(changes)) {
		ops = append(ops, check.Op("replace", name, changes[name]))
	}
	return ops
}

// subject is what the request is about: an account as before says, or, where the request makes it, one that is yet to be made.
func (w way) subject(t *check.T, before check.Doc) *account {
	if w.makes {
		return newAccount(t)
	}
	return made(t, before)
}

// refused sends what a target has to refuse, and expects that nothing came of it: no account was made, or that which was there is as it was.
func (w way) refused(t *check.T, before, wrong check.Doc, refusal types.GomegaMatcher) {
	a := w.subject(t, before)
	if w.makes {
		t.Expect(w.send(t, a, wrong)).To(refusal)
		a.unmade(t)
		return
	}
	was := a.look(t)
	t.Expect(w.send(t, a, wrong)).To(refusal)
	a.still(t, was)
}

// taken sends what a target has to accept.
func (w way) taken(t *check.T, before, right check.Doc) *account {
	a := w.subject(t, before)
	t.Expect(w.send(t, a, right)).To(match.Success())
	return a
}

package idaas

import (
	"context"
	"net/http"
	"slices"
	"time"

	"scimproof/reports/result"
	"scimproof/simulator/client"
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// rotations ask whether a client can change its token without losing a request, and whether a token that has ended opens nothing
// (rules tok-6, tok-7).
var rotations = []check.Check{
	{
		ID:          "idaas.rotation.side-by-side",
		Title:       "Two enabled tokens of an application work side by side",
		Requirement: "Both open the same users for reading and writing, one after the other and at the same instant.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "tok-6",
		Needs:       []check.Need{check.SecondToken, check.Users},
		Exclusive:   true, // an application has room for one more token, and others may want it
		Since:       1,
		Run: func(t *check.T) {
			k := twoKeys(t)
			a := newAccount(t)
			a.post(k.first, a.doc(t))
			t.Expect(k.second.Get(a.path(t)), "the second token").To(match.Status(http.StatusOK))
			t.Expect(k.second.Put(a.path(t), a.doc(t, check.Doc{"displayName": "Jo"})), "the second token").To(match.Success())
			t.Expect(k.first.Get(a.path(t)), "the first token").To(match.Status(http.StatusOK))
			with := client.Request{Method: http.MethodGet, Path: a.path(t)}
			other := with
			other.Authorization = "Bearer " + k.value.Reveal()
			for _, answer := range k.first.Together(slices.Repeat([]client.Request{with, other}, 4)...) {
				t.Expect(answer, "both tokens at once").To(match.Status(http.StatusOK))
			}
		},
	},
	{
		ID:          "idaas.rotation.seamless",
		Title:       "A client changes from one token to another without a refused request",
		Requirement: "A second token is issued, the client moves to it, the first is disabled and deleted: before, during and after each step every request with a token in use succeeds.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "tok-6",
		Needs:       []check.Need{check.Rotation, check.Users},
		Exclusive:   true, // an application has room for one more token, and others may want it
		Since:       1,
		Run: func(t *check.T) {
			if t.Means.Control == nil {
				thereAndBack(t)
				return
			}
			a := newSandbox(t).application()
			works(a.T, "before the change")
			var second token
			meanwhile(a.T, "while a second token is issued", func() { second = a.issue() })
			next := t.At(a.base, second.value)
			works(a.T, "the first token, once a second one is issued")
			works(next, "the second token")
			works(a.T, "the first token, after requests with the second")
			meanwhile(next, "while the first token is disabled", func() { a.s.change(a.token.path(), off) })
			works(next, "the second token, once the first is disabled")
			meanwhile(next, "while the first token is deleted", func() { a.s.delete(a.token.path()) })
			works(next, "the second token, once the first is deleted")
		},
	},
	{
		ID:          "idaas.token.disabled",
		Title:       "A disabled token opens nothing",
		Requirement: "Requests for users or groups with it are 401, while those with the other token of the application succeed.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "tok-7",
		Part:        "stopped",
		Needs:       []check.Need{check.Control, check.Users, check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			a := newSandbox(t).application()
			next := t.At(a.base, a.issue().value)
			opens(a.T, "before it is disabled")
			a.s.change(a.token.path(), off)
			stopped(a.T, "the disabled token")
			opens(next, "the other token")
		},
	},
	{
		ID:          "idaas.token.deleted",
		Title:       "A deleted token opens nothing",
		Requirement: "Requests for users or groups with it are 401, while those with the other token of the application succeed.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "tok-7",
		Part:        "stopped",
		Needs:       []check.Need{check.Rotation, check.Users, check.Groups},
		Exclusive:   true, // an application has room for one more token, and others may want it
		Since:       1,
		Run: func(t *check.T) {
			k := twoKeys(t)
			opens(k.second, "before it is deleted")
			k.retire()
			stopped(k.second, "the deleted token")
			opens(k.first, "the other token")
		},
	},
	{
		ID:          "idaas.token.expired",
		Title:       "An expired token opens nothing",
		Requirement: "Requests for users or groups with it are 401.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "tok-7",
		Part:        "stopped",
		Needs:       []check.Need{check.ExpiredToken, check.Users, check.Groups},
		Exclusive:   true,
		Since:       1,
		Run:         func(t *check.T) { stopped(expired(t), "the expired token") },
	},
	{
		ID:          "idaas.token.foreign",
		Title:       "A token of another application opens nothing",
		Requirement: "Requests for users or groups with it are 401, be the application one of the same instance or of another.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "tok-7",
		Part:        "stopped",
		Needs:       []check.Need{check.Control, check.Users, check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			s := newSandbox(t)
			a := s.application()
			shut(t.At(a.base, s.application().token.value), "a token of the same instance")
			shut(t.At(a.base, newSandbox(t).application().token.value), "a token of another instance")
		},
	},
	{
		ID:          "idaas.token.challenge",
		Title:       "A token that was valid is refused as one that never was",
		Requirement: "The 401 to a disabled token, and to one of another application, carries WWW-Authenticate with the scheme Bearer.",
		Profiles:    []check.Profile{check.IDaaS},
		Level:       check.Must,
		Rule:        "tok-7",
		Part:        "challenge",
		Needs:       []check.Need{check.Control, check.Users},
		Since:       1,
		Run: func(t *check.T) {
			s := newSandbox(t)
			a, other := s.application(), s.application()
			a.issue()
			s.change(a.token.path(), off)
			for _, k := range []*check.T{a.T, t.At(a.base, other.token.value)} {
				answer := k.Get(k.Users(), "count", "1")
				if answer.Status != http.StatusUnauthorized {
					t.NA("the target answers %d and not 401", answer.Status)
				}
				t.Expect(answer).To(match.Header("WWW-Authenticate", "Bearer"))
			}
		},
	},
	{
		ID:          "idaas.token.prompt",
		Title:       "Disabling and enabling a token take effect within a second",
		Requirement: "One second after it was disabled none of several requests is let in; one second after it was enabled again all are.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "tok-7",
		Part:        "prompt",
		Needs:       []check.Need{check.Control, check.Users},
		Since:       1,
		Run: func(t *check.T) {
			a := newSandbox(t).application()
			a.issue()
			several(a.T, "before it is disabled", http.StatusOK)
			a.s.change(a.token.path(), off)
			t.Pause(time.Second)
			several(a.T, "one second after it was disabled", http.StatusUnauthorized)
			a.s.change(a.token.path(), on)
			t.Pause(time.Second)
			several(a.T, "one second after it was enabled again", http.StatusOK)
		},
	},
}

// keys are two tokens of one application.
type keys struct {
	first, second *check.T
	value         client.Secret // of the second
	retire        func()        // ends the second
}

// twoKeys gets them by whatever the run was given.
func twoKeys(t *check.T) keys {
	if t.Means.Control != nil {
		a := newSandbox(t).application()
		k := a.issue()
		return keys{a.T, t.At(a.base, k.value), k.value, func() {
			a.s.change(k.path(), off)
			a.s.delete(k.path())
		}}
	}
	if t.Means.Rotate != nil {
		value, retire := issued(t)
		return keys{t.Aside(), t.As(value), value, retire}
	}
	return keys{t.Aside(), t.As(t.Means.Second), t.Means.Second, func() { t.NA("the second token cannot be ended") }}
}

// issued gets a second token of the target's application from the program that rotates. It is retired after the check, unless that was
// done before.
func issued(t *check.T) (value client.Secret, retire func()) {
	value, err := t.Means.Rotate.Issue(t.Context())
	if err != nil {
		t.GiveUp("no second token was issued: %v", err)
	}
	live := true
	t.Later(func(ctx context.Context) []result.Residue {
		if !live {
			return nil
		}
		if err := t.Means.Rotate.Retire(ctx, value); err != nil {
			return []result.Residue{{Location: t.BaseURL, Reason: "the second token was not retired: " + err.Error()}}
		}
		return nil
	})
	return value, func() {
		if err := t.Means.Rotate.Retire(t.Context(), value); err != nil {
			t.GiveUp("the second token was not retired: %v", err)
		}
		live = false
	}
}

// thereAndBack moves to a second token of the target's application and back to the first, which the run goes on with.
func thereAndBack(t *check.T) {
	first := t.Aside()
	works(first, "before the change")
	var value client.Secret
	var retire func()
	meanwhile(first, "while a second token is issued", func() { value, retire = issued(t) })
	second := t.As(value)
	works(first, "the first token, once a second one is issued")
	works(second, "the second token")
	works(first, "the first token, after requests with the second")
	meanwhile(first, "while the second token is retired", retire)
	works(first, "the first token, once the second is retired")
}

// works expects that nothing a client does with a token is refused: one request after the other, and several at once.
func works(t *check.T, about string) {
	a := newAccount(t)
	posted := t.Post(t.Users(), a.doc(t))
	t.Expect(posted, about).To(match.Success())
	a.id = idOf(t, posted)
	t.Expect(t.Put(a.path(t), a.doc(t, check.Doc{"displayName": "Jo"})), about).To(match.Success())
	several(t, about, http.StatusOK)
	t.Expect(t.Delete(a.path(t)), about).To(match.Success())
}

// meanwhile expects that no request is refused while something is done.
func meanwhile(t *check.T, about string, do func()) {
	for _, answer := range t.During(do, slices.Repeat([]client.Request{listUsers(t)}, 3)...) {
		t.Expect(answer, about).To(match.Status(http.StatusOK))
	}
}

func listUsers(t *check.T) client.Request {
	return client.Request{Method: http.MethodGet, Path: t.Users(), Query: check.Query("count", "1")}
}

// several expects requests at the same instant to be answered alike.
func several(t *check.T, about string, status int) {
	for _, answer := range t.Together(slices.Repeat([]client.Request{listUsers(t)}, 8)...) {
		t.Expect(answer, about).To(match.Status(status))
	}
}

// expired gets an expired token by whatever the run was given.
func expired(t *check.T) *check.T {
	if t.Means.Control == nil || !t.Means.TestClock {
		return t.As(t.Means.Expired)
	}
	a := newSandbox(t).application()
	k := t.At(a.base, a.issueShort().value)
	opens(k, "before it expires")
	a.s.advance(pastADay)
	return k
}

// stopped expects a token to open nothing any more. How soon that is so is a question of its own (idaas.token.prompt): this one has patience.
func stopped(t *check.T, about string) {
	for range 20 {
		if !t.Get(t.Users(), "count", "1").OK() {
			break
		}
		t.Pause(250 * time.Millisecond)
	}
	shut(t, about)
}

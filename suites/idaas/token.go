package idaas

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"scimproof/simulator/client"
	"scimproof/simulator/tree"
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// tokens ask how long a token is valid, how many there are, which can be ended, and what one opens (rules tok-1 to tok-5).
var tokens = []check.Check{
	{
		ID:          "idaas.token.shortest",
		Title:       "A token can be valid for one day",
		Requirement: "Asked for P1D, the server makes a token that ends one day after it was made.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "tok-1",
		Needs:       []check.Need{check.Control},
		Since:       1,
		Run:         func(t *check.T) { newSandbox(t).application().lasts("P1D", 0, 1) },
	},
	{
		ID:          "idaas.token.longest",
		Title:       "A token can be valid for three calendar years",
		Requirement: "Asked for P3Y, the server makes a token that ends on the same day of the calendar three years later.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "tok-1",
		Needs:       []check.Need{check.Control},
		Since:       1,
		Run:         func(t *check.T) { newSandbox(t).application().lasts("P3Y", 3, 0) },
	},
	{
		ID:          "idaas.token.ends-open",
		Title:       "The shortest and the longest token open the application at once",
		Requirement: "A token for one day and one for three years let in from the moment that they are made.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "tok-1",
		Needs:       []check.Need{check.Control, check.Users},
		Since:       1,
		Run: func(t *check.T) {
			s := newSandbox(t)
			for _, validity := range []string{"P1D", "P3Y"} {
				a := s.application()
				made := a.tryIssue(validity)
				t.Expect(made, "a token for "+validity).To(match.Success())
				opens(t.At(a.base, s.tokenOf(made).value), "a token for "+validity)
			}
		},
	},
	{
		ID:          "idaas.token.too-short",
		Title:       "No token is valid for less than a day",
		Requirement: "A shorter length, nought included, is refused, and no token is made.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "tok-1",
		Needs:       []check.Need{check.Control},
		Since:       1,
		Run:         func(t *check.T) { newSandbox(t).application().refuses("P0D", "PT23H") },
	},
	{
		ID:          "idaas.token.too-long",
		Title:       "No token is valid for more than three years",
		Requirement: "A length beyond three calendar years is refused, however it is written, and no token is made.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "tok-1",
		Needs:       []check.Need{check.Control},
		Since:       1,
		Run:         func(t *check.T) { newSandbox(t).application().refuses("P3Y1D", "P37M", "P1097D", "P100Y") },
	},
	{
		ID:          "idaas.token.ill-formed",
		Title:       "A length of validity that cannot be read is refused",
		Requirement: "The server does not guess what was meant, and no token is made.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "tok-1",
		Needs:       []check.Need{check.Control},
		Since:       1,
		Run:         func(t *check.T) { newSandbox(t).application().refuses("", "P", "P-30D", "30 days", "2099-12-31") },
	},
	{
		ID:          "idaas.token.endless",
		Title:       "A bearer token always ends",
		Requirement: "Asked for without a length, a token is refused, or ends within three years.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "tok-1",
		Needs:       []check.Need{check.Control},
		Since:       1,
		Run: func(t *check.T) {
			a := newSandbox(t).application()
			answer := a.s.plane.Post(a.path()+"/tokens", check.Doc{"applicationTokenType": "bearer_token"})
			if !answer.OK() {
				t.Expect(answer).To(match.Denied())
				return
			}
			made := a.s.plane.MustGet(a.s.tokenOf(answer).path())
			t.Expect(made).To(match.Has("expirationTime"))
			latest, expires := instant(t, made, "createTime").AddDate(3, 0, 0), instant(t, made, "expirationTime")
			t.Hold(!expires.After(latest.Add(slack)), "an end no later than "+latest.String(), "an end at "+expires.String())
		},
	},
	{
		ID:          "idaas.token.third",
		Title:       "An application has two tokens at most",
		Requirement: "Where there are two a third is refused, and not made.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "tok-2",
		Needs:       []check.Need{check.Control},
		Since:       1,
		Run: func(t *check.T) {
			a := newSandbox(t).application()
			a.issue()
			a.refuses("P30D")
		},
	},
	{
		ID:          "idaas.token.third-beside-disabled",
		Title:       "A disabled token is one of the two",
		Requirement: "A third token is refused also where one of the two is disabled: only deleting makes room.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "tok-2",
		Needs:       []check.Need{check.Control},
		Since:       1,
		Run: func(t *check.T) {
			a := newSandbox(t).application()
			second := a.issue()
			a.s.change(second.path(), off)
			a.refuses("P30D")
			a.s.delete(second.path())
			t.Expect(a.tryIssue("P30D"), "once one is deleted").To(match.Success())
		},
	},
	{
		ID:          "idaas.token.third-race",
		Title:       "Requests that race for the second token do not make a third",
		Requirement: "Where an application has one token and several are asked for at the same instant, it has two at most in the end.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "tok-2",
		Needs:       []check.Need{check.Control},
		Since:       1,
		Run: func(t *check.T) {
			a := newSandbox(t).application()
			post := request(http.MethodPost, a.path()+"/tokens", newToken("P30D"))
			a.s.plane.Together(slices.Repeat([]client.Request{post}, 4)...)
			is := len(a.listed())
			t.Hold(is <= 2, "at most 2 tokens", fmt.Sprintf("%d tokens", is))
		},
	},
	{
		ID:          "idaas.token.last-enabled",
		Title:       "The last enabled token cannot be disabled",
		Requirement: "Disabling it is refused, and it goes on to work: as the only token, and beside a disabled one.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "tok-3",
		Part:        "last",
		Needs:       []check.Need{check.Control, check.Users},
		Since:       1,
		Run: func(t *check.T) {
			a := newSandbox(t).application()
			t.Expect(a.s.plane.Patch(a.token.path(), off), "the only token").To(match.Denied())
			opens(a.T, "the only token")
			second := a.issue()
			a.s.change(second.path(), off)
			t.Expect(a.s.plane.Patch(a.token.path(), off), "the token beside a disabled one").To(match.Denied())
			opens(a.T, "the token beside a disabled one")
		},
	},
	{
		ID:          "idaas.token.last-enabled-race",
		Title:       "Two requests that disable one token each leave one enabled",
		Requirement: "Where both tokens of an application are disabled at the same instant, one of them still works.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "tok-3",
		Part:        "last",
		Needs:       []check.Need{check.Control, check.Users},
		Since:       1,
		Run: func(t *check.T) {
			a := newSandbox(t).application()
			second := a.issue()
			a.s.plane.Together(request(http.MethodPatch, a.token.path(), off), request(http.MethodPatch, second.path(), off))
			one, other := a.Get(a.Users(), "count", "1"), t.At(a.base, second.value).Get(a.Users(), "count", "1")
			t.Hold(one.OK() || other.OK(), "one token that is still let in", "both refused")
		},
	},
	{
		ID:          "idaas.token.expired-does-not-count",
		Title:       "An expired token is none of the enabled ones",
		Requirement: "Beside an expired token, the one that is still valid is the last enabled: disabling it is refused, and it goes on to work.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "tok-3",
		Part:        "expired",
		Needs:       []check.Need{check.Control, check.TestClock, check.Users},
		Exclusive:   true,
		Since:       1,
		Run: func(t *check.T) {
			a := newSandbox(t).application()
			a.issueShort()
			a.s.advance(pastADay)
			t.Expect(a.s.plane.Patch(a.token.path(), off)).To(match.Denied())
			opens(a.T, "the token that is still valid")
		},
	},
	{
		ID:          "idaas.token.expired-can-go",
		Title:       "An expired token can be disabled and deleted",
		Requirement: "Also where it is the only token of its application, so that nothing enabled is left.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "tok-3",
		Part:        "expired",
		Needs:       []check.Need{check.Control, check.TestClock},
		Exclusive:   true,
		Since:       1,
		Run: func(t *check.T) {
			a := newSandbox(t).application()
			expired := a.issueShort()
			a.s.change(a.token.path(), off)
			a.s.delete(a.token.path())
			a.s.advance(pastADay)
			t.Expect(a.s.plane.Patch(expired.path(), off)).To(match.Success())
			t.Expect(a.s.plane.Delete(expired.path())).To(match.Success())
			a.keeps()
		},
	},
	{
		ID:          "idaas.token.delete-enabled",
		Title:       "An enabled token cannot be deleted",
		Requirement: "Deleting it is refused, also where there is another one, and it goes on to work.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "tok-4",
		Needs:       []check.Need{check.Control, check.Users},
		Since:       1,
		Run: func(t *check.T) {
			a := newSandbox(t).application()
			t.Expect(a.s.plane.Delete(a.token.path()), "the only token").To(match.Denied())
			second := a.issue()
			t.Expect(a.s.plane.Delete(a.token.path()), "one of two").To(match.Denied())
			a.keeps(a.token, second)
			opens(a.T, "the token that was to be deleted")
		},
	},
	{
		ID:          "idaas.token.delete-disabled",
		Title:       "A disabled token can be deleted",
		Requirement: "The application does not have it any more, and the other one works on.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "tok-4",
		Needs:       []check.Need{check.Control, check.Users},
		Since:       1,
		Run: func(t *check.T) {
			a := newSandbox(t).application()
			second := a.issue()
			a.s.change(second.path(), off)
			t.Expect(a.s.plane.Delete(second.path())).To(match.Success())
			a.keeps(a.token)
			opens(a.T, "the token that is left")
		},
	},
	{
		ID:          "idaas.token.application-deleted",
		Title:       "The tokens of an application end with it",
		Requirement: "Once the application is deleted, no token of it opens its Base URL, nor that of another application.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "tok-4",
		Needs:       []check.Need{check.Control, check.Users, check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			s := newSandbox(t)
			a, other := s.application(), s.application()
			second := t.At(a.base, a.issue().value)
			opens(a.T, "before")
			opens(second, "before")
			s.delete(a.path())
			for _, k := range []*check.T{a.T, second} {
				for _, path := range []string{k.Users(), k.Groups()} {
					t.Expect(k.Get(path, "count", "1")).To(match.Status(http.StatusUnauthorized, http.StatusNotFound))
				}
			}
			shut(t.At(other.base, a.token.value), "at another application")
		},
	},
	{
		ID:          "idaas.token.opens-what-is-granted",
		Title:       "A token opens every operation of a scenario that is granted",
		Requirement: "With each of the four scenarios granted alone, all operations that belong to it succeed, with a token that was there before.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "tok-5",
		Needs:       []check.Need{check.Control, check.Users, check.Groups, check.Patch, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			a := newSandbox(t).application()
			for _, scenario := range scenarios {
				p := newPair(a)
				a.set(granted(scenario))
				p.allowed(scenario, scenario)
				a.set(granted(scenarios...))
			}
		},
	},
	{
		ID:          "idaas.token.opens-nothing-more",
		Title:       "A token opens nothing that is not granted",
		Requirement: "With none of the scenarios granted, or one alone, the operations of the others are refused and change nothing.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "tok-5",
		Needs:       []check.Need{check.Control, check.Users, check.Groups, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			p := newPair(newSandbox(t).application())
			was := p.look()
			p.set(granted())
			p.refused("no scenario", scenarios...)
			for _, scenario := range scenarios {
				p.set(granted(scenario))
				p.refused(scenario, except(scenario)...)
			}
			p.set(granted(scenarios...))
			p.unchanged(was)
		},
	},
}

// slack is what a time that is written in whole seconds may be off.
const slack = time.Second

// lasts expects a token that is asked for with a length to end so many years and days after it was made.
func (a *application) lasts(validity string, years, days int) {
	answer := a.tryIssue(validity)
	a.s.t.Expect(answer).To(match.Success())
	made := a.s.plane.MustGet(a.s.tokenOf(answer).path())
	created, expires := instant(a.s.t, made, "createTime"), instant(a.s.t, made, "expirationTime")
	want := created.AddDate(years, 0, days)
	off := expires.Sub(want)
	if years > 0 && created.Month() == time.February && created.Day() == 29 && off < -slack {
		off += 24 * time.Hour // such a day comes back as the last of February, or as the first of March
	}
	a.s.t.Hold(off.Abs() <= slack, "an end at "+want.Format(time.RFC3339), "an end at "+expires.Format(time.RFC3339))
}

// instant is a time that an answer shows.
func instant(t *check.T, a *check.Answer, path string) time.Time {
	at, err := time.Parse(time.RFC3339, a.Text(path))
	if err != nil {
		t.Break("a time such as 2026-03-31T12:00:00Z in "+path, path+" "+a.Text(path))
	}
	return at.UTC()
}

// refuses expects tokens with these lengths to be refused, and none to be made.
func (a *application) refuses(validities ...string) {
	was := len(a.listed())
	for _, v := range validities {
		a.s.t.Expect(a.tryIssue(v), "a token for "+check.Quote(v)).To(match.Denied())
	}
	a.s.t.Equal("tokens", len(a.listed()), was)
}

// request is one of several that are sent at the same instant.
func request(method, path string, body check.Doc) client.Request {
	return client.Request{Method: method, Path: path, Body: check.Encode(body)}
}

// listed are the bearer tokens that the application has.
func (a *application) listed() (out []*tree.Node) {
	for _, k := range items(a.s.plane.MustGet(a.path() + "/tokens")) {
		if k.Text("applicationTokenType") != "client_secret" {
			out = append(out, k)
		}
	}
	return out
}

// keeps expects the application to have these tokens and no other.
func (a *application) keeps(want ...token) {
	listed := a.listed()
	a.s.t.Equal("tokens", len(listed), len(want))
	for _, k := range want {
		there := slices.ContainsFunc(listed, func(n *tree.Node) bool { return n.Text("applicationTokenId") == k.id })
		a.s.t.Hold(there, "token "+k.id+" in the list", "a list without it")
	}
}

// issueShort issues a token of one day, the shortest there is, for a check that moves the clock past its end.
func (a *application) issueShort() token {
	return a.s.tokenOf(a.s.make(a.path()+"/tokens", newToken("P1D")))
}

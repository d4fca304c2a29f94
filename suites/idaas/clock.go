package idaas

import (
	"time"

	"scimproof/suites/check"
	"scimproof/suites/match"
)

// clocks ask whether the server's time can be moved, so that the end of a token can be tried out (rule tok-9). They leave the clock where
// they moved it: it only goes forward.
var clocks = []check.Check{
	{
		ID:          "idaas.clock.moves",
		Title:       "The clock of the server moves as far as it is told",
		Requirement: "After it was moved by an hour, the time that is read from it is an hour later than before.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "tok-9",
		Needs:       []check.Need{check.Control, check.TestClock},
		Exclusive:   true,
		Since:       1,
		Run: func(t *check.T) {
			s := newSandbox(t)
			was := s.time()
			t.Expect(s.plane.Post(clockPath, check.Doc{"advance": "PT1H"})).To(match.Success())
			moved := s.time().Sub(was)
			t.Hold(moved >= time.Hour && moved < time.Hour+clockSlack, "a clock that is an hour later", "one that is later by "+moved.String())
		},
	},
	{
		ID:          "idaas.clock.everywhere",
		Title:       "What is made after the clock was moved bears its time",
		Requirement: "A token and a user that are made then show the time that the clock shows, and no earlier one.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "tok-9",
		Needs:       []check.Need{check.Control, check.TestClock, check.Users},
		Exclusive:   true,
		Since:       1,
		Run: func(t *check.T) {
			a := newSandbox(t).application()
			a.s.advance("PT1H")
			now := a.s.time()
			a.s.now(now, "createTime of a token", instant(t, a.s.plane.MustGet(a.issue().path()), "createTime"))
			user := made(a.T).read(a.T)
			if user.Text("meta.created") != "" {
				a.s.now(now, "meta.created of a user", instant(t, user, "meta.created"))
			}
		},
	},
	{
		ID:          "idaas.clock.ends-token",
		Title:       "A token ends by that clock, and not before",
		Requirement: "A token of one day opens the application after 23 hours, and nothing after 25.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "tok-9",
		Needs:       []check.Need{check.Control, check.TestClock, check.Users, check.Groups},
		Exclusive:   true,
		Since:       1,
		Run: func(t *check.T) {
			a := newSandbox(t).application()
			k := t.At(a.base, a.issueShort().value)
			a.s.advance("PT23H")
			opens(k, "after 23 hours")
			a.s.advance("PT2H")
			shut(k, "after 25 hours")
		},
	},
}

const (
	clockPath  = "/v1/clock"
	clockSlack = time.Minute // what a request or two may take
	pastADay   = "P1DT1M"    // past the end of a token of one day
)

// time is what the clock of the server shows.
func (s *sandbox) time() time.Time { return instant(s.t, s.plane.MustGet(clockPath), "time") }

// advance moves the clock of the server.
func (s *sandbox) advance(duration string) { s.make(clockPath, check.Doc{"advance": duration}) }

// now expects a time to be the one that the clock shows.
func (s *sandbox) now(clock time.Time, what string, is time.Time) {
	s.t.Hold(is.Sub(clock).Abs() < clockSlack, what+" near "+clock.Format(time.RFC3339), what+" "+is.Format(time.RFC3339))
}

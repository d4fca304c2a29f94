package controlapi

import (
	"context"
	"net/http"
	"time"

	"scimproof/server/control"
)

type clockView struct {
	Time time.Time `json:"time"`
}

func viewClock(t time.Time) clockView { return clockView{t.UTC().Truncate(time.Millisecond)} }

// clockChange has one member or the other.
type clockChange struct {
	Advance *string `json:"advance"` // PT36H
	Time    *string `json:"time"`
}

// clock has no routes where no clock may be moved.
func clock(c *control.TestClock) routes {
	if c == nil {
		return nil
	}
	return routes{"/v1/clock": {
		"GET":  found(func(context.Context, string) (time.Time, error) { return c.Now(), nil }, viewClock),
		"POST": answered(func(_ context.Context, _ string, change clockChange) (time.Time, error) { return moveClock(c, change) }, viewClock),
	}}
}

func moveClock(c *control.TestClock, change clockChange) (time.Time, error) {
	switch {
	case (change.Advance == nil) == (change.Time == nil):
		return time.Time{}, illBody("", "The clock moves by a duration or to a time; write one of advance and time.")
	case change.Advance != nil:
		return c.Advance(*change.Advance)
	}
	t, err := time.Parse(time.RFC3339, *change.Time)
	if err != nil {
		return t, &control.Error{
			Status: http.StatusBadRequest, Code: "InvalidParameter.Time", Message: "This is no time; write one such as 2026-03-31T12:00:00Z.",
		}
	}
	return c.MoveTo(t)
}

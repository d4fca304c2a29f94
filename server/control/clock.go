package control

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// TestClock is a clock that can be moved forward, so that the end of a token can be seen without waiting for it. It goes on at the pace of the
// clock below it, and starts at its time. It can be used by several goroutines.
type TestClock struct {
	below func() time.Time
	mu    sync.Mutex
	ahead time.Duration
}

// farthest is how many years a TestClock can be ahead: longer than anything here is valid, and far from where a Duration ends.
const farthest = 100

// NewTestClock makes a clock that has not been moved.
func NewTestClock(below func() time.Time) *TestClock { return &TestClock{below: below} }

// Now is the time that it shows.
func (c *TestClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.below().Add(c.ahead)
}

// Advance moves the clock by a duration of ISO 8601, such as P2D, PT36H or P1MT30M, and returns the new time.
func (c *TestClock) Advance(duration string) (time.Time, error) {
	days, hours, err := parseDuration(duration)
	if err != nil {
		return time.Time{}, err
	}
	return c.move("Advance", func(now time.Time) time.Time { return now.AddDate(days.Years, days.Months, days.Days).Add(hours) })
}

// MoveTo moves the clock to a time that is still to come, and returns the new time.
func (c *TestClock) MoveTo(t time.Time) (time.Time, error) {
	return c.move("Time", func(time.Time) time.Time { return t })
}

// move sets the clock to what its time becomes; parameter is to blame where it cannot.
func (c *TestClock) move(parameter string, becomes func(now time.Time) time.Time) (time.Time, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	below := c.below().UTC()
	now := below.Add(c.ahead)
	next := becomes(now)
	if next.Before(now) {
		return now, invalid(parameter, "The clock shows %s and only moves forward; name a later time.", now.Format(time.RFC3339))
	}
	if next.After(below.AddDate(farthest, 0, 0)) {
		return now, invalid(parameter, "The clock can be ahead by %d years at most; move it less far.", farthest)
	}
	c.ahead = next.Sub(below)
	return below.Add(c.ahead), nil
}

// parseDuration reads a duration of ISO 8601: its days and longer units as ParseValidity does, and what stands behind the T.
func parseDuration(text string) (days Validity, hours time.Duration, err error) {
	calendar, clock, timed := strings.Cut(text, "T")
	if calendar != "P" || !timed {
		days, err = ParseValidity(calendar)
	}
	if err == nil && timed {
		hours, err = parseHours(clock)
	}
	if err != nil {
		return days, 0, invalid("Advance", "%.40q is no duration; write one such as PT36H, P2D or P1MT12H.", text)
	}
	return days, hours, nil
}

var hoursMinutesSeconds = regexp.MustCompile(`^(?:\d{1,6}H)?(?:\d{1,6}M)?(?:\d{1,6}S)?$`)

// parseHours reads 1H30M, whose units are those of Go but for the capitals.
func parseHours(text string) (time.Duration, error) {
	if !hoursMinutesSeconds.MatchString(text) {
		return 0, strconv.ErrSyntax
	}
	return time.ParseDuration(strings.ToLower(text))
}

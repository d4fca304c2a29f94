package server

import (
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

// How many complaints about clients a listener logs: so many at once, and then one every so often. Who fails at a handshake needs no token for
// it, and must not fill the log.
const (
	complaintsAtOnce = 10
	complaintEvery   = 5 * time.Second
	longestComplaint = 512 // bytes: a client chooses a part of it
)

// complaints is where net/http says what goes wrong with connections.
type complaints struct {
	to    *slog.Logger
	clock func() time.Time
	few   *rate.Limiter
	left  atomic.Int64 // out, since the last one that was logged
}

func newComplaints(to *slog.Logger, clock func() time.Time) *complaints {
	return &complaints{to: to, clock: clock, few: rate.NewLimiter(rate.Every(complaintEvery), complaintsAtOnce)}
}

// Write takes a complaint. What breaks in the server itself is always logged.
func (c *complaints) Write(line []byte) (int, error) {
	text := strings.TrimSpace(string(line))
	switch {
	case strings.HasPrefix(text, "http: panic serving"), strings.HasPrefix(text, "http2: panic serving"):
		c.to.Warn(text)
	case !c.few.AllowN(c.clock(), 1):
		c.left.Add(1)
	default:
		c.to.Warn(strings.ToValidUTF8(text[:min(len(text), longestComplaint)], ""), "leftOut", c.left.Swap(0))
	}
	return len(line), nil
}

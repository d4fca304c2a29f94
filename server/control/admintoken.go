package control

import (
	"math"
	"time"

	"golang.org/x/time/rate"
)

// How many wrong admin tokens are heard: so many at once, and then one every so often.
const (
	guessesAtOnce = 10
	guessEvery    = 5 * time.Second
)

// AdminToken is the token that opens the control API, the metrics and the console, with a brake on guessing it that they share. The brake bounds
// how fast wrong tokens are tried, and how many lines of the log they leave. It locks nobody out: a token is compared first, and the right one
// opens however many wrong ones others send. It can be used by several goroutines; each server has one of its own.
type AdminToken struct {
	value string
	clock func() time.Time
	wrong *rate.Limiter
}

// NewAdminToken makes one from its value. The value "" opens nothing.
func NewAdminToken(value string, clock func() time.Time) *AdminToken {
	return &AdminToken{value, clock, rate.NewLimiter(rate.Every(guessEvery), guessesAtOnce)}
}

// Check says whether a token is the right one and, of a wrong one that comes too soon after others, how many seconds to wait before the next.
// No token at all is no guess.
func (a *AdminToken) Check(given string) (right bool, wait int) {
	if SameSecret(given, a.value) {
		return true, 0
	}
	now := a.clock()
	if given == "" || a.wrong.AllowN(now, 1) {
		return false, 0
	}
	missing := 1 - a.wrong.TokensAt(now)
	return false, max(1, int(math.Ceil(missing*guessEvery.Seconds())))
}

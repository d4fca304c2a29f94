package calllog

import (
	"hash/maphash"

	"golang.org/x/time/rate"
)

// How many exchanges of failures a token of an application gets, and all that come without one together. To mask and write one costs as much as a call that is refused at once, and a client that
// fails without end fails in the same way.
const (
	exchangesPerSecond = 50
	exchangesAtOnce    = 200
)

// spare says whose exchanges are too many. Some share a limiter by chance, so that tokens that are gone take up no memory.
type spare struct {
	seed     maphash.Seed
	limiters [256]*rate.Limiter
}

func newSpare() *spare {
	s := &spare{seed: maphash.MakeSeed()}
	for i := range s.limiters {
		s.limiters[i] = rate.NewLimiter(exchangesPerSecond, exchangesAtOnce)
	}
	return s
}

func (s *spare) allows(c *Call) bool {
	who := maphash.String(s.seed, c.Application+" "+c.Token)
	return s.limiters[who%uint64(len(s.limiters))].AllowN(c.Time, 1)
}

// TakesExchange says whether the exchange of a call that has failed is to be recorded with it. If not, that is counted: so many calls with its
// token fail in these seconds that the others tell enough.
func (l *Log) TakesExchange(c Call) bool {
	if l.spare.allows(&c) {
		return true
	}
	l.exchangesSpared.Add(1)
	return false
}

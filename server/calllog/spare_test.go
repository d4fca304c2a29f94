package calllog

import (
	"fmt"
	"testing"
	"time"
)

// taken is how many of so many exchanges with a token are taken at a time.
func taken(l *Log, token string, many int, at time.Time) (n int64) {
	for range many {
		if l.TakesExchange(Call{Application: "app", Token: token, Time: at}) {
			n++
		}
	}
	return n
}

// TestExchangesOfAStorm takes some exchanges at once, and then some each second; other tokens have theirs.
func TestExchangesOfAStorm(t *testing.T) {
	l := opened(t, Config{})
	if n := taken(l, "storm", 1000, noon); n != exchangesAtOnce {
		t.Errorf("%d at once", n)
	}
	if n := taken(l, "storm", 1000, noon.Add(time.Second)); n != exchangesPerSecond {
		t.Errorf("%d a second later", n)
	}
	if n := taken(l, "storm", 1000, noon.Add(time.Hour)); n != exchangesAtOnce {
		t.Errorf("%d an hour later", n)
	}
	if s := l.Stats(); s.ExchangesSpared != 3000-2*exchangesAtOnce-exchangesPerSecond || s.ExchangesDropped != 0 {
		t.Errorf("%+v", s)
	}
	calm := 0
	for i := range 20 { // a few of them may share the limiter
		if taken(l, fmt.Sprint("calm", i), 1, noon) == 1 {
			calm++
		}
	}
	if calm < 15 {
		t.Errorf("%d of 20 other tokens have an exchange", calm)
	}
}

package calllog

import (
	"errors"
	"sync"
	"sync/atomic"
)

// A tail holds so many calls that its reader has not taken; there are so many tails at most.
const (
	tailLength = 256
	mostTails  = 32
)

// ErrTails says that there are as many tails as there can be, or that the log is closing.
var ErrTails = errors.New("no more tails of the call log are possible now")

// Tail follows the calls that a filter chooses from now on. A reader that does not keep pace is left behind: the writer waits for nobody.
type Tail struct {
	Calls  <-chan Call // closed when the tail has ended
	calls  chan Call
	filter Filter
	all    *tails
	behind bool
}

// tails are all that follow a log.
type tails struct {
	mu     sync.Mutex
	open   map[*Tail]bool
	closed bool
	left   int64        // behind
	some   atomic.Int32 // how many are open: the writer asks for each call
}

// Tail begins to follow. It ends with Close, with EndTails, or when its reader is too slow.
func (l *Log) Tail(f Filter) (*Tail, error) { return l.tails.begin(f) }

// EndTails ends all tails, and lets none begin any more: a listener that closes waits for those who follow.
func (l *Log) EndTails() { l.tails.end() }

func (a *tails) begin(f Filter) (*Tail, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed || len(a.open) >= mostTails {
		return nil, ErrTails
	}
	calls := make(chan Call, tailLength)
	t := &Tail{Calls: calls, calls: calls, filter: f, all: a}
	if a.open == nil {
		a.open = map[*Tail]bool{}
	}
	a.open[t] = true
	a.some.Store(int32(len(a.open)))
	return t, nil
}

// offer gives a call to those who follow. It waits for nothing.
func (a *tails) offer(c *Call) {
	if a.some.Load() == 0 {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for t := range a.open {
		if !t.filter.chooses(*c) {
			continue
		}
		select {
		case t.calls <- *c:
		default:
			t.behind = true
			a.left++
			a.drop(t)
		}
	}
}

func (a *tails) drop(t *Tail) {
	if a.open[t] {
		delete(a.open, t)
		a.some.Store(int32(len(a.open)))
		close(t.calls)
	}
}

func (a *tails) end() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.closed = true
	for t := range a.open {
		a.drop(t)
	}
}

func (a *tails) leftBehind() int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.left
}

// Close ends the tail. It can be closed again.
func (t *Tail) Close() {
	t.all.mu.Lock()
	defer t.all.mu.Unlock()
	t.all.drop(t)
}

// Behind says whether the tail ended because its reader was too slow.
func (t *Tail) Behind() bool {
	t.all.mu.Lock()
	defer t.all.mu.Unlock()
	return t.behind
}

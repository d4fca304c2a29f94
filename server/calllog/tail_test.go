package calllog

import (
	"errors"
	"io"
	"testing"
)

// follow begins a tail.
func follow(t *testing.T, l *Log, f Filter) *Tail {
	t.Helper()
	tail, err := l.Tail(f)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tail.Close)
	return tail
}

func TestTail(t *testing.T) {
	l := opened(t, Config{})
	l.Record(call(1))
	query(t, l, Filter{}, 1)
	all, one := follow(t, l, Filter{}), follow(t, l, Filter{Target: "3"})
	for i := 2; i < 5; i++ {
		l.Record(call(i))
	}
	for _, want := range []string{"2", "3", "4"} {
		if c := <-all.Calls; c.Target != want {
			t.Errorf("got %s, want %s", c.Target, want)
		}
	}
	if c := <-one.Calls; c.Target != "3" || len(one.Calls) != 0 {
		t.Errorf("got %s and %d more", c.Target, len(one.Calls))
	}
	one.Close()
	one.Close()
	l.EndTails()
	if _, open := <-all.Calls; open || all.Behind() {
		t.Error("the tail goes on, or was left behind")
	}
	if _, err := l.Tail(Filter{}); !errors.Is(err, ErrTails) {
		t.Errorf("after the end: %v", err)
	}
}

// TestTailThatIsNotRead would hang if the log waited for who follows it.
func TestTailThatIsNotRead(t *testing.T) {
	l := opened(t, Config{MaxBytes: 4 << 20, Queue: 10 * tailLength})
	slow, quick := follow(t, l, Filter{}), follow(t, l, Filter{Target: "1"})
	for i := range 2 * tailLength {
		l.Record(call(i))
	}
	if got := len(query(t, l, Filter{}, 10*tailLength)); got != 2*tailLength {
		t.Errorf("%d calls are there", got)
	}
	got := 0
	for range slow.Calls {
		got++
	}
	if s := l.Stats(); got != tailLength || !slow.Behind() || s.TailsDropped != 1 || s.Dropped != 0 {
		t.Errorf("%d calls, behind %v, %+v", got, slow.Behind(), s)
	}
	if c := <-quick.Calls; c.Target != "1" || quick.Behind() {
		t.Error("a tail that was read has ended, too")
	}
}

// TestTailOfAFullDisk goes on: what cannot be kept can still be seen.
func TestTailOfAFullDisk(t *testing.T) {
	l := opened(t, Config{OpenFile: func(string) (io.WriteCloser, error) { return nil, errors.New("no space left") }})
	tail := follow(t, l, Filter{})
	l.Record(call(1))
	if c := <-tail.Calls; c.Target != "1" {
		t.Errorf("got %+v", c)
	}
	query(t, l, Filter{}, 1)
	if s := l.Stats(); s.Dropped != 1 {
		t.Errorf("%+v", s)
	}
}

func TestTailsAreBounded(t *testing.T) {
	l := opened(t, Config{})
	for range mostTails {
		follow(t, l, Filter{})
	}
	if _, err := l.Tail(Filter{}); !errors.Is(err, ErrTails) {
		t.Errorf("one too many: %v", err)
	}
}

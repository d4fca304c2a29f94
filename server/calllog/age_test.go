package calllog

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestAge keeps calls for some days: nothing older is ever shown, little goes before its time, and what went is counted.
func TestAge(t *testing.T) {
	const days = 24 * time.Hour
	now := noon
	dir := t.TempDir()
	open := func() *Log {
		l, err := Open(Config{Dir: dir, MaxBytes: MinBytes, MaxAge: 8 * days, Clock: func() time.Time { return now }})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { l.Close() })
		return l
	}
	l := open()
	recorded := 0
	for range 20 {
		for range 4 {
			l.RecordFailure(Call{Time: now, Status: 400, Correlation: "same"}, Exchange{})
			recorded++
			query(t, l, Filter{}, 1) // so that it is written before the clock goes on
			now = now.Add(days / 4)
		}
		calls := query(t, l, Filter{}, 1000)
		oldest := calls[len(calls)-1].Time
		if age := now.Sub(oldest); age > 8*days || now.Sub(noon) > 8*days && age < 6*days {
			t.Fatalf("the oldest call is %s old", age)
		}
		if s := l.Stats(); s.Removed != int64(recorded-len(calls)) {
			t.Fatalf("%+v, and %d of %d calls are there", s, len(calls), recorded)
		}
		if got := exchanges(t, l, "same"); len(got) == 0 || now.Sub(got[0].Time) > 8*days {
			t.Fatalf("the exchanges are %+v", got)
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	left := len(query(t, l, Filter{}, 1000))
	now = now.Add(20 * days)
	l = open()
	if got := query(t, l, Filter{}, 10); len(got) != 0 || len(exchanges(t, l, "same")) != 0 {
		t.Errorf("after a long stop there are %d calls", len(got))
	}
	if s := l.Stats(); s.Removed != int64(left) {
		t.Errorf("%+v, and %d calls were there", s, left)
	}
}

// TestAgeOfWhatCannotBeRead goes by the time at which the file was changed.
func TestAgeOfWhatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	for name, at := range map[string]time.Time{segmentName(callFiles, 1): noon.Add(-2 * time.Hour), segmentName(callFiles, 2): noon} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("half a line"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	l := opened(t, Config{Dir: dir, MaxAge: time.Hour})
	query(t, l, Filter{}, 1)
	if left, err := segments(dir, callFiles); err != nil || len(left) != 1 || left[0].number != 2 {
		t.Errorf("%+v, %v", left, err)
	}
}

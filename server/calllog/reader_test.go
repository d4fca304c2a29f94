package calllog

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func reading(t *testing.T, dir string) *Reader {
	t.Helper()
	r, err := OpenReader(dir)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// each are the targets of all calls in the order of Each.
func each(t *testing.T, r *Reader) string {
	t.Helper()
	var out []Call
	err := r.Each(t.Context(), Filter{}, func(c Call) error {
		out = append(out, c)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return targets(out)
}

// TestReaderBesideALog gets what the log gets, while that is open and when it is closed, and leaves everything as it was.
func TestReaderBesideALog(t *testing.T) {
	dir := t.TempDir()
	l := opened(t, Config{Dir: dir})
	empty := reading(t, dir)
	if h, err := empty.Holding(t.Context()); err != nil || h != (Holding{}) {
		t.Errorf("a new log holds %+v, %v", h, err)
	}
	for i := range 300 {
		if i%3 == 0 {
			failed(l, i, 200)
		} else {
			l.Record(call(i))
		}
	}
	want := each(t, l.Reader)
	for range 2 {
		before := traces(t, dir)
		r := reading(t, dir)
		if got := each(t, r); got != want || !strings.HasSuffix(got, " 299") {
			t.Errorf("it reads %s, and the log %s", got, want)
		}
		calls, err := r.Query(t.Context(), Filter{Failed: true}, 5)
		if err != nil || targets(calls) != targets(query(t, l, Filter{Failed: true}, 5)) {
			t.Errorf("the last failures are %v, %v", calls, err)
		}
		deeds, err := r.Deeds(t.Context(), "id297")
		if err != nil || len(deeds) != 1 || deeds[0].Exchange == nil {
			t.Errorf("%+v, %v", deeds, err)
		}
		sums, err := r.Sums(t.Context(), Filter{})
		if own, _ := l.Sums(t.Context(), Filter{}); err != nil || !reflect.DeepEqual(sums, own) {
			t.Errorf("%+v, %v, and the log %+v", sums, err, own)
		}
		h, err := r.Holding(t.Context())
		if size, _ := l.Size(); err != nil || h.Calls != int64(len(strings.Fields(want))) || h.Exchanges == 0 || h.Bytes != size || h.Unreadable != 0 {
			t.Errorf("it holds %+v, %v", h, err)
		}
		if !h.Last.Equal(noon.Add(299 * time.Second)) {
			t.Errorf("the last call is of %v", h.Last)
		}
		if after := traces(t, dir); after != before {
			t.Errorf("before it there was %s, and now %s", before, after)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	again, err := Open(Config{Dir: dir, MaxBytes: MinBytes, Clock: time.Now})
	if err != nil {
		t.Fatalf("a reader is in the way: %v", err)
	}
	again.Close()
}

// traces are the files of a directory, how large they are and when they were written.
func traces(t *testing.T, dir string) (out string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		out += fmt.Sprintln(e.Name(), info.Size(), info.ModTime().UnixNano())
	}
	return out
}

func TestReaderRefuses(t *testing.T) {
	dir := t.TempDir()
	locked := filepath.Join(dir, "locked") // by something else
	missing, file, other := filepath.Join(dir, "missing"), filepath.Join(dir, "calls-000000000001.jsonl"), filepath.Join(dir, "other")
	if err := errors.Join(os.WriteFile(file, nil, 0o600), os.MkdirAll(filepath.Join(other, segmentName(callFiles, 1)), 0o700),
		os.Mkdir(locked, 0o700), os.WriteFile(filepath.Join(locked, lockName), nil, 0o600), os.WriteFile(filepath.Join(locked, "notes"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]error{missing: fs.ErrNotExist, other: ErrNoLog, locked: ErrNoLog} {
		if _, err := OpenReader(path); !errors.Is(err, want) {
			t.Errorf("%s: %v", path, err)
		}
	}
	if _, err := OpenReader(file); err == nil {
		t.Error("a file is a directory")
	}
	if _, err := os.Stat(missing); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it has been made: %v", err)
	}
	if _, err := OpenReader(dir); err != nil {
		t.Errorf("a segment alone is no log: %v", err)
	}
}

// TestReaderWhileALogGoesOn reads again and again, while segments come and go: calls in their order, and an end.
func TestReaderWhileALogGoesOn(t *testing.T) {
	dir := t.TempDir()
	l := opened(t, Config{Dir: dir})
	written := make(chan struct{})
	go func() {
		defer close(written)
		for i := range 5000 {
			c := call(i)
			c.Correlation, c.Reason = "one", strings.Repeat("r", 400)
			l.Record(c)
			if i%50 == 0 && l.Settle(t.Context()) != nil {
				return
			}
		}
	}()
	r := reading(t, dir)
	for going := true; going; {
		select {
		case <-written:
			going = false
		default:
		}
		last := -1
		err := r.Each(t.Context(), Filter{}, func(c Call) error {
			var i int
			if _, err := fmt.Sscan(c.Target, &i); err != nil || i <= last {
				return fmt.Errorf("after call %d comes %q", last, c.Target)
			}
			last = i
			return nil
		})
		_, deeds := r.Deeds(t.Context(), "one")
		_, sums := r.Sums(t.Context(), Filter{})
		_, holding := r.Holding(t.Context())
		if err := errors.Join(err, deeds, sums, holding); err != nil {
			t.Fatal(err)
		}
	}
	if s := l.Stats(); s.Removed == 0 {
		t.Errorf("nothing made room: %+v", s)
	}
	if calls, err := r.Query(t.Context(), Filter{}, 3); err != nil || len(calls) != 3 {
		t.Errorf("%v, %v", calls, err)
	}
}

// TestReaderOfHalfALine passes over a line until the rest of it is there.
func TestReaderOfHalfALine(t *testing.T) {
	dir := t.TempDir()
	one, two := call(1), call(2)
	text := string(appendCall(appendCall(nil, &one), &two))
	exchange, err := appendExchange(nil, &Exchange{Time: noon, Correlation: "id"})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		calls, exchanges, want string
		kept                   int
		unreadable             int64
	}{
		{text[:len(text)-20], string(exchange[:len(exchange)-20]), "1", 0, 2},
		{text, string(exchange), "1 2", 1, 0},
		{"\x00\x00noise\n" + text + "{\n", string(exchange), "1 2", 1, 2},
	} {
		err := errors.Join(os.WriteFile(filepath.Join(dir, segmentName(callFiles, 7)), []byte(step.calls), 0o600),
			os.WriteFile(filepath.Join(dir, segmentName(exchangeFiles, 7)), []byte(step.exchanges), 0o600))
		if err != nil {
			t.Fatal(err)
		}
		r := reading(t, dir)
		calls, err := r.Query(t.Context(), Filter{}, 9)
		if err != nil || len(calls) != len(strings.Fields(step.want)) || each(t, r) != step.want {
			t.Errorf("%q has %v, %v", step.calls, calls, err)
		}
		if found, err := r.Exchanges(t.Context(), "id"); err != nil || len(found) != step.kept {
			t.Errorf("%q has %v, %v", step.exchanges, found, err)
		}
		if h, err := r.Holding(t.Context()); err != nil || h.Unreadable != step.unreadable {
			t.Errorf("%q holds %+v, %v", step.calls, h, err)
		}
	}
}

// TestReaderOfOtherLines finds the same calls by every question: lines that are JSON and no call are none.
func TestReaderOfOtherLines(t *testing.T) {
	dir := t.TempDir()
	one, two := call(1), call(2)
	text := string(appendCall(nil, &one)) + "null\n{}\n[]\n{\"time\":\"2026-03-31T12:00:00Z\",\"status\":1e999}\n{\"time\":\"0001-01-01T00:00:00Z\"}\n" + string(appendCall(nil, &two))
	if err := os.WriteFile(filepath.Join(dir, segmentName(callFiles, 1)), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	r := reading(t, dir)
	if got := each(t, r); got != "1 2" {
		t.Errorf("it reads %q", got)
	}
	if calls, err := r.Query(t.Context(), Filter{}, 9); err != nil || targets(calls) != "2 1" {
		t.Errorf("the last calls are %v, %v", calls, err)
	}
	sums, err := r.Sums(t.Context(), Filter{})
	if err != nil || len(sums) != 1 || sums[0].Calls != 2 {
		t.Errorf("%+v, %v", sums, err)
	}
	if h, err := r.Holding(t.Context()); err != nil || h.Calls != 2 || h.Unreadable != 5 || !h.Last.Equal(two.Time) {
		t.Errorf("it holds %+v, %v", h, err)
	}
}

// TestReaderOfWhatGoes reads on where segments make room while it reads.
func TestReaderOfWhatGoes(t *testing.T) {
	dir := t.TempDir()
	for i := range 4 {
		c := call(i)
		if err := os.WriteFile(filepath.Join(dir, segmentName(callFiles, int64(i+1))), appendCall(nil, &c), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var seen []Call
	err := reading(t, dir).Each(t.Context(), Filter{}, func(c Call) error {
		if len(seen) == 0 {
			for _, gone := range []int64{1, 2, 3} {
				if err := os.Remove(filepath.Join(dir, segmentName(callFiles, gone))); err != nil {
					return err
				}
			}
		}
		seen = append(seen, c)
		return nil
	})
	if err != nil || targets(seen) != "0 3" {
		t.Errorf("it sees %s, %v", targets(seen), err)
	}
}

// TestExchangeLongerThanALine is dropped in a log that has room for it: nobody would read it.
func TestExchangeLongerThanALine(t *testing.T) {
	l := opened(t, Config{MaxBytes: 64 << 20})
	failed(l, 1, longestLine)
	failed(l, 2, longestLine/2)
	if len(exchanges(t, l, "id1")) != 0 || len(exchanges(t, l, "id2")) != 1 || l.Stats().ExchangesDropped != 1 {
		t.Errorf("%+v", l.Stats())
	}
}

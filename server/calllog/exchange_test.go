package calllog

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// failed is a call with an exchange of about so many bytes.
func failed(l *Log, i, size int) {
	c := call(i)
	c.Status, c.Correlation = 400, fmt.Sprintf("id%d", i)
	l.RecordFailure(c, Exchange{Request: Message{Body: strings.Repeat("x", size), Kept: Whole}})
}

func exchanges(t *testing.T, l *Log, correlation string) []Exchange {
	t.Helper()
	out, err := l.Exchanges(t.Context(), correlation)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestExchangeRoundTrip(t *testing.T) {
	l := opened(t, Config{})
	want := Exchange{
		Request: Message{Headers: []Header{{"User-Agent", "a \"b\"\n\u2028"}}, Body: `{"a":"ü"}`, Bytes: 10, Kept: Whole},
		Answer:  Message{Headers: []Header{{"Allow", "GET"}, {"Allow", "PUT"}}, Body: "{", Bytes: 99, Kept: Begins},
	}
	c := Call{Time: noon, Correlation: "id1", Part: 3, Status: 400}
	l.RecordFailure(c, want)
	l.RecordFailure(Call{Time: noon, Correlation: "other", Target: "id1"}, Exchange{Request: Message{Body: `"id1"`}})
	want.Time, want.Correlation, want.Part = noon, "id1", 3
	if got := exchanges(t, l, "id1"); len(got) != 1 || !reflect.DeepEqual(got[0], want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if calls := query(t, l, Filter{Correlation: "id1"}, 9); len(calls) != 1 || calls[0] != c {
		t.Errorf("the call is %+v", calls)
	}
	if got := exchanges(t, l, "none"); len(got) != 0 {
		t.Errorf("nobody's: %+v", got)
	}
}

// TestExchangesPushOutNoCalls fails many times with large bodies: all keep their part of the bound, and the calls are all there.
func TestExchangesPushOutNoCalls(t *testing.T) {
	l := opened(t, Config{MaxBytes: 8 * MinBytes})
	const calls = 200
	for i := range calls {
		failed(l, i, 5000)
		if i%20 == 0 {
			query(t, l, Filter{}, 1)
		}
	}
	if got := len(query(t, l, Filter{}, 2*calls)); got != calls {
		t.Errorf("%d calls are left", got)
	}
	size, err := l.Size()
	if err != nil || size > 8*MinBytes {
		t.Errorf("%d bytes, %v", size, err)
	}
	if len(exchanges(t, l, "id0")) != 0 || len(exchanges(t, l, fmt.Sprintf("id%d", calls-1))) != 1 {
		t.Error("the oldest exchange is there, or the newest is gone")
	}
	if s := l.Stats(); s.ExchangesDropped != 0 || s.Dropped != 0 {
		t.Errorf("%+v", s)
	}
}

// TestExchangeLargerThanASegment is dropped, and its call is not.
func TestExchangeLargerThanASegment(t *testing.T) {
	l := opened(t, Config{})
	failed(l, 1, 5000)
	failed(l, 2, 100)
	if s := l.Stats(); len(query(t, l, Filter{}, 9)) != 2 || len(exchanges(t, l, "id1")) != 0 || len(exchanges(t, l, "id2")) != 1 {
		t.Errorf("%+v", s)
	}
	if s := l.Stats(); s.ExchangesDropped != 1 || s.Written != 2 || s.Dropped != 0 {
		t.Errorf("%+v", s)
	}
}

// TestExchangesOfABlockedDisk would hold all memory if nothing bounded what waits, and hang if a failure waited for the disk.
func TestExchangesOfABlockedDisk(t *testing.T) {
	disk := &blocked{make(chan struct{}, 1000), make(chan struct{})}
	l := opened(t, Config{MaxBytes: 64 << 20, OpenFile: func(string) (io.WriteCloser, error) { return disk, nil }})
	failed(l, 0, 10)
	<-disk.entered
	for i := range 1000 {
		failed(l, i, 16<<10)
	}
	held := func() int {
		l.mu.Lock()
		defer l.mu.Unlock()
		return len(l.exchanges.text)
	}
	if held := held(); held > mostWaiting || held < mostWaiting/2 {
		t.Errorf("%d bytes wait", held)
	}
	if s := l.Stats(); s.Dropped != 0 || s.ExchangesDropped < 700 || s.ExchangesDropped > 800 {
		t.Errorf("%+v", s)
	}
	close(disk.let)
	if err := l.Close(); err == nil || !strings.Contains(err.Error(), "exchanges of failures") {
		t.Errorf("Close says %v", err)
	}
	if held() != 0 {
		t.Errorf("%d bytes wait in the end", held())
	}
	failed(l, 2, 10)
	if s := l.Stats(); s.Dropped != 1 || held() != 0 {
		t.Errorf("after the end %+v, and %d bytes wait", s, held())
	}
}

// TestExchangesOfAFullDisk has the calls of failures whose exchanges the disk refused.
func TestExchangesOfAFullDisk(t *testing.T) {
	l := opened(t, Config{OpenFile: func(name string) (io.WriteCloser, error) {
		if strings.HasPrefix(filepath.Base(name), exchangeFiles) {
			return nil, errors.New("no space left")
		}
		return openFile(name)
	}})
	failed(l, 1, 10)
	if got := targets(query(t, l, Filter{}, 9)); got != "1" || len(exchanges(t, l, "id1")) != 0 {
		t.Errorf("calls %q", got)
	}
	if s := l.Stats(); s.Written != 1 || s.ExchangesDropped != 1 || s.Failure != "no space left" {
		t.Errorf("%+v", s)
	}
}

package calllog

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// counted is what the log counts, by minute and kind.
func counted(t *testing.T, l *Log, f Filter) map[string]int64 {
	t.Helper()
	out := map[string]int64{}
	err := l.Count(t.Context(), f, func(minute time.Time, k Kind, calls int64) {
		out[fmt.Sprintf("%s %+v", minute.Format("15:04"), k)] += calls
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestCount counts what a query finds, for any filter, as the log grows, turns over, and is opened again.
func TestCount(t *testing.T) {
	dir := t.TempDir()
	l := opened(t, Config{Dir: dir})
	all := 0
	for round := range 6 {
		for i := range 400 {
			c := call(all)
			c.Application, c.Operation, c.ResourceType = fmt.Sprint("a", i%3), []string{"read", "list"}[i%2], "User"
			c.Status, c.Target = []int{200, 404, 409}[i%3], fmt.Sprint(i%7)
			if i%50 == 0 {
				c.Reason = "broke off"
			}
			l.Record(c)
			all++
			if i%100 == 0 {
				query(t, l, Filter{}, 1)
			}
		}
		if round == 4 {
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
			l = opened(t, Config{Dir: dir})
		}
		middle := noon.Add(time.Duration(all-150) * time.Second).Truncate(time.Minute)
		for _, f := range []Filter{
			{}, {Application: "a1"}, {Operation: "list", StatusClass: 4}, {Status: 404}, {Failed: true}, {Failed: true, StatusClass: 2},
			{Since: middle}, {Until: middle}, {Since: middle, Until: middle.Add(time.Minute), ResourceType: "User"}, {Target: "3"}, {Application: "none"},
		} {
			want := map[string]int64{}
			for _, c := range query(t, l, f, 10000) {
				want[fmt.Sprintf("%s %+v", c.Time.Format("15:04"), kindOf(c))]++
			}
			if got := counted(t, l, f); !maps.Equal(got, want) {
				t.Fatalf("%+v in round %d: got %v\nwant %v", f, round, got, want)
			}
		}
	}
	if len(l.counts.segments) > perLog+1 {
		t.Errorf("%d segments are remembered", len(l.counts.segments))
	}
}

// TestCountForgetsWhatIsGone has an application for each call, and remembers those that the log still has.
func TestCountForgetsWhatIsGone(t *testing.T) {
	l := opened(t, Config{})
	const all = 2000
	for i := range all {
		c := call(i)
		c.Application = fmt.Sprint("a", i)
		l.Record(c)
		if i%100 == 99 {
			counted(t, l, Filter{})
		}
	}
	if kept := len(query(t, l, Filter{}, all)); kept == all || len(l.counts.kinds) != kept || len(l.counts.known) != kept {
		t.Errorf("%d of %d calls are kept, and %d kinds", kept, all, len(l.counts.kinds))
	}
}

// TestCountIsByTheMinute takes the minutes whole that the times lie in.
func TestCountIsByTheMinute(t *testing.T) {
	l := opened(t, Config{})
	for i := range 180 {
		l.Record(call(i))
	}
	for _, f := range []Filter{
		{Since: noon.Add(90 * time.Second), Until: noon.Add(100 * time.Second)}, {Since: noon.Add(time.Minute), Until: noon.Add(2 * time.Minute)},
	} {
		total := int64(0)
		for _, n := range counted(t, l, f) {
			total += n
		}
		if total != 60 {
			t.Errorf("%+v counts %d", f, total)
		}
	}
}

// TestCountHalfALine counts a line when it is whole.
func TestCountHalfALine(t *testing.T) {
	dir := t.TempDir()
	l := opened(t, Config{Dir: dir})
	c := call(1)
	line := appendCall(nil, &c)
	name := filepath.Join(dir, segmentName(callFiles, 1))
	for _, step := range []struct {
		text string
		want int
	}{{string(line[:20]), 0}, {string(line), 1}, {string(line) + "noise\n", 1}} {
		if err := os.WriteFile(name, []byte(step.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := counted(t, l, Filter{}); len(got) != step.want {
			t.Errorf("%q counts as %v", step.text, got)
		}
	}
}

// BenchmarkCount asks a full log of the usual size again and again, as a page does.
func BenchmarkCount(b *testing.B) {
	l, err := Open(Config{Dir: b.TempDir(), MaxBytes: 64 << 20, Clock: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { l.Close() })
	for i := range 150000 {
		c := Call{
			Time: noon.Add(time.Duration(i) * time.Second), Instance: "idaas_3shjdbtsfgdtftow3tvkt6jxda", Application: fmt.Sprint("app_roijws2xk4yotetutqyvj3qmb", i%5),
			Operation: []string{"read", "list", "patch"}[i%3], ResourceType: "User", Target: "user_balbbxqfir7lmusqg7umrmfjrk", Method: "GET",
			Path: "/Users/user_balbbxqfir7lmusqg7umrmfjrk", Status: []int{200, 200, 404, 204}[i%4], LatencyMicros: 57, Correlation: "aaaaaaaaaaaaaaaaaaaaaaaaaa",
		}
		l.Record(c)
		if i%1000 == 0 {
			if err := l.Settle(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	}
	begin := time.Now()
	none := func(time.Time, Kind, int64) {}
	if err := l.Count(b.Context(), Filter{}, none); err != nil {
		b.Fatal(err)
	}
	b.Logf("the first time takes %v", time.Since(begin))
	for b.Loop() {
		if err := l.Count(b.Context(), Filter{Since: noon.Add(20 * time.Hour)}, none); err != nil {
			b.Fatal(err)
		}
	}
}

package runner_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"scimproof/reports/result"
	"scimproof/simulator/client"
	"scimproof/suites/check"
	"scimproof/suites/runner"
)

func env(t *testing.T) *check.Env {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("{}")) }))
	t.Cleanup(srv.Close)
	c, err := client.New(client.Config{BaseURL: srv.URL, Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return &check.Env{Client: c, Target: &check.Target{BaseURL: c.BaseURL()}, Prefix: "sp1"}
}

func one(id string, level check.Level, run func(*check.T), change ...func(*check.Check)) check.Check {
	c := check.Check{ID: id, Level: level, Profiles: []check.Profile{check.RFC}, Ref: check.Ref{RFC: "7644", Section: "3"}, Run: run}
	for _, f := range change {
		f(&c)
	}
	return c
}

func holds(*check.T)    {}
func breaks(t *check.T) { t.Break("this", "that") }

func ofRule(rule string) func(*check.Check) {
	return func(c *check.Check) { c.Rule, c.Profiles = rule, []check.Profile{check.IDaaS} }
}

func replaced(rules ...string) func(*check.Check) {
	return func(c *check.Check) { c.Replaced = rules }
}

func judge(t *testing.T, ctx context.Context, all, selected []check.Check, profiles ...check.Profile) map[string]result.Check {
	t.Helper()
	j := runner.Judge(ctx, runner.Options{Env: env(t), All: all, Selected: selected, Profiles: profiles, Clock: time.Now})
	rows := map[string]result.Check{}
	for i, row := range j.Rows {
		if row.ID != selected[i].ID {
			t.Errorf("row %d is %s, not %s", i, row.ID, selected[i].ID)
		}
		rows[row.ID] = row
	}
	return rows
}

func TestLevelsDecideTheOutcome(t *testing.T) {
	all := []check.Check{
		one("a.must", check.Must, breaks), one("a.should", check.Should, breaks), one("a.may", check.May, breaks), one("a.info", check.Info, breaks),
		one("b.must", check.Must, holds), one("b.info", check.Info, holds),
	}
	rows := judge(t, context.Background(), all, all, check.RFC)
	for id, want := range map[string]string{
		"a.must": "fail: expected this; got that", "a.should": "warn: expected this; got that", "a.may": "info: departs: expected this; got that",
		"a.info": "info: departs: expected this; got that", "b.must": "pass: ", "b.info": "info: holds",
	} {
		if got := string(rows[id].Outcome) + ": " + rows[id].Reason; got != want {
			t.Errorf("%s is %q, want %q", id, got, want)
		}
	}
}

func TestARuleReplacesAnExpectation(t *testing.T) {
	expectation := one("users.duplicate", check.Must, breaks, replaced("idem-1"))
	both := one("users.both", check.Must, breaks, replaced("idem-1", "map-1"))
	right := one("idaas.same", check.Must, holds, ofRule("idem-1"))
	wrong := one("idaas.same", check.Must, breaks, ofRule("idem-1"))
	other := one("idaas.map", check.Must, holds, ofRule("map-1"))
	for _, c := range []struct {
		name     string
		all      []check.Check
		selected []check.Check
		profiles []check.Profile
		want     result.Outcome
	}{
		{"it holds", []check.Check{expectation, right}, []check.Check{expectation, right}, []check.Profile{check.RFC, check.IDaaS}, result.NA},
		{"it holds, and was not selected", []check.Check{expectation, right}, []check.Check{expectation}, []check.Profile{check.RFC, check.IDaaS}, result.NA},
		{"it does not hold", []check.Check{expectation, wrong}, []check.Check{expectation, wrong}, []check.Profile{check.RFC, check.IDaaS}, result.Fail},
		{"the profile was not asked for", []check.Check{expectation, right}, []check.Check{expectation}, []check.Profile{check.RFC}, result.Fail},
		{"nothing tells whether it holds", []check.Check{expectation}, []check.Check{expectation}, []check.Profile{check.RFC, check.IDaaS}, result.Fail},
		{"both hold", []check.Check{both, right, other}, []check.Check{both}, []check.Profile{check.RFC, check.IDaaS}, result.NA},
		{"one of two does not hold", []check.Check{both, wrong, other}, []check.Check{both}, []check.Profile{check.RFC, check.IDaaS}, result.Fail},
	} {
		t.Run(c.name, func(t *testing.T) {
			row := judge(t, context.Background(), c.all, c.selected, c.profiles...)[c.selected[0].ID]
			if row.Outcome != c.want {
				t.Errorf("%s: %s, want %s", row.Outcome, row.Reason, c.want)
			}
			if c.want == result.NA && !strings.HasPrefix(row.Reason, "replaced by idem-1") {
				t.Errorf("reason %q", row.Reason)
			}
		})
	}
}

func TestExclusiveChecksRunAlone(t *testing.T) {
	var mu sync.Mutex
	running, most, alone := 0, 0, true
	body := func(exclusive bool) func(*check.T) {
		return func(*check.T) {
			mu.Lock()
			running++
			most = max(most, running)
			if exclusive && running > 1 {
				alone = false
			}
			mu.Unlock()
			time.Sleep(5 * time.Millisecond)
			mu.Lock()
			running--
			mu.Unlock()
		}
	}
	var all []check.Check
	for _, id := range strings.Split("a b c d e f g h", " ") {
		all = append(all, one("x."+id, check.Must, body(false)), one("y."+id, check.Must, body(true), func(c *check.Check) { c.Exclusive = true }))
	}
	judge(t, context.Background(), all, all, check.RFC)
	if !alone || most < 2 {
		t.Errorf("exclusive checks alone: %v; others at most %d at a time", alone, most)
	}
}

func TestAnInterruptedRunBlocksTheRest(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	all := []check.Check{one("a.first", check.Must, func(*check.T) { cancel(check.ErrInterrupted) }),
		one("b.last", check.Must, holds, func(c *check.Check) { c.Exclusive = true })}
	rows := judge(t, ctx, all, all, check.RFC)
	if rows["a.first"].Outcome != result.Pass || rows["b.last"].Outcome != result.Blocked {
		t.Errorf("%s, %s", rows["a.first"].Outcome, rows["b.last"].Outcome)
	}
}

func TestGinkgoReportsEachCheck(t *testing.T) {
	all := []check.Check{one("a.breaks", check.Must, breaks), one("a.holds", check.Must, holds), one("b.warns", check.Should, breaks)}
	for range 2 { // a second run in one process has a suite of its own
		var out bytes.Buffer
		var seen []string
		j, err := runner.Run(context.Background(), runner.Options{Env: env(t), All: all, Selected: all, Profiles: []check.Profile{check.RFC}, Clock: time.Now,
			Progress: func(p runner.Progress) { seen = append(seen, p.Row.ID) }}, &out)
		if err != nil || len(j.Rows) != 3 {
			t.Fatalf("%v, %d rows", err, len(j.Rows))
		}
		for _, want := range []string{"Ran 3 of 3 Specs", "2 Passed", "1 Failed", "judge_test.go"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("Ginkgo does not say %q:\n%s", want, out.String())
			}
		}
		slices.Sort(seen)
		if strings.Join(seen, " ") != "a.breaks a.holds b.warns" {
			t.Errorf("progress told of %v", seen)
		}
	}
}

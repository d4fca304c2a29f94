package check_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"scimproof/reports/result"
	"scimproof/reports/verdict"
	"scimproof/simulator/client"
	"scimproof/suites/check"
)

// TestTogether answers nobody before all are there: requests that went one after the other would wait forever.
func TestTogether(t *testing.T) {
	const times = 5
	var all sync.WaitGroup
	all.Add(times)
	env := start(t, &target{answer: func(w http.ResponseWriter, r *http.Request, _ string) {
		if r.Method == http.MethodPost {
			all.Done()
			all.Wait()
		}
		reply(w, 201, `{"id": "`+r.Header.Get("X-Number")+`"}`)
	}})
	f := execute(context.Background(), env, func(t *check.T) {
		var ids []string
		for _, a := range t.Together(numbered(times)...) {
			ids = append(ids, a.ID())
		}
		t.Equal("answers in the order of the requests:", strings.Join(ids, " "), "0 1 2 3 4")
	})
	if f.State != verdict.Held {
		t.Errorf("%s: %+v", f.State, f.Failure)
	}
	if got := len(f.Exchanges); got != times {
		t.Errorf("%d exchanges are kept, want %d", got, times)
	}
}

func TestTogetherEnds(t *testing.T) {
	for status, state := range map[int]verdict.Finding{200: verdict.Held, 429: verdict.NotApplicable, 500: verdict.Broken} {
		env := start(t, &target{answer: func(w http.ResponseWriter, r *http.Request, _ string) {
			if r.Header.Get("X-Number") == "1" {
				reply(w, status, "{}")
				return
			}
			reply(w, 200, "{}")
		}})
		if f := execute(context.Background(), env, func(t *check.T) { t.Together(numbered(3)...) }); f.State != state {
			t.Errorf("%d to one of them: %s, want %s: %+v", status, f.State, state, f.Failure)
		}
	}
}

// TestDuring has do wait for requests that come while it works: had they been sent before it or after it, it would wait forever.
func TestDuring(t *testing.T) {
	var seen sync.WaitGroup
	seen.Add(3)
	var count, after atomic.Int64
	var over atomic.Bool
	env := start(t, &target{answer: func(w http.ResponseWriter, _ *http.Request, _ string) {
		if n := count.Add(1); n > 1 && n < 5 {
			seen.Done()
		}
		if over.Load() {
			after.Add(1)
		}
		reply(w, 200, "{}")
	}})
	f := execute(context.Background(), env, func(t *check.T) {
		answers := t.During(func() {
			seen.Wait()
			over.Store(true)
		}, client.Request{Method: "GET", Path: "/Users"})
		t.Equal("answers", len(answers), 1)
		t.Equal("status", answers[0].Status, 200)
	})
	if f.State != verdict.Held {
		t.Errorf("%s: %+v", f.State, f.Failure)
	}
	if after.Load() == 0 {
		t.Error("nothing was sent after the work was done")
	}
	if got := len(f.Exchanges); got != 1 {
		t.Errorf("%d exchanges are kept, want the last", got)
	}
}

// TestDuringKeepsTheRefusal: one refusal among many answers is what comes out, and nothing is sent after it.
func TestDuringKeepsTheRefusal(t *testing.T) {
	var count atomic.Int64
	env := start(t, &target{answer: func(w http.ResponseWriter, _ *http.Request, _ string) {
		if count.Add(1) == 3 {
			reply(w, 401, "{}")
			return
		}
		reply(w, 200, "{}")
	}})
	f := execute(context.Background(), env, func(t *check.T) {
		refused := func() {
			for count.Load() < 3 {
				t.Pause(time.Millisecond)
			}
		}
		t.Equal("status", t.During(refused, client.Request{Method: "GET", Path: "/Users"})[0].Status, 401)
	})
	if f.State != verdict.Held || count.Load() != 3 {
		t.Errorf("%s: %+v after %d requests", f.State, f.Failure, count.Load())
	}
}

// TestDuringEndsWithTheWork: work that ends the check ends the requests.
func TestDuringEndsWithTheWork(t *testing.T) {
	var count atomic.Int64
	env := start(t, &target{answer: func(w http.ResponseWriter, _ *http.Request, _ string) {
		count.Add(1)
		reply(w, 200, "{}")
	}})
	f := execute(context.Background(), env, func(t *check.T) {
		t.During(func() { t.Block("nothing works") }, client.Request{Method: "GET", Path: "/Users"})
	})
	sent := count.Load()
	if f.State != verdict.Blocked || sent < 2 {
		t.Errorf("%s: %+v after %d requests", f.State, f.Failure, sent)
	}
}

func numbered(n int) []client.Request {
	var out []client.Request
	for i := range n {
		out = append(out, client.Request{Method: "POST", Path: "/Users", Header: []result.Header{{Name: "X-Number", Value: string(rune('0' + i))}}})
	}
	return out
}

func TestFollow(t *testing.T) {
	env := start(t, &target{answer: func(w http.ResponseWriter, r *http.Request, _ string) {
		if r.URL.Path == "/scim/Users/1" {
			reply(w, 200, `{"id": "1"}`)
			return
		}
		reply(w, 404, "{}")
	}})
	for _, c := range []struct {
		location string
		state    verdict.Finding
	}{
		{"BASE/Users/1", verdict.Held},
		{"Users/1", verdict.Held},
		{"BASE/Users/2", verdict.Broken},
		{"/Users/1", verdict.Broken},
		{"%zz", verdict.Broken},
		{"https://elsewhere.example/scim/Users/1", verdict.NotApplicable},
	} {
		location := strings.ReplaceAll(c.location, "BASE", env.Target.BaseURL)
		f := execute(context.Background(), env, func(t *check.T) { t.Equal("id", t.Follow("Location", location).ID(), "1") })
		if f.State != c.state {
			t.Errorf("%s: %s, want %s: %+v", c.location, f.State, c.state, f.Failure)
		}
	}
}

// TestCreatedWithoutBody: a 201 need not carry the resource.
func TestCreatedWithoutBody(t *testing.T) {
	s := &target{}
	env := start(t, s)
	s.answer = func(w http.ResponseWriter, r *http.Request, _ string) {
		if r.Method == http.MethodPost {
			w.Header().Set("Location", env.Target.BaseURL+"/Users/7")
			w.WriteHeader(201)
			return
		}
		reply(w, 200, `{"id": "7"}`)
	}
	f := execute(context.Background(), env, func(t *check.T) { t.Equal("id", t.MustUser().ID(), "7") })
	if f.State != verdict.Held {
		t.Errorf("%s: %+v", f.State, f.Failure)
	}
	if !s.saw("DELETE /scim/Users/7") {
		t.Error("the user is not removed")
	}
}

package check_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"scimproof/reports/result"
	"scimproof/reports/verdict"
	"scimproof/simulator/client"
	"scimproof/suites/check"
)

// changer issues nothing: that there is one is enough.
type changer struct{}

var _ check.Rotate = changer{}

func (changer) Issue(context.Context) (client.Secret, error) { return "", nil }

func (changer) Retire(context.Context, client.Secret) error { return nil }

func TestAppliesByWhatTheRunWasGiven(t *testing.T) {
	control := &client.Client{}
	for _, c := range []struct {
		name  string
		means check.Means
		holds []check.Need // every other one is skipped
	}{
		{name: "nothing"},
		{"a control API", check.Means{Control: control}, []check.Need{check.Control, check.SecondToken, check.Rotation}},
		{"one with a test clock", check.Means{Control: control, TestClock: true},
			[]check.Need{check.Control, check.TestClock, check.SecondToken, check.Rotation, check.ExpiredToken}},
		{"a test clock of nothing", check.Means{TestClock: true}, nil},
		{"a second token", check.Means{Second: "b"}, []check.Need{check.SecondToken}},
		{"an expired token", check.Means{Expired: "c"}, []check.Need{check.ExpiredToken}},
		{"a program that rotates", check.Means{Rotate: changer{}}, []check.Need{check.SecondToken, check.Rotation}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for need, flag := range map[check.Need]string{
				check.Control: "--control", check.TestClock: "--test-clock", check.SecondToken: "--second-token-env",
				check.Rotation: "--rotate-command", check.ExpiredToken: "--expired-token-env",
			} {
				state, why := check.Applies(&check.Target{Means: c.means}, &check.Check{Needs: []check.Need{check.Sort, need}})
				if slices.Contains(c.holds, need) {
					if state != verdict.Held {
						t.Errorf("%s: %s: %s", need, state, why)
					}
				} else if state != verdict.Skipped || !strings.Contains(why, flag) {
					t.Errorf("%s: %s: %q, want it to be skipped and %s to be named", need, state, why, flag)
				}
			}
		})
	}
}

// TestDenialComesFirst: what the target denies says more than what the run was not given.
func TestDenialComesFirst(t *testing.T) {
	state, why := check.Applies(&check.Target{}, &check.Check{Needs: []check.Need{check.Control, check.Auth}})
	if state != verdict.NotApplicable || !strings.Contains(why, "no token was given") {
		t.Errorf("%s: %s", state, why)
	}
}

// diary has what happened, in order.
type diary struct {
	mu    sync.Mutex
	lines []string
}

func (d *diary) write(line string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lines = append(d.lines, line)
}

// holds says whether these are the lines, and no others.
func (d *diary) holds(lines ...string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Equal(d.lines, lines)
}

// target is one that writes down who called and what for, and answers each alike.
func (d *diary) target(status int) *target {
	return &target{answer: func(w http.ResponseWriter, r *http.Request, _ string) {
		d.write(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ") + " " + r.Method + " " + r.URL.Path)
		if status == 0 {
			panic(http.ErrAbortHandler)
		}
		reply(w, status, `{"id": "7"}`)
	}}
}

func TestAs(t *testing.T) {
	calls := &diary{}
	env := start(t, calls.target(201))
	f := execute(context.Background(), env, func(t *check.T) {
		other := t.As("another")
		other.Post(other.Users(), "{}")
		t.Get("/Users/7")
		t.Equal("base URL", other.BaseURL, t.BaseURL)
	})
	want := []string{"another POST /scim/Users", "t0ken GET /scim/Users/7", "t0ken DELETE /scim/Users/7"}
	if f.State != verdict.Held || !calls.holds(want...) {
		t.Errorf("%s: %+v: %q, want %q", f.State, f.Failure, calls.lines, want)
	}
	if len(f.Exchanges) != 2 {
		t.Errorf("%d exchanges are kept, want those of both tokens", len(f.Exchanges))
	}
}

func TestAt(t *testing.T) {
	for _, c := range []struct{ base, path string }{{"/v2/other/scim", "/v2/other/scim/Users"}, {"BASE/more", "/scim/more/Users"}} {
		calls := &diary{}
		env := start(t, calls.target(201))
		base := strings.ReplaceAll(c.base, "BASE", env.Target.BaseURL)
		f := execute(context.Background(), env, func(t *check.T) {
			other := t.At(base, "another")
			other.Post(other.Users(), "{}")
			t.Hold(strings.HasSuffix(other.BaseURL+"/Users", c.path), "a base URL that leads to "+c.path, other.BaseURL)
			t.Hold(t.BaseURL == env.Target.BaseURL, "the target's own base URL as before", t.BaseURL)
		})
		if want := []string{"another POST " + c.path}; f.State != verdict.Held || !calls.holds(want...) {
			t.Errorf("%s: %s: %+v: %q, want %q and nothing cleaned up", c.base, f.State, f.Failure, calls.lines, want)
		}
	}
	f := execute(context.Background(), start(t, &target{}), func(t *check.T) { t.At("%zz", "another") })
	if f.State != verdict.Blocked || !strings.Contains(f.Failure.Reason, "cannot be used") {
		t.Errorf("a base URL that is none: %s: %+v", f.State, f.Failure)
	}
}

// TestRefusedAside: where a check asks who is let in, 401 is an answer like others.
func TestRefusedAside(t *testing.T) {
	for name, c := range map[string]struct {
		other func(t *check.T) *check.T
		state verdict.Finding
	}{
		"the run's own": {func(t *check.T) *check.T { return t }, verdict.Errored},
		"the same":      {func(t *check.T) *check.T { return t.Aside() }, verdict.Held},
		"another token": {func(t *check.T) *check.T { return t.As("another") }, verdict.Held},
		"elsewhere":     {func(t *check.T) *check.T { return t.At("/elsewhere", "another") }, verdict.Held},
		"control API":   {func(t *check.T) *check.T { return t.Plane() }, verdict.Held},
	} {
		calls := &diary{}
		env := start(t, calls.target(401))
		env.Target.Means.Control = plane(t, calls.target(401))
		f := execute(context.Background(), env, func(t *check.T) { t.Equal("status", c.other(t).Get("/Users").Status, 401) })
		if f.State != c.state {
			t.Errorf("%s: %s, want %s: %+v", name, f.State, c.state, f.Failure)
		}
	}
}

// plane is a client of a control API.
func plane(t *testing.T, s *target) *client.Client {
	t.Helper()
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	c, err := client.New(client.Config{BaseURL: srv.URL, Token: "admin", Timeout: 5 * time.Second, MediaType: "application/json"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestProvided: where what the run was given does not work, the target is not to blame, and nobody is told that all is well.
func TestProvided(t *testing.T) {
	for status, want := range map[int]verdict.Finding{201: verdict.Held, 403: verdict.Errored, 404: verdict.Errored, 500: verdict.Errored, 0: verdict.Errored} {
		env := start(t, &target{})
		env.Target.Means.Control = plane(t, (&diary{}).target(status))
		f := execute(context.Background(), env, func(t *check.T) {
			p := t.Plane()
			p.Provided(func() *check.Answer { return p.Post("/v1/instances", "{}") })
		})
		if f.State != want || want == verdict.Errored && f.Failure.Reason == "" {
			t.Errorf("%d: %s, want %s: %+v", status, f.State, want, f.Failure)
		}
	}
}

func TestPlane(t *testing.T) {
	env := start(t, &target{})
	if f := execute(context.Background(), env, func(t *check.T) { t.Plane() }); f.State != verdict.NotApplicable {
		t.Errorf("without a control API: %s: %+v", f.State, f.Failure)
	}
	calls := &diary{}
	env.Target.Means.Control = plane(t, calls.target(201))
	f := execute(context.Background(), env, func(t *check.T) { t.Plane().Post("/v1/instances", check.Doc{}) })
	if want := []string{"admin POST /v1/instances"}; f.State != verdict.Held || !calls.holds(want...) {
		t.Errorf("%s: %+v: %q, want %q: what is made there is no SCIM resource to clean up", f.State, f.Failure, calls.lines, want)
	}
	if len(f.Exchanges) != 1 {
		t.Errorf("%d exchanges are kept, want 1", len(f.Exchanges))
	}
}

// TestLater: what is done after a body comes after the clean-up, the last first, whatever became of the body.
func TestLater(t *testing.T) {
	for name, end := range map[string]func(t *check.T){
		"held":   func(*check.T) {},
		"broken": func(t *check.T) { t.Break("this", "that") },
		"panic":  func(*check.T) { panic("oops") },
	} {
		calls := &diary{}
		env := start(t, calls.target(201))
		f := execute(context.Background(), env, func(t *check.T) {
			for _, step := range []string{"first", "second"} {
				t.Later(func(ctx context.Context) []result.Residue {
					if ctx.Err() != nil {
						step = "too late"
					}
					calls.write(step)
					return []result.Residue{{ID: step}}
				})
			}
			t.MustUser()
			end(t)
		})
		if want := []string{"t0ken POST /scim/Users", "t0ken DELETE /scim/Users/7", "second", "first"}; !calls.holds(want...) {
			t.Errorf("%s: %q, want %q", name, calls.lines, want)
		}
		if want := []result.Residue{{ID: "second"}, {ID: "first"}}; !slices.Equal(f.Residue, want) {
			t.Errorf("%s: residue %v, want %v", name, f.Residue, want)
		}
	}
}

// TestLaterAfterTheEnd: a run that was stopped cleans up all the same.
func TestLaterAfterTheEnd(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	env := start(t, &target{answer: func(w http.ResponseWriter, _ *http.Request, _ string) {
		cancel(check.ErrInterrupted)
		reply(w, 200, "{}")
	}})
	did := context.Canceled
	f := execute(ctx, env, func(t *check.T) {
		t.Later(func(ctx context.Context) []result.Residue { did = ctx.Err(); return nil })
		t.Get("/Users")
		t.Get("/Users")
	})
	if f.State != verdict.Blocked || did != nil {
		t.Errorf("%s: %+v; the context of what is done after it: %v", f.State, f.Failure, did)
	}
}

func TestDeleteLater(t *testing.T) {
	for status, reason := range map[int]string{204: "", 200: "", 404: "", 410: "", 403: "DELETE answered 403", 500: "DELETE answered 500", 0: "closed the connection"} {
		calls := &diary{}
		env := start(t, &target{})
		env.Target.Means.Control = plane(t, calls.target(status))
		f := execute(context.Background(), env, func(t *check.T) { t.Plane().DeleteLater("/v1/instances/1") })
		if want := "admin DELETE /v1/instances/1"; !calls.holds(want) {
			t.Errorf("%d: %q, want %q", status, calls.lines, want)
		}
		switch {
		case reason == "" && len(f.Residue) > 0:
			t.Errorf("%d leaves %v", status, f.Residue)
		case reason != "" && (len(f.Residue) != 1 || !strings.Contains(f.Residue[0].Reason, reason) ||
			f.Residue[0].Location != env.Target.Means.Control.BaseURL()+"/v1/instances/1"):
			t.Errorf("%d leaves %v, want %q and the address", status, f.Residue, reason)
		}
	}
}

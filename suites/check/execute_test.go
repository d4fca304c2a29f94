package check_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/onsi/gomega"

	"scimproof/reports/verdict"
	"scimproof/simulator/client"
	"scimproof/suites/check"
)

// target is a server that answers as a test wants, and remembers what it was asked.
type target struct {
	mu     sync.Mutex
	asked  []string
	answer func(w http.ResponseWriter, r *http.Request, body string)
}

func (s *target) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	s.asked = append(s.asked, r.Method+" "+r.URL.Path)
	s.mu.Unlock()
	s.answer(w, r, string(body))
}

func (s *target) saw(request string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.asked {
		if a == request {
			return true
		}
	}
	return false
}

func start(t *testing.T, s *target) *check.Env {
	t.Helper()
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	c, err := client.New(client.Config{BaseURL: srv.URL + "/scim", Token: "t0ken", Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return &check.Env{Client: c, Target: &check.Target{BaseURL: c.BaseURL(), Authenticated: true}, Prefix: "sp1", Wait: 50 * time.Millisecond}
}

func reply(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/scim+json")
	w.WriteHeader(status)
	fmt.Fprint(w, body)
}

func execute(ctx context.Context, env *check.Env, run func(t *check.T), needs ...check.Need) check.Finding {
	return check.Execute(ctx, env, &check.Check{ID: "a.b", Needs: needs, Run: run}, time.Now)
}

func TestWhatComesOfACheck(t *testing.T) {
	get := func(path string) func(*check.T) { return func(t *check.T) { t.Get(path) } }
	for _, c := range []struct {
		name   string
		answer func(w http.ResponseWriter, r *http.Request, body string)
		run    func(t *check.T)
		needs  []check.Need
		state  verdict.Finding
		says   string
	}{
		{name: "nothing wrong", run: get("/Users"), state: verdict.Held,
			answer: func(w http.ResponseWriter, _ *http.Request, _ string) { reply(w, 200, "{}") }},
		{name: "an expectation that is not met", state: verdict.Broken, says: "to equal",
			run:    func(t *check.T) { t.Expect(t.Get("/Users").Status, "the status").To(gomega.Equal(201)) },
			answer: func(w http.ResponseWriter, _ *http.Request, _ string) { reply(w, 200, "{}") }},
		{name: "500 to this request alone", run: get("/Users/1"), state: verdict.Broken, says: "answered 500",
			answer: func(w http.ResponseWriter, r *http.Request, _ string) {
				if r.URL.Path == "/scim/Users" {
					reply(w, 200, "{}")
					return
				}
				reply(w, 500, "")
			}},
		{name: "500 to everything", run: get("/Users/1"), state: verdict.Errored, says: "plain request right after it fails too",
			answer: func(w http.ResponseWriter, _ *http.Request, _ string) { reply(w, 500, "") }},
		{name: "501 of a feature that nobody claims", run: get("/Users"), needs: []check.Need{check.Sort}, state: verdict.NotApplicable, says: "501",
			answer: func(w http.ResponseWriter, _ *http.Request, _ string) { reply(w, 501, "") }},
		{name: "the credentials refused in mid-run", run: get("/Users"), state: verdict.Errored, says: "credentials",
			answer: func(w http.ResponseWriter, _ *http.Request, _ string) { reply(w, 401, "") }},
		{name: "other credentials refused", state: verdict.Held,
			run:    func(t *check.T) { t.Do(client.Request{Method: "GET", Path: "/Users", Auth: client.AuthNone}) },
			answer: func(w http.ResponseWriter, _ *http.Request, _ string) { reply(w, 401, "") }},
		{name: "a rate limit that does not end", run: get("/Users"), state: verdict.Errored, says: "429",
			answer: func(w http.ResponseWriter, _ *http.Request, _ string) { reply(w, 429, "") }},
		{name: "a rate limit that ends", run: get("/Users"), state: verdict.Held, answer: limited()},
		{name: "a precondition that fails", state: verdict.Blocked, says: "POST /Users answered 400",
			run:    func(t *check.T) { t.MustUser() },
			answer: func(w http.ResponseWriter, _ *http.Request, _ string) { reply(w, 400, "{}") }},
		{name: "no applicable question", state: verdict.NotApplicable, says: "no colours here",
			run:    func(t *check.T) { t.NA("no %s here", "colours") },
			answer: func(w http.ResponseWriter, _ *http.Request, _ string) {}},
		{name: "the tester breaks", state: verdict.Errored, says: "scimproof itself broke",
			run:    func(*check.T) { panic("oops") },
			answer: func(w http.ResponseWriter, _ *http.Request, _ string) {}},
		{name: "no answer", run: get("/Users"), state: verdict.Errored, says: "no answer",
			answer: func(w http.ResponseWriter, _ *http.Request, _ string) { panic(http.ErrAbortHandler) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := execute(context.Background(), start(t, &target{answer: c.answer}), c.run, c.needs...)
			text := f.Failure.Reason + f.Failure.Expected + f.Failure.Actual
			if f.State != c.state || !strings.Contains(text, c.says) {
				t.Errorf("%s: %q, want %s and %q", f.State, text, c.state, c.says)
			}
			if (f.Crash != "") != (c.name == "the tester breaks") {
				t.Errorf("crash: %s", f.Crash)
			}
		})
	}
}

// limited refuses the first request.
func limited() func(w http.ResponseWriter, r *http.Request, body string) {
	first := true
	return func(w http.ResponseWriter, _ *http.Request, _ string) {
		if first {
			first = false
			w.Header().Set("Retry-After", "0")
			reply(w, 429, "")
			return
		}
		reply(w, 200, "{}")
	}
}

// memory keeps users by userName, under the ids u1, u2, ...
func memory(broken func(w http.ResponseWriter, r *http.Request) bool) *target {
	next, users := 0, map[string]string{}
	return &target{answer: func(w http.ResponseWriter, r *http.Request, body string) {
		switch {
		case r.Method == "POST":
			next++
			id := fmt.Sprintf("u%d", next)
			_, name, _ := strings.Cut(body, `"userName":"`)
			name, _, _ = strings.Cut(name, `"`)
			users[id] = name
			if broken != nil && broken(w, r) {
				return
			}
			reply(w, 201, fmt.Sprintf(`{"id":%q,"userName":%q}`, id, name))
		case r.Method == "DELETE":
			id := strings.TrimPrefix(r.URL.Path, "/scim/Users/")
			if broken != nil && broken(w, r) {
				return
			}
			if _, ok := users[id]; !ok {
				reply(w, 404, "{}")
				return
			}
			delete(users, id)
			w.WriteHeader(204)
		default:
			var found []string
			for id, name := range users {
				if strings.Contains(r.URL.Query().Get("filter"), name) {
					found = append(found, fmt.Sprintf(`{"id":%q,"userName":%q}`, id, name))
				}
			}
			reply(w, 200, `{"totalResults":1,"Resources":[`+strings.Join(found, ",")+`]}`)
		}
	}}
}

func TestACheckCleansUp(t *testing.T) {
	three := func(t *check.T) {
		t.MustUser()
		second := t.MustUser()
		t.MustUser()
		t.Delete(check.Under(t.Users(), second.ID()))
		t.Hold(false, "more", "less") // also when it fails
	}
	for _, c := range []struct {
		name    string
		broken  func(w http.ResponseWriter, r *http.Request) bool
		run     func(*check.T)
		deleted []string
		left    string
	}{
		{name: "everything, the newest first", run: three, deleted: []string{"u2", "u3", "u1"}},
		{name: "what may have been made", run: func(t *check.T) { t.Post(t.Users(), t.User()) }, deleted: []string{"u1"},
			broken: func(w http.ResponseWriter, r *http.Request) bool {
				if r.Method == "POST" {
					reply(w, 500, "")
				}
				return r.Method == "POST"
			}},
		{name: "what cannot be deleted is told", run: func(t *check.T) { t.MustUser() }, left: "/Users/u1",
			broken: func(w http.ResponseWriter, r *http.Request) bool {
				if r.Method == "DELETE" {
					reply(w, 403, "{}")
				}
				return r.Method == "DELETE"
			}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := memory(c.broken)
			f := execute(context.Background(), start(t, s), c.run)
			var deleted []string
			for _, a := range s.asked {
				if id, ok := strings.CutPrefix(a, "DELETE /scim/Users/"); ok {
					deleted = append(deleted, id)
				}
			}
			if c.left == "" && fmt.Sprint(deleted) != fmt.Sprint(c.deleted) {
				t.Errorf("deleted %v, want %v", deleted, c.deleted)
			}
			if c.left == "" && len(f.Residue) > 0 || c.left != "" && (len(f.Residue) != 1 || f.Residue[0].Location != c.left) {
				t.Errorf("residue %v, want %q", f.Residue, c.left)
			}
		})
	}
}

func TestAnInterruptedCheckIsBlockedAndCleansUp(t *testing.T) {
	s := memory(nil)
	env := start(t, s)
	ctx, cancel := context.WithCancelCause(context.Background())
	f := execute(ctx, env, func(t *check.T) {
		t.MustUser()
		cancel(check.ErrInterrupted)
		t.Get("/Users")
	})
	if f.State != verdict.Blocked || !strings.Contains(f.Failure.Reason, "interrupted") {
		t.Errorf("%s: %s", f.State, f.Failure.Reason)
	}
	if !s.saw("DELETE /scim/Users/u1") || len(f.Residue) != 0 {
		t.Errorf("the user is still there: %v", f.Residue)
	}
}

func TestUserHasWhatTheTargetRequires(t *testing.T) {
	doc := `{"id":"` + check.UserSchema + `","attributes":[
		{"name":"userName","type":"string","required":true},
		{"name":"id","type":"string","required":true,"mutability":"readOnly"},
		{"name":"emails","type":"complex","multiValued":true,"required":true,"subAttributes":[
			{"name":"value","type":"string"},{"name":"type","type":"string","required":true,"canonicalValues":["work","home"]}]},
		{"name":"name","type":"complex","required":true,"subAttributes":[{"name":"familyName","type":"string"}]},
		{"name":"age","type":"integer","required":true},
		{"name":"title","type":"string"}]}`
	env := start(t, &target{answer: func(w http.ResponseWriter, r *http.Request, _ string) {
		if r.URL.Path == "/scim/Schemas" {
			reply(w, 200, `{"Resources":[`+doc+`]}`)
			return
		}
		reply(w, 404, "")
	}})
	var err error
	if env.Target, err = check.Discover(context.Background(), env.Client); err != nil {
		t.Fatal(err)
	}
	execute(context.Background(), env, func(ct *check.T) {
		u := ct.User(check.Doc{"displayName": "d"})
		for _, name := range []string{"emails", "name", "age", "displayName", "schemas"} {
			if u[name] == nil {
				t.Errorf("no %s in %v", name, u)
			}
		}
		for _, name := range []string{"id", "title"} {
			if u[name] != nil {
				t.Errorf("%s in %v", name, u)
			}
		}
		if e, ok := u["emails"].(check.List)[0].(check.Doc); !ok || e["type"] != "work" || e["value"] == nil {
			t.Errorf("emails: %v", u["emails"])
		}
		if ct.User()["userName"] == u["userName"] {
			t.Error("two users have one name")
		}
		if ct.User(check.Doc{"userName": nil})["userName"] != nil {
			t.Error("a nil does not leave an attribute out")
		}
	})
}

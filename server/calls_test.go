package server_test

import (
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"scimproof/server"
	"scimproof/server/calllog"
)

// callsOf opens a call log, and is the change that makes a server record there.
func callsOf(t *testing.T, c calllog.Config) (*calllog.Log, func(*server.Config)) {
	t.Helper()
	c.MaxBytes, c.Clock = 4<<20, time.Now
	if c.Dir == "" {
		c.Dir = t.TempDir()
	}
	l, err := calllog.Open(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l, func(config *server.Config) { config.Calls = l }
}

// lastCall is the record of the call that has just been answered. The answer was small, so that it left after the record.
func lastCall(t *testing.T, l *calllog.Log) calllog.Call {
	t.Helper()
	calls, err := l.Query(t.Context(), calllog.Filter{}, 1)
	if err != nil || len(calls) != 1 {
		t.Fatalf("%d calls, %v", len(calls), err)
	}
	return calls[0]
}

// TestCallsAreRecorded has one record for each call, which says what it was and what became of it.
func TestCallsAreRecorded(t *testing.T) {
	log, keep := callsOf(t, calllog.Config{})
	c := serverOf(t, keep).demo("rfc")
	path := c.user(object{"userName": "first"})
	id := strings.TrimPrefix(path, "/Users/")
	token := lastCall(t, log).Token
	if !strings.HasPrefix(token, "tok") || token == c.token {
		t.Fatalf("token id %q", token)
	}
	group := strings.TrimPrefix(c.group(object{}), "/Groups/")
	anonymous := func(r *http.Request) { r.Header.Del("Authorization") }
	const events = "urn:alibaba:idaas:event:"
	for name, step := range map[string]struct {
		do   func() answer
		want calllog.Call
	}{
		"read": {func() answer { return c.get(path + "?attributes=userName") },
			calllog.Call{Event: events + "user:get", Operation: "read", ResourceType: "User", Target: id, Path: path + "?attributes", Status: 200}},
		"list": {func() answer { return c.get(`/Users?filter=userName+eq+"first"&count=1&secretive=x&` + c.token) },
			calllog.Call{Event: events + "user:list", Operation: "list", ResourceType: "User", Path: "/Users?filter&count", Status: 200}},
		"list with a parameter again": {func() answer { return c.get("/Users?count=1" + strings.Repeat("&count=1&sortBy", 100)) },
			calllog.Call{Event: events + "user:list", Operation: "list", ResourceType: "User", Path: "/Users?count&sortBy", Status: 200}},
		"head": {func() answer { return c.do("HEAD", path, nil) },
			calllog.Call{Event: events + "user:get", Operation: "read", ResourceType: "User", Target: id, Path: path, Status: 200}},
		"replace": {func() answer { return c.put(path, person(object{"userName": "first"})) },
			calllog.Call{Event: events + "user:update", Operation: "replace", ResourceType: "User", Target: id, Path: path, Status: 200}},
		"patch": {func() answer {
			return c.patch("/Groups/"+group, object{"op": "replace", "path": "displayName", "value": "Crew"})
		},
			calllog.Call{Event: events + "group:update", Operation: "patch", ResourceType: "Group", Target: group, Path: "/Groups/" + group, Status: 204}},
		"conflict": {func() answer { return c.post("/Users", person(object{"userName": "first"})) },
			calllog.Call{Event: events + "user:create", Operation: "create", ResourceType: "User", Path: "/Users", Status: 409, ScimType: "uniqueness"}},
		"gone": {func() answer { return c.delete("/Users/nobody") },
			calllog.Call{Event: events + "user:delete", Operation: "delete", ResourceType: "User", Target: "nobody", Path: "/Users/nobody", Status: 404}},
		"discover": {func() answer { return c.do("GET", "/ResourceTypes/User", nil, anonymous) },
			calllog.Call{Operation: "discover", Path: "/ResourceTypes/User", Status: 200, Token: "none"}},
		"anonymous": {func() answer { return c.do("GET", path, nil, anonymous) },
			calllog.Call{Event: events + "user:get", Operation: "read", ResourceType: "User", Target: id, Path: path, Status: 401, Token: "none"}},
		"search": {func() answer {
			return c.post("/.search", object{"schemas": []string{"urn:ietf:params:scim:api:messages:2.0:SearchRequest"}, "count": 0})
		},
			calllog.Call{Operation: "search", Path: "/.search", Status: 200}},
		"bulk":          {func() answer { return c.post("/Bulk", "{") }, calllog.Call{Operation: "bulk", Path: "/Bulk", Status: 400, ScimType: "invalidSyntax"}},
		"nothing there": {func() answer { return c.get("/Robots/1") }, calllog.Call{Path: "/Robots/1", Target: "1", Status: 404}},
		"its own token as a target": {func() answer { return c.get("/Users/" + c.token) },
			calllog.Call{Event: events + "user:get", Operation: "read", ResourceType: "User", Target: "***", Path: "/Users/***", Status: 404}},
		"a token in the address alone": {func() answer { return c.do("GET", "/Users/"+c.token, nil, anonymous) },
			calllog.Call{Event: events + "user:get", Operation: "read", ResourceType: "User", Target: "***", Path: "/Users/***", Status: 401, Token: "none"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := step.do()
			call := lastCall(t, log)
			if detail, _ := got.body["detail"].(string); strings.ReplaceAll(detail, c.token, "***") != withCorrelation(call) {
				t.Errorf("reason %q of %q", call.Reason, detail)
			}
			if id := got.header.Get("X-Correlation-Id"); len(id) != 26 || id != call.Correlation {
				t.Errorf("correlation id %q in the answer, %q in the record", id, call.Correlation)
			}
			if call.BytesOut != int64(len(got.text)) || call.Time.IsZero() {
				t.Errorf("%d bytes out of %d, at %s", call.BytesOut, len(got.text), call.Time)
			}
			want := step.want
			want.Instance, want.Application, want.Method = c.app.Instance, c.app.ID, call.Method
			if want.Token == "" {
				want.Token = token
			} else {
				want.Token = ""
			}
			want.Time, want.Reason, want.BytesIn, want.BytesOut = call.Time, call.Reason, call.BytesIn, call.BytesOut
			want.LatencyMicros, want.Correlation = call.LatencyMicros, call.Correlation
			if !reflect.DeepEqual(call, want) {
				t.Errorf("got  %+v\nwant %+v", call, want)
			}
		})
	}
	body := `{"schemas":["` + userSchema + `"],"userName":"counted"}`
	made := c.post("/Users", body).want(http.StatusCreated)
	if call := lastCall(t, log); call.BytesIn != int64(len(body)) || call.Target != made.id() || call.Method != "POST" {
		t.Errorf("%+v", call)
	}
}

// withCorrelation is the detail of the Error that a client was sent for a call.
func withCorrelation(c calllog.Call) string {
	if c.Reason == "" {
		return ""
	}
	return c.Reason + " (correlation id " + c.Correlation + ")"
}

// TestCallsKeepNoSecret sends tokens and passwords to every place where a client may put them. World's canary looks at the answers.
func TestCallsKeepNoSecret(t *testing.T) {
	dir := t.TempDir()
	log, keep := callsOf(t, calllog.Config{Dir: dir})
	w := serverOf(t, keep)
	var tokens []string
	for _, profile := range []string{"rfc", "idaas"} {
		c := w.demo(profile)
		tokens = append(tokens, c.token)
		path := c.user(object{"userName": "keeper." + profile, "password": canary + "#Long1"})
		c.post("/Users", person(object{"password": canary}))
		c.post("/Users", person(object{"password": []string{canary}}))
		c.post("/Users", `{"password":"`+canary+`",`)
		c.post("/Users", `{"password":"`+canary+`" "`+canary+`"}`)
		c.patch(path, object{"op": "replace", "path": "password", "value": canary})
		c.patch(path, object{"op": "add", "path": "password", "value": object{"x": canary}})
		c.get("/Users?filter=password+eq+%22" + canary + "%22")
		c.get("/Users?" + canary + "=1")
		c.get("/Users/" + c.token)
		c.get("/Users?filter=userName+eq+%22" + c.token + "%22+" + c.token)
		c.do("GET", path, nil, func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+c.token+"x") })
		anonymous := func(r *http.Request) { r.Header.Del("Authorization") }
		c.do("GET", "/"+c.token+"/"+c.token, nil, anonymous)
		c.do(c.token, "/Users", nil, anonymous)
	}
	if lines := secretless(t, log, dir, "calls-", append(tokens, canary)); lines != 2*14 {
		t.Errorf("%d records", lines)
	}
}

// secretless closes a log and looks for secrets in all that it has written. It is how many lines its files of a kind have.
func secretless(t *testing.T, log *calllog.Log, dir, kind string, secrets []string) (lines int) {
	t.Helper()
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(filepath.Base(name), kind) {
			lines += strings.Count(string(data), "\n")
		}
		for line := range strings.Lines(string(data)) {
			for _, secret := range secrets {
				if strings.Contains(line, secret) {
					t.Errorf("a secret in %s", line)
				}
			}
		}
	}
	return lines
}

// TestBulkOperationsKnowNothingOfTheQuery would mask what an operation says for a word in the address of the request, and look for each of
// its words in each operation.
func TestBulkOperationsKnowNothingOfTheQuery(t *testing.T) {
	log, keep := callsOf(t, calllog.Config{})
	c := serverOf(t, keep).demo("rfc")
	c.post("/Bulk?note=required", object{
		"schemas":    []string{"urn:ietf:params:scim:api:messages:2.0:BulkRequest"},
		"Operations": []object{{"method": "POST", "path": "/Users", "bulkId": "1", "data": object{"schemas": []string{userSchema}}}},
	}).want(http.StatusOK)
	if got := lastCall(t, log); got.Part != 1 || got.Reason != "userName is required; send a value." {
		t.Errorf("%+v", got)
	}
}

// TestCallsNeverFail answers as ever while the disk of the call log refuses everything.
func TestCallsNeverFail(t *testing.T) {
	log, keep := callsOf(t, calllog.Config{OpenFile: func(string) (io.WriteCloser, error) { return nil, errors.New("no space left") }})
	c := serverOf(t, keep).demo("rfc")
	path := c.user(object{})
	c.get(path).want(http.StatusOK)
	if calls, err := log.Query(t.Context(), calllog.Filter{}, 1); err != nil || len(calls) != 0 {
		t.Errorf("%v, %v", calls, err)
	}
	if s := log.Stats(); s.Dropped != 2 || s.Failure != "no space left" {
		t.Errorf("%+v", s)
	}
}

// TestCallsOfABlockedDisk answers as ever while the disk hangs and the queue is full.
func TestCallsOfABlockedDisk(t *testing.T) {
	let := make(chan struct{})
	log, keep := callsOf(t, calllog.Config{Queue: 1, OpenFile: func(string) (io.WriteCloser, error) {
		<-let
		return nil, errors.New("gone")
	}})
	t.Cleanup(func() { close(let) })
	c := serverOf(t, keep).demo("rfc")
	path := c.user(object{})
	for range 5 {
		c.get(path).want(http.StatusOK)
	}
	if s := log.Stats(); s.Dropped < 3 || s.Written != 0 {
		t.Errorf("%+v", s)
	}
}

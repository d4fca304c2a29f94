package controlapi_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"scimproof/server/calllog"
	"scimproof/server/control"
	"scimproof/server/controlapi"
)

// newCallWorld is a control API over a log of calls, a minute after another from noon on.
func newCallWorld(t *testing.T, calls ...calllog.Call) *world {
	t.Helper()
	w := newWorld(t)
	var err error
	w.plane.Calls, err = calllog.Open(calllog.Config{Dir: t.TempDir(), MaxBytes: 4 << 20, Clock: w.plane.Clock, Queue: 2000})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.plane.Calls.Close() })
	for i, c := range calls {
		c.Time = w.plane.Clock().Add(time.Duration(i) * time.Minute)
		w.plane.Calls.Record(c)
	}
	server := httptest.NewServer(controlapi.New(w.plane, control.NewAdminToken(adminToken, w.plane.Clock), slog.New(slog.DiscardHandler)))
	t.Cleanup(server.Close)
	w.origin = server.URL
	return w
}

// correlations are the correlation ids of the calls that are answered.
func (w *world) correlations(query string) string {
	w.t.Helper()
	a := w.send("GET", "/v1/calls"+query, "")
	var page struct {
		Items []calllog.Call `json:"items"`
	}
	if err := json.Unmarshal([]byte(a.body), &page, json.RejectUnknownMembers(true)); a.status != http.StatusOK || err != nil || page.Items == nil {
		w.t.Fatalf("%s answers %d %s: %v", query, a.status, a.body, err)
	}
	var out []string
	for _, c := range page.Items {
		out = append(out, c.Correlation)
	}
	return strings.Join(out, " ")
}

func TestCalls(t *testing.T) {
	w := newCallWorld(t,
		calllog.Call{Instance: "i1", Application: "a1", Token: "t1", Operation: "create", ResourceType: "User", Target: "u1", Status: 201, Correlation: "c0"},
		calllog.Call{Instance: "i1", Application: "a1", Token: "t2", Operation: "patch", ResourceType: "Group", Target: "g1", Status: 404, Correlation: "c1"},
		calllog.Call{Instance: "i2", Application: "a2", Operation: "list", ResourceType: "User", Status: 401, Correlation: "c2"},
		calllog.Call{Instance: "i2", Application: "a2", Token: "t3", Operation: "list", ResourceType: "User", Status: 500, Correlation: "c3"},
		calllog.Call{Instance: "i2", Application: "a2", Token: "t3", Operation: "read", ResourceType: "User", Target: "ü&=", Status: 200, Correlation: "c4"},
	)
	for _, c := range []struct{ query, want string }{
		{"", "c4 c3 c2 c1 c0"},
		{"?limit=2", "c4 c3"},
		{"?limit=1000", "c4 c3 c2 c1 c0"},
		{"?application=a1", "c1 c0"},
		{"?instance=i2", "c4 c3 c2"},
		{"?token=t3", "c4 c3"},
		{"?operation=list", "c3 c2"},
		{"?resourceType=Group", "c1"},
		{"?target=u1", "c0"},
		{"?target=%C3%BC%26%3D", "c4"},
		{"?correlation=c2", "c2"},
		{"?status=404", "c1"},
		{"?status=4xx", "c2 c1"},
		{"?status=2xx", "c4 c0"},
		{"?failures=true", "c3 c2 c1"},
		{"?failures=false", "c4 c3 c2 c1 c0"},
		{"?from=2026-03-31T12:03:00Z", "c4 c3"},
		{"?to=2026-03-31T14:01:00%2B02:00", "c0"},
		{"?from=2026-03-31T12:01:00Z&to=2026-03-31T12:03:00Z", "c2 c1"},
		{"?application=a2&failures=true&limit=1", "c3"},
		{"?application=nobody", ""},
	} {
		if got := w.correlations(c.query); got != c.want {
			t.Errorf("%s chooses %q, want %q", c.query, got, c.want)
		}
	}
	if a := w.send("GET", "/v1/calls/stats", ""); a.status != http.StatusOK || a.body != `{"written":5,"dropped":0,"exchangesDropped":0,"exchangesSpared":0,"removed":0,"tailsDropped":0,"failure":""}` {
		t.Errorf("the stats are %d %s", a.status, a.body)
	}
}

// TestCallsLimit asks for a log that is longer than any answer.
func TestCallsLimit(t *testing.T) {
	many := make([]calllog.Call, 1100)
	for i := range many {
		many[i].Correlation = fmt.Sprint(i)
	}
	w := newCallWorld(t, many...)
	for query, want := range map[string]int{"": 100, "?limit=1000": 1000} {
		got := strings.Fields(w.correlations(query))
		if len(got) != want || got[0] != "1099" {
			t.Errorf("%q has %d calls from %v on", query, len(got), got[:1])
		}
	}
}

func TestCallsRefuse(t *testing.T) {
	w := newCallWorld(t)
	for _, c := range []struct{ query, code, field string }{
		{"?status=4XX", "InvalidParameter.Status", "status"},
		{"?status=xx", "InvalidParameter.Status", "status"},
		{"?status=0xx", "InvalidParameter.Status", "status"},
		{"?status=6xx", "InvalidParameter.Status", "status"},
		{"?status=40x", "InvalidParameter.Status", "status"},
		{"?status=99", "InvalidParameter.Status", "status"},
		{"?status=", "InvalidParameter.Status", "status"},
		{"?operation=post", "InvalidParameter.Operation", "operation"},
		{"?failures=yes", "InvalidParameter.Failures", "failures"},
		{"?failures", "InvalidParameter.Failures", "failures"},
		{"?from=yesterday", "InvalidParameter.From", "from"},
		{"?from=2026-03-31", "InvalidParameter.From", "from"},
		{"?to=2026-03-31T12:00:00+02:00", "InvalidParameter.To", "to"},
		{"?from=2026-03-31T12:00:00Z&to=2026-03-31T12:00:00Z", "InvalidParameter.To", "to"},
		{"?limit=0", "InvalidParameter.Limit", "limit"},
		{"?limit=1001", "InvalidParameter.Limit", "limit"},
		{"?limit=all", "InvalidParameter.Limit", "limit"},
		{"?application=", "InvalidParameter.Application", "application"},
		{"?target=a&target=b", "InvalidParameter.Target", "target"},
		{"?applicationId=a1", "InvalidParameter.ApplicationId", "applicationId"},
		{"?target=%zz", "InvalidParameter.Query", "query"},
		{"/stats?application=a1", "InvalidParameter.Application", "application"},
		{"/rate?limit=1", "InvalidParameter.Limit", "limit"},
		{"/rate?minutes=0", "InvalidParameter.Minutes", "minutes"},
		{"/rate?minutes=1441", "InvalidParameter.Minutes", "minutes"},
		{"/rate?status=abc", "InvalidParameter.Status", "status"},
		{"/applications?minutes=1", "InvalidParameter.Minutes", "minutes"},
		{"/export?format=xml", "InvalidParameter.Format", "format"},
		{"/export?limit=1", "InvalidParameter.Limit", "limit"},
		{"/export?from=2026-03-31T12:00:00Z&to=2026-03-31T12:00:00Z", "InvalidParameter.To", "to"},
		{"/tail?format=csv", "InvalidParameter.Format", "format"},
		{"/tail?failures=maybe", "InvalidParameter.Failures", "failures"},
	} {
		t.Run(c.query, func(t *testing.T) {
			wantRefusal(t, w.send("GET", "/v1/calls"+c.query, ""), http.StatusBadRequest, c.code, c.field)
		})
	}
	for _, path := range []string{"/v1/calls", "/v1/calls/stats", "/v1/calls/rate", "/v1/calls/applications", "/v1/calls/export", "/v1/calls/tail", "/v1/calls/c1"} {
		wantRefusal(t, w.send("DELETE", path, ""), http.StatusMethodNotAllowed, "MethodNotAllowed", "")
		wantRefusal(t, w.as("", "GET", path, ""), http.StatusUnauthorized, "Unauthorized", "")
	}
}

func TestCallsNotKept(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/v1/calls", "/v1/calls/stats", "/v1/calls/rate", "/v1/calls/applications", "/v1/calls/export", "/v1/calls/tail", "/v1/calls/c1", "/v1/calls?limit=many"} {
		a := w.send("GET", path, "")
		wantRefusal(t, a, http.StatusNotFound, "CallsNotKept", "")
		if !strings.Contains(a.body, "--calls-dir") {
			t.Errorf("%s does not say how to keep them: %s", path, a.body)
		}
	}
}

package controlapi_test

import (
	"bufio"
	"context"
	"encoding/csv"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"scimproof/server/calllog"
)

// someCalls are a minute after another.
func someCalls() []calllog.Call {
	return []calllog.Call{
		{Instance: "i1", Application: "a1", Token: "t1", Operation: "create", ResourceType: "User", Target: "u1", Status: 201, Correlation: "c0"},
		{Instance: "i1", Application: "a1", Operation: "create", ResourceType: "User", Status: 409, ScimType: "uniqueness", Reason: "=cmd|'/c calc'!A1", Correlation: "c1"},
		{Instance: "i2", Application: "a2", Operation: "list", ResourceType: "User", Status: 401, Reason: "a, \"b\"\nc", Correlation: "c2"},
		{Instance: "i2", Application: "a2", Operation: "list", ResourceType: "User", Status: 200, Correlation: "c3"},
	}
}

func TestCallRate(t *testing.T) {
	w := newCallWorld(t, someCalls()...)
	for query, want := range map[string]string{
		"":                              "12:00 a1 create 2xx 1, 12:01 a1 create 4xx 1, 12:02 a2 list 4xx 1, 12:03 a2 list 2xx 1",
		"?minutes=3":                    "12:00 a1 create 2xx 1, 12:00 a1 create 4xx 1, 12:00 a2 list 4xx 1, 12:03 a2 list 2xx 1",
		"?minutes=60&operation=list":    "12:00 a2 list 2xx 1, 12:00 a2 list 4xx 1",
		"?failures=true&application=a1": "12:01 a1 create 4xx 1",
		"?status=2xx&minutes=1440":      "00:00 a1 create 2xx 1, 00:00 a2 list 2xx 1",
		"?target=u1":                    "12:00 a1 create 2xx 1",
		"?from=2026-03-31T12:01:00Z&to=2026-03-31T12:02:30Z": "12:01 a1 create 4xx 1, 12:02 a2 list 4xx 1",
		"?application=none": "",
	} {
		a := w.send("GET", "/v1/calls/rate"+query, "")
		var page struct {
			Items []struct {
				Time                                time.Time
				Application, Operation, StatusClass string
				Calls                               int64
			} `json:"items"`
		}
		if err := json.Unmarshal([]byte(a.body), &page, json.MatchCaseInsensitiveNames(true)); err != nil || page.Items == nil {
			t.Fatalf("%s: %s: %v", query, a.body, err)
		}
		var got []string
		for _, p := range page.Items {
			got = append(got, fmt.Sprint(p.Time.Format("15:04"), " ", p.Application, " ", p.Operation, " ", p.StatusClass, " ", p.Calls))
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s: %v, want %s", query, got, want)
		}
	}
}

func TestCallSums(t *testing.T) {
	w := newCallWorld(t, someCalls()...)
	for query, want := range map[string]string{
		"": `{"items":[{"instance":"i1","application":"a1","calls":2,"failures":1,"lastMinute":"2026-03-31T12:01:00Z"},` +
			`{"instance":"i2","application":"a2","calls":2,"failures":1,"lastMinute":"2026-03-31T12:03:00Z"}]}`,
		"?status=4xx&application=a2": `{"items":[{"instance":"i2","application":"a2","calls":1,"failures":1,"lastMinute":"2026-03-31T12:02:00Z"}]}`,
		"?application=none":          `{"items":[]}`,
	} {
		if a := w.send("GET", "/v1/calls/applications"+query, ""); a.status != http.StatusOK || a.body != want {
			t.Errorf("%s: %d %s, want %s", query, a.status, a.body, want)
		}
	}
}

// TestCallWithItsExchange shows a failure as mon-2 wants it, and the operations of a request to /Bulk in their order.
func TestCallWithItsExchange(t *testing.T) {
	w := newCallWorld(t, someCalls()...)
	at := w.plane.Clock()
	w.plane.Calls.Record(calllog.Call{Time: at, Correlation: "bulk", Operation: "bulk", Status: 200})
	w.plane.Calls.RecordFailure(calllog.Call{Time: at, Correlation: "bulk", Part: 2, Status: 400, Reason: "No."}, calllog.Exchange{
		Request: calllog.Message{Headers: []calllog.Header{{Name: "Accept", Value: "*/*"}}, Body: `{"password":"***"}`, Bytes: 99, Kept: calllog.Whole},
		Answer:  calllog.Message{Headers: []calllog.Header{}, Kept: calllog.Nothing},
	})
	w.plane.Calls.Record(calllog.Call{Time: at, Correlation: "bulk", Part: 1, Status: 201})
	a := w.send("GET", "/v1/calls/bulk", "")
	var page struct {
		Items []struct {
			Call     calllog.Call      `json:"call"`
			Exchange *calllog.Exchange `json:"exchange"`
		} `json:"items"`
	}
	if err := json.Unmarshal([]byte(a.body), &page, json.RejectUnknownMembers(true)); a.status != http.StatusOK || err != nil || len(page.Items) != 3 {
		t.Fatalf("%d %s: %v", a.status, a.body, err)
	}
	for i, item := range page.Items {
		if item.Call.Part != i || (item.Exchange != nil) != (i == 2) {
			t.Errorf("item %d is part %d with %v", i, item.Call.Part, item.Exchange)
		}
	}
	if x := page.Items[2].Exchange; x == nil || x.Request.Body != `{"password":"***"}` || x.Request.Bytes != 99 || x.Request.Headers[0].Value != "*/*" {
		t.Errorf("the exchange is %+v", x)
	}
	if a := w.send("GET", "/v1/calls/c0", ""); strings.Contains(a.body, "exchange") || !strings.Contains(a.body, `"correlation":"c0"`) {
		t.Errorf("a success is %s", a.body)
	}
	for _, id := range []string{"nobody", strings.Repeat("x", 65), "%0A"} {
		if a := w.send("GET", "/v1/calls/"+id, ""); a.status != http.StatusNotFound {
			t.Errorf("%s is answered with %d %s", id, a.status, a.body)
		}
	}
}

func TestCallExport(t *testing.T) {
	w := newCallWorld(t, someCalls()...)
	a := w.send("GET", "/v1/calls/export?application=a1", "")
	if got := a.header.Get("Content-Disposition"); got != `attachment; filename="calls.csv"` || !strings.HasPrefix(a.header.Get("Content-Type"), "text/csv") {
		t.Errorf("the file is %q, %q", got, a.header.Get("Content-Type"))
	}
	rows, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
	if err != nil || len(rows) != 3 {
		t.Fatalf("%v: %s", err, a.body)
	}
	cell := func(row int, column string) string {
		for i, name := range rows[0] {
			if name == column {
				return rows[row][i]
			}
		}
		return "no such column"
	}
	if cell(1, "time") != "2026-03-31T12:00:00Z" || cell(1, "status") != "201" || cell(1, "target") != "u1" || cell(2, "correlation") != "c1" || cell(2, "part") != "0" {
		t.Errorf("the rows are %v", rows)
	}
	if cell(2, "reason") != "'=cmd|'/c calc'!A1" {
		t.Errorf("a spreadsheet would carry out %s", cell(2, "reason"))
	}
	if rows, err := csv.NewReader(strings.NewReader(w.send("GET", "/v1/calls/export?format=csv&correlation=c2", "").body)).ReadAll(); err != nil || len(rows) != 2 || rows[1][12] != "a, \"b\"\nc" {
		t.Errorf("%v, %v", rows, err)
	}

	var got []string
	for line := range strings.Lines(w.send("GET", "/v1/calls/export?format=jsonl&failures=true", "").body) {
		var c calllog.Call
		if err := json.Unmarshal([]byte(line), &c, json.RejectUnknownMembers(true)); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		got = append(got, c.Correlation)
	}
	if strings.Join(got, " ") != "c1 c2" {
		t.Errorf("the lines have %v", got)
	}
}

// TestCallExportIsNotLimited has more calls than any list.
func TestCallExportIsNotLimited(t *testing.T) {
	w := newCallWorld(t, make([]calllog.Call, 1900)...)
	if n := strings.Count(w.send("GET", "/v1/calls/export?format=jsonl", "").body, "\n"); n != 1900 {
		t.Errorf("%d lines", n)
	}
}

// listen begins to follow calls, and returns the lines that come.
func (w *world) listen(ctx context.Context, query string) (*http.Response, *bufio.Scanner) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(ctx, "GET", w.origin+"/v1/calls/tail"+query, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+adminToken)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { res.Body.Close() })
	return res, bufio.NewScanner(res.Body)
}

// event reads lines until one begins with data, and returns the name of the event and the data.
func event(t *testing.T, lines *bufio.Scanner) (name, data string) {
	t.Helper()
	for lines.Scan() {
		if text, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
			name = text
		}
		if text, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			return name, text
		}
	}
	t.Fatalf("the events end: %v", lines.Err())
	return "", ""
}

func TestCallTail(t *testing.T) {
	w := newCallWorld(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	res, lines := w.listen(ctx, "?application=a1&failures=true")
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "text/event-stream" || res.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %v", res.StatusCode, res.Header)
	}
	for _, c := range someCalls() {
		w.plane.Calls.Record(c)
	}
	name, data := event(t, lines)
	var c calllog.Call
	if err := json.Unmarshal([]byte(data), &c, json.RejectUnknownMembers(true)); err != nil || name != "call" || c.Correlation != "c1" || c.Reason != "=cmd|'/c calc'!A1" {
		t.Errorf("event %s with %s: %v", name, data, err)
	}
	w.plane.Calls.EndTails()
	if name, data := event(t, lines); name != "end" || data != "closing" {
		t.Errorf("the last event is %s with %s", name, data)
	}
	if lines.Scan(); lines.Scan() {
		t.Errorf("after the end comes %q", lines.Text())
	}
	wantRefusal(t, w.send("GET", "/v1/calls/tail", ""), http.StatusServiceUnavailable, "TooManyTails", "")
}

// TestCallTailGoesOn sends a call whose address is no UTF-8, as anybody can make one, and the call after it.
func TestCallTailGoesOn(t *testing.T) {
	w := newCallWorld(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	_, lines := w.listen(ctx, "")
	for _, path := range []string{"/Users/a\xff", "/Users/b"} {
		w.plane.Calls.Record(calllog.Call{Path: path})
	}
	for _, want := range []string{"/Users/a\uFFFD", "/Users/b"} {
		name, data := event(t, lines)
		var c calllog.Call
		if err := json.Unmarshal([]byte(data), &c); err != nil || name != "call" || c.Path != want {
			t.Errorf("event %s with %s: %v, want %s", name, data, err, want)
		}
	}
}

// TestCallTailWithoutABody asks for heads alone, more often than there can be tails.
func TestCallTailWithoutABody(t *testing.T) {
	w := newCallWorld(t)
	defer w.plane.Calls.EndTails() // which the listener would wait for
	for range 40 {
		if a := w.send("HEAD", "/v1/calls/tail", ""); a.status != http.StatusOK {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if res, _ := w.listen(ctx, ""); res.StatusCode != http.StatusOK {
		t.Errorf("then the tail is answered %d", res.StatusCode)
	}
}

// TestSlowCallTail reads nothing while many calls come: it is left behind, and the calls are recorded all the same.
func TestSlowCallTail(t *testing.T) {
	w := newCallWorld(t)
	conn, err := net.Dial("tcp", strings.TrimPrefix(w.origin, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET /v1/calls/tail HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n", adminToken)
	if _, err := conn.Read(make([]byte, 16)); err != nil { // it has begun
		t.Fatal(err)
	}
	begin, recorded := time.Now(), int64(0)
	for w.plane.Calls.Stats().TailsDropped == 0 {
		for range 500 {
			w.plane.Calls.Record(calllog.Call{Reason: strings.Repeat("x", 500)})
			recorded++
		}
		if w.correlations("?limit=1"); time.Since(begin) > time.Minute {
			t.Fatal("nobody was left behind")
		}
	}
	if s := w.plane.Calls.Stats(); s.Written != recorded || s.Dropped != 0 {
		t.Errorf("%+v, and %d were recorded", s, recorded)
	}
}

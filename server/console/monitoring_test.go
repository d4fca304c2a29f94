package console_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"scimproof/server/calllog"
)

// watched gives a world a log with an hour of calls, of which every seventh failed, and with one request to /Bulk.
func (w *world) watched(open ...calllog.Opener) *world {
	w.t.Helper()
	config := calllog.Config{Dir: w.t.TempDir(), MaxBytes: 4 << 20, Clock: func() time.Time { return w.now }}
	if len(open) > 0 {
		config.OpenFile = open[0]
	}
	var err error
	w.plane.Calls, err = calllog.Open(config)
	w.must(err)
	w.t.Cleanup(func() { w.plane.Calls.Close() })
	w.plane.Calls.Record(calllog.Call{Time: w.now.Add(-3 * time.Hour), Operation: "read", Status: 404, Reason: "Nobody has this base URL.", Target: w.end, Correlation: "stray"})
	bulk := calllog.Call{Time: w.now.Add(-2 * time.Hour), Application: w.app.ID, Operation: "bulk", Status: 200, Correlation: "bulk"}
	w.plane.Calls.Record(bulk)
	for i := range 120 {
		part := bulk
		part.Part, part.Operation, part.Status = i+1, "create", 201
		w.plane.Calls.Record(part)
	}
	for n := range 300 {
		i := 299 - n // the oldest first
		c := calllog.Call{
			Time: w.now.Add(-time.Duration(i*i/26) * time.Second), Instance: w.root.Instance, Application: []string{w.app.ID, w.foreign.ID}[i%5/4], Token: w.token.ID,
			Event: "urn:alibaba:idaas:event:user:get", Operation: []string{"read", "list", "create", "patch", "read", "delete"}[i%6], ResourceType: "User",
			Method: "GET", Path: "/Users", Status: 200, LatencyMicros: 900, BytesOut: 400, Correlation: fmt.Sprint("id", i), Target: fmt.Sprint("user_", i%9),
		}
		if i%7 != 3 {
			w.plane.Calls.Record(c)
			continue
		}
		c.Status, c.ScimType, c.Reason = []int{409, 500}[i%2], "uniqueness", "Another resource has this userName; send a different one."+w.end
		w.plane.Calls.RecordFailure(c, calllog.Exchange{
			Request: calllog.Message{Headers: []calllog.Header{{Name: "User-Agent", Value: "Okta SCIM Client 1.0.0" + w.end}}, Body: `{"userName":"jo","password":"***"}`, Bytes: 40, Kept: calllog.Whole},
			Answer:  calllog.Message{Body: `{"detail":"no` + strings.ReplaceAll(w.end, `"`, `\"`) + `"}`, Bytes: 20, Kept: calllog.Begins},
		})
	}
	return w
}

// monitoringPages are the pages of monitoring, in some of their states.
var monitoringPages = []string{
	"/console/monitoring", "/console/monitoring?list=all&span=6h", "/console/monitoring?status=nonsense", "/console/monitoring?target=user_3&operation=read&span=30d",
	"/console/monitoring?from=2026-03-31T09:00&to=2026-03-31T10:00", "/console/applications/{app}/monitoring", "/console/monitoring/calls/id3",
	"/console/monitoring/calls/bulk", "/console/monitoring/calls/none", "/console/monitoring/tail", "/console/monitoring/tail?every=5&application={app}",
	"/console/monitoring/tail?status=x", "/console/monitoring/export?format=xml",
}

// TestMonitoringCounts shows how often who called what (rule mon-1).
func TestMonitoringCounts(t *testing.T) {
	p := newWorld(t).watched().signedIn()
	sum := regexp.MustCompile(`<dt>(Calls|Failures)</dt><dd class="sum[^"]*">(\d+)</dd>`)
	for _, c := range []struct{ query, calls, failures string }{
		{"", "300", "43"},
		{"?operation=create", "50", "7"},
		{"?status=5xx", "22", "22"},
		{"?status=409", "21", "21"},
		{"?application={app}", "240", "35"},
		{"?application={foreign}&status=2xx", "52", "0"},
		{"?target=user_3", "33", "5"},
		{"?span=1d", "422", "44"},
		{"?from=2026-03-31T08:59&to=2026-03-31T10:01", "122", "1"},
		{"?operation=replace", "0", "0"},
	} {
		found := sum.FindAllStringSubmatch(p.get("/console/monitoring"+c.query).body, -1)
		if len(found) != 2 || found[0][2] != c.calls || found[1][2] != c.failures {
			t.Errorf("%s shows %q, want %s calls and %s failures", c.query, found, c.calls, c.failures)
		}
	}
	one := p.get("/console/applications/{app}/monitoring").body
	if found := sum.FindAllStringSubmatch(one, -1); len(found) != 2 || found[0][2] != "240" || strings.Contains(one, `name="application"`) {
		t.Errorf("one application has %q", found)
	}
	all := p.get("/console/monitoring").body
	if !strings.Contains(all, "The last 25; an export has all.") {
		t.Error("the page does not say that there are more failures")
	}
	for _, want := range []string{`<rect class="part-2xx"`, `<rect class="part-5xx"`, `<rect class="part-delete"`, `id="chart-operation"`, `<td data-label="Calls">240</td>`, `>Other</a>`} {
		if !strings.Contains(all, want) {
			t.Errorf("the page has no %s", want)
		}
	}
	if n := strings.Count(all, `class="code code-`); n != 25 {
		t.Errorf("%d failures are listed", n)
	}
}

// TestMonitoringChart has every call in a bar, and no bar outside of the drawing.
func TestMonitoringChart(t *testing.T) {
	p := newWorld(t).watched().signedIn()
	title := regexp.MustCompile(`<rect class="part-(\w+)" x="(\d+)" y="([\d.]+)" width="8" height="([\d.]+)"><title>[^:]+:\d+: (\d+) of (\w+)</title>`)
	for _, span := range []string{"1h", "6h", "1d", "7d", "30d"} {
		body := p.get("/console/monitoring?span=" + span).body
		drawing := regexp.MustCompile(`viewBox="0 0 (\d+) 100"`).FindStringSubmatch(body)
		sums := map[string]int{}
		for _, m := range title.FindAllStringSubmatch(body, -1) {
			var x, width, calls int
			var y, height float64
			fmt.Sscan(m[2], &x)
			fmt.Sscan(m[3], &y)
			fmt.Sscan(m[4], &height)
			fmt.Sscan(m[5], &calls)
			fmt.Sscan(drawing[1], &width)
			if m[1] != m[6] || x+8 > width || y < 0 || y+height > 100.02 || height <= 0 {
				t.Errorf("%s: %s lies outside of %d", span, m[0], width)
			}
			sums[m[1]] += calls
		}
		want := 300
		if span != "1h" {
			want = 422
		}
		if got := sums["2xx"] + sums["4xx"] + sums["5xx"]; got != want {
			t.Errorf("%s: %d calls by status: %v", span, got, sums)
		}
		if got := sums["read"] + sums["list"] + sums["create"] + sums["patch"] + sums["delete"] + sums["bulk"]; got != want {
			t.Errorf("%s: %d calls by operation: %v", span, got, sums)
		}
	}
}

// TestMonitoringFailure shows a failure with reason, target, time and exchange (rule mon-2).
func TestMonitoringFailure(t *testing.T) {
	p := newWorld(t).watched().signedIn()
	link := regexp.MustCompile(`<a href="(/console/monitoring/calls/[^"]+)">2026-03-31 12:00:00</a>`).FindStringSubmatch(p.get("/console/monitoring").body)
	if link == nil {
		t.Fatal("no failure leads to its page")
	}
	body := p.get(link[1]).body
	for _, want := range []string{"Another resource has this userName", "user_3", "2026-03-31 12:00:00", "&#34;password&#34;: &#34;***&#34;", "Okta SCIM Client", "Request, 40 bytes", "Answer, 20 bytes",
		"Only the beginning is kept.", "uniqueness", "900µs"} {
		if !strings.Contains(body, want) {
			t.Errorf("there is no %q in %s", want, link[1])
		}
	}
	if bulk := p.get("/console/monitoring/calls/bulk").body; strings.Count(bulk, `id="part-`) != 100 || !strings.Contains(bulk, "21 more operations") || !strings.Contains(bulk, "Operation 99 of the request") {
		t.Error("the request to /Bulk does not show its operations")
	}
	if a := p.get("/console/monitoring/calls/none"); a.status != http.StatusNotFound {
		t.Errorf("what is not there is answered with %d", a.status)
	}
}

func TestMonitoringRefuses(t *testing.T) {
	p := newWorld(t).watched().signedIn()
	for _, c := range []struct{ name, value string }{
		{"status", "nonsense"}, {"status", "99"}, {"status", hostile}, {"from", "yesterday"}, {"from", "9999-01-01T00:00"}, {"to", "2026-03-31"},
		{"to", "1999-01-01T00:00"}, {"to", hostile},
	} {
		a := p.get("/console/monitoring?" + url.Values{c.name: {c.value}}.Encode())
		if a.status != http.StatusBadRequest || !strings.Contains(a.body, `id="monitoring-`+c.name+`-wrong"`) || !strings.Contains(a.body, `value="`+html.EscapeString(c.value)+`"`) {
			t.Errorf("%s=%s: %d, or nothing stands beside the field, or it is lost", c.name, c.value, a.status)
		}
		if a := p.get("/console/monitoring/export?format=csv&" + url.Values{c.name: {c.value}}.Encode()); a.status != http.StatusBadRequest || a.header.Get("Content-Disposition") != "" {
			t.Errorf("the export with %s=%s: %d", c.name, c.value, a.status)
		}
	}
	if a := p.get("/console/monitoring?from=2026-03-31T11:00&to=2026-03-31T11:00"); a.status != http.StatusBadRequest || !strings.Contains(a.body, `id="monitoring-to-wrong"`) {
		t.Errorf("no time at all: %d", a.status)
	}
	if a := p.get("/console/monitoring?operation=nothing"); a.status != http.StatusBadRequest || !strings.Contains(a.body, `id="monitoring-operation-wrong"`) {
		t.Errorf("no operation: %d", a.status)
	}
	if a := p.get("/console/applications/app_none/monitoring"); a.status != http.StatusNotFound {
		t.Errorf("no application: %d", a.status)
	}
}

// TestMonitoringIsClosed lets nobody in who is not signed in.
func TestMonitoringIsClosed(t *testing.T) {
	w := newWorld(t).watched()
	for _, path := range append(monitoringPages, "/console/monitoring/events", "/console/monitoring/export?format=csv", "/console/monitoring/monitoring.js") {
		if a := w.newPerson().get(path); a.path != "/console/sign-in" {
			t.Errorf("%s is open", path)
		}
	}
}

// TestMonitoringWithoutALog says how to keep one.
func TestMonitoringWithoutALog(t *testing.T) {
	p := newWorld(t).signedIn()
	for _, path := range []string{"/console/monitoring", "/console/applications/{app}/monitoring", "/console/monitoring/calls/x", "/console/monitoring/tail", "/console/monitoring/events",
		"/console/monitoring/export?format=csv"} {
		if a := p.get(path); a.status != http.StatusNotFound || !strings.Contains(a.body, "--calls-dir") {
			t.Errorf("%s: %d", path, a.status)
		}
	}
}

// TestMonitoringPagesAreSafe looks for what a caller has sent as markup, and for scripts and styles within pages.
func TestMonitoringPagesAreSafe(t *testing.T) {
	p := newWorld(t).watched().signedIn()
	for _, path := range monitoringPages {
		a := p.get(path)
		if strings.Contains(a.body, "<script>") || strings.Contains(a.body, " style=") || strings.Contains(a.body, "javascript:") || a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s has markup of its own, or may be kept", path)
		}
	}
	if n := strings.Count(p.get("/console/monitoring/calls/id3").body, "&lt;script&gt;"); n < 4 {
		t.Errorf("the page of a call has the hostile texts %d times", n)
	}
}

func TestMonitoringExport(t *testing.T) {
	p := newWorld(t).watched().signedIn()
	link := regexp.MustCompile(`href="(/console/monitoring/export[^"]+)"`).FindAllStringSubmatch(p.get("/console/monitoring?status=409&span=6h").body, -1)
	if len(link) != 2 {
		t.Fatalf("the links are %q", link)
	}
	for i, kind := range []string{"text/csv", "application/jsonl"} {
		a := p.get(html.UnescapeString(link[i][1]))
		if n := strings.Count(a.body, "uniqueness"); a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("Content-Type"), kind) || n != 21 {
			t.Errorf("%s: %d, %s, with %d calls", link[i][1], a.status, a.header.Get("Content-Type"), n)
		}
	}
}

// TestMonitoringTail has the last calls without a script, and with one those that happen.
func TestMonitoringTail(t *testing.T) {
	w := newWorld(t).watched()
	p := w.signedIn()
	if a := p.get("/console/monitoring/tail"); strings.Count(a.body, `class="code code-`) != 50 || a.header.Get("Refresh") != "" {
		t.Errorf("the page has %d calls, and comes again after %q", strings.Count(a.body, `class="code code-`), a.header.Get("Refresh"))
	}
	if a := p.get("/console/monitoring/tail?every=5&status=409"); strings.Count(a.body, `class="code code-`) != 21 || a.header.Get("Refresh") != "5" {
		t.Errorf("the page that comes again does so after %q", a.header.Get("Refresh"))
	}
	res, err := p.client.Get(w.origin + "/console/monitoring/events?status=418")
	w.must(err)
	defer res.Body.Close()
	if res.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("%d %v", res.StatusCode, res.Header)
	}
	w.plane.Calls.Record(calllog.Call{Time: w.now, Status: 200, Target: "unasked"})
	w.plane.Calls.Record(calllog.Call{Time: w.now, Status: 418, Target: "teapot"})
	w.plane.Calls.EndTails()
	for lines := bufio.NewScanner(res.Body); lines.Scan(); {
		if data, ok := strings.CutPrefix(lines.Text(), "data: {"); ok {
			if !strings.Contains(data, "teapot") {
				t.Errorf("first comes %s", data)
			}
			return
		}
	}
}

// TestMonitoringTailEndsWithItsSession follows calls while the person signs out, and while another one stays.
func TestMonitoringTailEndsWithItsSession(t *testing.T) {
	w := newWorld(t).watched()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	follow := func(p *person) io.ReadCloser {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, w.origin+"/console/monitoring/events", nil)
		w.must(err)
		res, err := p.client.Do(r)
		w.must(err)
		t.Cleanup(func() { res.Body.Close() })
		return res.Body
	}
	leaves, stays := w.signedIn(), w.signedIn()
	ends, goesOn := follow(leaves), follow(stays)
	leaves.fillIn("/console/sign-out", "")
	if _, err := io.Copy(io.Discard, ends); err != nil {
		t.Errorf("who has signed out follows on: %v", err)
	}
	w.plane.Calls.Record(calllog.Call{Time: w.now, Status: 418, Target: "teapot"})
	w.plane.Calls.EndTails()
	if text, err := io.ReadAll(goesOn); err != nil || !strings.Contains(string(text), "teapot") {
		t.Errorf("who stays got %q, %v", text, err)
	}
}

// TestMonitoringShowsWhatIsMissing tells of a disk that failed.
func TestMonitoringShowsWhatIsMissing(t *testing.T) {
	w := newWorld(t).watched(func(string) (io.WriteCloser, error) { return nil, errors.New("no space left <here>") })
	body := w.signedIn().get("/console/monitoring").body
	for _, want := range []string{"no space left &lt;here&gt;", "<dt>Dropped</dt><dd>422</dd>", "<dt>Exchanges dropped</dt><dd>43</dd>", "2026-03-31 12:00 UTC", "Nobody called in this time."} {
		if !strings.Contains(body, want) {
			t.Errorf("the page has no %q", want)
		}
	}
}

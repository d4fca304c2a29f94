package html

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"scimproof/reports/evidence"
	"scimproof/reports/result"
	"scimproof/reports/result/resulttest"
)

func TestLongBodiesAreCut(t *testing.T) {
	run := few()
	long := `{"a":"` + strings.Repeat("日", maxBody) + `"}`
	run.Checks[0].Exchanges[0].ResponseBody = long
	run.Checks[2].Exchanges[0].ResponseBody = long
	doc := write(t, run)
	if len(doc) > 3*maxBody {
		t.Errorf("the page has %d bytes", len(doc))
	}
	text := textOf(parse(t, doc))
	if n := strings.Count(text, "more bytes of the response are in results.json"); n != 2 || strings.ContainsRune(text, utf8.RuneError) {
		t.Errorf("the cut is told %d times, or goes through a character", n)
	}
}

func TestALongBodyStandsOnce(t *testing.T) {
	run := few()
	long := `{"a":"` + strings.Repeat("a", longBody) + `"}`
	run.Checks[0].Exchanges[0].ResponseBody = long
	run.Checks[2].Exchanges[0].ResponseBody = long
	root := parse(t, write(t, run))
	if n := strings.Count(textOf(root), long); n != 1 {
		t.Fatalf("it stands there %d times", n)
	}
	var places []string
	for _, n := range elements(root, "") {
		if attr(n, "class") == "same" {
			places = append(places, strings.TrimPrefix(attr(n, "href"), "#"))
		}
		if id := attr(n, "id"); len(id) > 0 && strings.HasPrefix(id, "body") && textOf(n) != long {
			t.Errorf("%s has %.80q", id, textOf(n))
		}
	}
	if len(places) != 1 || places[0] != "body" {
		t.Errorf("the second one leads to %q", places)
	}
}

// What an exchange takes in the page is what went over the wire and little more: there are thousands.
func TestSizeOfAnExchange(t *testing.T) {
	const exchanges, markup = 500, 220
	run := few()
	before := len(write(t, run))
	sent := 0
	for i := range exchanges {
		user := fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"user-%d","emails":[{"value":"<%d@example.com>"}]}`, i, i)
		e := result.Exchange{Method: "POST", URL: run.Target.BaseURL + "/Users", RequestBody: user, Status: 201, Proto: "HTTP/1.1", ResponseBody: user,
			RequestHeaders:  []result.Header{{Name: "Host", Value: "scim.example.com"}, {Name: "Authorization", Value: "Bearer " + evidence.Redacted}},
			ResponseHeaders: []result.Header{{Name: "ETag", Value: `W/"1"`}}, Started: run.Started.Add(time.Minute), DurationMs: 12}
		run.Checks[0].Exchanges = append(run.Checks[0].Exchanges, e)
		sent += len(evidence.Request(e)) + len(evidence.Response(e))
	}
	if run.Checks[0].Outcome == result.Fail {
		t.Fatal("where a check failed there are commands too")
	}
	if more := (len(write(t, run)) - before - sent) / exchanges; more > markup {
		t.Errorf("an exchange has %d bytes of markup, and may have %d", more, markup)
	}
}

// The script writes a command from what the page shows. Where that is not enough, or where a check failed, the page has it.
func TestCommandsInThePage(t *testing.T) {
	base := resulttest.Run().Target.BaseURL
	plain := result.Exchange{Method: "GET", URL: base + "/Users?filter=a%20eq%20%22b%22", RequestHeaders: []result.Header{{Name: "Accept", Value: "*/*"}}}
	for _, c := range []struct {
		name   string
		change func(*result.Exchange)
		has    bool
	}{
		{"plain", func(*result.Exchange) {}, false},
		{"a body", func(e *result.Exchange) { e.RequestBody = "{\n\"a\": \"日\"}" }, false},
		{"another origin", func(e *result.Exchange) { e.URL = "https://other.example.com/Users" }, true},
		{"an origin that goes on", func(e *result.Exchange) { e.URL = "https://scim.example.com.evil.example/Users" }, true},
		{"no path", func(e *result.Exchange) { e.URL = "https://scim.example.com" }, true},
		{"what does not show", func(e *result.Exchange) { e.RequestBody = "\u202e" }, true},
		{"a tab", func(e *result.Exchange) { e.RequestBody = "\t" }, true},
		{"no UTF-8", func(e *result.Exchange) { e.RequestBody = "\xff" }, true},
		{"a method of two words", func(e *result.Exchange) { e.Method = "GET ME" }, true},
		{"a URL of two lines", func(e *result.Exchange) { e.URL += "\n" }, true},
		{"a header of two lines", func(e *result.Exchange) { e.RequestHeaders[0].Value = "a\n\nb" }, true},
		{"a name with a colon", func(e *result.Exchange) { e.RequestHeaders[0].Name = "a:b" }, true},
		{"a long body", func(e *result.Exchange) { e.RequestBody = strings.Repeat("a", maxBody+1) }, true},
	} {
		e := plain
		e.RequestHeaders = []result.Header{plain.RequestHeaders[0]}
		c.change(&e)
		for _, outcome := range []result.Outcome{result.Pass, result.Fail} {
			got := newViewer(resulttest.Run(), anchors{}).exchange(e, outcome).Command
			if want := evidence.Curl(e); (c.has || outcome == result.Fail) && got != want || !c.has && outcome == result.Pass && got != "" {
				t.Errorf("%s, %s: %q", c.name, outcome, got)
			}
		}
	}
}

// Exchanges with the control API look like those with the target; the page says which they are.
func TestCredentialsAreTold(t *testing.T) {
	run := few()
	run.Checks[0].Exchanges[0].Credential = result.OfControl
	run.Checks[2].Exchanges[0].Credential = result.OfOther
	told := map[string]string{}
	for _, n := range elements(parse(t, write(t, run)), "article") {
		if v := attr(n, "data-variable"); v != "" {
			told[v], _, _ = strings.Cut(textOf(n), " · ")
		}
	}
	if want := map[string]string{"SCIMPROOF_ADMIN_TOKEN": "control API", "OTHER_TOKEN": "another token"}; !maps.Equal(told, want) {
		t.Errorf("%q, want %q", told, want)
	}
}

func TestPath(t *testing.T) {
	const base, other = "https://scim.example.com/v2", "https://scim.example.com/v2/a/scim"
	for _, c := range []struct {
		url   string
		bases []string
		want  string
	}{
		{base + "/Users?count=1", []string{base}, "/Users?count=1"},
		{base + "/Users", []string{base + "/"}, "/Users"},
		{base + "2/Users", []string{base}, "/v22/Users"},
		{base, []string{base}, "/v2"},
		{other + "/Users", []string{base, other}, "/Users"},
		{"https://other.example.com/Users", []string{base}, "/Users"},
		{"https://other.example.com/Users", []string{""}, "/Users"},
		{"%zz", []string{""}, "%zz"},
	} {
		v := viewer{bases: c.bases}
		if got := v.path(c.url); got != c.want {
			t.Errorf("%s below %s: %q, want %q", c.url, c.bases, got, c.want)
		}
	}
}

func TestSplit(t *testing.T) {
	for _, c := range []struct{ start, key, before, middle, after string }{
		{"GET /v2/Users HTTP/1.1", "/Users", "GET /v2", "/Users", " HTTP/1.1"},
		{"HTTP/2.0 200 OK", "200 OK", "HTTP/2.0 ", "200 OK", ""},
		{"no answer: refused", "no answer", "", "no answer", ": refused"},
		{"GET / HTTP/1.1", "", "GET / HTTP/1.1", "", ""},
		{"GET / HTTP/1.1", "elsewhere", "GET / HTTP/1.1", "", ""},
	} {
		m := message{Key: c.key}
		m.split(c.start)
		if m.Before != c.before || m.Key != c.middle || m.After != c.after {
			t.Errorf("%q at %q: %q %q %q", c.start, c.key, m.Before, m.Key, m.After)
		}
	}
}

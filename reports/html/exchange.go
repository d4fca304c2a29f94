package html

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"scimproof/reports/evidence"
	"scimproof/reports/result"
)

// exchange is a request and its answer as the page shows them: as text, which the script of the page lays out when somebody looks.
type exchange struct {
	Method    string
	With      string // whose credential it brought, where that is not the one of the run
	Variable  string // that has this credential; empty for that of the run
	Answer    string // "201 Created", or that there is none
	Took      string
	Offset    string // since the start of the run
	Request   message
	Response  message
	Command   string // for curl; empty where the script can write it
	Truncated bool
}

// message is what was sent one way. Its first line is in three parts, of which the middle one tells most.
type message struct {
	Before, Key, After string
	Headers            []result.Header
	Body               body
}

// body is a body as it was sent. A long one stands in the page once, however often it was sent.
type body struct {
	Text   string
	Anchor string // of a long body
	Same   string // the anchor of the place that has this text already
	Size   int
	Cut    int // bytes that are not shown
}

const (
	maxBody  = 64 << 10 // how much of one body the page holds; results.json has what was recorded
	longBody = 2 << 10  // shorter ones are better read in place
)

// viewer makes the exchanges of a page.
type viewer struct {
	origin string   // of the target: scheme and host
	bases  []string // below which there are SCIM endpoints
	start  time.Time
	names  anchors
	bodies map[string]string // the anchors of the long bodies that the page has
}

// credentials are what people read of an exchange that did not bring the token of the run.
var credentials = map[result.Credential]string{result.OfControl: "control API", result.OfOther: "another token"}

func newViewer(run result.Run, names anchors) *viewer {
	v := &viewer{bases: []string{run.Target.BaseURL}, start: run.Started, names: names, bodies: map[string]string{}}
	if u, err := url.Parse(run.Target.BaseURL); err == nil && u.Host != "" {
		v.origin = u.Scheme + "://" + u.Host
	}
	for _, s := range run.Scenarios {
		v.bases = append(v.bases, s.Target)
	}
	return v
}

func (v *viewer) exchanges(all []result.Exchange, o result.Outcome) []exchange {
	var out []exchange
	for _, e := range all {
		out = append(out, v.exchange(e, o))
	}
	return out
}

func (v *viewer) exchange(e result.Exchange, o result.Outcome) exchange {
	out := exchange{
		Method:    e.Method,
		Answer:    answer(e),
		Took:      duration(e.DurationMs),
		Offset:    offset(e.Started.Sub(v.start)),
		Request:   message{Key: v.path(e.URL), Headers: e.RequestHeaders, Body: v.body(e.RequestBody)},
		Response:  message{Key: answer(e), Headers: e.ResponseHeaders, Body: v.body(e.ResponseBody)},
		Truncated: e.Truncated,
	}
	if e.Credential != "" {
		out.With, out.Variable = credentials[e.Credential], evidence.Variable(e.Credential)
	}
	start := evidence.Request(result.Exchange{Method: e.Method, URL: e.URL})
	out.Request.split(start)
	out.Response.split(evidence.Response(result.Exchange{Status: e.Status, Proto: e.Proto, Error: e.Error}))
	if o == result.Fail || out.Request.Body.Cut > 0 || !v.plainly(e, start) {
		out.Command = evidence.Curl(e)
	}
	return out
}

// split parts the first line at its key, where that is in it.
func (m *message) split(start string) {
	at := strings.LastIndex(start, m.Key)
	if at < 0 {
		m.Before, m.Key = start, ""
		return
	}
	m.Before, m.After = start[:at], start[at+len(m.Key):]
}

// plainly says whether the command for a request follows from what the page shows of it: it went to the origin of the target, all of it can
// be seen, and nothing in its head can be taken for something else.
func (v *viewer) plainly(e result.Exchange, start string) bool {
	path, found := strings.CutPrefix(e.URL, v.origin)
	if !found || v.origin == "" || start != e.Method+" "+path+" HTTP/1.1" || strings.Contains(e.Method, " ") || !shows(start) {
		return false
	}
	for _, h := range e.RequestHeaders {
		if strings.Contains(h.Name, ":") || !shows(h.Name) || !shows(h.Value) {
			return false
		}
	}
	return evidence.Shows(e.RequestBody)
}

// shows says whether a text is one line of which all can be seen.
func shows(s string) bool { return evidence.Shows(s) && !strings.Contains(s, "\n") }

func answer(e result.Exchange) string {
	if e.Status == 0 {
		return "no answer"
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status)))
}

// path is the URL without what is the same all over the page: a base URL, or else the host.
func (v *viewer) path(text string) string {
	shortest := text
	for _, base := range v.bases {
		rest, ok := strings.CutPrefix(text, strings.TrimSuffix(base, "/"))
		if ok && base != "" && strings.HasPrefix(rest, "/") && len(rest) < len(shortest) {
			shortest = rest
		}
	}
	if u, err := url.Parse(text); shortest == text && err == nil && u.Host != "" {
		return text[strings.Index(text, u.Host)+len(u.Host):]
	}
	return shortest
}

func offset(d time.Duration) string {
	if d < 0 {
		return ""
	}
	return fmt.Sprintf("+%.3f s", d.Seconds())
}

func (v *viewer) body(s string) body {
	b := body{Text: s, Size: len(s)}
	if len(s) < longBody {
		return b
	}
	if len(s) > maxBody {
		end := maxBody
		for end > 0 && !utf8.RuneStart(s[end]) {
			end--
		}
		b.Text, b.Cut = s[:end], len(s)-end
	}
	if anchor, ok := v.bodies[s]; ok {
		b.Text, b.Same = "", anchor
		return b
	}
	b.Anchor = v.names.of("body")
	v.bodies[s] = b.Anchor
	return b
}

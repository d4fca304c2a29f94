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

// exchange is a request and its answer as the viewer shows them.
type exchange struct {
	Method, Path string
	Answer       string // "201 Created", or why there is none
	Class        string // of the answer: pass up to 399, else the colour of nothing in particular
	Offset       string // since the start of the run
	Took         string
	Request      message
	Response     message
	Curl         string
	Truncated    bool
	Open         bool
}

type message struct {
	Start   string
	Headers []result.Header
	Body    body
}

// body is a body laid out, as it was, or both where they differ.
type body struct {
	Pretty string
	Raw    string
	Size   int
	Cut    int // bytes that are not shown
}

// maxBody is how much of one body the page holds; results.json has what was recorded.
const maxBody = 64 << 10

func newExchanges(all []result.Exchange, base string, start time.Time) []exchange {
	var out []exchange
	for _, e := range all {
		out = append(out, newExchange(e, base, start))
	}
	if len(out) <= 2 {
		for i := range out {
			out[i].Open = true
		}
	} else if len(out) > 0 {
		out[len(out)-1].Open = true
	}
	return out
}

func newExchange(e result.Exchange, base string, start time.Time) exchange {
	out := exchange{
		Method:    e.Method,
		Path:      pathOf(e.URL, base),
		Answer:    answer(e),
		Took:      duration(e.DurationMs),
		Offset:    offset(e.Started.Sub(start)),
		Curl:      evidence.Curl(e),
		Truncated: e.Truncated,
		Request:   message{Headers: e.RequestHeaders, Body: newBody(e.RequestBody)},
		Response:  message{Headers: e.ResponseHeaders, Body: newBody(e.ResponseBody)},
	}
	out.Request.Start, _, _ = strings.Cut(evidence.Request(result.Exchange{Method: e.Method, URL: e.URL}), "\n")
	out.Response.Start, _, _ = strings.Cut(evidence.Response(result.Exchange{Status: e.Status, Proto: e.Proto, Error: e.Error}), "\n")
	return out
}

func answer(e result.Exchange) string {
	if e.Status == 0 {
		return "no answer"
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status)))
}

// pathOf is the URL without what is the same all over the page: the base URL of the target, or else the host.
func pathOf(text, base string) string {
	if rest, ok := strings.CutPrefix(text, strings.TrimSuffix(base, "/")); ok && base != "" && strings.HasPrefix(rest, "/") {
		return rest
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return text
	}
	return text[strings.Index(text, u.Host)+len(u.Host):]
}

func offset(d time.Duration) string {
	if d < 0 {
		return ""
	}
	return fmt.Sprintf("+%.3f s", d.Seconds())
}

func newBody(s string) body {
	b := body{Size: len(s)}
	if len(s) > maxBody {
		end := maxBody
		for end > 0 && !utf8.RuneStart(s[end]) {
			end--
		}
		b.Cut = len(s) - end
		s = s[:end]
	}
	pretty, differs := evidence.Pretty(s)
	if pretty == "" {
		b.Raw = s
		return b
	}
	b.Pretty = pretty
	if differs {
		b.Raw = s
	}
	return b
}

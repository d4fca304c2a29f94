package evidence

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"scimproof/reports/result"
)

// Request is the request as text, laid out as HTTP/1.1 is.
func Request(e result.Exchange) string {
	target := e.URL
	if u, err := url.Parse(e.URL); err == nil && u.Host != "" {
		target = e.URL[strings.Index(e.URL, u.Host)+len(u.Host):]
		if !strings.HasPrefix(target, "/") {
			target = "/" + target
		}
	}
	return message(e.Method+" "+target+" HTTP/1.1", e.RequestHeaders, e.RequestBody)
}

// Response is the answer as text, or why there is none.
func Response(e result.Exchange) string {
	if e.Status == 0 {
		if e.Error == "" {
			return "no answer"
		}
		return "no answer: " + e.Error
	}
	proto := e.Proto
	if proto == "" {
		proto = "HTTP"
	}
	return message(strings.TrimSpace(fmt.Sprintf("%s %d %s", proto, e.Status, http.StatusText(e.Status))), e.ResponseHeaders, e.ResponseBody)
}

func message(start string, headers []result.Header, body string) string {
	var b strings.Builder
	b.WriteString(start)
	for _, h := range headers {
		b.WriteString("\n" + h.Name + ": " + h.Value)
	}
	if body != "" {
		b.WriteString("\n\n" + body)
	}
	return b.String()
}

// Limits of what is laid out, since each level of nesting moves all below it further to the right: a body made for it would grow a thousandfold.
const (
	prettyDepth = 32
	prettyBytes = 256 << 10
)

// Pretty lays a JSON text out over lines, with numbers, escapes and the order of names left as they are. It says false for what is no JSON,
// among it one that was cut short, for what is too deep or too long, and for what was laid out already.
func Pretty(body string) (string, bool) {
	if len(body) > prettyBytes || depth(body) > prettyDepth {
		return "", false
	}
	v := jsontext.Value(body)
	if err := v.Indent(jsontext.WithIndent("  "), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true),
		jsontext.PreserveRawStrings(true)); err != nil {
		return "", false
	}
	return string(v), string(v) != body
}

// depth is how deep the brackets outside strings are nested.
func depth(body string) int {
	deepest, now, text := 0, 0, false
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case text && c == '\\':
			i++
		case c == '"':
			text = !text
		case text:
		case c == '[' || c == '{':
			now++
			deepest = max(deepest, now)
		case c == ']' || c == '}':
			now--
		}
	}
	return deepest
}

package evidence

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

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

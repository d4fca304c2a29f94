package evidence

import (
	"testing"

	"scimproof/reports/result"
)

func TestMessages(t *testing.T) {
	for _, c := range []struct {
		name              string
		e                 result.Exchange
		request, response string
	}{
		{"a read", result.Exchange{Method: "GET", URL: "https://scim.example.com/v2/Users?count=1", RequestHeaders: []result.Header{{Name: "Accept", Value: "*/*"}},
			Status: 200, Proto: "HTTP/2.0", ResponseHeaders: []result.Header{{Name: "etag", Value: `"1"`}}, ResponseBody: "{}"},
			"GET /v2/Users?count=1 HTTP/1.1\nAccept: */*", "HTTP/2.0 200 OK\netag: \"1\"\n\n{}"},
		{"the root", result.Exchange{Method: "GET", URL: "https://scim.example.com", Status: 799}, "GET / HTTP/1.1", "HTTP 799"},
		{"no URL", result.Exchange{Method: "GET", URL: "%zz", Error: "refused"}, "GET %zz HTTP/1.1", "no answer: refused"},
		{"no reason", result.Exchange{Method: "GET", URL: "/Users"}, "GET /Users HTTP/1.1", "no answer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Request(c.e); got != c.request {
				t.Errorf("request %q, want %q", got, c.request)
			}
			if got := Response(c.e); got != c.response {
				t.Errorf("response %q, want %q", got, c.response)
			}
		})
	}
}

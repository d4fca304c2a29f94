package client_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"scimproof/reports/evidence"
	"scimproof/reports/result"
	"scimproof/simulator/client"
)

const token = client.Secret("tok-0123456789abcdef")

// serve starts h and gives a client for it.
func serve(t *testing.T, h http.HandlerFunc, change ...func(*client.Config)) *client.Client {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return connect(t, srv.URL+"/scim/v2/", change...)
}

func connect(t testing.TB, base string, change ...func(*client.Config)) *client.Client {
	t.Helper()
	config := client.Config{BaseURL: base, Token: token}
	for _, f := range change {
		f(&config)
	}
	c, err := client.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func do(t *testing.T, c *client.Client, r client.Request) *client.Answer {
	t.Helper()
	a, err := c.Do(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestWhoseCredential(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	control := connect(t, c.BaseURL(), func(config *client.Config) { config.Credential = result.OfControl })
	at := func(base string, token client.Secret) *client.Client {
		other, err := c.At(base, token)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(other.Close)
		return other
	}
	for name, x := range map[string]struct {
		c    *client.Client
		want result.Credential
	}{
		"the run's":            {c, ""},
		"the control API's":    {control, result.OfControl},
		"the run's, elsewhere": {at("/elsewhere", token), ""},
		"another":              {at(c.BaseURL(), "tok-another"), result.OfOther},
		"none":                 {at(c.BaseURL(), ""), ""},
	} {
		a := do(t, x.c, client.Request{Method: http.MethodGet, Path: "/Users"})
		if got := a.Exchange.Credential; got != x.want {
			t.Errorf("%s: %q, want %q", name, got, x.want)
		}
	}
	for authorization, want := range map[string]result.Credential{"Bearer made-up": result.OfOther, "bearer " + token.Reveal(): ""} {
		a := do(t, c, client.Request{Method: http.MethodGet, Path: "/Users", Authorization: authorization})
		if got := a.Exchange.Credential; got != want {
			t.Errorf("%s: %q, want %q", authorization, got, want)
		}
	}
}

// listen gives each connection to talk, and the base URL to reach it.
func listen(t *testing.T, talk func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var talks sync.WaitGroup
	t.Cleanup(func() { l.Close(); talks.Wait() })
	talks.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			talks.Go(func() {
				defer conn.Close()
				talk(conn)
			})
		}
	})
	return "http://" + l.Addr().String() + "/scim"
}

// request reads one off a connection: its head as it was on the wire, and its body.
func request(r *bufio.Reader) (head string, body []byte, err error) {
	for !strings.HasSuffix(head, "\r\n\r\n") {
		line, err := r.ReadString('\n')
		if err != nil {
			return head, nil, err
		}
		head += line
	}
	var length int
	if _, after, ok := strings.Cut(head, "Content-Length: "); ok {
		fmt.Sscan(after, &length)
	}
	body = make([]byte, length)
	_, err = io.ReadFull(r, body)
	return head, body, err
}

// answering says the same to every request, and closes.
func answering(t *testing.T, text string) (base string, heads <-chan string) {
	seen := make(chan string, 8)
	return listen(t, func(conn net.Conn) {
		head, _, err := request(bufio.NewReader(conn))
		if err == nil {
			seen <- head
			io.WriteString(conn, text)
		}
	}), seen
}

func field(name, value string) result.Header { return result.Header{Name: name, Value: value} }

func values(fields []result.Header, name string) []string {
	var out []string
	for _, f := range fields {
		if strings.EqualFold(f.Name, name) {
			out = append(out, f.Value)
		}
	}
	return out
}

const noContent = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"

func TestNothingIsSentButWhatWasAskedFor(t *testing.T) {
	for _, c := range []struct {
		name string
		r    client.Request
		want []string // lines of the head behind Host
	}{
		{"a read", client.Request{Method: "GET", Path: "/Users", Query: "count=1"}, []string{
			"GET /scim/Users?count=1 HTTP/1.1", "User-Agent: scimproof", "Accept: application/scim+json", "Authorization: Bearer " + token.Reveal()}},
		{"a write", client.Request{Method: "PATCH", Path: "/Users/1", Body: []byte(`{}`)}, []string{
			"PATCH /scim/Users/1 HTTP/1.1", "User-Agent: scimproof", "Content-Length: 2", "Accept: application/scim+json",
			"Authorization: Bearer " + token.Reveal(), "Content-Type: application/scim+json"}},
		{"a write of nothing", client.Request{Method: "POST", Path: "/Users", Auth: client.AuthNone}, []string{
			"POST /scim/Users HTTP/1.1", "User-Agent: scimproof", "Content-Length: 0", "Accept: application/scim+json"}},
		{"a read with a body", client.Request{Method: "GET", Auth: client.AuthNone, Body: []byte(`{}`)}, []string{
			"GET /scim HTTP/1.1", "User-Agent: scimproof", "Content-Length: 2", "Accept: application/scim+json", "Content-Type: application/scim+json"}},
		{"fields of its own", client.Request{Method: "GET", Auth: client.AuthRaw, Header: []result.Header{
			field("user-agent", "Okta SCIM Client 1.0.0"), field("Accept", "a/b"), field("X-MS-odd", "1"), field("X-MS-odd", "2"), field("Accept-Encoding", "gzip,deflate")}}, []string{
			"GET /scim HTTP/1.1", "User-Agent: Okta SCIM Client 1.0.0", "Accept: a/b", "Accept-Encoding: gzip,deflate",
			"Authorization: " + token.Reveal(), "X-MS-odd: 1", "X-MS-odd: 2"}},
		{"fields left out", client.Request{Method: "POST", Body: []byte(`{}`), Auth: client.AuthNone, Header: []result.Header{
			field("User-Agent", ""), field("Accept", ""), field("Content-Type", "")}}, []string{"POST /scim HTTP/1.1", "Content-Length: 2"}},
		{"another token", client.Request{Method: "DELETE", Path: "/Users/a%2Fb", Authorization: "Basic eDp5"}, []string{
			"DELETE /scim/Users/a%2Fb HTTP/1.1", "User-Agent: scimproof", "Accept: application/scim+json", "Authorization: Basic eDp5"}},
		{"escapes as they are", client.Request{Method: "GET", Path: "/Users/%7e|é", Query: "a=%zz&b=[1]+2&&", Auth: client.AuthNone}, []string{
			"GET /scim/Users/%7e|é?a=%zz&b=[1]+2&& HTTP/1.1", "User-Agent: scimproof", "Accept: application/scim+json"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			base, heads := answering(t, noContent)
			a := do(t, connect(t, base), c.r)
			lines := strings.Split(strings.TrimSuffix(<-heads, "\r\n\r\n"), "\r\n")
			host := lines[1]
			if got := slices.Delete(slices.Clone(lines), 1, 2); !slices.Equal(got, c.want) {
				t.Errorf("sent\n%q, not\n%q", got, c.want)
			}
			var recorded []string
			for _, f := range a.Exchange.RequestHeaders {
				recorded = append(recorded, f.Name+": "+f.Value)
			}
			hidden := strings.NewReplacer(token.Reveal(), evidence.Redacted, "eDp5", evidence.Redacted)
			want := strings.Split(hidden.Replace(strings.Join(append([]string{host}, lines[2:]...), "\n")), "\n")
			if !slices.Equal(recorded, want) {
				t.Errorf("recorded\n%q, not what was sent\n%q", recorded, want)
			}
			if target := strings.Fields(lines[0])[1]; a.Exchange.URL != "http://"+strings.TrimPrefix(host, "Host: ")+target {
				t.Errorf("recorded the URL %s for %s", a.Exchange.URL, lines[0])
			}
		})
	}
}

func TestRequestsThatCannotBeSent(t *testing.T) {
	c := connect(t, "http://127.0.0.1:1")
	for _, r := range []client.Request{
		{Method: ""}, {Method: "GE T"}, {Method: "GET", Path: "Users"}, {Method: "GET", Path: "/Users?x"}, {Method: "GET", Path: "/a b"}, {Method: "GET", Path: "/a\r\nX: y"},
		{Method: "GET", Path: "//evil.example.com/x"}, {Method: "GET", Query: "a b"}, {Method: "GET", Query: "a#b"},
		{Method: "GET", Header: []result.Header{field("Content-Length", "3")}}, {Method: "GET", Header: []result.Header{field("X", "a\nb")}},
		{Method: "GET", Header: []result.Header{field("X Y", "a")}}, {Method: "GET", Header: []result.Header{field("", "a")}},
	} {
		if a, err := c.Do(context.Background(), r); err == nil || a != nil || !strings.HasPrefix(err.Error(), "client: ") {
			t.Errorf("%+v: %v, %v", r, a, err)
		}
	}
}

func TestAnswerIsRecordedAsItCame(t *testing.T) {
	base, _ := answering(t, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"+
		"HTTP/1.1 201 Fine\r\nx-b: 2\r\nX-A:  1 \r\nx-b: 3\r\nETag: W/\"1\"\r\nX-Fold: a\r\n\tb\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n2\r\n1}\r\n0\r\n\r\n")
	a := do(t, connect(t, base), client.Request{Method: "POST", Path: "/Users", Body: []byte(`{"userName":"x"}`)})
	want := []result.Header{field("x-b", "2"), field("X-A", "1"), field("x-b", "3"), field("ETag", `W/"1"`), field("X-Fold", "a b"), field("Transfer-Encoding", "chunked")}
	e := a.Exchange
	if !slices.Equal(e.ResponseHeaders, want) {
		t.Errorf("headers %q, not %q", e.ResponseHeaders, want)
	}
	if a.Status != 201 || string(a.Body) != `{"a":1}` || a.Header.Get("X-B") != "2" {
		t.Errorf("answer %d %q %v", a.Status, a.Body, a.Header)
	}
	if e.Method != "POST" || e.Status != 201 || e.Proto != "HTTP/1.1" || e.RequestBody != `{"userName":"x"}` || e.ResponseBody != `{"a":1}` || e.Error != "" || e.Truncated {
		t.Errorf("exchange %+v", e)
	}
}

func TestTimesComeFromTheClock(t *testing.T) {
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	var asked atomic.Int64
	clock := func() time.Time { return start.Add(time.Duration(asked.Add(1)-1) * 1500 * time.Microsecond) }
	c := serve(t, func(http.ResponseWriter, *http.Request) {}, func(c *client.Config) { c.Clock = clock })
	if e := do(t, c, client.Request{Method: "GET"}).Exchange; !e.Started.Equal(start) || e.DurationMs != 1.5 {
		t.Errorf("started %s, took %v ms", e.Started, e.DurationMs)
	}
}

func TestRedirectIsAnAnswer(t *testing.T) {
	var reached atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	defer other.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, location := range []string{other.URL + "/Users", "/scim/v2/Users/", "http://%zz", "", "::"} {
			c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", location)
				w.WriteHeader(status)
			})
			for _, method := range []string{"GET", "POST"} {
				a := do(t, c, client.Request{Method: method, Path: "/Users", Body: []byte("{}")})
				if a.Status != status || a.Header.Get("Location") != location || !slices.Equal(values(a.Exchange.ResponseHeaders, "Location"), []string{location}) {
					t.Errorf("%s, %d to %q: %d, %v, %v", method, status, location, a.Status, a.Header, a.Exchange.ResponseHeaders)
				}
			}
		}
	}
	if n := reached.Load(); n != 0 {
		t.Errorf("%d requests went to another host", n)
	}
}

// net/http sends a GET again when a connection that it kept open closes. The target would see two requests where the evidence shows one.
func TestNothingIsSentTwice(t *testing.T) {
	for _, method := range []string{"GET", "HEAD", "PUT", "DELETE", "POST"} {
		t.Run(method, func(t *testing.T) {
			var seen atomic.Int64
			base := listen(t, func(conn net.Conn) {
				r := bufio.NewReader(conn)
				for first := true; ; first = false {
					if _, _, err := request(r); err != nil {
						return
					}
					if seen.Add(1); !first {
						return // closes in place of an answer
					}
					io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
				}
			})
			c := connect(t, base)
			var a *client.Answer
			var err error
			var sent int64
			for err == nil { // a busy machine may not keep a connection: then the next request goes over a new one
				a, err = c.Do(context.Background(), client.Request{Method: method, Header: []result.Header{field("Idempotency-Key", "1")}})
				sent++
			}
			if kind := kindOf(t, err); kind != client.CutShort {
				t.Errorf("kind is %q, not cut short", kind)
			}
			if n := seen.Load(); n != sent {
				t.Errorf("the target saw %d requests, not %d", n, sent)
			}
			if a == nil || a.Exchange.Error == "" || len(a.Exchange.RequestHeaders) == 0 || a.Exchange.Status != 0 {
				t.Errorf("evidence %+v", a)
			}
		})
	}
}

// Express says keep-alive with a 500 and closes all the same: a request that meets the closing would get no answer.
func TestAConnectionOfA500IsNotUsedAgain(t *testing.T) {
	for _, method := range []string{"GET", "POST"} {
		base := listen(t, func(conn net.Conn) {
			r := bufio.NewReader(conn)
			for first := true; ; first = false {
				if _, _, err := request(r); err != nil || !first {
					return // in place of an answer
				}
				io.WriteString(conn, "HTTP/1.1 500 Broken\r\nContent-Length: 2\r\n\r\n{}")
			}
		})
		c := connect(t, base)
		for range 3 {
			if a := do(t, c, client.Request{Method: method, Body: []byte(`{"userName":"ada"}`)}); a.Status != 500 {
				t.Errorf("%s: %d", method, a.Status)
			}
		}
	}
}

func TestCookiesAreNotKept(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "session", Value: "1"})
		w.WriteHeader(200 + len(r.Cookies()))
	})
	do(t, c, client.Request{Method: "GET"})
	if a := do(t, c, client.Request{Method: "GET"}); a.Status != 200 {
		t.Errorf("a cookie came back: %v", a.Exchange.RequestHeaders)
	}
}

func TestCompressedAnswers(t *testing.T) {
	const text = `{"totalResults":0}`
	squeeze := func(w io.WriteCloser, b *bytes.Buffer) []byte { io.WriteString(w, text); w.Close(); return b.Bytes() }
	var zipped, deflated bytes.Buffer
	bodies := map[string][]byte{
		"gzip": squeeze(gzip.NewWriter(&zipped), &zipped), "deflate": squeeze(zlib.NewWriter(&deflated), &deflated), "": []byte(text), "br": []byte("?")}
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		encoding := r.Header.Get("Accept-Encoding")
		w.Header().Set("Content-Encoding", encoding)
		w.Write(bodies[encoding])
	})
	for encoding, want := range map[string]string{"gzip": text, "deflate": text, "": text, "br": "?"} {
		r := client.Request{Method: "GET"}
		if encoding != "" {
			r.Header = []result.Header{field("Accept-Encoding", encoding)}
		}
		a := do(t, c, r)
		if string(a.Body) != want || a.Exchange.ResponseBody != want {
			t.Errorf("%q: body %q, evidence %q", encoding, a.Body, a.Exchange.ResponseBody)
		}
	}
	broken := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		io.WriteString(w, text)
	})
	if a := do(t, broken, client.Request{Method: "GET"}); string(a.Body) != text {
		t.Errorf("what does not decode should stay as it came, not %q", a.Body)
	}
}

func TestEvidenceIsCut(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, strings.Repeat("é", 40<<10)) },
		func(c *client.Config) { c.EvidenceLimit = 101 })
	a := do(t, c, client.Request{Method: "PUT", Body: []byte(strings.Repeat("x", 200))})
	e := a.Exchange
	if e.ResponseBody != strings.Repeat("é", 50) || e.RequestBody != strings.Repeat("x", 101) || !e.Truncated {
		t.Errorf("kept %d and %d bytes, truncated %v", len(e.RequestBody), len(e.ResponseBody), e.Truncated)
	}
	if len(a.Body) != 80<<10 {
		t.Errorf("the answer itself has %d bytes", len(a.Body))
	}
}

func TestExchangesDoNotMix(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Echo", r.URL.Path)
		w.Write(body)
	})
	var all sync.WaitGroup
	for n := range 16 {
		all.Go(func() {
			for i := range 20 {
				path, body := fmt.Sprintf("/Users/%d-%d", n, i), fmt.Sprintf(`{"n":%d,"i":%d}`, n, i)
				a, err := c.Do(context.Background(), client.Request{Method: "POST", Path: path, Body: []byte(body)})
				if err != nil {
					t.Error(err)
					return
				}
				e := a.Exchange
				if !strings.HasSuffix(e.URL, path) || e.RequestBody != body || e.ResponseBody != body || !slices.Equal(values(e.ResponseHeaders, "X-Echo"), []string{"/scim/v2" + path}) {
					t.Errorf("%s: %+v", path, e)
				}
			}
		})
	}
	all.Wait()
}

func TestCurlSendsTheTokenFromTheEnvironment(t *testing.T) {
	c := serve(t, func(http.ResponseWriter, *http.Request) {})
	text := client.Curl(do(t, c, client.Request{Method: "GET", Path: "/Users"}).Exchange)
	if !strings.Contains(text, "Bearer $SCIM_TOKEN") || strings.Contains(text, token.Reveal()) {
		t.Error(text)
	}
}

func TestBytesAreThoseOfDo(t *testing.T) {
	for _, r := range []client.Request{
		{Method: "GET", Path: "/Users", Query: "count=1"},
		{Method: "POST", Path: "/Users", Body: []byte(`{"a":1}`), Header: []result.Header{field("X-One", "1")}},
		{Method: "DELETE", Auth: client.AuthRaw, Header: []result.Header{field("User-Agent", "")}},
		{Method: "PUT", Header: []result.Header{field("Host", "scim.example.com")}},
	} {
		base, heads := answering(t, noContent)
		c := connect(t, base)
		do(t, c, r)
		want, got := <-heads, ""
		if data, err := c.Bytes(r); err != nil {
			t.Error(err)
		} else {
			got = strings.TrimSuffix(string(data), string(r.Body))
		}
		if !slices.Equal(sorted(got), sorted(want)) {
			t.Errorf("bytes\n%q\ndo\n%q", got, want)
		}
	}
}

func sorted(head string) []string {
	lines := strings.Split(head, "\r\n")
	slices.Sort(lines[1:])
	for i := range lines {
		lines[i] = textproto.TrimString(lines[i])
	}
	return lines
}

package client_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"scimproof/reports/evidence"
	"scimproof/reports/result"
	"scimproof/simulator/client"
)

func raw(t *testing.T, c *client.Client, data []byte, opt client.RawOptions) *client.Answer {
	t.Helper()
	a, err := c.Raw(context.Background(), data, opt)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestRawSendsBytesAsTheyStand(t *testing.T) {
	const sent = "GET /scim/Users?a b HTTP/1.1\r\nHost x\r\nAuthorization: Bearer secret-1\r\nX : 1\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n"
	for name, opt := range map[string]client.RawOptions{
		"at once": {}, "in pieces": {Chunk: 7}, "slowly": {Chunk: 40, Pause: time.Millisecond}, "cut short": {Close: true},
	} {
		t.Run(name, func(t *testing.T) {
			got := make(chan string, 1)
			base := listen(t, func(conn net.Conn) {
				data := make([]byte, len(sent))
				io.ReadFull(conn, data)
				if opt.Close {
					rest, _ := io.ReadAll(conn) // ends only when the other side has closed
					data = append(data, rest...)
				}
				got <- string(data)
				io.WriteString(conn, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400 No\r\nx-odd: 1\r\nContent-Length: 2\r\n\r\n{}rest")
			})
			a := raw(t, connect(t, base), []byte(sent), opt)
			if text := <-got; text != sent {
				t.Errorf("the target read %q", text)
			}
			e := a.Exchange
			if a.Status != 400 || string(a.Body) != "{}" || e.ResponseBody != "{}" || !slices.Equal(e.ResponseHeaders, []result.Header{field("x-odd", "1"), field("Content-Length", "2")}) {
				t.Errorf("answer %+v", a)
			}
			if !slices.Contains(e.RequestHeaders, field("Authorization", "Bearer "+evidence.Redacted)) || !slices.Contains(e.RequestHeaders, field("Host x", "")) ||
				e.RequestBody != "ZZ\r\n" || !strings.HasSuffix(e.URL, "/scim/Users?a b") || e.Method != "GET" {
				t.Errorf("evidence %+v", e)
			}
		})
	}
}

func TestRawTakesAnAnswerThatComesEarly(t *testing.T) {
	base := listen(t, func(conn net.Conn) {
		conn.Read(make([]byte, 1)) // the request has begun
		io.WriteString(conn, "HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n")
		io.Copy(io.Discard, conn)
	})
	c := connect(t, base)
	data, err := c.Bytes(client.Request{Method: "POST", Path: "/Users", Body: []byte(`{"userName":"x"}`)})
	if err != nil {
		t.Fatal(err)
	}
	for name, opt := range map[string]client.RawOptions{"at once": {}, "never done": {Chunk: 50, Pause: time.Hour}} {
		if a := raw(t, c, data, opt); a.Status != 413 {
			t.Errorf("%s: status %d", name, a.Status)
		}
	}
}

func TestRawUsesTheToken(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+token.Reveal() {
			w.WriteHeader(401)
		}
	})
	data, err := c.Bytes(client.Request{Method: "HEAD", Path: "/Users"})
	if err != nil {
		t.Fatal(err)
	}
	a := raw(t, c, data, client.RawOptions{})
	if a.Status != 200 {
		t.Errorf("status %d", a.Status)
	}
	if got := values(a.Exchange.RequestHeaders, "Authorization"); !slices.Equal(got, []string{"Bearer " + evidence.Redacted}) {
		t.Errorf("recorded %q", got)
	}
}

func TestRawFailures(t *testing.T) {
	closing := listen(t, func(conn net.Conn) { request(bufio.NewReader(conn)) })
	hanging := listen(t, func(conn net.Conn) { io.Copy(io.Discard, conn) })
	banner := listen(t, func(conn net.Conn) { io.WriteString(conn, "220 smtp ready\r\n"); io.Copy(io.Discard, conn) })
	for base, want := range map[string]client.Kind{
		"http://127.0.0.1:1": client.Refused, closing: client.CutShort, hanging: client.Timeout, banner: client.NotHTTP,
	} {
		change := func(*client.Config) {}
		if want == client.Timeout {
			change = quick
		}
		a, err := connect(t, base, change).Raw(context.Background(), []byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), client.RawOptions{})
		if kind := kindOf(t, err); kind != want || a.Exchange.Error == "" {
			t.Errorf("%s, not %s: %v", kind, want, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	base := listen(t, func(conn net.Conn) { cancel(); io.Copy(io.Discard, conn) })
	if _, err := connect(t, base).Raw(ctx, []byte("GET / HTTP/1.1\r\n"), client.RawOptions{Chunk: 1, Pause: time.Millisecond}); err == nil || ctx.Err() == nil || !errors.Is(err, context.Canceled) {
		t.Errorf("an interruption: %v", err)
	}
}

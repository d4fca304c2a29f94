package client_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"scimproof/simulator/client"
)

func kindOf(t *testing.T, err error) client.Kind {
	t.Helper()
	var f *client.Failure
	if !errors.As(err, &f) {
		t.Fatalf("%v is no Failure", err)
	}
	return f.Kind
}

func quick(c *client.Config) { c.Timeout = 50 * time.Millisecond }

// secure starts a TLS server that keeps its complaints to itself.
func secure(t *testing.T, auth tls.ClientAuthType) *httptest.Server {
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Proto) }))
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.TLS = &tls.Config{ClientAuth: auth}
	srv.StartTLS()
	t.Cleanup(srv.Close)
	return srv
}

func roots(srv *httptest.Server) *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(srv.Certificate())
	return pool
}

func TestFailures(t *testing.T) {
	hang := func(conn net.Conn) { io.Copy(io.Discard, conn) }
	saying := func(text string) string { base, _ := answering(t, text); return base }
	plain := listen(t, hang)
	unsafe := listen(t, func(conn net.Conn) {
		conn.Read(make([]byte, 4096))
		io.WriteString(conn, "HTTP/1.1 400 Bad Request\r\n\r\n")
	})
	safe := secure(t, tls.NoClientCert)
	wantsClient := secure(t, tls.RequireAnyClientCert)
	trusting := func(srv *httptest.Server) func(*client.Config) {
		return func(c *client.Config) { c.TLS = &tls.Config{RootCAs: roots(srv)} }
	}
	for _, c := range []struct {
		name, base string
		change     func(*client.Config)
		kind       client.Kind
		says       string
	}{
		{"nothing listens", "http://127.0.0.1:1", nil, client.Refused, "nothing listens at 127.0.0.1:1; is the server running?"},
		{"no such name", "http://" + strings.Repeat("a", 70) + ".example", nil, client.DNS, "no address is known for"},
		{"hangs", plain, quick, client.Timeout, "within 50ms"},
		{"hangs in the body", saying("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1234"), nil, client.CutShort, "closed the connection before the answer was complete"},
		{"cut in a chunk", saying("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n123"), nil, client.CutShort, "before the answer was complete"},
		{"cut in the head", saying("HTTP/1.1 200 OK\r\nContent-Le"), nil, client.CutShort, "before the answer was complete"},
		{"cut in the status", saying("HTT"), nil, client.CutShort, "3 bytes of it came"},
		{"says nothing", saying(""), nil, client.CutShort, "without a byte of an answer"},
		{"another protocol", saying("SSH-2.0-OpenSSH_9.6\r\n"), nil, client.NotHTTP, `not in HTTP: "SSH-2.0-OpenSSH_9.6\r\n"; is that the right port?`},
		{"no chunk", saying("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"), nil, client.NotHTTP, "no HTTP answer"},
		{"no status", saying("HTTP/1.1 two hundred\r\n\r\n"), nil, client.NotHTTP, "no HTTP answer"},
		{"a TLS alert", saying("\x15\x03\x01\x00\x02\x02\x16"), nil, client.NotHTTP, "write the base URL with https://"},
		{"endless body", saying("HTTP/1.1 200 OK\r\n\r\n" + strings.Repeat("x", 2000)), func(c *client.Config) { c.MaxBody = 1999 }, client.TooLarge, "longer than 1999 bytes"},
		{"no TLS", strings.Replace(unsafe, "http:", "https:", 1), nil, client.TLS, "does not speak TLS"},
		{"hangs before TLS", strings.Replace(plain, "http:", "https:", 1), quick, client.Timeout, "within 50ms"},
		{"unknown authority", safe.URL, nil, client.TLS, "authority that signed it"},
		{"another name", strings.Replace(safe.URL, "127.0.0.1", "localhost", 1), trusting(safe), client.TLS, "is for another name"},
		{"wants a certificate", wantsClient.URL, trusting(wantsClient), client.TLS, "does it want a client certificate"},
	} {
		t.Run(c.name, func(t *testing.T) {
			change := c.change
			if change == nil {
				change = func(*client.Config) {}
			}
			a, err := connect(t, c.base, change).Do(context.Background(), client.Request{Method: "GET", Path: "/Users"})
			if kind := kindOf(t, err); kind != c.kind {
				t.Errorf("kind is %q, not %q: %v", kind, c.kind, err)
			}
			if !strings.Contains(err.Error(), c.says) {
				t.Errorf("%q should say %q", err, c.says)
			}
			if a == nil || a.Exchange.Error != err.Error() || a.Exchange.Method != "GET" || !strings.HasSuffix(a.Exchange.URL, "/Users") {
				t.Errorf("evidence %+v", a)
			}
		})
	}
}

func TestWhatCameBeforeTheFailureIsKept(t *testing.T) {
	base, _ := answering(t, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1234")
	a, err := connect(t, base).Do(context.Background(), client.Request{Method: "GET"})
	if err == nil || a.Status != 200 || string(a.Body) != "1234" || a.Exchange.ResponseBody != "1234" || len(a.Exchange.ResponseHeaders) != 1 {
		t.Errorf("%v: %+v", err, a)
	}
	base, _ = answering(t, "SSH-2.0\r\n")
	a, err = connect(t, base).Do(context.Background(), client.Request{Method: "GET"})
	if err == nil || a.Status != 0 || a.Exchange.ResponseBody != "SSH-2.0\r\n" || a.Exchange.Proto != "" {
		t.Errorf("%v: %+v", err, a)
	}
}

func TestInterruption(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	base := listen(t, func(conn net.Conn) {
		cancel() // a connection is there, so that the exchange is under way
		io.Copy(io.Discard, conn)
	})
	a, err := connect(t, base).Do(ctx, client.Request{Method: "GET"})
	if !errors.Is(err, context.Canceled) || a == nil || a.Exchange.Error == "" {
		t.Errorf("%v, %+v", err, a)
	}
	var f *client.Failure
	if errors.As(err, &f) {
		t.Errorf("an interruption is nobody's failure: %v", f.Kind)
	}
	late, stop := context.WithTimeout(context.Background(), time.Millisecond)
	defer stop()
	if _, err := connect(t, listen(t, func(conn net.Conn) { io.Copy(io.Discard, conn) })).Do(late, client.Request{Method: "GET"}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the end of the caller's time: %v", err)
	}
}

func TestTLSIsRecordedInPlainText(t *testing.T) {
	srv := secure(t, tls.NoClientCert)
	c := connect(t, srv.URL, func(c *client.Config) { c.TLS = &tls.Config{RootCAs: roots(srv)} })
	a := do(t, c, client.Request{Method: "GET", Path: "/Users"})
	if string(a.Body) != "HTTP/1.1" || a.Exchange.URL != srv.URL+"/Users" || len(a.Exchange.RequestHeaders) == 0 {
		t.Errorf("%q, %+v", a.Body, a.Exchange)
	}
}

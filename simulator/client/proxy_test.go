package client_test

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"scimproof/simulator/client"
)

// proxy forwards everything to one server and counts what it saw.
type proxy struct {
	*httptest.Server
	target   string // host and port that CONNECT leads to
	requests atomic.Int64
	tunnels  atomic.Int64
	seen     atomic.Value // what the last tunnel or request looked like
}

func startProxy(t *testing.T, target string) *proxy {
	p := &proxy{target: target}
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	return p
}

func (p *proxy) use(c *client.Config) {
	c.Proxy = func(*http.Request) (*url.URL, error) {
		u, err := url.Parse(p.URL)
		u.User = url.UserPassword("me", "pass")
		return u, err
	}
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodConnect {
		p.requests.Add(1)
		p.seen.Store(r.RequestURI + " " + r.Header.Get("Proxy-Authorization"))
		return
	}
	p.tunnels.Add(1)
	p.seen.Store(r.Host + " " + r.Header.Get("Proxy-Authorization"))
	if p.target == "" {
		w.WriteHeader(407)
		return
	}
	there, err := net.Dial("tcp", p.target)
	if err != nil {
		w.WriteHeader(502)
		return
	}
	defer there.Close()
	w.WriteHeader(200)
	here, read, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer here.Close()
	go io.Copy(there, read) // which may hold the first bytes already
	io.Copy(here, there)
}

const proxyUser = "Basic bWU6cGFzcw=="

func TestProxyForHTTP(t *testing.T) {
	p := startProxy(t, "")
	a := do(t, connect(t, "http://scim.example.com/v2", p.use), client.Request{Method: "GET", Path: "/Users", Query: "a=%7e"})
	if got, want := p.seen.Load(), "http://scim.example.com/v2/Users?a=%7e "+proxyUser; got != want {
		t.Errorf("the proxy saw %v, not %s", got, want)
	}
	if a.Exchange.URL != "http://scim.example.com/v2/Users?a=%7e" {
		t.Errorf("URL %s", a.Exchange.URL)
	}
	if _, err := connect(t, "http://scim.example.com/v2", p.use).Raw(context.Background(), []byte("GET / HTTP/1.1\r\n\r\n"), client.RawOptions{}); err == nil {
		t.Error("raw bytes went through a proxy")
	}
}

func TestProxyForHTTPS(t *testing.T) {
	srv := secure(t, tls.NoClientCert)
	p := startProxy(t, strings.TrimPrefix(srv.URL, "https://"))
	trusting := func(c *client.Config) { c.TLS = &tls.Config{RootCAs: roots(srv)} }
	c := connect(t, "https://example.com/v2", p.use, trusting) // a name that the certificate of httptest is for
	a := do(t, c, client.Request{Method: "GET", Path: "/Users"})
	if got, want := p.seen.Load(), "example.com:443 "+proxyUser; got != want {
		t.Errorf("the proxy saw %v, not %s", got, want)
	}
	if a.Exchange.URL != "https://example.com/v2/Users" || len(a.Exchange.RequestHeaders) == 0 {
		t.Errorf("evidence %+v", a.Exchange)
	}
	data, err := c.Bytes(client.Request{Method: "GET"})
	if err != nil {
		t.Fatal(err)
	}
	if a := raw(t, c, data, client.RawOptions{}); a.Status != 200 || p.tunnels.Load() != 2 {
		t.Errorf("raw: %d after %d tunnels", a.Status, p.tunnels.Load())
	}
}

func TestProxyThatRefuses(t *testing.T) {
	p := startProxy(t, "")
	_, err := connect(t, "https://example.com/v2", p.use).Do(context.Background(), client.Request{Method: "GET"})
	if kind := kindOf(t, err); kind != client.Unreachable || !strings.Contains(err.Error(), "the proxy "+strings.TrimPrefix(p.URL, "http://")) || !strings.Contains(err.Error(), "407") {
		t.Errorf("%s: %v", kind, err)
	}
	if strings.Contains(err.Error(), "pass") {
		t.Errorf("the password of the proxy is in %v", err)
	}
}

func TestNoProxyForThisMachine(t *testing.T) {
	p := startProxy(t, "")
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(201) }, p.use)
	if a := do(t, c, client.Request{Method: "GET"}); a.Status != 201 || p.requests.Load() != 0 {
		t.Errorf("status %d after %d requests through the proxy", a.Status, p.requests.Load())
	}
}

func TestProxiesThatCannotBeUsed(t *testing.T) {
	for _, text := range []string{"socks5://proxy.example.com", "ftp://proxy.example.com"} {
		_, err := client.New(client.Config{BaseURL: "https://scim.example.com", Proxy: func(*http.Request) (*url.URL, error) { return url.Parse(text) }})
		if err == nil || !strings.Contains(err.Error(), "http or https") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

package client

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"
)

// dialer makes the connections to one target, through a proxy where there is one.
type dialer struct {
	base    *url.URL
	proxy   *url.URL // nil for none
	tls     *tls.Config
	timeout time.Duration
}

func newDialer(base *url.URL, c Config) (dialer, error) {
	d := dialer{base: base, tls: c.TLS, timeout: or(c.Timeout, 30*time.Second)}
	if d.tls == nil {
		d.tls = &tls.Config{}
	}
	if c.Proxy == nil || loopback(base.Hostname()) {
		return d, nil
	}
	proxy, err := c.Proxy(&http.Request{URL: base})
	switch {
	case err != nil:
		return d, fmt.Errorf("the proxy for %s: %w", base.Host, err)
	case proxy != nil && proxy.Scheme != "http" && proxy.Scheme != "https":
		return d, fmt.Errorf("the proxy for %s speaks %s: name one that speaks http or https", base.Host, proxy.Scheme)
	}
	d.proxy = proxy
	return d, nil
}

// absolute says that request lines hold the whole URL, as proxies want it for plain HTTP.
func (d dialer) absolute() bool { return d.proxy != nil && d.base.Scheme == "http" }

// where is what a connection goes to first, for people.
func (d dialer) where() string {
	if d.proxy != nil {
		return "the proxy " + origin(d.proxy)
	}
	return origin(d.base)
}

func (d dialer) transport() *http.Transport {
	t := &http.Transport{
		DialContext:            d.plain,
		DialTLSContext:         d.secure,
		DisableCompression:     true, // which would add Accept-Encoding
		MaxIdleConnsPerHost:    128,
		IdleConnTimeout:        idle,
		MaxResponseHeaderBytes: tapeLimit / 2,
		Protocols:              new(http.Protocols),
	}
	t.Protocols.SetHTTP1(true)
	if d.absolute() {
		t.Proxy = http.ProxyURL(d.proxy)
	}
	return t
}

func (d dialer) plain(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := d.dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &wire{Conn: conn}, nil
}

func (d dialer) dial(ctx context.Context, network, address string) (net.Conn, error) {
	nd := net.Dialer{Timeout: d.timeout}
	return nd.DialContext(ctx, network, address)
}

// secure records above TLS: what the tape holds is the plain text.
func (d dialer) secure(ctx context.Context, network, address string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	if d.proxy == nil || d.absolute() {
		conn, err := d.dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return d.handshake(ctx, conn, address)
	}
	conn, err := d.tunnel(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return d.handshake(ctx, conn, address)
}

// handshakeError is what went wrong before a TLS connection was there.
type handshakeError struct{ err error }

func (e *handshakeError) Error() string { return e.err.Error() }
func (e *handshakeError) Unwrap() error { return e.err }

func (d dialer) handshake(ctx context.Context, conn net.Conn, address string) (net.Conn, error) {
	config := d.tls.Clone()
	config.NextProtos = []string{"http/1.1"}
	if config.ServerName == "" || address != origin(d.base) {
		config.ServerName, _, _ = net.SplitHostPort(address)
	}
	secured := tls.Client(conn, config)
	if err := secured.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, &handshakeError{err}
	}
	return &wire{Conn: secured}, nil
}

// tunnel asks the proxy for a connection to the target (RFC 9110 section 9.3.6).
func (d dialer) tunnel(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := d.dial(ctx, network, origin(d.proxy))
	if err != nil {
		return nil, err
	}
	if d.proxy.Scheme == "https" {
		if conn, err = d.handshake(ctx, conn, origin(d.proxy)); err != nil {
			return nil, err
		}
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	if err := d.connect(conn, address); err != nil {
		conn.Close()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, &net.OpError{Op: "dial", Net: network, Err: err}
	}
	return conn, nil
}

func (d dialer) connect(conn net.Conn, address string) error {
	text := "CONNECT " + address + " HTTP/1.1\r\nHost: " + address + "\r\n"
	if u := d.proxy.User; u != nil {
		password, _ := u.Password()
		text += "Proxy-Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(u.Username()+":"+password)) + "\r\n"
	}
	if _, err := conn.Write([]byte(text + "\r\n")); err != nil {
		return err
	}
	// The target says nothing before its TLS client does, so that the reader can hold no byte of it.
	res, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: http.MethodConnect})
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("it answered %s when asked for %s", res.Status, address)
	}
	return nil
}

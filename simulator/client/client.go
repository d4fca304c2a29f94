package client

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"time"

	"github.com/go-resty/resty/v2"

	"scimproof/reports/result"
)

// Config is how to speak with one target.
type Config struct {
	BaseURL       string
	Token         Secret            // none: no Authorization is sent
	MediaType     string            // of what is sent and asked for; empty: that of SCIM
	Timeout       time.Duration     // of an exchange, from connecting to the last byte; zero: 30 seconds
	UserAgent     string            // empty: "scimproof"
	Credential    result.Credential // whose the token is, for the evidence
	EvidenceLimit int               // bytes of a body that an Exchange keeps; zero: 64 KiB
	MaxBody       int64             // bytes of a body that an Answer holds, decoded; more is a Failure; zero: 64 MiB
	TLS           *tls.Config       // nil: the roots of this machine

	// Proxy chooses a proxy, as http.ProxyFromEnvironment does; nil: none. A target on this machine never has one.
	Proxy func(*http.Request) (*url.URL, error)

	// Redact masks more than the built-in rules in a text that is recorded; nil: nothing more.
	Redact func(string) string

	// Clock measures exchanges; nil: that of the machine.
	Clock func() time.Time
}

// Client speaks with one target. It is safe for use by many goroutines.
type Client struct {
	config    Config
	base      *url.URL
	token     Secret
	timeout   time.Duration
	userAgent string
	media     string
	evidence  int
	maxBody   int64
	clock     func() time.Time
	redact    redactor
	dialer    dialer
	transport *http.Transport
	rest      *resty.Client
}

// idle is how long a connection waits for its next exchange. Servers wait longer, though some count the time that they were busy, so that it is rarely they who close it,
// which cuts short an exchange that starts at that moment.
const idle = time.Second

// New makes a client. It sends nothing.
func New(c Config) (*Client, error) {
	base, err := ParseBaseURL(c.BaseURL)
	if err != nil {
		return nil, err
	}
	client := &Client{
		config:    c,
		base:      base,
		token:     c.Token,
		timeout:   or(c.Timeout, 30*time.Second),
		userAgent: or(c.UserAgent, "scimproof"),
		media:     or(c.MediaType, MediaType),
		evidence:  or(c.EvidenceLimit, 64<<10),
		maxBody:   or(c.MaxBody, 64<<20),
		clock:     c.Clock,
		redact:    newRedactor(c.Token, c.Redact),
	}
	if client.clock == nil {
		client.clock = time.Now
	}
	if client.dialer, err = newDialer(base, c); err != nil {
		return nil, err
	}
	client.transport = client.dialer.transport()
	client.rest = resty.NewWithClient(&http.Client{
		Transport:     verbatim{client.transport},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	})
	client.rest.SetPreRequestHook(func(_ *resty.Client, r *http.Request) error { return underway(r.Context()).prepare(r) })
	return client, nil
}

func or[T comparable](value, fallback T) T {
	var zero T
	if value == zero {
		return fallback
	}
	return value
}

// At is a client that speaks as this one does with another base URL and another token. The base URL may be relative to that of this one.
func (c *Client) At(baseURL string, token Secret) (*Client, error) {
	u, err := c.base.Parse(baseURL)
	if err != nil {
		return nil, err
	}
	other := c.config
	other.BaseURL, other.Token = u.String(), token
	if token != "" && token != c.token {
		other.Credential = result.OfOther
	}
	return New(other)
}

// BaseURL is that of the target, without a slash at its end.
func (c *Client) BaseURL() string { return c.base.String() }

// Brings says whether a token is the one that requests bring.
func (c *Client) Brings(token Secret) bool { return token != "" && token == c.token }

// Close closes the connections that wait for their next exchange.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// Do sends one request and reads its answer. An answer of any status is no error.
//
// Without a complete answer the error is a *Failure, or wraps that of ctx where ctx ended; the Answer then holds what came, and the exchange
// as far as it went. It is nil where the request could not be built.
func (c *Client) Do(ctx context.Context, r Request) (*Answer, error) {
	x, err := c.exchange(&r)
	if err != nil {
		return nil, err
	}
	limit, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	x.cancel = cancel
	limit, stop := context.WithTimeoutCause(limit, c.timeout, errTimeout)
	defer stop()

	started := c.clock()
	res, err := x.send(limit, c.rest)
	answer := &Answer{}
	if err == nil {
		answer.Status, answer.Header = res.StatusCode, x.header
		answer.Body, err = readBody(res, c.maxBody)
	}
	if err != nil {
		err = c.classify(ctx, limit, x.tape, err)
	}
	answer.Exchange = c.record(x, answer, err)
	c.time(&answer.Exchange, started)
	return answer, err
}

func (c *Client) time(e *result.Exchange, started time.Time) {
	e.DurationMs = float64(c.clock().Sub(started)) / float64(time.Millisecond)
	e.Started = started.Round(0) // without the monotonic reading
}

// exchange is one request under way.
type exchange struct {
	method string
	url    *url.URL // where the connection goes; the request line is in its Opaque
	fields []result.Header
	body   []byte
	tape   *tape
	header http.Header // of the answer
	cancel context.CancelCauseFunc
}

func (c *Client) exchange(r *Request) (*exchange, error) {
	if r.Method == "" || strings.ContainsFunc(r.Method, separator) {
		return nil, fmt.Errorf("client: %q is no method", r.Method)
	}
	target, err := c.target(r)
	if err != nil {
		return nil, err
	}
	fields, err := c.fields(r)
	if err != nil {
		return nil, err
	}
	if c.dialer.absolute() {
		target = "//" + c.base.Host + target
	}
	// Opaque goes to the wire as it stands, where Path would be escaped anew.
	return &exchange{method: r.Method, url: &url.URL{Scheme: c.base.Scheme, Host: c.base.Host, Opaque: target}, fields: fields, body: r.Body, tape: &tape{}}, nil
}

type exchangeKey struct{}

func underway(ctx context.Context) *exchange { return ctx.Value(exchangeKey{}).(*exchange) }

func (x *exchange) send(ctx context.Context, rest *resty.Client) (*http.Response, error) {
	ctx = context.WithValue(ctx, exchangeKey{}, x)
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: x.connected})
	res, err := rest.R().SetContext(ctx).SetDoNotParseResponse(true).Execute(x.method, x.url.Scheme+"://"+x.url.Host+"/")
	if err != nil {
		return nil, err
	}
	return res.RawResponse, nil
}

// connected gives the exchange its connection. A second one is net/http trying again what broke on the first; that may be only where nothing has left.
func (x *exchange) connected(info httptrace.GotConnInfo) {
	w, ok := info.Conn.(*wire)
	if !ok {
		return
	}
	if wrote, _ := x.tape.counts(); wrote > 0 {
		w.refuse()
		x.cancel(errResend)
		return
	}
	w.begin(x.tape)
}

// prepare makes the request what the caller asked for, whatever resty made of it.
func (x *exchange) prepare(r *http.Request) error {
	var host string
	r.URL = x.url
	r.Header, host = httpHeader(x.fields)
	r.Host = host
	r.Body, r.GetBody, r.ContentLength = nil, nil, 0
	if len(x.body) > 0 {
		r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(x.body)), nil }
		r.Body, _ = r.GetBody()
		r.ContentLength = int64(len(x.body))
	}
	return nil
}

// verbatim is a transport whose answers http.Client takes as they are: without a Location it has nothing to follow and none to refuse.
type verbatim struct{ *http.Transport }

func (v verbatim) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := v.Transport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	underway(r.Context()).header = res.Header
	if res.StatusCode/100 == 3 {
		res.Header = res.Header.Clone()
		res.Header.Del("Location")
	}
	return res, nil
}

var errTimeout = errors.New("no answer in time")

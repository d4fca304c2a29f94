package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"syscall"
)

// Kind is why there is no complete answer.
type Kind string

// The kinds.
const (
	Unreachable Kind = "unreachable" // no way to the host, or a proxy that refuses
	DNS         Kind = "dns"
	Refused     Kind = "refused" // nothing listens
	TLS         Kind = "tls"
	Timeout     Kind = "timeout"
	CutShort    Kind = "cut short" // the connection ended before the answer did
	NotHTTP     Kind = "not HTTP"
	TooLarge    Kind = "too large" // the answer is longer than MaxBody
)

// Failure is an exchange without a complete answer. Its text is for people: what happened, and what to do.
type Failure struct {
	Kind    Kind
	Address string // host and port
	Message string
	Err     error
}

func (f *Failure) Error() string { return f.Message }

// Unwrap is what the network said.
func (f *Failure) Unwrap() error { return f.Err }

// classify turns an error of the transport into a Failure, and the end of the caller's context into an error that wraps that.
func (c *Client) classify(ctx, limit context.Context, t *tape, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("the exchange with %s was interrupted: %w", origin(c.base), ctx.Err())
	}
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err // whose text is the URL again
	}
	wrote, received := t.counts()
	kind, message := c.network(err)
	switch {
	case errors.Is(context.Cause(limit), errTimeout):
		kind, message = Timeout, c.late(wrote, received)
	case errors.Is(context.Cause(limit), errResend):
		kind, message = CutShort, c.short(received)
	case errors.Is(err, errTooLarge):
		kind, message = TooLarge, fmt.Sprintf("the body of the answer of %s is longer than %d bytes; is that the right endpoint?", origin(c.base), c.maxBody)
	case kind != "":
	case received > 0:
		kind, message = c.garbled(t, received, err)
	case wrote > 0:
		kind, message = CutShort, c.short(received)
	default:
		kind, message = Unreachable, fmt.Sprintf("cannot send to %s: %v", c.dialer.where(), err)
	}
	return &Failure{Kind: kind, Address: origin(c.base), Message: message, Err: err}
}

// network names what went wrong before a connection was there, empty where one was.
func (c *Client) network(err error) (Kind, string) {
	var dns *net.DNSError
	var shake *handshakeError
	var op *net.OpError
	where := c.dialer.where()
	switch {
	case errors.As(err, &dns):
		return DNS, fmt.Sprintf("no address is known for %s; is the name right, and can this machine resolve it?", dns.Name)
	case errors.As(err, &shake) && errors.Is(err, context.DeadlineExceeded):
		return Timeout, fmt.Sprintf("%s did not finish the TLS handshake within %s; does it speak TLS?", origin(c.base), c.timeout)
	case errors.As(err, &shake) || alert(err):
		return TLS, c.handshakeHint(err)
	case errors.Is(err, syscall.ECONNREFUSED):
		return Refused, fmt.Sprintf("nothing listens at %s; is the server running?", where)
	case errors.As(err, &op) && op.Op == "dial" && op.Timeout():
		return Timeout, fmt.Sprintf("%s does not accept a connection within %s; is the address right, and does a firewall let it through?", where, c.timeout)
	case errors.As(err, &op) && op.Op == "dial":
		return Unreachable, fmt.Sprintf("cannot reach %s: %v; look at the network, the VPN and the proxy", where, op.Err)
	}
	return "", ""
}

func (c *Client) handshakeHint(err error) string {
	host := origin(c.base)
	var (
		authority x509.UnknownAuthorityError
		name      x509.HostnameError
		invalid   x509.CertificateInvalidError
		record    tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &authority):
		return fmt.Sprintf("nothing on this machine vouches for the certificate of %s; give the certificate of the authority that signed it", host)
	case errors.As(err, &name):
		return fmt.Sprintf("the certificate of %s is for another name: %v; write the base URL with a name it is for", host, name)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return fmt.Sprintf("the certificate of %s has expired or is not valid yet; renew it, or set this machine's clock right", host)
	case errors.As(err, &record):
		return fmt.Sprintf("%s does not speak TLS; is the base URL one with http://?", host)
	case alert(err):
		return fmt.Sprintf("%s broke off the TLS handshake: %v; does it want a client certificate, or another version of TLS?", host, err)
	}
	return fmt.Sprintf("no TLS connection to %s: %v", host, err)
}

// alert tells an alert of the other side, which with TLS 1.3 may come after the handshake, about the client's certificate.
func alert(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "remote error"
}

func (c *Client) late(wrote, received int64) string {
	switch {
	case wrote == 0:
		return fmt.Sprintf("no connection to %s within %s; is the address right, and does a firewall let it through?", c.dialer.where(), c.timeout)
	case received == 0:
		return fmt.Sprintf("%s did not answer within %s; is it busy, or is the time-out too short?", origin(c.base), c.timeout)
	}
	return fmt.Sprintf("the answer of %s was not complete within %s; %d bytes of it came", origin(c.base), c.timeout, received)
}

func (c *Client) short(received int64) string {
	if received == 0 {
		return fmt.Sprintf("%s closed the connection without a byte of an answer; its log may say why", origin(c.base))
	}
	return fmt.Sprintf("%s closed the connection before the answer was complete; %d bytes of it came", origin(c.base), received)
}

// garbled tells an answer that broke off from one that was none.
func (c *Client) garbled(t *tape, received int64, err error) (Kind, string) {
	_, in := t.bytes()
	host := origin(c.base)
	switch {
	case len(in) > 1 && in[0] == 0x15 && in[1] == 0x03: // a TLS alert (RFC 8446 section 5.1)
		return NotHTTP, fmt.Sprintf("%s speaks TLS; write the base URL with https://", host)
	case !strings.HasPrefix("HTTP/", string(in[:min(len(in), 5)])):
		return NotHTTP, fmt.Sprintf("%s answers, but not in HTTP: %q; is that the right port?", host, in[:min(len(in), 40)])
	case broken(err) || t.cutInHead():
		return CutShort, c.short(received)
	}
	return NotHTTP, fmt.Sprintf("%s sends what is no HTTP answer: %v", host, err)
}

func broken(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

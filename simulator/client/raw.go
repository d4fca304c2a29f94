package client

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// RawOptions say how bytes are written that no HTTP library would write so.
type RawOptions struct {
	Chunk int           // bytes of one write; zero: all at once
	Pause time.Duration // between writes
	Close bool          // ends the sending side when all is written, so that the target sees the end of what was cut short
}

// Raw writes bytes as they stand on a connection of their own and reads one answer, which it takes for that of the method that they start with.
// Secrets in them are the caller's: Bytes gives a request with the token to start from. Errors are those of Do.
func (c *Client) Raw(ctx context.Context, data []byte, opt RawOptions) (*Answer, error) {
	if c.dialer.absolute() {
		return nil, fmt.Errorf("client: bytes cannot go through %s as they stand; give a target that is reached without a proxy", c.dialer.where())
	}
	method, _, _ := strings.Cut(string(data[:min(len(data), 32)]), " ")
	_, body, _ := bytes.Cut(data, []byte("\r\n\r\n"))
	x := &exchange{method: method, url: c.base, body: body, tape: &tape{}}
	limit, stop := context.WithTimeoutCause(ctx, c.timeout, errTimeout)
	defer stop()

	started := c.clock()
	answer := &Answer{}
	err := c.raw(limit, x, data, opt, answer)
	if err != nil {
		err = c.classify(ctx, limit, x.tape, err)
	}
	answer.Exchange = c.record(x, answer, err)
	c.time(&answer.Exchange, started)
	return answer, err
}

func (c *Client) raw(ctx context.Context, x *exchange, data []byte, opt RawOptions, answer *Answer) error {
	conn, err := c.dialer.open(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	conn.begin(x.tape)
	written := make(chan error, 1)
	go func() { written <- write(ctx, conn, data, opt) }()
	res, err := finalResponse(bufio.NewReader(conn), x.method)
	if err != nil {
		return errors.Join(err, finished(written))
	}
	answer.Status, answer.Header = res.StatusCode, res.Header
	answer.Body, err = readBody(res, c.maxBody)
	return err
}

// finished is what the writer has to say so far. A target may answer, or hang up, before it has read everything.
func finished(written <-chan error) error {
	select {
	case err := <-written:
		return err
	default:
		return nil
	}
}

func write(ctx context.Context, conn *wire, data []byte, opt RawOptions) error {
	size := or(opt.Chunk, len(data))
	for len(data) > 0 {
		n := min(size, len(data))
		if _, err := conn.Write(data[:n]); err != nil {
			return err
		}
		if data = data[n:]; len(data) == 0 {
			break
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(opt.Pause):
		}
	}
	if half, ok := conn.Conn.(interface{ CloseWrite() error }); ok && opt.Close {
		return half.CloseWrite()
	}
	return nil
}

// finalResponse passes over interim answers (RFC 9110 section 15.2).
func finalResponse(r *bufio.Reader, method string) (*http.Response, error) {
	for {
		res, err := http.ReadResponse(r, &http.Request{Method: method})
		if err != nil || res.StatusCode/100 != 1 || res.StatusCode == http.StatusSwitchingProtocols {
			return res, err
		}
	}
}

// open makes a connection to the target.
func (d dialer) open(ctx context.Context) (*wire, error) {
	dial := d.plain
	if d.base.Scheme == "https" {
		dial = d.secure
	}
	conn, err := dial(ctx, "tcp", origin(d.base))
	if err != nil {
		return nil, err
	}
	return conn.(*wire), nil
}

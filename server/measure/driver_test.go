package measure

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// request is one to send, below the base URL.
type request struct{ method, path, body string }

// connection is one to a target that stays open.
type connection struct {
	net.Conn
	in    *bufio.Reader
	base  *url.URL
	token string
	buf   []byte
}

func dial(base, token string) (*connection, error) {
	u, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	c, err := net.Dial("tcp", u.Host)
	if err != nil {
		return nil, err
	}
	return &connection{Conn: c, in: bufio.NewReaderSize(c, 64<<10), base: u, token: token}, nil
}

// do sends a request and reads the answer. What it costs here is small, so that the target has the machine.
func (c *connection) do(r request) (status int, body []byte, err error) {
	c.buf = fmt.Appendf(c.buf[:0], "%s %s%s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nAccept: application/scim+json\r\n",
		r.method, c.base.Path, r.path, c.base.Host, c.token)
	if r.body != "" {
		c.buf = fmt.Appendf(c.buf, "Content-Type: application/scim+json\r\nContent-Length: %d\r\n", len(r.body))
	}
	c.buf = append(append(c.buf, "\r\n"...), r.body...)
	if _, err := c.Write(c.buf); err != nil {
		return 0, nil, err
	}
	answer, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return 0, nil, err
	}
	defer answer.Body.Close()
	body, err = io.ReadAll(answer.Body)
	return answer.StatusCode, body, err
}

// once sends one request over a connection of its own.
func once(t *testing.T, on target, r request) (status int, body []byte) {
	t.Helper()
	c, err := dial(on.base, on.token)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	status, body, err = c.do(r)
	if err != nil {
		t.Fatal(err)
	}
	return status, body
}

// figures are what a run of one operation came to.
type figures struct {
	requests int
	wall     time.Duration
	cpu      time.Duration // of the serving process, per request
	p50, p99 time.Duration
}

// drive sends the requests that next makes over so many connections, each as soon as the one before is answered, until they have run for
// the time or next has no more. next is called from many goroutines at once with numbers from 0 up.
func drive(t *testing.T, on target, connections int, length time.Duration, want int, next func(n int) (request, bool)) figures {
	t.Helper()
	var numbers atomic.Int64
	var all [][]time.Duration = make([][]time.Duration, connections)
	var failed atomic.Pointer[error]
	fail := func(err error) { failed.CompareAndSwap(nil, &err) }
	var wait sync.WaitGroup
	cpu, began := on.cpu(), time.Now()
	for i := range connections {
		c, err := dial(on.base, on.token)
		if err != nil {
			t.Fatal(err)
		}
		wait.Go(func() {
			defer c.Close()
			for failed.Load() == nil && time.Since(began) < length {
				r, ok := next(int(numbers.Add(1) - 1))
				if !ok {
					return
				}
				sent := time.Now()
				status, body, err := c.do(r)
				all[i] = append(all[i], time.Since(sent))
				switch {
				case err != nil:
					fail(err)
				case status != want:
					fail(fmt.Errorf("%s %s is %d, want %d: %.300s", r.method, r.path, status, want, bytes.TrimSpace(body)))
				}
			}
		})
	}
	wait.Wait()
	wall, spent := time.Since(began), on.cpu()-cpu
	if err := failed.Load(); err != nil {
		t.Fatal(*err)
	}
	latencies := slices.Concat(all...)
	slices.Sort(latencies)
	n := len(latencies)
	return figures{n, wall, spent / time.Duration(n), latencies[n/2], latencies[min(n-1, n*99/100)]}
}

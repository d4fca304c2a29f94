package api

import (
	"bufio"
	"encoding/base32"
	"io"
	"sync"
)

// correlationHeader carries the id by which an answer is found in the call log.
const correlationHeader = "X-Correlation-Id"

// correlations makes ids of 26 letters and digits that do not come twice. The zero value is ready.
type correlations struct {
	mu     sync.Mutex
	source *bufio.Reader // a call to the operating system for each id would cost more than the id
}

var lowerCase = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// next is a fresh id, or "" where the source of randomness fails: what needs it more says so.
func (c *correlations) next(random io.Reader) string {
	var raw [16]byte
	if err := c.read(random, raw[:]); err != nil {
		return ""
	}
	var text [26]byte
	lowerCase.Encode(text[:], raw[:])
	return string(text[:])
}

func (c *correlations) read(random io.Reader, raw []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.source == nil {
		c.source = bufio.NewReader(random)
	}
	_, err := io.ReadFull(c.source, raw)
	return err
}

package client

import (
	"bytes"
	"errors"
	"net"
	"strings"
	"sync"

	"scimproof/reports/result"
)

// tapeLimit is how many bytes of each direction a tape keeps. Only the heads are read off it; net/http refuses longer ones.
const tapeLimit = 512 << 10

// errResend keeps net/http from sending again what has left once.
var errResend = errors.New("the connection closed before any byte of an answer came")

// tape holds what one exchange wrote and read on its connection.
type tape struct {
	mu       sync.Mutex
	out, in  []byte
	wrote    int64
	received int64
	ended    bool // the connection has nothing more to read
}

func (t *tape) write(p []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.wrote += int64(len(p))
	t.out = keep(t.out, p)
}

// unwrite takes back the last n bytes, which were offered to the connection and did not leave.
func (t *tape) unwrite(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.wrote -= int64(n)
	if int64(len(t.out)) > t.wrote {
		t.out = t.out[:t.wrote]
	}
}

func (t *tape) read(p []byte, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended = t.ended || err != nil
	t.received += int64(len(p))
	t.in = keep(t.in, p)
}

func keep(have, more []byte) []byte {
	return append(have, more[:min(len(more), tapeLimit-len(have))]...)
}

// counts are the bytes that left and came.
func (t *tape) counts() (wrote, received int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.wrote, t.received
}

// cutInHead says that the connection ended before the head of the answer did.
func (t *tape) cutInHead() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.ended && !bytes.HasSuffix(t.in, []byte("\n\n")) && !bytes.Contains(t.in, []byte("\r\n\r\n"))
}

// serverError says that what came is an answer of 500 or more.
func (t *tape) serverError() bool {
	if t == nil {
		return false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	_, status, _ := bytes.Cut(t.in[:min(len(t.in), 16)], []byte(" "))
	return bytes.HasPrefix(status, []byte("5"))
}

// bytes are copies of what is kept.
func (t *tape) bytes() (out, in []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return bytes.Clone(t.out), bytes.Clone(t.in)
}

// wire is a connection that writes what passes on the tape of the exchange that has it. One exchange at a time has a connection.
type wire struct {
	net.Conn
	mu      sync.Mutex
	tape    *tape
	refused bool
}

// begin gives the connection to an exchange, but not one that carried an answer of 500 or more. Servers that broke on a request often close its
// connection right behind the answer, which would cut the next exchange short; net/http takes another connection where nothing has left.
func (w *wire) begin(t *tape) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.tape.serverError() {
		w.refused = true
		return
	}
	w.tape = t
}

// refuse lets nothing leave any more.
func (w *wire) refuse() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.refused = true
}

func (w *wire) now() (*tape, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.tape, w.refused
}

// Write records first: an answer may be here before the call returns.
func (w *wire) Write(p []byte) (int, error) {
	t, refused := w.now()
	if refused {
		return 0, errResend
	}
	if t == nil {
		return w.Conn.Write(p)
	}
	t.write(p)
	n, err := w.Conn.Write(p)
	t.unwrite(len(p) - n)
	return n, err
}

func (w *wire) Read(p []byte) (int, error) {
	n, err := w.Conn.Read(p)
	if t, _ := w.now(); t != nil {
		t.read(p[:n], err)
	}
	return n, err
}

// head is the start of a message: its first line and its fields as they were spelled.
type head struct {
	line   string
	fields []result.Header
}

// readHead takes a head off the front of data. A head that is not complete is read as far as it goes.
func readHead(data []byte) (head, []byte) {
	var h head
	first := true
	for len(data) > 0 {
		line, rest, _ := bytes.Cut(data, []byte("\n"))
		data = rest
		text := strings.TrimSuffix(string(line), "\r")
		switch {
		case first:
			h.line, first = text, false
		case text == "":
			return h, data
		case (text[0] == ' ' || text[0] == '\t') && len(h.fields) > 0: // a folded value (RFC 9112 section 5.2)
			h.fields[len(h.fields)-1].Value += " " + strings.TrimSpace(text)
		default:
			name, value, _ := strings.Cut(text, ":")
			h.fields = append(h.fields, result.Header{Name: name, Value: strings.TrimSpace(value)})
		}
	}
	return h, nil
}

// answerHead is the head of the final answer; interim ones (RFC 9110 section 15.2) before it are passed over.
func answerHead(data []byte) head {
	for {
		h, rest := readHead(data)
		_, status, _ := strings.Cut(h.line, " ")
		if !strings.HasPrefix(status, "1") || strings.HasPrefix(status, "101") || len(rest) == 0 {
			return h
		}
		data = rest
	}
}

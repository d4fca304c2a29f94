package calllog

import (
	"bytes"
	"context"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
)

// Exchange is what a call that failed sent and got. Whoever records it has masked its secrets; the log looks for none.
type Exchange struct {
	Time        time.Time `json:"time"` // of its Call, as are the next two
	Correlation string    `json:"correlation"`
	Part        int       `json:"part"`
	Request     Message   `json:"request"`
	Answer      Message   `json:"answer"`
}

// Message is one side of an exchange.
type Message struct {
	Headers []Header `json:"headers"`
	Body    string   `json:"body"`
	Bytes   int64    `json:"bytes"` // of the whole body
	Kept    Kept     `json:"kept"`
}

// Header is a line of a header.
type Header struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Kept says how much of a body an exchange has.
type Kept string

// What an exchange has of a body.
const (
	Whole    Kept = "whole"
	Begins   Kept = "beginning" // the rest was too much
	Withheld Kept = "size"      // nothing but its size, since its secrets could not be told from the rest
	Nothing  Kept = "nothing"   // there was none, or nobody read it
)

// appendExchange writes an exchange as a line of JSON.
func appendExchange(dst []byte, e *Exchange) ([]byte, error) {
	line, err := json.Marshal(e)
	if err != nil {
		return dst, err
	}
	return append(append(dst, line...), '\n'), nil
}

// Exchanges returns what is kept of the exchanges with a correlation id: that of a request, or those of the operations of a /Bulk request.
func (r *Reader) Exchanges(ctx context.Context, correlation string) ([]Exchange, error) {
	word := strconv.AppendQuote(nil, correlation)
	var out []Exchange
	err := r.lines(ctx, exchangeFiles, func(line []byte) error {
		var e Exchange
		if bytes.Contains(line, word) && json.Unmarshal(line, &e) == nil && e.Correlation == correlation {
			out = append(out, e)
		}
		return nil
	})
	return out, err
}

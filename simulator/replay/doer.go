package replay

import (
	"context"
	"net/http"

	"scimproof/reports/result"
	"scimproof/simulator/persona"
)

// Doer sends one request to the target, adds the credentials, and records the exchange. It sends the header fields it is given and none
// of its own making beside Authorization, Host and Content-Length; a User-Agent with an empty value means that none is sent.
// An answer of any status is no error; with an error the answer may still carry the exchange.
type Doer interface {
	Do(ctx context.Context, r Request) (*Answer, error)
}

// Request is what goes over the wire.
type Request struct {
	Method string
	Path   string // below the base URL, escaped
	Query  string // escaped, byte for byte, without the question mark
	Header []result.Header
	Body   []byte // nil for none
}

// Answer is what came back.
type Answer struct {
	Status   int
	Header   http.Header
	Body     []byte // decoded, where the target compressed it
	Exchange result.Exchange
}

func request(w *persona.Wire) Request {
	r := Request{Method: w.Method, Path: w.Path, Query: w.Query, Body: w.Body}
	for _, h := range w.Header {
		r.Header = append(r.Header, result.Header{Name: h.Name, Value: h.Value})
	}
	return r
}

package replay

import (
	"context"
	"slices"
	"strings"

	"scimproof/reports/result"
	"scimproof/simulator/client"
	"scimproof/simulator/persona"
)

// Doer sends one request to the target and records the exchange; *client.Client is one.
// An answer of any status is no error; with an error the answer may still carry the exchange.
type Doer interface {
	Do(ctx context.Context, r client.Request) (*client.Answer, error)
}

var _ Doer = (*client.Client)(nil)

// defaults are the fields that the client fills in where a request is silent. A persona is whole: what it does not name, it does not send.
var defaults = []string{"User-Agent", "Accept", "Content-Type"}

// request is what an identity provider puts on the wire.
func request(w *persona.Wire) client.Request {
	return client.Request{Auth: auth(w.Auth), Method: w.Method, Path: w.Path, Query: w.Query, Header: fields(w.Header), Body: w.Body}
}

func auth(a persona.Auth) client.Auth {
	if a == persona.Raw {
		return client.AuthRaw
	}
	return client.AuthBearer
}

func fields(given []persona.Header) []result.Header {
	var out []result.Header
	for _, h := range given {
		out = append(out, result.Header{Name: h.Name, Value: h.Value})
	}
	for _, name := range defaults {
		if !slices.ContainsFunc(given, func(h persona.Header) bool { return strings.EqualFold(h.Name, name) }) {
			out = append(out, result.Header{Name: name})
		}
	}
	return out
}

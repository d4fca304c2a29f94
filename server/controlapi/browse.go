package controlapi

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"scimproof/server/control"
	"scimproof/server/engine"
	"scimproof/server/scim"
	"scimproof/server/store"
)

// largestPage is how many resources a page has at most.
const largestPage = 100

// resources are the accounts and groups of an application, to read only: what an application made, an application changes.
func resources(p *control.Plane) routes {
	if p.Browse == nil {
		return nil
	}
	return routes{
		"/v1/applications/{id}/users":  {"GET": browsed(p, "User")},
		"/v1/applications/{id}/groups": {"GET": browsed(p, "Group")},
	}
}

func browsed(p *control.Plane, typ string) endpoint {
	return func(_ http.ResponseWriter, r *http.Request) (int, any, error) {
		id, err := pathID(r)
		if err != nil {
			return 0, nil, err
		}
		q, err := readQuery(r.URL.RawQuery)
		if err != nil {
			return 0, nil, err
		}
		page, err := p.Browse(r.Context(), id, typ, q)
		if errors.Is(err, store.ErrNotFound) {
			err = whyUnseen(r.Context(), p, id)
		}
		if e := (*scim.Error)(nil); errors.As(err, &e) {
			err = &control.Error{Status: e.Status, Code: "InvalidParameter.Filter", Message: e.Detail} // nothing else of a query is SCIM's
		}
		return http.StatusOK, jsontext.Value(page.Body), err
	}
}

// whyUnseen says why nothing can be browsed of an application.
func whyUnseen(ctx context.Context, p *control.Plane, id string) error {
	if _, err := p.Application(ctx, id); err != nil {
		return err
	}
	return &control.Error{
		Status: http.StatusConflict, Code: "OperationDenied.TemplateApplication", Message: "A template application sees no accounts; name a standard or custom one.",
	}
}

// readQuery reads filter, startIndex and count.
func readQuery(raw string) (q engine.Query, err error) {
	err = readParameters(raw, func(name, value string) error { return readParameter(&q, name, value) })
	return q, err
}

func readParameter(q *engine.Query, name, value string) (err error) {
	switch {
	case name == "filter" && (!utf8.ValidString(value) || strings.ContainsRune(value, 0)):
		return illBody(pointer(name), "This is no UTF-8 or has the character U+0000; write plain text.")
	case name == "filter":
		q.Filter = value
	case name == "startIndex":
		q.StartIndex, err = number(name, value, 1, 1<<31-1)
	case name == "count":
		q.Count, err = number(name, value, 0, largestPage)
	default:
		return illBody(pointer(name), "There is no such parameter here; write filter, startIndex or count.")
	}
	return err
}

// readParameters has each parameter of a query string read, as strictly as a body is.
func readParameters(raw string, read func(name, value string) error) error {
	params, err := url.ParseQuery(raw)
	if err != nil {
		return &control.Error{
			Status: http.StatusBadRequest, Code: "InvalidParameter.Query", Message: "The query string cannot be decoded; percent-encode what is no letter or digit.",
		}
	}
	for name, values := range params {
		if len(values) > 1 {
			return illBody(pointer(name), "This parameter is there twice; leave one out.")
		}
		if err := read(name, values[0]); err != nil {
			return err
		}
	}
	return nil
}

func number(name, text string, least, most int) (*int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return nil, illBody(pointer(name), "This is a whole number from %d to %d; write one.", least, most)
	}
	return &n, nil
}

// pointer makes the pointer by which illBody knows a parameter.
func pointer(name string) jsontext.Pointer { return jsontext.Pointer("").AppendToken(name) }

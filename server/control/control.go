package control

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"scimproof/server/calllog"
	"scimproof/server/engine"
	"scimproof/server/store"
)

// Plane carries out control operations. Store, Clock and Random are required.
type Plane struct {
	Store     store.Store
	Clock     func() time.Time
	Random    io.Reader
	TestClock *TestClock   // what Clock shows, where it may be moved
	Browse    Browse       // where resources are to be seen, too
	BrowseAll Browse       // the same for all of an application's directory, whatever its scope
	Calls     *calllog.Log // to show what was called, or nil where no record is kept
	Origin    string       // of the SCIM Base URLs, or "" where no server is known that has them
}

// Browse answers a query over the resources of a type, User or Group, as an application sees them: with a ListResponse of SCIM
// (RFC 7644 section 3.4.2), with a *scim.Error, or with store.ErrNotFound where the application has no SCIM Base URL or is not there.
type Browse func(ctx context.Context, application, typ string, q engine.Query) (engine.Result, error)

// Error is a refusal of the control plane: 400 for a value, 409 for a state, 404 for what is not there. Nothing has changed.
type Error struct {
	Status  int
	Code    string // "InvalidParameter.ExpirationTime"
	Message string // one or two sentences; the last says what to do
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

func invalid(parameter, format string, args ...any) error {
	return &Error{http.StatusBadRequest, "InvalidParameter." + parameter, fmt.Sprintf(format, args...)}
}

func denied(code, format string, args ...any) error {
	return &Error{http.StatusConflict, "OperationDenied." + code, fmt.Sprintf(format, args...)}
}

// inWords are the kinds of things that codes name.
var inWords = map[string]string{
	"Instance": "instance", "Application": "application", "ApplicationToken": "token", "CustomField": "extended field", "OrganizationalUnit": "organization",
}

func notFound(kind, id string) error {
	return &Error{http.StatusNotFound, "ResourceNotFound." + kind, fmt.Sprintf("There is no %s %s; it may have been deleted.", inWords[kind], id)}
}

func (p *Plane) now() time.Time { return p.Clock().UTC().Truncate(time.Millisecond) }

func (p *Plane) id(kind string) (string, error) { return engine.NewID(p.Random, kind) }

// absent says in the control plane's words that something is not there.
func absent(err error, kind, id string) error {
	if errors.Is(err, store.ErrNotFound) {
		return notFound(kind, id)
	}
	return err
}

// text holds what people read to a length in characters, and to characters that can be seen.
func text(parameter, value string, shortest, longest int) error {
	if n := utf8.RuneCountInString(value); n < shortest || n > longest {
		return invalid(parameter, "This has %d characters; write %d to %d.", n, shortest, longest)
	}
	if !utf8.ValidString(value) || strings.ContainsFunc(value, unseen) {
		return invalid(parameter, "This has control characters or is no UTF-8; write plain text.")
	}
	if strings.TrimSpace(value) != value {
		return invalid(parameter, "This begins or ends with a space; leave it out.")
	}
	return nil
}

// unseen are the characters that a page does not show, and those by which it shows others in another order. Two of them stand within words of
// some languages.
func unseen(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) && r != '\u200c' && r != '\u200d'
}

// distinct drops what a list says again.
func distinct(list []string) []string {
	var out []string
	said := map[string]bool{}
	for _, s := range list {
		if !said[s] {
			said[s] = true
			out = append(out, s)
		}
	}
	return out
}

// read asks the store for one thing.
func read[T any](ctx context.Context, p *Plane, get func(store.Reader) (T, error)) (out T, err error) {
	err = p.Store.Read(ctx, func(r store.Reader) error {
		out, err = get(r)
		return err
	})
	return out, err
}

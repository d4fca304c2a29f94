// Package api speaks HTTP: the SCIM endpoints of every application, their bearer tokens, limits and errors (RFC 7644).
package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"scimproof/server/calllog"
	"scimproof/server/control"
	"scimproof/server/engine"
	"scimproof/server/metrics"
	"scimproof/server/scim"
	"scimproof/server/store"
)

// Limits bound what a request may cost.
type Limits struct {
	Body      int64 // bytes of a request body
	GroupBody int64 // bytes of a request body for a type with linked attributes, since clients write whole groups
	BulkBody  int64 // bytes of a request body for /Bulk
	// BulkOperations is how many operations a request for /Bulk has at most.
	BulkOperations int
}

// DefaultLimits are the limits of quality worth having: 1 MiB, 32 MiB for groups, 10 MiB and 1000 operations for /Bulk.
var DefaultLimits = Limits{Body: 1 << 20, GroupBody: 32 << 20, BulkBody: 10 << 20, BulkOperations: 1000}

// API serves the SCIM endpoints of all applications below /v2/{instance}/{application}/scim, and the token endpoint beside each. All
// fields but PublicOrigin, Calls and Metrics are required.
type API struct {
	Engine       *engine.Engine
	Profiles     map[string]*engine.Profile
	WithFields   WithFields
	Limits       Limits
	PublicOrigin string // "https://scim.example.com", or "" to take the request's own
	Log          *slog.Logger
	Clock        func() time.Time
	Calls        *calllog.Log     // or nil to keep no record of the calls
	Metrics      *metrics.Metrics // or nil to count none of them

	streams      atomic.Int32 // answers that are leaving while they are read
	profiles     profiles
	correlations correlations
	using        sync.Map // ids of tokens whose use is being written down
}

var _ http.Handler = (*API)(nil)

// call is one request on its way through the API.
type call struct {
	*API
	w    http.ResponseWriter
	r    *http.Request
	app  *engine.App
	rest []string // path segments below the base URL

	value string      // of the bearer token that came with it, or ""
	token store.Token // that opened it
	begun bool        // whether the beginning of an answer has left, while the rest is still to come

	reply         reply  // what w is
	authenticated bool   // whether token is good here
	received      int64  // bytes of the body that were read
	body          []byte // of the request, where it was read whole, for the exchange of a failure
	errorBody     []byte // of the answer, where it is an Error
	operations    []engine.BulkResult
	failure       *scim.Error
	correlation   string // of the answer with its record
}

// ServeHTTP answers a request. Whatever goes wrong at a SCIM endpoint, the answer is a SCIM Error.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &call{API: a, r: r, reply: reply{ResponseWriter: w}}
	c.w = &c.reply
	if c.correlation = a.correlations.next(a.Engine.Random); c.correlation != "" {
		w.Header().Set(correlationHeader, c.correlation)
	}
	if a.Calls != nil || a.Metrics != nil {
		defer c.record(a.Clock()) // last of all, also where the connection breaks off
	}
	defer func() {
		if p := recover(); p != nil {
			if p == http.ErrAbortHandler {
				panic(p)
			}
			a.Log.Error("panic", "method", r.Method, "error", p, "stack", string(debug.Stack()))
			c.fail(scim.Refuse(http.StatusInternalServerError, "The server failed on this request; it has been logged."))
		}
	}()
	if err := c.serve(); err != nil {
		c.fail(a.explain(r, err))
	}
}

// fail answers with an Error. Where the beginning of another answer has left, it is too late for one: the connection breaks off, so that
// the client sees that the answer is not whole.
func (c *call) fail(e *scim.Error) {
	c.failure = e
	if c.begun {
		panic(http.ErrAbortHandler)
	}
	c.writeError(e)
}

// explain turns an error into what the client is told. One that is the server's is logged.
func (a *API) explain(r *http.Request, err error) *scim.Error {
	var known *scim.Error
	switch {
	case errors.As(err, &known):
		return known
	case errors.Is(err, context.Canceled):
		return scim.Refuse(http.StatusServiceUnavailable, "The request was given up.")
	}
	a.Log.Error("request failed", "method", r.Method, "error", err)
	return scim.Refuse(http.StatusInternalServerError, "The server failed on this request; it has been logged.")
}

func (c *call) serve() (err error) {
	instance, application, rest, ok := splitPath(c.r.URL.EscapedPath())
	switch {
	case ok && slices.Equal(rest, []string{"oauth2", "token"}):
		c.issue(instance, application)
		return nil
	case !ok || rest[0] != "scim":
		return scim.Refuse(http.StatusNotFound, "There is nothing at this address; a SCIM base URL is /v2/{instance}/{application}/scim.")
	}
	c.rest, c.value = rest[1:], bearer(c.r)
	if err = c.enter(instance, application); err != nil {
		return err
	}
	return c.route()
}

// enter finds what a base URL belongs to, and the token that the request has for it. Whether that is good, authenticate says.
func (c *call) enter(instance, application string) error {
	var digest []byte
	if c.value != "" {
		digest = control.Digest(c.value)
	}
	found, err := c.find(instance, application, digest)
	if errors.Is(err, store.ErrNotFound) {
		return scim.Refuse(http.StatusNotFound, "application_not_found: no application has this base URL; copy it from the application's settings.")
	}
	if err != nil {
		return err
	}
	return c.take(found)
}

// find looks up the application that an address names, and the token with the digest. ErrNotFound where the address is nobody's.
func (c *call) find(instance, application string, digest []byte) (store.Admission, error) {
	found, err := c.Engine.Store.Admit(c.r.Context(), withPrefix("app_", application), digest)
	if err == nil && (found.Instance.ID != withPrefix("idaas_", instance) || found.Application.Kind == control.Template) {
		err = store.ErrNotFound
	}
	return found, err
}

// take makes an application and a token those of the call.
func (c *call) take(found store.Admission) error {
	profile, err := c.profile(found)
	if err != nil {
		return err
	}
	c.token = found.Token
	c.app = &engine.App{
		Application: found.Application, Instance: found.Instance, Profile: profile,
		View: control.ViewOf(found.Application), BaseURL: c.origin(c.r) + BasePath(found.Application),
	}
	return nil
}

// plane is the control plane over the same store, for what it knows of tokens.
func (a *API) plane() *control.Plane {
	return &control.Plane{Store: a.Engine.Store, Clock: a.Clock, Random: a.Engine.Random}
}

// BasePath is the path of an application's SCIM Base URL. The ids go without their prefix, since Okta refuses an underscore.
func BasePath(a store.Application) string {
	return "/v2/" + strings.TrimPrefix(a.Instance, "idaas_") + "/" + strings.TrimPrefix(a.ID, "app_") + "/scim"
}

// TokenPath is the path of an application's token endpoint, where a client secret is exchanged for an access token.
func TokenPath(a store.Application) string {
	return strings.TrimSuffix(BasePath(a), "scim") + "oauth2/token"
}

func withPrefix(prefix, id string) string {
	if strings.HasPrefix(id, prefix) {
		return id
	}
	return prefix + id
}

func (a *API) origin(r *http.Request) string {
	if a.PublicOrigin != "" {
		return strings.TrimSuffix(a.PublicOrigin, "/")
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

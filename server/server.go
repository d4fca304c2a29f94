// Package server wires the reference server: a store, the profiles, the SCIM endpoints and the admin endpoints.
package server

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"scimproof/fixtures"
	"scimproof/server/api"
	"scimproof/server/calllog"
	"scimproof/server/control"
	"scimproof/server/engine"
	"scimproof/server/idaas"
	"scimproof/server/metrics"
	"scimproof/server/scim"
	"scimproof/server/store"
)

// Config is what a server is made from.
type Config struct {
	Store        store.Store
	Clock        func() time.Time
	TestClock    *control.TestClock // what Clock shows, where the control API may move it, or nil
	Random       io.Reader          // of cryptographic quality
	Log          *slog.Logger
	PublicOrigin string // origin of Location and $ref, or "" to take each request's own
	Limits       api.Limits
	PasswordCost PasswordCost
	Calls        *calllog.Log     // gets a record of every SCIM call, or nil
	Metrics      *metrics.Metrics // counts every SCIM call, and is shown on the admin listener, or nil
	Schemas      []SchemaFile     // what applications of profile rfc have besides the schemas of the RFC
}

// SchemaFile declares resource types and extensions; docs/schemas.md describes what it holds.
type SchemaFile struct {
	Name string // as errors call it
	Data []byte
}

// maxResults is the size of a page at most, cursorTimeout how long a cursor is good for.
const (
	maxResults    = 100
	cursorTimeout = time.Hour
)

// New makes the handler that serves every application's SCIM Base URL.
func New(c Config) (http.Handler, error) {
	a, err := newAPI(c)
	if err != nil {
		return nil, err
	}
	return a, nil
}

func newAPI(c Config) (*api.API, error) {
	profiles, err := Profiles(c.Schemas...)
	if err != nil {
		return nil, err
	}
	return &api.API{
		Engine:   &engine.Engine{Store: c.Store, Clock: c.Clock, Random: c.Random, Hash: hasher(c.PasswordCost, c.Random)},
		Profiles: profiles, WithFields: idaas.WithFields, Limits: c.Limits, PublicOrigin: c.PublicOrigin, Log: c.Log, Clock: c.Clock,
		Calls: c.Calls, Metrics: c.Metrics,
	}, nil
}

// Control makes the control plane over the same store.
func Control(c Config) *control.Plane {
	seen, all := browse(c)
	return &control.Plane{
		Store: c.Store, Clock: c.Clock, Random: c.Random, TestClock: c.TestClock, Browse: seen, BrowseAll: all, Calls: c.Calls,
	}
}

// Profiles are the profiles that an application can have, of which rfc has more schemas where files declare them. An error about a
// file names it.
func Profiles(schemas ...SchemaFile) (map[string]*engine.Profile, error) {
	list := []*engine.Profile{
		{
			Name: "rfc", Rules: engine.Plain{}, MaxResults: maxResults, ListLinks: true,
			Features: []string{"patch", "filter", "sort", "changePassword", "etag", "bulk", "me", "search", "cursor"}, CursorTimeout: cursorTimeout,
		},
		{
			Name: "idaas", Rules: idaas.Rules{}, MaxResults: maxResults, UniqueExternalID: true,
			Patch:    scim.PatchOptions{CreateOnNoMatch: true, IgnoreUnknown: true},
			Features: []string{"patch", "filter", "sort", "changePassword"},
		},
	}
	out := map[string]*engine.Profile{}
	for _, p := range list {
		var err error
		if p.Registry, err = scim.Load(fixtures.Schemas, p.Name); err != nil {
			return nil, fmt.Errorf("profile %s: %w", p.Name, err)
		}
		if p.Name == "rfc" {
			if p.Registry, err = extend(p.Registry, schemas); err != nil {
				return nil, err
			}
		}
		if err = p.Prepare(); err != nil {
			return nil, fmt.Errorf("profile %s: %w", p.Name, err)
		}
		out[p.Name] = p
	}
	return out, nil
}

func extend(r *scim.Registry, schemas []SchemaFile) (_ *scim.Registry, err error) {
	for _, f := range schemas {
		if r, err = r.Add(f.Name, f.Data); err != nil {
			return nil, err
		}
	}
	return r, nil
}

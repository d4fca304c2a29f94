// Package engine does what SCIM requests ask for (RFC 7644 section 3) over a store, for one application at a time.
// It knows no HTTP. What a profile adds to plain SCIM comes through Rules.
package engine

import (
	"context"
	"encoding/base32"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"scimproof/server/scim"
	"scimproof/server/scim/filter"
	"scimproof/server/store"
)

// Engine carries out SCIM operations. All fields are required.
type Engine struct {
	Store  store.Store
	Clock  func() time.Time
	Random io.Reader
	// Hash turns a password into what is stored. It may wait for its turn.
	Hash func(ctx context.Context, plain string) ([]byte, error)
}

// App is the application a request speaks for.
type App struct {
	Application store.Application
	Instance    store.Instance
	View        store.View
	BaseURL     string // absolute, without a slash at its end
	Profile     *Profile
}

// Has says whether a legal freedom is switched on for the application (package variant).
func (a *App) Has(name string) bool { return slices.Contains(a.Application.Variants, name) }

// Location is the absolute URL of a resource.
func (a *App) Location(rt *scim.ResourceType, id string) string {
	return a.BaseURL + rt.Endpoint + "/" + id
}

// Profile is a set of schemas, capabilities and rules.
type Profile struct {
	Name     string
	Registry *scim.Registry
	Rules    Rules
	// MaxResults is the size of a page at most, and when none is asked for.
	MaxResults int
	// ListLinks says whether lists without a filter carry linked attributes (members).
	ListLinks bool
	// UniqueExternalID makes externalId unique among an application's resources of a type.
	UniqueExternalID bool
	// RefuseUnknown answers 400 to attributes that no schema declares; else they are ignored.
	RefuseUnknown bool
	Patch         scim.PatchOptions
	// Features are the names of what ServiceProviderConfig advertises as supported: "patch", "filter", "sort",
	// and "me" for /Me, which is not advertised.
	// "search" stands for /.search and queries at the root, "cursor" for the cursors of RFC 9865.
	Features []string
	// CursorTimeout is how long a cursor is good for.
	CursorTimeout time.Duration
	index         map[string][]scim.Ref
}

// Has says whether the profile has a feature.
func (p *Profile) Has(feature string) bool { return slices.Contains(p.Features, feature) }

// Prepare resolves what the profile's resource types index. It is called once, before the profile is used.
func (p *Profile) Prepare() error {
	p.index = map[string][]scim.Ref{}
	for _, rt := range p.Registry.Types() {
		refs, err := indexRefs(rt)
		if err != nil {
			return err
		}
		p.index[rt.Name] = refs
	}
	return nil
}

// Result is the answer to an operation.
type Result struct {
	Status   int
	Location string // of the resource, or ""
	Version  string // entity tag of the resource, or ""
	Body     []byte // nil where there is none
}

// newID makes an identifier: the prefix and 26 characters of lower-case base32.
func (e *Engine) newID(rt *scim.ResourceType) (string, error) {
	return NewID(e.Random, strings.ToLower(rt.Name))
}

// NewID makes an identifier of the given kind: "user_" and 26 characters of lower-case base32, 130 random bits.
func NewID(random io.Reader, kind string) (string, error) {
	raw := make([]byte, 17)
	if _, err := io.ReadFull(random, raw); err != nil {
		return "", err
	}
	text := strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw))
	return kind + "_" + text[:26], nil
}

// version writes the entity tag of a record: weak, since projection changes the bytes but not the resource (RFC 7644 section 3.14).
func version(r store.Record) string {
	return `W/"` + strconv.FormatInt(r.Version, 10) + `"`
}

// now is the time to the precision that the store keeps.
func (e *Engine) now() time.Time { return e.Clock().UTC().Truncate(time.Millisecond) }

// translate turns a store's refusal into one that a client understands.
func (a *App) translate(err error, rt *scim.ResourceType, id string) error {
	var conflict *store.Conflict
	switch {
	case err == nil:
		return nil
	case errors.As(err, &conflict):
		return a.Profile.Rules.Conflict(rt, conflict.Attr)
	case errors.Is(err, store.ErrNotFound):
		return a.Profile.Rules.NotFound(rt, id)
	case errors.Is(err, store.ErrTooMany):
		return scim.Bad(scim.TooMany, "The filter has no index to work with and there are too many resources to look at one by one; add a condition such as userName eq.")
	}
	return err
}

// bindFilter reads the filter of a query; it is nil where there is none.
func bindFilter(p *Profile, rt *scim.ResourceType, text string) (scim.Cond, error) {
	if text == "" {
		return nil, nil
	}
	expr, err := filter.Parse(text, filter.Budget{})
	if err != nil {
		return nil, scim.Bad(scim.InvalidFilter, "The filter cannot be read: %v.", err)
	}
	cond, err := rt.Bind(expr)
	if err != nil {
		return nil, err
	}
	return p.Rules.Filter(rt, cond), nil
}

package engine

import (
	"bytes"
	"context"
	"net/http"

	"scimproof/server/scim"
	"scimproof/server/store"
)

// incoming is what a POST or PUT carried, decoded.
type incoming struct {
	object   scim.Object
	named    map[string]bool // top-level names the request held, also as null
	password string
	secret   []byte // hash of the password, or nil
	links    []scim.LinkValue
	hasLinks bool
}

// receive decodes the body of a POST or PUT. Hashing a password is slow and happens here, before any transaction.
func (e *Engine) receive(ctx context.Context, app *App, rt *scim.ResourceType, body []byte) (in incoming, err error) {
	p := app.Profile
	in.named = map[string]bool{}
	in.object, err = rt.Decode(body, scim.DecodeOptions{RefuseUnknown: p.RefuseUnknown, Relax: p.Rules.Relax, Named: in.named})
	if err != nil {
		return in, err
	}
	if err = p.Rules.Received(app, rt, in.object); err != nil {
		return in, err
	}
	if in.links, in.hasLinks, err = rt.TakeLinked(in.object); err != nil {
		return in, err
	}
	in.password = rt.TakeSecret(in.object)
	in.secret, err = e.hash(ctx, in.password)
	return in, err
}

func (e *Engine) hash(ctx context.Context, password string) ([]byte, error) {
	if password == "" {
		return nil, nil
	}
	return e.Hash(ctx, password)
}

// Create answers a POST to a resource type's endpoint (RFC 7644 section 3.3): 201 with the resource, or, where the profile's rules
// recognise a resource that is there, an update of it with 200.
func (e *Engine) Create(ctx context.Context, app *App, rt *scim.ResourceType, body []byte, sel scim.Selection) (Result, error) {
	in, err := e.receive(ctx, app, rt, body)
	if err != nil {
		return Result{}, err
	}
	var out Result
	err = e.Store.Write(ctx, func(tx store.Tx) error {
		id, err := app.Profile.Rules.Match(app, tx, rt, in.object)
		if err != nil {
			return err
		}
		var rec store.Record
		status := http.StatusCreated
		if id == "" {
			rec, err = e.insert(tx, app, rt, in)
		} else {
			rec, err = e.resubmit(tx, app, rt, id, in)
			status = http.StatusOK
		}
		if err != nil {
			return err
		}
		out, err = e.answer(tx, app, rt, rec, sel, status)
		return err
	})
	return out, translate(err, rt, "")
}

func (e *Engine) insert(tx store.Tx, app *App, rt *scim.ResourceType, in incoming) (store.Record, error) {
	after, err := rt.CreateFrom(in.object)
	if err != nil {
		return store.Record{}, err
	}
	id, err := e.newID(rt)
	if err != nil {
		return store.Record{}, err
	}
	c := &Change{
		App: app, Reader: tx, Type: rt, Kind: Create, After: after, Hidden: scim.Object{},
		Touched: in.touched, Password: in.password, ID: id,
	}
	rec := store.Record{ID: id, Type: rt.Name, Created: e.now(), Source: app.Application.ID}
	if err := e.settle(c, &rec, in.secret); err != nil {
		return rec, err
	}
	rec.Version, rec.Modified = 1, rec.Created
	if err := tx.Insert(app.View, rec, app.Profile.UniqueExternalID); err != nil {
		return rec, err
	}
	_, err = e.link(tx, app, rt, id, []scim.LinkOperation{{Op: scim.OpAdd, Values: in.links}})
	return rec, err
}

func (e *Engine) resubmit(tx store.Tx, app *App, rt *scim.ResourceType, id string, in incoming) (store.Record, error) {
	rec, err := tx.Get(app.View, rt.Name, id)
	if err != nil {
		return rec, err
	}
	var links []scim.LinkOperation
	if len(in.links) > 0 {
		links = []scim.LinkOperation{{Op: scim.OpReplace, Values: in.links}}
	}
	return e.update(tx, app, rt, rec, Resubmit, in.touched, in.password, in.secret, links, func(before scim.Object) (scim.Object, error) {
		return rt.Merge(before, in.object)
	})
}

// Replace answers a PUT (RFC 7644 section 3.5.1): 200 with the resource.
func (e *Engine) Replace(ctx context.Context, app *App, rt *scim.ResourceType, id string, body []byte, sel scim.Selection) (Result, error) {
	in, err := e.receive(ctx, app, rt, body)
	if err != nil {
		return Result{}, err
	}
	var links []scim.LinkOperation
	if rt.Linked != "" {
		links = []scim.LinkOperation{{Op: scim.OpReplace, Values: in.links}}
	}
	var out Result
	err = e.Store.Write(ctx, func(tx store.Tx) error {
		rec, err := tx.Get(app.View, rt.Name, id)
		if err != nil {
			return err
		}
		rec, err = e.update(tx, app, rt, rec, Replace, in.touched, in.password, in.secret, links, func(before scim.Object) (scim.Object, error) {
			return rt.ReplaceWith(before, in.object)
		})
		if err != nil {
			return err
		}
		out, err = e.answer(tx, app, rt, rec, sel, http.StatusOK)
		return err
	})
	return out, translate(err, rt, id)
}

// Patch answers a PATCH (RFC 7644 section 3.5.2): 200 with the resource, or 204 for a type with linked attributes unless the
// client selects attributes, which obliges the server to send them.
func (e *Engine) Patch(ctx context.Context, app *App, rt *scim.ResourceType, id string, body []byte, sel scim.Selection) (Result, error) {
	p := app.Profile
	opt := p.Patch
	opt.Relax = p.Rules.Relax
	ops, err := rt.DecodePatch(body, opt)
	if err != nil {
		return Result{}, err
	}
	if ops, err = p.Rules.Operations(app, rt, ops); err != nil {
		return Result{}, err
	}
	plain, links, err := rt.SplitLinked(ops)
	if err != nil {
		return Result{}, err
	}
	named := rt.Touched(plain)
	touched := func(name string) bool { return named[name] }
	secret, err := e.patchSecret(ctx, rt, plain, opt)
	if err != nil {
		return Result{}, err
	}
	var out Result
	err = e.Store.Write(ctx, func(tx store.Tx) error {
		rec, err := tx.Get(app.View, rt.Name, id)
		if err != nil {
			return err
		}
		var password string
		rec, err = e.update(tx, app, rt, rec, Patch, touched, "", secret.hash, links, func(before scim.Object) (scim.Object, error) {
			after, err := rt.Patch(before, plain, opt)
			if err == nil {
				password = rt.TakeSecret(after)
			}
			return after, err
		}, func(c *Change) { c.Password = password })
		if err != nil {
			return err
		}
		if rt.Linked != "" && sel.IsDefault() {
			out = Result{Status: http.StatusNoContent, Location: app.Location(rt, rec.ID), Version: version(rec)}
			return nil
		}
		out, err = e.answer(tx, app, rt, rec, sel, http.StatusOK)
		return err
	})
	return out, translate(err, rt, id)
}

// patched is the password that a PATCH sets, hashed.
type patched struct{ hash []byte }

// patchSecret finds the password that the operations leave behind, so that it can be hashed before the transaction begins.
func (e *Engine) patchSecret(ctx context.Context, rt *scim.ResourceType, ops []scim.Operation, opt scim.PatchOptions) (patched, error) {
	if rt.Attribute("password") == nil || !rt.Touched(ops)["password"] {
		return patched{}, nil
	}
	password := rt.LastSecret(ops)
	hash, err := e.hash(ctx, password)
	return patched{hash}, err
}

// Delete answers a DELETE (RFC 7644 section 3.6): 204.
func (e *Engine) Delete(ctx context.Context, app *App, rt *scim.ResourceType, id string) (Result, error) {
	err := e.Store.Write(ctx, func(tx store.Tx) error { return tx.Delete(app.View, rt.Name, id) })
	return Result{Status: http.StatusNoContent}, translate(err, rt, id)
}

func (in incoming) touched(name string) bool { return in.named[name] }

// update runs a change of a resource that is there through the rules and writes it, unless nothing is different afterwards:
// then version and lastModified stay.
func (e *Engine) update(tx store.Tx, app *App, rt *scim.ResourceType, rec store.Record, kind Kind, touched func(string) bool, password string, secret []byte,
	links []scim.LinkOperation, merge func(before scim.Object) (scim.Object, error), adjust ...func(*Change)) (store.Record, error) {
	before, err := load(rt, rec)
	if err != nil {
		return rec, err
	}
	after, err := merge(before)
	if err != nil {
		return rec, err
	}
	hidden, err := readHidden(rec.Hidden)
	if err != nil {
		return rec, err
	}
	c := &Change{
		App: app, Reader: tx, Type: rt, Kind: kind, Before: before, After: after, Hidden: hidden, Touched: touched,
		Organization: rec.Organization, Password: password, HasPassword: rec.Secret != nil, ID: rec.ID,
	}
	for _, f := range adjust {
		f(c)
	}
	was := rec
	if err := e.settle(c, &rec, secret); err != nil {
		return rec, err
	}
	moved, err := e.link(tx, app, rt, rec.ID, links)
	if err != nil {
		return rec, err
	}
	same := bytes.Equal(was.Body, rec.Body) && bytes.Equal(was.Hidden, rec.Hidden) && bytes.Equal(was.Secret, rec.Secret) &&
		was.ExternalID == rec.ExternalID && was.Organization == rec.Organization
	if same && moved == 0 {
		return was, nil
	}
	rec.Version++
	if rec.Modified = e.now(); !rec.Modified.After(was.Modified) {
		rec.Modified = was.Modified.Add(stepMillisecond) // two changes within a millisecond are still two
	}
	return rec, tx.Update(app.View, rec, app.Profile.UniqueExternalID)
}

// settle lets the rules finish a change and fills the record with it.
func (e *Engine) settle(c *Change, rec *store.Record, secret []byte) error {
	if err := c.App.Profile.Rules.Settle(c); err != nil {
		return err
	}
	if err := c.Type.CheckRequired(c.After); err != nil {
		return err
	}
	c.After["id"] = c.ID
	rec.Organization = c.Organization
	rec.ExternalID, _ = c.After["externalId"].(string)
	rec.Keys = c.App.Profile.keys(c.Type, c.After, c.Hidden)
	rec.Display = display(c.Type, c.After)
	if secret != nil && !c.KeepPassword {
		rec.Secret = secret
	}
	rec.Body = body(c.Type, c.After)
	var err error
	rec.Hidden, err = writeHidden(c.Hidden)
	return err
}

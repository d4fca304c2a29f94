package engine

import (
	"bytes"
	"context"
	"net/http"

	"scimproof/server/scim"
	"scimproof/server/store"
	"scimproof/server/variant"
)

// incoming is what a POST or PUT carried, decoded.
type incoming struct {
	id       string // that a creation gets, or "" for a new one
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
	in.object, err = rt.Decode(body, scim.DecodeOptions{RefuseUnknown: app.refusesUnknown(), Relax: p.Rules.Relax, Named: in.named})
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
	return e.create(ctx, app, rt, in, sel)
}

func (e *Engine) create(ctx context.Context, app *App, rt *scim.ResourceType, in incoming, sel scim.Selection) (Result, error) {
	var out Result
	err := e.Store.Write(ctx, func(tx store.Tx) error {
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
			if app.Has(variant.ResubmissionCreated) {
				status = http.StatusCreated
			}
		}
		if err != nil {
			return err
		}
		out, err = e.answer(tx, app, rt, rec, sel, status)
		return err
	})
	return out, app.translate(err, rt, "")
}

func (e *Engine) insert(tx store.Tx, app *App, rt *scim.ResourceType, in incoming) (store.Record, error) {
	after, err := rt.CreateFrom(in.object)
	if err != nil {
		return store.Record{}, err
	}
	id := in.id
	if id == "" {
		if id, err = e.newID(rt); err != nil {
			return store.Record{}, err
		}
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
	if app.View.Scoped && rt.Linked != "" { // a scope lists groups one by one, and a new one joins it (rule scope-6)
		if err := tx.AddToScope(app.Application.ID, id); err != nil {
			return rec, err
		}
	}
	if len(in.links) > 0 {
		_, err = e.link(tx, app, rt, id, []scim.LinkOperation{{Op: scim.OpAdd, Values: in.links}})
	}
	return rec, err
}

func (e *Engine) resubmit(tx store.Tx, app *App, rt *scim.ResourceType, id string, in incoming) (store.Record, error) {
	ed := edit{kind: Resubmit, touched: in.sent, secret: in.secret, merge: func(c *Change) (err error) {
		c.Password = in.password
		c.After, err = rt.Merge(c.Before, in.object)
		return err
	}}
	if len(in.links) > 0 {
		ed.links = []scim.LinkOperation{{Op: scim.OpReplace, Values: in.links}}
	}
	return e.update(tx, app, rt, id, ed)
}

// Replace answers a PUT (RFC 7644 section 3.5.1): 200 with the resource.
func (e *Engine) Replace(ctx context.Context, app *App, rt *scim.ResourceType, id string, body []byte, sel scim.Selection, conditions ...Condition) (Result, error) {
	in, err := e.receive(ctx, app, rt, body)
	if err != nil {
		return Result{}, err
	}
	ed := edit{kind: Replace, conditions: conditions, touched: in.touched, secret: in.secret, merge: func(c *Change) (err error) {
		c.Password = in.password
		c.After, err = rt.ReplaceWith(c.Before, in.object)
		return err
	}}
	if rt.Linked != "" {
		ed.links = []scim.LinkOperation{{Op: scim.OpReplace, Values: in.links}}
	}
	var out Result
	err = e.Store.Write(ctx, func(tx store.Tx) error {
		rec, err := e.update(tx, app, rt, id, ed)
		if err != nil {
			return err
		}
		out, err = e.answer(tx, app, rt, rec, sel, http.StatusOK)
		return err
	})
	return out, app.translate(err, rt, id)
}

// Patch answers a PATCH (RFC 7644 section 3.5.2): 200 with the resource, or 204 for a type with linked attributes unless the
// client selects attributes, which obliges the server to send them.
func (e *Engine) Patch(ctx context.Context, app *App, rt *scim.ResourceType, id string, body []byte, sel scim.Selection, conditions ...Condition) (Result, error) {
	ed, err := e.patchEdit(ctx, app, rt, body)
	if err != nil {
		return Result{}, err
	}
	ed.conditions = conditions
	var out Result
	err = e.Store.Write(ctx, func(tx store.Tx) error {
		rec, err := e.update(tx, app, rt, id, ed)
		switch {
		case err != nil:
			return err
		case rt.Linked != "" && sel.IsDefault():
			out = Result{Status: http.StatusNoContent, Location: app.Location(rt, rec.ID), Version: version(rec)}
			return nil
		}
		out, err = e.answer(tx, app, rt, rec, sel, http.StatusOK)
		return err
	})
	return out, app.translate(err, rt, id)
}

// patchEdit reads the operations of a PATCH.
func (e *Engine) patchEdit(ctx context.Context, app *App, rt *scim.ResourceType, body []byte) (ed edit, err error) {
	p := app.Profile
	opt := app.patchOptions()
	ops, err := rt.DecodePatch(body, opt)
	if err != nil {
		return ed, err
	}
	if ops, err = p.Rules.Operations(app, rt, ops); err != nil {
		return ed, err
	}
	plain, links, err := rt.SplitLinked(ops)
	if err != nil {
		return ed, err
	}
	named := rt.Touched(plain)
	ed = edit{kind: Patch, links: links, touched: func(name string) bool { return named[name] }, merge: func(c *Change) (err error) {
		if c.After, err = rt.Patch(c.Before, plain, opt); err == nil {
			c.Password = rt.TakeSecret(c.After)
		}
		return err
	}}
	// A password does not depend on what stands before it, so it can be hashed before the transaction begins.
	password, about := lastPassword(plain)
	ed.forget = about && password == ""
	ed.secret, err = e.hash(ctx, password)
	return ed, err
}

// lastPassword is the password that the operations leave behind, or "", and whether one of them is about it.
func lastPassword(ops []scim.Operation) (password string, named bool) {
	for _, op := range ops {
		if op.Path.URN == "" && op.Path.Attr.Mutability == scim.WriteOnly {
			password, named = "", true
			if op.Op != scim.OpRemove {
				password, _ = op.Value.(string)
			}
		}
	}
	return password, named
}

// Delete answers a DELETE (RFC 7644 section 3.6): 204.
func (e *Engine) Delete(ctx context.Context, app *App, rt *scim.ResourceType, id string, conditions ...Condition) (Result, error) {
	err := e.Store.Write(ctx, func(tx store.Tx) error {
		if len(conditions) > 0 {
			rec, err := tx.Get(app.View, rt.Name, id)
			if err != nil {
				return err
			}
			if _, err := hold(conditions, version(rec)); err != nil {
				return err
			}
		}
		if err := e.leave(tx, app, id); err != nil {
			return err
		}
		return tx.Delete(app.View, rt.Name, id)
	})
	return Result{Status: http.StatusNoContent}, app.translate(err, rt, id)
}

func (in incoming) touched(name string) bool { return in.named[name] }

// sent is touched where null counts as left out (rule idem-3).
func (in incoming) sent(name string) bool {
	_, ok := in.object[name]
	return ok
}

// edit is a change of a resource that is there.
type edit struct {
	kind Kind
	// conditions must hold of the resource as it stands.
	conditions []Condition
	touched    func(string) bool
	secret     []byte // hash of the password that came with it, or nil
	forget     bool   // whether the password that is there goes
	links      []scim.LinkOperation
	merge      func(c *Change) error // sets c.After and c.Password from c.Before
}

// update runs an edit through the rules and writes it, unless nothing is different afterwards: then version and lastModified stay.
func (e *Engine) update(tx store.Tx, app *App, rt *scim.ResourceType, id string, ed edit) (store.Record, error) {
	was, err := tx.Get(app.View, rt.Name, id)
	if err != nil {
		return was, err
	}
	if _, err := hold(ed.conditions, version(was)); err != nil {
		return was, err
	}
	c := &Change{
		App: app, Reader: tx, Type: rt, Kind: ed.kind, Touched: ed.touched,
		Organization: was.Organization, HasPassword: was.Secret != nil, ID: was.ID,
	}
	if c.Before, err = load(rt, was); err != nil {
		return was, err
	}
	if c.Hidden, err = scim.ReadHidden(was.Hidden); err != nil {
		return was, err
	}
	app.Profile.Rules.Restore(rt, c.Before, c.Hidden)
	if err := ed.merge(c); err != nil {
		return was, err
	}
	rec := was
	if ed.forget {
		rec.Secret = nil
	}
	if err := e.settle(c, &rec, ed.secret); err != nil {
		return was, err
	}
	moved, err := e.link(tx, app, rt, rec.ID, ed.links)
	if err != nil {
		return was, err
	}
	same := bytes.Equal(was.Body, rec.Body) && bytes.Equal(was.Hidden, rec.Hidden) && bytes.Equal(was.Secret, rec.Secret) &&
		was.ExternalID == rec.ExternalID && was.Organization == rec.Organization
	if same && moved == 0 {
		return was, nil
	}
	e.advance(&rec)
	return rec, tx.Update(app.View, rec, app.Profile.UniqueExternalID)
}

// advance gives a record its next version.
func (e *Engine) advance(rec *store.Record) {
	was := rec.Modified
	rec.Version++
	if rec.Modified = e.now(); !rec.Modified.After(was) {
		rec.Modified = was.Add(stepMillisecond) // two changes within a millisecond are still two
	}
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
	if err := c.Type.CheckSecret(rec.Secret != nil); err != nil {
		return err
	}
	rec.Body = body(c.Type, c.After)
	var err error
	rec.Hidden, err = writeHidden(c.Hidden)
	return err
}

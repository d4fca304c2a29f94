package engine

import (
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"scimproof/server/scim"
	"scimproof/server/store"
)

// stepMillisecond is the precision of meta.created and meta.lastModified.
const stepMillisecond = time.Millisecond

// body is what a record keeps of a resource: everything that is the same whoever asks. What depends on the application (externalId),
// on the base URL (meta) or on other resources (linked and derived attributes) is added when it is read.
func body(rt *scim.ResourceType, o scim.Object) []byte {
	kept := make(scim.Object, len(o))
	for k, v := range o {
		switch k {
		case "externalId", "meta", rt.Linked, rt.Derived:
		default:
			kept[k] = v
		}
	}
	return rt.Append(nil, kept)
}

// load reads a record back into the object that a change starts from.
func load(rt *scim.ResourceType, rec store.Record) (scim.Object, error) {
	o, err := rt.Read(rec.Body)
	if err == nil && rec.ExternalID != "" {
		o["externalId"] = rec.ExternalID
	}
	return o, err
}

func writeHidden(o scim.Object) ([]byte, error) {
	if len(o) == 0 {
		return nil, nil
	}
	return json.Marshal(o, json.Deterministic(true))
}

// renderer writes records as clients of an application see them.
type renderer struct {
	app    *App
	reader store.Reader
	stream *stream // nil holds the whole answer
}

// render writes a record. links says whether linked attributes belong to the answer.
func (w renderer) render(dst []byte, rt *scim.ResourceType, rec store.Record, sel scim.Selection, links bool) ([]byte, error) {
	app := w.app
	if !sel.AsStored() || app.Profile.Rules.Reshapes(app) {
		return w.project(dst, rt, rec, sel, links)
	}
	// The stored bytes are spliced into the answer: nothing is decoded.
	dst = append(dst, rec.Body[:len(rec.Body)-1]...)
	if rec.ExternalID != "" {
		dst = append(dst, `,"externalId":`...)
		dst = appendString(dst, rec.ExternalID)
	}
	var err error
	if rt.Linked != "" && links {
		if dst, err = w.members(dst, rt, rec.ID); err != nil {
			return nil, err
		}
	}
	if rt.Derived != "" && rec.Grouped {
		if dst, err = w.memberships(dst, rt, rec.ID); err != nil {
			return nil, err
		}
	}
	dst = append(dst, `,"meta":{"resourceType":`...)
	dst = appendString(dst, rt.Name)
	dst = append(dst, `,"created":"`...)
	dst = append(dst, stamp(rec.Created)...)
	dst = append(dst, `","lastModified":"`...)
	dst = append(dst, stamp(rec.Modified)...)
	dst = append(dst, `","location":`...)
	dst = appendString(dst, app.Location(rt, rec.ID))
	dst = append(dst, `,"version":`...)
	dst = appendString(dst, version(rec))
	return append(dst, "}}"...), nil
}

// project is the long way round: the resource is decoded, completed, and reduced to what the client selected.
func (w renderer) project(dst []byte, rt *scim.ResourceType, rec store.Record, sel scim.Selection, links bool) ([]byte, error) {
	o, err := w.app.complete(w.reader, rt, rec, func(name string) bool { return (name != rt.Linked || links || sel.Names(name)) && sel.Wants(name) })
	if err != nil {
		return nil, err
	}
	hidden, err := scim.ReadHidden(rec.Hidden)
	if err != nil {
		return nil, err
	}
	w.app.Profile.Rules.Restore(rt, o, hidden)
	w.app.Profile.Rules.Shape(w.app, rt, o, hidden, sel.Names)
	return rt.Append(dst, sel.Apply(o)), nil
}

// complete decodes a record and adds what is not kept in it; wants chooses among the linked and the derived attribute.
func (a *App) complete(r store.Reader, rt *scim.ResourceType, rec store.Record, wants func(name string) bool) (scim.Object, error) {
	o, err := load(rt, rec)
	if err != nil {
		return nil, err
	}
	o["meta"] = scim.Object{
		"resourceType": rt.Name,
		"created":      stamp(rec.Created),
		"lastModified": stamp(rec.Modified),
		"location":     a.Location(rt, rec.ID),
		"version":      version(rec),
	}
	var members, groups []any
	if rt.Linked != "" && wants(rt.Linked) {
		err = r.Members(a.View, rec.ID, func(m store.Member) bool {
			members = append(members, a.memberObject(m))
			return true
		})
		if err != nil {
			return nil, err
		}
	}
	if rt.Derived != "" && rec.Grouped && wants(rt.Derived) {
		list, err := r.Memberships(a.View, rec.ID)
		if err != nil {
			return nil, err
		}
		for _, m := range list {
			groups = append(groups, a.membershipObject(m))
		}
	}
	if members != nil {
		o[rt.Linked] = members
	}
	if groups != nil {
		o[rt.Derived] = groups
	}
	return o, nil
}

// answer is the response that carries one resource.
func (e *Engine) answer(r store.Reader, app *App, rt *scim.ResourceType, rec store.Record, sel scim.Selection, status int) (Result, error) {
	data, err := renderer{app: app, reader: r}.render(make([]byte, 0, len(rec.Body)+512), rt, rec, sel, true)
	return Result{Status: status, Location: app.Location(rt, rec.ID), Version: version(rec), Body: data}, err
}

// stamp writes an instant as xsd:dateTime with milliseconds and zone (RFC 7643 section 2.3.5).
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func appendString(dst []byte, s string) []byte {
	out, err := jsontext.AppendQuote(dst, s)
	if err != nil { // invalid UTF-8 is replaced; nothing of the kind gets past Decode
		return out
	}
	return out
}

package engine

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"scimproof/server/scim"
	"scimproof/server/store"
)

// link carries out operations on the linked attribute of a resource and returns how many entries it added or removed.
func (e *Engine) link(tx store.Tx, app *App, rt *scim.ResourceType, id string, ops []scim.LinkOperation) (int, error) {
	moved := 0
	for _, op := range ops {
		n, err := e.linkOne(tx, app, rt, id, op)
		if err != nil {
			return moved, err
		}
		moved += n
	}
	return moved, nil
}

func (e *Engine) linkOne(tx store.Tx, app *App, rt *scim.ResourceType, id string, op scim.LinkOperation) (int, error) {
	switch op.Op {
	case scim.OpAdd:
		return e.addLinks(tx, app, rt, id, op)
	case scim.OpRemove:
		return e.removeLinks(tx, app, id, op)
	}
	return e.replaceLinks(tx, app, rt, id, op)
}

func (e *Engine) addLinks(tx store.Tx, app *App, rt *scim.ResourceType, id string, op scim.LinkOperation) (int, error) {
	if op.Filter != nil || op.IDs != nil {
		return 0, scim.Bad(scim.MutabilityErr, "The entries of %s cannot be changed; remove them and add others.", rt.Linked)
	}
	joining, err := e.joining(tx, app, op.Values, nil)
	if err != nil {
		return 0, err
	}
	return tx.AddMembers(app.View, id, joining)
}

// removeLinks lets members leave: those that the operation chooses or, where it carries values, names; else all.
func (e *Engine) removeLinks(tx store.Tx, app *App, id string, op scim.LinkOperation) (int, error) {
	switch {
	case op.IDs != nil:
		return tx.RemoveMembers(app.View, id, op.IDs)
	case op.Filter != nil:
		leaving, err := e.matching(tx, app, id, op.Filter)
		if err != nil {
			return 0, err
		}
		return tx.RemoveMembers(app.View, id, ids(leaving))
	case len(op.Values) > 0:
		leaving := make([]string, len(op.Values))
		for i, v := range op.Values {
			leaving[i] = v.Value
		}
		return tx.RemoveMembers(app.View, id, leaving)
	}
	return tx.ClearMembers(app.View, id)
}

// replaceLinks makes the visible members, or those that the operation chose, the given ones. Who stays is not touched.
func (e *Engine) replaceLinks(tx store.Tx, app *App, rt *scim.ResourceType, id string, op scim.LinkOperation) (int, error) {
	narrowed := op.IDs != nil || op.Filter != nil
	if !narrowed && len(op.Values) == 0 {
		return tx.ClearMembers(app.View, id)
	}
	chosen, err := e.chosen(tx, app, id, op)
	if err != nil {
		return 0, err
	}
	if narrowed && len(chosen) == 0 {
		return 0, scim.Bad(scim.NoTarget, "No entry of %s is like that.", rt.Linked)
	}
	present := make(map[string]string, len(chosen))
	for _, m := range chosen {
		present[m.ID] = m.Type
	}
	joining, err := e.joining(tx, app, op.Values, present)
	if err != nil {
		return 0, err
	}
	for _, v := range op.Values {
		delete(present, v.Value)
	}
	left, err := tx.RemoveMembers(app.View, id, slices.Collect(maps.Keys(present)))
	if err != nil {
		return 0, err
	}
	came, err := tx.AddMembers(app.View, id, joining)
	return left + came, err
}

// chosen lists the visible members that an operation is about.
func (e *Engine) chosen(tx store.Tx, app *App, id string, op scim.LinkOperation) ([]store.Member, error) {
	if op.IDs == nil {
		return e.matching(tx, app, id, op.Filter)
	}
	wanted := map[string]bool{}
	for _, v := range op.IDs {
		wanted[v] = true
	}
	var out []store.Member
	err := tx.Members(app.View, id, func(m store.Member) bool {
		if wanted[m.ID] {
			out = append(out, m)
		}
		return len(out) < len(wanted)
	})
	return out, err
}

// matching lists the visible members that satisfy a condition; nil takes all.
func (e *Engine) matching(tx store.Tx, app *App, id string, cond scim.Cond) ([]store.Member, error) {
	var out []store.Member
	err := tx.Members(app.View, id, func(m store.Member) bool {
		if cond == nil || cond.Match(app.memberObject(m)) {
			out = append(out, m)
		}
		return true
	})
	return out, err
}

// joining resolves entries that a client sent to members. Who is to join must be there and pass the rules. Those who are present, by
// their id and type, have joined already and are passed over, so that a large group can be sent again at a small cost.
func (e *Engine) joining(tx store.Tx, app *App, values []scim.LinkValue, present map[string]string) ([]store.Member, error) {
	var out []store.Member
	for _, v := range values {
		if typ, ok := present[v.Value]; ok && (v.Type == "" || v.Type == typ) {
			continue
		}
		m := store.Member{ID: v.Value, Type: v.Type}
		rec, ok, err := e.member(tx, app, &m)
		if err != nil {
			return nil, err
		}
		if err := app.Profile.Rules.Member(app, m, rec, ok); err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

// member finds the resource behind an entry, in the type it names or, where it names none, in each type; it completes m.Type.
func (e *Engine) member(tx store.Tx, app *App, m *store.Member) (store.Record, bool, error) {
	for _, rt := range app.Profile.Registry.Types() {
		if m.Type != "" && !strings.EqualFold(m.Type, rt.Name) {
			continue
		}
		rec, err := tx.Get(app.View, rt.Name, m.ID)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err == nil {
			m.Type = rt.Name
		}
		return rec, err == nil, err
	}
	return store.Record{}, false, nil
}

// leave gives the groups of a resource that is about to be deleted, hidden ones too, their next version: they lose a member.
func (e *Engine) leave(tx store.Tx, app *App, id string) error {
	everything := app.View
	everything.Scoped = false
	list, err := tx.Memberships(everything, id)
	if err != nil {
		return err
	}
	for _, m := range list {
		if !m.Direct {
			break // the direct ones come first
		}
		for _, rt := range app.Profile.Registry.Types() {
			if rt.Linked == "" {
				continue
			}
			if err := e.touch(tx, app, everything, rt, m.ID); err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
		}
	}
	return nil
}

// touch gives a resource its next version and changes nothing else.
func (e *Engine) touch(tx store.Tx, app *App, v store.View, rt *scim.ResourceType, id string) error {
	rec, err := tx.Get(v, rt.Name, id)
	if err != nil {
		return err
	}
	o, err := load(rt, rec)
	if err != nil {
		return err
	}
	hidden, err := scim.ReadHidden(rec.Hidden)
	if err != nil {
		return err
	}
	rec.Keys = app.Profile.keys(rt, o, hidden)
	e.advance(&rec)
	return tx.Update(v, rec, app.Profile.UniqueExternalID)
}

// refOf is the URL of a member of the given type.
func (a *App) refOf(typ, id string) string {
	if rt := a.Profile.Registry.Type(typ); rt != nil {
		return a.Location(rt, id)
	}
	return ""
}

func (a *App) memberObject(m store.Member) scim.Object {
	o := scim.Object{"value": m.ID, "type": m.Type, "$ref": a.refOf(m.Type, m.ID)}
	if m.Display != "" {
		o["display"] = m.Display
	}
	return o
}

func (a *App) membershipObject(m store.Membership) scim.Object {
	o := scim.Object{"value": m.ID, "$ref": a.refOf("Group", m.ID), "type": directness(m)}
	if m.Display != "" {
		o["display"] = m.Display
	}
	return o
}

func directness(m store.Membership) string {
	if m.Direct {
		return "direct"
	}
	return "indirect"
}

func ids(members []store.Member) []string {
	out := make([]string, len(members))
	for i, m := range members {
		out[i] = m.ID
	}
	return out
}

// members splices the linked attribute into an answer, member by member.
func (w renderer) members(dst []byte, rt *scim.ResourceType, id string) ([]byte, error) {
	first := true
	display := rt.Attribute(rt.Linked).Sub("display")
	unshown := display != nil && display.Returned == scim.OnRequest
	var failed error
	err := w.reader.Members(w.app.View, id, func(m store.Member) bool {
		if first {
			dst = append(dst, `,"`+rt.Linked+`":[`...)
		} else {
			dst = append(dst, ',')
		}
		first = false
		if unshown {
			m.Display = ""
		}
		dst = appendEntry(dst, m.ID, m.Display, w.app.refOf(m.Type, m.ID), m.Type)
		dst, failed = w.stream.pass(dst)
		return failed == nil
	})
	if !first {
		dst = append(dst, ']')
	}
	return dst, errors.Join(err, failed)
}

// memberships splices the derived attribute into an answer.
func (w renderer) memberships(dst []byte, rt *scim.ResourceType, id string) ([]byte, error) {
	list, err := w.reader.Memberships(w.app.View, id)
	for i, m := range list {
		if i == 0 {
			dst = append(dst, `,"`+rt.Derived+`":[`...)
		} else {
			dst = append(dst, ',')
		}
		dst = appendEntry(dst, m.ID, m.Display, w.app.refOf("Group", m.ID), directness(m))
	}
	if len(list) > 0 {
		dst = append(dst, ']')
	}
	return dst, err
}

func appendEntry(dst []byte, value, display, ref, typ string) []byte {
	dst = append(dst, `{"value":`...)
	dst = appendString(dst, value)
	if display != "" {
		dst = append(dst, `,"display":`...)
		dst = appendString(dst, display)
	}
	dst = append(dst, `,"$ref":`...)
	dst = appendString(dst, ref)
	dst = append(dst, `,"type":`...)
	dst = appendString(dst, typ)
	return append(dst, '}')
}

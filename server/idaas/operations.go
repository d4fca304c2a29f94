package idaas

import (
	"strings"

	"scimproof/server/engine"
	"scimproof/server/scim"
	"scimproof/server/scim/filter"
	"scimproof/server/variant"
)

// Operations makes PATCH work on the one entry that emails and phoneNumbers have (rules map-3, map-4).
func (Rules) Operations(app *engine.App, rt *scim.ResourceType, ops []scim.Operation) ([]scim.Operation, error) {
	if rt.Name != user {
		return ops, nil
	}
	kept := make([]scim.Operation, 0, len(ops))
	for _, op := range ops {
		op, effect, err := operation(app, op)
		if err != nil {
			return nil, err
		}
		if effect {
			kept = append(kept, op)
		}
	}
	return kept, nil
}

// operation rewrites one operation, or says that it has no effect.
func operation(app *engine.App, op scim.Operation) (_ scim.Operation, effect bool, err error) {
	if op.Path == nil || op.Path.URN != "" || op.Path.Attr == nil {
		return op, true, nil
	}
	switch attr := op.Path.Attr.Name; {
	case attr == password && op.Value == "":
		return op, false, refuseEmpty(app)
	case attr == password && op.Value == nil:
		return op, false, nil // an account keeps the password that it has, as with PUT (rule user-8)
	case !isSingle(attr) || op.Path.Sub != nil && op.Path.Filter == nil:
		return op, true, nil
	case op.Path.Filter == nil:
		return whole(app, op)
	case excludesWork(op.Path.Filter):
		if app.Has(variant.RefuseOtherTypesPatch) {
			return op, false, otherType(attr)
		}
		return op, false, nil
	}
	return op, true, nil
}

// whole rewrites an operation on the attribute as a whole: add and replace both leave the entry that counts. Where none counts, add
// has no effect and replace empties the attribute.
func whole(app *engine.App, op scim.Operation) (scim.Operation, bool, error) {
	if op.Op == scim.OpRemove {
		return op, true, nil
	}
	entry, others := pick(app, op.Value)
	switch {
	case others && app.Has(variant.RefuseOtherTypesPatch):
		return op, false, otherType(op.Path.Attr.Name)
	case entry != nil:
		op.Op, op.Value = scim.OpReplace, []any{entry}
		return op, true, nil
	case op.Op == scim.OpAdd:
		return op, false, nil
	}
	op.Op, op.Value = scim.OpRemove, nil
	return op, true, nil
}

// excludesWork says whether no entry of type work can satisfy the condition, whatever else it holds.
func excludesWork(c scim.Cond) bool {
	switch c := c.(type) {
	case scim.AndCond:
		return excludesWork(c.Left) || excludesWork(c.Right)
	case scim.OrCond:
		return excludesWork(c.Left) && excludesWork(c.Right)
	case scim.CompareCond:
		kind, ok := c.Value.(string)
		if c.Ref.Leaf() == nil || c.Ref.Leaf().Name != "type" || !ok {
			return false
		}
		return c.Op == filter.Eq && !strings.EqualFold(kind, work) || c.Op == filter.Ne && strings.EqualFold(kind, work)
	}
	return false
}

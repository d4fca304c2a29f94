package scim

import "scimproof/server/scim/filter"

// LinkValue is an entry of the linked attribute as a client sent it. Type is spelled as the schema spells it, or empty.
type LinkValue struct{ Value, Type string }

// TakeLinked takes the linked attribute out of a resource and returns its entries, each once, and whether it was there.
// The error is a 400 invalidValue.
func (rt *ResourceType) TakeLinked(o Object) ([]LinkValue, bool, error) {
	v, ok := o[rt.Linked]
	if !ok {
		return nil, false, nil
	}
	delete(o, rt.Linked)
	values, err := rt.linkValues(v)
	return values, true, err
}

// linkValues reads entries of the linked attribute.
func (rt *ResourceType) linkValues(v any) ([]LinkValue, error) {
	list, _ := v.([]any)
	out := make([]LinkValue, 0, len(list))
	seen := make(map[LinkValue]bool, len(list))
	types := rt.Schema.Attribute(rt.Linked).Sub("type")
	for _, entry := range list {
		o, _ := entry.(Object)
		value, _ := o["value"].(string)
		if value == "" {
			return nil, Bad(InvalidValue, "Every entry of %s has a value: the id of a resource.", rt.Linked)
		}
		typ, _ := o["type"].(string)
		if link := (LinkValue{value, canonical(types, typ)}); !seen[link] {
			seen[link] = true
			out = append(out, link)
		}
	}
	return out, nil
}

// canonical spells a value as the schema suggests it, where it differs from a suggestion by case alone.
func canonical(a *Attribute, text string) string {
	if a == nil || a.CaseExact {
		return text
	}
	for _, value := range a.CanonicalValues {
		if sameName(value, text) {
			return value
		}
	}
	return text
}

// LinkOperation is an operation on the linked attribute. IDs or Filter choose among the entries that are there; without either all are meant.
type LinkOperation struct {
	Op     string
	Values []LinkValue // to be added, to replace what is there, or to be removed
	Filter Cond        // of the entries
	IDs    []string    // what a filter comes to that asks for nothing but values
}

// SplitLinked takes the operations on the linked attribute out of the others. The error is a 400: mutability where one would change an
// entry, invalidValue where an entry names no resource.
func (rt *ResourceType) SplitLinked(ops []Operation) ([]Operation, []LinkOperation, error) {
	if rt.Linked == "" {
		return ops, nil, nil
	}
	var plain []Operation
	var links []LinkOperation
	for _, op := range ops {
		if op.Path.URN != "" || op.Path.Attr.Name != rt.Linked {
			plain = append(plain, op)
			continue
		}
		link, ok, err := rt.linkOperation(op)
		if err != nil {
			return nil, nil, err
		}
		if ok {
			links = append(links, link)
		}
	}
	return plain, links, nil
}

// linkOperation turns an operation into one on links; ok is false where it has no effect.
func (rt *ResourceType) linkOperation(op Operation) (link LinkOperation, ok bool, err error) {
	link.Op = op.Op
	if op.Path.Sub != nil {
		return link, false, Bad(MutabilityErr, "%s cannot be changed; remove the entry and add another.", op.Path.Ref.Key())
	}
	if op.Path.Filter != nil {
		if link.IDs = linkIDs(op.Path.Filter); link.IDs == nil {
			link.Filter = op.Path.Filter
		}
	}
	value := op.Value
	if element, single := value.(Object); single {
		value = []any{element}
	}
	if link.Values, err = rt.linkValues(value); err != nil {
		return link, false, err
	}
	nothing := value != nil && len(link.Values) == 0
	return link, !(op.Op == OpRemove && nothing), nil
}

// linkIDs lists the values that a condition asks for, where it does nothing else; or nil.
func linkIDs(c Cond) []string {
	switch c := c.(type) {
	case OrCond:
		left, right := linkIDs(c.Left), linkIDs(c.Right)
		if left != nil && right != nil {
			return append(left, right...)
		}
	case CompareCond:
		if id, ok := c.Value.(string); ok && c.Op == filter.Eq && c.Ref.Sub == nil && c.Ref.Attr.Name == "value" {
			return []string{id}
		}
	}
	return nil
}

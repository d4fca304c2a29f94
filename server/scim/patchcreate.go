package scim

import (
	"strings"

	"scimproof/server/scim/filter"
)

// described makes the element that a filter describes; ok is false where it is more than a conjunction of eq.
func described(a *Attribute, x filter.Expr) (element Object, ok bool) {
	element = Object{}
	if x == nil {
		return element, true
	}
	return element, describe(element, a, x)
}

func describe(element Object, a *Attribute, x filter.Expr) bool {
	switch x := x.(type) {
	case filter.And:
		return describe(element, a, x.Left) && describe(element, a, x.Right)
	case filter.Compare:
		sub := a.Sub(x.Attr.Name)
		if x.Op != filter.Eq || x.Attr.Sub != "" || x.Attr.URN != "" || sub == nil || sub.Mutability == ReadOnly {
			return false
		}
		v, ok := literal(sub, x.Value)
		was := element[sub.Name]
		if !ok || was != nil && !sameValue(sub, was, v) {
			return false
		}
		element[sub.Name] = v
		return true
	}
	return false
}

// literal is the value of a filter as an attribute holds it; ok is false where it cannot hold it.
func literal(a *Attribute, v filter.Value) (value any, ok bool) {
	switch {
	case v.Kind == filter.Null:
		return nil, false
	case a.Type == Boolean:
		value = strings.EqualFold(v.Text, "true")
	case v.Kind == filter.Number:
		if value = Number(v.Text); a.Type == Integer && !value.(Number).isInteger() {
			return nil, false
		}
	default:
		if value = v.Text; !hasForm(a.Type, v.Text) {
			return nil, false
		}
	}
	if a.MultiValued {
		value = []any{value}
	}
	return value, true
}

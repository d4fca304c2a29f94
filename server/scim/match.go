package scim

import (
	"cmp"
	"strings"

	"scimproof/server/scim/filter"
)

// Match says whether both sides are satisfied.
func (c AndCond) Match(o Object) bool { return c.Left.Match(o) && c.Right.Match(o) }

// Match says whether one side is satisfied.
func (c OrCond) Match(o Object) bool { return c.Left.Match(o) || c.Right.Match(o) }

// Match says whether the condition is not satisfied.
func (c NotCond) Match(o Object) bool { return !c.X.Match(o) }

// Match is false.
func (NothingCond) Match(Object) bool { return false }

// Match says whether one value satisfies the comparison; ne is also true of a resource that has no value.
func (c CompareCond) Match(o Object) bool {
	if c.Op != filter.Ne {
		return c.Ref.some(o, c.matchValue)
	}
	found := false
	differs := c.Ref.some(o, func(v any) bool {
		found = true
		return c.matchValue(v)
	})
	return differs || !found
}

// Match says whether one element satisfies the condition.
func (c EachCond) Match(o Object) bool {
	return c.Ref.some(o, func(v any) bool {
		element, ok := v.(Object)
		return ok && c.X.Match(element)
	})
}

func (c CompareCond) matchValue(v any) bool {
	leaf := c.Ref.Leaf()
	switch c.Op {
	case filter.Pr:
		return true
	case filter.Co, filter.Sw, filter.Ew:
		have, isText := v.(string)
		want, wantText := c.Value.(string)
		return isText && wantText && part(c.Op, Fold(leaf, have), Fold(leaf, want))
	}
	order, ok := compareValues(leaf, v, c.Value)
	switch c.Op {
	case filter.Eq:
		return ok && order == 0
	case filter.Ne:
		return !ok || order != 0
	case filter.Gt:
		return ok && order > 0
	case filter.Ge:
		return ok && order >= 0
	case filter.Lt:
		return ok && order < 0
	case filter.Le:
		return ok && order <= 0
	}
	return false
}

func part(op filter.Op, have, want string) bool {
	switch op {
	case filter.Co:
		return strings.Contains(have, want)
	case filter.Sw:
		return strings.HasPrefix(have, want)
	}
	return strings.HasSuffix(have, want)
}

// compareValues orders two values of an attribute: texts by their folds, instants by time, numbers by value, false before true.
// ok is false where they are not of one kind.
func compareValues(a *Attribute, v, w any) (order int, ok bool) {
	switch v := v.(type) {
	case string:
		if w, ok := w.(string); ok {
			return compareTexts(a, v, w), true
		}
	case bool:
		if w, ok := w.(bool); ok {
			return cmp.Compare(rank(v), rank(w)), true
		}
	case Number:
		if w, ok := w.(Number); ok {
			return v.compare(w), true
		}
	}
	return 0, false
}

func compareTexts(a *Attribute, v, w string) int {
	if a.Type == DateTime {
		s, sok := parseInstant(v)
		t, tok := parseInstant(w)
		if sok && tok {
			return s.Compare(t)
		}
	}
	return strings.Compare(Fold(a, v), Fold(a, w))
}

func rank(b bool) int {
	if b {
		return 1
	}
	return 0
}

package scim

import (
	"strings"
	"time"

	"scimproof/server/scim/filter"
)

// Bind gives the names of a filter their attributes and holds its values against their types. An attribute that the type does not have
// is one without a value (RFC 7644 section 3.4.2.1): a comparison with it is NothingCond, or its negation where ne or null asks for absence.
// The error is a 400 invalidFilter.
func (rt *ResourceType) Bind(x filter.Expr) (Cond, error) {
	return binder{find: rt.Resolve}.bind(x)
}

// binder binds the expressions of one place: a resource, or the element of a multi-valued attribute.
type binder struct {
	find   func(filter.Attr) (Ref, bool)
	inPath bool // of a PATCH, where Entra compares booleans with "True"
}

// bindElement binds the filter of a value path to the elements of an attribute.
func bindElement(attr *Attribute, x filter.Expr, inPath bool) (Cond, error) {
	return binder{find: func(a filter.Attr) (Ref, bool) {
		if a.URN != "" || a.Sub != "" {
			return Ref{}, false
		}
		sub := attr.Sub(a.Name)
		return Ref{Attr: sub}, sub != nil
	}, inPath: inPath}.bind(x)
}

func (b binder) bind(x filter.Expr) (Cond, error) {
	switch x := x.(type) {
	case filter.And:
		left, right, err := b.both(x.Left, x.Right)
		return AndCond{left, right}, err
	case filter.Or:
		left, right, err := b.both(x.Left, x.Right)
		return OrCond{left, right}, err
	case filter.Not:
		inner, err := b.bind(x.X)
		return NotCond{inner}, err
	case filter.Each:
		return b.each(x)
	}
	return b.compare(x.(filter.Compare))
}

func (b binder) both(x, y filter.Expr) (left, right Cond, err error) {
	if left, err = b.bind(x); err == nil {
		right, err = b.bind(y)
	}
	return left, right, err
}

func (b binder) each(x filter.Each) (Cond, error) {
	ref, ok := b.find(x.Attr)
	if !ok {
		return NothingCond{}, nil
	}
	if ref.Attr == nil || ref.Attr.Type != Complex {
		return nil, Bad(InvalidFilter, "%s has no sub-attributes to choose by; leave the brackets out.", x.Attr)
	}
	if ref.secret() {
		return nil, secretFilter(ref)
	}
	inner, err := bindElement(ref.Attr, x.Filter, b.inPath)
	return EachCond{ref, inner}, err
}

func secretFilter(ref Ref) error {
	return Bad(InvalidFilter, "%s is never shown, so no filter can ask for it.", ref.Key())
}

func (b binder) compare(x filter.Compare) (Cond, error) {
	ref, ok := b.find(x.Attr)
	absent := x.Value.Kind == filter.Null && x.Op != filter.Pr
	if absent && x.Op != filter.Eq && x.Op != filter.Ne {
		return nil, Bad(InvalidFilter, "Nothing can be %s null; use eq, ne or pr.", x.Op)
	}
	switch {
	case !ok && x.Op == filter.Ne != absent:
		return NotCond{NothingCond{}}, nil // ne "value", eq null
	case !ok:
		return NothingCond{}, nil
	case ref.Attr != nil && ref.secret():
		return nil, secretFilter(ref)
	case x.Op == filter.Pr, absent && x.Op == filter.Ne:
		return CompareCond{Ref: ref, Op: filter.Pr}, nil
	case absent:
		return NotCond{CompareCond{Ref: ref, Op: filter.Pr}}, nil
	case ref.Attr == nil:
		return nil, Bad(InvalidFilter, "%s is an extension; compare one of its attributes, or ask whether it is there with pr.", ref.Key())
	}
	if ref, ok = ref.simple(); !ok {
		return nil, Bad(InvalidFilter, "%s has sub-attributes; compare one of them, such as %s.%s.", ref.Key(), ref.Key(), ref.Attr.SubAttributes[0].Name)
	}
	value, err := b.value(ref, x.Op, x.Value)
	return CompareCond{ref, x.Op, value}, err
}

// value holds a compared value against the type of the attribute, and folds it as the attribute's values are.
func (b binder) value(ref Ref, op filter.Op, v filter.Value) (any, error) {
	leaf := ref.Leaf()
	if err := checkOperator(ref, op); err != nil {
		return nil, err
	}
	switch leaf.Type {
	case Boolean:
		if text := strings.ToLower(v.Text); v.Kind == filter.Bool || b.inPath && v.Kind == filter.String && (text == "true" || text == "false") {
			return text == "true", nil
		}
		return nil, Bad(InvalidFilter, "%s is compared with true or false, without quotes.", ref.Key())
	case Integer, Decimal:
		if v.Kind == filter.Number {
			return Number(v.Text), nil
		}
		return nil, Bad(InvalidFilter, "%s is compared with a number, without quotes.", ref.Key())
	}
	if v.Kind != filter.String {
		return nil, Bad(InvalidFilter, "%s is compared with a text in double quotes.", ref.Key())
	}
	if leaf.Type != DateTime {
		return Fold(leaf, v.Text), nil
	}
	t, ok := parseInstant(v.Text)
	if !ok {
		return nil, Bad(InvalidFilter, `%s is compared with a date and time such as "2011-05-13T04:42:34Z".`, ref.Key())
	}
	return t.UTC().Format(time.RFC3339Nano), nil
}

// checkOperator refuses what RFC 7644 table 3 does not define, or defines as an error: an order of booleans and binary values, and parts
// of what is no text.
func checkOperator(ref Ref, op filter.Op) error {
	switch t := ref.Leaf().Type; op {
	case filter.Co, filter.Sw, filter.Ew:
		if t != String && t != Reference {
			return Bad(InvalidFilter, "%s looks into texts, and %s is %s.", op, ref.Key(), article(t))
		}
	case filter.Gt, filter.Ge, filter.Lt, filter.Le:
		if t == Boolean || t == Binary {
			return Bad(InvalidFilter, "%s needs an order, and %s is %s, which has none; use eq or ne.", op, ref.Key(), article(t))
		}
	}
	return nil
}

// article is a type as a noun in a sentence.
func article(t Type) string {
	if t == Integer {
		return "an " + string(t)
	}
	return "a " + string(t)
}

package scim

import "scimproof/server/scim/filter"

// Ref is an attribute of a resource type that a path or filter has named.
type Ref struct {
	URN  string     // of the extension it belongs to, or "" for the base schema and the common attributes
	Attr *Attribute // nil where the extension as a whole is meant
	Sub  *Attribute // nil without a sub-attribute
}

// Key is the one spelling of the reference: "userName", "name.familyName",
// "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value", or the URN of a whole extension.
func (r Ref) Key() string {
	if r.Attr == nil {
		return r.URN
	}
	key := r.Attr.Name
	if r.URN != "" {
		key = r.URN + ":" + key
	}
	if r.Sub != nil {
		key += "." + r.Sub.Name
	}
	return key
}

// Leaf is the attribute whose characteristics govern a value of the reference: the sub-attribute, or the attribute.
func (r Ref) Leaf() *Attribute {
	if r.Sub != nil {
		return r.Sub
	}
	return r.Attr
}

// Cond is a filter bound to a resource type: AndCond, OrCond, NotCond, CompareCond, EachCond or NothingCond.
// A store compiles it; Match evaluates it.
type Cond interface {
	// Match says whether the resource, or inside an EachCond the element, satisfies the condition.
	Match(o Object) bool
}

type (
	// AndCond is true when both sides are.
	AndCond struct{ Left, Right Cond }
	// OrCond is true when one side is.
	OrCond struct{ Left, Right Cond }
	// NotCond negates.
	NotCond struct{ X Cond }
	// CompareCond compares each value of an attribute; one that satisfies it is enough. Value is a string, bool, Number or nil;
	// for a complex multi-valued attribute the reference has been completed with its sub-attribute value.
	CompareCond struct {
		Ref   Ref
		Op    filter.Op
		Value any
	}
	// EachCond is a value path: one element of a multi-valued attribute satisfies X.
	EachCond struct {
		Ref Ref
		X   Cond
	}
	// NothingCond matches no resource: the filter names an attribute that the type does not have.
	NothingCond struct{}
)

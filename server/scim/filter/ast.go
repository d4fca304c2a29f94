// Package filter reads the filter and path grammar of RFC 7644 sections 3.4.2.2, 3.5.2 and 3.10 into a tree.
// It knows syntax only: which attributes exist, and what may be compared with what, is package scim's business.
package filter

// Op is an operator, in lower case.
type Op string

// The attribute operators of RFC 7644 table 3.
const (
	Eq Op = "eq"
	Ne Op = "ne"
	Co Op = "co"
	Sw Op = "sw"
	Ew Op = "ew"
	Gt Op = "gt"
	Ge Op = "ge"
	Lt Op = "lt"
	Le Op = "le"
	Pr Op = "pr"
)

// Kind is the JSON type of a compared value.
type Kind int

// The kinds of value that a filter can hold.
const (
	Null Kind = iota
	Bool
	Number
	String
)

// Value is the right side of a comparison.
type Value struct {
	Kind Kind
	Text string // the decoded string, or the literal of a number, true, false, null
}

// Attr is an attribute as a client names it: an optional schema URN, a name, an optional sub-attribute.
// The URN is what stands before the last colon; whether URN and name together are the URN of a whole extension is for package scim to find out.
type Attr struct {
	URN    string
	Name   string
	Sub    string
	Offset int // of its first byte in the text
}

// Expr is a node of a filter: And, Or, Not, Compare or Each.
type Expr interface {
	// String writes the node in the grammar it was read from; parsing it again gives an equal tree.
	String() string
	expr()
}

type (
	// And is true when both sides are.
	And struct{ Left, Right Expr }
	// Or is true when one side is.
	Or struct{ Left, Right Expr }
	// Not negates.
	Not struct{ X Expr }
	// Compare sets an attribute against a value; Pr has no value.
	Compare struct {
		Attr   Attr
		Op     Op
		Value  Value
		Offset int // of the operator
	}
	// Each is a value path: some element of a multi-valued attribute satisfies the filter.
	Each struct {
		Attr   Attr
		Filter Expr
	}
)

func (And) expr()     {}
func (Or) expr()      {}
func (Not) expr()     {}
func (Compare) expr() {}
func (Each) expr()    {}

// Path is the target of a PATCH operation (RFC 7644 section 3.5.2): an attribute, or elements of one chosen by
// a filter, with a sub-attribute of them. Attr.Sub is set in the form name.sub, Sub in the form name[filter].sub.
type Path struct {
	Attr   Attr
	Filter Expr // nil without a value filter
	Sub    string
}

// Budget bounds what a parser takes; a zero field means the default.
type Budget struct {
	Length int // bytes, default 4096
	Depth  int // nesting of parentheses, not and brackets, default 16
	Nodes  int // comparisons and connectives, default 64
}

// Error says what is wrong with a filter or path, and where.
type Error struct {
	Offset int    // in bytes
	Reason string // what was expected, in one clause
}

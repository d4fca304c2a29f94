// Package tree holds a JSON document as it was written, member order and number spelling kept, and finds, sets and removes its parts.
// A client that reads a resource and writes it back echoes what the server sent, so that the echo must not be re-ordered or re-spelled.
package tree

import (
	"bytes"
	"fmt"
	"io"
	"math/big"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Node is one JSON value.
type Node struct {
	Kind    Kind
	Raw     jsontext.Value // of a scalar, as it was written
	Members []Member       // of an object, in order
	Items   []*Node        // of an array
}

// Member is one name and value of an object.
type Member struct {
	Name  string
	Value *Node
}

// Kind is the JSON type of a value.
type Kind string

// The kinds. A number without fraction and exponent is an Integer.
const (
	Null    Kind = "null"
	Boolean Kind = "boolean"
	Integer Kind = "integer"
	Number  Kind = "number"
	String  Kind = "string"
	Array   Kind = "array"
	Object  Kind = "object"
)

// Parse reads exactly one JSON value. Duplicate names, invalid UTF-8 and text behind the value are errors.
func Parse(data []byte) (*Node, error) {
	d := jsontext.NewDecoder(bytes.NewReader(data))
	n, err := read(d)
	if err != nil {
		return nil, fmt.Errorf("not JSON: %w", err)
	}
	if _, err := d.ReadToken(); err != io.EOF {
		return nil, fmt.Errorf("not JSON: text after the value at byte %d", d.InputOffset())
	}
	return n, nil
}

func read(d *jsontext.Decoder) (*Node, error) {
	switch d.PeekKind() {
	case '{':
		return readObject(d)
	case '[':
		return readArray(d)
	}
	raw, err := d.ReadValue()
	if err != nil {
		return nil, err
	}
	return scalar(raw.Clone()), nil
}

func readObject(d *jsontext.Decoder) (*Node, error) {
	n := &Node{Kind: Object}
	if _, err := d.ReadToken(); err != nil {
		return nil, err
	}
	for d.PeekKind() != '}' {
		name, err := d.ReadToken()
		if err != nil {
			return nil, err
		}
		key := name.String()
		v, err := read(d)
		if err != nil {
			return nil, err
		}
		n.Members = append(n.Members, Member{key, v})
	}
	_, err := d.ReadToken()
	return n, err
}

func readArray(d *jsontext.Decoder) (*Node, error) {
	n := &Node{Kind: Array}
	if _, err := d.ReadToken(); err != nil {
		return nil, err
	}
	for d.PeekKind() != ']' {
		v, err := read(d)
		if err != nil {
			return nil, err
		}
		n.Items = append(n.Items, v)
	}
	_, err := d.ReadToken()
	return n, err
}

func scalar(raw jsontext.Value) *Node {
	n := &Node{Raw: raw}
	switch raw.Kind() {
	case 'n':
		n.Kind = Null
	case 't', 'f':
		n.Kind = Boolean
	case '"':
		n.Kind = String
	default:
		n.Kind = Integer
		if bytes.ContainsAny(raw, ".eE") {
			n.Kind = Number
		}
	}
	return n
}

// Text is a JSON string. Bytes that are no UTF-8 are replaced by U+FFFD.
func Text(s string) *Node {
	raw, _ := jsontext.AppendQuote(nil, strings.ToValidUTF8(s, "\uFFFD"))
	return &Node{Kind: String, Raw: raw}
}

// Literal is a number, true, false or null in JSON's spelling.
func Literal(raw string) (*Node, error) {
	v := jsontext.Value(raw)
	if !v.IsValid() || v.Kind() == '{' || v.Kind() == '[' || v.Kind() == '"' {
		return nil, fmt.Errorf("%q is not a JSON number, true, false or null", raw)
	}
	return scalar(v), nil
}

// String is the value as people read it: a string without its quotes, anything else as compact JSON.
func (n *Node) String() string {
	if n.Kind == String {
		b, err := jsontext.AppendUnquote(nil, n.Raw)
		if err == nil {
			return string(b)
		}
	}
	return string(n.JSON())
}

// JSON is the compact JSON text.
func (n *Node) JSON() []byte { return n.append(nil) }

func (n *Node) append(dst []byte) []byte {
	switch n.Kind {
	case Object:
		dst = append(dst, '{')
		for i, m := range n.Members {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(dst, Text(m.Name).Raw...)
			dst = append(dst, ':')
			dst = m.Value.append(dst)
		}
		return append(dst, '}')
	case Array:
		dst = append(dst, '[')
		for i, item := range n.Items {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = item.append(dst)
		}
		return append(dst, ']')
	}
	return append(dst, n.Raw...)
}

// Clone is a deep copy.
func (n *Node) Clone() *Node {
	c := &Node{Kind: n.Kind, Raw: n.Raw}
	for _, m := range n.Members {
		c.Members = append(c.Members, Member{m.Name, m.Value.Clone()})
	}
	for _, item := range n.Items {
		c.Items = append(c.Items, item.Clone())
	}
	return c
}

// Empty reports null and the empty list, which RFC 7643 section 2.5 takes for unassigned.
func (n *Node) Empty() bool {
	return n.Kind == Null || n.Kind == Array && len(n.Items) == 0
}

// Equal compares values: objects without regard to the order of members, numbers by what they are worth.
func Equal(a, b *Node) bool {
	if numeric(a) && numeric(b) {
		x, okX := new(big.Rat).SetString(string(a.Raw))
		y, okY := new(big.Rat).SetString(string(b.Raw))
		return okX && okY && x.Cmp(y) == 0
	}
	if a.Kind != b.Kind || len(a.Members) != len(b.Members) || len(a.Items) != len(b.Items) {
		return false
	}
	for i := range a.Items {
		if !Equal(a.Items[i], b.Items[i]) {
			return false
		}
	}
	for _, m := range a.Members {
		other := b.exact(m.Name)
		if other == nil || !Equal(m.Value, other) {
			return false
		}
	}
	return a.String() == b.String() || a.Kind == Object || a.Kind == Array
}

func numeric(n *Node) bool { return n.Kind == Integer || n.Kind == Number }

func (n *Node) exact(name string) *Node {
	for _, m := range n.Members {
		if m.Name == name {
			return m.Value
		}
	}
	return nil
}

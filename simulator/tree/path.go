package tree

import (
	"fmt"
	"strconv"
	"strings"
)

// Path leads to parts of a document: attribute names joined by dots, each with an optional choice in brackets.
//
//	name.givenName
//	emails[type=work].value            the elements whose type is the string work
//	Resources[0].id                    one element by its position
//	Resources.id                       of every element of the list
//	"urn:example:2.0:User".department  a name with dots stands in quotes
//	$                                  the document itself
type Path []segment

type segment struct {
	name  string
	index int // -1 for none
	key   string
	value string
}

// ParsePath reads a path. The error names the byte where it stops to make sense.
func ParsePath(text string) (Path, error) {
	if text == "$" {
		return Path{}, nil
	}
	var p Path
	rest := text
	for {
		seg, after, err := parseSegment(rest)
		if err != nil {
			return nil, fmt.Errorf("path %q, byte %d: %w", text, len(text)-len(after), err)
		}
		p = append(p, seg)
		if after == "" {
			return p, nil
		}
		if after[0] != '.' {
			return nil, fmt.Errorf("path %q, byte %d: expected a dot", text, len(text)-len(after))
		}
		rest = after[1:]
	}
}

func parseSegment(text string) (segment, string, error) {
	seg := segment{index: -1}
	rest := text
	if strings.HasPrefix(text, `"`) {
		name, after, ok := strings.Cut(text[1:], `"`)
		if !ok {
			return seg, text, fmt.Errorf("the quote is not closed")
		}
		seg.name, rest = name, after
	} else {
		end := strings.IndexAny(text, `.["]`)
		if end < 0 {
			end = len(text)
		}
		seg.name, rest = text[:end], text[end:]
	}
	if seg.name == "" {
		return seg, text, fmt.Errorf("an attribute name is missing")
	}
	if !strings.HasPrefix(rest, "[") {
		return seg, rest, nil
	}
	choice, after, ok := strings.Cut(rest[1:], "]")
	if !ok {
		return seg, rest, fmt.Errorf("the bracket is not closed")
	}
	if key, value, ok := strings.Cut(choice, "="); ok && key != "" {
		seg.key, seg.value = key, value
		return seg, after, nil
	}
	i, err := strconv.Atoi(choice)
	if err != nil || i < 0 {
		return seg, rest, fmt.Errorf("%q is neither a position nor name=value", choice)
	}
	seg.index = i
	return seg, after, nil
}

// At is the first part of the document that a path leads to, or nil. A path that cannot be read is a mistake of the caller's and panics.
func (n *Node) At(path string) *Node {
	if found := n.All(path); len(found) > 0 {
		return found[0]
	}
	return nil
}

// All are the parts that a path leads to; of a nil document, none.
func (n *Node) All(path string) []*Node {
	p, err := ParsePath(path)
	if err != nil {
		panic(err)
	}
	if n == nil {
		return nil
	}
	return p.Find(n)
}

// Text is the first part as people read it, or "" where there is none.
func (n *Node) Text(path string) string {
	if v := n.At(path); v != nil {
		return v.String()
	}
	return ""
}

// Last is the last attribute name, empty for the document itself.
func (p Path) Last() string {
	if len(p) == 0 {
		return ""
	}
	return p[len(p)-1].name
}

// Find returns the parts that the path leads to, none when there are none. Attribute names match without regard to case
// (RFC 7643 section 2.1), the exact spelling first.
func (p Path) Find(n *Node) []*Node {
	found := []*Node{n}
	for i, seg := range p {
		var next []*Node
		for _, at := range found {
			next = append(next, seg.step(at)...)
		}
		if i < len(p)-1 {
			next = spread(next)
		}
		found = next
	}
	return found
}

// spread replaces lists by their elements, since a further name can only be meant for each of those.
func spread(nodes []*Node) []*Node {
	var out []*Node
	for _, n := range nodes {
		if n.Kind == Array {
			out = append(out, n.Items...)
			continue
		}
		out = append(out, n)
	}
	return out
}

func (s segment) step(n *Node) []*Node {
	v := n.member(s.name)
	if v == nil {
		return nil
	}
	switch {
	case s.key != "":
		var out []*Node
		for _, item := range v.Items {
			if s.chooses(item) {
				out = append(out, item)
			}
		}
		return out
	case s.index >= 0:
		if s.index < len(v.Items) {
			return []*Node{v.Items[s.index]}
		}
		return nil
	}
	return []*Node{v}
}

func (s segment) chooses(item *Node) bool {
	v := item.member(s.key)
	return v != nil && v.String() == s.value
}

func (n *Node) member(name string) *Node {
	if i := n.at(name); i >= 0 {
		return n.Members[i].Value
	}
	return nil
}

func (n *Node) at(name string) int {
	folded := -1
	for i, m := range n.Members {
		if m.Name == name {
			return i
		}
		if folded < 0 && strings.EqualFold(m.Name, name) {
			folded = i
		}
	}
	return folded
}

// Set puts v where the path leads, and makes what is missing on the way: objects, and the list element that name=value asks for.
// It is an error where the document has another shape, or where a position does not exist.
func (p Path) Set(n, v *Node) error {
	if len(p) == 0 {
		*n = *v
		return nil
	}
	at := n
	for i, seg := range p {
		if at.Kind != Object {
			return fmt.Errorf("cannot set %s: its parent is of type %s", seg.name, at.Kind)
		}
		slot := at.slot(seg)
		if slot == nil {
			return fmt.Errorf("cannot set %s: no element at position %d", seg.name, seg.index)
		}
		if i == len(p)-1 {
			*slot = *v
			return nil
		}
		at = slot
	}
	return nil
}

func (n *Node) slot(s segment) *Node {
	v := n.member(s.name)
	if v == nil || v.Kind == Null {
		made := &Node{Kind: Object}
		if s.key != "" || s.index >= 0 {
			made.Kind = Array
		}
		n.put(s.name, made)
		v = made
	}
	if s.key == "" && s.index < 0 {
		return v
	}
	if found := s.step(n); len(found) > 0 {
		return found[0]
	}
	if s.key == "" {
		return nil
	}
	item := &Node{Kind: Object, Members: []Member{{s.key, Text(s.value)}}}
	v.Items = append(v.Items, item)
	return item
}

func (n *Node) put(name string, v *Node) {
	if i := n.at(name); i >= 0 {
		n.Members[i].Value = v
		return
	}
	n.Members = append(n.Members, Member{name, v})
}

// Remove takes out what the path leads to; nothing there is no error. The document itself cannot be removed.
func (p Path) Remove(n *Node) {
	if len(p) == 0 {
		return
	}
	last := p[len(p)-1]
	for _, parent := range spread(p[:len(p)-1].Find(n)) {
		parent.drop(last)
	}
}

func (n *Node) drop(s segment) {
	i := n.at(s.name)
	if i < 0 {
		return
	}
	if s.key == "" && s.index < 0 {
		n.Members = append(n.Members[:i], n.Members[i+1:]...)
		return
	}
	list := n.Members[i].Value
	var kept []*Node
	for k, item := range list.Items {
		if s.key != "" && s.chooses(item) || s.key == "" && k == s.index {
			continue
		}
		kept = append(kept, item)
	}
	list.Items = kept
}

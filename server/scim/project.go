package scim

import "scimproof/server/scim/filter"

// Selection is what a client wants to see of a resource (RFC 7644 section 3.9); Select makes one. The zero value leaves everything in place.
type Selection struct {
	rt *ResourceType
	// kind is which of the two lists the client gave.
	kind selectionKind
	// named are the attributes and sub-attributes that the list names whole; an extension's URN names all of its attributes.
	named map[*Attribute]bool
	// parts are the attributes of which it names sub-attributes.
	parts map[*Attribute]bool
}

type selectionKind int

const (
	byDefault selectionKind = iota
	only                    // attributes
	without                 // excludedAttributes
)

// Select reads the lists attributes and excludedAttributes. Names that the resource type does not have are passed over.
// The error is a 400 invalidValue: where both lists are given, or a name cannot be read.
func (rt *ResourceType) Select(attributes, excluded []string) (Selection, error) {
	s := Selection{rt: rt}
	names := attributes
	switch {
	case len(attributes) > 0 && len(excluded) > 0:
		return s, Bad(InvalidValue, "attributes and excludedAttributes exclude each other; send one of them.")
	case len(attributes) > 0:
		s.kind = only
	case len(excluded) > 0:
		s.kind, names = without, excluded
	default:
		return s, nil
	}
	s.named, s.parts = map[*Attribute]bool{}, map[*Attribute]bool{}
	for _, name := range names {
		// A value filter, as Microsoft's validator has it, is read and has no effect.
		path, err := filter.ParsePath(name, filter.Budget{})
		if err != nil {
			return s, Bad(InvalidValue, "The name of an attribute cannot be read: %v.", err)
		}
		if path.Sub != "" {
			path.Attr.Sub = path.Sub
		}
		if ref, ok := rt.Resolve(path.Attr); ok {
			s.add(ref)
		}
	}
	return s, nil
}

func (s *Selection) add(ref Ref) {
	switch {
	case ref.Sub != nil:
		s.named[ref.Sub] = true
		s.parts[ref.Attr] = true
	case ref.Attr != nil:
		s.named[ref.Attr] = true
	default:
		for _, a := range s.rt.Extension(ref.URN).Attributes {
			// What is returned on request is asked for by its own name.
			s.named[a] = s.named[a] || s.kind == without || a.Returned != OnRequest
		}
	}
}

// IsDefault says whether the client has given no list.
func (s Selection) IsDefault() bool { return s.kind == byDefault }

// AsStored says whether the client sees a resource as Append writes it, but for the linked attribute: it has given no list, and the type
// stores no attribute that is not returned by default.
func (s Selection) AsStored() bool {
	return s.kind == byDefault && (s.rt == nil || !s.rt.hidesSome())
}

func (rt *ResourceType) hidesSome() bool {
	for _, a := range rt.Schema.Attributes {
		if a.Name != rt.Linked && hidesSome([]*Attribute{a}) {
			return true
		}
	}
	for _, e := range rt.Extensions {
		if hidesSome(e.Schema.Attributes) {
			return true
		}
	}
	return false
}

func hidesSome(attrs []*Attribute) bool {
	for _, a := range attrs {
		if a.Returned == OnRequest || a.Returned == Never && a.Mutability != WriteOnly || hidesSome(a.SubAttributes) {
			return true
		}
	}
	return false
}

// Names says whether the client asked for an attribute by its name, or for a part of it. The key is a Ref.Key.
func (s Selection) Names(key string) bool {
	if s.kind != only {
		return false
	}
	ref, ok := s.rt.byKey(key)
	return ok && (s.named[ref.Leaf()] || s.parts[ref.Leaf()] || s.named[ref.Attr])
}

// Wants says whether Apply leaves something of an attribute in place. The key is a Ref.Key.
func (s Selection) Wants(key string) bool {
	if s.rt == nil {
		return true
	}
	ref, ok := s.rt.byKey(key)
	if !ok {
		return false
	}
	shown, whole := s.shows(ref.Attr)
	return shown && (ref.Sub == nil || s.showsSub(ref.Sub, whole))
}

// byKey finds the attribute that a Ref.Key stands for. A key of one word, as nearly all are, needs no parser.
func (rt *ResourceType) byKey(key string) (Ref, bool) {
	if a := rt.Attribute(key); a != nil {
		return Ref{Attr: a}, true
	}
	attr, err := filter.ParseAttr(key)
	if err != nil {
		return Ref{}, false
	}
	ref, ok := rt.Resolve(attr)
	return ref, ok && ref.Attr != nil
}

// shows says whether an attribute is returned, and whether with all that belongs to it by default.
func (s Selection) shows(a *Attribute) (shown, whole bool) {
	switch {
	case a.Returned == Never:
		return false, false
	case a.Returned == Always:
		return true, true
	case s.kind == only:
		return s.named[a] || s.parts[a], s.named[a]
	}
	shown = a.Returned != OnRequest && !s.named[a]
	return shown, shown
}

// showsSub says so of a sub-attribute of an attribute that is returned.
func (s Selection) showsSub(sub *Attribute, whole bool) bool {
	switch {
	case sub.Returned == Never:
		return false
	case sub.Returned == Always:
		return true
	case s.kind == only && s.named[sub]:
		return true
	case s.kind == without && s.named[sub]:
		return false
	}
	return whole && sub.Returned != OnRequest
}

// Apply reduces a resource to what the client wants. It returns a new object and leaves the one it is given as it is.
func (s Selection) Apply(o Object) Object {
	if s.rt == nil {
		return o
	}
	out := make(Object, len(o))
	s.apply(out, Common, o)
	s.apply(out, s.rt.Schema.Attributes, o)
	for _, e := range s.rt.Extensions {
		if ext, ok := o[e.Schema.ID].(Object); ok {
			part := Object{}
			s.apply(part, e.Schema.Attributes, ext)
			assign(out, e.Schema.ID, part)
		}
	}
	return out
}

func (s Selection) apply(out Object, attrs []*Attribute, o Object) {
	for _, a := range attrs {
		v := o[a.Name]
		if v == nil {
			continue
		}
		if shown, whole := s.shows(a); shown {
			assign(out, a.Name, s.reduce(a, v, whole))
		}
	}
}

// reduce leaves of a value the sub-attributes that are returned.
func (s Selection) reduce(a *Attribute, v any, whole bool) any {
	switch v := v.(type) {
	case Object:
		out := make(Object, len(v))
		for _, sub := range a.SubAttributes {
			if value := v[sub.Name]; value != nil && s.showsSub(sub, whole) {
				out[sub.Name] = value
			}
		}
		return out
	case []any:
		out := make([]any, 0, len(v))
		for _, element := range v {
			if element = s.reduce(a, element, whole); !isUnassigned(element) {
				out = append(out, element)
			}
		}
		return out
	}
	return v
}

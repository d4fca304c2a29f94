package scim

import "scimproof/server/scim/filter"

// Resolve finds what a client named, without regard to case (RFC 7643 section 2.1, RFC 7644 section 3.10): an attribute of the base schema
// or a common one, with or without the URN of the base schema; one of an extension, after its URN; or the URN of an extension alone.
// Hidden attributes cannot be named.
func (rt *ResourceType) Resolve(a filter.Attr) (Ref, bool) {
	if a.URN == "" || sameName(a.URN, rt.Schema.ID) {
		return resolve("", rt.Attribute(a.Name), a.Sub)
	}
	if ext := rt.Extension(a.URN); ext != nil {
		return resolve(ext.ID, ext.Attribute(a.Name), a.Sub)
	}
	// What looks like an attribute may be the last part of a URN, and so may a dot in it.
	if ext := rt.Extension(a.String()); ext != nil {
		return Ref{URN: ext.ID}, true
	}
	return Ref{}, false
}

func resolve(urn string, attr *Attribute, sub string) (Ref, bool) {
	if attr == nil {
		return Ref{}, false
	}
	ref := Ref{URN: urn, Attr: attr}
	if sub != "" {
		ref.Sub = attr.Sub(sub)
	}
	return ref, sub == "" || ref.Sub != nil
}

// holder is the object that has the attribute as a key: the resource, or the extension's part of it. It is nil where the resource does not
// have the extension.
func (r Ref) holder(o Object) Object {
	if r.URN == "" {
		return o
	}
	ext, _ := o[r.URN].(Object)
	return ext
}

// some says whether one of the values that the reference points at is as wanted; several elements may each have several.
func (r Ref) some(o Object, wanted func(v any) bool) bool {
	if r.Attr == nil {
		ext, ok := o[r.URN]
		return ok && wanted(ext)
	}
	return someOf(r.holder(o)[r.Attr.Name], func(v any) bool {
		if r.Sub == nil {
			return wanted(v)
		}
		element, _ := v.(Object)
		return someOf(element[r.Sub.Name], wanted)
	})
}

func someOf(v any, wanted func(v any) bool) bool {
	switch v := v.(type) {
	case nil:
		return false
	case []any:
		for _, element := range v {
			if wanted(element) {
				return true
			}
		}
		return false
	}
	return wanted(v)
}

package scim

import "fmt"

// CreateFrom makes the resource that a POST asks for (RFC 7644 section 3.3): a copy of what was sent, without what only the server writes.
// The linked attribute and the secret must have been taken out.
func (rt *ResourceType) CreateFrom(sent Object) (Object, error) {
	if secret := rt.secret(); sent[rt.Linked] != nil || secret != nil && sent[secret.Name] != nil {
		return nil, fmt.Errorf("scim: a %s still holds what belongs to no stored resource; TakeLinked and TakeSecret take it out", rt.Name)
	}
	o := clone(sent)
	err := rt.parts(o, nil, func(attrs []*Attribute, o, _ Object) error {
		dropReadOnly(attrs, o)
		return nil
	})
	rt.setSchemas(o)
	return o, err
}

// ReplaceWith makes the resource that a PUT asks for (RFC 7644 section 3.5.1): what was sent, and of what was there only what the server
// writes alone and what is immutable. The error is a 400 mutability.
func (rt *ResourceType) ReplaceWith(before, sent Object) (Object, error) {
	o, err := rt.CreateFrom(sent)
	if err != nil {
		return nil, err
	}
	if err := rt.parts(o, before, keep); err != nil {
		return nil, err
	}
	rt.setSchemas(o)
	return o, nil
}

// Merge makes the resource that a POST asks for which submits one again: what was sent is set, the rest stays. Complex attributes and
// extensions merge sub-attribute by sub-attribute, lists are replaced whole. The error is a 400 mutability.
func (rt *ResourceType) Merge(before, sent Object) (Object, error) {
	sent, err := rt.CreateFrom(sent)
	if err != nil {
		return nil, err
	}
	o := clone(before)
	if err := rt.parts(o, sent, merge); err != nil {
		return nil, err
	}
	rt.setSchemas(o)
	return o, nil
}

// parts calls do for the resource and for each extension, with the attributes that belong there and both objects' part. An extension that
// o has not is made, and is gone again where do leaves it empty; one that neither has is left out.
func (rt *ResourceType) parts(o, other Object, do func(attrs []*Attribute, o, other Object) error) error {
	if err := do(Common, o, other); err != nil {
		return err
	}
	if err := do(rt.Schema.Attributes, o, other); err != nil {
		return err
	}
	for _, e := range rt.Extensions {
		ext, _ := o[e.Schema.ID].(Object)
		otherExt, _ := other[e.Schema.ID].(Object)
		if ext == nil && otherExt == nil {
			continue
		}
		if ext == nil {
			ext = Object{}
		}
		if err := do(e.Schema.Attributes, ext, otherExt); err != nil {
			return err
		}
		assign(o, e.Schema.ID, ext)
	}
	return nil
}

// assign sets an attribute, or removes it where there is nothing to set.
func assign(o Object, name string, v any) {
	if isUnassigned(v) {
		delete(o, name)
		return
	}
	o[name] = v
}

func isUnassigned(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case Object:
		return len(v) == 0
	case []any:
		return len(v) == 0
	}
	return false
}

func dropReadOnly(attrs []*Attribute, o Object) {
	for _, a := range attrs {
		v, ok := o[a.Name]
		switch {
		case !ok:
		case a.Mutability == ReadOnly:
			delete(o, a.Name)
		case a.Type == Complex:
			eachElement(v, func(element Object) { dropReadOnly(a.SubAttributes, element) })
			assign(o, a.Name, withoutEmpty(v))
		}
	}
}

// eachElement calls do for the object that a complex value is, or for each that it holds.
func eachElement(v any, do func(Object)) {
	switch v := v.(type) {
	case Object:
		do(v)
	case []any:
		for _, element := range v {
			if o, ok := element.(Object); ok {
				do(o)
			}
		}
	}
}

// withoutEmpty drops the elements of a list that hold nothing.
func withoutEmpty(v any) any {
	list, ok := v.([]any)
	if !ok {
		return v
	}
	kept := list[:0]
	for _, element := range list {
		if !isUnassigned(element) {
			kept = append(kept, element)
		}
	}
	return kept
}

// keep takes over from before what a client cannot replace.
func keep(attrs []*Attribute, o, before Object) error {
	for _, a := range attrs {
		was, now := before[a.Name], o[a.Name]
		switch {
		case was == nil:
		case a.Mutability == ReadOnly:
			o[a.Name] = cloneValue(was)
		case a.Mutability == Immutable:
			if now != nil && !sameValue(a, was, now) {
				return immutable(a)
			}
			o[a.Name] = cloneValue(was)
		default:
			if err := inside(a, now, was, keep); err != nil {
				return err
			}
		}
	}
	return nil
}

// merge sets what was sent.
func merge(attrs []*Attribute, o, sent Object) error {
	for _, a := range attrs {
		was, now := o[a.Name], sent[a.Name]
		_, whole := was.(Object)
		switch {
		case now == nil || a.Name == "schemas":
		case a.Mutability == Immutable && was != nil:
			if !sameValue(a, was, now) {
				return immutable(a)
			}
		case whole && !a.MultiValued:
			if err := inside(a, was, now, merge); err != nil {
				return err
			}
		default:
			o[a.Name] = now
		}
	}
	return nil
}

// inside does the same with the sub-attributes of a complex attribute, where both sides have it.
func inside(a *Attribute, v, other any, do func(attrs []*Attribute, o, other Object) error) error {
	o, ok := v.(Object)
	otherObject, otherOK := other.(Object)
	if !ok || !otherOK {
		return nil
	}
	return do(a.SubAttributes, o, otherObject)
}

func immutable(a *Attribute) error {
	return Bad(MutabilityErr, "%s is immutable: it keeps the value it was given first. Leave it out.", a.Name)
}

// setSchemas lists the schemas of a resource: its base schema and the extensions that it has values of.
func (rt *ResourceType) setSchemas(o Object) {
	schemas := []any{rt.Schema.ID}
	for _, e := range rt.Extensions {
		if ext, _ := o[e.Schema.ID].(Object); len(ext) > 0 {
			schemas = append(schemas, e.Schema.ID)
		}
	}
	o["schemas"] = schemas
}

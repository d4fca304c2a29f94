package engine

import (
	"fmt"
	"strings"

	"scimproof/server/scim"
	"scimproof/server/scim/filter"
	"scimproof/server/store"
)

// indexRefs resolves the attributes of a type that the store indexes: those it lists, those that must be unique, and those it hides.
func indexRefs(rt *scim.ResourceType) ([]scim.Ref, error) {
	var refs []scim.Ref
	seen := map[string]bool{}
	add := func(r scim.Ref) {
		if !seen[r.Key()] {
			seen[r.Key()] = true
			refs = append(refs, r)
		}
	}
	for _, name := range rt.Indexed {
		attr, err := filter.ParseAttr(name)
		if err != nil {
			return nil, fmt.Errorf("resource type %s indexes %q: %w", rt.Name, name, err)
		}
		ref, ok := rt.Resolve(attr)
		if !ok {
			return nil, fmt.Errorf("resource type %s indexes %q, which it does not have", rt.Name, name)
		}
		add(ref)
	}
	unique := func(urn string, attrs []*scim.Attribute) {
		for _, a := range attrs {
			if a.Uniqueness != scim.UniqueNone && a.Uniqueness != "" && a.Type != scim.Complex {
				add(scim.Ref{URN: urn, Attr: a})
			}
			for _, s := range a.SubAttributes {
				if s.Uniqueness != scim.UniqueNone && s.Uniqueness != "" {
					add(scim.Ref{URN: urn, Attr: a, Sub: s})
				}
			}
		}
	}
	unique("", rt.Schema.Attributes)
	for _, ext := range rt.Extensions {
		unique(ext.Schema.ID, ext.Schema.Attributes)
	}
	for _, a := range rt.Hidden {
		add(scim.Ref{Attr: a})
	}
	return refs, nil
}

// keys lists what the indexed attributes of a resource hold.
func (p *Profile) keys(rt *scim.ResourceType, o, hidden scim.Object) []store.Key {
	var keys []store.Key
	for _, ref := range p.index[rt.Name] {
		from := o
		for _, a := range rt.Hidden {
			if a == ref.Attr {
				from = hidden
			}
		}
		leaf := ref.Leaf()
		for _, v := range values(from, ref) {
			keys = append(keys, store.Key{
				Attr:   ref.Key(),
				Value:  scim.KeyText(leaf, v),
				Unique: leaf.Uniqueness != scim.UniqueNone && leaf.Uniqueness != "",
			})
		}
	}
	return keys
}

// values collects what a reference points at, one entry per value.
func values(o scim.Object, ref scim.Ref) []any {
	if ref.URN != "" {
		o, _ = o[ref.URN].(scim.Object)
	}
	v := o[ref.Attr.Name]
	elements, many := v.([]any)
	if !many {
		elements = []any{v}
	}
	var out []any
	for _, el := range elements {
		if ref.Sub != nil {
			c, _ := el.(scim.Object)
			el = c[ref.Sub.Name]
		}
		if el != nil {
			out = append(out, el)
		}
	}
	return out
}

// display is what others show for a resource.
func display(rt *scim.ResourceType, o scim.Object) string {
	for _, name := range []string{"displayName", "userName", "name"} {
		if s, ok := o[name].(string); ok && strings.TrimSpace(s) != "" {
			return s
		}
	}
	return ""
}

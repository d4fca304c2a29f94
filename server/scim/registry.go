package scim

import (
	"fmt"
	"slices"
)

// Registry is the resource types and schemas of a profile. It does not change.
type Registry struct {
	types   []*ResourceType
	schemas []*Schema
}

// Types lists the resource types in the order in which clients are shown them.
func (r *Registry) Types() []*ResourceType { return r.types }

// Schemas lists the schemas: of each type the base schema, then its extensions.
func (r *Registry) Schemas() []*Schema { return r.schemas }

// Type finds a resource type by its name, or nil.
func (r *Registry) Type(name string) *ResourceType {
	for _, rt := range r.types {
		if rt.Name == name {
			return rt
		}
	}
	return nil
}

// Endpoint finds a resource type by its path below the base URL, such as /Users, or nil. Paths have case.
func (r *Registry) Endpoint(path string) *ResourceType {
	for _, rt := range r.types {
		if rt.Endpoint == path {
			return rt
		}
	}
	return nil
}

// Extend makes a registry in which a resource type has one more extension, such as the fields that one application adds. What the schema
// leaves out of an attribute gets its default. The registry that it starts from stays as it is.
func (r *Registry) Extend(typ string, e Extension) (*Registry, error) {
	i := slices.IndexFunc(r.types, func(rt *ResourceType) bool { return rt.Name == typ })
	if i < 0 {
		return nil, fmt.Errorf("there is no resource type %q to extend", typ)
	}
	for _, s := range r.schemas {
		if sameName(s.ID, e.Schema.ID) {
			return nil, fmt.Errorf("the schema %s is there already", s.ID)
		}
	}
	setDefaults(e.Schema.Attributes)
	if err := e.Schema.validate(); err != nil {
		return nil, err
	}
	extended := *r.types[i]
	extended.Extensions = append(slices.Clip(extended.Extensions), e)
	out := &Registry{types: slices.Clone(r.types), schemas: append(slices.Clip(r.schemas), e.Schema)}
	out.types[i] = &extended
	return out, extended.validate()
}

// Keep makes a registry in which the server keeps more hidden attributes of a resource type. The registry that it starts from stays as it is.
func (r *Registry) Keep(typ string, hidden ...*Attribute) (*Registry, error) {
	i := slices.IndexFunc(r.types, func(rt *ResourceType) bool { return rt.Name == typ })
	if i < 0 {
		return nil, fmt.Errorf("there is no resource type %q to keep attributes of", typ)
	}
	setDefaults(hidden)
	keeping := *r.types[i]
	keeping.Hidden = append(slices.Clip(keeping.Hidden), hidden...)
	out := &Registry{types: slices.Clone(r.types), schemas: r.schemas}
	out.types[i] = &keeping
	return out, keeping.validate()
}

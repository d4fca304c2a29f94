package scim

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

package scim

import (
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/go-json-experiment/json"
)

// additionFile is what a file adds to a profile: schemas as their files have them, and resource types as typesFile has them.
type additionFile struct {
	About   string         `json:"$schema"` // for editors
	Schemas []*Schema      `json:"schemas"`
	Types   []additionType `json:"types"`
}

// additionType is a new resource type or, without an endpoint and a schema, what one that is there gets besides.
type additionType struct {
	Name        string          `json:"name"`
	Endpoint    string          `json:"endpoint"`
	Description string          `json:"description"`
	Schema      string          `json:"schema"`
	Extensions  []extensionFile `json:"extensions"`
	Indexed     []string        `json:"indexed"`
}

// Add makes a registry that has more resource types, or more extensions of those that are there; docs/schemas.md describes the file.
// The error names the file and the place in it. The registry that it starts from stays as it is.
func (r *Registry) Add(file string, data []byte) (*Registry, error) {
	var f additionFile
	if err := json.Unmarshal(data, &f, json.RejectUnknownMembers(true)); err != nil {
		return nil, fmt.Errorf("%s: %w", file, readable(data, err))
	}
	a := &addition{r: &Registry{types: slices.Clone(r.types), schemas: slices.Clone(r.schemas)}}
	if err := a.add(f); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return a.r, nil
}

// addition is a registry that grows.
type addition struct {
	r       *Registry
	pending []*Schema // declared, and part of no resource type yet
}

func (a *addition) add(f additionFile) error {
	if len(f.Types) == 0 {
		return errors.New(`there is nothing under "types"; list the resource types that it adds or extends`)
	}
	for i, s := range f.Schemas {
		if err := a.schema(s); err != nil {
			return fmt.Errorf("/schemas/%d: %w", i, err)
		}
	}
	for i, t := range f.Types {
		if err := a.typ(t); err != nil {
			return fmt.Errorf("/types/%d: %w", i, err)
		}
	}
	if len(a.pending) > 0 {
		return fmt.Errorf("no resource type uses the schema %s; name it in the schema or the extensions of one, or leave it out", a.pending[0].ID)
	}
	for i, s := range f.Schemas {
		if err := a.references(s.Attributes); err != nil {
			return fmt.Errorf("/schemas/%d: schema %s: %w", i, s.ID, err)
		}
	}
	return nil
}

// schema declares a schema.
func (a *addition) schema(s *Schema) error {
	if s == nil || hasNull(s.Attributes) {
		return errors.New("null stands where a schema or an attribute belongs; leave it out")
	}
	if a.find(s.ID) != nil {
		return fmt.Errorf("there is a schema %s already; choose another id", s.ID)
	}
	setDefaults(s.Attributes)
	if err := s.validate(); err != nil {
		return fmt.Errorf("schema %s: %w", s.ID, err)
	}
	a.pending = append(a.pending, s)
	return nil
}

func hasNull(attrs []*Attribute) bool {
	return slices.ContainsFunc(attrs, func(a *Attribute) bool { return a == nil || hasNull(a.SubAttributes) })
}

// find looks for a schema by its URN, in any case.
func (a *addition) find(urn string) *Schema {
	for _, list := range [][]*Schema{a.r.schemas, a.pending} {
		for _, s := range list {
			if sameName(s.ID, urn) {
				return s
			}
		}
	}
	return nil
}

// use makes a schema part of a resource type.
func (a *addition) use(urn string) (*Schema, error) {
	s := a.find(urn)
	if s == nil {
		return nil, fmt.Errorf("there is no schema %q; declare it under \"schemas\"", urn)
	}
	a.r.addSchema(s)
	a.pending = slices.DeleteFunc(a.pending, func(p *Schema) bool { return p == s })
	return s, nil
}

// typ adds a resource type, or extends one.
func (a *addition) typ(t additionType) error {
	extends := t.Endpoint == "" && t.Schema == ""
	i := slices.IndexFunc(a.r.types, func(rt *ResourceType) bool { return rt.Name == t.Name })
	rt := &ResourceType{Name: t.Name, Endpoint: t.Endpoint, Description: t.Description}
	switch {
	case extends && i < 0:
		return fmt.Errorf("there is no resource type %q to extend; a new one has an endpoint and a schema", t.Name)
	case extends && t.Description != "":
		return fmt.Errorf("resource type %s: its description stands; leave yours out", t.Name)
	case extends:
		*rt = *a.r.types[i]
	default:
		if err := a.checkNew(t); err != nil {
			return err
		}
		s, err := a.use(t.Schema)
		if err != nil {
			return fmt.Errorf("resource type %s: %w", t.Name, err)
		}
		rt.Schema = s
	}
	if err := a.complete(rt, t); err != nil {
		return fmt.Errorf("resource type %s: %w", t.Name, err)
	}
	if extends {
		a.r.types[i] = rt
	} else {
		a.r.types = append(a.r.types, rt)
	}
	return nil
}

// complete gives a resource type its extensions and indexed attributes.
func (a *addition) complete(rt *ResourceType, t additionType) error {
	rt.Extensions, rt.Indexed = slices.Clip(rt.Extensions), slices.Clip(rt.Indexed)
	for _, e := range t.Extensions {
		s, err := a.use(e.Schema)
		if err != nil {
			return err
		}
		if s == rt.Schema || rt.Extension(s.ID) != nil {
			return fmt.Errorf("it has the schema %s already; name it once", s.ID)
		}
		rt.Extensions = append(rt.Extensions, Extension{s, e.Required})
	}
	rt.Indexed = append(rt.Indexed, t.Indexed...)
	if err := rt.validate(); err != nil {
		return err
	}
	return rt.validateIndexed(t.Indexed)
}

var (
	typeName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*$`)
	endpoint = regexp.MustCompile(`^/[A-Za-z][A-Za-z0-9._-]*$`)
)

// taken are the endpoints of the protocol itself (RFC 7644 section 3.2).
var taken = []string{"/Me", "/Bulk", "/Schemas", "/ResourceTypes", "/ServiceProviderConfig"}

// checkNew holds name and endpoint of a new resource type against those that are there. Names and endpoints that differ in nothing but
// their case would be mistaken for each other.
func (a *addition) checkNew(t additionType) error {
	switch {
	case !typeName.MatchString(t.Name):
		return fmt.Errorf("%q cannot be the name of a resource type; take letters, digits, - and _, such as Robot", t.Name)
	case !endpoint.MatchString(t.Endpoint):
		return fmt.Errorf("resource type %s: %q cannot be an endpoint; take a slash and a word, such as /Robots", t.Name, t.Endpoint)
	case slices.ContainsFunc(taken, func(path string) bool { return sameName(path, t.Endpoint) }):
		return fmt.Errorf("resource type %s: the protocol itself uses %s; choose another endpoint", t.Name, t.Endpoint)
	}
	for _, rt := range a.r.types {
		switch {
		case sameName(rt.Name, t.Name):
			return fmt.Errorf("there is a resource type %s already; choose another name, or leave out endpoint and schema to extend it", rt.Name)
		case sameName(rt.Endpoint, t.Endpoint):
			return fmt.Errorf("resource type %s: %s has the endpoint %s already; choose another", t.Name, rt.Name, rt.Endpoint)
		}
	}
	return nil
}

// references sees to it that references point at something.
func (a *addition) references(attrs []*Attribute) error {
	for _, attr := range attrs {
		for _, to := range attr.ReferenceTypes {
			if to != "external" && to != "uri" && a.r.Type(to) == nil {
				return fmt.Errorf("attribute %q: there is no resource type %q to refer to; take external, uri or the name of one", attr.Name, to)
			}
		}
		if err := a.references(attr.SubAttributes); err != nil {
			return fmt.Errorf("attribute %q: %w", attr.Name, err)
		}
	}
	return nil
}

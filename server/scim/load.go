package scim

import (
	"fmt"
	"io/fs"
	"path"
	"slices"

	"github.com/go-json-experiment/json"
)

// typesFile lists the resource types of a profile; every other file beside it is a schema.
const typesFile = "types.json"

// typeFile is an entry of typesFile.
type typeFile struct {
	Name        string          `json:"name"`
	Endpoint    string          `json:"endpoint"`
	Description string          `json:"description"`
	Schema      string          `json:"schema"`
	Extensions  []extensionFile `json:"extensions"`
	Indexed     []string        `json:"indexed"`
	Linked      string          `json:"linked"`
	Derived     string          `json:"derived"`
	Hidden      []*Attribute    `json:"hidden"`
}

type extensionFile struct {
	Schema   string `json:"schema"`
	Required bool   `json:"required"`
}

// Load reads the schemas and resource types of a profile: <profile>/types.json and, beside it, a file for each schema. What a file
// leaves out of an attribute has the default of RFC 7643 section 2.2. Whatever is wrong with them is an error, which names the file.
func Load(fsys fs.FS, profile string) (*Registry, error) {
	files, err := fs.Glob(fsys, path.Join(profile, "*.json"))
	if err != nil {
		return nil, err
	}
	schemas := map[string]*Schema{}
	var types []typeFile
	for _, file := range files {
		if path.Base(file) == typesFile {
			err = readFile(fsys, file, &types)
		} else {
			err = addSchema(fsys, file, schemas)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	r := &Registry{}
	for _, f := range types {
		if err := r.add(f, schemas); err != nil {
			return nil, fmt.Errorf("%s: resource type %s: %w", path.Join(profile, typesFile), f.Name, err)
		}
	}
	if len(r.types) == 0 {
		return nil, fmt.Errorf("%s lists no resource type", path.Join(profile, typesFile))
	}
	if len(r.schemas) != len(schemas) {
		return nil, fmt.Errorf("%s: %d of the %d schemas belong to no resource type", profile, len(schemas)-len(r.schemas), len(schemas))
	}
	return r, nil
}

func readFile(fsys fs.FS, file string, into any) error {
	data, err := fs.ReadFile(fsys, file)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, into, json.RejectUnknownMembers(true))
}

func addSchema(fsys fs.FS, file string, schemas map[string]*Schema) error {
	s := &Schema{}
	if err := readFile(fsys, file, s); err != nil {
		return err
	}
	if schemas[s.ID] != nil {
		return fmt.Errorf("another file has the schema %s", s.ID)
	}
	schemas[s.ID] = s
	setDefaults(s.Attributes)
	return s.validate()
}

// setDefaults fills in the defaults of RFC 7643 section 2.2.
func setDefaults(attrs []*Attribute) {
	for _, a := range attrs {
		if a.Type == "" {
			a.Type = String
		}
		if a.Mutability == "" {
			a.Mutability = ReadWrite
		}
		if a.Returned == "" {
			a.Returned = Default
		}
		if a.Uniqueness == "" && a.Type != Complex {
			a.Uniqueness = UniqueNone
		}
		if a.Type == Reference {
			a.CaseExact = true // erratum 6001
		}
		setDefaults(a.SubAttributes)
	}
}

// add completes a resource type with its schemas.
func (r *Registry) add(f typeFile, schemas map[string]*Schema) error {
	setDefaults(f.Hidden)
	rt := &ResourceType{
		Name: f.Name, Endpoint: f.Endpoint, Description: f.Description, Schema: schemas[f.Schema],
		Indexed: f.Indexed, Linked: f.Linked, Derived: f.Derived, Hidden: f.Hidden,
	}
	if rt.Schema == nil {
		return fmt.Errorf("no file has the schema %q", f.Schema)
	}
	r.addSchema(rt.Schema)
	for _, e := range f.Extensions {
		s := schemas[e.Schema]
		if s == nil {
			return fmt.Errorf("no file has the extension %q", e.Schema)
		}
		rt.Extensions = append(rt.Extensions, Extension{s, e.Required})
		r.addSchema(s)
	}
	if r.Type(rt.Name) != nil || r.Endpoint(rt.Endpoint) != nil {
		return fmt.Errorf("another one has its name or its endpoint %s", rt.Endpoint)
	}
	r.types = append(r.types, rt)
	return rt.validate()
}

func (r *Registry) addSchema(s *Schema) {
	if !slices.Contains(r.schemas, s) {
		r.schemas = append(r.schemas, s)
	}
}

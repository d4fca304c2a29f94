package scim

// Type is the data type of an attribute (RFC 7643 section 2.3).
type Type string

// The data types of RFC 7643 section 2.3.
const (
	String    Type = "string"
	Boolean   Type = "boolean"
	Decimal   Type = "decimal"
	Integer   Type = "integer"
	DateTime  Type = "dateTime"
	Binary    Type = "binary"
	Reference Type = "reference"
	Complex   Type = "complex"
)

// Mutability says when a client may write an attribute (RFC 7643 section 7).
type Mutability string

// The values of mutability.
const (
	ReadOnly  Mutability = "readOnly"
	ReadWrite Mutability = "readWrite"
	Immutable Mutability = "immutable"
	WriteOnly Mutability = "writeOnly"
)

// Returned says when an attribute appears in a response (RFC 7643 section 7).
type Returned string

// The values of returned.
const (
	Always    Returned = "always"
	Never     Returned = "never"
	Default   Returned = "default"
	OnRequest Returned = "request"
)

// Uniqueness says how far a value must differ from all others (RFC 7643 section 7).
type Uniqueness string

// The values of uniqueness.
const (
	UniqueNone   Uniqueness = "none"
	UniqueServer Uniqueness = "server"
	UniqueGlobal Uniqueness = "global"
)

// Attribute is one attribute definition with its characteristics (RFC 7643 section 7).
type Attribute struct {
	Name            string       `json:"name"`
	Type            Type         `json:"type"`
	MultiValued     bool         `json:"multiValued"`
	Description     string       `json:"description,omitempty"`
	Required        bool         `json:"required"`
	CanonicalValues []string     `json:"canonicalValues,omitempty"`
	CaseExact       bool         `json:"caseExact"`
	Mutability      Mutability   `json:"mutability"`
	Returned        Returned     `json:"returned"`
	Uniqueness      Uniqueness   `json:"uniqueness,omitempty"` // none of a complex attribute (erratum 6004)
	ReferenceTypes  []string     `json:"referenceTypes,omitempty"`
	SubAttributes   []*Attribute `json:"subAttributes,omitempty"`
}

// Sub finds a sub-attribute by name, without regard to case; nil where there is none.
func (a *Attribute) Sub(name string) *Attribute { return find(a.SubAttributes, name) }

// Schema is a set of attributes under one URN (RFC 7643 section 7).
type Schema struct {
	ID          string       `json:"id"`
	Name        string       `json:"name"`
	Description string       `json:"description,omitempty"`
	Attributes  []*Attribute `json:"attributes"`
}

// Attribute finds an attribute by name, without regard to case; nil where there is none.
func (s *Schema) Attribute(name string) *Attribute { return find(s.Attributes, name) }

// Extension is a schema that a resource type adds to its base schema.
type Extension struct {
	Schema   *Schema
	Required bool
}

// ResourceType is a kind of resource: its endpoint, its base schema and its extensions (RFC 7643 section 6).
type ResourceType struct {
	Name        string // "User"; also the id
	Endpoint    string // "/Users"
	Description string
	Schema      *Schema
	Extensions  []Extension
	// Indexed lists the attributes that a store answers by an index, as Ref.Key spells them ("emails.value").
	// Attributes with a uniqueness are indexed without being listed.
	Indexed []string
	// Linked names the multi-valued attribute kept as rows apart from the resource ("members" of Group), or "".
	Linked string
	// Derived names the read-only attribute computed from the links of others ("groups" of User), or "".
	Derived string
	// Hidden are attributes that the server keeps and may filter by, that no client can name, write or see.
	Hidden []*Attribute
}

// Extension finds an extension by its URN, without regard to case; nil where there is none.
func (rt *ResourceType) Extension(urn string) *Schema { return findExtension(rt, urn) }

func findExtension[N string | []byte](rt *ResourceType, urn N) *Schema {
	for _, e := range rt.Extensions {
		if sameName(e.Schema.ID, urn) {
			return e.Schema
		}
	}
	return nil
}

// Attribute finds an attribute of the base schema or one of the common attributes (RFC 7643 section 3.1)
// by name, without regard to case; nil where there is none.
func (rt *ResourceType) Attribute(name string) *Attribute { return findAttribute(rt, name) }

func findAttribute[N string | []byte](rt *ResourceType, name N) *Attribute {
	if a := find(rt.Schema.Attributes, name); a != nil {
		return a
	}
	return find(Common, name)
}

// Common are the attributes of every resource (RFC 7643 section 3.1). /Schemas does not list them.
var Common = []*Attribute{
	{Name: "schemas", Type: Reference, MultiValued: true, Required: true, CaseExact: true, Mutability: ReadWrite, Returned: Always, Uniqueness: UniqueNone, ReferenceTypes: []string{"uri"}},
	{Name: "id", Type: String, CaseExact: true, Mutability: ReadOnly, Returned: Always, Uniqueness: UniqueServer},
	{Name: "externalId", Type: String, CaseExact: true, Mutability: ReadWrite, Returned: Default, Uniqueness: UniqueNone},
	{Name: "meta", Type: Complex, Mutability: ReadOnly, Returned: Default, SubAttributes: []*Attribute{
		{Name: "resourceType", Type: String, CaseExact: true, Mutability: ReadOnly, Returned: Default, Uniqueness: UniqueNone},
		{Name: "created", Type: DateTime, Mutability: ReadOnly, Returned: Default, Uniqueness: UniqueNone},
		{Name: "lastModified", Type: DateTime, Mutability: ReadOnly, Returned: Default, Uniqueness: UniqueNone},
		{Name: "location", Type: Reference, CaseExact: true, Mutability: ReadOnly, Returned: Default, Uniqueness: UniqueNone, ReferenceTypes: []string{"uri"}},
		{Name: "version", Type: String, CaseExact: true, Mutability: ReadOnly, Returned: Default, Uniqueness: UniqueNone},
	}},
}

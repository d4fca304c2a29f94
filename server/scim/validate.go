package scim

import (
	"errors"
	"fmt"
	"strings"

	"scimproof/server/scim/filter"
)

// validate reports what makes a schema unfit for use.
func (s *Schema) validate() error {
	if !isURN(s.ID) || s.Name == "" {
		return errors.New("a schema has an id that is a URN, and a name: write both")
	}
	return validateAttributes(s.Attributes)
}

// isURN looks at the scheme, which has no case (RFC 8141 section 2).
func isURN(s string) bool { return len(s) > 4 && strings.EqualFold(s[:4], "urn:") }

func validateAttributes(attrs []*Attribute) error {
	seen := map[string]bool{}
	for _, a := range attrs {
		if err := a.validate(); err != nil {
			return fmt.Errorf("attribute %q: %w", a.Name, err)
		}
		if name := strings.ToLower(a.Name); seen[name] {
			return fmt.Errorf("attribute %q: there are two of this name, which has no case; rename one", a.Name)
		} else {
			seen[name] = true
		}
	}
	return nil
}

func (a *Attribute) validate() error {
	parsed, err := filter.ParseAttr(a.Name)
	switch {
	case err != nil:
		return err
	case parsed.Name != a.Name:
		return errors.New("a name has neither colon nor dot; leave them out")
	case !oneOf(a.Type, String, Boolean, Decimal, Integer, DateTime, Binary, Reference, Complex):
		return fmt.Errorf("there is no type %q; take string, boolean, decimal, integer, dateTime, binary, reference or complex", a.Type)
	case !oneOf(a.Mutability, ReadOnly, ReadWrite, Immutable, WriteOnly):
		return fmt.Errorf("there is no mutability %q; take readOnly, readWrite, immutable or writeOnly", a.Mutability)
	case !oneOf(a.Returned, Always, Never, Default, OnRequest):
		return fmt.Errorf("returned cannot be %q; take always, never, default or request", a.Returned)
	case a.Type == Complex && a.Uniqueness != "":
		return errors.New("a complex attribute has no uniqueness (erratum 6004); give it to a sub-attribute")
	case a.Type != Complex && !oneOf(a.Uniqueness, UniqueNone, UniqueServer, UniqueGlobal):
		return fmt.Errorf("there is no uniqueness %q; take none, server or global", a.Uniqueness)
	case a.Mutability == WriteOnly && a.Returned != Never:
		return errors.New("what is writeOnly is never returned (RFC 7643 section 7); add \"returned\": \"never\"")
	case (a.Type == Complex) != (len(a.SubAttributes) > 0):
		return errors.New("sub-attributes belong to a complex attribute, and it has some: set the type to complex, or take them out")
	case (a.Type == Reference) != (len(a.ReferenceTypes) > 0):
		return errors.New("reference types belong to a reference, and it has some: such as [\"external\"], [\"uri\"] or [\"User\"]")
	}
	for _, s := range a.SubAttributes {
		if s.Type == Complex {
			return fmt.Errorf("sub-attribute %q is complex, which none may be (erratum 8415); make it an attribute of its own", s.Name)
		}
	}
	return validateAttributes(a.SubAttributes)
}

func oneOf[T comparable](v T, all ...T) bool {
	for _, w := range all {
		if v == w {
			return true
		}
	}
	return false
}

// validate reports what makes a resource type unfit for use.
func (rt *ResourceType) validate() error {
	if rt.Name == "" || !strings.HasPrefix(rt.Endpoint, "/") || strings.Count(rt.Endpoint, "/") != 1 {
		return errors.New("a resource type has a name and an endpoint such as /Users")
	}
	for _, a := range rt.Schema.Attributes {
		if find(Common, a.Name) != nil {
			return fmt.Errorf("attribute %q: every resource has one of this name already (RFC 7643 section 3.1); rename it", a.Name)
		}
	}
	if err := validateAttributes(rt.Hidden); err != nil {
		return fmt.Errorf("hidden: %w", err)
	}
	for _, a := range rt.Hidden {
		if rt.Attribute(a.Name) != nil {
			return fmt.Errorf("hidden attribute %q: the schema has one of this name", a.Name)
		}
	}
	for _, name := range rt.Indexed {
		if attr, err := filter.ParseAttr(name); err != nil {
			return fmt.Errorf("indexed %q: %w", name, err)
		} else if ref, ok := rt.Resolve(attr); !ok || ref.Key() != name {
			return fmt.Errorf("indexed %q: it has no attribute that is spelled so; write it as its schema does, that of an extension after its URN and a colon", name)
		}
	}
	return errors.Join(rt.validateLinks(rt.Linked, ReadWrite), rt.validateLinks(rt.Derived, ReadOnly), rt.validateSecrets())
}

// validateIndexed refuses an index that no query would use: filters and sorts look only texts, references and booleans up by one.
func (rt *ResourceType) validateIndexed(names []string) error {
	for _, name := range names {
		ref, _ := rt.byKey(name)
		switch leaf := ref.Leaf(); {
		case leaf.Type == Complex:
			return fmt.Errorf("indexed %q: it is complex; index a sub-attribute, such as %s.%s", name, name, leaf.SubAttributes[0].Name)
		case ref.secret():
			return fmt.Errorf("indexed %q: it is never shown, so no filter may ask for it; leave it out", name)
		case !oneOf(leaf.Type, String, Reference, Boolean):
			return fmt.Errorf("indexed %q: only texts, references and booleans have an index, and it is %s; leave it out", name, article(leaf.Type))
		}
	}
	return nil
}

func (rt *ResourceType) validateLinks(name string, m Mutability) error {
	if name == "" {
		return nil
	}
	if a := rt.Schema.Attribute(name); a == nil || a.Name != name || a.Type != Complex || !a.MultiValued || a.Mutability != m || a.Sub("value") == nil {
		return fmt.Errorf("%s: expected a complex multi-valued %s attribute of the base schema with a sub-attribute value", name, m)
	}
	return nil
}

// validateSecrets sees to it that what is writeOnly is one text of the base schema, since TakeSecret looks nowhere else.
func (rt *ResourceType) validateSecrets() error {
	secrets := 0
	for _, a := range rt.Schema.Attributes {
		if a.Mutability == WriteOnly && a.Type == String && !a.MultiValued {
			secrets++
		} else if hasWriteOnly([]*Attribute{a}) {
			return fmt.Errorf("attribute %q: only a single text can be writeOnly; make it a string that is not multi-valued", a.Name)
		}
	}
	for _, e := range rt.Extensions {
		if hasWriteOnly(e.Schema.Attributes) {
			return fmt.Errorf("extension %s: only the base schema can have a writeOnly attribute; move it there", e.Schema.ID)
		}
	}
	if secrets > 1 {
		return errors.New("only one attribute can be writeOnly; make the other one readWrite and returned never")
	}
	return nil
}

func hasWriteOnly(attrs []*Attribute) bool {
	for _, a := range attrs {
		if a.Mutability == WriteOnly || hasWriteOnly(a.SubAttributes) {
			return true
		}
	}
	return false
}

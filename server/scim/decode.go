package scim

import "fmt"

// DecodeOptions adjust Decode.
type DecodeOptions struct {
	// RefuseUnknown refuses attributes and schemas that the resource type does not have; else they are ignored.
	RefuseUnknown bool
	// Relax is asked about a value that has not the JSON type of its attribute, or of an element of it. It returns what to take instead,
	// in the form that an Object holds, where ok is true; nil drops the value.
	Relax func(attr *Attribute, value any) (instead any, ok bool)
	// Named, where it is not nil, is filled with the top-level attributes that the body names, in the spelling of the schema, and with the
	// URNs of its extensions, also where they are null.
	Named map[string]bool
}

// Decode reads the body of a POST or PUT. Names are taken in any case; what only the server writes is left out (RFC 7644 section 3.3),
// and so is what is null or empty. The error is a 400: invalidSyntax where the body is no resource of the type, invalidValue where a
// value does not fit its attribute.
func (rt *ResourceType) Decode(body []byte, opt DecodeOptions) (Object, error) {
	p := newParser(rt, body)
	p.opt = opt
	if p.dec.PeekKind() != '{' {
		if err := p.skip(); err != nil {
			return nil, err
		}
		return nil, Bad(InvalidSyntax, "The body is a JSON object: a resource of type %s.", rt.Name)
	}
	o, err := p.resource()
	if err == nil {
		err = p.end()
	}
	if err == nil {
		err = p.checkSchemas(o["schemas"])
	}
	if err != nil {
		return nil, err
	}
	delete(o, "schemas") // written anew from what the resource holds
	return o, nil
}

// Read reads a resource that Append wrote.
func (rt *ResourceType) Read(data []byte) (Object, error) {
	p := newParser(rt, data)
	p.stored = true
	if p.dec.PeekKind() != '{' {
		return nil, fmt.Errorf("scim: a stored %s is no JSON object", rt.Name)
	}
	o, err := p.resource()
	if err == nil {
		err = p.end()
	}
	if err != nil {
		return nil, fmt.Errorf("scim: a stored %s cannot be read: %v", rt.Name, err) // no *Error: it is not the client's fault
	}
	return o, nil
}

// resource reads the object of a resource.
func (p *parser) resource() (Object, error) {
	o := Object{}
	err := p.object(func(name []byte) error {
		if a := findAttribute(p.rt, name); a != nil {
			return p.attribute(o, a)
		}
		if ext := findExtension(p.rt, name); ext != nil {
			return p.extension(o, ext)
		}
		return p.unknown(name)
	})
	return o, err
}

// attribute reads an attribute into a resource or an extension.
func (p *parser) attribute(o Object, a *Attribute) error {
	if p.opt.Named != nil {
		p.opt.Named[a.Name] = true
	}
	return p.member(o, a)
}

func (p *parser) member(o Object, a *Attribute) error {
	if a.Mutability == ReadOnly && !p.stored {
		return p.skip()
	}
	v, err := p.value(a)
	if v != nil {
		o[a.Name] = v
	}
	return err
}

func (p *parser) extension(o Object, ext *Schema) error {
	if p.opt.Named != nil {
		p.opt.Named[ext.ID] = true
	}
	switch kind := p.dec.PeekKind(); kind {
	case '{':
	case 'n':
		return p.skip()
	default:
		if err := p.skip(); err != nil {
			return err
		}
		return Bad(InvalidValue, "%s is an object, not %s.", ext.ID, kindName(kind))
	}
	values := make(Object, 4)
	err := p.object(func(name []byte) error {
		a := find(ext.Attributes, name)
		if a == nil {
			return p.unknown(name)
		}
		return p.member(values, a)
	})
	if len(values) > 0 {
		o[ext.ID] = values
	}
	return err
}

// checkSchemas wants the base schema among the schemas of a body (RFC 7643 section 3), and where unknown ones are refused, none but the type's.
func (p *parser) checkSchemas(v any) error {
	list, _ := v.([]any)
	base := false
	for _, urn := range list {
		urn, _ := urn.(string)
		switch {
		case sameName(urn, p.rt.Schema.ID):
			base = true
		case p.opt.RefuseUnknown && p.rt.Extension(urn) == nil:
			return Bad(InvalidSyntax, "schemas lists a schema that %s does not have; /ResourceTypes says which it has.", p.rt.Name)
		}
	}
	if !base {
		return Bad(InvalidSyntax, "schemas must be there and list %s.", p.rt.Schema.ID)
	}
	return nil
}

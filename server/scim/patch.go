package scim

import "scimproof/server/scim/filter"

// PatchSchema is the URN of the PatchOp message (RFC 7644 section 3.5.2).
const PatchSchema = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

// maxOperations is how many operations a PATCH has at most.
const maxOperations = 1000

// The operations of PATCH (RFC 7644 section 3.5.2).
const (
	OpAdd     = "add"
	OpRemove  = "remove"
	OpReplace = "replace"
)

// Operation is one operation of a PATCH: what a client wrote without a path, or about an extension as a whole, has been taken apart into
// one for each attribute.
type Operation struct {
	Op   string // OpAdd, OpRemove or OpReplace
	Path *PatchPath
	// Value is what the path's attribute holds: a list for a multi-valued one, the value of the sub-attribute where the path has one, an
	// element where it has a filter and none. Nil stands for null and []. Of OpRemove it is nil, or the values to be removed and no others.
	Value any
	// implied says that the attribute is one of several in a value without a path, where clients put what they once read.
	implied bool
	// whole says that the attribute goes with its extension.
	whole bool
}

// PatchPath is the bound target of an operation. Its Attr is never nil.
type PatchPath struct {
	Ref
	Filter Cond        // of the elements that are meant; nil means all
	Expr   filter.Expr // what Filter was bound from: values are as the client spelled them
}

// PatchOptions adjust PATCH.
type PatchOptions struct {
	// CreateOnNoMatch lets replace make the element that its filter describes where there is none, instead of noTarget. Add always does.
	CreateOnNoMatch bool
	// IgnoreUnknown drops operations on attributes that the resource type does not have, instead of invalidPath.
	IgnoreUnknown bool
	// Relax is that of DecodeOptions.
	Relax func(attr *Attribute, value any) (instead any, ok bool)
}

// DecodePatch reads the body of a PATCH. The error is a 400.
func (rt *ResourceType) DecodePatch(body []byte, opt PatchOptions) ([]Operation, error) {
	p := newParser(rt, body)
	m := message{patchDecoder: patchDecoder{rt: rt, opt: opt}}
	if p.dec.PeekKind() != '{' {
		if err := p.skip(); err != nil {
			return nil, err
		}
		return nil, Bad(InvalidSyntax, "The body is a JSON object: a PatchOp message.")
	}
	if err := p.object(func(name []byte) error { return m.member(p, name) }); err != nil {
		return nil, err
	}
	if err := p.end(); err != nil {
		return nil, err
	}
	if !m.isPatch {
		return nil, Bad(InvalidSyntax, "schemas must be there and list %s.", PatchSchema)
	}
	if m.count == 0 {
		return nil, Bad(InvalidSyntax, "Operations must be there and hold at least one operation.")
	}
	return m.ops, nil
}

// message is a PatchOp message as far as it is read.
type message struct {
	patchDecoder
	isPatch bool
	count   int
}

func (m *message) member(p *parser, name []byte) error {
	kind := p.dec.PeekKind()
	switch {
	case sameName(name, "schemas") && kind == '[':
		return p.array(maxElements, func() error {
			v, err := p.any()
			urn, _ := v.(string)
			m.isPatch = m.isPatch || sameName(urn, PatchSchema)
			return err
		})
	case !sameName(name, "Operations"):
		return p.skip()
	case kind != '[':
		if err := p.skip(); err != nil {
			return err
		}
		return Bad(InvalidSyntax, "Operations is an array of operations.")
	}
	return p.array(maxElements, func() error {
		if m.count++; m.count > maxOperations {
			return Bad(InvalidValue, "There are more than %d operations; send them in several requests.", maxOperations)
		}
		return m.operation(p)
	})
}

// operation reads one operation. Its value is read when its path is known, which may stand behind it.
func (m *message) operation(p *parser) error {
	kind := p.dec.PeekKind()
	if kind != '{' {
		if err := p.skip(); err != nil {
			return err
		}
		return Bad(InvalidSyntax, "An operation is a JSON object with op, path and value.")
	}
	var w written
	err := p.object(func(name []byte) (err error) {
		switch {
		case sameName(name, "op"):
			w.op, err = p.textOf(name)
		case sameName(name, "path"):
			w.path, err = p.textOf(name)
		case sameName(name, "value"):
			w.value, err = p.raw()
		default: // such as the name that some clients send
			err = p.skip()
		}
		return err
	})
	if err != nil {
		return err
	}
	return m.decode(w)
}

// textOf reads a string; null is the empty one.
func (p *parser) textOf(name []byte) (string, error) {
	v, err := p.any()
	if err != nil {
		return "", err
	}
	text, ok := v.(string)
	if !ok && v != nil {
		return "", Bad(InvalidSyntax, "%s of an operation is a string.", p.nameOf(name))
	}
	return text, nil
}

// written is an operation as a client wrote it.
type written struct {
	op, path string
	value    []byte // JSON, or nil where there is none
}

// Touched names what operations change: attributes of the base schema, and extensions by their URN.
func (rt *ResourceType) Touched(ops []Operation) map[string]bool {
	out := map[string]bool{}
	for _, op := range ops {
		if op.Path.URN != "" {
			out[op.Path.URN] = true
		} else {
			out[op.Path.Attr.Name] = true
		}
	}
	return out
}

package scim

import "scimproof/server/scim/filter"

// patchDecoder turns operations as clients write them into bound ones.
type patchDecoder struct {
	rt  *ResourceType
	opt PatchOptions
	ops []Operation
}

// decode adds the operations that one written operation comes to.
func (d *patchDecoder) decode(w written) error {
	op := ""
	for _, known := range []string{OpAdd, OpRemove, OpReplace} {
		if sameName(w.op, known) {
			op = known
		}
	}
	switch {
	case op == "":
		return Bad(InvalidSyntax, "op is add, remove or replace.")
	case w.path == "" && op == OpRemove:
		return Bad(NoTarget, "remove needs a path that says what goes.")
	case w.value == nil && op != OpRemove:
		return Bad(InvalidValue, "%s needs a value.", op)
	case w.path == "":
		return d.expand(op, "", d.parser(w.value))
	}
	path, err := filter.ParsePath(w.path, filter.Budget{})
	if err != nil {
		return Bad(InvalidPath, "The path cannot be read: %v.", err)
	}
	return d.target(op, path, w.value, false)
}

// parser reads a value that is known to be JSON.
func (d *patchDecoder) parser(value []byte) *parser {
	p := newParser(d.rt, value)
	p.patch = true
	p.opt.Relax = d.opt.Relax
	return p
}

// target adds the operation with the path and the value.
func (d *patchDecoder) target(op string, path filter.Path, value []byte, implied bool) error {
	bound, ext, err := d.bind(path)
	switch {
	case err != nil:
		return err
	case ext != nil && (op == OpRemove || string(value) == "null"):
		return d.removeExtension(op, ext)
	case ext != nil:
		return d.expand(op, ext.ID, d.parser(value))
	case bound == nil:
		return nil
	}
	o := Operation{Op: op, Path: bound, implied: implied}
	if value != nil {
		o.Value, err = d.value(op, bound, d.parser(value))
	}
	d.ops = append(d.ops, o)
	return err
}

// bind finds the target of a path: an attribute, or an extension as a whole, or neither where it is unknown and to be ignored.
func (d *patchDecoder) bind(path filter.Path) (*PatchPath, *Schema, error) {
	if path.Sub != "" {
		path.Attr.Sub = path.Sub
	}
	ref, ok := d.rt.Resolve(path.Attr)
	switch {
	case !ok && d.opt.IgnoreUnknown:
		return nil, nil, nil
	case !ok:
		return nil, nil, Bad(InvalidPath, "%s has no attribute %s; /Schemas lists those it has.", d.rt.Name, path.Attr)
	case path.Filter == nil && ref.Attr == nil:
		return nil, d.rt.Extension(ref.URN), nil
	case path.Filter == nil:
		return &PatchPath{Ref: ref}, nil, nil
	case ref.Attr == nil || !ref.Attr.MultiValued || ref.Attr.Type != Complex:
		return nil, nil, Bad(InvalidPath, "%s has no elements to choose from; leave the brackets out.", path.Attr)
	}
	cond, err := bindElement(ref.Attr, path.Filter, true)
	return &PatchPath{Ref: ref, Filter: cond, Expr: path.Filter}, nil, err
}

// value reads the value of an operation.
func (d *patchDecoder) value(op string, path *PatchPath, p *parser) (any, error) {
	attr, kind := path.Attr, p.dec.PeekKind()
	switch {
	case path.Sub != nil:
		p.parent, attr = path.Attr.Name, path.Sub
	case path.Filter != nil && op != OpRemove:
		return p.element(attr)
	}
	v, err := p.value(attr)
	switch {
	case v != nil || err != nil || kind == 'n':
		return v, err
	case op == OpRemove:
		return []any{}, nil // none of its values, which is not the same as all
	case kind == '{' && !attr.MultiValued:
		return Object{}, nil // none of its sub-attributes, which is not the same as no value
	}
	return nil, nil
}

// element reads one element of a multi-valued attribute, which may stand in an array.
func (p *parser) element(a *Attribute) (any, error) {
	if p.dec.PeekKind() != '[' {
		return p.single(a)
	}
	v, err := p.list(a)
	list, _ := v.([]any)
	if len(list) > 1 {
		return nil, Bad(InvalidValue, "%s: the path stands for one element, and the value has %d.", a.Name, len(list))
	}
	if len(list) == 0 {
		return nil, err
	}
	return list[0], err
}

// expand takes an object of attributes apart: of the resource, or of an extension. Its keys are paths, as Entra writes them.
func (d *patchDecoder) expand(op, urn string, p *parser) error {
	if p.dec.PeekKind() != '{' {
		if urn != "" {
			return Bad(InvalidValue, "The value of the extension %s is an object of its attributes.", urn)
		}
		return Bad(InvalidValue, "Without a path the value is an object of attributes.")
	}
	return p.object(func(name []byte) error {
		value, err := p.raw()
		if err != nil {
			return err
		}
		path, err := d.key(string(name), urn, p)
		if err != nil || path == nil {
			return err
		}
		return d.target(op, *path, value, true)
	})
}

// key reads a key of an object of attributes; nil where it is to be passed over: what only the server writes about a resource, the schemas that
// scim2-models writes into an extension too, and what is no path where unknown attributes are ignored.
func (d *patchDecoder) key(name, urn string, p *parser) (*filter.Path, error) {
	if sameName(name, "schemas") || urn == "" && sameName(name, "meta") {
		return nil, nil
	}
	path, err := filter.ParsePath(name, filter.Budget{})
	switch foreign := urn != "" && path.Attr.URN != ""; {
	case (err != nil || foreign) && d.opt.IgnoreUnknown:
		return nil, nil
	case err != nil || foreign:
		return nil, Bad(InvalidPath, "%s in the value is not the name of an attribute.", p.nameOf([]byte(name)))
	case urn != "":
		path.Attr.URN = urn
	}
	return &path, nil
}

// removeExtension removes all that clients write in an extension. An attribute that is required there may go along with the rest.
func (d *patchDecoder) removeExtension(op string, ext *Schema) error {
	if op == OpAdd {
		return nil
	}
	for _, a := range ext.Attributes {
		if a.Mutability != ReadOnly {
			d.ops = append(d.ops, Operation{Op: OpRemove, Path: &PatchPath{Ref: Ref{URN: ext.ID, Attr: a}}, whole: true})
		}
	}
	return nil
}

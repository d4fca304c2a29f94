package scim

import "slices"

// Patch carries out operations in their order (RFC 7644 section 3.5.2) and returns the new resource; before is left as it is. The error
// is a 400: mutability, noTarget or invalidValue. The linked attribute is none of its business: SplitLinked takes it out.
func (rt *ResourceType) Patch(before Object, ops []Operation, opt PatchOptions) (Object, error) {
	o := clone(before)
	for _, op := range ops {
		if err := rt.apply(o, op, opt); err != nil {
			return nil, err
		}
	}
	rt.setSchemas(o)
	return o, nil
}

func (rt *ResourceType) apply(o Object, op Operation, opt PatchOptions) error {
	a, urn := op.Path.Attr, op.Path.URN
	holder := o
	if urn != "" {
		if holder, _ = o[urn].(Object); holder == nil {
			holder = Object{}
		}
	}
	was := holder[a.Name]
	switch {
	case isReadOnly(op.Path.Ref):
		return refuseReadOnly(op, was)
	case a.Name == "schemas" && urn == "" && op.Op != OpRemove:
		return nil // they follow from what the resource holds
	}
	start := was
	if a.Mutability == Immutable {
		start = cloneValue(was) // a change in place must not hide that there is one
	}
	now, err := change{Operation: op, opt: opt}.attribute(start)
	switch {
	case err != nil:
		return err
	case isUnassigned(now) && a.Required && !op.whole && op.Op != OpAdd:
		return Bad(MutabilityErr, "%s is required and cannot be removed; replace it.", op.Path.Ref.Key())
	case a.Mutability == Immutable && was != nil:
		if !sameValue(a, was, now) {
			return immutable(a)
		}
		return nil
	}
	assign(holder, a.Name, now)
	if urn != "" {
		assign(o, urn, holder)
	}
	return nil
}

func isReadOnly(r Ref) bool {
	return r.Attr.Mutability == ReadOnly || r.Sub != nil && r.Sub.Mutability == ReadOnly
}

// refuseReadOnly lets pass what a client has read and sends back among others, such as the id that Okta puts into the value.
func refuseReadOnly(op Operation, was any) error {
	if op.implied && op.Op != OpRemove && op.Path.Sub == nil && op.Path.Filter == nil {
		if isUnassigned(op.Value) && was == nil || was != nil && op.Value != nil && sameValue(op.Path.Attr, was, op.Value) {
			return nil
		}
	}
	return Bad(MutabilityErr, "%s is readOnly: only the server changes it. Leave it out.", op.Path.Ref.Key())
}

// change is an operation on one attribute of a resource, which it owns and changes in place.
type change struct {
	Operation
	opt     PatchOptions
	list    []any
	touched []int // the elements that it has written
}

// attribute returns the new value of the attribute.
func (c change) attribute(was any) (any, error) {
	path := c.Path
	if !path.Attr.MultiValued {
		if path.Sub == nil {
			return c.whole(path.Attr, was)
		}
		o, _ := was.(Object)
		if o == nil {
			o = Object{}
		}
		return o, c.sub(o)
	}
	c.list, _ = was.([]any)
	if err := c.elements(); err != nil {
		return nil, err
	}
	if len(c.list) > maxElements {
		return nil, Bad(InvalidValue, "%s would have more than %d entries.", path.Attr.Name, maxElements)
	}
	if err := c.demote(); err != nil {
		return nil, err
	}
	return withoutEmpty(c.list), nil
}

// whole is the new value of an attribute, or of a sub-attribute, that is meant as such.
func (c *change) whole(a *Attribute, was any) (any, error) {
	switch {
	case c.Op == OpRemove && (c.Value == nil || !a.MultiValued):
		return nil, nil
	case c.Op == OpRemove:
		list, _ := was.([]any)
		return c.subtract(a, list)
	case c.Value == nil && c.Op == OpAdd:
		return was, nil
	case c.Value == nil:
		return nil, nil
	case a.MultiValued && c.Op == OpAdd:
		c.list, _ = was.([]any)
		err := c.union(a)
		return c.list, err
	case a.MultiValued:
		list, _ := cloneValue(c.Value).([]any)
		c.list, c.touched = list, upTo(len(list))
		return list, nil
	case a.Type != Complex:
		return c.Value, nil
	}
	o, _ := was.(Object)
	if o == nil {
		o = Object{}
	}
	return o, c.merge(a, o, c.Value)
}

// elements changes those elements of a multi-valued attribute that the path stands for.
func (c *change) elements() error {
	a := c.Path.Attr
	if c.Path.Filter == nil && c.Path.Sub == nil {
		v, err := c.whole(a, c.list)
		c.list, _ = v.([]any)
		return err
	}
	chosen := c.chosen()
	if len(chosen) == 0 {
		return c.create()
	}
	if c.Op == OpRemove && c.Path.Sub == nil {
		c.list = slices.DeleteFunc(c.list, func(element any) bool { return c.isChosen(element) })
		return nil
	}
	c.touched = chosen
	for _, i := range chosen {
		if err := c.element(i); err != nil {
			return err
		}
	}
	return nil
}

// chosen lists the places of the elements that the path stands for.
func (c *change) chosen() (places []int) {
	for i, element := range c.list {
		if c.isChosen(element) {
			places = append(places, i)
		}
	}
	return places
}

func (c *change) isChosen(element any) bool {
	o, ok := element.(Object)
	return ok && (c.Path.Filter == nil || c.Path.Filter.Match(o))
}

// element changes the element at a place.
func (c *change) element(i int) error {
	o := c.list[i].(Object)
	switch {
	case c.Path.Sub != nil:
		return c.sub(o)
	case c.Op == OpAdd:
		return c.merge(c.Path.Attr, o, c.Value)
	}
	c.list[i] = cloneValue(c.Value)
	if c.Value == nil {
		c.list[i] = Object{}
	}
	return nil
}

// sub changes the sub-attribute of the path in a complex value.
func (c *change) sub(o Object) error {
	sub := c.Path.Sub
	now, err := (&change{Operation: c.Operation}).whole(sub, o[sub.Name])
	if err != nil {
		return err
	}
	if isUnassigned(now) && sub.Required && c.Op != OpAdd {
		return Bad(MutabilityErr, "%s is required and cannot be removed; replace it.", c.Path.Ref.Key())
	}
	return set(o, sub, now)
}

// set gives a sub-attribute a value, unless it is immutable and has another one.
func set(o Object, sub *Attribute, v any) error {
	if was := o[sub.Name]; sub.Mutability == Immutable && was != nil && !sameValue(sub, was, v) {
		return immutable(sub)
	}
	assign(o, sub.Name, v)
	return nil
}

// merge sets the sub-attributes that a value has; others stay (RFC 7644 section 3.5.2.3).
func (c *change) merge(a *Attribute, o Object, v any) error {
	value, _ := v.(Object)
	for _, sub := range a.SubAttributes {
		if w := value[sub.Name]; w != nil {
			if err := set(o, sub, cloneValue(w)); err != nil {
				return err
			}
		}
	}
	return nil
}

// create makes the element that the path describes, where there is none: add always does, as Entra expects (erratum 8097).
func (c *change) create() error {
	if c.Op == OpRemove || c.Op == OpAdd && c.Value == nil {
		return nil
	}
	element, ok := described(c.Path.Attr, c.Path.Expr)
	if c.Path.Filter != nil && (!ok || c.Op == OpReplace && !c.opt.CreateOnNoMatch) {
		return Bad(NoTarget, "No element of %s is as the path says; add one first.", c.Path.Attr.Name)
	}
	if c.Value == nil {
		return nil
	}
	c.list = append(c.list, element)
	last := len(c.list) - 1
	c.touched = []int{last}
	if c.Path.Sub != nil {
		return c.sub(element)
	}
	return c.merge(c.Path.Attr, element, c.Value)
}

// demote lets the element that the operation has made primary be the only one (RFC 7644 section 3.5.2).
func (c *change) demote() error {
	primary := -1
	for i := range c.list {
		switch {
		case !isPrimary(c.list[i]) || !slices.Contains(c.touched, i):
		case primary >= 0:
			return Bad(InvalidValue, "%s would have several primary entries; choose one (RFC 7643 section 2.4).", c.Path.Attr.Name)
		default:
			primary = i
		}
	}
	for i := range c.list {
		if primary >= 0 && i != primary && isPrimary(c.list[i]) {
			c.list[i].(Object)["primary"] = false
		}
	}
	return nil
}

// upTo lists the numbers below n.
func upTo(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

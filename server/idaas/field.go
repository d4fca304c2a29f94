package idaas

import (
	"slices"
	"strings"
	"unicode/utf8"

	"scimproof/server/engine"
	"scimproof/server/scim"
	"scimproof/server/store"
)

// longestFieldNumber is how many characters a number in an extended field has at most.
const longestFieldNumber = 32

// fields are the extended fields of an instance as one application syncs them (rules ext-*). A value belongs to the account, whatever
// namespace it came under: it is kept apart under the id of its field, so that applications with different namespaces see the same value, a
// namespace can change, and what an application does not sync survives its writes.
type fields struct {
	namespace string
	synced    []store.Field // those that the application selects and that are enabled
}

// keptAs is the name of the hidden attribute that holds a field.
func keptAs(id string) string { return "field_" + strings.TrimPrefix(id, "ufd_") }

// WithFields makes the profile of an application whose instance has extended fields: those that it syncs are an extension of User under its
// namespace; the others are kept and cannot be seen.
func WithFields(base *engine.Profile, app store.Application, all []store.Field) (*engine.Profile, error) {
	f := fields{namespace: app.Namespace}
	var hidden, shown []*scim.Attribute
	for _, field := range all {
		kept := fieldAttribute(keptAs(field.ID), field)
		kept.Required, kept.CanonicalValues = false, nil
		hidden = append(hidden, kept)
		if field.Enabled && app.Namespace != "" && slices.Contains(app.Fields, field.ID) {
			f.synced = append(f.synced, field)
			shown = append(shown, fieldAttribute(field.Name, field))
		}
	}
	registry, err := base.Registry.Keep(user, hidden...)
	if err == nil && len(shown) > 0 {
		registry, err = registry.Extend(user, scim.Extension{Schema: &scim.Schema{
			ID: app.Namespace, Name: "Extended fields", Description: "Fields that the instance adds to accounts", Attributes: shown,
		}})
	}
	if err != nil {
		return nil, err
	}
	p := *base
	p.Registry = registry
	p.Rules = Rules{fields: f}
	return &p, p.Prepare()
}

// fieldAttribute declares a field.
func fieldAttribute(name string, f store.Field) *scim.Attribute {
	a := &scim.Attribute{Name: name, Description: f.Description, Required: f.Required, Type: scim.String}
	if a.Description == "" {
		a.Description = f.DisplayName
	}
	switch f.Type {
	case "number":
		a.Type = scim.Decimal
	case "boolean":
		a.Type = scim.Boolean
	}
	if f.Unique {
		a.Uniqueness = scim.UniqueServer
	}
	for _, o := range f.Options {
		if o.Enabled {
			a.CanonicalValues = append(a.CanonicalValues, o.Value)
		}
	}
	return a
}

// Restore shows the fields that the application syncs under its namespace.
func (r Rules) Restore(rt *scim.ResourceType, o, hidden scim.Object) {
	if rt.Name != user {
		return
	}
	values := scim.Object{}
	for _, f := range r.fields.synced {
		if v := hidden[keptAs(f.ID)]; v != nil {
			values[f.Name] = v
		}
	}
	if len(values) > 0 {
		o[r.fields.namespace] = values
	}
}

// settleFields checks the extended fields and keeps them apart.
func (r Rules) settleFields(c *engine.Change) error {
	if len(r.fields.synced) == 0 {
		return nil
	}
	after, _ := c.After[r.fields.namespace].(scim.Object)
	for _, f := range r.fields.synced {
		was, now := c.Hidden[keptAs(f.ID)], after[f.Name]
		if err := checkField(c, f, was, now); err != nil {
			return err
		}
		if now == nil {
			delete(c.Hidden, keptAs(f.ID))
		} else {
			c.Hidden[keptAs(f.ID)] = now
		}
	}
	delete(c.After, r.fields.namespace)
	return nil
}

// checkField holds the value of a field against its rules (rule ext-6). One that was there before is not judged again.
func checkField(c *engine.Change, f store.Field, was, now any) error {
	whole := c.Kind == engine.Create || c.Kind == engine.Replace
	switch v := now.(type) {
	case nil:
		if f.Required && (whole || was != nil) {
			return missing(f.Name, f.Name)
		}
		return nil
	case scim.Number:
		if now != was && (utf8.RuneCountInString(string(v)) > longestFieldNumber || strings.ContainsAny(string(v), "-eE")) {
			return invalid(f.Name, "%s is a positive number of up to %d characters, written without an exponent.", f.Name, longestFieldNumber)
		}
	case string:
		if f.Required && strings.TrimSpace(v) == "" {
			return missing(f.Name, f.Name)
		}
		if now != was && !allows(f, v) {
			return invalid(f.Name, "%q is no option of %s; choose one of %s.", scim.Excerpt(v), f.Name, optionsOf(f))
		}
	}
	return nil
}

// allows says whether a text can be chosen.
func allows(f store.Field, text string) bool {
	return len(f.Options) == 0 || slices.ContainsFunc(f.Options, func(o store.Option) bool { return o.Enabled && o.Value == text })
}

func optionsOf(f store.Field) string {
	var out []string
	for _, o := range f.Options {
		if o.Enabled {
			out = append(out, o.Value)
		}
	}
	return strings.Join(out, ", ")
}

// stored is where a reference into the namespace of the extended fields points in the store.
func (r Rules) stored(rt *scim.ResourceType, ref scim.Ref) scim.Ref {
	if ref.URN == "" || ref.Attr == nil || !strings.EqualFold(ref.URN, r.fields.namespace) {
		return ref
	}
	for _, f := range r.fields.synced {
		if f.Name != ref.Attr.Name {
			continue
		}
		for _, h := range rt.Hidden {
			if h.Name == keptAs(f.ID) {
				return scim.Ref{Attr: h}
			}
		}
	}
	return ref
}

// lookAside rewrites a filter so that it asks for fields where they are kept.
func (r Rules) lookAside(rt *scim.ResourceType, c scim.Cond) scim.Cond {
	switch c := c.(type) {
	case scim.AndCond:
		return scim.AndCond{Left: r.lookAside(rt, c.Left), Right: r.lookAside(rt, c.Right)}
	case scim.OrCond:
		return scim.OrCond{Left: r.lookAside(rt, c.Left), Right: r.lookAside(rt, c.Right)}
	case scim.NotCond:
		return scim.NotCond{X: r.lookAside(rt, c.X)}
	case scim.CompareCond:
		c.Ref = r.stored(rt, c.Ref)
		return c
	}
	return c
}

// Sort sorts by a field where it is kept.
func (r Rules) Sort(rt *scim.ResourceType, by scim.Ref) scim.Ref { return r.stored(rt, by) }

// fieldOf names the field that a hidden attribute holds.
func (r Rules) fieldOf(attr string) (string, bool) {
	for _, f := range r.fields.synced {
		if keptAs(f.ID) == attr {
			return f.Name, true
		}
	}
	return "", false
}

package scim

import "strings"

// CheckRequired wants a value of every attribute that the schema requires of a client, and within each complex value of every
// sub-attribute; a text of nothing but space is none. The error is a 400 invalidValue that names the attribute.
func (rt *ResourceType) CheckRequired(o Object) error {
	if err := rt.checkRequired(rt.Schema.Attributes, o, ""); err != nil {
		return err
	}
	for _, e := range rt.Extensions {
		ext, present := o[e.Schema.ID].(Object)
		if e.Required && !present {
			return Bad(InvalidValue, "The extension %s is required; send its attributes.", e.Schema.ID)
		}
		if !present {
			continue
		}
		if err := rt.checkRequired(e.Schema.Attributes, ext, e.Schema.ID+":"); err != nil {
			return err
		}
	}
	return nil
}

// checkRequired does so for the attributes of one object. What the server writes, keeps apart or never shows is not looked at.
func (rt *ResourceType) checkRequired(attrs []*Attribute, o Object, prefix string) (err error) {
	for _, a := range attrs {
		v := o[a.Name]
		switch {
		case a.Mutability == ReadOnly || a.Mutability == WriteOnly || prefix == "" && a.Name == rt.Linked:
		case a.Required && isBlank(v):
			return Bad(InvalidValue, "%s%s is required; send a value.", prefix, a.Name)
		case a.Type == Complex:
			eachElement(v, func(element Object) {
				if err == nil {
					err = rt.checkRequired(a.SubAttributes, element, prefix+a.Name+".")
				}
			})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func isBlank(v any) bool {
	text, isText := v.(string)
	return isUnassigned(v) || isText && strings.TrimSpace(text) == ""
}

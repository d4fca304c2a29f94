package scim

// secret is the attribute that is written and never read (password), or nil.
func (rt *ResourceType) secret() *Attribute {
	for _, a := range rt.Schema.Attributes {
		if a.Mutability == WriteOnly {
			return a
		}
	}
	return nil
}

// TakeSecret takes the password out of a resource and returns it, or "".
func (rt *ResourceType) TakeSecret(o Object) string {
	a := rt.secret()
	if a == nil {
		return ""
	}
	text, _ := o[a.Name].(string)
	delete(o, a.Name)
	return text
}

// CheckSecret wants a password where the schema requires one; there says whether the resource has one. The error is a 400 invalidValue.
func (rt *ResourceType) CheckSecret(there bool) error {
	if a := rt.secret(); a != nil && a.Required && !there {
		return Bad(InvalidValue, "%s is required; send a value.", a.Name)
	}
	return nil
}

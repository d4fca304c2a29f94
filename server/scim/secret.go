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

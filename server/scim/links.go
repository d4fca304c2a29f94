package scim

// LinkValue is an entry of the linked attribute as a client sent it. Type is spelled as the schema spells it, or empty.
type LinkValue struct{ Value, Type string }

// TakeLinked takes the linked attribute out of a resource and returns its entries, each once, and whether it was there.
// The error is a 400 invalidValue.
func (rt *ResourceType) TakeLinked(o Object) ([]LinkValue, bool, error) {
	v, ok := o[rt.Linked]
	if !ok {
		return nil, false, nil
	}
	delete(o, rt.Linked)
	values, err := rt.linkValues(v)
	return values, true, err
}

// linkValues reads entries of the linked attribute.
func (rt *ResourceType) linkValues(v any) ([]LinkValue, error) {
	list, _ := v.([]any)
	out := make([]LinkValue, 0, len(list))
	seen := make(map[string]bool, len(list))
	types := rt.Schema.Attribute(rt.Linked).Sub("type")
	for _, entry := range list {
		o, _ := entry.(Object)
		value, _ := o["value"].(string)
		if value == "" {
			return nil, Bad(InvalidValue, "Every entry of %s has a value: the id of a resource.", rt.Linked)
		}
		if seen[value] {
			continue
		}
		seen[value] = true
		typ, _ := o["type"].(string)
		out = append(out, LinkValue{value, canonical(types, typ)})
	}
	return out, nil
}

// canonical spells a value as the schema suggests it, where it differs from a suggestion by case alone.
func canonical(a *Attribute, text string) string {
	if a == nil || a.CaseExact {
		return text
	}
	for _, value := range a.CanonicalValues {
		if sameName(value, text) {
			return value
		}
	}
	return text
}

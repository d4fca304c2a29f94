package scim

import (
	"cmp"

	"scimproof/server/scim/filter"
)

// BindSort finds the attribute that sortBy names (RFC 7644 section 3.4.2.3). A complex attribute sorts by its sub-attribute value.
func (rt *ResourceType) BindSort(text string) (Ref, error) {
	attr, err := filter.ParseAttr(text)
	if err != nil {
		return Ref{}, Bad(InvalidValue, "sortBy cannot be read: %v.", err)
	}
	ref, ok := rt.Resolve(attr)
	switch {
	case !ok || ref.Attr == nil:
		return Ref{}, Bad(InvalidValue, "sortBy: %s has no attribute %s; /Schemas lists those it has.", rt.Name, attr)
	case ref.secret():
		return Ref{}, Bad(InvalidValue, "sortBy: %s is never shown, so nothing can be sorted by it.", ref.Key())
	}
	if ref, ok = ref.simple(); !ok {
		return Ref{}, Bad(InvalidValue, "sortBy: %s has sub-attributes; choose one, such as %s.%s.", ref.Key(), ref.Key(), ref.Attr.SubAttributes[0].Name)
	}
	return ref, nil
}

// secret says whether the values must not show, not even by what they can be compared with.
func (r Ref) secret() bool {
	return isSecret(r.Attr) || r.Sub != nil && isSecret(r.Sub)
}

func isSecret(a *Attribute) bool { return a.Returned == Never || a.Mutability == WriteOnly }

// simple completes a reference to a complex attribute with its sub-attribute value; ok is false where it has none.
func (r Ref) simple() (Ref, bool) {
	if r.Leaf().Type != Complex {
		return r, true
	}
	value := r.Attr.Sub("value")
	if value == nil {
		return r, false
	}
	r.Sub = value
	return r, true
}

// SortCompare orders two resources by an attribute: below zero where a comes before b. A resource without a value comes last, and in
// descending order first; of several values the primary one counts, else the first (RFC 7644 section 3.4.2.3).
func SortCompare(ref Ref, a, b Object, descending bool) int {
	order := CompareSorted(ref.Leaf(), ref.SortValue(a), ref.SortValue(b))
	if descending {
		return -order
	}
	return order
}

// CompareSorted orders two values of SortValue, in ascending order: nil comes last.
func CompareSorted(leaf *Attribute, v, w any) int {
	if v == nil || w == nil {
		return cmp.Compare(rank(v == nil), rank(w == nil))
	}
	order, _ := compareValues(leaf, v, w)
	return order
}

// SortValue is the value that a resource sorts by, or nil where it has none.
func (r Ref) SortValue(o Object) any {
	v := r.holder(o)[r.Attr.Name]
	if list, ok := v.([]any); ok {
		v = foremost(list)
	}
	if r.Sub == nil {
		return v
	}
	element, _ := v.(Object)
	v = element[r.Sub.Name]
	if list, ok := v.([]any); ok {
		v = foremost(list)
	}
	return v
}

// foremost is the primary element, else the first.
func foremost(list []any) any {
	for _, v := range list {
		if isPrimary(v) {
			return v
		}
	}
	if len(list) == 0 {
		return nil
	}
	return list[0]
}

func isPrimary(element any) bool {
	o, _ := element.(Object)
	primary, _ := o["primary"].(bool)
	return primary
}

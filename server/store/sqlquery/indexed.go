package sqlquery

import "scimproof/server/scim"

// Indexed names the attributes whose values the records of a type carry as keys: those that the type lists, those that must be
// unique, and those it hides.
func Indexed(rt *scim.ResourceType) map[string]bool {
	out := map[string]bool{}
	for _, key := range rt.Indexed {
		out[key] = true
	}
	for _, a := range rt.Hidden {
		out[scim.Ref{Attr: a}.Key()] = true
	}
	unique(out, "", rt.Schema.Attributes)
	for _, e := range rt.Extensions {
		unique(out, e.Schema.ID, e.Schema.Attributes)
	}
	return out
}

func unique(out map[string]bool, urn string, attrs []*scim.Attribute) {
	for _, a := range attrs {
		if a.Type != scim.Complex && isUnique(a) {
			out[scim.Ref{URN: urn, Attr: a}.Key()] = true
		}
		for _, s := range a.SubAttributes {
			if isUnique(s) {
				out[scim.Ref{URN: urn, Attr: a, Sub: s}.Key()] = true
			}
		}
	}
}

func isUnique(a *scim.Attribute) bool {
	return a.Uniqueness != "" && a.Uniqueness != scim.UniqueNone
}

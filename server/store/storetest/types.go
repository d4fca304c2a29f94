package storetest

import (
	"strconv"

	"scimproof/server/scim"
	"scimproof/server/store"
)

// The resource types of the tests: small, with one attribute of each kind that a store may treat differently.
const extensionURN = "urn:example:params:scim:schemas:extension:staff:2.0:User"

func stringAttr(name string, change ...func(*scim.Attribute)) *scim.Attribute {
	a := &scim.Attribute{Name: name, Type: scim.String, Mutability: scim.ReadWrite, Returned: scim.Default, Uniqueness: scim.UniqueNone}
	for _, f := range change {
		f(a)
	}
	return a
}

func typed(t scim.Type) func(*scim.Attribute) { return func(a *scim.Attribute) { a.Type = t } }
func exact(a *scim.Attribute)                 { a.CaseExact = true }
func unique(a *scim.Attribute)                { a.Uniqueness = scim.UniqueServer }
func many(a *scim.Attribute)                  { a.MultiValued = true }
func complexOf(subs ...*scim.Attribute) func(*scim.Attribute) {
	return func(a *scim.Attribute) { a.Type, a.SubAttributes = scim.Complex, subs }
}

var userType = &scim.ResourceType{
	Name: "User", Endpoint: "/Users",
	Schema: &scim.Schema{ID: "urn:ietf:params:scim:schemas:core:2.0:User", Name: "User", Attributes: []*scim.Attribute{
		stringAttr("userName", unique),
		stringAttr("displayName"),
		stringAttr("title"),
		stringAttr("code", exact),
		stringAttr("active", typed(scim.Boolean)),
		stringAttr("level", typed(scim.Integer)),
		stringAttr("hired", typed(scim.DateTime)),
		stringAttr("name", complexOf(stringAttr("familyName"), stringAttr("givenName"))),
		stringAttr("emails", many, complexOf(stringAttr("value"), stringAttr("type"), stringAttr("primary", typed(scim.Boolean)))),
		stringAttr("groups", many, complexOf(stringAttr("value"), stringAttr("$ref", typed(scim.Reference), exact), stringAttr("display"), stringAttr("type"))),
	}},
	Extensions: []scim.Extension{{Schema: &scim.Schema{ID: extensionURN, Name: "Staff", Attributes: []*scim.Attribute{
		stringAttr("badge", unique, exact),
		stringAttr("desk"),
	}}}},
	Indexed: []string{"displayName", "code", "active", "name.familyName", "emails.value", extensionURN + ":desk"},
	Derived: "groups",
	Hidden:  []*scim.Attribute{stringAttr("shadow")},
}

var groupType = &scim.ResourceType{
	Name: "Group", Endpoint: "/Groups",
	Schema: &scim.Schema{ID: "urn:ietf:params:scim:schemas:core:2.0:Group", Name: "Group", Attributes: []*scim.Attribute{
		stringAttr("displayName"),
		stringAttr("members", many, complexOf(stringAttr("value"), stringAttr("$ref", typed(scim.Reference), exact), stringAttr("display"), stringAttr("type"))),
	}},
	Indexed: []string{"displayName"},
	Linked:  "members",
}

// userKeys and groupKeys are the attributes that carry keys.
var (
	userKeys = []scim.Ref{
		ref(userType, "", "userName", ""), ref(userType, "", "displayName", ""), ref(userType, "", "code", ""), ref(userType, "", "active", ""),
		ref(userType, "", "name", "familyName"), ref(userType, "", "emails", "value"),
		ref(userType, extensionURN, "badge", ""), ref(userType, extensionURN, "desk", ""), {Attr: userType.Hidden[0]},
	}
	groupKeys = []scim.Ref{ref(groupType, "", "displayName", "")}
)

func ref(rt *scim.ResourceType, urn, name, sub string) scim.Ref {
	r := scim.Ref{URN: urn}
	if urn == "" {
		r.Attr = rt.Attribute(name)
	} else {
		r.Attr = rt.Extension(urn).Attribute(name)
	}
	if sub != "" {
		r.Sub = r.Attr.Sub(sub)
	}
	return r
}

// keysOf lists what the given attributes of a resource hold, as a record carries it.
func keysOf(refs []scim.Ref, o scim.Object) (keys []store.Key) {
	for _, r := range refs {
		leaf := r.Leaf()
		for _, v := range valuesOf(o, r) {
			keys = append(keys, store.Key{Attr: r.Key(), Value: scim.Fold(leaf, textOf(v)), Unique: leaf.Uniqueness == scim.UniqueServer})
		}
	}
	return keys
}

func valuesOf(o scim.Object, r scim.Ref) (out []any) {
	if r.URN != "" {
		o, _ = o[r.URN].(scim.Object)
	}
	elements, ok := o[r.Attr.Name].([]any)
	if !ok {
		elements = []any{o[r.Attr.Name]}
	}
	for _, v := range elements {
		if r.Sub != nil {
			c, _ := v.(scim.Object)
			v = c[r.Sub.Name]
		}
		if v != nil {
			out = append(out, v)
		}
	}
	return out
}

func textOf(v any) string {
	if b, ok := v.(bool); ok {
		return strconv.FormatBool(b)
	}
	s, _ := v.(string)
	return s
}

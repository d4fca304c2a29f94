package discovery

import (
	"slices"

	"scimproof/simulator/tree"
	"scimproof/suites/check"
)

// shape is what an attribute looks like in JSON.
type shape string

// The shapes. Types that are all strings in JSON count as one: a URL declared as a string confuses nobody.
const (
	text    shape = "a text"
	flag    shape = "a boolean"
	object  shape = "a complex attribute"
	objects shape = "a multi-valued complex attribute"
	other   shape = "something else"
)

// shapeOf is the shape of an attribute as it is declared.
func shapeOf(a *tree.Node) shape {
	many := a.Text("multiValued") == "true"
	switch {
	case isType(a, "complex") && many:
		return objects
	case many:
		return other
	case isType(a, "complex"):
		return object
	case isType(a, "boolean"):
		return flag
	case isType(a, "string"), isType(a, "reference"), isType(a, "binary"), isType(a, "dateTime"):
		return text
	}
	return other
}

// user, group and enterprise are the attributes of the core as RFC 7643 section 4 has them.
var (
	user = map[string]shape{
		"userName": text, "name": object, "displayName": text, "nickName": text, "profileUrl": text, "title": text, "userType": text,
		"preferredLanguage": text, "locale": text, "timezone": text, "active": flag, "password": text,
		"emails": objects, "phoneNumbers": objects, "ims": objects, "photos": objects, "addresses": objects, "groups": objects,
		"entitlements": objects, "roles": objects, "x509Certificates": objects,
	}
	group      = map[string]shape{"displayName": text, "members": objects}
	enterprise = map[string]shape{
		"employeeNumber": text, "costCenter": text, "organization": text, "division": text, "department": text, "manager": object,
	}
)

// shaped expects those attributes that a schema declares to have the shape that the RFC gives them. A server need not have them all.
func shaped(t *check.T, urn string, attributes map[string]shape) {
	schema := core(t, urn)
	for _, a := range schema.At("attributes").Items {
		if right, ok := attributes[a.Text("name")]; ok {
			t.Hold(shapeOf(a) == right, a.Text("name")+" as "+string(right), a.Text("name")+" as "+string(shapeOf(a)))
		}
	}
}

// core is a schema that a check is about.
func core(t *check.T, urn string) *tree.Node {
	list := entries(t, schemasPath)
	i := slices.IndexFunc(list, func(s *tree.Node) bool { return known([]*tree.Node{s}, urn) })
	if i < 0 {
		t.NA("/Schemas has no %s", urn)
	}
	if list[i].At("attributes") == nil {
		t.Block("the schema %s has no attributes", urn)
	}
	return list[i]
}

// attribute is an attribute of a schema that a check is about.
func attribute(t *check.T, urn, name string) *tree.Node {
	for _, a := range core(t, urn).At("attributes").Items {
		if a.Text("name") == name {
			return a
		}
	}
	t.NA("%s declares no %s", urn, name)
	return nil
}

// coreDeclarations ask whether schemas of RFC 7643 mean what they mean there.
var coreDeclarations = []check.Check{
	{
		ID:          "discovery.schemas.user-shapes",
		Title:       "The attributes of User are declared as they are",
		Requirement: "What a server declares of the core attributes of User has their shape: emails are a list of objects, active is a boolean.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7643", Section: "4.1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run:         func(t *check.T) { shaped(t, check.UserSchema, user) },
	},
	{
		ID:          "discovery.schemas.group-shapes",
		Title:       "The attributes of Group are declared as they are",
		Requirement: "Group has a displayName, a text, and its members are a list of objects.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7643", Section: "4.2"},
		Needs:       []check.Need{check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			attribute(t, check.GroupSchema, "displayName")
			shaped(t, check.GroupSchema, group)
		},
	},
	{
		ID:          "discovery.schemas.enterprise-shapes",
		Title:       "The attributes of the enterprise extension are declared as they are",
		Requirement: "What a server declares of the enterprise extension has its shape: all are texts, but manager is an object.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7643", Section: "4.3"},
		Replaced:    []string{"org-1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run:         func(t *check.T) { shaped(t, check.EnterpriseSchema, enterprise) },
	},
	{
		ID:          "discovery.schemas.username",
		Title:       "userName is declared as required and without case",
		Requirement: "Every user has a userName, and its case does not matter; the schema says so.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "4.1.1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			a := attribute(t, check.UserSchema, "userName")
			t.Equal("required of userName", a.Text("required"), "true")
			t.Hold(a.Text("caseExact") != "true", "a caseExact of userName that is false", "true")
		},
	},
	{
		ID:          "discovery.schemas.username-unique",
		Title:       "userName is declared as unique",
		Requirement: "No two users of a server have the same userName: its uniqueness is server or global.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7643", Section: "4.1.1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			got := attribute(t, check.UserSchema, "userName").Text("uniqueness")
			t.Hold(got == "server" || got == "global", "uniqueness of userName server or global", "uniqueness "+got)
		},
	},
	{
		ID:          "discovery.schemas.password",
		Title:       "password is declared as written and never returned",
		Requirement: "The mutability of password is writeOnly, and it is returned never.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "4.1.1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			a := attribute(t, check.UserSchema, "password")
			t.Equal("mutability of password", a.Text("mutability"), "writeOnly")
			t.Equal("returned of password", a.Text("returned"), "never")
		},
	},
}

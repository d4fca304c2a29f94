package scim_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"scimproof/fixtures"
	"scimproof/server/scim"
)

// load is the registry of a profile.
func load(t testing.TB, profile string) *scim.Registry {
	t.Helper()
	r, err := scim.Load(fixtures.Schemas, profile)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// typeOf is a resource type of profile rfc.
func typeOf(t testing.TB, name string) *scim.ResourceType {
	t.Helper()
	return load(t, "rfc").Type(name)
}

func TestProfiles(t *testing.T) {
	const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	for _, profile := range []string{"rfc", "idaas"} {
		r := load(t, profile)
		var names, schemas []string
		for _, rt := range r.Types() {
			names = append(names, rt.Name+" "+rt.Endpoint)
		}
		for _, s := range r.Schemas() {
			schemas = append(schemas, s.Name)
		}
		if !slices.Equal(names, []string{"User /Users", "Group /Groups"}) || !slices.Equal(schemas, []string{"User", "EnterpriseUser", "Group"}) {
			t.Errorf("%s has the types %q and the schemas %q", profile, names, schemas)
		}
		if r.Type("User").Extension(strings.ToUpper(enterprise)) == nil || r.Endpoint("/Groups") != r.Type("Group") || r.Endpoint("/groups") != nil {
			t.Errorf("%s: an extension goes by its URN in any case, an endpoint by its exact path", profile)
		}
		if r.Type("Robot") != nil || r.Type("Group").Linked != "members" {
			t.Errorf("%s: groups link members, and there are no robots", profile)
		}
	}
	if got := load(t, "idaas").Type("User").Hidden; len(got) != 1 || got[0].Name != "phoneCanonical" || got[0].Type != scim.String {
		t.Errorf("an idaas user hides %v", got)
	}
}

// The fields of the idaas profile are those of the product's table, no more.
func TestIdaasFields(t *testing.T) {
	rt := load(t, "idaas").Type("User")
	var got []string
	for _, a := range rt.Schema.Attributes {
		got = append(got, a.Name)
	}
	want := []string{"userName", "displayName", "phoneNumbers", "phoneRegion", "emails", "active", "password"}
	if !slices.Equal(got, want) {
		t.Errorf("a user has %q, want %q", got, want)
	}
	ext := rt.Extensions[0].Schema
	if len(ext.Attributes) != 1 || ext.Attributes[0].Type != scim.Complex || ext.Attributes[0].Sub("organizationid") == nil {
		t.Errorf("the extension holds %v, want organization with an organizationId", ext.Attributes)
	}
}

// What RFC 7643 says of single attributes, after the errata.
func TestCharacteristics(t *testing.T) {
	r := load(t, "rfc")
	get := func(name string) *scim.Attribute {
		for _, s := range r.Schemas() {
			if rest, ok := strings.CutPrefix(name, s.Name+"."); ok {
				attr, sub, dotted := strings.Cut(rest, ".")
				if a := s.Attribute(attr); a != nil && dotted {
					return a.Sub(sub)
				} else if a != nil {
					return a
				}
			}
		}
		t.Fatalf("there is no %s", name)
		return nil
	}
	for name, holds := range map[string]func(*scim.Attribute) bool{
		"User.userName":                      func(a *scim.Attribute) bool { return a.Required && !a.CaseExact && a.Uniqueness == scim.UniqueServer },
		"User.name":                          func(a *scim.Attribute) bool { return a.Uniqueness == "" && len(a.SubAttributes) == 6 },
		"User.password":                      func(a *scim.Attribute) bool { return a.Mutability == scim.WriteOnly && a.Returned == scim.Never },
		"User.profileUrl":                    func(a *scim.Attribute) bool { return a.Type == scim.Reference && a.CaseExact },
		"User.groups.$ref":                   func(a *scim.Attribute) bool { return slices.Equal(a.ReferenceTypes, []string{"Group"}) },
		"User.x509Certificates.value":        func(a *scim.Attribute) bool { return a.Type == scim.Binary },
		"User.active":                        func(a *scim.Attribute) bool { return a.Type == scim.Boolean && a.Mutability == scim.ReadWrite },
		"EnterpriseUser.manager.value":       func(a *scim.Attribute) bool { return a.CaseExact },
		"EnterpriseUser.manager.displayName": func(a *scim.Attribute) bool { return a.Mutability == scim.ReadOnly },
		"Group.displayName":                  func(a *scim.Attribute) bool { return a.Required },
		"Group.members.value":                func(a *scim.Attribute) bool { return a.Mutability == scim.Immutable },
		"Group.members.display":              func(a *scim.Attribute) bool { return a.Returned == scim.OnRequest },
		"Group.members.type":                 func(a *scim.Attribute) bool { return slices.Equal(a.CanonicalValues, []string{"User", "Group"}) },
		"User.emails.primary":                func(a *scim.Attribute) bool { return a.Type == scim.Boolean },
		"EnterpriseUser.employeeNumber":      func(a *scim.Attribute) bool { return a.Type == scim.String && !a.MultiValued },
		"User.addresses.streetAddress":       func(a *scim.Attribute) bool { return a.Uniqueness == scim.UniqueNone },
		"User.phoneNumbers.type":             func(a *scim.Attribute) bool { return len(a.CanonicalValues) == 6 },
		"User.photos.value":                  func(a *scim.Attribute) bool { return a.Type == scim.Reference },
		"EnterpriseUser.manager.$ref":        func(a *scim.Attribute) bool { return a.Type == scim.Reference },
		"User.entitlements":                  func(a *scim.Attribute) bool { return a.MultiValued },
		"User.ims.type":                      func(a *scim.Attribute) bool { return slices.Contains(a.CanonicalValues, "xmpp") },
		"User.groups":                        func(a *scim.Attribute) bool { return a.Mutability == scim.ReadOnly },
	} {
		if !holds(get(name)) {
			t.Errorf("%s is %+v", name, *get(name))
		}
	}
	user := r.Type("User")
	if len(user.Schema.Attributes) != 21 || len(user.Extensions[0].Schema.Attributes) != 6 {
		t.Errorf("a user has %d attributes and %d of an enterprise, want 21 and 6", len(user.Schema.Attributes), len(user.Extensions[0].Schema.Attributes))
	}
	for _, a := range user.Schema.Attributes {
		if find := slices.IndexFunc(scim.Common, func(c *scim.Attribute) bool { return c.Name == a.Name }); find >= 0 {
			t.Errorf("/Schemas would list the common attribute %s", a.Name)
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	const (
		base  = `{"id":"urn:x:T","name":"T","attributes":[{"name":"a"},{"name":"links","type":"complex","multiValued":true,"subAttributes":[{"name":"value"}]}]}`
		types = `[{"name":"T","endpoint":"/Ts","schema":"urn:x:T"}]`
	)
	attr := func(attrs string) map[string]string {
		return map[string]string{"T.json": `{"id":"urn:x:T","name":"T","attributes":[` + attrs + `]}`, "types.json": types}
	}
	typ := func(more string) map[string]string {
		return map[string]string{"T.json": base, "types.json": `[{"name":"T","endpoint":"/Ts","schema":"urn:x:T",` + more + `}]`}
	}
	for want, files := range map[string]map[string]string{
		"lists no resource type":           {"T.json": base, "types.json": "[]"},
		"1 of the 2 schemas belong to no":  {"T.json": base, "U.json": `{"id":"urn:x:U","name":"U","attributes":[]}`, "types.json": types},
		"another file has the schema":      {"T.json": base, "U.json": base, "types.json": types},
		`no file has the schema "urn:x:V"`: {"T.json": base, "types.json": `[{"name":"T","endpoint":"/Ts","schema":"urn:x:V"}]`},
		`no file has the extension`:        typ(`"extensions":[{"schema":"urn:x:E"}]`),
		"another one has its name":         {"T.json": base, "types.json": `[` + strings.Trim(types, "[]") + `,` + strings.Trim(types, "[]") + `]`},
		"a name and an endpoint":           {"T.json": base, "types.json": `[{"name":"T","endpoint":"Ts","schema":"urn:x:T"}]`},
		"unknown object member":            typ(`"colour":"red"`),
		"a URN, and a name":                {"T.json": `{"id":"T","name":"T","attributes":[]}`, "types.json": types},
		"there are two of this name":       attr(`{"name":"a"},{"name":"A"}`),
		"is not the name of an attribute":  attr(`{"name":"a%"}`),
		"neither colon nor dot":            attr(`{"name":"a.b"}`),
		`no type "text"`:                   attr(`{"name":"a","type":"text"}`),
		`no mutability "rw"`:               attr(`{"name":"a","mutability":"rw"}`),
		`returned cannot be "no"`:          attr(`{"name":"a","returned":"no"}`),
		`no uniqueness "all"`:              attr(`{"name":"a","uniqueness":"all"}`),
		"has no uniqueness":                attr(`{"name":"a","type":"complex","uniqueness":"none","subAttributes":[{"name":"b"}]}`),
		"writeOnly is never returned":      attr(`{"name":"a","mutability":"writeOnly"}`),
		"sub-attributes belong to":         attr(`{"name":"a","subAttributes":[{"name":"b"}]}`),
		"reference types belong to":        attr(`{"name":"a","type":"reference"}`),
		"complex, which none may be":       attr(`{"name":"a","type":"complex","subAttributes":[{"name":"b","type":"complex","subAttributes":[{"name":"c"}]}]}`),
		"one of this name already":         attr(`{"name":"ID"}`),
		"only one attribute can be":        attr(`{"name":"a","mutability":"writeOnly","returned":"never"},{"name":"b","mutability":"writeOnly","returned":"never"}`),
		"only a single text can be":        attr(`{"name":"a","type":"boolean","mutability":"writeOnly","returned":"never"}`),
		`indexed "b"`:                      typ(`"indexed":["b"]`),
		`indexed "A"`:                      typ(`"indexed":["A"]`),
		"a: expected a complex":            typ(`"linked":"a"`),
		"links: expected a complex":        typ(`"derived":"links"`),
		"the schema has one of this name":  typ(`"hidden":[{"name":"A"}]`),
	} {
		fsys := fstest.MapFS{}
		for name, text := range files {
			fsys["p/"+name] = &fstest.MapFile{Data: []byte(text)}
		}
		if _, err := scim.Load(fsys, "p"); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "p") {
			t.Errorf("Load says %v, want %q", err, want)
		}
	}
	if _, err := scim.Load(fixtures.Schemas, "none"); err == nil {
		t.Error("a profile that is not there loads")
	}
}

func TestExtend(t *testing.T) {
	const urn = "urn:ietf:params:scim:schemas:extension:customfield:2.0:User"
	field := func(id string, attrs ...*scim.Attribute) scim.Extension {
		return scim.Extension{Schema: &scim.Schema{ID: id, Name: "Custom", Attributes: attrs}}
	}
	r := load(t, "idaas")
	extended, err := r.Extend("User", field(urn, &scim.Attribute{Name: "badge", Uniqueness: scim.UniqueServer}))
	if err != nil {
		t.Fatal(err)
	}
	ext := extended.Type("User").Extension(urn)
	if ext == nil || ext.Attribute("badge").Type != scim.String || ext.Attribute("badge").Mutability != scim.ReadWrite || len(extended.Schemas()) != 4 {
		t.Errorf("the extension is %v, the schemas %v", ext, extended.Schemas())
	}
	if r.Type("User").Extension(urn) != nil || len(r.Schemas()) != 3 || extended.Type("Group") != r.Type("Group") {
		t.Error("the registry that was extended is another one now")
	}
	for want, extend := range map[string]func() (*scim.Registry, error){
		"no resource type":  func() (*scim.Registry, error) { return r.Extend("Robot", field(urn)) },
		"is there already":  func() (*scim.Registry, error) { return extended.Extend("User", field(strings.ToUpper(urn))) },
		"a URN, and a name": func() (*scim.Registry, error) { return r.Extend("User", field("badges")) },
		"two of this name": func() (*scim.Registry, error) {
			return r.Extend("User", field(urn, &scim.Attribute{Name: "a"}, &scim.Attribute{Name: "A"}))
		},
		"only the base schema": func() (*scim.Registry, error) {
			return r.Extend("User", field(urn, &scim.Attribute{Name: "a", Mutability: scim.WriteOnly, Returned: scim.Never}))
		},
	} {
		if _, err := extend(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Extend says %v, want %q", err, want)
		}
	}
}

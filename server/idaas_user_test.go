package server_test

import (
	"net/http"
	"strings"
	"testing"

	"scimproof/server/variant"
)

func TestTheIdIsTheServers(t *testing.T) { // user-1
	c := idaas(t)
	a := c.post("/Users", person(object{"id": "mine", "meta": object{"version": "mine"}})).want(http.StatusCreated)
	path := "/Users/" + a.id()
	if a.id() == "mine" || a.header.Get("Location") != c.base+path || a.at("meta", "location") != c.base+path {
		t.Errorf("id %s, Location %s, meta.location %v", a.id(), a.header.Get("Location"), a.at("meta", "location"))
	}
	if got := c.put(path, person(object{"id": "mine"})).want(http.StatusOK).id(); got != a.id() {
		t.Errorf("PUT changed the id to %s", got)
	}
	c.get("/Users/mine").refused(http.StatusNotFound, "", "ResourceNotFound.User")
	c.delete(path).want(http.StatusNoContent)
	if again := c.post("/Users", person(nil)).want(http.StatusCreated).id(); again == a.id() {
		t.Error("the id was used again")
	}
}

func TestUserName(t *testing.T) { // user-2
	c := idaas(t)
	path := c.user(object{"userName": "jo"})
	for _, good := range []string{
		"a", strings.Repeat("ü", 256), "a_b.com#EXT#@c.onmicrosoft.com", "o'brien", "Jo Doe", "jo+scim@example.com", "用户", "{}<>", "\u200bjo",
	} {
		if got := c.put(path, person(object{"userName": good})).want(http.StatusOK).at("userName"); got != good {
			t.Errorf("userName is %q, want %q", got, good)
		}
	}
	for _, bad := range []string{" ", " jo", "jo ", "jo\u00a0", "\u3000jo", "j\x00o", "j\no", "jo\t", "j\u0085o", strings.Repeat("ü", 257)} {
		c.unchanged(func() {
			o := person(object{"userName": bad})
			c.post("/Users", o).refused(http.StatusBadRequest, "invalidValue", "InvalidParameter.Username")
			c.put(path, o).refused(http.StatusBadRequest, "invalidValue", "InvalidParameter.Username")
			c.patch(path, op("replace", "displayName", "Jo"), op("replace", "userName", bad)).
				refused(http.StatusBadRequest, "invalidValue", "InvalidParameter.Username")
		})
	}
	c.unchanged(func() {
		c.post("/Users", object{"schemas": []string{userSchema}}).refused(http.StatusBadRequest, "invalidValue", "MissingParameter.Username")
		c.put(path, object{"schemas": []string{userSchema}}).refused(http.StatusBadRequest, "invalidValue", "MissingParameter.Username")
		c.post("/Users", person(object{"userName": ""})).refused(http.StatusBadRequest, "invalidValue", "MissingParameter.Username")
		c.put(path, person(object{"userName": ""})).refused(http.StatusBadRequest, "invalidValue", "MissingParameter.Username")
		c.patch(path, op("replace", "userName", "")).want(http.StatusBadRequest)
		c.patch(path, op("remove", "userName")).want(http.StatusBadRequest)
		c.patch(path, op("replace", "userName", nil)).want(http.StatusBadRequest)
	})
}

func TestUserNameIsUnique(t *testing.T) { // user-2
	c := idaas(t)
	c.user(object{"userName": "Jo", "externalId": "1"})
	path := c.user(object{"userName": "mo", "externalId": "2"})
	c.unchanged(func() {
		c.post("/Users", person(object{"userName": "JO", "externalId": "3"})).refused(http.StatusConflict, "uniqueness", "ResourceDuplicated.Username")
		c.put(path, person(object{"userName": "jO"})).refused(http.StatusConflict, "uniqueness", "ResourceDuplicated.Username")
		c.patch(path, op("replace", "userName", "JO")).refused(http.StatusConflict, "uniqueness", "ResourceDuplicated.Username")
	})
	c.patch(path, op("replace", "userName", "MO")).want(http.StatusOK)
	if n := c.find("/Users", `userName eq "mo"`).total(); n != 1 {
		t.Errorf("%d accounts are found without regard to case, want 1", n)
	}
}

func TestUserNameIsUniqueInTheInstance(t *testing.T) { // user-2: rfc has a directory of its own for each application
	w := serverOf(t)
	c, rfc := w.demo("idaas"), w.demo("rfc")
	other := w.beside(c.app)
	c.user(object{"userName": "jo"})
	other.post("/Users", person(object{"userName": "Jo"})).refused(http.StatusConflict, "uniqueness", "ResourceDuplicated.Username")
	rfc.post("/Users", person(object{"userName": "jo"})).want(http.StatusCreated)
}

func TestUserNameCanBePlain(t *testing.T) { // user-2, variant
	c := idaas(t, variant.PlainUserNames)
	path := c.user(object{"userName": "Jo_1.d-e@example.com"})
	for _, bad := range []string{"o'brien", "Jo Doe", "a_b.com#EXT#@c", "jo+scim@example.com"} {
		c.unchanged(func() {
			c.post("/Users", person(object{"userName": bad})).refused(http.StatusBadRequest, "invalidValue", "InvalidParameter.Username")
			c.put(path, person(object{"userName": bad})).refused(http.StatusBadRequest, "invalidValue", "InvalidParameter.Username")
		})
	}
}

func TestTextsAreKept(t *testing.T) { // user-3, user-4
	c := idaas(t)
	path := c.user(nil)
	for attr, code := range map[string]string{"displayName": "InvalidParameter.DisplayName", "externalId": "InvalidParameter.UserExternalId"} {
		for _, good := range []string{"x", "Jo \"the\" Doe", strings.Repeat("ü", 128)} {
			a := c.put(path, person(object{attr: good})).want(http.StatusOK)
			if b := c.get(path); a.at(attr) != good || b.at(attr) != good {
				t.Errorf("%s is %v and %v, want %q", attr, a.at(attr), b.at(attr), good)
			}
		}
		long := strings.Repeat("ü", 129)
		c.unchanged(func() {
			c.post("/Users", person(object{"userName": "mo", attr: long})).refused(http.StatusBadRequest, "invalidValue", code)
			c.put(path, person(object{attr: long})).refused(http.StatusBadRequest, "invalidValue", code)
			c.patch(path, op("replace", "active", false), op("add", attr, long)).refused(http.StatusBadRequest, "invalidValue", code)
		})
		if got := c.put(path, person(nil)).want(http.StatusOK).at(attr); got != nil {
			t.Errorf("PUT without %s left %v", attr, got)
		}
	}
}

func TestExternalId(t *testing.T) { // user-4
	w := serverOf(t)
	c := w.demo("idaas")
	other := w.beside(c.app)
	path := c.user(object{"externalId": "Abc"})
	if got := c.get(c.user(object{"userName": "ko"})).at("externalId"); got != nil {
		t.Errorf("the server invented the externalId %v", got)
	}
	second := c.user(object{"userName": "mo", "externalId": "abc"}) // caseExact: another one
	for filter, want := range map[string]int{`externalId eq "Abc"`: 1, `externalId eq "abc"`: 1, `externalId eq "ABC"`: 0} {
		if got := c.find("/Users", filter).total(); got != want {
			t.Errorf("%s finds %d, want %d", filter, got, want)
		}
	}
	c.unchanged(func() {
		c.put(second, person(object{"userName": "mo", "externalId": "Abc"})).refused(http.StatusConflict, "uniqueness", "ResourceDuplicated.UserExternalId")
		c.patch(second, op("replace", "externalId", "Abc")).refused(http.StatusConflict, "uniqueness", "ResourceDuplicated.UserExternalId")
	})
	// Each application has an externalId of its own for an account.
	if got := other.get(path).want(http.StatusOK).at("externalId"); got != nil {
		t.Errorf("another application sees the externalId %v", got)
	}
	other.user(object{"userName": "lo", "externalId": "Abc"})
	other.patch(path, op("add", "externalId", "theirs")).want(http.StatusOK)
	if ours, theirs := c.get(path).at("externalId"), other.get(path).at("externalId"); ours != "Abc" || theirs != "theirs" {
		t.Errorf("the externalIds are %v and %v, want Abc and theirs", ours, theirs)
	}
}

func TestActive(t *testing.T) { // user-5
	c := idaas(t)
	path := c.user(nil)
	active := func(a answer, want bool) {
		t.Helper()
		if again := c.get(path).want(http.StatusOK); a.want(http.StatusOK).at("active") != want || again.at("active") != want {
			t.Errorf("active is %v and %v, want %v", a.at("active"), again.at("active"), want)
		}
	}
	active(c.get(path), true)
	active(c.patch(path, op("replace", "active", false)), false)
	active(c.put(path, person(nil)), false)
	active(c.put(path, person(object{"active": nil})), false)
	active(c.post("/Users", person(nil)), false)
	active(c.patch(path, op("remove", "active")), false)
	if n := c.find("/Users", `active eq false`).total(); n != 1 {
		t.Errorf("%d disabled accounts are listed, want 1", n)
	}
	active(c.patch(path, op("Replace", "active", "True")), true)
	active(c.patch(path, op("Replace", "", object{"active": "FALSE"})), false)
	active(c.put(path, person(object{"active": "tRuE"})), true)
	active(c.put(path, person(object{"active": "false"})), false)
	active(c.post("/Users", person(object{"active": "true"})), true)
	c.unchanged(func() {
		for _, bad := range []any{"", "yes", "1", "0", " true", "true ", 1, 0, "null", []any{true, false}, object{"value": true}} {
			c.post("/Users", person(object{"userName": "mo", "active": bad})).refused(http.StatusBadRequest, "invalidValue", "")
			c.put(path, person(object{"active": bad})).refused(http.StatusBadRequest, "invalidValue", "")
			c.patch(path, op("replace", "active", bad)).refused(http.StatusBadRequest, "invalidValue", "")
		}
	})
	if got := c.post("/Users", person(object{"userName": "mo", "active": "False"})).want(http.StatusCreated).at("active"); got != false {
		t.Errorf("an account made with active False has %v", got)
	}
}

func TestDeleteTakesAway(t *testing.T) { // user-6
	c := idaas(t)
	path := c.user(nil)
	id := strings.TrimPrefix(path, "/Users/")
	group := c.group(object{"members": []any{object{"value": id}}})
	c.delete(path).want(http.StatusNoContent)
	for _, a := range []answer{c.delete(path), c.get(path), c.put(path, person(nil)), c.patch(path, op("replace", "active", false))} {
		a.refused(http.StatusNotFound, "", "ResourceNotFound.User")
	}
	if n := c.get("/Users").total(); n != 0 {
		t.Errorf("%d accounts are listed", n)
	}
	if got := c.get(group).at("members"); got != nil {
		t.Errorf("the group has the members %v", got)
	}
}

func TestOtherAttributesAreIgnored(t *testing.T) { // user-7
	c := idaas(t)
	more := object{
		"name": object{"givenName": "Jo", "familyName": "Doe"}, "title": "Chief", "addresses": []any{object{"type": "work", "country": "CH"}},
		"nickName": "J", "unheard": object{"of": []any{1, nil}}, "roles": []any{object{"value": "admin"}}, "groups": []any{object{"value": "x"}},
		enterpriseSchema: object{"department": "Sales", "manager": object{"value": "x"}, "employeeNumber": "1"},
	}
	path := c.user(more)
	for _, a := range []answer{
		c.get(path), c.put(path, person(more)), c.post("/Users", person(more)),
		c.patch(path, op("add", "title", "Boss"), op("replace", "name.givenName", "Mo"), op("Add", "name", object{"givenName": "Mo"}),
			op("add", enterpriseSchema+":department", "IT"), op("replace", "", object{"title": "Boss", "name.familyName": "Moe"}),
			op("add", `addresses[type eq "work"].country`, "DE"), op("remove", "nickName"), op("replace", enterpriseSchema+":manager", "")),
		c.get(path),
	} {
		a.want(http.StatusOK)
		for _, name := range []string{"name", "title", "addresses", "nickName", "unheard", "roles", "groups"} {
			if a.at(name) != nil {
				t.Errorf("%s is returned: %s", name, a.text)
			}
		}
		if ext, _ := a.at(enterpriseSchema).(object); len(ext) != 1 || ext["organization"] == nil {
			t.Errorf("the extension holds %v, want the organization alone", ext)
		}
		if got := a.at("meta", "version"); got != `W/"1"` {
			t.Errorf("the version is %v, though nothing changed", got)
		}
	}
	declared := c.get("/Schemas").want(http.StatusOK).text
	for _, name := range []string{"title", "addresses", "nickName", "department", "manager", "familyName"} {
		if strings.Contains(declared, `"`+name+`"`) {
			t.Errorf("/Schemas declares %s", name)
		}
	}
}

func TestUnknownAttributesCanBeRefused(t *testing.T) { // variant
	c := idaas(t, variant.RefuseUnknown)
	path := c.user(nil)
	c.unchanged(func() {
		c.post("/Users", person(object{"userName": "mo", "title": "Chief"})).refused(http.StatusBadRequest, "invalidSyntax", "")
		c.put(path, person(object{"title": "Chief"})).refused(http.StatusBadRequest, "invalidSyntax", "")
		c.patch(path, op("replace", "active", false), op("add", "title", "Chief")).want(http.StatusBadRequest)
	})
}

func TestPutClearsWhatItLeavesOut(t *testing.T) { // user-8
	c := idaas(t)
	path := c.user(object{
		"displayName": "Jo", "externalId": "1", "active": false, "password": canary + "!", "phoneRegion": "852",
		"emails": []any{entry("jo@example.com")}, "phoneNumbers": []any{entry("51234567")},
	})
	secret := c.secret(path)
	a := c.put(path, person(nil)).want(http.StatusOK)
	for _, a := range []answer{a, c.get(path), c.get(path + "?attributes=phoneRegion,userName,displayName,externalId,active,emails,phoneNumbers," + enterpriseSchema + ":organization")} {
		for _, attr := range []string{"displayName", "externalId", "emails", "phoneNumbers", "phoneRegion"} {
			if a.at(attr) != nil {
				t.Errorf("%s is %v, want none", attr, a.at(attr))
			}
		}
		if a.at("active") != false || a.at(enterpriseSchema, "organization", "organizationId") != c.app.Target {
			t.Errorf("active or organization did not stay: %s", a.text)
		}
	}
	if secret == "" || c.secret(path) != secret {
		t.Error("the password did not stay")
	}
}

func TestMail(t *testing.T) { // mail-1
	c := idaas(t)
	path := c.user(nil)
	for _, good := range []string{"jo@example.com", "jo.doe+scim@sub.example.com", "o'brien@example.com", strings.Repeat("a", 116) + "@example.com"} {
		c.put(path, person(object{"emails": []any{entry(good)}})).want(http.StatusOK).holds("emails", good)
	}
	for _, bad := range []string{"", "jo", "@example.com", "jo@", "jo@@example.com", "jo doe@example.com", "Jo <jo@example.com>", strings.Repeat("a", 117) + "@example.com"} {
		c.unchanged(func() {
			list := []any{entry(bad)}
			c.post("/Users", person(object{"userName": "mo", "emails": list})).refused(http.StatusBadRequest, "invalidValue", "InvalidParameter.Email")
			c.put(path, person(object{"emails": list})).refused(http.StatusBadRequest, "invalidValue", "InvalidParameter.Email")
			c.patch(path, op("replace", "active", false), op("replace", `emails[type eq "work"].value`, bad)).
				refused(http.StatusBadRequest, "invalidValue", "InvalidParameter.Email")
		})
	}
}

func TestContactsNeedNotBeUnique(t *testing.T) { // mail-1
	c := idaas(t)
	same := object{"emails": []any{entry("all@example.com")}, "phoneNumbers": []any{entry("+41446681800")}}
	for _, name := range []string{"jo", "mo"} {
		same["userName"] = name
		c.user(same)
	}
	if n := c.find("/Users", `emails.value eq "all@example.com" and phoneNumbers.value eq "+41446681800"`).total(); n != 2 {
		t.Errorf("%d accounts share the address and the number, want 2", n)
	}
}

func TestContactsCanBeUnique(t *testing.T) { // mail-1, variant
	c := idaas(t, variant.UniqueContacts)
	c.user(object{"emails": []any{entry("all@example.com")}, "phoneNumbers": []any{entry("+41 44 668 18 00")}})
	path := c.user(object{"userName": "mo", "emails": []any{entry("mo@example.com")}})
	c.unchanged(func() {
		for code, o := range map[string]object{
			"ResourceDuplicated.Email":       {"emails": []any{entry("ALL@example.com")}},
			"ResourceDuplicated.PhoneNumber": {"phoneNumbers": []any{entry("44-6681800")}, "phoneRegion": "41"},
		} {
			c.patch(path, op("replace", "", o)).refused(http.StatusConflict, "uniqueness", code)
			o["userName"] = "mo"
			c.put(path, person(o)).refused(http.StatusConflict, "uniqueness", code)
			o["userName"] = "ko"
			c.post("/Users", person(o)).refused(http.StatusConflict, "uniqueness", code)
		}
	})
	c.put(path, person(object{"userName": "mo", "emails": []any{entry("MO@example.com")}})).want(http.StatusOK)
}

func TestInvalidDataFailsItsOwnRequestAlone(t *testing.T) { // bad-1
	c := idaas(t)
	first := c.user(object{"userName": "first"})
	c.unchanged(func() {
		c.post("/Users", person(object{"userName": "second", "emails": []any{entry("none")}})).want(http.StatusBadRequest)
		c.patch(first, op("replace", "displayName", "Changed"), op("replace", "active", false), op("replace", "phoneNumbers", []any{entry("1")})).
			want(http.StatusBadRequest)
		c.post("/Users", "{").want(http.StatusBadRequest)
	})
	c.user(object{"userName": "third", "emails": []any{typed("none", "home")}})
	if n := c.get("/Users").total(); n != 2 {
		t.Errorf("there are %d accounts, want the one before and the one after", n)
	}
}

func TestAClientNeedsNothingButSCIM(t *testing.T) { // call-1, perm-3
	c := idaas(t)
	if n := c.find("/Users", `userName eq "jo"`).total(); n != 0 {
		t.Fatalf("there are %d accounts", n)
	}
	path := c.user(object{"displayName": "Jo", "emails": []any{entry("jo@example.com")}, "externalId": "1"})
	group := c.group(object{"members": []any{object{"value": strings.TrimPrefix(path, "/Users/")}}})
	c.patch(path, op("replace", "displayName", "Jo Doe")).want(http.StatusOK)
	c.put(path, person(object{"displayName": "Jo D.", "externalId": "1"})).want(http.StatusOK)
	c.patch(path, op("replace", "active", false)).want(http.StatusOK)
	c.patch(group, op("remove", "members")).want(http.StatusNoContent)
	c.delete(group).want(http.StatusNoContent)
	if a := c.get(path); a.at("displayName") != "Jo D." || a.at("active") != false {
		t.Errorf("the account is %s", a.text)
	}
}

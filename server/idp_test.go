package server_test

import (
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

// Bodies that identity providers are known to send, beside those that the scenarios of fixtures/idp play. Each gets the answer that its
// client needs from both kinds of application; where a rule of the seed has an idaas application answer otherwise, the case names it.

// idpCase is one body, sent to an account or a group that is there.
type idpCase struct {
	name  string
	there object // attributes of the account before, nil for none
	send  func(c *client, path string) answer
	rfc   outcome
	idaas outcome // the same as rfc where it is empty
}

// outcome is what a client must find.
type outcome struct {
	status   int
	scimType string
	then     object // parts of the resource that a GET shows afterwards, by their path ("emails/0/value"); nil means absent
	rule     string // of the seed that has an idaas application depart
}

// part follows a path into a resource.
func part(v any, path string) any {
	for key := range strings.SplitSeq(path, "/") {
		switch at := v.(type) {
		case object:
			v = at[key]
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i >= len(at) {
				return nil
			}
			v = at[i]
		default:
			return nil
		}
	}
	return v
}

func (o outcome) check(t *testing.T, c *client, a answer, path string) {
	t.Helper()
	a.want(o.status)
	if o.scimType != "" && a.at("scimType") != o.scimType {
		t.Errorf("scimType is %v, want %s: %s", a.at("scimType"), o.scimType, a.text)
	}
	if path == "" && a.status == http.StatusCreated {
		path = strings.TrimPrefix(a.header.Get("Location"), c.base)
	}
	if o.then == nil || path == "" {
		return
	}
	shown := c.get(path).want(http.StatusOK)
	for where, want := range o.then {
		if got := part(shown.body, where); !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %v, want %v: %s", where, got, want, shown.text)
		}
	}
}

// posts and patches send a body as it stands.
func posts(body string) func(*client, string) answer {
	return func(c *client, _ string) answer { return c.post("/Users", body) }
}

func patches(operations string) func(*client, string) answer {
	return func(c *client, path string) answer {
		return c.do("PATCH", path, `{"schemas":["`+patchSchema+`"],"Operations":`+operations+`}`)
	}
}

const ent = `"` + enterpriseSchema + `"`

var accountCases = []idpCase{
	{
		name: "okta/create", send: posts(`{"schemas":["` + userSchema + `"],"userName":"t.user@example.com","name":{"givenName":"T","familyName":"User"},
			"emails":[{"primary":true,"value":"t.user@example.com","type":"work"}],"displayName":"T User","locale":"en-US",
			"externalId":"00u1a2b3c4d5e6f7g8h9","groups":[],"password":"Canary7x","active":true}`),
		rfc: outcome{status: 201, then: object{"userName": "t.user@example.com", "name/familyName": "User", "locale": "en-US", "active": true,
			"externalId": "00u1a2b3c4d5e6f7g8h9", "emails/0/value": "t.user@example.com", "password": nil, "groups": nil}},
		idaas: outcome{status: 201, rule: "user-7", then: object{"userName": "t.user@example.com", "name": nil, "locale": nil, "active": true,
			"externalId": "00u1a2b3c4d5e6f7g8h9", "emails/0/value": "t.user@example.com", "displayName": "T User", "password": nil}},
	},
	{
		name: "okta/create with mapped attributes", send: posts(`{"schemas":["` + userSchema + `",` + ent + `],"userName":"m","name":{"givenName":"T","familyName":"U"},
			"phoneNumbers":[{"primary":true,"type":"work","value":"+1 415 555 0100"}],
			"addresses":[{"primary":true,"type":"work","streetAddress":"1 A St","locality":"X","region":"CA","postalCode":"1","country":"US"}],
			` + ent + `:{"employeeNumber":"7","costCenter":"C","organization":"O","division":"D","department":"Dep","manager":{"value":"m1","displayName":"M"}},
			"groups":[],"password":"Canary7x","active":true}`),
		rfc: outcome{status: 201, then: object{"phoneNumbers/0/value": "+1 415 555 0100", "addresses/0/locality": "X", enterpriseSchema + "/department": "Dep",
			enterpriseSchema + "/manager/value": "m1", enterpriseSchema + "/organization": "O"}},
		idaas: outcome{status: 201, rule: "org-5", then: object{"phoneNumbers/0/value": "+1 415 555 0100", "addresses": nil, enterpriseSchema + "/department": nil}},
	},
	{
		name: "okta/profile by a path-less replace", there: object{"displayName": "Old", "name": object{"givenName": "Old", "familyName": "Name"}},
		send: patches(`[{"op":"replace","value":{"displayName":"New","name":{"givenName":"New"},` + ent + `:{"department":"Sales"}}}]`),
		rfc: outcome{status: 200, then: object{"displayName": "New", "name/givenName": "New", "name/familyName": "Name",
			enterpriseSchema + "/department": "Sales", "userName": "jo"}},
		idaas: outcome{status: 200, rule: "user-7", then: object{"displayName": "New", "name": nil, "userName": "jo"}},
	},
	{
		name: "okta/deactivate", there: object{"displayName": "Jo", "active": true},
		send: patches(`[{"op":"replace","value":{"active":false}}]`),
		rfc:  outcome{status: 200, then: object{"active": false, "displayName": "Jo", "userName": "jo"}},
	},
	{
		name: "okta/password", there: object{"password": "Canary7old"},
		send: patches(`[{"op":"replace","value":{"password":"Canary7new"}}]`),
		rfc:  outcome{status: 200, then: object{"password": nil, "userName": "jo"}},
	},
	{
		name: "okta/password by PUT", there: object{"active": true},
		send: func(c *client, path string) answer {
			return c.put(path, person(object{"password": "Canary7new", "active": true, "groups": []any{}}))
		},
		rfc: outcome{status: 200, then: object{"password": nil, "active": true}},
	},
	{
		name: "okta/PUT of what GET showed", there: object{"displayName": "Mona", "name": object{"formatted": "Mona Old", "givenName": "Mona"}, "title": "T"},
		send: func(c *client, path string) answer {
			shown := c.get(path).want(200).body
			shown["displayName"], shown["groups"] = "Lisa", []any{}
			if name, ok := shown["name"].(object); ok {
				name["givenName"] = "Lisa"
			}
			return c.put(path, shown)
		},
		rfc:   outcome{status: 200, then: object{"displayName": "Lisa", "name/givenName": "Lisa", "name/formatted": "Mona Old", "title": "T"}},
		idaas: outcome{status: 200, rule: "user-7", then: object{"displayName": "Lisa", "userName": "jo"}},
	},
	{
		name: "entra/create", send: posts(`{"schemas":["` + userSchema + `",` + ent + `],"externalId":"0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef","userName":"b@example.com",
			"active":true,"displayName":"B J","emails":[{"primary":true,"type":"work","value":"b@example.com"}],"meta":{"resourceType":"User"},
			"name":{"formatted":"B J","familyName":"J","givenName":"B"},"title":"Dev","preferredLanguage":"en-US","nickName":"b","roles":[],
			"urn:ietf:params:scim:schemas:extension:Custom:2.0:User":{"tag":"701984"}}`),
		rfc: outcome{status: 201, then: object{"externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef", "title": "Dev", "name/formatted": "B J", "roles": nil,
			"urn:ietf:params:scim:schemas:extension:Custom:2.0:User": nil}},
		idaas: outcome{status: 201, rule: "user-7", then: object{"externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef", "displayName": "B J", "title": nil}},
	},
	{
		name: "entra/create with nulls and legacy names", send: posts(`{"schemas":["` + userSchema + `",` + ent + `],"externalId":"e","userName":"n@example.com","active":true,
			"addresses":null,"displayName":"N","emails":[{"type":"work","value":"n@example.com"}],"meta":{"resourceType":"User"},"name":{"familyName":"N"},
			"phoneNumbers":null,"preferredLanguage":null,"title":null,"department":null,"manager":null}`),
		rfc: outcome{status: 201, then: object{"addresses": nil, "title": nil, "displayName": "N", "emails/0/value": "n@example.com"}},
	},
	{
		name: "entra/create with phones of several types", send: posts(`{"schemas":["` + userSchema + `"],"userName":"p@example.com",
			"phoneNumbers":[{"primary":true,"type":"work","value":"+14155550100"},{"primary":false,"type":"mobile","value":"+14155550101"},{"type":"fax","value":"no phone at all"}],
			"emails":[{"type":"work","primary":true,"value":"p@example.com"},{"type":"other","value":"p2@example.com"}]}`),
		rfc:   outcome{status: 201, then: object{"phoneNumbers/1/type": "mobile", "phoneNumbers/2/value": "no phone at all", "emails/1/value": "p2@example.com"}},
		idaas: outcome{status: 201, rule: "map-1", then: object{"phoneNumbers/0/value": "+14155550100", "phoneNumbers/1": nil, "emails/1": nil}},
	},
	{
		name: "entra/create with a manager as text", send: posts(`{"schemas":["` + userSchema + `",` + ent + `],"userName":"s@example.com",` + ent + `:{"manager":"123456"}}`),
		rfc:   outcome{status: 201, then: object{enterpriseSchema + "/manager/value": "123456"}},
		idaas: outcome{status: 201, rule: "user-7"},
	},
	{
		name: "entra/create with active as text", send: posts(`{"schemas":["` + userSchema + `"],"userName":"a@example.com","active":"True"}`),
		rfc: outcome{status: 201, then: object{"active": true}},
	},
	{
		name: "entra/update, one operation for each attribute", there: object{"displayName": "Old", "emails": []any{entry("old@example.com")}},
		send: patches(`[{"op":"Replace","path":"displayName","value":"X"},{"op":"Replace","path":"emails[type eq \"work\"].value","value":"a@example.com"},
			{"op":"Replace","path":"name.familyName","value":"J"},{"op":"Add","path":"` + enterpriseSchema + `:department","value":"Retail"},
			{"op":"Replace","path":"externalId","value":"e"},{"op":"Add","path":"nickName","value":"Babs"},{"op":"Replace","path":"userName","value":"new@example.com"}]`),
		rfc: outcome{status: 200, then: object{"displayName": "X", "emails/0/value": "a@example.com", "name/familyName": "J",
			enterpriseSchema + "/department": "Retail", "externalId": "e", "nickName": "Babs", "userName": "new@example.com"}},
		idaas: outcome{status: 200, rule: "user-7", then: object{"displayName": "X", "emails/0/value": "a@example.com", "externalId": "e", "userName": "new@example.com"}},
	},
	{
		name: "entra/update with the flag", there: object{"displayName": "Old"},
		send: patches(`[{"op":"replace","value":{"displayName":"X","name.givenName":"G","name.familyName":"J","` + enterpriseSchema + `:employeeNumber":"7","active":"True"}}]`),
		rfc: outcome{status: 200, then: object{"displayName": "X", "name/givenName": "G", "name/familyName": "J", enterpriseSchema + "/employeeNumber": "7",
			"active": true}},
		idaas: outcome{status: 200, rule: "user-7", then: object{"displayName": "X", "active": true}},
	},
	{
		name: "entra/add by a value path makes the entry", there: object{},
		send: patches(`[{"op":"Add","path":"emails[type eq \"work\"].value","value":"a@example.com"},
			{"op":"Add","path":"addresses[type eq \"work\"].formatted","value":"1 A St"},{"op":"Add","path":"phoneNumbers[type eq \"mobile\"].value","value":"+14155550101"}]`),
		rfc: outcome{status: 200, then: object{"emails/0/value": "a@example.com", "emails/0/type": "work", "addresses/0/formatted": "1 A St",
			"phoneNumbers/0/type": "mobile"}},
		idaas: outcome{status: 200, rule: "map-3", then: object{"emails/0/value": "a@example.com", "phoneNumbers": nil, "addresses": nil}},
	},
	{
		name: "entra/replace by a value path without an entry", there: object{"displayName": "Jo"},
		send:  patches(`[{"op":"Replace","path":"emails[type eq \"work\"].value","value":"a@example.com"}]`),
		rfc:   outcome{status: 400, scimType: "noTarget", then: object{"emails": nil}}, // RFC 7644 section 3.5.2.3; the variant create-on-no-match makes it
		idaas: outcome{status: 200, rule: "map-4", then: object{"emails/0/value": "a@example.com"}},
	},
	{name: "entra/disable", there: object{"active": true}, send: patches(`[{"op":"Replace","path":"active","value":"False"}]`), rfc: outcome{status: 200, then: object{"active": false}}},
	{name: "entra/disable with the flag", there: object{"active": true}, send: patches(`[{"op":"replace","path":"active","value":false}]`), rfc: outcome{status: 200, then: object{"active": false}}},
	{name: "entra/disable in lower case", there: object{"active": true}, send: patches(`[{"op":"Replace","path":"active","value":"false"}]`), rfc: outcome{status: 200, then: object{"active": false}}},
	{name: "entra/disable by add", there: object{"active": true}, send: patches(`[{"op":"Add","path":"active","value":"False"}]`), rfc: outcome{status: 200, then: object{"active": false}}},
	{name: "entra/disable without a path", there: object{"active": true}, send: patches(`[{"op":"Replace","value":{"active":"False"}}]`), rfc: outcome{status: 200, then: object{"active": false}}},
	{name: "entra/enable again", there: object{"active": false}, send: patches(`[{"op":"Replace","path":"active","value":"True"}]`), rfc: outcome{status: 200, then: object{"active": true}}},
	{
		name: "entra/manager as text", there: object{},
		send:  patches(`[{"op":"Add","path":"` + enterpriseSchema + `:manager","value":"m1"}]`),
		rfc:   outcome{status: 200, then: object{enterpriseSchema + "/manager/value": "m1"}},
		idaas: outcome{status: 200, rule: "user-7"},
	},
	{
		name: "entra/manager is replaced", there: object{enterpriseSchema: object{"manager": object{"value": "m0"}}},
		send:  patches(`[{"op":"Replace","path":"` + enterpriseSchema + `:manager","value":"m1"}]`),
		rfc:   outcome{status: 200, then: object{enterpriseSchema + "/manager/value": "m1"}},
		idaas: outcome{status: 200, rule: "user-7"},
	},
	{
		name: "entra/manager is taken away by an empty text", there: object{enterpriseSchema: object{"manager": object{"value": "m0"}}},
		send:  patches(`[{"op":"Replace","path":"` + enterpriseSchema + `:manager","value":""}]`),
		rfc:   outcome{status: 200, then: object{enterpriseSchema + "/manager": nil}},
		idaas: outcome{status: 200, rule: "user-7"},
	},
	{
		name: "entra/manager with an empty value", there: object{enterpriseSchema: object{"manager": object{"value": "m0"}}},
		send:  patches(`[{"op":"Replace","path":"` + enterpriseSchema + `:manager","value":{"value":""}}]`),
		rfc:   outcome{status: 200, then: object{enterpriseSchema + "/manager/value": ""}},
		idaas: outcome{status: 200, rule: "user-7"},
	},
	{
		name: "entra/manager is removed", there: object{enterpriseSchema: object{"manager": object{"value": "m0"}}},
		send:  patches(`[{"op":"Remove","path":"` + enterpriseSchema + `:manager"}]`),
		rfc:   outcome{status: 200, then: object{enterpriseSchema + "/manager": nil}},
		idaas: outcome{status: 200, rule: "user-7"},
	},
	{
		name: "entra/manager is null", there: object{enterpriseSchema: object{"manager": object{"value": "m0"}}},
		send:  patches(`[{"op":"Replace","path":"` + enterpriseSchema + `:manager","value":null}]`),
		rfc:   outcome{status: 200, then: object{enterpriseSchema + "/manager": nil}},
		idaas: outcome{status: 200, rule: "user-7"},
	},
	{
		name: "entra/role by a filter on a text", there: object{"roles": []any{object{"value": "a", "primary": true}}},
		send:  patches(`[{"op":"Add","path":"roles[primary eq \"True\"].value","value":"x"}]`),
		rfc:   outcome{status: 200, then: object{"roles/0/value": "x"}},
		idaas: outcome{status: 200, rule: "user-7"},
	},
	{
		name: "entra/roles as JSON in a text", there: object{},
		send:  patches(`[{"op":"Add","path":"roles","value":[{"value":"{\"id\":\"1\",\"value\":\"25\",\"displayName\":\"R\"}"}]}]`),
		rfc:   outcome{status: 200, then: object{"roles/0/value": `{"id":"1","value":"25","displayName":"R"}`}},
		idaas: outcome{status: 200, rule: "user-7"},
	},
	{
		name: "microsoft's validator/an empty text, then null", there: object{"displayName": "Jo"},
		send: func(c *client, path string) answer {
			c.patch(path, op("replace", "displayName", "")).want(200)
			return c.patch(path, op("replace", "displayName", nil))
		},
		rfc: outcome{status: 200, then: object{"displayName": nil}},
	},
	{
		name: "microsoft's collection/keys in another case", send: posts(`{"Schemas":["` + userSchema + `"],"UserName":"k@example.com",
			"emails":[{"Primary":true,"type":"work","value":"k@example.com"}]}`),
		rfc:   outcome{status: 201, then: object{"emails/0/primary": true, "userName": "k@example.com"}},
		idaas: outcome{status: 201, then: object{"emails/0/value": "k@example.com", "userName": "k@example.com"}},
	},
	{
		name: "microsoft's collection/more keys than a PATCH has", there: object{},
		send: func(c *client, path string) answer {
			return c.do("PATCH", path, `{"id":"x","schemas":["`+patchSchema+`"],"Operations":[{"name":"addMember","op":"replace","path":"displayName","value":"X"}]}`)
		},
		rfc: outcome{status: 200, then: object{"displayName": "X"}},
	},
	{
		name: "microsoft's collection/PUT without a userName", there: object{"displayName": "Jo"},
		send: func(c *client, path string) answer {
			return c.put(path, object{"schemas": []string{userSchema}, "displayName": "X"})
		},
		rfc: outcome{status: 400, scimType: "invalidValue", then: object{"displayName": "Jo"}},
	},
	{ // refused as RFC 7643 section 3 has it, with what to send instead
		name: "onelogin/schemas of SCIM 1.1, and a question mark", there: object{"displayName": "Jo"},
		send: func(c *client, path string) answer {
			return c.put(path+"?", `{"schemas":["urn:scim:schemas:core:2.0","urn:scim:schemas:extension:enterprise:2.0"],"userName":"jo","displayName":"X"}`)
		},
		rfc: outcome{status: 400, scimType: "invalidSyntax", then: object{"displayName": "Jo"}},
	},
	{ // refused, since emails is an array
		name: "onelogin/one address that is no list", send: posts(`{"schemas":["` + userSchema + `"],"userName":"o@example.com","emails":{"value":"o@example.com","type":"work","primary":true}}`),
		rfc: outcome{status: 400, scimType: "invalidValue"},
	},
}

func TestBodiesOfIdentityProviders(t *testing.T) {
	for _, profile := range []string{"rfc", "idaas"} {
		t.Run(profile, func(t *testing.T) {
			w := serverOf(t)
			for _, test := range accountCases {
				t.Run(test.name, func(t *testing.T) {
					c := w.demo(profile).with(t)
					path := ""
					if test.there != nil {
						path = c.user(test.there)
					}
					want := test.rfc
					if profile == "idaas" && test.idaas.status != 0 {
						want = test.idaas
					}
					a := test.send(c, path)
					want.check(t, c, a, path)
					if path == "" && a.status == http.StatusCreated {
						path = "/Users/" + a.id()
					}
					if path != "" {
						c.delete(path).want(http.StatusNoContent)
					}
				})
			}
		})
	}
}

// members lists the ids of a group's members.
func (c *client) membersOf(path string) (ids []string) {
	c.t.Helper()
	list, _ := c.get(path).want(http.StatusOK).at("members").([]any)
	for _, m := range list {
		ids = append(ids, fmt.Sprint(part(m, "value")))
	}
	return ids
}

// groupCases are bodies sent to a group of ann and ben; %a, %b and %c stand for the ids of ann, ben and cy, %g for that of the group.
var groupCases = []struct {
	name, body string
	status     int
	name2      string // of the group afterwards, where it is another
	members    string // the letters of those who are in it afterwards
}{
	{"okta/rename", `[{"op":"replace","value":{"id":"%g","displayName":"New"}}]`, 204, "New", "ab"},
	{"okta/some leave, others join", `[{"op":"remove","path":"members[value eq \"%a\"]"},{"op":"remove","path":"members[value eq \"%b\"]"},
		{"op":"add","path":"members","value":[{"value":"%c","display":"cy@example.com"}]}]`, 204, "", "c"},
	{"okta/add one that is there", `[{"op":"add","path":"members","value":[{"value":"%a","display":"ann"}]}]`, 204, "", "ab"},
	{"okta/remove one that is not there", `[{"op":"remove","path":"members[value eq \"%c\"]"}]`, 204, "", "ab"},
	{"okta/push all", `[{"op":"replace","path":"members","value":[{"value":"%c","display":"cy"},{"value":"%a","display":"ann"}]}]`, 204, "", "ac"},
	{"okta/push none", `[{"op":"replace","path":"members","value":[]}]`, 204, "", ""},
	{"okta/push without a path", `[{"op":"replace","value":{"members":[{"value":"%c"}],"id":"%g","displayName":"New"}}]`, 204, "New", "c"},
	{"entra/rename", `[{"op":"Replace","path":"displayName","value":"New"}]`, 204, "New", "ab"},
	{"entra/rename with the flag", `[{"op":"replace","value":{"displayName":"New"}}]`, 204, "New", "ab"},
	{"entra/externalId", `[{"op":"replace","value":{"externalId":"another"}}]`, 204, "", "ab"},
	{"entra/add", `[{"op":"Add","path":"members","value":[{"$ref":null,"value":"%c"},{"$ref":null,"value":"%a"}]}]`, 204, "", "abc"},
	{"entra/remove", `[{"op":"Remove","path":"members","value":[{"$ref":null,"value":"%a"}]}]`, 204, "", "b"},
	{"entra/remove without $ref", `[{"op":"Remove","path":"members","value":[{"value":"%b"}]}]`, 204, "", "a"},
	{"entra/remove with the flag", `[{"op":"remove","path":"members[value eq \"%a\"]"}]`, 204, "", "b"},
	{"microsoft's collection/a member as text", `[{"op":"add","path":"members","value":["%c"]}]`, 204, "", "abc"},
	{"microsoft's collection/remove all", `[{"op":"remove","path":"members"}]`, 204, "", ""},
	{"microsoft's validator/replace by null", `[{"op":"replace","path":"members","value":null}]`, 204, "", ""},
	{"authentik/an id beside the change", `[{"op":"replace","value":{"id":"%g","externalId":"x"}},{"op":"add","path":"members","value":[{"value":"%c"}]}]`, 204, "", "abc"},
}

func TestGroupBodiesOfIdentityProviders(t *testing.T) {
	for _, profile := range []string{"rfc", "idaas"} {
		t.Run(profile, func(t *testing.T) {
			w := serverOf(t)
			c := w.demo(profile)
			letters := map[string]string{}
			ids := strings.NewReplacer()
			var pairs []string
			for _, letter := range []string{"a", "b", "c"} {
				id := strings.TrimPrefix(c.user(object{"userName": letter}), "/Users/")
				letters[id] = letter
				pairs = append(pairs, "%"+letter, id)
			}
			ids = strings.NewReplacer(pairs...)
			for _, test := range groupCases {
				t.Run(test.name, func(t *testing.T) {
					c := c.with(t)
					a := c.do("POST", "/Groups", ids.Replace(`{"schemas":["`+groupSchema+`"],"displayName":"Old","members":[{"value":"%a"},{"value":"%b"}]}`)).want(201)
					path := "/Groups/" + a.id()
					defer c.delete(path)
					patches(strings.ReplaceAll(ids.Replace(test.body), "%g", a.id()))(c, path).want(test.status)
					got := ""
					for _, id := range c.membersOf(path) {
						got += letters[id]
					}
					if sorted(got) != test.members {
						t.Errorf("the members are %q, want %q", got, test.members)
					}
					want := test.name2
					if want == "" {
						want = "Old"
					}
					if name := c.get(path).at("displayName"); name != want {
						t.Errorf("the group is called %v, want %s", name, want)
					}
				})
			}
		})
	}
}

func sorted(letters string) string {
	var out strings.Builder
	for _, l := range []string{"a", "b", "c"} {
		if strings.Contains(letters, l) {
			out.WriteString(l)
		}
	}
	return out.String()
}

func TestGroupsOfIdentityProviders(t *testing.T) {
	for _, profile := range []string{"rfc", "idaas"} {
		t.Run(profile, func(t *testing.T) {
			c := serverOf(t).demo(profile)
			ann := strings.TrimPrefix(c.user(object{"userName": "ann"}), "/Users/")

			// Entra ID names a schema of its own, and sends meta.
			a := c.do("POST", "/Groups", `{"schemas":["`+groupSchema+`","http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
				"externalId":"8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159","displayName":"Crew","meta":{"resourceType":"Group"}}`).want(201)
			path := "/Groups/" + a.id()
			if a.at("externalId") != "8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159" {
				t.Errorf("the group is %s", a.text)
			}
			c.do("PATCH", path, `{"schemas":["`+patchSchema+`"],"Operations":[{"op":"Add","path":"members","value":[{"$ref":null,"value":"`+ann+`"}]}]}`).want(204)
			if got := c.get(path + "?excludedAttributes=members").want(200); got.at("members") != nil || got.at("displayName") != "Crew" {
				t.Errorf("without its members it is %s", got.text)
			}
			if got := c.find("/Groups", `id eq "`+a.id()+`" and members eq "`+ann+`"`); got.at("totalResults") != 1.0 {
				t.Errorf("asked whether ann is in it: %s", got.text)
			}
			// Okta writes the whole group back, with what it has read, and members without a type.
			whole := c.get(path).want(200).body
			whole["displayName"], whole["members"] = "Team", []any{object{"value": ann, "display": "ann"}}
			if got := c.put(path, whole).want(200); got.at("displayName") != "Team" || part(got.body, "members/0/value") != ann || part(got.body, "members/0/type") != "User" {
				t.Errorf("written back it is %s", got.text)
			}
			c.get("/Groups?filter=displayName+eq+%22Team%22&startIndex=1&count=100").want(200)
			c.delete(path).want(204)
			c.delete(path).want(404)
			c.get("/Users/" + ann).want(200) // users are not touched
		})
	}
}

// TestQueriesOfIdentityProviders asks as their requests are spelled on the wire.
func TestQueriesOfIdentityProviders(t *testing.T) {
	for _, profile := range []string{"rfc", "idaas"} {
		t.Run(profile, func(t *testing.T) {
			c := serverOf(t).demo(profile)
			path := c.user(object{"userName": "Jo@Example.com", "externalId": "e1", "active": false, "emails": []any{entry("jo@example.com")}})
			id := strings.TrimPrefix(path, "/Users/")
			for query, total := range map[string]float64{
				"/Users?startIndex=1&count=2":                                                          1,
				"/Users?count=2&startIndex=1":                                                          1,
				"/Groups?startIndex=1&count=100":                                                       0,
				"/Users?filter=userName+eq+%22jo%40example.com%22":                                     1,
				"/Users?filter=userName%20eq%20%22JO@EXAMPLE.COM%22&startIndex=1&count=100":            1,
				"/Users?startIndex=1&count=100&filter=userName%20eq%20%22nobody%22":                    0,
				"/Users?filter=userName+eq+%22jo@example.com%22&":                                      1, // OneLogin
				"/Users?filter=externalId+eq+%22e1%22":                                                 1,
				"/Users?filter=externalId+eq+%22E1%22":                                                 0,
				"/Users?filter=emails[type+eq+%22work%22].value+eq+%22jo%40example.com%22":             1,
				"/Users?filter=username+Eq+%22jo%40example.com%22":                                     1, // PingFederate
				"/Users?filter=UserName+EQ+%22jo%40example.com%22":                                     1,
				"/Groups?excludedAttributes=members&filter=displayName+eq+%22nothing%22":               0,
				"/Users?filter=id+eq+%22" + id + "%22+and+manager+eq+%22m%22&attributes=id":            0,
				"/Users?filter=userName+eq+%22jo@example.com%22&attributes=emails[type+eq+%22work%22]": 1,
				"/Users?startIndex=2&count=5":                                                          1,
			} {
				if a := c.get(query).want(200); a.at("totalResults") != total {
					t.Errorf("%s has totalResults %v, want %v", query, a.at("totalResults"), total)
				}
			}
			for _, nowhere := range []string{"/Users/0", "/Users/00919288221112222", "/Roles?startIndex=1&count=100", "/Entitlements"} {
				if a := c.get(nowhere).want(404); a.at("detail") == "" || a.at("status") != "404" {
					t.Errorf("%s: %s", nowhere, a.text)
				}
			}
			for _, discovery := range []string{"/ServiceProviderConfig", "/ResourceTypes", "/Schemas", "/ResourceTypes/User", "/Schemas/" + userSchema} {
				c.get(discovery).want(200)
			}
			c.get("/?aadOptscim062020")
		})
	}
}

// TestDuplicatesOfIdentityProviders sends a creation again, and a name that is taken.
func TestDuplicatesOfIdentityProviders(t *testing.T) {
	for _, profile := range []string{"rfc", "idaas"} {
		t.Run(profile, func(t *testing.T) {
			c := serverOf(t).demo(profile)
			ann := c.user(object{"userName": "ann", "externalId": "a"})
			ben := c.user(object{"userName": "ben", "externalId": "b"})
			for range 2 {
				a := c.post("/Users", person(object{"userName": "ANN", "externalId": "a", "password": canary + "x"}))
				if profile == "rfc" {
					a.want(409)
				} else if a.want(200); "/Users/"+a.id() != ann { // idem-1
					t.Errorf("the account is %s, want %s", a.id(), ann)
				}
			}
			for _, a := range []answer{c.patch(ben, op("replace", "", object{"userName": "Ann"})), c.put(ben, person(object{"userName": "ann", "externalId": "b"}))} {
				if a.want(409); a.at("scimType") != "uniqueness" {
					t.Errorf("the refusal is %s", a.text)
				}
			}
			if got := c.find("/Users", `userName eq "ben"`); got.at("totalResults") != 1.0 {
				t.Error("ben is gone")
			}
		})
	}
}

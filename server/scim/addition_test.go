package scim_test

import (
	"slices"
	"strings"
	"testing"

	"scimproof/server/scim"
)

const robots = `{
  "schemas": [
    {"id": "urn:example:Robot", "name": "Robot", "attributes": [
      {"name": "serial", "required": true, "uniqueness": "server"},
      {"name": "owner", "type": "reference", "referenceTypes": ["User"]},
      {"name": "spare", "type": "reference", "referenceTypes": ["Robot"]}
    ]},
    {"id": "urn:example:Pilot", "name": "Pilot", "attributes": [{"name": "license"}, {"name": "hours", "type": "integer"}]}
  ],
  "types": [
    {"name": "Robot", "endpoint": "/Robots", "schema": "urn:example:Robot", "indexed": ["owner"]},
    {"name": "User", "extensions": [{"schema": "urn:example:Pilot"}], "indexed": ["urn:example:Pilot:license"]}
  ]
}`

func TestAdd(t *testing.T) {
	before := load(t, "rfc")
	r, err := before.Add("robots.json", []byte(robots))
	if err != nil {
		t.Fatal(err)
	}
	robot, user := r.Endpoint("/Robots"), r.Type("User")
	if robot == nil || robot.Name != "Robot" || robot.Schema.Attribute("SERIAL").Type != scim.String || !slices.Equal(robot.Indexed, []string{"owner"}) {
		t.Errorf("the robot is %+v", robot)
	}
	if user.Extension("urn:example:pilot") == nil || len(user.Extensions) != 2 || !slices.Contains(user.Indexed, "urn:example:Pilot:license") {
		t.Errorf("a user has the extensions %v and the indexes %q", user.Extensions, user.Indexed)
	}
	if len(r.Schemas()) != 5 || len(r.Types()) != 3 || r.Type("Group") != before.Type("Group") {
		t.Errorf("there are %d schemas and %d types", len(r.Schemas()), len(r.Types()))
	}
	if len(before.Schemas()) != 3 || len(before.Types()) != 2 || len(before.Type("User").Extensions) != 1 || before.Type("User").Extension("urn:example:Pilot") != nil {
		t.Error("the registry that was added to is another one now")
	}
	// A second file builds on the first: it refers to its types and takes its schemas.
	r, err = r.Add("more.json", []byte(`{"types": [{"name": "Drone", "endpoint": "/Drones", "schema": "urn:example:Robot", "extensions": [{"schema": "urn:example:Pilot", "required": true}]}]}`))
	if err != nil || !r.Type("Drone").Extensions[0].Required || len(r.Schemas()) != 5 {
		t.Errorf("drones fly %v", err)
	}
}

// Every mistake is named with the file, the place in it and what to do about it.
func TestAddRefuses(t *testing.T) {
	attr := func(attrs string) string {
		return `{"schemas":[{"id":"urn:x:T","name":"T","attributes":[` + attrs + `]}],"types":[{"name":"T","endpoint":"/Ts","schema":"urn:x:T"}]}`
	}
	typ := func(types string) string {
		return `{"schemas":[{"id":"urn:x:T","name":"T","attributes":[{"name":"a"},{"name":"n","type":"integer"},` +
			`{"name":"c","type":"complex","subAttributes":[{"name":"s"}]},{"name":"w","returned":"never"}]}],"types":[` + types + `]}`
	}
	for _, test := range []struct{ text, want string }{
		{"", "line 1: this is not JSON"},
		{"{\n\n\"types\": [,]}", "line 3: this is not JSON"},
		{`[]`, "is an array, but an object belongs there"},
		{`{}`, `nothing under "types"`},
		{"{\"schemas\":\n[{\"id\":\"urn:x:T\",\n\"colour\":1}]}", "line 3: /schemas/0/colour is no key...there are id, name, description, attributes"},
		{`{"types":[{"name":"T","linked":"a"}]}`, "/types/0/linked is no key...there are name, endpoint, description, schema, extensions, indexed"},
		{`{"types":[],"types":[]}`, "/types stands there twice; leave one out"},
		{attr(`{"name":"a","required":"yes"}`), "/schemas/0/attributes/0/required is a string, but true or false belongs there"},
		{attr(`{"name":1}`), "/schemas/0/attributes/0/name is a number, but a string belongs there"},
		{attr(`{"name":"a","canonicalValues":"x"}`), "/schemas/0/attributes/0/canonicalValues is a string, but an array belongs there"},
		{attr(`{"name":"a","subAttribute":[]}`), "/schemas/0/attributes/0/subAttribute is no key...subAttributes"},
		{attr(`null`), "/schemas/0: null stands where"},
		{attr(`{"name":"a","type":"complex","subAttributes":[null]}`), "/schemas/0: null stands where"},
		{`{"schemas":[null],"types":[{"name":"User"}]}`, "/schemas/0: null stands where"},
		{attr(`{"name":"a","type":"text"}`), `/schemas/0: schema urn:x:T: attribute "a"...no type "text"; take string`},
		{attr(`{"name":"a","mutability":"rw"}`), `attribute "a"...no mutability "rw"; take readOnly`},
		{attr(`{"name":"a","returned":"no"}`), `attribute "a"...returned cannot be "no"; take always`},
		{attr(`{"name":"a","uniqueness":"all"}`), `attribute "a"...no uniqueness "all"; take none`},
		{attr(`{"name":"a"},{"name":"A"}`), `attribute "A"...two of this name...rename one`},
		{attr(`{"name":"a","type":"complex","subAttributes":[{"name":"s"},{"name":"S"}]}`), `attribute "a"...attribute "S"...two of this name`},
		{attr(`{"name":"a","type":"complex","subAttributes":[{"name":"b","type":"complex","subAttributes":[{"name":"c"}]}]}`), `"a"...sub-attribute "b" is complex...make it`},
		{attr(`{"name":"a","type":"complex"}`), `attribute "a"...take them out`},
		{attr(`{"name":"a","type":"reference"}`), `attribute "a"...such as ["external"]`},
		{attr(`{"name":"a","type":"reference","referenceTypes":["Robot"]}`), `/schemas/0: schema urn:x:T: attribute "a"...no resource type "Robot" to refer to; take external`},
		{attr(`{"name":"a","type":"complex","subAttributes":[{"name":"r","type":"reference","referenceTypes":["user"]}]}`), `attribute "a": attribute "r"...no resource type "user"`},
		{attr(`{"name":"META"}`), `attribute "META"...every resource has one of this name already...rename it`},
		{attr(`{"name":""}`), `/schemas/0: schema urn:x:T: attribute ""`},
		{attr(`{"name":"a b"}`), `attribute "a b"`},
		{attr(`{"name":"a","mutability":"writeOnly"}`), `attribute "a"...add "returned": "never"`},
		{attr(`{"name":"a","mutability":"writeOnly","returned":"never","multiValued":true}`), `attribute "a"...make it a string`},
		{`{"schemas":[{"id":"x","name":"T","attributes":[]}],"types":[{"name":"T","endpoint":"/Ts","schema":"x"}]}`, "/schemas/0: schema x: a schema has an id that is a URN"},
		{`{"schemas":[{"id":"URN:IETF:params:scim:schemas:core:2.0:user","name":"T","attributes":[]}],"types":[{"name":"User"}]}`, "/schemas/0: there is a schema...choose another id"},
		{`{"schemas":[{"id":"urn:x:T","name":"T","attributes":[{"name":"a"}]},{"id":"urn:X:t","name":"T","attributes":[]}],"types":[{"name":"User"}]}`, "/schemas/1: there is a schema urn:X:t already"},
		{`{"schemas":[{"id":"urn:x:T","name":"T","attributes":[{"name":"a"}]}],"types":[{"name":"User"}]}`, "no resource type uses the schema urn:x:T; name it"},
		{typ(`{"name":"T","endpoint":"/Ts","schema":"urn:x:V"}`), `/types/0: resource type T: there is no schema "urn:x:V"; declare it`},
		{typ(`{"name":"T","endpoint":"/Ts","schema":"urn:x:T","extensions":[{"schema":"urn:x:E"}]}`), `/types/0: resource type T: there is no schema "urn:x:E"`},
		{typ(`{"name":"T","endpoint":"/Ts","schema":"urn:x:T","extensions":[{"schema":"urn:x:t"}]}`), "it has the schema urn:x:T already; name it once"},
		{typ(`{"name":"user","endpoint":"/Ts","schema":"urn:x:T"}`), "/types/0: there is a resource type User already; choose another name"},
		{typ(`{"name":"User","endpoint":"/Users","schema":"urn:x:T"}`), "/types/0: there is a resource type User already...leave out endpoint and schema to extend it"},
		{typ(`{"name":"T","endpoint":"/users","schema":"urn:x:T"}`), "resource type T: User has the endpoint /Users already; choose another"},
		{typ(`{"name":"T","endpoint":"/bulk","schema":"urn:x:T"}`), "the protocol itself uses /bulk; choose another"},
		{typ(`{"name":"T","endpoint":"Ts","schema":"urn:x:T"}`), `"Ts" cannot be an endpoint; take a slash`},
		{typ(`{"name":"T","endpoint":"/T/s","schema":"urn:x:T"}`), `"/T/s" cannot be an endpoint`},
		{typ(`{"name":"T","endpoint":"/.search","schema":"urn:x:T"}`), `"/.search" cannot be an endpoint`},
		{typ(`{"name":"T s","endpoint":"/Ts","schema":"urn:x:T"}`), `"T s" cannot be the name of a resource type; take letters`},
		{typ(`{"name":"T"}`), `there is no resource type "T" to extend; a new one has`},
		{typ(`{"name":"User","description":"People"}`), "its description stands"},
		{typ(`{"name":"T","endpoint":"/Ts","schema":"urn:x:T","indexed":["b"]}`), `indexed "b"...write it as its schema does`},
		{typ(`{"name":"T","endpoint":"/Ts","schema":"urn:x:T","indexed":["n"]}`), `indexed "n"...it is an integer; leave it out`},
		{typ(`{"name":"T","endpoint":"/Ts","schema":"urn:x:T","indexed":["c"]}`), `indexed "c"...such as c.s`},
		{typ(`{"name":"T","endpoint":"/Ts","schema":"urn:x:T","indexed":["w"]}`), `indexed "w"...never shown`},
		{typ(`{"name":"T","endpoint":"/Ts","schema":"urn:x:T","indexed":["meta"]}`), `indexed "meta"`},
		{typ(`{"name":"T","endpoint":"/Ts","schema":"urn:x:T"},{"name":"t","endpoint":"/Us","schema":"urn:x:T"}`), "/types/1: there is a resource type T already"},
	} {
		_, err := load(t, "rfc").Add("file.json", []byte(test.text))
		if err == nil || !strings.HasPrefix(err.Error(), "file.json: ") || !containsInOrder(err.Error(), test.want) {
			t.Errorf("%s\nis answered with %v,\nwant %q", test.text, err, test.want)
		}
	}
}

func FuzzAdd(f *testing.F) {
	f.Add([]byte(robots))
	f.Add([]byte(`{"types":[{"name":"User","extensions":null,"indexed":[""]}]}`))
	f.Add([]byte(`{"schemas":[{"id":"urn:","name":"T","attributes":[{"name":"$ref","type":"complex","subAttributes":[{"name":"value"}]}]}],"types":[{"name":"T","endpoint":"/T","schema":"urn:"}]}`))
	before := load(f, "rfc")
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := before.Add("f", data)
		if (r == nil) == (err == nil) {
			t.Errorf("Add returns %v and %v", r, err)
		}
		if len(before.Types()) != 2 || len(before.Schemas()) != 3 {
			t.Error("the registry that was added to is another one now")
		}
	})
}

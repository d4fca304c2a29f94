package server_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"scimproof/server"
)

// declaring makes a client of an application of profile rfc that has what a file declares.
func declaring(t *testing.T, text string) *client {
	t.Helper()
	return serverOf(t, func(c *server.Config) { c.Schemas = []server.SchemaFile{{Name: "file.json", Data: []byte(text)}} }).demo("rfc")
}

// A type that is there gets an extension: required, unique and filtered by as its own attributes are.
func TestExtensionOfUser(t *testing.T) {
	const urn = "urn:example:Pilot"
	c := declaring(t, `{
		"schemas": [{"id": "urn:example:Pilot", "name": "Pilot", "attributes": [
			{"name": "license", "required": true, "uniqueness": "server"}, {"name": "hours", "type": "integer"},
			{"name": "aircraft", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value", "caseExact": true}, {"name": "since", "type": "dateTime"}]}
		]}],
		"types": [{"name": "User", "extensions": [{"schema": "urn:example:Pilot"}]}]
	}`)
	if got := c.get("/ResourceTypes/User").at("schemaExtensions", 1, "schema"); got != urn {
		t.Errorf("the second extension of User is %v", got)
	}
	path := c.user(object{"userName": "ann", urn: object{"license": "PPL-1", "hours": 12.0, "aircraft": []any{object{"value": "C172"}}}})
	got := c.get(path).want(http.StatusOK)
	if got.at("schemas", 1) != urn || got.at(urn, "hours") != 12.0 || got.at(urn, "aircraft", 0, "value") != "C172" {
		t.Errorf("the pilot comes back as %s", got.text)
	}
	c.user(object{"userName": "bob"}) // who has no license flies not
	c.post("/Users", person(object{"userName": "cy", urn: object{"hours": 1}})).refused(http.StatusBadRequest, "invalidValue", urn+":license is required")
	c.post("/Users", person(object{"userName": "cy", urn: object{"license": "ppl-1"}})).refused(http.StatusConflict, "uniqueness", "")
	for filter, want := range map[string]int{
		urn + `:license eq "PPL-1"`: 1, urn + `:hours gt 11`: 1, urn + ` pr`: 1, "not (" + urn + " pr)": 1,
		urn + `:aircraft[value eq "C172"]`: 1, urn + `:aircraft.value eq "c172"`: 0,
	} {
		if got := c.find("/Users", filter).total(); got != want {
			t.Errorf("%s finds %d, want %d", filter, got, want)
		}
	}
	c.patch(path, op("add", urn+":aircraft", []any{object{"value": "B738", "since": "2026-03-31T12:00:00Z"}})).want(http.StatusOK)
	if got := c.patch(path, op("replace", urn+`:aircraft[value eq "B738"].since`, "soon")).status; got != http.StatusBadRequest {
		t.Errorf("a pilot flies since soon: %d", got)
	}
	c.patch(path, op("remove", urn)).want(http.StatusOK)
	if got := c.get(path); got.at(urn) != nil || got.at("schemas", 1) != nil {
		t.Errorf("without the extension it is %s", got.text)
	}
}

// A secret that is required must be there, and can be replaced but not removed.
func TestRequiredSecret(t *testing.T) {
	c := declaring(t, `{
		"schemas": [{"id": "urn:example:Device", "name": "Device", "attributes": [
			{"name": "name"}, {"name": "key", "required": true, "mutability": "writeOnly", "returned": "never", "caseExact": true}
		]}],
		"types": [{"name": "Device", "endpoint": "/Devices", "schema": "urn:example:Device"}]
	}`)
	device := func(attrs object) object { attrs["schemas"] = []any{"urn:example:Device"}; return attrs }
	c.post("/Devices", device(object{"name": "lamp"})).refused(http.StatusBadRequest, "invalidValue", "key is required")
	path := "/Devices/" + c.post("/Devices", device(object{"name": "lamp", "key": "one " + canary})).want(http.StatusCreated).id()
	secret := c.secret(path)
	c.put(path, device(object{"name": "lamp"})).want(http.StatusOK) // nobody can send back what nobody sees
	c.patch(path, op("remove", "key")).refused(http.StatusBadRequest, "mutability", "")
	if c.secret(path) != secret {
		t.Error("the key is another one now")
	}
	c.patch(path, op("replace", "key", "two "+canary)).want(http.StatusOK)
	if c.secret(path) == secret || strings.Contains(c.secret(path), canary) {
		t.Error("the key is not replaced, or not hashed")
	}
	c.find("/Devices", `name eq "LAMP"`)
	c.get("/Devices?filter=key%20pr").refused(http.StatusBadRequest, "invalidFilter", "")
}

// An added type is one among the others in bulk requests, in searches and for cursors.
func TestAddedTypeIsOneAmongOthers(t *testing.T) {
	c := declaring(t, `{
		"schemas": [{"id": "urn:example:Robot", "name": "Robot", "attributes": [
			{"name": "serial", "required": true, "uniqueness": "server"}, {"name": "weight", "type": "decimal"},
			{"name": "owner", "type": "complex", "subAttributes": [{"name": "value", "caseExact": true}]}
		]}],
		"types": [{"name": "Robot", "endpoint": "/Robots", "schema": "urn:example:Robot"}]
	}`)
	robot := func(serial string, weight float64) object {
		return object{"schemas": []any{"urn:example:Robot"}, "serial": serial, "weight": weight, "owner": object{"value": "bulkId:ann"}}
	}
	a := c.bulk(making("/Robots", "r2", robot("R2", 32.5)), making("/Robots", "c3", robot("C3", 75)), making("/Robots", "again", robot("c3", 1)), making("/Users", "ann", named("ann")))
	a.statuses("201", "201", "409", "201")
	owner := strings.TrimPrefix(a.made(3), "/Users/")
	if got := c.get(a.made(0)).want(http.StatusOK).at("owner", "value"); got != owner {
		t.Errorf("the owner is %v, want %s", got, owner)
	}
	ids := []string{strings.TrimPrefix(a.made(0), "/Robots/"), strings.TrimPrefix(a.made(1), "/Robots/")}
	for filter, want := range map[string][]string{
		`weight gt 40`: {ids[1]}, `meta.resourceType eq "Robot"`: ids, `serial eq "r2" or userName eq "ann"`: {owner, ids[0]},
	} {
		if got := c.root(object{"filter": filter}).ids(); !slices.Equal(got, want) {
			t.Errorf("%s at the root finds %q, want %q", filter, got, want)
		}
	}
	found := c.post("/Robots/.search", searchOf(object{"filter": "weight lt 40"})).want(http.StatusOK).ids()
	if !slices.Equal(found, ids[:1]) {
		t.Errorf("POST .search finds %q", found)
	}
	for order, want := range map[string][]string{"ascending": ids, "descending": {ids[1], ids[0]}} {
		if got := c.follow("/Robots", url.Values{"sortBy": {"weight"}, "sortOrder": {order}, "count": {"1"}}, nil); !slices.Equal(got, want) {
			t.Errorf("cursors, %s by weight: %q, want %q", order, got, want)
		}
	}
}

// What a file declares badly keeps the server from starting.
func TestSchemaFileIsRefused(t *testing.T) {
	_, err := server.New(server.Config{Schemas: []server.SchemaFile{{Name: "robots.json", Data: []byte(`{"types": [{"name": "Robot"}]}`)}}})
	if err == nil || !strings.HasPrefix(err.Error(), "robots.json: /types/0: ") {
		t.Errorf("the server says %v", err)
	}
}

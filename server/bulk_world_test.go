package server_test

import (
	"net/http"
	"strconv"
	"strings"
)

const (
	bulkSchema     = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
	bulkAnswer     = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
	managerRef     = enterpriseSchema + ":manager"
	reference      = "bulkId:" // begins one
	unknownAccount = "/Users/user_none"
)

// making is an operation of a bulk request that creates a resource.
func making(endpoint, bulkID string, data object) object {
	return object{"method": "POST", "path": endpoint, "bulkId": bulkID, "data": data}
}

// doing is any other operation of a bulk request. Without data there is none.
func doing(method, path string, data object) object {
	o := object{"method": method, "path": path}
	if data != nil {
		o["data"] = data
	}
	return o
}

// patching is an operation of a bulk request that patches.
func patching(path string, ops ...any) object {
	return doing("PATCH", path, object{"schemas": []string{patchSchema}, "Operations": ops})
}

// named is a User with a userName.
func named(userName string) object { return person(object{"userName": userName}) }

// managed is a User with a manager.
func managed(userName, manager string) object {
	return person(object{
		"schemas": []string{userSchema, enterpriseSchema}, "userName": userName, enterpriseSchema: object{"manager": object{"value": manager}},
	})
}

// members is a list of entries of a group.
func members(ids ...string) []any {
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = object{"value": id}
	}
	return out
}

func bulkMessage(operations ...object) object {
	return object{"schemas": []string{bulkSchema}, "Operations": operations}
}

// bulk sends a bulk request and checks the form of the answer.
func (c *client) bulk(operations ...object) answer {
	c.t.Helper()
	return c.post("/Bulk", bulkMessage(operations...)).bulkResponse()
}

func (a answer) bulkResponse() answer {
	a.t.Helper()
	a.want(http.StatusOK)
	if schemas, _ := a.at("schemas").([]any); len(schemas) != 1 || schemas[0] != bulkAnswer || len(a.body) != 2 {
		a.t.Errorf("this is no BulkResponse: %s", a.text)
	}
	for i := range a.operations() {
		a.operation(i)
	}
	return a
}

func (a answer) operations() []any {
	list, _ := a.at("Operations").([]any)
	return list
}

// operation checks what holds for every operation of an answer: the status is a string, and an Error says why it failed.
func (a answer) operation(i int) {
	a.t.Helper()
	status, _ := a.at("Operations", i, "status").(string)
	code, err := strconv.Atoi(status)
	location, _ := a.at("Operations", i, "location").(string)
	method, response := a.at("Operations", i, "method"), a.at("Operations", i, "response")
	switch {
	case strings.Contains(location, reference):
		a.t.Errorf("operation %d is at the reference %s", i, location)
	case err != nil || method == nil:
		a.t.Errorf("operation %d has the status %v and the method %v", i, a.at("Operations", i, "status"), method)
	case code < 300 && (response != nil || location == ""):
		a.t.Errorf("operation %d has the location %q and the response %v", i, location, response)
	case code < 300 && method != "DELETE" && a.at("Operations", i, "version") == nil:
		a.t.Errorf("operation %d has no version", i)
	case code >= 300 && (a.at("Operations", i, "response", "status") != status || a.at("Operations", i, "response", "schemas", 0) != errorSchema):
		a.t.Errorf("operation %d has the status %q and the response %v", i, status, response)
	case code >= 300 && method == "POST" && location != "":
		a.t.Errorf("operation %d created nothing at %s", i, location)
	}
}

// statuses checks the statuses of the operations, in order.
func (a answer) statuses(want ...string) answer {
	a.t.Helper()
	var got []string
	for i := range a.operations() {
		status, _ := a.at("Operations", i, "status").(string)
		got = append(got, status)
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		a.t.Fatalf("the statuses are %v, want %v: %s", got, want, a.text)
	}
	return a
}

// failed checks the Error of an operation, and that it names what it is about.
func (a answer) failed(i int, scimType, about string) answer {
	a.t.Helper()
	kind, _ := a.at("Operations", i, "response", "scimType").(string)
	detail, _ := a.at("Operations", i, "response", "detail").(string)
	if kind != scimType || !strings.Contains(detail, about) {
		a.t.Errorf("operation %d has scimType %q and detail %q, want %q and something about %q", i, kind, detail, scimType, about)
	}
	return a
}

// made is the path of what an operation of an answer is about.
func (a answer) made(i int) string {
	a.t.Helper()
	location, _ := a.at("Operations", i, "location").(string)
	_, path, ok := strings.Cut(location, "/scim/")
	if !ok {
		a.t.Fatalf("operation %d has the location %q", i, location)
	}
	return "/" + path
}

func idOf(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// in checks that a group has just these members, in any order.
func (c *client) in(group string, want ...string) {
	c.t.Helper()
	a := c.get(group).want(http.StatusOK)
	list, _ := a.at("members").([]any)
	got := map[string]bool{}
	for i := range list {
		id, _ := a.at("members", i, "value").(string)
		ref, _ := a.at("members", i, "$ref").(string)
		if !strings.HasSuffix(ref, "/"+id) {
			c.t.Errorf("member %s has the $ref %s", id, ref)
		}
		got[id] = true
	}
	for _, path := range want {
		if !got[idOf(path)] {
			c.t.Errorf("%s is not in it: %s", path, a.text)
		}
	}
	if len(list) != len(want) {
		c.t.Errorf("it has %d members, want %d: %s", len(list), len(want), a.text)
	}
}

// reports checks the manager of an account.
func (c *client) reports(path, manager string) {
	c.t.Helper()
	if a := c.get(path).want(http.StatusOK); a.at(enterpriseSchema, "manager", "value") != idOf(manager) {
		c.t.Errorf("the manager is not %s: %s", manager, a.text)
	}
}

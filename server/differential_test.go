package server_test

import (
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"pgregory.net/rapid"

	"scimproof/server"
)

const pilotSchema = "urn:example:Pilot"

// pilots adds numbers and instants to users, of which the core schema has none that clients write.
const pilots = `{
	"schemas": [{"id": "urn:example:Pilot", "name": "Pilot", "attributes": [
		{"name": "hours", "type": "integer"}, {"name": "rating", "type": "decimal"}, {"name": "since", "type": "dateTime"}
	]}],
	"types": [{"name": "User", "extensions": [{"schema": "urn:example:Pilot"}]}]
}`

// What the test filters and sorts by: some of it has an index, some has not.
var (
	userAttributes = []attribute{
		{"userName", "text"}, {"displayName", "text"}, {"title", "text"}, {"externalId", "exact"}, {"id", "exact"}, {"active", "boolean"},
		{"name.familyName", "text"}, {"name.givenName", "text"}, {"emails", "text"}, {"emails.value", "text"}, {"emails.type", "text"},
		{"emails.primary", "boolean"}, {enterpriseSchema + ":employeeNumber", "text"}, {enterpriseSchema + ":department", "text"},
		{"groups.value", "exact"}, {pilotSchema + ":hours", "number"}, {pilotSchema + ":rating", "number"}, {pilotSchema + ":since", "instant"},
	}
	groupAttributes = []attribute{{"displayName", "text"}, {"externalId", "exact"}, {"id", "exact"}, {"members", "exact"}, {"members.value", "exact"}}
	emailAttributes = []attribute{{"value", "text"}, {"type", "text"}, {"primary", "boolean"}}
	words           = []string{"a", "A", "ab", "aB", "b", "B", "ba", "é", "É", "a%", "a_b", "_", `a\b`, `a"b`, "10", "9", "a b", "x'y"}
	kinds           = []string{"work", "Work", "home", "other"}
	instants        = []string{"2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00", "2025-12-31T23:59:59.999Z", "2026-01-01T00:00:00.0000001Z"}
)

// TestAgainstModel sends random writes and queries to the server and carries them out on the model; they must agree about every status,
// every resource and every list.
func TestAgainstModel(t *testing.T) {
	w := serverOf(t, func(c *server.Config) { c.Schemas = []server.SchemaFile{{Name: "pilots", Data: []byte(pilots)}} })
	app := w.demo("rfc").app
	bounded(t, 40)
	rapid.Check(t, func(t *rapid.T) {
		d := &duel{client: w.beside(app)}
		for range 4 {
			d.createUser(t)
		}
		d.createGroup(t)
		t.Repeat(map[string]func(*rapid.T){
			"create user":  d.createUser,
			"replace user": d.replaceUser,
			"patch user":   d.patchUser,
			"delete user":  d.deleteUser,
			"create group": d.createGroup,
			"patch group":  d.patchGroup,
			"list users":   func(t *rapid.T) { d.list(t, "/Users", userAttributes, d.users) },
			"list users ":  func(t *rapid.T) { d.list(t, "/Users", userAttributes, d.users) },
			"list groups":  func(t *rapid.T) { d.list(t, "/Groups", groupAttributes, d.groups) },
			"walk users":   func(t *rapid.T) { d.walk(t, "/Users", userAttributes, d.users) },
			"walk groups":  func(t *rapid.T) { d.walk(t, "/Groups", groupAttributes, d.groups) },
		})
	})
}

// bounded sets how many cases a test looks at, unless the command line says so.
func bounded(t *testing.T, cases int) {
	t.Helper()
	f := flag.Lookup("rapid.checks")
	if f.Value.String() != f.DefValue {
		return
	}
	if err := f.Value.Set(strconv.Itoa(cases)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Value.Set(f.DefValue) })
}

// duel is the server and the model with the same past.
type duel struct {
	*client
	model
}

// one draws one of a list.
func one[T any](t *rapid.T, list []T) T { return list[rapid.IntRange(0, len(list)-1).Draw(t, "which")] }

func maybe(t *rapid.T) bool { return rapid.Bool().Draw(t, "maybe") }

// valueOf draws a value of an attribute.
func (d *duel) valueOf(t *rapid.T, a attribute) any {
	switch {
	case a.path == "userName":
		return one(t, words) + strconv.Itoa(rapid.IntRange(0, 2).Draw(t, "n"))
	case a.path == "id", strings.HasPrefix(a.path, "groups"), strings.HasPrefix(a.path, "members"):
		return d.anyID(t)
	case strings.HasSuffix(a.path, "type"):
		return one(t, kinds)
	case a.typ == "boolean":
		return maybe(t)
	case a.typ == "number":
		return float64(one(t, []int{-10, -1, 0, 1, 2, 10}))
	case a.typ == "instant":
		return one(t, instants)
	}
	return one(t, words)
}

// anyID draws an id that somebody has, or nobody.
func (d *duel) anyID(t *rapid.T) string {
	ids := []string{"nobody"}
	for _, o := range slices.Concat(d.users, d.groups) {
		ids = append(ids, o["id"].(string))
	}
	return one(t, ids)
}

func (d *duel) email(t *rapid.T) object {
	o := object{"value": one(t, words)}
	if maybe(t) {
		o["type"] = one(t, kinds)
	}
	if maybe(t) {
		o["primary"] = maybe(t)
	}
	return o
}

// written are the attributes of a user that clients write one by one.
func written() (list []attribute) {
	for _, a := range userAttributes {
		if a.path != "id" && !strings.HasPrefix(a.path, "emails") && !strings.HasPrefix(a.path, "groups") {
			list = append(list, a)
		}
	}
	return list
}

// person draws a user, now and then one without a name or with two primary addresses.
func (d *duel) person(t *rapid.T) object {
	u := object{}
	for _, a := range written() {
		if a.path == "userName" && rapid.IntRange(0, 19).Draw(t, "nameless") > 0 || a.path != "userName" && maybe(t) {
			put(u, a.path, d.valueOf(t, a))
		}
	}
	var emails []any
	for range rapid.IntRange(0, 3).Draw(t, "emails") {
		emails = append(emails, d.email(t))
	}
	if emails != nil {
		u["emails"] = emails
	}
	return u
}

func withSchema(schema string, o object) object {
	o = clone(o).(object)
	o["schemas"] = []string{schema}
	return o
}

// seen is a resource of the server as the model has it.
func seen(o object) object {
	o = clone(o).(object)
	delete(o, "schemas")
	delete(o, "meta")
	for _, name := range []string{"members", "groups"} {
		setMembers(o, name, memberIDs(o, name))
	}
	return o
}

// agree wants the server to have answered with the status and, where it is a success, the resource.
func (d *duel) agree(t *rapid.T, a answer, status int, want object) {
	t.Helper()
	if a.status != status {
		t.Fatalf("the server answers %d, the model %d with %v: %s", a.status, status, want, a.text)
	}
	if want != nil && status < 300 && !reflect.DeepEqual(seen(a.body), want) {
		t.Fatalf("the server has %v,\nthe model %v", seen(a.body), want)
	}
}

func (d *duel) createUser(t *rapid.T) {
	u := d.person(t)
	status := d.checkUser(u)
	a := d.post("/Users", withSchema(userSchema, u))
	if status == http.StatusOK {
		status = http.StatusCreated
		u["id"] = a.body["id"]
	}
	d.agree(t, a, status, u)
	if status == http.StatusCreated {
		d.users = append(d.users, u)
	}
}

// someone draws a user that is there.
func someone(t *rapid.T, list []object) (i int, path string) {
	if len(list) == 0 {
		t.Skip("nobody is there")
	}
	i = rapid.IntRange(0, len(list)-1).Draw(t, "who")
	return i, fmt.Sprint("/", list[i]["id"])
}

func (d *duel) replaceUser(t *rapid.T) {
	i, path := someone(t, d.users)
	u := d.person(t)
	u["id"] = d.users[i]["id"]
	status := d.checkUser(u)
	a := d.put("/Users"+path, withSchema(userSchema, u))
	d.settle(t, a, "/Users"+path, d.users, i, status, u)
}

// settle makes a change part of the model where it succeeds, and compares what both have afterwards either way.
func (d *duel) settle(t *rapid.T, a answer, path string, list []object, i, status int, changed object) {
	t.Helper()
	if status == http.StatusOK {
		list[i] = changed
	}
	d.derive()
	if a.status != http.StatusNoContent || status != http.StatusOK { // which a PATCH of members may answer (RFC 7644 section 3.5.2)
		d.agree(t, a, status, list[i])
	}
	d.agree(t, d.get(path), http.StatusOK, list[i])
}

func (d *duel) patchUser(t *rapid.T) {
	i, path := someone(t, d.users)
	u := clone(d.users[i]).(object)
	var ops []any
	ok := true
	for range rapid.IntRange(1, 3).Draw(t, "operations") {
		x := d.operation(t)
		ops = append(ops, x.json())
		ok = ok && x.apply(u)
	}
	status := http.StatusBadRequest
	if ok {
		status = d.checkUser(u)
	}
	sent, _ := json.Marshal(ops)
	t.Logf("PATCH %s", sent)
	d.settle(t, d.patch("/Users"+path, ops...), "/Users"+path, d.users, i, status, u)
}

func (d *duel) operation(t *rapid.T) operation {
	verb := one(t, []string{"add", "replace", "remove"})
	if rapid.IntRange(0, 3).Draw(t, "emails") > 0 {
		a := one(t, written())
		switch {
		case verb == "remove":
			return operation{op: verb, path: a.path}
		case maybe(t) || a.path == "userName":
			return operation{op: verb, path: a.path, value: d.valueOf(t, a)}
		}
		if a.path != "title" && !strings.HasPrefix(a.path, "name.") { // they have no order that would say which of two comes last
			return operation{op: verb, value: object{"title": one(t, words), "name": object{"givenName": one(t, words)}, a.path: d.valueOf(t, a)}}
		}
		return operation{op: verb, value: object{a.path: d.valueOf(t, a)}}
	}
	x := operation{op: verb, path: "emails"}
	switch rapid.IntRange(0, 2).Draw(t, "target") {
	case 0:
		if verb != "remove" {
			x.value = []any{d.email(t)}
		}
	case 1:
		x.kind = one(t, kinds)
		if verb != "remove" {
			x.value = object{"value": one(t, words), "type": one(t, kinds)}
		}
	case 2:
		x.kind, x.sub = one(t, kinds), "value"
		if verb != "remove" {
			x.value = one(t, words)
		}
	}
	return x
}

func (d *duel) deleteUser(t *rapid.T) {
	_, path := someone(t, d.users)
	d.agree(t, d.delete("/Users"+path), http.StatusNoContent, nil)
	d.remove(path[1:])
	d.agree(t, d.get("/Users"+path), http.StatusNotFound, nil)
	for i, g := range d.groups {
		d.agree(t, d.get(fmt.Sprint("/Groups/", g["id"])), http.StatusOK, d.groups[i])
	}
}

// people draws ids of members to be, now and then of nobody.
func (d *duel) people(t *rapid.T) (ids []string) {
	for _, u := range d.users {
		if maybe(t) {
			ids = append(ids, u["id"].(string))
		}
	}
	if rapid.IntRange(0, 9).Draw(t, "nobody") == 0 {
		ids = append(ids, "nobody")
	}
	return ids
}

func (d *duel) createGroup(t *rapid.T) {
	g := object{"displayName": one(t, words)}
	if maybe(t) {
		g["externalId"] = one(t, words)
	}
	setMembers(g, "members", d.people(t))
	status := d.checkGroup(g)
	a := d.post("/Groups", withSchema(groupSchema, g))
	if status == http.StatusOK {
		status = http.StatusCreated
		g["id"] = a.body["id"]
	}
	d.agree(t, a, status, g)
	if status == http.StatusCreated {
		d.groups = append(d.groups, g)
		d.derive()
	}
}

func (d *duel) patchGroup(t *rapid.T) {
	i, path := someone(t, d.groups)
	g := clone(d.groups[i]).(object)
	have, chosen := memberIDs(g, "members"), d.people(t)
	verb := one(t, []string{"add", "replace", "remove"})
	x := op(verb, "members", []any{})
	var values []any
	for _, id := range chosen {
		values = append(values, object{"value": id})
	}
	if values != nil {
		x["value"] = values
	}
	switch verb {
	case "remove":
		have = slices.DeleteFunc(have, func(id string) bool { return slices.Contains(chosen, id) })
	case "replace":
		have = slices.DeleteFunc(have, func(id string) bool { return !slices.Contains(chosen, id) })
		fallthrough
	default:
		for _, id := range chosen {
			if !slices.Contains(have, id) {
				have = append(have, id)
			}
		}
	}
	setMembers(g, "members", have)
	d.settle(t, d.patch("/Groups"+path, x), "/Groups"+path, d.groups, i, d.checkGroup(g), g)
}

// filter draws a filter over attributes, some levels deep.
func (d *duel) filter(t *rapid.T, attributes []attribute, depth int) cond {
	kind := rapid.IntRange(0, 7).Draw(t, "kind")
	switch {
	case depth == 0 || kind < 4:
		return d.comparison(t, attributes)
	case kind == 4:
		return negation{d.filter(t, attributes, depth-1)}
	case kind == 5 && len(attributes) == len(userAttributes):
		return valuePath{"emails", d.filter(t, emailAttributes, depth-1)}
	}
	return junction{one(t, []string{"and", "or"}), d.filter(t, attributes, depth-1), d.filter(t, attributes, depth-1)}
}

func (d *duel) comparison(t *rapid.T, attributes []attribute) cond {
	a := one(t, attributes)
	ops := map[string][]string{
		"boolean": {"eq", "ne", "pr"},
		"number":  {"eq", "ne", "pr", "gt", "ge", "lt", "le"},
		"instant": {"eq", "ne", "pr", "gt", "ge", "lt", "le"},
	}[a.typ]
	if ops == nil {
		ops = []string{"eq", "ne", "pr", "gt", "ge", "lt", "le", "co", "sw", "ew"}
	}
	return comparison{a, one(t, ops), d.valueOf(t, a)}
}

// query draws what a list can be asked for, but pages.
func (d *duel) query(t *rapid.T, attributes []attribute) (q query, parameters url.Values) {
	parameters = url.Values{}
	if rapid.IntRange(0, 9).Draw(t, "filtered") > 0 {
		q.filter = d.filter(t, attributes, 3)
		parameters.Set("filter", q.filter.String())
	}
	if maybe(t) {
		q.sortBy = one(t, attributes)
		parameters.Set("sortBy", q.sortBy.path)
		if maybe(t) {
			q.descending = true
			parameters.Set("sortOrder", "descending")
		}
	}
	return q, parameters
}

// walk goes through a whole list by its cursors (RFC 9865).
func (d *duel) walk(t *rapid.T, endpoint string, attributes []attribute, all []object) {
	q, parameters := d.query(t, attributes)
	parameters.Set("count", strconv.Itoa(rapid.IntRange(1, 3).Draw(t, "count")))
	_, ids := q.list(all)
	if got := d.follow(endpoint, parameters, nil); !slices.Equal(got, ids) {
		t.Fatalf("GET %s?%s\nthe server has %q,\nthe model %q\nof %v", endpoint, parameters.Encode(), got, ids, all)
	}
}

func (d *duel) list(t *rapid.T, endpoint string, attributes []attribute, all []object) {
	q, parameters := d.query(t, attributes)
	if maybe(t) {
		q.paged, q.start, q.count = true, rapid.IntRange(-1, 6).Draw(t, "start"), rapid.IntRange(-1, 4).Draw(t, "count")
		parameters.Set("startIndex", strconv.Itoa(q.start))
		parameters.Set("count", strconv.Itoa(q.count))
	}
	total, ids := q.list(all)
	a := d.get(endpoint + "?" + parameters.Encode())
	var got []string
	resources, _ := a.at("Resources").([]any)
	for i, v := range resources {
		o := v.(object)
		got = append(got, fmt.Sprint(o["id"]))
		if i < len(ids) && ids[i] == o["id"] {
			j := slices.IndexFunc(all, func(o object) bool { return o["id"] == ids[i] })
			if !reflect.DeepEqual(seen(o), all[j]) {
				t.Fatalf("the server lists %v,\nthe model %v", seen(o), all[j])
			}
		}
	}
	if a.status != http.StatusOK || a.at("totalResults") != float64(total) || !slices.Equal(got, ids) {
		t.Fatalf("GET %s?%s\nthe server has %v: %q,\nthe model %d: %q\nof %v\n%s", endpoint, parameters.Encode(), a.at("totalResults"), got, total, ids, all, a.text)
	}
}

package server_test

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
)

// model is a SCIM server that keeps two lists of JSON objects and looks at all of them for every question. It is the other side of
// TestAgainstModel: slow, and simple enough to be seen to be right.
type model struct {
	users, groups []object // in the order of creation
}

// memberIDs lists the ids in an attribute such as members or groups.
func memberIDs(o object, name string) (ids []string) {
	list, _ := o[name].([]any)
	for _, v := range list {
		ids = append(ids, fmt.Sprint(v.(object)["value"]))
	}
	return ids
}

func setMembers(o object, name string, ids []string) {
	delete(o, name)
	var list []any
	for _, id := range ids {
		list = append(list, object{"value": id})
	}
	if list != nil {
		o[name] = list
	}
}

// derive writes anew what follows from other resources: the groups of each user.
func (m *model) derive() {
	for _, u := range m.users {
		var ids []string
		for _, g := range m.groups {
			if slices.Contains(memberIDs(g, "members"), u["id"].(string)) {
				ids = append(ids, g["id"].(string))
			}
		}
		setMembers(u, "groups", ids)
	}
}

// isUser says whether a user has the id.
func (m *model) isUser(id string) bool {
	return slices.ContainsFunc(m.users, func(u object) bool { return u["id"] == id })
}

// checkUser is the status of a write that would make a user what it is given.
func (m *model) checkUser(u object) int {
	primaries := 0
	list, _ := u["emails"].([]any)
	for _, e := range list {
		if e.(object)["primary"] == true {
			primaries++
		}
	}
	name, _ := u["userName"].(string)
	switch {
	case primaries > 1 || name == "":
		return http.StatusBadRequest
	case slices.ContainsFunc(m.users, func(o object) bool { return o["id"] != u["id"] && fold(o["userName"].(string)) == fold(name) }):
		return http.StatusConflict
	}
	return http.StatusOK
}

// checkGroup is that of a group.
func (m *model) checkGroup(g object) int {
	if name, _ := g["displayName"].(string); name == "" {
		return http.StatusBadRequest
	}
	for _, id := range memberIDs(g, "members") {
		if !m.isUser(id) {
			return http.StatusBadRequest
		}
	}
	return http.StatusOK
}

// remove deletes a user from the list and from all groups.
func (m *model) remove(id string) {
	m.users = slices.DeleteFunc(m.users, func(u object) bool { return u["id"] == id })
	for _, g := range m.groups {
		setMembers(g, "members", slices.DeleteFunc(memberIDs(g, "members"), func(member string) bool { return member == id }))
	}
}

// operation is an operation of a PATCH on a user. kind is a type of e-mail where the path chooses by it.
type operation struct {
	op, path, kind, sub string
	value               any
}

func (x operation) json() object {
	path := x.path
	if x.kind != "" {
		path += fmt.Sprintf("[type eq %q]", x.kind)
	}
	if x.sub != "" {
		path += "." + x.sub
	}
	if x.value == nil {
		return op(x.op, path)
	}
	return op(x.op, path, x.value)
}

// apply carries the operation out; false means that it is refused.
func (x operation) apply(u object) bool {
	switch {
	case x.path == "":
		for name, v := range x.value.(object) {
			put(u, name, v)
		}
		return true
	case x.path != "emails":
		if x.op == "remove" {
			cut(u, x.path)
			return x.path != "userName"
		}
		put(u, x.path, x.value)
		return true
	}
	list, _ := u["emails"].([]any)
	list, ok := x.emails(list)
	u["emails"] = list
	if len(list) == 0 {
		delete(u, "emails")
	}
	return ok
}

// emails is the list after the operation.
func (x operation) emails(list []any) ([]any, bool) {
	switch {
	case x.kind == "" && x.op == "remove":
		return nil, true
	case x.kind == "" && x.op == "replace":
		return clone(x.value).([]any), true
	case x.kind == "":
		return addEmail(list, clone(x.value).([]any)[0].(object)), true
	}
	found := false
	var out []any
	for _, e := range list {
		o := e.(object)
		kind, has := o["type"].(string)
		switch {
		case !has || fold(kind) != fold(x.kind):
		case x.op == "remove" && x.sub == "":
			continue
		case x.op == "remove":
			delete(o, x.sub)
		case x.sub != "":
			o[x.sub] = x.value
		case x.op == "add":
			maps.Copy(o, x.value.(object))
		default:
			o = clone(x.value).(object)
		}
		found = found || has && fold(kind) == fold(x.kind)
		out = append(out, o)
	}
	switch {
	case found || x.op == "remove" || len(out) < len(list):
		return out, true
	case x.op == "replace":
		return out, false // noTarget
	case x.sub != "":
		return append(out, object{"type": x.kind, x.sub: x.value}), true
	}
	made := object{"type": x.kind}
	maps.Copy(made, x.value.(object))
	return append(out, made), true
}

// addEmail adds an entry, or merges it into the one of the same value and type. If it is primary, no other is.
func addEmail(list []any, added object) []any {
	key := func(o object) string { return fold(fmt.Sprint(o["value"])) + "\x00" + fold(fmt.Sprint(o["type"])) }
	i := slices.IndexFunc(list, func(e any) bool { return e.(object)["value"] != nil && key(e.(object)) == key(added) })
	if i < 0 {
		i, list = len(list), append(list, object{})
	}
	maps.Copy(list[i].(object), added)
	for j, e := range list {
		if j != i && list[i].(object)["primary"] == true && e.(object)["primary"] == true {
			e.(object)["primary"] = false
		}
	}
	return list
}

// split takes a path apart: the URN of an extension, or "", and the names.
func split(path string) (urn string, steps []string) {
	if i := strings.LastIndexByte(path, ':'); i >= 0 {
		urn, path = path[:i], path[i+1:]
	}
	return urn, strings.Split(path, ".")
}

// put sets what a path names; of an object given whole, what it has is set and the rest stays.
func put(o object, path string, value any) {
	urn, steps := split(path)
	if urn != "" {
		steps = append([]string{urn}, steps...)
	}
	for _, step := range steps[:len(steps)-1] {
		if o[step] == nil {
			o[step] = object{}
		}
		o = o[step].(object)
	}
	last := steps[len(steps)-1]
	if given, ok := value.(object); ok {
		have, _ := o[last].(object)
		if have == nil {
			have = object{}
			o[last] = have
		}
		maps.Copy(have, given)
		return
	}
	o[last] = value
}

// cut removes what a path names, and what is empty then.
func cut(o object, path string) {
	urn, steps := split(path)
	if urn != "" {
		steps = append([]string{urn}, steps...)
	}
	if len(steps) == 1 {
		delete(o, steps[0])
		return
	}
	inner, _ := o[steps[0]].(object)
	delete(inner, steps[1])
	if len(inner) == 0 {
		delete(o, steps[0])
	}
}

// at lists the values that a path names.
func at(o object, path string) []any {
	urn, steps := split(path)
	values := []any{o}
	if urn != "" {
		steps = append([]string{urn}, steps...)
	}
	for _, step := range steps {
		var next []any
		for _, v := range values {
			inner, _ := v.(object)
			switch v := inner[step].(type) {
			case nil:
			case []any:
				next = append(next, v...)
			default:
				next = append(next, v)
			}
		}
		values = next
	}
	return values
}

// fold is enough for the letters of the test.
func fold(text string) string { return strings.ToLower(text) }

// attribute is something to filter and sort by.
type attribute struct {
	path, typ string // typ is text, exact, boolean, number or instant
}

// simple is the path of what is compared: of a complex attribute its value.
func (a attribute) simple() string {
	if a.path == "emails" || a.path == "members" {
		return a.path + ".value"
	}
	return a.path
}

// compare orders two values of the attribute.
func (a attribute) compare(v, w any) int {
	switch a.typ {
	case "boolean":
		return cmp.Compare(fmt.Sprint(v), fmt.Sprint(w)) // false, true
	case "number":
		return cmp.Compare(v.(float64), w.(float64))
	case "instant":
		x, _ := time.Parse(time.RFC3339Nano, v.(string))
		y, _ := time.Parse(time.RFC3339Nano, w.(string))
		return x.Compare(y)
	case "exact":
		return cmp.Compare(v.(string), w.(string))
	}
	return cmp.Compare(fold(v.(string)), fold(w.(string)))
}

// cond is a filter.
type cond interface {
	String() string
	match(o object) bool
}

type (
	comparison struct {
		attr  attribute
		op    string
		value any
	}
	junction struct {
		op   string // and, or
		x, y cond
	}
	negation  struct{ x cond }
	valuePath struct {
		path string
		x    cond
	}
)

func (c comparison) String() string {
	if c.op == "pr" {
		return c.attr.path + " pr"
	}
	literal, _ := json.Marshal(c.value)
	return c.attr.path + " " + c.op + " " + string(literal)
}

func (c junction) String() string {
	return "(" + c.x.String() + ") " + c.op + " (" + c.y.String() + ")"
}
func (c negation) String() string  { return "not (" + c.x.String() + ")" }
func (c valuePath) String() string { return c.path + "[" + c.x.String() + "]" }

func (c comparison) match(o object) bool {
	if c.op == "pr" {
		return len(at(o, c.attr.path)) > 0
	}
	values := at(o, c.attr.simple())
	return slices.ContainsFunc(values, c.holds) || c.op == "ne" && len(values) == 0
}

func (c comparison) holds(v any) bool {
	switch c.op {
	case "co", "sw", "ew":
		have, want := v.(string), c.value.(string)
		if c.attr.typ == "text" {
			have, want = fold(have), fold(want)
		}
		return map[string]func(string, string) bool{"co": strings.Contains, "sw": strings.HasPrefix, "ew": strings.HasSuffix}[c.op](have, want)
	}
	order := c.attr.compare(v, c.value)
	return map[string]bool{"eq": order == 0, "ne": order != 0, "gt": order > 0, "ge": order >= 0, "lt": order < 0, "le": order <= 0}[c.op]
}

func (c junction) match(o object) bool {
	if c.op == "and" {
		return c.x.match(o) && c.y.match(o)
	}
	return c.x.match(o) || c.y.match(o)
}

func (c negation) match(o object) bool { return !c.x.match(o) }

func (c valuePath) match(o object) bool {
	return slices.ContainsFunc(at(o, c.path), func(v any) bool { return c.x.match(v.(object)) })
}

// query is what a list is asked for; 0 stands for a parameter that is left out.
type query struct {
	filter     cond
	sortBy     attribute
	descending bool
	start      int
	count      int
	paged      bool // start and count are given
}

// list answers a query: how many there are, and the ids on the page.
func (q query) list(all []object) (total int, ids []string) {
	var found []object
	for _, o := range all {
		if q.filter == nil || q.filter.match(o) {
			found = append(found, o)
		}
	}
	total = len(found)
	if q.sortBy.path != "" {
		slices.SortStableFunc(found, func(a, b object) int {
			v, w := q.sortValue(a), q.sortValue(b)
			switch {
			case v == nil && w == nil:
				return 0
			case v == nil:
				return 1
			case w == nil:
				return -1
			}
			return q.sortBy.compare(v, w)
		})
		if q.descending {
			slices.Reverse(found)
		}
	}
	if q.paged {
		found = found[min(max(q.start, 1)-1, len(found)):]
		found = found[:min(max(q.count, 0), len(found))]
	}
	for _, o := range found {
		ids = append(ids, o["id"].(string))
	}
	return total, ids
}

// sortValue is the first value, or that of the primary entry.
func (q query) sortValue(o object) any {
	path := q.sortBy.simple()
	if name, _, _ := strings.Cut(path, "."); name == "emails" {
		list, _ := o["emails"].([]any)
		for _, e := range list {
			if e.(object)["primary"] == true {
				list = []any{e}
			}
		}
		o = object{"emails": list[:min(len(list), 1)]}
	}
	if values := at(o, path); len(values) > 0 {
		return values[0]
	}
	return nil
}

func clone(v any) any {
	switch v := v.(type) {
	case object:
		out := object{}
		for name, w := range v {
			out[name] = clone(w)
		}
		return out
	case []any:
		out := []any{}
		for _, w := range v {
			out = append(out, clone(w))
		}
		return out
	}
	return v
}

package check

import (
	"net/http"

	"scimproof/reports/verdict"
	"scimproof/simulator/tree"
)

// The Must methods do what comes before the question. Where one fails the check is blocked.

// MustCreate makes a resource and returns the answer, or what is at its Location where it has no body; there is an id in it.
func (t *T) MustCreate(endpoint string, body any) *Answer {
	a := t.before(func() *Answer { return t.Made(t.Post(endpoint, body)) })
	if !a.OK() || a.ID() == "" {
		t.Block("POST %s answered %d and no resource with an id, so that there is nothing to ask about", endpoint, a.Status)
	}
	return a
}

// MustUser makes a user: User() with the changes.
func (t *T) MustUser(changes ...Doc) *Answer { return t.MustCreate(t.Users(), t.User(changes...)) }

// MustGroup makes a group: Group() with the changes.
func (t *T) MustGroup(changes ...Doc) *Answer { return t.MustCreate(t.Groups(), t.Group(changes...)) }

// MustGet reads something that has to be there.
func (t *T) MustGet(path string, pairs ...string) *Answer {
	a := t.before(func() *Answer { return t.Get(path, pairs...) })
	if a.Status != http.StatusOK || a.Doc == nil {
		t.Block("GET %s answered %d and no JSON, so that there is nothing to look at", path, a.Status)
	}
	return a
}

// MustPatch changes something by operations.
func (t *T) MustPatch(path string, ops ...Doc) *Answer {
	a := t.before(func() *Answer { return t.Patch(path, PatchOps(ops...)) })
	if !a.OK() {
		t.Block("PATCH %s answered %d", path, a.Status)
	}
	return a
}

// MustPut replaces something.
func (t *T) MustPut(path string, body any) *Answer {
	a := t.before(func() *Answer { return t.Put(path, body) })
	if !a.OK() {
		t.Block("PUT %s answered %d", path, a.Status)
	}
	return a
}

// MustDelete deletes something.
func (t *T) MustDelete(path string) *Answer {
	a := t.before(func() *Answer { return t.Delete(path) })
	if !a.OK() {
		t.Block("DELETE %s answered %d", path, a.Status)
	}
	return a
}

func (t *T) before(send func() *Answer) *Answer { return t.as(verdict.Blocked, send) }

func (t *T) as(failed verdict.Finding, send func() *Answer) *Answer {
	t.given = failed
	defer func() { t.given = "" }()
	return send()
}

// User is a new user as small as the target allows: schemas, a unique userName and what /Schemas declares as required. Changes replace
// what they name; a nil value leaves it out.
func (t *T) User(changes ...Doc) Doc {
	d := Doc{"schemas": List{UserSchema}, "userName": t.Unique() + "@example.com"}
	t.required(d, UserSchema)
	return with(d, changes)
}

// Group is a new group with a unique displayName.
func (t *T) Group(changes ...Doc) Doc {
	d := Doc{"schemas": List{GroupSchema}, "displayName": t.Unique()}
	t.required(d, GroupSchema)
	return with(d, changes)
}

func with(d Doc, changes []Doc) Doc {
	for _, c := range changes {
		for name, value := range c {
			if value == nil {
				delete(d, name)
				continue
			}
			d[name] = value
		}
	}
	return d
}

// required fills in what a schema declares as required.
func (t *T) required(d Doc, urn string) {
	attributes := t.Schema(urn).At("attributes")
	if attributes == nil {
		return
	}
	for _, a := range attributes.Items {
		name := a.Text("name")
		if _, has := d[name]; has || a.Text("required") != "true" || a.Text("mutability") == "readOnly" || common[name] {
			continue
		}
		d[name] = t.example(a)
	}
}

// common are attributes that no schema should list and some do.
var common = map[string]bool{"id": true, "schemas": true, "meta": true, "externalId": true}

// example is a value that a declaration allows.
func (t *T) example(a *tree.Node) any {
	v := t.one(a)
	if a.Text("multiValued") == "true" {
		return List{v}
	}
	return v
}

func (t *T) one(a *tree.Node) any {
	if values := a.At("canonicalValues"); values != nil && len(values.Items) > 0 {
		return values.Items[0].String()
	}
	switch a.Text("type") {
	case "boolean":
		return true
	case "integer":
		return 1
	case "decimal":
		return 1.5
	case "dateTime":
		return "2024-02-29T12:00:00Z"
	case "binary":
		return "AQID"
	case "reference":
		return "https://example.com/" + t.Unique()
	case "complex":
		return t.complex(a)
	}
	if a.Text("name") == "value" {
		return t.Unique() + "@example.com"
	}
	return t.Unique()
}

// complex fills the required sub-attributes, or value, or, where there is neither, the first.
func (t *T) complex(a *tree.Node) Doc {
	d := Doc{}
	subs := a.At("subAttributes")
	if subs == nil {
		return d
	}
	for _, s := range subs.Items {
		if s.Text("required") == "true" || s.Text("name") == "value" {
			d[s.Text("name")] = t.example(s)
		}
	}
	if len(d) == 0 && len(subs.Items) > 0 {
		d[subs.Items[0].Text("name")] = t.example(subs.Items[0])
	}
	return d
}

// Given sends what comes before the question. Where it does not succeed the check is blocked.
func (t *T) Given(send func() *Answer) *Answer {
	a := t.before(send)
	if !a.OK() {
		t.Block("%s %s answered %d", a.Request.Method, a.Request.Path, a.Status)
	}
	return a
}

// Provided sends what the run was given the means for. Where it does not succeed they do not work, and nothing can be judged.
func (t *T) Provided(send func() *Answer) *Answer {
	a := t.as(verdict.Errored, send)
	if !a.OK() {
		t.GiveUp("what the run was given does not work: %s %s answered %d", a.Request.Method, a.Request.Path, a.Status)
	}
	return a
}

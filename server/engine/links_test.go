package engine_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"scimproof/server/engine"
	"scimproof/server/scim"
	"scimproof/server/store"
)

func TestMembers(t *testing.T) {
	w := newWorld(t)
	ann, ben, cy := w.person("ann", `"displayName":"Ann"`), w.person("ben"), w.person("cy")
	inner := w.team("Inner")
	before := w.create(w.group(), teamBody("Ops", ann, ben, ann))
	same(t, "the answer to the creation", []string{ann, ben}, before.pick("members", "value"))
	same(t, "an entry", map[string]any{"value": ann, "type": "User", "$ref": w.app.BaseURL + "/Users/" + ann}, before.at("members", 0))
	id := before.id()

	steps := []struct {
		name string
		op   string
		want []string // "" leaves all as it is, the version too
	}{
		{"add one that is there", `{"op":"add","path":"members","value":[{"value":"` + ann + `"}]}`, nil},
		{"add two, one of them there", `{"op":"add","path":"members","value":[{"value":"` + ben + `"},{"value":"` + cy + `"}]}`, []string{ann, ben, cy}},
		{"add without a path", `{"op":"Add","value":{"members":[{"value":"` + inner + `","type":"Group"}]}}`, []string{ann, ben, cy, inner}},
		{"remove by a filter", `{"op":"remove","path":"members[value eq \"` + ben + `\"]"}`, []string{ann, cy, inner}},
		{"remove one that is not there", `{"op":"remove","path":"members[value eq \"` + ben + `\"]"}`, nil},
		{"remove by type", `{"op":"remove","path":"members[type eq \"Group\"]"}`, []string{ann, cy}},
		{"remove by value", `{"op":"remove","path":"members","value":[{"value":"` + ann + `"},{"value":"` + ben + `"}]}`, []string{cy}},
		{"replace by the same", `{"op":"replace","path":"members","value":[{"value":"` + cy + `"}]}`, nil},
		{"replace keeps who stays in place", `{"op":"replace","path":"members","value":[{"value":"` + ben + `"},{"value":"` + cy + `"},{"value":"` + ann + `"}]}`, []string{cy, ben, ann}},
		{"replace one by another", `{"op":"replace","path":"members[value eq \"` + ben + `\"]","value":[{"value":"` + inner + `"}]}`, []string{cy, ann, inner}},
		{"remove all", `{"op":"remove","path":"members"}`, []string{}},
		{"remove all again", `{"op":"remove","path":"members"}`, nil},
		{"replace by none", `{"op":"replace","path":"members","value":[]}`, nil},
		{"add and remove", `{"op":"add","path":"members","value":[{"value":"` + ann + `"}]},{"op":"add","path":"displayName","value":"Ops"}`, []string{ann}},
	}
	for _, step := range steps {
		w.later()
		answer := w.patch(w.group(), id, step.op)
		if answer.Status != http.StatusNoContent || answer.Body != nil {
			t.Errorf("%s: the answer is %d %s", step.name, answer.Status, answer.Body)
		}
		if step.want == nil {
			w.unchanged(step.name, w.group(), before)
			continue
		}
		before = w.changed(step.name, w.group(), before)
		if got := before.pick("members", "value"); !slices.Equal(got, step.want) {
			t.Errorf("%s: the members are %v, want %v", step.name, got, step.want)
		}
	}
}

func TestMembersRefused(t *testing.T) {
	w := newWorld(t)
	ann := w.person("ann")
	before := w.create(w.group(), teamBody("Ops", ann))
	for name, test := range map[string]struct {
		op  string
		typ scim.ErrorType
	}{
		"nobody":                      {`{"op":"add","path":"members","value":[{"value":"user_nobody"}]}`, scim.InvalidValue},
		"somebody of another type":    {`{"op":"add","path":"members","value":[{"value":"` + ann + `","type":"Group"}]}`, scim.InvalidValue},
		"present, but of that type":   {`{"op":"replace","path":"members","value":[{"value":"` + ann + `","type":"Group"}]}`, scim.InvalidValue},
		"no value":                    {`{"op":"add","path":"members","value":[{"type":"User"}]}`, scim.InvalidValue},
		"nobody in place of all":      {`{"op":"replace","path":"members","value":[{"value":"user_nobody"}]}`, scim.InvalidValue},
		"in place of who is not here": {`{"op":"replace","path":"members[value eq \"user_nobody\"]","value":[{"value":"` + ann + `"}]}`, scim.NoTarget},
		"the value of an entry":       {`{"op":"replace","path":"members[value eq \"` + ann + `\"].value","value":"x"}`, scim.MutabilityErr},
	} {
		_, err := w.tryPatch(w.group(), before.id(), `{"op":"replace","path":"displayName","value":"changed"}`, test.op)
		refused(t, name, err, http.StatusBadRequest, test.typ)
		w.unchanged(name, w.group(), before)
	}
}

func TestMembersReplacedWhole(t *testing.T) {
	w := newWorld(t)
	ann, ben := w.person("ann"), w.person("ben")
	before := w.create(w.group(), teamBody("Ops", ann, ben))
	w.later()
	w.replace(w.group(), before.id(), teamBody("Ops", ben, ann))
	w.unchanged("the same members in another order", w.group(), before)
	answer := w.replace(w.group(), before.id(), teamBody("Ops", ben))
	after := w.changed("one left out", w.group(), before)
	same(t, "the answer", after.object, answer.object)
	same(t, "members", []string{ben}, after.pick("members", "value"))
	w.replace(w.group(), before.id(), `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Ops"}`)
	after = w.changed("all left out", w.group(), after)
	same(t, "members", nil, after.at("members"))
}

// TestMembersPatchedWithSelection has to answer with what was selected (RFC 7644 section 3.5.2).
func TestMembersPatchedWithSelection(t *testing.T) {
	w := newWorld(t)
	ann := w.person("ann")
	id := w.team("Ops")
	sel, err := w.group().Select([]string{"members"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	res := w.result(w.engine.Patch(t.Context(), w.app, w.group(), id, patchBody(`{"op":"add","path":"members","value":`+entries(ann)+`}`), sel))
	same(t, "status", http.StatusOK, res.Status)
	same(t, "members", []string{ann}, res.pick("members", "value"))
	same(t, "displayName", nil, res.at("displayName"))
}

func TestGroupsOfUser(t *testing.T) {
	w := newWorld(t)
	ann := w.person("ann")
	before := w.get(w.user(), ann)
	same(t, "at first", nil, before.at("groups"))
	inner := w.team("Inner", ann)
	outer := w.team("Outer", inner)
	user := w.get(w.user(), ann)
	same(t, "groups", []any{
		map[string]any{"value": inner, "display": "Inner", "type": "direct", "$ref": w.app.BaseURL + "/Groups/" + inner},
		map[string]any{"value": outer, "display": "Outer", "type": "indirect", "$ref": w.app.BaseURL + "/Groups/" + outer},
	}, user.at("groups"))
	same(t, "the version of the account", before.Version, user.Version)
	for filter, want := range map[string]float64{
		`groups.value eq "` + outer + `"`: 1, `groups[type eq "direct" and value eq "` + outer + `"]`: 0, `groups.display eq "inner"`: 1,
		`groups.$ref eq "` + w.app.BaseURL + "/Groups/" + inner + `"`: 1, `groups pr`: 1,
	} {
		same(t, filter, want, w.list(w.user(), filtered(filter)).at("totalResults"))
	}
	w.patch(w.group(), outer, `{"op":"replace","path":"displayName","value":"Renamed"}`)
	w.patch(w.group(), inner, `{"op":"add","path":"members","value":`+entries(outer)+`}`) // a circle
	same(t, "renamed", "Renamed", w.get(w.user(), ann).at("groups", 1, "display"))
	if _, err := w.engine.Delete(t.Context(), w.app, w.group(), inner); err != nil {
		t.Fatal(err)
	}
	same(t, "after the group has gone", nil, w.get(w.user(), ann).at("groups"))
}

// TestMembersHidden keeps members out of sight through every write of the members (rule scope-6).
func TestMembersHidden(t *testing.T) {
	w := newWorld(t)
	app := application("app_scoped", store.View{Directory: "app_1", Application: "app_scoped", Scoped: true}, w.app.Profile)
	put := func(id, organization, typ string) {
		t.Helper()
		r := store.Record{ID: id, Type: typ, Version: 1, Organization: organization, Body: []byte(`{"id":"` + id + `","schemas":[],"displayName":"x","userName":"x"}`)}
		if err := w.engine.Store.Write(t.Context(), func(tx store.Tx) error { return tx.Insert(w.app.View, r, false) }); err != nil {
			t.Fatal(err)
		}
	}
	put("user_in", "org", "User")
	put("user_in2", "org", "User")
	put("user_out", "", "User")
	put("group_1", "", "Group")
	err := w.engine.Store.Write(t.Context(), func(tx store.Tx) error {
		if err := tx.PutOrganization(store.Organization{ID: "org", Instance: "app_1"}); err != nil {
			return err
		}
		if err := tx.PutApplication(store.Application{ID: "app_scoped", Instance: "app_1", Scope: []string{"org"}}); err != nil {
			return err
		}
		if err := tx.AddToScope("app_scoped", "group_1"); err != nil {
			return err
		}
		_, err := tx.AddMembers(w.app.View, "group_1", []store.Member{{ID: "user_in", Type: "User"}, {ID: "user_out", Type: "User"}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	step := func(op string, seen ...string) {
		t.Helper()
		w.result(w.engine.Patch(t.Context(), app, w.group(), "group_1", patchBody(op), scim.Selection{}))
		same(t, op, seen, w.result(w.engine.Get(t.Context(), app, w.group(), "group_1", scim.Selection{})).pick("members", "value"))
		sameSet(t, op+", in truth", append(seen, "user_out"), w.get(w.group(), "group_1").pick("members", "value"))
	}
	step(`{"op":"replace","path":"members","value":[{"value":"user_in2"}]}`, "user_in2")
	step(`{"op":"remove","path":"members[value eq \"user_out\"]"}`, "user_in2")
	step(`{"op":"remove","path":"members"}`)
	_, err = w.engine.Patch(t.Context(), app, w.group(), "group_1", patchBody(`{"op":"add","path":"members","value":[{"value":"user_out"}]}`), scim.Selection{})
	refused(t, "one that is out of sight joins", err, http.StatusBadRequest, scim.InvalidValue)
}

// TestLargeGroup sends a group again and again with one member more or less.
func TestLargeGroup(t *testing.T) {
	w := newWorld(t)
	var ids []string
	for i := range 60 {
		ids = append(ids, w.person(fmt.Sprint("user", i)))
	}
	id := w.team("All", ids[:50]...)
	for n := 50; n <= 60; n += 5 {
		w.replace(w.group(), id, teamBody("All", ids[n-50:n]...))
		sameSet(t, fmt.Sprint("members ", n), ids[n-50:n], w.get(w.group(), id).pick("members", "value"))
	}
	page := w.list(w.group(), engine.Query{Filter: `members.value eq "` + ids[59] + `"`})
	same(t, "found by a member", id, page.at("Resources", 0, "id"))
}

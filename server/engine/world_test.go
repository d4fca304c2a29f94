package engine_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"scimproof/fixtures"
	"scimproof/server/engine"
	"scimproof/server/scim"
	"scimproof/server/store"
	"scimproof/server/store/sqlite"
)

// world is an engine over an empty SQLite store, and an application of profile rfc in it.
type world struct {
	*testing.T
	engine *engine.Engine
	app    *engine.App
	now    time.Time
	hashed []string // the passwords that were hashed, in order
}

func newWorld(t *testing.T) *world {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlite.Memory, sqlite.Options{MaxScan: 50})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	w := &world{T: t, now: time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)}
	w.engine = &engine.Engine{
		Store: s, Random: rand.Reader, Clock: func() time.Time { return w.now },
		Hash: func(_ context.Context, plain string) ([]byte, error) {
			w.hashed = append(w.hashed, plain)
			return fmt.Appendf(nil, "hash %d", len(w.hashed)), nil
		},
	}
	registry, err := scim.Load(fixtures.Schemas, "rfc")
	if err != nil {
		t.Fatal(err)
	}
	profile := &engine.Profile{Name: "rfc", Registry: registry, Rules: engine.Plain{}, MaxResults: 20, ListLinks: true}
	if err := profile.Prepare(); err != nil {
		t.Fatal(err)
	}
	w.app = application("app_1", store.View{Directory: "app_1", Application: "app_1"}, profile)
	return w
}

func application(id string, v store.View, p *engine.Profile) *engine.App {
	return &engine.App{
		Application: store.Application{ID: id, Profile: p.Name}, View: v, Profile: p, BaseURL: "https://scim.example/" + id,
	}
}

func (w *world) user() *scim.ResourceType  { return w.app.Profile.Registry.Type("User") }
func (w *world) group() *scim.ResourceType { return w.app.Profile.Registry.Type("Group") }

// later moves the clock.
func (w *world) later() { w.now = w.now.Add(time.Hour) }

// result is an answer with its body decoded.
type result struct {
	engine.Result
	object map[string]any
}

func (w *world) result(r engine.Result, err error) result {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
	out := result{Result: r}
	if r.Body != nil {
		if err := json.Unmarshal(r.Body, &out.object); err != nil {
			w.Fatalf("%v in %s", err, r.Body)
		}
	}
	return out
}

// everything is the selection of a client that names no attributes.
func everything(rt *scim.ResourceType) scim.Selection {
	sel, err := rt.Select(nil, nil)
	if err != nil {
		panic(err)
	}
	return sel
}

func (w *world) create(rt *scim.ResourceType, body string) result {
	w.Helper()
	return w.result(w.engine.Create(w.Context(), w.app, rt, []byte(body), everything(rt)))
}

func (w *world) get(rt *scim.ResourceType, id string) result {
	w.Helper()
	return w.result(w.engine.Get(w.Context(), w.app, rt, id, everything(rt)))
}

func (w *world) replace(rt *scim.ResourceType, id, body string) result {
	w.Helper()
	return w.result(w.engine.Replace(w.Context(), w.app, rt, id, []byte(body), everything(rt)))
}

func (w *world) tryPatch(rt *scim.ResourceType, id string, operations ...string) (engine.Result, error) {
	return w.engine.Patch(w.Context(), w.app, rt, id, patchBody(operations...), everything(rt))
}

func (w *world) patch(rt *scim.ResourceType, id string, operations ...string) result {
	w.Helper()
	return w.result(w.tryPatch(rt, id, operations...))
}

func patchBody(operations ...string) []byte {
	return []byte(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[` + strings.Join(operations, ",") + `]}`)
}

func (w *world) list(rt *scim.ResourceType, q engine.Query) result {
	w.Helper()
	return w.result(w.engine.List(w.Context(), w.app, rt, q))
}

// person makes an account and returns its id.
func (w *world) person(userName string, more ...string) string {
	w.Helper()
	body := `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"` + userName + `"`
	for _, m := range more {
		body += "," + m
	}
	return w.create(w.user(), body+"}").id()
}

// team makes a group and returns its id.
func (w *world) team(displayName string, members ...string) string {
	w.Helper()
	return w.create(w.group(), teamBody(displayName, members...)).id()
}

func teamBody(displayName string, members ...string) string {
	return `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"` + displayName + `","members":` + entries(members...) + `}`
}

// entries is a value of members.
func entries(ids ...string) string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = `{"value":"` + id + `"}`
	}
	return "[" + strings.Join(list, ",") + "]"
}

func (r result) id() string { return r.object["id"].(string) }

// at follows names and list indexes to a value; nil where they lead nowhere.
func (r result) at(path ...any) any {
	var v any = r.object
	for _, step := range path {
		switch step := step.(type) {
		case string:
			o, _ := v.(map[string]any)
			v = o[step]
		case int:
			list, _ := v.([]any)
			if step >= len(list) {
				return nil
			}
			v = list[step]
		}
	}
	return v
}

// pick collects a sub-attribute of each element of a list.
func (r result) pick(list, sub string) (out []string) {
	elements, _ := r.at(list).([]any)
	for _, e := range elements {
		out = append(out, fmt.Sprint(e.(map[string]any)[sub]))
	}
	return out
}

func (r result) modified() any { return r.at("meta", "lastModified") }

func same(t testing.TB, what string, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func sameSet(t testing.TB, what string, want, got []string) {
	t.Helper()
	want, got = slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(got))
	if !slices.Equal(want, got) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// refused checks a refusal.
func refused(t testing.TB, what string, err error, status int, typ scim.ErrorType) {
	t.Helper()
	var e *scim.Error
	if !errors.As(err, &e) || e.Status != status || e.Type != typ {
		t.Errorf("%s: %v, want %d %s", what, err, status, typ)
	}
}

// unchanged checks that what was done left a resource as it was: its version and its times, too.
func (w *world) unchanged(what string, rt *scim.ResourceType, before result) {
	w.Helper()
	same(w, what, before.object, w.get(rt, before.id()).object)
}

// changed checks that what was done moved version and lastModified on, and nothing else about meta.
func (w *world) changed(what string, rt *scim.ResourceType, before result) result {
	w.Helper()
	after := w.get(rt, before.id())
	if after.Version == before.Version {
		w.Errorf("%s: the version is still %s", what, after.Version)
	}
	if fmt.Sprint(after.modified()) <= fmt.Sprint(before.modified()) {
		w.Errorf("%s: lastModified went from %v to %v", what, before.modified(), after.modified())
	}
	for _, name := range []string{"created", "location", "resourceType"} {
		same(w, what+": meta."+name, before.at("meta", name), after.at("meta", name))
	}
	same(w, what+": the version in meta", after.Version, fmt.Sprint(after.at("meta", "version")))
	return after
}

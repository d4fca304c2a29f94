package server_test

import (
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"scimproof/server"
	"scimproof/server/api"
	"scimproof/server/control"
	"scimproof/server/store"
	"scimproof/server/store/sqlite"
)

// canary stands in every password of the tests: it must never come out of the server.
const canary = "Canary7"

// world is a reference server on a listener of its own, over an empty store.
type world struct {
	t      *testing.T
	store  store.Store
	plane  *control.Plane
	origin string
	log    *lockedBuffer
	demos  []control.DemoApplication
	days   atomic.Int64 // that the clock has been moved ahead
}

// serverOf makes a world. Its password hash is cheap.
func serverOf(t *testing.T, change ...func(*server.Config)) *world {
	t.Helper()
	st, err := sqlite.Open(t.Context(), sqlite.Memory, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	w := &world{t: t, store: st, log: &lockedBuffer{}}
	begin := time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)
	config := server.Config{
		Store: st, Random: rand.Reader, Limits: api.DefaultLimits, PasswordCost: server.PasswordCost{MemoryKiB: 8, Passes: 1, Parallel: 4},
		Clock: func() time.Time { return begin.AddDate(0, 0, int(w.days.Load())) },
		Log:   slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, f := range change {
		f(&config)
	}
	handler, err := server.New(config)
	if err != nil {
		t.Fatal(err)
	}
	listener := httptest.NewServer(handler)
	t.Cleanup(listener.Close)
	w.origin, w.plane = listener.URL, server.Control(config)
	t.Cleanup(func() {
		if strings.Contains(w.log.String(), canary) {
			t.Error("the log holds a password")
		}
	})
	return w
}

// demo is a client of the demo application of a profile.
func (w *world) demo(profile string) *client {
	w.t.Helper()
	if w.demos == nil {
		var err error
		if w.demos, err = w.plane.Demo(w.t.Context()); err != nil {
			w.t.Fatal(err)
		}
	}
	for _, d := range w.demos {
		if d.Application.Profile == profile {
			return &client{t: w.t, world: w, app: d.Application, base: w.origin + api.BasePath(d.Application), token: d.Token}
		}
	}
	w.t.Fatalf("the demo has no application of profile %s", profile)
	return nil
}

// beside makes another application in the instance of one, over the same scope unless told otherwise, and returns its client.
func (w *world) beside(a store.Application, change ...func(*control.NewApplication)) *client {
	w.t.Helper()
	n := control.NewApplication{Instance: a.Instance, Name: "Beside", Kind: control.Custom, Profile: a.Profile, With: control.Inbound(a.Scope, a.Target)}
	for _, f := range change {
		f(&n)
	}
	made, err := w.plane.AddApplication(w.t.Context(), n)
	if err != nil {
		w.t.Fatal(err)
	}
	_, token, err := w.plane.AddToken(w.t.Context(), made.ID, control.BearerToken, control.Days(1))
	if err != nil {
		w.t.Fatal(err)
	}
	return &client{t: w.t, world: w, app: made, base: w.origin + api.BasePath(made), token: token}
}

// idaas is a client of an application of profile idaas with some freedoms switched on, in a server of its own.
func idaas(t *testing.T, variants ...string) *client {
	t.Helper()
	w := serverOf(t)
	c := w.demo("idaas")
	if len(variants) == 0 {
		return c
	}
	return w.beside(c.app, func(n *control.NewApplication) { n.With.Variants = &variants })
}

// change rewrites something that the control plane keeps, for which it has no operation yet.
func (w *world) change(fn func(store.Tx) error) {
	w.t.Helper()
	if err := w.store.Write(w.t.Context(), fn); err != nil {
		w.t.Fatal(err)
	}
}

// organization makes one below another.
func (w *world) organization(parent, name string) string {
	w.t.Helper()
	o, err := w.plane.NewOrganization(w.t.Context(), parent, name)
	if err != nil {
		w.t.Fatal(err)
	}
	return o.ID
}

// root is the organization at the root of an instance.
func (w *world) root(instance string) (id string) {
	w.t.Helper()
	err := w.store.Read(w.t.Context(), func(r store.Reader) error {
		list, err := r.Organizations(instance)
		for _, o := range list {
			if o.Parent == "" {
				id = o.ID
			}
		}
		return err
	})
	if err != nil || id == "" {
		w.t.Fatalf("the instance has no root: %v", err)
	}
	return id
}

// lockedBuffer is a log that the server writes while the test reads.
type lockedBuffer struct {
	sync.Mutex
	strings.Builder
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.Lock()
	defer b.Unlock()
	return b.Builder.Write(p)
}

func (b *lockedBuffer) String() string {
	b.Lock()
	defer b.Unlock()
	return b.Builder.String()
}

// client is the SCIM client of one application.
type client struct {
	t     *testing.T
	world *world
	app   store.Application
	base  string
	token string
}

// object is a JSON object.
type object = map[string]any

// answer is what came back.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	text   string
	body   object
}

// with is the client in a subtest.
func (c *client) with(t *testing.T) *client {
	copied := *c
	copied.t = t
	return &copied
}

// do sends a request below the base URL. A body that is no string is sent as JSON. No answer may hold a password.
func (c *client) do(method, path string, body any, change ...func(*http.Request)) answer {
	c.t.Helper()
	var payload io.Reader
	switch body := body.(type) {
	case nil:
	case string:
		payload = strings.NewReader(body)
	default:
		data, err := json.Marshal(body)
		if err != nil {
			c.t.Fatal(err)
		}
		payload = strings.NewReader(string(data))
	}
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.base+path, payload)
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	if payload != nil {
		r.Header.Set("Content-Type", "application/scim+json")
	}
	for _, f := range change {
		f(r)
	}
	return send(c.t, r)
}

func send(t *testing.T, r *http.Request) answer {
	t.Helper()
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := answer{t: t, status: res.StatusCode, header: res.Header, text: string(data)}
	if strings.Contains(a.text, canary) {
		t.Errorf("%s %s answers with a password: %s", r.Method, r.URL.Path, a.text)
	}
	if len(data) > 0 {
		if err := json.Unmarshal(data, &a.body); err != nil {
			t.Fatalf("%s %s answers %d with what is no JSON object: %s", r.Method, r.URL.Path, a.status, a.text)
		}
	}
	return a
}

func (c *client) get(path string) answer            { c.t.Helper(); return c.do("GET", path, nil) }
func (c *client) post(path string, body any) answer { c.t.Helper(); return c.do("POST", path, body) }
func (c *client) put(path string, body any) answer  { c.t.Helper(); return c.do("PUT", path, body) }
func (c *client) delete(path string) answer         { c.t.Helper(); return c.do("DELETE", path, nil) }
func (c *client) patch(path string, ops ...any) answer {
	c.t.Helper()
	return c.do("PATCH", path, object{"schemas": []string{patchSchema}, "Operations": ops})
}

// find lists what satisfies a filter.
func (c *client) find(endpoint, filter string) answer {
	c.t.Helper()
	return c.get(endpoint + "?filter=" + url.QueryEscape(filter)).want(http.StatusOK)
}

// user makes an account and returns its path.
func (c *client) user(body object) string {
	c.t.Helper()
	return "/Users/" + c.post("/Users", person(body)).want(http.StatusCreated).id()
}

// group makes a group and returns its path.
func (c *client) group(body object) string {
	c.t.Helper()
	return "/Groups/" + c.post("/Groups", team(body)).want(http.StatusCreated).id()
}

const (
	userSchema       = "urn:ietf:params:scim:schemas:core:2.0:User"
	groupSchema      = "urn:ietf:params:scim:schemas:core:2.0:Group"
	enterpriseSchema = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	patchSchema      = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
	errorSchema      = "urn:ietf:params:scim:api:messages:2.0:Error"
)

// person is a User with the given attributes, and the userName jo where none is given.
func person(attrs object) object {
	o := object{"schemas": []string{userSchema}, "userName": "jo"}
	for k, v := range attrs {
		o[k] = v
	}
	return o
}

// team is a Group with the given attributes, and the displayName Team where none is given.
func team(attrs object) object {
	o := object{"schemas": []string{groupSchema}, "displayName": "Team"}
	for k, v := range attrs {
		o[k] = v
	}
	return o
}

// op is an operation of a PATCH. A path of "" is left out.
func op(op, path string, value ...any) object {
	o := object{"op": op}
	if path != "" {
		o["path"] = path
	}
	if len(value) > 0 {
		o["value"] = value[0]
	}
	return o
}

// entry is an entry of type work.
func entry(value string) object { return object{"value": value, "type": "work"} }

// want checks the status.
func (a answer) want(status int) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("status %d, want %d: %s", a.status, status, a.text)
	}
	return a
}

// refused checks that the answer is a SCIM Error with the status, the scimType and, at the start of the detail, the product's code.
func (a answer) refused(status int, scimType, code string) answer {
	a.t.Helper()
	a.want(status)
	kind, _ := a.body["scimType"].(string)
	detail, _ := a.body["detail"].(string)
	schemas, _ := a.body["schemas"].([]any)
	if len(schemas) != 1 || schemas[0] != errorSchema || a.body["status"] != strconv.Itoa(status) {
		a.t.Errorf("this is no SCIM Error: %s", a.text)
	}
	if kind != scimType || !strings.HasPrefix(detail, code) || len(detail) <= len(code) {
		a.t.Errorf("scimType %q and detail %q, want %q and %q", kind, detail, scimType, code)
	}
	return a
}

// at is what stands at a path of names and indices in the body, or nil.
func (a answer) at(path ...any) any {
	var v any = a.body
	for _, step := range path {
		switch step := step.(type) {
		case string:
			o, _ := v.(object)
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

func (a answer) id() string {
	a.t.Helper()
	id, _ := a.at("id").(string)
	if id == "" {
		a.t.Fatalf("there is no id: %s", a.text)
	}
	return id
}

// total is totalResults of a list, which must agree with what is in it as long as that is one page.
func (a answer) total() int {
	a.t.Helper()
	total, ok := a.at("totalResults").(float64)
	list, _ := a.at("Resources").([]any)
	if !ok || len(list) != int(total) {
		a.t.Fatalf("totalResults is %v, but there are %d: %s", a.at("totalResults"), len(list), a.text)
	}
	return int(total)
}

// record is what the store keeps of a resource, given its path.
func (c *client) record(path string) (rec store.Record) {
	c.t.Helper()
	endpoint, id, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	err := c.world.store.Read(c.t.Context(), func(r store.Reader) (err error) {
		rec, err = r.Get(control.ViewOf(c.app), strings.TrimSuffix(endpoint, "s"), id)
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return rec
}

// secret is the hash of an account's password, or "".
func (c *client) secret(path string) string { c.t.Helper(); return string(c.record(path).Secret) }

// state is all that the client can see, to hold against what it sees later.
func (c *client) state() string {
	c.t.Helper()
	const all = "?attributes=userName,displayName,externalId,active,emails,phoneNumbers,phoneRegion,meta," + enterpriseSchema + ":organization"
	return c.get("/Users"+all).want(http.StatusOK).text + "\n" + c.find("/Groups", "id pr").text
}

// unchanged runs what must have no effect.
func (c *client) unchanged(fn func()) {
	c.t.Helper()
	before := c.state()
	fn()
	if after := c.state(); after != before {
		c.t.Errorf("something changed: before\n%s\nafter\n%s", before, after)
	}
}

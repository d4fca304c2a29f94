package console_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"scimproof/server"
	"scimproof/server/api"
	"scimproof/server/console"
	"scimproof/server/control"
	"scimproof/server/store"
	"scimproof/server/store/sqlite"
)

const (
	adminToken = "the-admin-token"
	hostile    = `"><script>alert(1)</script>`
)

// world is a console on a listener, over a store with an instance, a branch below its root, and three applications.
type world struct {
	t                      *testing.T
	end                    string // of the names of what there is
	plane                  *control.Plane
	origin                 string
	now                    time.Time
	scim                   http.Handler
	root, branch, office   store.Organization
	app, template, foreign store.Application
	token, foreignToken    store.Token
	secret                 store.Token // a client secret
	field                  store.Field
	user, group            string // ids of what the application has made; its other group is out of the scope
	otherGroup             string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return newWorldOf(t, " "+hostile)
}

// newPlainWorld has names as they are everywhere, to be looked at.
func newPlainWorld(t *testing.T) *world {
	t.Helper()
	return newWorldOf(t, "")
}

// newWorldOf makes a world whose names have an end of their own.
func newWorldOf(t *testing.T, end string) *world {
	t.Helper()
	st, err := sqlite.Open(t.Context(), sqlite.Memory, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	w := &world{t: t, end: end, now: time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)}
	config := server.Config{
		Store: st, Clock: func() time.Time { return w.now }, Random: rand.Reader, Log: slog.New(slog.DiscardHandler), Limits: api.DefaultLimits,
		PasswordCost: server.DefaultPasswordCost,
	}
	w.plane = server.Control(config)
	w.plane.Origin = "https://scim.example.com"
	w.scim, err = server.New(config)
	w.must(err)
	listener := httptest.NewServer(console.New(console.Config{
		Plane: w.plane, Token: control.NewAdminToken(adminToken, config.Clock), Log: slog.New(slog.DiscardHandler),
	}))
	t.Cleanup(listener.Close)
	w.origin = listener.URL
	w.fill()
	return w
}

func (w *world) fill() {
	ctx := w.t.Context()
	in, root, err := w.plane.NewInstance(ctx, "Example")
	w.must(err)
	w.root = root
	w.branch, err = w.plane.NewOrganization(ctx, root.ID, "Branch"+w.end)
	w.must(err)
	w.office, err = w.plane.NewOrganization(ctx, root.ID, "Office")
	w.must(err)
	w.field, err = w.plane.AddField(ctx, store.Field{
		Instance: in.ID, Name: "site", DisplayName: "Site" + w.end, Type: "string", Input: "select", Enabled: true,
		Options: []store.Option{{Value: "hq", DisplayName: "Head office," + w.end, Enabled: true}, {Value: "old"}},
	})
	w.must(err)
	w.app = w.addApplication(in.ID, "Files"+w.end, control.Custom, control.Inbound([]string{w.branch.ID}, w.branch.ID))
	w.foreign = w.addApplication(in.ID, "Other", control.Standard, control.ApplicationChange{})
	w.template = w.addApplication(in.ID, "Catalogue", control.Template, control.ApplicationChange{})
	var value string
	w.token, value, err = w.plane.AddToken(ctx, w.app.ID, control.BearerToken, control.Days(30))
	w.must(err)
	w.foreignToken, _, err = w.plane.AddToken(ctx, w.foreign.ID, control.BearerToken, control.Days(30))
	w.must(err)
	w.secret, _, err = w.plane.AddToken(ctx, w.app.ID, control.ClientSecret, control.Days(30))
	w.must(err)
	w.fillDirectory(value)
}

// fillDirectory makes 30 accounts and two groups over SCIM, and takes one of the groups out of the scope.
func (w *world) fillDirectory(token string) {
	w.t.Helper()
	for _, family := range []string{"Adler", "Brandt", "Costa", "Diaz", "Ender", "Faber"} {
		for _, given := range []string{"Ada", "Ben", "Cleo", "Dora", "Emil"} {
			name := strings.ToLower(given + "." + family)
			w.user = w.make(token, "/Users", map[string]any{
				"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:User"}, "userName": name, "displayName": given + " " + family + w.end,
				"emails": []any{map[string]any{"type": "work", "value": name + "@example.com"}},
			})
		}
	}
	group := []string{"urn:ietf:params:scim:schemas:core:2.0:Group"}
	w.group = w.make(token, "/Groups", map[string]any{
		"schemas": group, "displayName": "Team" + w.end, "members": []any{map[string]any{"value": w.user}},
	})
	w.otherGroup = w.make(token, "/Groups", map[string]any{"schemas": group, "displayName": "Staff"})
	w.must(w.plane.ChangeScopeGroups(w.t.Context(), w.app.ID, nil, []string{w.otherGroup}))
}

// make makes a resource and gives its id.
func (w *world) make(token, path string, body map[string]any) string {
	w.t.Helper()
	text, err := json.Marshal(body)
	w.must(err)
	r := httptest.NewRequest(http.MethodPost, api.BasePath(w.app)+path, bytes.NewReader(text))
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/scim+json")
	rec := httptest.NewRecorder()
	w.scim.ServeHTTP(rec, r)
	var made struct{ ID string }
	w.must(json.Unmarshal(rec.Body.Bytes(), &made))
	if rec.Code != http.StatusCreated {
		w.t.Fatalf("%s is %d: %s", path, rec.Code, rec.Body)
	}
	return made.ID
}

func (w *world) addApplication(instance, name, kind string, with control.ApplicationChange) store.Application {
	w.t.Helper()
	a, err := w.plane.AddApplication(w.t.Context(), control.NewApplication{
		Instance: instance, Name: name, Kind: kind, Profile: "idaas", With: with,
	})
	w.must(err)
	return a
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// state is all that forms can change.
func (w *world) state() string {
	w.t.Helper()
	var out strings.Builder
	apps, err := w.plane.Applications(w.t.Context(), "")
	w.must(err)
	instances, err := w.plane.Instances(w.t.Context())
	w.must(err)
	write(&out, instances)
	for _, in := range instances {
		organizations, err := w.plane.Organizations(w.t.Context(), in.ID)
		w.must(err)
		write(&out, organizations)
		fields, err := w.plane.Fields(w.t.Context(), in.ID)
		w.must(err)
		write(&out, fields)
	}
	for _, a := range apps {
		tokens, err := w.plane.Tokens(w.t.Context(), a.ID)
		w.must(err)
		scope, err := w.plane.ScopeOf(w.t.Context(), a.ID)
		w.must(err)
		for i := range tokens {
			tokens[i].LastUsed = time.Time{} // what uses them is no form
		}
		write(&out, a)
		write(&out, scope)
		write(&out, tokens)
	}
	return out.String()
}

// names fills in the ids that tests name by a word in braces.
func (w *world) names() *strings.Replacer {
	return strings.NewReplacer("{app}", w.app.ID, "{template}", w.template.ID, "{foreign}", w.foreign.ID, "{token}", w.token.ID, "{foreign-token}", w.foreignToken.ID,
		"{instance}", w.root.Instance, "{root}", w.root.ID, "{branch}", w.branch.ID, "{office}", w.office.ID, "{secret}", w.secret.ID, "{field}", w.field.ID,
		"{user}", w.user, "{group}", w.group, "{other-group}", w.otherGroup)
}

// person is a browser without script.
type person struct {
	*world
	client http.Client
	csrf   string
}

type answer struct {
	status int
	header http.Header
	path   string // of the page in the end
	body   string
}

func (w *world) newPerson() *person {
	jar, err := cookiejar.New(nil)
	w.must(err)
	return &person{world: w, client: http.Client{Jar: jar}}
}

// signedIn is a person who has signed in.
func (w *world) signedIn() *person {
	w.t.Helper()
	p := w.newPerson()
	a := p.submit("/console/sign-in", "token="+adminToken)
	if a.status != http.StatusOK || a.path != "/console/" {
		w.t.Fatalf("signing in ends at %s with %d", a.path, a.status)
	}
	p.csrf = regexp.MustCompile(`name="csrf" value="([0-9a-f]{64})"`).FindStringSubmatch(a.body)[1]
	return p
}

func (p *person) get(path string) answer {
	p.t.Helper()
	return p.send(http.MethodGet, path, "")
}

// submit sends a form as it is.
func (p *person) submit(path, form string) answer {
	p.t.Helper()
	return p.send(http.MethodPost, path, form)
}

// fillIn sends a form of the person's own session.
func (p *person) fillIn(path, form string) answer {
	p.t.Helper()
	return p.submit(path, form+"&csrf="+p.csrf)
}

func (p *person) send(method, path, form string) answer {
	p.t.Helper()
	names := p.names()
	req, err := http.NewRequestWithContext(p.t.Context(), method, p.origin+names.Replace(path), strings.NewReader(names.Replace(form)))
	p.must(err)
	if form != "" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := p.client.Do(req)
	p.must(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	p.must(err)
	return answer{res.StatusCode, res.Header, res.Request.URL.Path, string(body)}
}

func mustURL(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// field is a field of a form, with a value that may have any character.
func field(name, value string) string { return url.Values{name: {value}}.Encode() }

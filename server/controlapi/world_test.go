package controlapi_test

import (
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"scimproof/server/control"
	"scimproof/server/controlapi"
	"scimproof/server/store/sqlite"
)

const adminToken = "the-admin-token"

// world is the control API on a listener of its own, over a store with one instance, and all that its tests name by a word in braces.
type world struct {
	t       *testing.T
	plane   *control.Plane
	origin  string
	names   *strings.Replacer
	log     locked
	answers locked // the bodies of all answers
}

// locked is text that many write.
type locked struct {
	mu sync.Mutex
	strings.Builder
}

func (l *locked) Write(data []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.Builder.Write(data)
}

func newWorld(t *testing.T) *world {
	t.Helper()
	st, err := sqlite.Open(t.Context(), sqlite.Memory, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	now := time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)
	plane := &control.Plane{Store: st, Clock: func() time.Time { return now }, Random: rand.Reader, Origin: "https://scim.example.com"}
	w := &world{t: t, plane: plane, names: strings.NewReplacer()}
	server := httptest.NewServer(controlapi.New(plane, control.NewAdminToken(adminToken, plane.Clock), slog.New(slog.NewTextHandler(&w.log, nil))))
	t.Cleanup(server.Close)
	w.origin = server.URL
	w.fill()
	return w
}

// fill makes an instance with an organization, a field, an application that syncs it, a template application, and two tokens.
func (w *world) fill() {
	w.names = strings.NewReplacer("{instance}", w.make("/v1/instances", `{"instanceName":"Test"}`, "instanceId"))
	of := "/v1/instances/{instance}"
	ou := w.make(of+"/organizations", `{"organizationalUnitName":"Branch"}`, "organizationalUnitId")
	spare := w.make(of+"/organizations", `{"organizationalUnitName":"Spare"}`, "organizationalUnitId")
	field := w.make(of+"/fields", `{"fieldName":"badge","fieldDisplayName":"Badge","fieldDataType":"string"}`, "fieldId")
	app := w.make(of+"/applications", `{"applicationName":"Files","applicationSourceType":"custom","profile":"idaas",
		"provisioningScope":{"organizationalUnitIds":["`+ou+`"],"groupIds":[]},"userPrimaryOrganizationalUnitId":"`+ou+`",
		"userCustomFieldNamespace":"urn:example:fields","supportedUserCustomFieldIds":["`+field+`"]}`, "applicationId")
	template := w.make(of+"/applications", `{"applicationName":"Catalogue","applicationSourceType":"template","profile":"idaas"}`, "applicationId")
	instance := w.names.Replace("{instance}")
	token := w.make("/v1/applications/"+app+"/tokens", `{"applicationTokenType":"bearer_token","validity":"P90D"}`, "applicationTokenId")
	w.names = strings.NewReplacer("{instance}", instance, "{ou}", ou, "{spare}", spare, "{field}", field, "{app}", app, "{template}", template, "{token}", token)
}

// make makes something, and returns its id.
func (w *world) make(path, body, id string) string {
	w.t.Helper()
	a := w.send("POST", path, body)
	if a.status != http.StatusCreated {
		w.t.Fatalf("POST %s answers %d %s", path, a.status, a.body)
	}
	return a.text(w.t, id)
}

type answer struct {
	status int
	header http.Header
	body   string
}

// send sends a request with the admin token.
func (w *world) send(method, path, body string) answer {
	w.t.Helper()
	return w.as("Bearer "+adminToken, method, path, body)
}

func (w *world) as(authorization, method, path, body string) answer {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), method, w.origin+w.names.Replace(path), strings.NewReader(w.names.Replace(body)))
	if err != nil {
		w.t.Fatal(err)
	}
	if authorization != "" {
		req.Header.Set("Authorization", authorization)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	w.answers.Write(data)
	if err := conforms(req, res, data); err != nil {
		w.t.Errorf("%s %s does not conform to the document: %v", method, path, err)
	}
	return answer{res.StatusCode, res.Header, string(data)}
}

// text is a member of an answer that is a string.
func (a answer) text(t *testing.T, member string) string {
	t.Helper()
	var object map[string]any
	if err := json.Unmarshal([]byte(a.body), &object); err != nil {
		t.Fatalf("%v: %s", err, a.body)
	}
	text, _ := object[member].(string)
	return text
}

// state is all that the control API shows, except when tokens were last used.
func (w *world) state() string {
	w.t.Helper()
	var out strings.Builder
	for _, path := range []string{
		"/v1/instances", "/v1/instances/{instance}/organizations", "/v1/instances/{instance}/fields", "/v1/applications",
		"/v1/applications/{app}/tokens", "/v1/applications/{template}/tokens",
	} {
		a := w.send("GET", path, "")
		if a.status != http.StatusOK {
			w.t.Fatalf("GET %s answers %d %s", path, a.status, a.body)
		}
		out.WriteString(a.body)
	}
	return out.String()
}

// wantRefusal checks the form of an error.
func wantRefusal(t *testing.T, a answer, status int, code, field string) {
	t.Helper()
	if a.status != status || a.text(t, "code") != code || a.text(t, "field") != field {
		t.Errorf("the answer is %d %s, want %d with code %s and field %q", a.status, a.body, status, code, field)
	}
	if !sentence.MatchString(a.text(t, "message")) || a.header.Get("Content-Type") != "application/json" {
		t.Errorf("the message is no sentence, or the type is %q: %s", a.header.Get("Content-Type"), a.body)
	}
}

var sentence = regexp.MustCompile(`^.+\.$`)

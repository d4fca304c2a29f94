package controlapi_test

import (
	"crypto/rand"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"scimproof/server"
	"scimproof/server/api"
	"scimproof/server/control"
	"scimproof/server/controlapi"
)

const usersPath, groupsPath = "/v1/applications/{app}/users", "/v1/applications/{app}/groups"

// newBrowseWorld is a control API that shows resources: the accounts ada and bob of an application, and a group with ada.
func newBrowseWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	config := server.Config{
		Store: w.plane.Store, Clock: w.plane.Clock, Random: rand.Reader, Log: slog.New(slog.DiscardHandler), Limits: api.DefaultLimits,
		PasswordCost: server.PasswordCost{MemoryKiB: 8, Passes: 1, Parallel: 1}, PublicOrigin: "https://scim.example.com/",
	}
	handler, err := server.New(config)
	if err != nil {
		t.Fatal(err)
	}
	scim := httptest.NewServer(handler)
	t.Cleanup(scim.Close)
	admin := httptest.NewServer(controlapi.New(server.Control(config), control.NewAdminToken(adminToken, config.Clock), config.Log))
	t.Cleanup(admin.Close)
	w.origin = admin.URL

	opened := w.send("PATCH", applicationPath, `{"apiInvokeStatus":"enabled","grantScopes":["urn:alibaba:idaas:scope:user:manage_all","urn:alibaba:idaas:scope:group:manage_all"]}`)
	token := w.send("POST", tokensPath, `{"applicationTokenType":"bearer_token","validity":"P1D"}`).text(t, "applicationToken")
	base := scim.URL + opened.text(t, "scimBasePath")
	const user = `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:example:fields"],"displayName":"Person",`
	ada := makeResource(t, base+"/Users", token, user+`"userName":"ada","password":"Cheese-42-Board","externalId":"e1","urn:example:fields":{"badge":"B7"}}`)
	bob := makeResource(t, base+"/Users", token, user+`"userName":"bob"}`)
	group := makeResource(t, base+"/Groups", token,
		`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Readers","members":[{"value":"`+ada+`"}]}`)
	names := w.names
	w.names = strings.NewReplacer("{ada}", ada, "{bob}", bob, "{readers}", group, "{base}", "https://scim.example.com"+opened.text(t, "scimBasePath"),
		"{app}", names.Replace("{app}"), "{template}", names.Replace("{template}"), "{instance}", names.Replace("{instance}"))
	return w
}

func TestBrowse(t *testing.T) {
	w := newBrowseWorld(t)
	for _, c := range []struct {
		path, filter, rest string
		parts              []string // of the answer
	}{
		{usersPath, "", "", []string{`"totalResults":2,"startIndex":1,"itemsPerPage":2`, `"location":"{base}/Users/{ada}"`, `"badge":"B7"`, `"externalId":"e1"`, `"userName":"bob"`}},
		{usersPath, `userName eq "bob"`, "", []string{`"totalResults":1`, `"id":"{bob}"`}},
		{usersPath, `urn:example:fields:badge eq "B7" and not (userName sw "b")`, "", []string{`"totalResults":1`, `"id":"{ada}"`}},
		{usersPath, `userName eq "nobody"`, "", []string{`"totalResults":0`, `"Resources":[]`}},
		{usersPath, "", "&startIndex=2&count=1", []string{`"totalResults":2,"startIndex":2,"itemsPerPage":1`, `"id":"{bob}"`}},
		{usersPath, "", "&count=0", []string{`"totalResults":2`, `"Resources":[]`}},
		{usersPath, "", "&count=100", []string{`"itemsPerPage":2`}},
		{groupsPath, `members.value eq "{ada}"`, "", []string{`"totalResults":1`, `"id":"{readers}"`, `"displayName":"Readers"`, `"value":"{ada}"`}},
		{groupsPath, `members.value eq "{bob}"`, "", []string{`"totalResults":0`}},
	} {
		query := c.rest
		if c.filter != "" {
			query += "&filter=" + url.QueryEscape(w.names.Replace(c.filter))
		}
		a := w.send("GET", c.path+"?"+strings.TrimPrefix(query, "&"), "")
		for _, part := range c.parts {
			if a.status != http.StatusOK || !strings.Contains(a.body, w.names.Replace(part)) {
				t.Errorf("%s?%s answers %d %s, want %s", c.path, query, a.status, a.body, part)
			}
		}
		if strings.Contains(a.body, "password") || strings.Contains(a.body, "Cheese") {
			t.Errorf("%s?%s shows a password: %s", c.path, query, a.body)
		}
	}
}

// TestBrowseAsTheApplicationSees looks through applications that see nothing of another's, and through one that is disabled.
func TestBrowseAsTheApplicationSees(t *testing.T) {
	w := newBrowseWorld(t)
	for name, application := range map[string]string{
		"of another directory": `{"applicationName":"Plain","applicationSourceType":"standard","profile":"rfc"}`,
		"of an empty scope":    `{"applicationName":"Empty","applicationSourceType":"standard","profile":"idaas"}`,
	} {
		id := w.make("/v1/instances/{instance}/applications", application, "applicationId")
		if a := w.send("GET", "/v1/applications/"+id+"/users", ""); a.status != http.StatusOK || !strings.Contains(a.body, `"totalResults":0`) {
			t.Errorf("one %s answers %d %s", name, a.status, a.body)
		}
	}
	w.send("PATCH", applicationPath, `{"status":"disabled","grantScopes":[]}`)
	if a := w.send("GET", usersPath, ""); a.status != http.StatusOK || !strings.Contains(a.body, `"totalResults":2`) {
		t.Errorf("a disabled application answers %d %s", a.status, a.body)
	}
}

func TestBrowseRefuses(t *testing.T) {
	w := newBrowseWorld(t)
	for _, c := range []struct {
		path        string
		status      int
		code, field string
	}{
		{usersPath + "?filter=userName", 400, "InvalidParameter.Filter", "filter"},
		{usersPath + "?filter=password+pr", 400, "InvalidParameter.Filter", "filter"},
		{usersPath + "?filter=userName+eq+%22%00%22", 400, "InvalidParameter.Filter", "filter"},
		{usersPath + "?filter=%FF", 400, "InvalidParameter.Filter", "filter"},
		{usersPath + "?filter=%zz", 400, "InvalidParameter.Query", "query"},
		{usersPath + "?filter=id+pr&filter=id+pr", 400, "InvalidParameter.Filter", "filter"},
		{usersPath + "?count=101", 400, "InvalidParameter.Count", "count"},
		{usersPath + "?count=-1", 400, "InvalidParameter.Count", "count"},
		{usersPath + "?count=", 400, "InvalidParameter.Count", "count"},
		{usersPath + "?startIndex=0", 400, "InvalidParameter.StartIndex", "startIndex"},
		{usersPath + "?startIndex=two", 400, "InvalidParameter.StartIndex", "startIndex"},
		{usersPath + "?sortBy=id", 400, "InvalidParameter.SortBy", "sortBy"},
		{groupsPath + "?filter=userName+eq", 400, "InvalidParameter.Filter", "filter"},
		{"/v1/applications/app_none/users", 404, "ResourceNotFound.Application", ""},
		{"/v1/applications/{template}/groups", 409, "OperationDenied.TemplateApplication", ""},
	} {
		a := w.send("GET", c.path, "")
		wantRefusal(t, a, c.status, c.code, c.field)
		if t.Failed() {
			t.Fatal(c.path)
		}
	}
	for _, path := range []string{usersPath, groupsPath} {
		wantRefusal(t, w.send("POST", path, `{}`), http.StatusMethodNotAllowed, "MethodNotAllowed", "")
		wantRefusal(t, w.as("", "GET", path, ""), http.StatusUnauthorized, "Unauthorized", "")
	}
}

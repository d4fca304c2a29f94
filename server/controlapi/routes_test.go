package controlapi_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"scimproof/server/control"
	"scimproof/server/controlapi"
	"scimproof/server/store"
)

// TestRoutes uses every route once as it should be, in an order in which each finds what it needs.
func TestRoutes(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		method, path, body string
		status             int
		part               string // of the answer
	}{
		{"GET", "/v1/instances", "", 200, `{"items":[{"instanceId":"{instance}","instanceName":"Test","passwordPolicy":"Unrestricted","createTime":"2026-03-31T12:00:00Z"}]}`},
		{"POST", "/v1/instances", `{"instanceName":"Other"}`, 201, `"instanceName":"Other"`},
		{"GET", "/v1/instances/{instance}", "", 200, `"instanceId":"{instance}"`},
		{"PATCH", "/v1/instances/{instance}", `{"passwordPolicy":"Complex"}`, 200, `"instanceName":"Test","passwordPolicy":"Complex"`},
		{"GET", "/v1/instances/{instance}/organizations", "", 200, `"instanceId":"{instance}","organizationalUnitName":"Test"`},
		{"POST", "/v1/instances/{instance}/organizations", `{"parentId":"{ou}","organizationalUnitName":"Team"}`, 201, `"parentId":"{ou}","organizationalUnitName":"Team"`},
		{"GET", "/v1/organizations/{ou}", "", 200, `"organizationalUnitName":"Branch"`},
		{"PATCH", "/v1/organizations/{spare}", `{"parentId":"{ou}","organizationalUnitName":"Moved"}`, 200, `"parentId":"{ou}","organizationalUnitName":"Moved"`},
		{"GET", "/v1/instances/{instance}/fields", "", 200, `"fieldName":"badge"`},
		{"POST", "/v1/instances/{instance}/fields", `{"fieldName":"size","fieldDisplayName":"Size","fieldDataType":"string","fieldDisplayType":"select","required":true,
			"unique":false,"description":"of shirt","status":"disabled","options":[{"value":"S","displayName":"small","status":"disabled"},{"value":"M"}]}`, 201,
			`"fieldName":"size","fieldDisplayName":"Size","description":"of shirt","fieldDataType":"string","fieldDisplayType":"select","required":true,"unique":false,` +
				`"options":[{"value":"S","displayName":"small","status":"disabled"},{"value":"M","displayName":"","status":"enabled"}],"status":"disabled"`},
		{"GET", "/v1/fields/{field}", "", 200, `"required":false,"unique":false,"options":[],"status":"enabled"`},
		{"PATCH", "/v1/fields/{field}", `{"required":true,"status":"disabled","options":[{"value":"A"}]}`, 200,
			`"required":true,"unique":false,"options":[{"value":"A","displayName":"","status":"enabled"}],"status":"disabled"`},
		{"GET", "/v1/instances/{instance}/applications", "", 200, `"applicationName":"Catalogue"`},
		{"POST", "/v1/instances/{instance}/applications", `{"applicationName":"Plain","applicationSourceType":"standard","profile":"rfc","status":"disabled","apiInvokeStatus":"enabled"}`, 201,
			`"applicationName":"Plain","applicationSourceType":"standard","profile":"rfc","status":"disabled","apiInvokeStatus":"enabled","grantScopes":[]`},
		{"GET", "/v1/applications", "", 200, `"applicationName":"Plain"`},
		{"GET", "/v1/applications/{app}", "", 200, `"provisioningScope":{"organizationalUnitIds":["{ou}"],"groupIds":[]},"userPrimaryOrganizationalUnitId":"{ou}",` +
			`"userCustomFieldNamespace":"urn:example:fields","supportedUserCustomFieldIds":["{field}"],"variants":[],"scimBasePath":"/v2/`},
		{"PATCH", "/v1/applications/{app}", `{"grantScopes":["urn:alibaba:idaas:scope:user:read_all"],"status":"disabled"}`, 200,
			`"status":"disabled","apiInvokeStatus":"disabled","grantScopes":["urn:alibaba:idaas:scope:user:read_all"]`},
		{"POST", "/v1/applications/{app}/target-check", `{"organizationalUnitId":"{spare}"}`, 200, `{"allowAuthorization":true}`},
		{"POST", "/v1/applications/{template}/target-check", `{"organizationalUnitId":"{ou}"}`, 200, `{"allowAuthorization":false}`},
		{"GET", "/v1/applications/{app}/tokens", "", 200, `"applicationTokenId":"{token}"`},
		{"POST", "/v1/applications/{app}/tokens", `{"applicationTokenType":"client_secret"}`, 201, `"applicationToken":"CS`},
		{"POST", "/v1/applications/{app}/tokens", `{"applicationTokenType":"bearer_token","validity":"P1Y"}`, 201, `"expirationTime":"2027-03-31T12:00:00Z","applicationToken":"SAT`},
		{"GET", "/v1/tokens/{token}", "", 200, `"status":"enabled","accountId":"","createTime":"2026-03-31T12:00:00Z","expirationTime":"2026-06-29T12:00:00Z"}`},
		{"PATCH", "/v1/tokens/{token}", `{"status":"disabled","accountId":""}`, 200, `"status":"disabled"`},
		{"GET", "/v1/password-policies", "", 200, `{"passwordPolicy":"Unrestricted","minLength":4,`},
		{"GET", "/v1/scenarios", "", 200, `"urn:alibaba:idaas:scope:group:manage_all"`},
		{"GET", "/v1/variants", "", 200, `"profile":"idaas"`},
		{"DELETE", "/v1/tokens/{token}", "", 204, ""},
		{"DELETE", "/v1/applications/{app}", "", 204, ""},
		{"DELETE", "/v1/fields/{field}", "", 204, ""},
		{"DELETE", "/v1/organizations/{spare}", "", 204, ""},
		{"DELETE", "/v1/instances/{instance}", "", 204, ""},
	} {
		a := w.send(c.method, c.path, c.body)
		if a.status != c.status || !strings.Contains(a.body, w.names.Replace(c.part)) || c.status == 204 && a.body != "" {
			t.Errorf("%s %s answers %d %s, want %d with %s", c.method, c.path, a.status, a.body, c.status, w.names.Replace(c.part))
		}
		if got := a.header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s %s may be cached: %q", c.method, c.path, got)
		}
		if c.method == "DELETE" {
			if again := w.send(c.method, c.path, ""); again.status != http.StatusNotFound {
				t.Errorf("DELETE %s answers %d the second time", c.path, again.status)
			}
		}
	}
}

func TestTemplateHasNoBasePath(t *testing.T) {
	w := newWorld(t)
	if a := w.send("GET", "/v1/applications/{template}", ""); a.status != 200 || strings.Contains(a.body, "scimBase") || strings.Contains(a.body, "tokenUrl") {
		t.Errorf("the template is shown as %d %s", a.status, a.body)
	}
}

// TestBaseURL is the path in full where a server is known, and absent where none is.
func TestBaseURL(t *testing.T) {
	w := newWorld(t)
	a := w.send("GET", "/v1/applications/{app}", "")
	if got, want := a.text(t, "scimBaseUrl"), "https://scim.example.com"+a.text(t, "scimBasePath"); got != want {
		t.Errorf("the SCIM Base URL is %q, want %q", got, want)
	}
	if got, want := a.text(t, "tokenUrl"), strings.TrimSuffix(a.text(t, "scimBaseUrl"), "scim")+"oauth2/token"; got != want {
		t.Errorf("the token endpoint is %q, want %q", got, want)
	}
	w.plane.Origin = ""
	if a := w.send("GET", "/v1/applications/{app}", ""); a.status != 200 || strings.Contains(a.body, "Url") {
		t.Errorf("without a server there is %d %s", a.status, a.body)
	}
}

// TestTokenIsShownOnce looks for the value of a token in every other answer.
func TestTokenIsShownOnce(t *testing.T) {
	w := newWorld(t)
	for _, kind := range []string{"bearer_token", "client_secret"} {
		made := w.send("POST", "/v1/applications/{app}/tokens", `{"applicationTokenType":"`+kind+`","validity":"P30D"}`)
		value, id := made.text(t, "applicationToken"), made.text(t, "applicationTokenId")
		if made.status != http.StatusCreated || len(value) < 40 || id == "" {
			t.Fatalf("POST answers %d with a value of %d characters", made.status, len(value))
		}
		w.answers.Reset()
		w.state()
		w.send("GET", "/v1/tokens/"+id, "")
		w.send("PATCH", "/v1/tokens/"+id, `{"status":"enabled"}`)
		w.send("DELETE", "/v1/tokens/"+id, "")
		if !strings.Contains(w.answers.String(), id) || strings.Contains(w.answers.String(), value) {
			t.Errorf("%s: the answers do not tell of the token, or they show its value", kind)
		}
	}
}

func TestCredential(t *testing.T) {
	w := newWorld(t)
	for name, authorization := range map[string]string{
		"none": "", "another token": "Bearer the-admin-tokem", "no token": "Bearer ", "part of it": "Bearer the-admin", "more than it": "Bearer the-admin-token2",
		"another scheme": "Basic the-admin-token", "no scheme": "the-admin-token",
	} {
		t.Run(name, func(t *testing.T) {
			for path, method := range map[string]string{"/v1/instances": "GET", "/v1/instances/{instance}": "DELETE", "/v1/none": "GET"} {
				a := w.as(authorization, method, path, "")
				wantRefusal(t, a, http.StatusUnauthorized, "Unauthorized", "")
				if got := a.header.Get("WWW-Authenticate"); got != `Bearer realm="admin"` {
					t.Errorf("%s: WWW-Authenticate is %q", path, got)
				}
			}
		})
	}
	for _, authorization := range []string{"Bearer the-admin-token", "bearer the-admin-token", "BEARER  the-admin-token"} {
		if a := w.as(authorization, "GET", "/v1/instances/{instance}", ""); a.status != http.StatusOK {
			t.Errorf("%s is answered %d", authorization, a.status)
		}
	}
}

// TestGuessesAreBraked refuses wrong tokens in another way once there were too many, and leaves no more lines in the log; the right one passes.
func TestGuessesAreBraked(t *testing.T) {
	w := newClockWorld(t)
	guess := func() answer { return w.as("Bearer guess", "GET", "/v1/instances", "") }
	heard := 0
	for a := guess(); a.status == http.StatusUnauthorized && heard < 100; a = guess() {
		heard++
	}
	if heard != 10 {
		t.Errorf("%d guesses are heard", heard)
	}
	a := guess()
	wantRefusal(t, a, http.StatusTooManyRequests, "TooManyWrongTokens", "")
	if got := a.header.Get("Retry-After"); got != "5" || a.header.Get("WWW-Authenticate") != "" {
		t.Errorf("Retry-After is %q, WWW-Authenticate %q", got, a.header.Get("WWW-Authenticate"))
	}
	wantRefusal(t, w.as("", "GET", "/v1/instances", ""), http.StatusUnauthorized, "Unauthorized", "")
	if a := w.send("POST", "/v1/clock", `{"advance":"PT5S"}`); a.status != http.StatusOK {
		t.Errorf("the right token is answered %d %s", a.status, a.body)
	}
	wantRefusal(t, guess(), http.StatusUnauthorized, "Unauthorized", "")
	wantRefusal(t, guess(), http.StatusTooManyRequests, "TooManyWrongTokens", "")
	if lines := strings.Count(w.log.String(), "a wrong admin token was refused"); lines != 11 || strings.Contains(w.log.String(), "guess") {
		t.Errorf("the log has %d lines of them:\n%s", lines, w.log.String())
	}
}

func TestNoTokenOpensNothing(t *testing.T) {
	handler := controlapi.New(newWorld(t).plane, control.NewAdminToken("", time.Now), slog.New(slog.DiscardHandler))
	for _, authorization := range []string{"", "Bearer", "Bearer "} {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/v1/instances", nil)
		r.Header.Set("Authorization", authorization)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != http.StatusUnauthorized {
			t.Errorf("%q answers %d", authorization, w.Code)
		}
	}
}

// TestStoreBroke closes the store: the client learns that the server broke, and the log learns why.
func TestStoreBroke(t *testing.T) {
	w := newWorld(t)
	if err := w.plane.Store.Close(); err != nil {
		t.Fatal(err)
	}
	for path, method := range map[string]string{"/v1/applications": "GET", "/v1/instances/{instance}": "DELETE"} {
		a := w.send(method, path, "")
		wantRefusal(t, a, http.StatusInternalServerError, "InternalError", "")
		if cause := store.ErrClosed.Error(); strings.Contains(a.body, cause) || !strings.Contains(w.log.String(), cause) {
			t.Errorf("%s: the cause is in the answer or not in the log: %s\n%s", path, a.body, w.log.String())
		}
		w.log.Reset()
	}
}

// TestManyAdministrators lets many at once add, disable and delete tokens: there are never more than two, and one stays enabled.
func TestManyAdministrators(t *testing.T) {
	w := newWorld(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 4 {
				w.send("POST", tokensPath, `{"applicationTokenType":"bearer_token","validity":"P90D"}`)
				list := w.send("GET", tokensPath, "").body
				ids := tokenID.FindAllString(list, -1)
				if len(ids) < 1 || len(ids) > 2 || !strings.Contains(list, `"status":"enabled"`) {
					t.Errorf("the tokens are %s", list)
				}
				for _, id := range ids {
					w.send("PATCH", "/v1/tokens/"+id, `{"status":"disabled"}`)
					w.send("DELETE", "/v1/tokens/"+id, "")
				}
			}
		})
	}
	all.Wait()
}

var tokenID = regexp.MustCompile(`token_[a-z2-7]{26}`)

func TestPathAndMethod(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		method, path string
		status       int
		code, allow  string
	}{
		{"PUT", "/v1/instances", 405, "MethodNotAllowed", "GET, HEAD, POST"},
		{"POST", "/v1/tokens/{token}", 405, "MethodNotAllowed", "DELETE, GET, HEAD, PATCH"},
		{"GET", "/v1/applications/{app}/target-check", 405, "MethodNotAllowed", "POST"},
		{"DELETE", "/v1/applications", 405, "MethodNotAllowed", "GET, HEAD"},
		{"GET", "/v1/none", 404, "PathNotFound", ""},
		{"GET", "/v1/instances/", 404, "PathNotFound", ""},
		{"GET", "/v1/instances/{instance}/none", 404, "PathNotFound", ""},
		{"GET", "/v1/instances/idaas_none", 404, "ResourceNotFound.Instance", ""},
		{"GET", "/v1/organizations/ou_none", 404, "ResourceNotFound.OrganizationalUnit", ""},
		{"GET", "/v1/fields/ufd_none", 404, "ResourceNotFound.CustomField", ""},
		{"GET", "/v1/applications/app_none", 404, "ResourceNotFound.Application", ""},
		{"GET", "/v1/applications/app_none/tokens", 404, "ResourceNotFound.Application", ""},
		{"GET", "/v1/tokens/token_none", 404, "ResourceNotFound.ApplicationToken", ""},
		{"GET", "/v1/tokens/%00", 404, "ResourceNotFound", ""},
		{"DELETE", "/v1/tokens/%FF", 404, "ResourceNotFound", ""},
		{"GET", "/v1/tokens/" + strings.Repeat("a", 100), 404, "ResourceNotFound", ""},
	} {
		a := w.send(c.method, c.path, "")
		wantRefusal(t, a, c.status, c.code, "")
		if got := a.header.Get("Allow"); got != c.allow {
			t.Errorf("%s %s: Allow is %q, want %q", c.method, c.path, got, c.allow)
		}
	}
	if a := w.send("HEAD", "/v1/instances", ""); a.status != http.StatusOK || a.body != "" {
		t.Errorf("HEAD answers %d %q", a.status, a.body)
	}
}

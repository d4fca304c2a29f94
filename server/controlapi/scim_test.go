package controlapi_test

import (
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"scimproof/server"
	"scimproof/server/api"
)

// TestWhatAnApplicationMakes opens an application, lets it make an account and a group over SCIM, and names both in the control API.
func TestWhatAnApplicationMakes(t *testing.T) {
	w := newWorld(t)
	handler, err := server.New(server.Config{
		Store: w.plane.Store, Clock: w.plane.Clock, Random: rand.Reader, Log: slog.New(slog.DiscardHandler), Limits: api.DefaultLimits,
		PasswordCost: server.PasswordCost{MemoryKiB: 8, Passes: 1, Parallel: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	scim := httptest.NewServer(handler)
	t.Cleanup(scim.Close)
	opened := w.send("PATCH", applicationPath, `{"apiInvokeStatus":"enabled","grantScopes":["urn:alibaba:idaas:scope:user:manage_all","urn:alibaba:idaas:scope:group:manage_all"]}`)
	token := w.send("POST", tokensPath, `{"applicationTokenType":"bearer_token","validity":"P1D"}`)
	base := scim.URL + opened.text(t, "scimBasePath")
	account := makeResource(t, base+"/Users", token.text(t, "applicationToken"), `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"ada","displayName":"Ada"}`)
	group := makeResource(t, base+"/Groups", token.text(t, "applicationToken"), `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Readers"}`)

	for _, groups := range []string{`[]`, `["` + group + `"]`} {
		scope := `"provisioningScope":` + w.names.Replace(`{"organizationalUnitIds":["{ou}"],"groupIds":`) + groups + `}`
		changed := w.send("PATCH", applicationPath, "{"+scope+"}")
		if shown := w.send("GET", "/v1/applications", ""); !strings.Contains(changed.body, scope) || !strings.Contains(shown.body, scope) {
			t.Errorf("%s is shown as %s and %s", scope, changed.body, shown.body)
		}
	}
	path := "/v1/tokens/" + token.text(t, "applicationTokenId")
	for _, id := range []string{account, ""} {
		changed := w.send("PATCH", path, `{"accountId":"`+id+`"}`)
		if shown := w.send("GET", path, ""); changed.status != http.StatusOK || shown.text(t, "accountId") != id {
			t.Errorf("bound to %q, the token is %d %s and shown as %s", id, changed.status, changed.body, shown.body)
		}
	}
	if a := w.send("DELETE", organizationPath, ""); a.status != http.StatusConflict {
		t.Errorf("the organization of an account answers %d when deleted", a.status)
	}
}

// makeResource makes a resource over SCIM, and returns its id.
func makeResource(t *testing.T, url, token, body string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "POST", url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/scim+json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusCreated {
		t.Fatalf("POST %s answers %d %s %v", url, res.StatusCode, data, err)
	}
	return answer{body: string(data)}.text(t, "id")
}

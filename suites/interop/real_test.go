package interop

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/go-json-experiment/json"
)

// TestTargets sees that each target serves: what the catalogue finds there would mean little if it did not even do this.
func TestTargets(t *testing.T) {
	for _, name := range names(t) {
		t.Run(name, func(t *testing.T) { works(t, ForTest(t, name)) })
	}
}

// names lists the targets.
func names(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(moduleRoot(t), "fixtures", "targets"))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func works(t *testing.T, target *Target) {
	call := func(status int, method, path string, body any) map[string]any {
		t.Helper()
		return exchange(t, target, status, method, path, body)
	}

	if spc := call(200, "GET", "/ServiceProviderConfig", nil); spc["patch"] == nil {
		t.Errorf("a ServiceProviderConfig without patch: %v", spc)
	}
	if types := call(200, "GET", "/ResourceTypes", nil); types["totalResults"] != 2.0 {
		t.Errorf("resource types: %v, want User and Group", types)
	}

	user := call(201, "POST", "/Users", map[string]any{
		"schemas":  []string{"urn:ietf:params:scim:schemas:core:2.0:User"},
		"userName": "ada", "displayName": "Ada", "password": "correct horse 1", "active": true,
	})
	at := fmt.Sprintf("/Users/%s", user["id"])
	if _, shown := user["password"]; shown || user["userName"] != "ada" {
		t.Errorf("made %v", user)
	}
	call(409, "POST", "/Users", map[string]any{
		"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:User"}, "userName": "ADA",
	})
	found := call(200, "GET", "/Users?filter="+url.QueryEscape(`userName eq "ada"`), nil)
	if found["totalResults"] != 1.0 {
		t.Errorf("found %v, want one user", found)
	}
	call(0, "PATCH", at, patch("replace", "displayName", "Countess"))
	if got := call(200, "GET", at, nil); got["displayName"] != "Countess" {
		t.Errorf("patched: %v", got)
	}
	before := call(200, "GET", at, nil)["meta"].(map[string]any)["lastModified"]
	call(0, "PATCH", at, patch("replace", "displayName", "Countess"))
	if after := call(200, "GET", at, nil)["meta"].(map[string]any)["lastModified"]; after != before {
		t.Errorf("a PATCH without effect moved lastModified from %v to %v", before, after)
	}

	group := call(201, "POST", "/Groups", map[string]any{
		"schemas":     []string{"urn:ietf:params:scim:schemas:core:2.0:Group"},
		"displayName": "Analysts", "members": []any{map[string]any{"value": user["id"]}},
	})
	if members, _ := group["members"].([]any); len(members) != 1 {
		t.Errorf("made %v, want one member", group)
	}
	call(204, "DELETE", fmt.Sprintf("/Groups/%s", group["id"]), nil)
	call(204, "DELETE", at, nil)
	call(404, "GET", at, nil)

	stranger := &Target{BaseURL: target.BaseURL, Token: "wrong"}
	exchange(t, stranger, 401, "GET", "/Users", nil)
}

func patch(op, path string, value any) any {
	return map[string]any{
		"schemas":    []string{"urn:ietf:params:scim:api:messages:2.0:PatchOp"},
		"Operations": []any{map[string]any{"op": op, "path": path, "value": value}},
	}
}

// exchange wants the status, or any success where it is 0, and returns the body.
func exchange(t *testing.T, target *Target, status int, method, path string, body any) map[string]any {
	t.Helper()
	var sent io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		sent = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, target.BaseURL+path, sent)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+target.Token)
	req.Header.Set("Content-Type", "application/scim+json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != status && (status != 0 || resp.StatusCode/100 != 2) {
		t.Fatalf("%s %s: %s, want %d: %s", method, path, resp.Status, status, text)
	}
	var answer map[string]any
	if len(text) > 0 {
		if err := json.Unmarshal(text, &answer); err != nil {
			t.Fatalf("%s %s: %v: %s", method, path, err, text)
		}
	}
	return answer
}

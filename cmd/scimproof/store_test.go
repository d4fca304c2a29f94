package main

import (
	"context"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// A backup made while the server runs is a store: what was answered before it began is there, and the server goes on.
func TestBackupWhileServing(t *testing.T) {
	dir := t.TempDir()
	s := serveDemo(t, filepath.Join(dir, "scim.db"), "--schema", "test-resource")
	app := s.app("rfc")
	body := `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"jo"}`
	if got := s.status("POST", app.BaseURL+"/Users", app.Token, body); got != http.StatusCreated {
		t.Fatalf("POST answers %d", got)
	}
	copied := filepath.Join(dir, "copy.db")
	var out, er lockedBuffer
	w := world{stdin: strings.NewReader(""), stdout: &out, stderr: &er, getenv: func(string) string { return "" }}
	args := []string{"store", "backup", "--store", "sqlite:" + filepath.Join(dir, "scim.db"), "--to", copied}
	if code := run(context.Background(), args, w); code != 0 || !strings.HasSuffix(out.String(), ", 1 User\n") {
		t.Fatalf("store backup ends with %d: %s%s", code, out.String(), er.String())
	}
	if got := s.status("GET", app.BaseURL+"/TestResources", app.Token, ""); got != http.StatusOK {
		t.Errorf("after the backup the server answers %d", got)
	}
	if code := s.end(); code != 0 {
		t.Errorf("the server ends with %d", code)
	}
	restored := serveDemo(t, copied)
	again := restored.app("rfc") // found, not made; the demo issues fresh tokens
	if again.ApplicationID != app.ApplicationID {
		t.Errorf("the copy has the application %s, want %s", again.ApplicationID, app.ApplicationID)
	}
	if got := restored.status("POST", again.BaseURL+"/Users", again.Token, body); got != http.StatusConflict {
		t.Errorf("the copy does not have the account: POST answers %d", got)
	}
	restored.end()
}

package controlapi_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"scimproof/server/calllog"
	"scimproof/server/controlapi"
)

// TestWrittenThatCannotBeRead says which file it is, on every route.
func TestWrittenThatCannotBeRead(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "calls")
	name := filepath.Join(dir, "calls-000000000001.jsonl")
	line := `{"time":"2026-03-31T12:00:00Z","operation":"read","status":200,"correlation":"aaaa"}` + "\n"
	for _, step := range []func() error{
		func() error { return os.Mkdir(dir, 0o700) },
		func() error { return os.WriteFile(name, []byte(line), 0o600) },
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	reader, err := calllog.OpenReader(dir)
	if err != nil {
		t.Fatal(err)
	}
	h := controlapi.Written(reader, slog.New(slog.DiscardHandler))
	ask := func(path string) (int, string) {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w.Code, w.Body.String()
	}
	paths := []string{"/v1/calls", "/v1/calls/aaaa", "/v1/calls/rate", "/v1/calls/applications", "/v1/calls/export"}
	for _, path := range paths {
		if code, body := ask(path); code != http.StatusOK || !strings.Contains(body, "2026-03-31T12:00:00Z") {
			t.Errorf("%s answers %d: %s", path, code, body)
		}
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if code, body := ask(path); code != http.StatusForbidden || !strings.Contains(body, "CallsUnreadable") || !strings.Contains(body, dir) {
			t.Errorf("%s answers %d: %s", path, code, body)
		}
	}
	if code, _ := ask("/v1/instances"); code != http.StatusNotFound {
		t.Errorf("what is no call answers %d", code)
	}
}

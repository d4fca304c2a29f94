package server_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"scimproof/server"
)

func TestAdminLeadsToTheConsole(t *testing.T) {
	admin := server.Admin(server.Config{Clock: time.Now, Log: slog.New(slog.DiscardHandler)}, "secret", "https://scim.example.com")
	for _, c := range []struct{ path, to string }{{"/", "/console/"}, {"/console/", "/console/sign-in"}, {"/none", ""}} {
		w := httptest.NewRecorder()
		admin.ServeHTTP(w, httptest.NewRequest(http.MethodGet, c.path, nil))
		if got := w.Header().Get("Location"); got != c.to {
			t.Errorf("%s leads to %q with %d, want %q", c.path, got, w.Code, c.to)
		}
	}
}

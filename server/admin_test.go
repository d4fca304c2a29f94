package server_test

import (
	"crypto/rand"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"scimproof/server"
	"scimproof/server/metrics"
)

// TestGuessesAreOfOneKind counts wrong tokens for the control API, the metrics and the console together.
func TestGuessesAreOfOneKind(t *testing.T) {
	noon := time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)
	config := server.Config{Clock: func() time.Time { return noon }, Log: slog.New(slog.DiscardHandler), Metrics: metrics.New(nil)}
	admin := server.Admin(config, "secret", "https://scim.example.com")
	ask := func(method, path, authorization, form string) int {
		r := httptest.NewRequest(method, path, strings.NewReader(form))
		r.Header.Set("Authorization", authorization)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		admin.ServeHTTP(w, r)
		return w.Code
	}
	wrong := []func() int{
		func() int { return ask("GET", "/v1/none", "Bearer guess", "") },
		func() int { return ask("GET", "/metrics", "Bearer guess", "") },
		func() int { return ask("POST", "/console/sign-in", "", "token=guess") },
	}
	for i := range 15 {
		want := http.StatusUnauthorized
		if i >= 10 {
			want = http.StatusTooManyRequests
		}
		if got := wrong[i%len(wrong)](); got != want {
			t.Errorf("guess %d is answered %d, want %d", i+1, got, want)
		}
	}
	if got := ask("GET", "/v1/none", "Bearer secret", ""); got != http.StatusNotFound {
		t.Errorf("the right token is answered %d", got)
	}
}

// TestGuessesInTheLog has a line for each wrong token until the brake works, at every door, and none for who sends none or too many. No line has the token.
func TestGuessesInTheLog(t *testing.T) {
	noon := time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)
	for name, door := range map[string]func(token string) *http.Request{
		"control API": func(token string) *http.Request {
			r := httptest.NewRequest("GET", "/v1/none", nil)
			r.Header.Set("Authorization", "Bearer "+token)
			return r
		},
		"console": func(token string) *http.Request {
			r := httptest.NewRequest("POST", "/console/sign-in", strings.NewReader("token="+token))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			return r
		},
	} {
		var lines strings.Builder
		config := server.Config{Clock: func() time.Time { return noon }, Random: rand.Reader, Log: slog.New(slog.NewTextHandler(&lines, nil))}
		admin := server.Admin(config, "secret", "https://scim.example.com")
		for _, step := range []struct {
			token string
			want  int
		}{{"", 0}, {"guess", 10}, {"", 10}, {"secret", 10}} {
			for range 20 {
				admin.ServeHTTP(httptest.NewRecorder(), door(step.token))
			}
			if got := strings.Count(lines.String(), "refused"); got != step.want || strings.Count(lines.String(), "\n") != got || strings.Contains(lines.String(), "guess") {
				t.Errorf("%s: after %q the log has %d refusals, want %d:\n%s", name, step.token, got, step.want, &lines)
			}
		}
	}
}

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

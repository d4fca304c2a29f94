package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"scimproof/reports/verdict"
)

// TestClockEndsTokens lets a token of one day end.
func TestClockEndsTokens(t *testing.T) {
	s := serveDemo(t, filepath.Join(t.TempDir(), "demo.db"), "--test-clock")
	c := administrator{t: t, flags: []string{"--admin", s.line.AdminURL}, env: map[string]string{"SCIMPROOF_ADMIN_TOKEN": s.line.AdminToken}}
	app := s.app("rfc")
	day := c.object("token", "add", app.ApplicationID, "--validity", "P1D").text("applicationToken")
	opens := func(token string, want int) {
		t.Helper()
		if got := s.status("GET", app.BaseURL+"/Users", token, ""); got != want {
			t.Errorf("a client gets %d, want %d", got, want)
		}
	}
	opens(day, 200)
	c.does("clock", "advance", "PT23H")
	opens(day, 200)
	if out := c.does("token", "list", app.ApplicationID); strings.Count(out, "  enabled  ") != 2 {
		t.Errorf("before its end there are\n%s", out)
	}
	before := c.object("clock", "show").text("time")
	after := c.object("clock", "advance", "PT2H").text("time")
	from, err := time.Parse(time.RFC3339, before)
	to, err2 := time.Parse(time.RFC3339, after)
	if err != nil || err2 != nil || to.Before(from.Add(2*time.Hour)) {
		t.Errorf("the clock went from %q to %q", before, after)
	}
	opens(day, 401)
	opens(app.Token, 200)
	if out := c.does("token", "list", app.ApplicationID); strings.Count(out, "  enabled  ") != 1 || strings.Count(out, "  expired  ") != 1 {
		t.Errorf("after its end there are\n%s", out)
	}
	c.refused(verdict.ExitUsage, "InvalidParameter.Advance", "clock", "advance", "2h")
	c.refused(verdict.ExitUsage, "one duration", "clock", "advance")
}

func TestClockNeedsTheFlag(t *testing.T) {
	s := serveDemo(t, filepath.Join(t.TempDir(), "demo.db"))
	c := administrator{t: t, flags: []string{"--admin", s.line.AdminURL}, env: map[string]string{"SCIMPROOF_ADMIN_TOKEN": s.line.AdminToken}}
	c.refused(verdict.ExitUsage, "serve --test-clock", "clock", "show")
	c.refused(verdict.ExitUsage, "serve --test-clock", "clock", "advance", "P1D")
}

// TestTestClockOnlyOnLoopback starts servers that anybody could reach.
func TestTestClockOnlyOnLoopback(t *testing.T) {
	c := administrator{t: t, flags: []string{"--store", "sqlite:" + filepath.Join(t.TempDir(), "scim.db")}}
	for _, flags := range [][]string{
		{"--listen", "0.0.0.0:0", "--admin-listen", "127.0.0.1:0"},
		{"--listen", "127.0.0.1:0", "--admin-listen", ":0"},
		{"--listen", "[::]:0", "--admin-listen", "[::]:0"},
	} {
		c.refused(verdict.ExitUsage, "use --listen 127.0.0.1:PORT", append([]string{"serve", "--test-clock"}, flags...)...)
	}
}

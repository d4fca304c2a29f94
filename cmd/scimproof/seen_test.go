package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"scimproof/reports/verdict"
)

// TestSeen lists what applications have made, of a server and of its store.
func TestSeen(t *testing.T) {
	store := filepath.Join(t.TempDir(), "demo.db")
	s := serveDemo(t, store)
	env := map[string]string{"SCIMPROOF_ADMIN_TOKEN": s.line.AdminToken}
	app := s.app("rfc")
	for i, body := range []string{
		`"userName":"ann","displayName":"Ann","externalId":"x-1","active":true,"emails":[{"value":"home@example.com"},{"value":"work@example.com","primary":true}]}`,
		`"userName":"ben","active":false,"emails":[{"value":"ben@example.com"},{"value":"other@example.com"}]}`, `"userName":"bo\u001b[2J"}`,
	} {
		if got := s.status("POST", app.BaseURL+"/Users", app.Token, `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],`+body); got != 201 {
			t.Fatalf("user %d: %d", i, got)
		}
	}
	for i, flags := range [][]string{{"--admin", s.line.AdminURL}, {"--store", "sqlite:" + store}} {
		c := administrator{t: t, flags: flags, env: env}
		page := c.object("app", "users", "Demo rfc", "--filter", `userName eq "Ben"`)
		if page.text("totalResults") != "1" {
			t.Fatalf("%q: the page is %v", flags, page)
		}
		ben := entity(page["Resources"].([]any)[0].(map[string]any)).text("id")
		code, out, errs := c.run("app", "users", "Demo rfc", "--count", "2")
		for _, want := range []string{"USERNAME  DISPLAY NAME", " ann       Ann           work@example.com  x-1          true\n", ben + "  ben                     ben@example.com                false\n"} {
			if code != verdict.ExitOK || !strings.Contains(out, want) {
				t.Errorf("%q: exit code %d, no %q in\n%s", flags, code, want, out)
			}
		}
		if want := "1 to 2 of 3; --start-index 3 shows those after\n"; errs != want {
			t.Errorf("%q: it says %q, want %q", flags, errs, want)
		}
		code, out, errs = c.run("app", "users", app.ApplicationID, "--start-index", "3", "--count", "2")
		if code != verdict.ExitOK || errs != "" || strings.Count(out, "\n") != 2 || !strings.Contains(out, " bo?[2J\n") {
			t.Errorf("%q: exit code %d, %q, %q", flags, code, out, errs)
		}
		if _, out, _ := c.run("app", "users", "Demo idaas"); strings.Contains(out, "ann") {
			t.Errorf("another application sees\n%s", out)
		}
		group := fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"staff%[1]d","externalId":"g-%[1]d","members":[{"value":%[2]q}]}`, i, ben)
		if got := s.status("POST", app.BaseURL+"/Groups", app.Token, group); got != 201 {
			t.Fatalf("a group: %d", got)
		}
		if out := c.does("app", "groups", "Demo rfc", "--filter", `displayName sw "staff"`); strings.Count(out, "\n") != 2+i || !strings.Contains(out, fmt.Sprintf("  staff%[1]d        g-%[1]d          1\n", i)) {
			t.Errorf("the groups are\n%s", out)
		}
	}
}

package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"scimproof/reports/verdict"
)

// TestCalls looks for what two clients did, of whom one failed.
func TestCalls(t *testing.T) {
	dir := t.TempDir()
	s := serveDemo(t, filepath.Join(dir, "demo.db"), "--calls-dir", filepath.Join(dir, "calls"))
	c := administrator{t: t, flags: []string{"--admin", s.line.AdminURL}, env: map[string]string{"SCIMPROOF_ADMIN_TOKEN": s.line.AdminToken}}
	plain, product := s.app("rfc"), s.app("idaas")
	s.status("GET", plain.BaseURL+"/Users", plain.Token, "")
	s.status("GET", plain.BaseURL+"/Users/nobody", plain.Token, "")
	s.status("POST", product.BaseURL+"/Users", product.Token, "{")

	lines := strings.Split(c.does("calls", "list"), "\n")
	if len(lines) != 5 || strings.Join(strings.Fields(lines[0]), " ") != "TIME APPLICATION OPERATION TARGET STATUS SCIMTYPE LATENCY CORRELATION ID REASON" {
		t.Fatalf("the table is\n%s", strings.Join(lines, "\n"))
	}
	for i, want := range [][]string{
		{"  Demo idaas  ", "create", "400", "invalidSyntax", "s ", "The body"}, {"  Demo rfc ", "read", "nobody", "404", "s "}, {"  Demo rfc ", "list", "200", "s "},
	} {
		for _, part := range want {
			if !strings.Contains(lines[i+1], part) {
				t.Errorf("line %q lacks %q", lines[i+1], part)
			}
		}
	}
	for _, test := range []struct{ flags, want string }{
		{"", "create read list"},
		{"--limit 1", "create"},
		{"--failures", "create read"},
		{"--status 4xx --operation read", "read"},
		{"--status 200", "list"},
		{"--target nobody --type User", "read"},
		{"--application " + plain.ApplicationID, "read list"},
		{"--application app_gone", ""},
		{"--from 2999-01-01T00:00:00Z", ""},
		{"--to 2999-01-01T00:00:00+02:00", "create read list"},
		{"--token none", ""},
		{"--instance none", ""},
		{"--correlation none", ""},
	} {
		if got := c.operations(strings.Fields(test.flags)...); got != test.want {
			t.Errorf("%s lists %q, want %q", test.flags, got, test.want)
		}
	}
	if got := c.operations("--application", "Demo idaas"); got != "create" {
		t.Errorf("the application of that name has %q", got)
	}
	if out := c.object("calls", "stats"); out.text("written") != "3" || out.text("dropped") != "0" {
		t.Errorf("the stats are %v", out)
	}
	s.status("GET", strings.Replace(plain.BaseURL, "/v2/", "/v2/no", 1)+"/Users", plain.Token, "")
	for _, args := range [][]string{{"list", "--limit", "1"}, {"applications"}} {
		if out := c.does(append([]string{"calls"}, args...)...); !strings.Contains(out, "no application") {
			t.Errorf("a call of nobody is not told in\n%s", out)
		}
	}
	c.refused(verdict.ExitUsage, "InvalidParameter.Status", "calls", "list", "--status", "bad")
	c.refused(verdict.ExitUsage, "There is no such operation", "calls", "list", "--operation", "post")
	c.refused(verdict.ExitUsage, `there is no application "Nobody"`, "calls", "list", "--application", "Nobody")
}

// operations are those of the calls that flags choose.
func (c administrator) operations(flags ...string) string {
	c.t.Helper()
	var calls []entity
	if err := json.Unmarshal([]byte(c.does(append([]string{"calls", "list", "--json"}, flags...)...)), &calls); err != nil {
		c.t.Fatal(err)
	}
	var out []string
	for _, call := range calls {
		if call["latency"] != nil {
			c.t.Errorf("JSON has what the control API has not: %v", call)
		}
		out = append(out, call.text("operation"))
	}
	return strings.Join(out, " ")
}

func TestCallsNeedTheFlag(t *testing.T) {
	c := administrator{t: t, flags: []string{"--store", "sqlite:" + filepath.Join(t.TempDir(), "scim.db")}}
	c.refused(verdict.ExitUsage, "start serve with --calls-dir", "calls", "list")
	for _, args := range [][]string{{"stats"}, {"rate"}, {"applications"}, {"export"}, {"tail"}, {"show", "x"}} {
		c.refused(verdict.ExitUsage, "start serve with --calls-dir", append([]string{"calls"}, args...)...)
	}
}

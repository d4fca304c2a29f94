package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"scimproof/reports/verdict"
)

// TestCallsAreReviewed goes from the counts to a failure and what was sent, and takes the calls along.
func TestCallsAreReviewed(t *testing.T) {
	dir := t.TempDir()
	s := serveDemo(t, filepath.Join(dir, "demo.db"), "--calls-dir", filepath.Join(dir, "calls"))
	c := administrator{t: t, flags: []string{"--admin", s.line.AdminURL}, env: map[string]string{"SCIMPROOF_ADMIN_TOKEN": s.line.AdminToken}}
	plain := s.app("rfc")
	s.status("GET", plain.BaseURL+"/Users", plain.Token, "")
	s.status("POST", plain.BaseURL+"/Users", plain.Token, `{"userName":7,"password":"Secret-8"}`)

	rate := c.does("calls", "rate", "--minutes", "1440")
	for _, want := range []string{"TIME", "create     4xx     1", "list       2xx     1", "  Demo rfc  "} {
		if !strings.Contains(rate, want) {
			t.Errorf("the rate has no %q:\n%s", want, rate)
		}
	}
	if sums := strings.Fields(c.does("calls", "applications", "--application", "Demo rfc")); len(sums) != 10 || sums[7] != "2" || sums[8] != "1" {
		t.Errorf("the sums are %q", sums)
	}

	var failures []entity
	if err := json.Unmarshal([]byte(c.does("calls", "list", "--failures", "--json")), &failures); err != nil || len(failures) != 1 {
		t.Fatalf("%v, %v", failures, err)
	}
	id := failures[0].text("correlation")
	shown := c.does("calls", "show", id)
	for _, want := range []string{"APPLICATION     Demo rfc (" + plain.ApplicationID + ")", "STATUS          400", "invalid", "REASON", "Sent, 36 bytes:", `"userName": 7`, `"password": "***"`, "Content-Type: application/scim+json",
		"Answered, ", "(correlation id " + id + ")"} {
		if !strings.Contains(shown, want) {
			t.Errorf("there is no %q in\n%s", want, shown)
		}
	}
	if strings.Contains(shown, "Secret-8") || strings.Contains(shown, "PART") {
		t.Errorf("too much is in\n%s", shown)
	}
	if out := c.does("calls", "show", id, "--json"); !strings.Contains(out, `"kept": "whole"`) {
		t.Errorf("the JSON is %s", out)
	}
	c.refused(verdict.ExitUsage, "No call has this correlation id", "calls", "show", "nobody")
	c.refused(verdict.ExitUsage, "show takes one correlation id", "calls", "show")

	rows, err := csv.NewReader(strings.NewReader(c.does("calls", "export"))).ReadAll()
	if err != nil || len(rows) != 3 || rows[0][0] != "time" {
		t.Errorf("%v, %v", rows, err)
	}
	if lines := c.does("calls", "export", "--format", "jsonl", "--status", "4xx"); strings.Count(lines, "\n") != 1 || !strings.Contains(lines, id) {
		t.Errorf("the lines are %s", lines)
	}
	c.refused(verdict.ExitUsage, "InvalidParameter.Format", "calls", "export", "--format", "xml")
	c.refused(verdict.ExitUsage, "InvalidParameter.Minutes", "calls", "rate", "--minutes", "0")
}

// TestCallsTail follows a server until it ends.
func TestCallsTail(t *testing.T) {
	dir := t.TempDir()
	s := serveDemo(t, filepath.Join(dir, "demo.db"), "--calls-dir", filepath.Join(dir, "calls"))
	plain := s.app("rfc")
	follow := func(ctx context.Context, flags ...string) (out, errs *lockedBuffer, ended chan int) {
		out, errs, ended = &lockedBuffer{}, &lockedBuffer{}, make(chan int, 1)
		w := world{stdin: strings.NewReader(""), stdout: out, stderr: errs, getenv: func(string) string { return s.line.AdminToken }}
		go func() { ended <- run(ctx, append([]string{"calls", "tail", "--admin", s.line.AdminURL}, flags...), w) }()
		return out, errs, ended
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	table, _, stopped := follow(ctx)
	lines, errs, left := follow(t.Context(), "--json", "--application", "Demo rfc")
	for i, deadline := 0, time.Now().Add(time.Minute); !strings.Contains(table.String(), "  Demo rfc          read      ") || !strings.Contains(lines.String(), `"read"`); i++ {
		if time.Now().After(deadline) {
			t.Fatalf("after %d calls there is %q and %q", i, table, lines)
		}
		s.status("GET", plain.BaseURL+fmt.Sprint("/Users/", i), plain.Token, "")
	}
	first, _, _ := strings.Cut(lines.String(), "\n")
	var call entity
	if err := json.Unmarshal([]byte(first), &call); err != nil || call.text("application") != plain.ApplicationID {
		t.Errorf("%v: %s", err, first)
	}
	cancel()
	if code := <-stopped; code != verdict.ExitOK {
		t.Errorf("told to stop, it ends with %d", code)
	}
	begin := time.Now()
	if code := s.end(); code != verdict.ExitOK || time.Since(begin) > 15*time.Second {
		t.Errorf("the server ends with %d after %s", code, time.Since(begin))
	}
	if code := <-left; code != verdict.ExitUnreachable || !strings.Contains(errs.String(), "the server is closing") {
		t.Errorf("the other ends with %d: %s", code, errs)
	}
}

// TestServeForgetsCalls starts on a log that another server left long ago: what is too old is gone at the first look, and counted.
func TestServeForgetsCalls(t *testing.T) {
	for _, test := range []struct {
		flags []string
		left  int
	}{{nil, 1}, {[]string{"--calls-max-days", "0"}, 2}, {[]string{"--calls-max-days", "7"}, 0}} {
		dir := t.TempDir()
		for i, days := range []int{29 * 24, 31 * 24} {
			line := fmt.Sprintf(`{"time":%q,"operation":"read","status":200}`+"\n", time.Now().Add(-time.Duration(days)*time.Hour).UTC().Format(time.RFC3339))
			if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("calls-%012d.jsonl", 2-i)), []byte(line), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		s := serveDemo(t, filepath.Join(t.TempDir(), "demo.db"), append([]string{"--calls-dir", dir}, test.flags...)...)
		c := administrator{t: t, flags: []string{"--admin", s.line.AdminURL}, env: map[string]string{"SCIMPROOF_ADMIN_TOKEN": s.line.AdminToken}}
		left := strings.Count(c.does("calls", "list"), "read")
		if removed := c.object("calls", "stats").text("removed"); left != test.left || removed != fmt.Sprint(2-test.left) {
			t.Errorf("%q: %d calls are left, %s removed", test.flags, left, removed)
		}
	}
	c := administrator{t: t}
	c.refused(verdict.ExitUsage, "--calls-max-days is a number of days", "serve", "--calls-dir", t.TempDir(), "--calls-max-days", "-1")
	c.refused(verdict.ExitUsage, "--calls-max-days says nothing without --calls-dir", "serve", "--calls-max-days", "7")
}

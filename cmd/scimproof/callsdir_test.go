package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"scimproof/reports/verdict"
)

// TestCallsOfADirectory gets from the directory what the server says, while that runs and when it has ended.
func TestCallsOfADirectory(t *testing.T) {
	dir := t.TempDir()
	s := serveDemo(t, filepath.Join(dir, "demo.db"), "--calls-dir", filepath.Join(dir, "calls"))
	server := administrator{t: t, flags: []string{"--admin", s.line.AdminURL}, env: map[string]string{"SCIMPROOF_ADMIN_TOKEN": s.line.AdminToken}}
	nameless := []string{"--dir", filepath.Join(dir, "calls")}
	files := administrator{t: t, flags: append(nameless, "--store", "sqlite:"+filepath.Join(dir, "demo.db"))}
	plain := s.app("rfc")
	for i := range 50 {
		s.status("GET", plain.BaseURL+fmt.Sprint("/Users/", i), plain.Token, "")
	}
	s.status("GET", plain.BaseURL+"/Users", plain.Token, "")
	commands := [][]string{
		{"list", "--limit", "7"}, {"list", "--failures", "--json"}, {"rate", "--minutes", "1440"}, {"applications", "--json"}, {"export"},
		{"export", "--format", "jsonl", "--operation", "read"},
	}
	var want []string
	for _, args := range commands {
		want = append(want, server.does(append([]string{"calls"}, args...)...))
	}
	_, id, _ := strings.Cut(want[1], `"correlation": "`)
	id, _, _ = strings.Cut(id, `"`)
	commands, want = append(commands, []string{"show", id}), append(want, server.does("calls", "show", id))
	for ended := range 2 {
		for i, args := range commands {
			if got := files.does(append([]string{"calls"}, args...)...); got != want[i] || !strings.Contains(got, plain.ApplicationID) && !strings.Contains(got, "  Demo rfc") {
				t.Errorf("%q reads\n%s, and the server says\n%s", args, got, want[i])
			}
		}
		files := administrator{t: t, flags: nameless} // and no store that has names
		for _, args := range commands {
			if got := files.does(append([]string{"calls"}, args...)...); !strings.Contains(got, plain.ApplicationID) || strings.Contains(got, "Demo rfc") {
				t.Errorf("%q of a directory alone reads\n%s", args, got)
			}
		}
		if h := files.object("calls", "stats"); h.text("calls") != "51" || h.text("exchanges") != "50" || h.text("unreadable") != "0" {
			t.Errorf("the directory holds %v", h)
		}
		if ended > 0 {
			break
		}
		if code := s.end(); code != verdict.ExitOK {
			t.Errorf("the server ends with %d", code)
		}
	}
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no room") }

// TestExportOnAFullDisk blames the disk, and not what is read.
func TestExportOnAFullDisk(t *testing.T) {
	dir := t.TempDir()
	line := `{"time":"2026-03-31T12:00:00Z","operation":"read","status":200,"correlation":"aaaa"}` + "\n"
	if err := os.WriteFile(filepath.Join(dir, "calls-000000000001.jsonl"), []byte(strings.Repeat(line, 5000)), 0o600); err != nil {
		t.Fatal(err)
	}
	var errs bytes.Buffer
	w := world{stdin: strings.NewReader(""), stdout: full{}, stderr: &errs, getenv: func(string) string { return "" }}
	if code := run(context.Background(), []string{"calls", "export", "--dir", dir}, w); code != verdict.ExitUsage || !strings.Contains(errs.String(), "standard output takes no more, and what is there is not all: no room") {
		t.Errorf("exit code %d: %s", code, &errs)
	}
}

package pgtest

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// local starts a server from the programs on this machine, or returns "" where it has none.
func local(t *testing.T) string {
	t.Helper()
	bin := programs()
	if bin == "" {
		return ""
	}
	dir, err := os.MkdirTemp("", "pgtest-*") // t.TempDir is in a directory that another user may not enter
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if os.Getuid() == 0 {
		run(t, "chown", "postgres", dir)
	}
	data := filepath.Join(dir, "data")
	asUser(t, dir, filepath.Join(bin, "initdb"), "--pgdata", data, "--username", "postgres", "--auth", "trust", "--no-sync", "--encoding", "UTF8", "--locale", "C")
	port := freePort(t)
	settings := fmt.Sprintf("-F -p %d -c listen_addresses=127.0.0.1 -c unix_socket_directories=%s -c max_connections=200", port, dir)
	pgctl := filepath.Join(bin, "pg_ctl")
	asUser(t, dir, pgctl, "start", "--wait", "--pgdata", data, "--log", filepath.Join(dir, "log"), "--options", settings)
	t.Cleanup(func() { asUser(t, dir, pgctl, "stop", "--wait", "--pgdata", data, "--mode", "immediate") })
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", port)
}

// programs is the directory of initdb and pg_ctl, or "".
func programs() string {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path)
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return ""
	}
	return filepath.Dir(slices.Max(found))
}

// asUser runs a program as somebody who is not root, whom PostgreSQL refuses.
func asUser(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	if os.Getuid() == 0 {
		name, args = "runuser", append([]string{"-u", "postgres", "--", name}, args...)
	}
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	// A server that inherited a pipe would keep it open: its output goes to a file.
	out, err := os.Create(filepath.Join(t.TempDir(), "output"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		said, failed := os.ReadFile(out.Name())
		t.Fatalf("%s: %v\n%s", name, errors.Join(err, failed), said)
	}
}

func run(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

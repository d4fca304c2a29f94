package main

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"scimproof/reports/json"
	"scimproof/server"
	"scimproof/server/api"
	"scimproof/server/store/sqlite"
)

// TestMain makes the test binary the program too, under the name scimproof, for the scripts to run.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"scimproof": main, "rotate": rotate,
		"rotate-badly":   func() { fmt.Println("no token, but some words") },
		"rotate-nothing": func() { fmt.Println(os.Getenv("IDAAS_TOKEN")) },
	})
}

// TestScripts runs the command line as people and CI do: arguments, output, exit codes.
func TestScripts(t *testing.T) {
	env := append(demoEnv(t, "", nil), oddTargets(t)...)
	env = append(env, secureEnv(t)...)
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Vars = append(e.Vars, env...)
			e.Vars = append(e.Vars, "NO_COLOR=1")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":       exits,
			"interrupted": interrupted,
			"valid":       valid,
			"kept":        kept,
		},
	})
}

const scriptAdminToken = "admin-token-of-the-scripts"

// secureEnv is demoEnv for a server that speaks TLS, and where its certificates are.
func secureEnv(t *testing.T) []string {
	t.Helper()
	certs := newCertificates(t)
	config, err := (&pairFlags{certFile: filepath.Join(certs, "server.pem"), keyFile: filepath.Join(certs, "server-key.pem")}).config()
	if err != nil {
		t.Fatal(err)
	}
	env := append(demoEnv(t, "SECURE_", config), "CERTS="+certs)
	return append(env, "MISSPELT_ADMIN="+strings.TrimPrefix(strings.Replace(env[0], "https", "http", 1), "SECURE_ADMIN="),
		"MISNAMED_ADMIN="+strings.TrimPrefix(strings.Replace(env[0], "127.0.0.1", "localhost", 1), "SECURE_ADMIN="))
}

// demoEnv starts the reference server with the demo applications and tells the scripts where they are, in variables that begin alike.
func demoEnv(t *testing.T, begin string, secure *tls.Config) []string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	st, err := sqlite.Open(ctx, sqlite.Memory, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	f := serveFlags{
		listen: "127.0.0.1:0", adminListen: "127.0.0.1:0", testClock: true, limits: api.DefaultLimits,
		cost: server.PasswordCost{MemoryKiB: 8, Passes: 1, Parallel: 2}, secure: secure,
	}
	r, err := startServer(ctx, f, slog.New(slog.DiscardHandler), st, nil, scriptAdminToken)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		if err := errors.Join(r.wait(), st.Close()); err != nil {
			t.Error(err)
		}
	})
	apps, err := r.demoApplications(ctx)
	if err != nil {
		t.Fatal(err)
	}
	env := []string{begin + "ADMIN=" + r.adminURL, "SCIMPROOF_ADMIN_TOKEN=" + scriptAdminToken}
	for _, a := range apps {
		name := begin + strings.ToUpper(a.Profile)
		env = append(env, name+"="+a.BaseURL, name+"_TOKEN="+a.Token, name+"_ID="+a.ApplicationID)
	}
	return env
}

// oddTargets are servers that are no use.
func oddTargets(t *testing.T) []string {
	t.Helper()
	start := func(begin func(*httptest.Server), h http.HandlerFunc) string {
		srv := httptest.NewUnstartedServer(h)
		srv.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError) // what TLS clients give up is no news here
		begin(srv)
		t.Cleanup(srv.Close)
		return srv.URL
	}
	plain, secure := (*httptest.Server).Start, (*httptest.Server).StartTLS
	hanging := make(chan struct{})
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	env := []string{
		"CLOSED=http://" + closed.Addr().String(),
		"HTML=" + start(plain, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, "<html><body>Sign in</body></html>")
		}),
		"BROKEN=" + start(plain, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "oops", http.StatusInternalServerError) }),
		"HANGING=" + start(plain, func(http.ResponseWriter, *http.Request) { <-hanging }),
		"TLS=" + start(secure, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "{}") }),
		"WRONG_TOKEN=" + randomText(),
	}
	t.Cleanup(func() { close(hanging) }) // before the servers close, which wait for their handlers
	return env
}

func randomText() string {
	raw := make([]byte, 12)
	if _, err := rand.Read(raw); err != nil {
		panic(err)
	}
	return fmt.Sprintf("%x", raw)
}

// exits runs a program and compares its exit code: exits 3 scimproof check $CLOSED.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARGS...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var failed *exec.ExitError
	switch {
	case errors.As(err, &failed):
		got = failed.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// interrupted runs a program, presses Ctrl-C as soon as it has written so much to a file, and compares its exit code:
// interrupted 5 "of 12" scimproof check ...
func interrupted(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: interrupted CODE TEXT PROGRAM ARGS...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	var out lockedBuffer
	path, err := exec.LookPath(args[2])
	if err != nil {
		path = filepath.Join(strings.Split(ts.Getenv("PATH"), string(os.PathListSeparator))[0], args[2])
	}
	cmd := exec.Command(path, args[3:]...)
	cmd.Dir, cmd.Stderr, cmd.Stdout = ts.MkAbs("."), &out, &out
	for _, name := range []string{"PATH", "RFC_TOKEN", "IDAAS_TOKEN", "NO_COLOR", "HOME"} {
		cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name))
	}
	ts.Check(cmd.Start())
	for deadline := time.Now().Add(30 * time.Second); !strings.Contains(out.String(), args[1]); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			cmd.Process.Kill()
			ts.Fatalf("%q never came:\n%s", args[1], out.String())
		}
	}
	ts.Check(cmd.Process.Signal(syscall.SIGINT))
	cmd.Wait()
	ts.Logf("%s", out.String())
	if got := cmd.ProcessState.ExitCode(); got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// kept keeps what a pattern finds in the last output, for later lines: kept ID '"id": "([a-z0-9_]+)"'.
func kept(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: kept NAME PATTERN")
	}
	found := regexp.MustCompile(args[1]).FindStringSubmatch(ts.ReadFile("stdout"))
	if len(found) != 2 {
		ts.Fatalf("the output has no %s", args[1])
	}
	ts.Setenv(args[0], found[1])
}

// valid reads results.json files back, which checks their shape.
func valid(ts *testscript.TestScript, neg bool, args []string) {
	for _, path := range args {
		f, err := os.Open(ts.MkAbs(path))
		ts.Check(err)
		_, err = json.Read(f)
		f.Close()
		if (err != nil) != neg {
			ts.Fatalf("%s: %v", path, err)
		}
	}
}

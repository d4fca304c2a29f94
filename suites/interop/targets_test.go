package interop

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// role makes this test binary play a part instead of testing: it is the tool and the target of the tests that need neither npm nor pip.
const role = "TARGETS_TEST_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(role) {
	case "":
		os.Exit(m.Run())
	case "serves":
		serve()
	case "says nothing":
		time.Sleep(time.Hour)
	case "says no URL":
		fmt.Println("ready")
		time.Sleep(time.Hour)
	case "ends":
		fmt.Fprintln(os.Stderr, "no, I will not")
		os.Exit(1)
	case "installs":
		if err := os.WriteFile("installed", []byte(time.Now().String()), 0o600); err != nil {
			panic(err)
		}
	case "is offline":
		fmt.Println("npm error code ENOTFOUND")
		os.Exit(1)
	case "finds a wrong digest":
		fmt.Println("npm error code EINTEGRITY")
		os.Exit(1)
	}
}

// serve is a target that refuses the first requests, as one does that is still loading.
func serve() {
	asked := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked++; asked < 3 || r.Header.Get("Authorization") != "Bearer "+os.Getenv("SCIM_TOKEN") {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	fmt.Println("serving SCIM on " + s.URL)
	fmt.Println(strings.Repeat("and much else\n", 100_000)) // more than a pipe holds
	time.Sleep(time.Hour)
}

func play(t *testing.T, ctx context.Context, part string) *Target {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	target := &Target{Token: "secret"}
	if target.process, err = run(ctx, []string{self}, role+"="+part, "SCIM_TOKEN=secret"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(target.Stop)
	return target
}

func TestReadyWaitsForAnAnswer(t *testing.T) {
	target := play(t, t.Context(), "serves")
	if err := target.ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := target.ask(t.Context()); err != nil {
		t.Error(err)
	}
	target.Stop()
	if err := target.ask(t.Context()); err == nil {
		t.Error("it answers after it was stopped")
	}
	target.Stop() // again: nothing to do
}

func TestATargetEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	target := play(t, ctx, "says nothing")
	cancel()
	<-target.process.ended
}

func TestReadySaysWhyNot(t *testing.T) {
	for _, c := range []struct{ part, want string }{
		{"ends", "it ended before it answered:\nno, I will not"},
		{"says no URL", `its first line "ready" holds no URL`},
	} {
		target := play(t, t.Context(), c.part)
		err := target.ready(t.Context())
		target.Stop()
		if got := fmt.Sprintf("%v%s", err, target.process.lastWords()); got != c.want {
			t.Errorf("a target that %s: %q, want %q", c.part, got, c.want)
		}
	}
}

func TestReadyGivesUpWithItsContext(t *testing.T) {
	target := play(t, t.Context(), "says nothing")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := target.ready(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want %v", err, context.Canceled)
	}
}

// folder makes a target of one file.
func folder(t *testing.T, text string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "example")
	if err := os.MkdirAll(filepath.Join(dir, "node_modules"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "main.mjs"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// fake is a kind of target whose tool is this binary.
func fake(t *testing.T, part string) kind {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(role, part)
	return kind{tool: "fake", needs: "a fake", probe: []string{"echo", "1"}, install: []string{self}}
}

func TestInstallHappensOnce(t *testing.T) {
	k, cache := fake(t, "installs"), filepath.Join(t.TempDir(), "cache")
	one, other := folder(t, "one"), folder(t, "other")
	dir, err := install(t.Context(), k, one, cache)
	if err != nil {
		t.Fatal(err)
	}
	first, err := os.ReadFile(filepath.Join(dir, "installed"))
	if err != nil {
		t.Fatal(err)
	}
	again, err := install(t.Context(), k, one, cache)
	if err != nil {
		t.Fatal(err)
	}
	second, err := os.ReadFile(filepath.Join(again, "installed"))
	if err != nil {
		t.Fatal(err)
	}
	if again != dir || string(first) != string(second) {
		t.Errorf("the same folder was installed twice: %s at %s, %s at %s", dir, first, again, second)
	}
	changed, err := install(t.Context(), k, other, cache)
	if err != nil {
		t.Fatal(err)
	}
	if changed == dir {
		t.Error("a folder that changed was not installed anew")
	}
	k.probe = []string{"echo", "2"}
	upgraded, err := install(t.Context(), k, one, cache)
	if err != nil {
		t.Fatal(err)
	}
	if upgraded == dir {
		t.Error("with another version of the tool nothing was installed anew")
	}
}

func TestInstallThatFailsLeavesNothing(t *testing.T) {
	for _, c := range []struct {
		part    string
		change  func(*kind)
		missing string
		want    string
	}{
		{part: "is offline", missing: "fake", want: "its package registry cannot be reached"},
		{part: "finds a wrong digest", want: "EINTEGRITY"},
		{part: "installs", change: func(k *kind) { k.probe = []string{"false"} }, missing: "fake", want: "it needs a fake"},
		{part: "installs", change: func(k *kind) { k.install = []string{"no-such-tool-of-ours"} }, missing: "fake", want: "it needs a fake"},
	} {
		k, cache := fake(t, c.part), t.TempDir()
		if c.change != nil {
			c.change(&k)
		}
		_, err := install(t.Context(), k, folder(t, "text"), cache)
		var missing *Missing
		if errors.As(err, &missing) != (c.missing != "") || missing != nil && missing.Tool != c.missing {
			t.Errorf("%s: %#v, want the tool %q missing", c.part, err, c.missing)
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.part, err, c.want)
		}
		if left, _ := os.ReadDir(cache); len(left) > 0 {
			t.Errorf("%s: %s stays", c.part, left[0].Name())
		}
	}
}

func TestAFolderOfNoKind(t *testing.T) {
	if _, err := Start(t.Context(), t.TempDir(), t.TempDir()); err == nil {
		t.Error("an empty folder was started")
	}
}

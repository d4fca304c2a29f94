package interop

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"scimproof/fixtures/require"
)

// ForTest serves the target, a folder of fixtures/targets, until the test ends. Where this machine cannot run it the test ends here: it is
// skipped, or fails if SCIMPROOF_REQUIRE names the tool.
func ForTest(t *testing.T, name string) *Target {
	t.Helper()
	root := moduleRoot(t)
	target, err := Start(t.Context(), filepath.Join(root, "fixtures", "targets", name), filepath.Join(root, ".cache", "targets"))
	if missing := (*Missing)(nil); errors.As(err, &missing) {
		require.Tool(t, missing.Tool, "to run "+name+": "+missing.Why, false)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(target.Stop)
	return target
}

// moduleRoot is the folder of go.mod above the test's own.
func moduleRoot(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	for err == nil {
		if _, missing := os.Stat(filepath.Join(dir, "go.mod")); missing == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test: run it from within the module")
		}
		dir = filepath.Dir(dir)
	}
	t.Fatal(err)
	return ""
}

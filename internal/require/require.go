// Package require decides what a test does that finds a tool missing: it is skipped, unless the environment asks for the tool by name.
// A pipeline sets SCIMPROOF_REQUIRE so that no test goes missing there unseen.
package require

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// Variable names the tools, separated by commas or spaces, that a test must not do without; "all" stands for every one.
const Variable = "SCIMPROOF_REQUIRE"

// Tool ends the test where the tool was not found: it fails where the environment requires the tool, else it is skipped with one line.
// The name is short and plain, "chromium" or "docker"; why says what the test needs it for.
func Tool(t *testing.T, name, why string, found bool) {
	t.Helper()
	if found {
		return
	}
	if Required(name) {
		t.Fatalf("%s is not here and %s asks for it: %s", name, Variable, why)
	}
	t.Skipf("%s is not here: %s (%s=%s makes this a failure)", name, why, Variable, name)
}

// Required says whether the environment asks for the tool.
func Required(name string) bool {
	return listed(os.Getenv(Variable), name)
}

func listed(list, name string) bool {
	names := strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
	return slices.Contains(names, name) || slices.Contains(names, "all")
}

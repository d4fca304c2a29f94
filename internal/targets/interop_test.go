package targets

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"scimproof/fixtures/rules"
	reports "scimproof/reports/json"
	"scimproof/reports/result"
	"scimproof/suites/catalogue"
)

var (
	binary = flag.String("interop", "", "the scimproof to judge the targets with; make interop gives it")
	out    = flag.String("out", "", "folder for the reports of the targets")
)

// TestInterop judges the targets by the whole catalogue, as a user would, and wants to hear what docs/interop.md says and nothing else.
func TestInterop(t *testing.T) {
	if *binary == "" {
		t.Skip("make interop runs this")
	}
	documented := document(t)
	for _, name := range names(t) {
		t.Run(name, func(t *testing.T) {
			run := judge(t, name, ForTest(t, name))
			for _, c := range run.Checks {
				if c.Outcome == result.Error {
					t.Errorf("%s could not be judged: %s", c.ID, c.Reason)
				}
			}
			for _, r := range run.Residue {
				t.Errorf("%s %s stays: %s", r.Type, r.ID, r.Reason)
			}
			compare(t, documented[name], findings(run))
		})
	}
}

// judge runs the command against the target, and reads the results.json of the run.
func judge(t *testing.T, name string, target *Target) result.Run {
	t.Helper()
	dir := *out
	if dir == "" {
		dir = t.TempDir()
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	results := filepath.Join(dir, name+".json")
	cmd := exec.CommandContext(t.Context(), *binary, "check", target.BaseURL, "--profile", "rfc", "--token-env", "SCIM_TOKEN", "--allow-writes",
		"--seed", "1", "--report", "json="+results, "--report", "html="+filepath.Join(dir, name+".html"))
	cmd.Env = append(cmd.Environ(), "SCIM_TOKEN="+target.Token)
	said, err := cmd.CombinedOutput()
	t.Logf("%s", said)
	if exit := (*exec.ExitError)(nil); err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
		t.Fatalf("check of %s: %v; nothing failed (0) or something did (1) is what it may say", name, err)
	}
	file, err := os.Open(results)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	run, err := reports.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	if !run.Complete {
		t.Error("the run is not complete")
	}
	return run
}

// deviation is a row of docs/interop.md.
type deviation struct {
	outcome result.Outcome
	text    string
}

func findings(run result.Run) map[string]deviation {
	found := map[string]deviation{}
	for _, c := range run.Checks {
		if c.Outcome == result.Fail || c.Outcome == result.Warn {
			found[c.ID] = deviation{c.Outcome, c.Reason}
		}
	}
	return found
}

// compare prints what is new as rows, to be looked at, put into better words and added to the document.
func compare(t *testing.T, documented, found map[string]deviation) {
	t.Helper()
	for _, id := range slices.Sorted(maps.Keys(found)) {
		if f := found[id]; documented[id].outcome != f.outcome {
			t.Errorf("docs/interop.md does not say:\n| `%s` | %s | %s |", id, f.outcome, f.text)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(documented)) {
		if _, ok := found[id]; !ok {
			t.Errorf("docs/interop.md says that %s finds something; it does not", id)
		}
	}
}

// names lists the targets.
func names(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(moduleRoot(t), "fixtures", "targets"))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

// document reads the deviations of each target from docs/interop.md: the rows under the heading with its name.
func document(t *testing.T) map[string]map[string]deviation {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(moduleRoot(t), "docs", "interop.md"))
	if err != nil {
		t.Fatal(err)
	}
	all, err := rows(string(text))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var row = regexp.MustCompile("^\\| `([a-z0-9.-]+)` \\| (fail|warn) \\| (.+) \\|$")

func rows(text string) (map[string]map[string]deviation, error) {
	all := map[string]map[string]deviation{}
	var section map[string]deviation
	for i, line := range strings.Split(text, "\n") {
		if name, ok := strings.CutPrefix(line, "## "); ok {
			section = map[string]deviation{}
			all[name] = section
		}
		if !strings.HasPrefix(line, "| `") {
			continue
		}
		cells := row.FindStringSubmatch(line)
		if cells == nil || section == nil {
			return nil, fmt.Errorf("line %d is no row of a target: | `check` | fail or warn | what the server does |", i+1)
		}
		if _, twice := section[cells[1]]; twice {
			return nil, fmt.Errorf("line %d: %s is there twice", i+1, cells[1])
		}
		section[cells[1]] = deviation{result.Outcome(cells[2]), cells[3]}
	}
	return all, nil
}

// TestDocument sees that docs/interop.md speaks of every target, and of no check that there is not.
func TestDocument(t *testing.T) {
	book, err := rules.Load()
	if err != nil {
		t.Fatal(err)
	}
	checks, err := catalogue.All(book)
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, c := range checks {
		ids[c.ID] = true
	}
	documented := document(t)
	for _, name := range names(t) {
		if documented[name] == nil {
			t.Errorf("docs/interop.md has no section %q", name)
		}
		for id := range documented[name] {
			if !ids[id] {
				t.Errorf("docs/interop.md, %s: there is no check %s", name, id)
			}
		}
	}
}

func TestRows(t *testing.T) {
	all, err := rows("# Title\n| `not.a` | table |\n")
	if err == nil {
		t.Errorf("a row outside a section is taken: %v", all)
	}
	for _, bad := range []string{"## a\n| `x.y` | maybe | text |", "## a\n| `x.y` | fail | one |\n| `x.y` | fail | two |"} {
		if _, err := rows(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
	all, err = rows("## a\n\n| check | | |\n|---|---|---|\n| `x.y` | fail | one |\n\n## b\n| `x.y` | warn | two |\n")
	if err != nil {
		t.Fatal(err)
	}
	if all["a"]["x.y"] != (deviation{result.Fail, "one"}) || all["b"]["x.y"] != (deviation{result.Warn, "two"}) {
		t.Errorf("%v", all)
	}
}

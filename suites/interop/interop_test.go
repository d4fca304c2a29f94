package interop

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	reports "scimproof/reports/json"
	"scimproof/reports/result"
)

var (
	binary = flag.String("interop", "", "the scimproof to judge the targets with; make interop gives it")
	out    = flag.String("out", "", "folder for the reports of the targets")
)

// clients are those whose sequences are replayed.
var clients = []string{"okta", "entra"}

// TestInterop judges the targets as a user would, by the whole catalogue and by the sequences of each client, and wants to hear what
// docs/interop.md says and nothing else.
func TestInterop(t *testing.T) {
	if *binary == "" {
		t.Skip("make interop runs this")
	}
	documented := readDocument(t)
	for _, name := range names(t) {
		t.Run(name, func(t *testing.T) {
			target := ForTest(t, name)
			runs := []result.Run{judge(t, target, name, "check", "--profile", "rfc")}
			for _, client := range clients {
				runs = append(runs, judge(t, target, name+"-replay-"+client, "replay", "--as", client))
			}
			found := deviations{}
			for _, run := range runs {
				judged(t, run)
				found.add(run)
			}
			documented.compare(t, name, found, summary(name, runs))
		})
	}
}

// judge runs a command against the target, writes its reports, and reads its results.
func judge(t *testing.T, target *Target, report string, command string, args ...string) result.Run {
	t.Helper()
	dir := *out
	if dir == "" {
		dir = t.TempDir()
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	results := filepath.Join(dir, report+".json")
	cmd := exec.CommandContext(t.Context(), *binary, append([]string{command, target.BaseURL, "--token-env", "SCIM_TOKEN", "--allow-writes", "--seed", "1",
		"--report", "json=" + results, "--report", "html=" + filepath.Join(dir, report+".html")}, args...)...)
	cmd.Env = append(cmd.Environ(), "SCIM_TOKEN="+target.Token)
	said, err := cmd.CombinedOutput()
	t.Logf("%s", said)
	if exit := (*exec.ExitError)(nil); err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
		t.Fatalf("%s: %v; nothing failed (0) or something did (1) is what it may say", report, err)
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
	return run
}

// judged sees that all of a run could be judged, and that it left nothing behind. A step is blocked where an earlier one failed; a check never
// has to be.
func judged(t *testing.T, run result.Run) {
	t.Helper()
	if !run.Complete {
		t.Error("the run is not complete")
	}
	for _, c := range run.Checks {
		if c.Outcome == result.Error || c.Outcome == result.Blocked {
			t.Errorf("%s could not be judged: %s", c.ID, c.Reason)
		}
	}
	for _, s := range run.Scenarios {
		for _, step := range s.Steps {
			if step.Outcome == result.Error {
				t.Errorf("%s, %s could not be judged: %s", s.Name, step.Name, step.Reason)
			}
		}
	}
	for _, r := range run.Residue {
		t.Errorf("%s %s stays: %s", r.Type, r.ID, r.Reason)
	}
}

// summary is the row of a target in the first table of docs/interop.md.
func summary(name string, runs []result.Run) string {
	row := "| " + name + " |"
	for _, run := range runs {
		count := map[result.Outcome]int{}
		for _, c := range run.Checks {
			count[c.Outcome]++
		}
		for _, s := range run.Scenarios {
			for _, step := range s.Steps {
				count[step.Outcome]++
			}
		}
		if len(run.Checks) > 0 {
			row += fmt.Sprintf(" %d | %d | %d | %d |", len(run.Checks), count[result.Pass], count[result.Fail], count[result.Warn])
			continue
		}
		row += fmt.Sprintf(" %d passed, %d failed, %d blocked |", count[result.Pass], count[result.Fail], count[result.Blocked])
	}
	return row
}

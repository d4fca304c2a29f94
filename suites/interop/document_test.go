package interop

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"scimproof/fixtures/rules"
	"scimproof/reports/result"
	"scimproof/simulator/persona"
	"scimproof/suites/catalogue"
)

// finding is a check, or a step of a scenario, that a target does not pass.
type finding struct {
	check          string
	scenario, step string
}

// deviation is what the target does there.
type deviation struct {
	outcome result.Outcome
	text    string
}

type deviations map[finding]deviation

func (d deviations) add(run result.Run) {
	for _, c := range run.Checks {
		if c.Outcome == result.Fail || c.Outcome == result.Warn {
			d[finding{check: c.ID}] = deviation{c.Outcome, c.Reason}
		}
	}
	for _, s := range run.Scenarios {
		for _, step := range s.Steps {
			if step.Outcome == result.Fail {
				d[finding{scenario: s.Name, step: step.Name}] = deviation{result.Fail, step.Actual}
			}
		}
	}
}

// sorted lists the findings in a fixed order.
func (d deviations) sorted() []finding {
	return slices.SortedFunc(maps.Keys(d), func(a, b finding) int {
		return strings.Compare(a.check+"\x00"+a.scenario+"\x00"+a.step, b.check+"\x00"+b.scenario+"\x00"+b.step)
	})
}

// row writes a finding as the document does.
func row(f finding, d deviation) string {
	if f.check != "" {
		return fmt.Sprintf("| `%s` | %s | %s |", f.check, d.outcome, d.text)
	}
	return fmt.Sprintf("| `%s` | %s | %s |", f.scenario, f.step, d.text)
}

// document is docs/interop.md.
type document struct {
	text    string
	targets map[string]deviations // what is said of each, by the heading of its section
}

func readDocument(t *testing.T) document {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(moduleRoot(t), "docs", "interop.md"))
	if err != nil {
		t.Fatal(err)
	}
	d, err := parse(string(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// compare prints what is new as rows, to be looked at, put into better words and added to the document.
func (d document) compare(t *testing.T, target string, found deviations, summary string) {
	t.Helper()
	said := d.targets[target]
	for _, f := range found.sorted() {
		if said[f].outcome != found[f].outcome {
			t.Errorf("docs/interop.md does not say of %s:\n%s", target, row(f, found[f]))
		}
	}
	for _, f := range said.sorted() {
		if _, ok := found[f]; !ok {
			t.Errorf("docs/interop.md says of %s what nothing finds:\n%s", target, row(f, said[f]))
		}
	}
	if !strings.Contains(d.text, "\n"+summary+"\n") {
		t.Errorf("docs/interop.md does not sum up:\n%s", summary)
	}
}

// A row is about one check, or about steps, which it names after the scenarios that have them all.
var (
	checkRow = regexp.MustCompile("^\\| `([a-z0-9.-]+)` \\| (fail|warn) \\| (.+) \\|$")
	stepRow  = regexp.MustCompile("^\\| (`[a-z]+/[a-z-]+`(?:, `[a-z]+/[a-z-]+`)*) \\| ([^|]+) \\| (.+) \\|$")
)

func parse(text string) (document, error) {
	d := document{text: text, targets: map[string]deviations{}}
	var section deviations
	for i, line := range strings.Split(text, "\n") {
		if name, ok := strings.CutPrefix(line, "## "); ok {
			section = deviations{}
			d.targets[name] = section
		}
		if !strings.HasPrefix(line, "| `") {
			continue
		}
		found, said := cells(line)
		if len(found) == 0 || section == nil {
			return d, fmt.Errorf("line %d is no row of a target: | `check` | fail or warn | what it does |, or | `scenario`, … | step; … | what it does |", i+1)
		}
		for _, f := range found {
			if _, twice := section[f]; twice {
				return d, fmt.Errorf("line %d: %s%s %s is there twice", i+1, f.check, f.scenario, f.step)
			}
			section[f] = said
		}
	}
	return d, nil
}

// cells reads a row; it finds nothing where that is none.
func cells(line string) ([]finding, deviation) {
	if c := checkRow.FindStringSubmatch(line); c != nil {
		return []finding{{check: c[1]}}, deviation{result.Outcome(c[2]), c[3]}
	}
	c := stepRow.FindStringSubmatch(line)
	if c == nil {
		return nil, deviation{}
	}
	var found []finding
	for _, scenario := range strings.Split(c[1], ", ") {
		for _, step := range strings.Split(c[2], "; ") {
			found = append(found, finding{scenario: strings.Trim(scenario, "`"), step: step})
		}
	}
	return found, deviation{result.Fail, c[3]}
}

// TestDocument sees that docs/interop.md speaks of every target, and of no check and no step that there is not.
func TestDocument(t *testing.T) {
	there := everything(t)
	d := readDocument(t)
	for _, name := range names(t) {
		if d.targets[name] == nil {
			t.Errorf("docs/interop.md has no section %q", name)
		}
		for _, f := range d.targets[name].sorted() {
			if !there[f] {
				t.Errorf("docs/interop.md, %s: there is nothing like\n%s", name, row(f, d.targets[name][f]))
			}
		}
	}
}

// everything lists what there is to find: all checks, and all steps of all scenarios.
func everything(t *testing.T) map[finding]bool {
	t.Helper()
	book, err := rules.Load()
	if err != nil {
		t.Fatal(err)
	}
	checks, err := catalogue.All(book)
	if err != nil {
		t.Fatal(err)
	}
	there := map[finding]bool{}
	for _, c := range checks {
		there[finding{check: c.ID}] = true
	}
	library, err := persona.Load(os.DirFS(filepath.Join(moduleRoot(t), "fixtures", "idp")))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range library.Scenarios {
		for _, step := range s.Steps {
			there[finding{scenario: s.Name, step: step.Name}] = true
		}
	}
	return there
}

func TestParse(t *testing.T) {
	for _, bad := range []string{
		"# Title\n| `not.a` | fail | table of a target |\n",
		"## a\n| `x.y` | maybe | text |",
		"## a\n| `x.y` | fail | one |\n| `x.y` | fail | two |",
		"## a\n| `okta/x` | one | text |\n| `okta/x`, `okta/y` | two; one | text |",
	} {
		if _, err := parse(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
	d, err := parse("## a\n\n| check | | |\n|---|---|---|\n| `x.y` | fail | one |\n\n## b\n| `x.y` | warn | two |\n| `okta/x`, `entra/y` | one: it, all; two | three |\n")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]deviations{
		"a": {{check: "x.y"}: {result.Fail, "one"}},
		"b": {
			{check: "x.y"}: {result.Warn, "two"},
			{scenario: "okta/x", step: "one: it, all"}: {result.Fail, "three"}, {scenario: "okta/x", step: "two"}: {result.Fail, "three"},
			{scenario: "entra/y", step: "one: it, all"}: {result.Fail, "three"}, {scenario: "entra/y", step: "two"}: {result.Fail, "three"},
		},
	}
	for name := range want {
		if !maps.Equal(d.targets[name], want[name]) {
			t.Errorf("%s: %v, want %v", name, d.targets[name], want[name])
		}
	}
}

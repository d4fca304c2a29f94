package interop

import (
	"bufio"
	"bytes"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"scimproof/fixtures/require"
	"scimproof/fixtures/rules"
)

// said is one line of a tester.
type said struct {
	Status string `json:"status"`
	Type   string `json:"type"`
	Check  string `json:"check"`
	Reason string `json:"reason"`
}

// objection is what a tester finds wrong, and the rule of the seed that causes it.
type objection struct{ typ, check, rule string }

// causes are the rules behind the refusals of an idaas application, by the code that its errors begin with.
var causes = map[string]string{
	"InvalidParameter.PhoneRegion":  "phone-9",
	"OrganizationUnitIdNotInScopes": "org-4",
}

// TestTesters lets scim2-tester judge the reference server. On profile rfc it has nothing to object to; on profile idaas what docs/testers.md
// lists and nothing else.
func TestTesters(t *testing.T) {
	dir := testerFolder(t, "scim2-tester")
	for _, app := range demo(t) {
		t.Run(app.Profile, func(t *testing.T) {
			want := map[objection]bool{}
			if app.Profile == "idaas" {
				want = listed(t)
			}
			found := map[objection]bool{}
			count := map[string]int{}
			for _, s := range runTester(t, dir, app) {
				count[s.Status]++
				switch s.Status {
				case "SUCCESS", "COMPLIANT", "ACCEPTABLE":
					continue
				case "SKIPPED":
					if app.Profile != "idaas" {
						t.Errorf("%s %s is skipped: %s", s.Type, s.Check, s.Reason)
					}
					continue
				}
				o := objection{s.Type, s.Check, cause(s.Reason)}
				if found[o] = true; !want[o] {
					t.Errorf("docs/testers.md does not list\n| %s | `%s` | %s | %s |", o.typ, o.check, o.rule, s.Reason)
				}
			}
			for o := range want {
				if !found[o] {
					t.Errorf("docs/testers.md lists what the tester does not find: %v", o)
				}
			}
			if len(count) == 0 {
				t.Error("the tester checked nothing")
			}
			for _, status := range slices.Sorted(maps.Keys(count)) {
				t.Logf("%s: %d %s", app.Profile, count[status], strings.ToLower(status))
			}
		})
	}
}

func cause(reason string) string {
	for code, rule := range causes {
		if strings.Contains(reason, code+": ") {
			return rule
		}
	}
	return "none"
}

var objectionRow = regexp.MustCompile("(?m)^\\| ([A-Za-z]+) \\| `([a-z_]+)` \\| ([a-z]+-[0-9]+) \\| .+ \\|$")

// listed reads docs/testers.md.
func listed(t *testing.T) map[objection]bool {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(moduleRoot(t), "docs", "testers.md"))
	if err != nil {
		t.Fatal(err)
	}
	book, err := rules.Load()
	if err != nil {
		t.Fatal(err)
	}
	out := map[objection]bool{}
	for _, row := range objectionRow.FindAllStringSubmatch(string(text), -1) {
		if _, ok := book.Rule(row[3]); !ok {
			t.Errorf("docs/testers.md names rule %s, which there is not", row[3])
		}
		out[objection{row[1], row[2], row[3]}] = true
	}
	return out
}

// testerFolder installs a tester, or ends the test where this machine cannot.
func testerFolder(t *testing.T, name string) string {
	t.Helper()
	root := moduleRoot(t)
	source := filepath.Join(root, "fixtures", "testers", name)
	k, err := kindOf(source)
	if err != nil {
		t.Fatal(err)
	}
	dir, err := install(t.Context(), k, source, filepath.Join(root, ".cache", "testers"))
	if missing := (*Missing)(nil); errors.As(err, &missing) {
		require.Tool(t, missing.Tool, "to run "+name+": "+missing.Why, false)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func runTester(t *testing.T, dir string, app application) (out []said) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), filepath.Join(dir, "venv", "bin", "python"), filepath.Join(dir, "main.py"))
	cmd.Env = append(os.Environ(), "SCIM_BASE_URL="+app.BaseURL, "SCIM_TOKEN="+app.Token)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	text, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		var s said
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			t.Fatalf("%v in %s", err, lines.Bytes())
		}
		out = append(out, s)
	}
	return out
}

// application is one of the demonstration.
type application struct {
	Profile string `json:"profile"`
	BaseURL string `json:"baseUrl"`
	Token   string `json:"token"`
}

// demo serves the demonstration until the test ends.
func demo(t *testing.T) []application {
	t.Helper()
	program := *binary
	if program == "" {
		program = filepath.Join(t.TempDir(), "scimproof")
		build := exec.CommandContext(t.Context(), "go", "build", "-o", program, "scimproof/cmd/scimproof")
		if text, err := build.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
	}
	cmd := exec.Command(program, "serve", "--demo", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--store", "sqlite:"+t.TempDir()+"/scim.db")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	var made struct {
		Applications []application `json:"applications"`
	}
	if err := json.Unmarshal(line, &made); err != nil {
		t.Fatal(err)
	}
	return made.Applications
}

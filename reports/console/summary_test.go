package console

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"scimproof/reports/golden"
	"scimproof/reports/result"
	"scimproof/reports/result/resulttest"
)

func summary(t *testing.T, run result.Run, style Style) string {
	t.Helper()
	var b bytes.Buffer
	if err := Summary(&b, run, style, []Report{{"html", "out/report.html"}, {"junit", "out/junit.xml"}}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestSummaryGolden(t *testing.T) {
	for name, style := range map[string]Style{
		"80": {}, "140": {Width: 140}, "80-color": {Width: 80, Color: true}, "40": {Width: 40},
	} {
		t.Run(name, func(t *testing.T) {
			golden.Check(t, filepath.Join("testdata", "summary-"+name+".txt"), []byte(summary(t, resulttest.Run(), style)))
		})
	}
}

func TestSummaryOfOtherRuns(t *testing.T) {
	passed := result.Run{Complete: true, Checks: []result.Check{{ID: "a", Outcome: result.Pass}}}
	failures := result.Run{Complete: true}
	for i := range fullFailures + 2 {
		failures.Checks = append(failures.Checks, result.Check{ID: fmt.Sprintf("check.%d", i), Outcome: result.Fail, Requirement: "All of it."})
	}
	for _, c := range []struct {
		name string
		run  result.Run
		says []string
	}{
		{"all passed", passed, []string{"✓ Nothing failed, 0 ms", "Nothing was left on the target."}},
		{"interrupted", result.Run{}, []string{"The run was interrupted", "? The run was interrupted; nothing failed until then"}},
		{"errors", result.Run{Complete: true, Checks: []result.Check{{Outcome: result.Error}}, Scenarios: []result.Scenario{{Steps: []result.Step{{Outcome: result.Error}}}}},
			[]string{"? Nothing failed, but 1 check and 1 replay step could not be judged"}},
		{"another target", result.Run{Complete: true, Scenarios: []result.Scenario{{Name: "okta/import", Target: "https://scim.example.com/other", Verdict: result.Partial}}},
			[]string{"~ okta/import  partial", "at https://scim.example.com/other"}},
		{"many failures", failures, []string{"Failed (22)", "check.21", "✗ 22 checks failed"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := summary(t, c.run, Style{})
			for _, text := range c.says {
				if !strings.Contains(got, text) {
					t.Errorf("it does not say %q:\n%s", text, got)
				}
			}
		})
	}
	if n := strings.Count(summary(t, failures, Style{}), "All of it."); n != fullFailures {
		t.Errorf("%d failures are told in full, want %d", n, fullFailures)
	}
}

func TestHostileTextsDoNotReachTheTerminal(t *testing.T) {
	hostile := "a\x1b]0;title\x07\r\u009b2J\u202eevil\u2066\xff\x00" + strings.Repeat("x", 5000)
	run := resulttest.Run()
	for i := range run.Checks {
		c := &run.Checks[i]
		c.ID, c.Title, c.Reason, c.Expected, c.Actual, c.Location, c.Section = hostile, hostile, hostile, hostile, hostile, hostile, hostile
		c.Requirement, c.Rerun = hostile, hostile
		for j := range c.Exchanges {
			c.Exchanges[j].URL, c.Exchanges[j].RequestBody, c.Exchanges[j].Method = hostile, hostile, hostile
		}
	}
	for i := range run.Scenarios {
		s := &run.Scenarios[i]
		s.Name, s.Title, s.Target = hostile, hostile, hostile
		for j := range s.Steps {
			s.Steps[j].Name, s.Steps[j].Reason, s.Steps[j].Expected, s.Steps[j].Source = hostile, hostile, hostile, hostile
		}
	}
	run.Residue = []result.Residue{{Type: hostile, ID: hostile, Location: hostile, Reason: hostile}}
	run.Target.BaseURL, run.Notes = hostile, []string{hostile}
	run.Profiles[0].Name, run.Profiles[0].Reason = hostile, hostile
	got := summary(t, run, Style{})
	for _, r := range got {
		if r != '\n' && !unicode.IsPrint(r) {
			t.Fatalf("%U got through", r)
		}
	}
	if !utf8.ValidString(got) {
		t.Error("no UTF-8")
	}
}

func TestStyleFor(t *testing.T) {
	for _, c := range []struct {
		name     string
		env      map[string]string
		terminal bool
		want     Style
	}{
		{"a terminal", nil, true, Style{Width: 90, Color: true, Live: true}},
		{"a pipe", nil, false, Style{Width: 90}},
		{"no colour", map[string]string{"NO_COLOR": "1"}, true, Style{Width: 90, Live: true}},
		{"NO_COLOR without a value", map[string]string{"NO_COLOR": ""}, true, Style{Width: 90, Color: true, Live: true}},
		{"colour in a log", map[string]string{"FORCE_COLOR": "1"}, false, Style{Width: 90, Color: true}},
		{"both", map[string]string{"FORCE_COLOR": "1", "NO_COLOR": "1"}, false, Style{Width: 90}},
		{"a dumb terminal", map[string]string{"TERM": "dumb"}, true, Style{Width: 90}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := StyleFor(func(name string) string { return c.env[name] }, c.terminal, 90); got != c.want {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text           string
		columns, limit int
		want           []string
	}{
		{"one two three", 7, 9, []string{"one two", "three"}},
		{"abcdefghij", 4, 9, []string{"abcd", "efgh", "ij"}},
		{"表表表", 4, 9, []string{"表表", "表"}},
		{"a b c d", 1, 2, []string{"a", "… …"}},
		{"aaaa bbbb cccc", 6, 2, []string{"aaaa", "bbbb …"}},
		{"", 10, 2, nil},
	} {
		if got := wrap(c.text, c.columns, c.limit); !slices.Equal(got, c.want) {
			t.Errorf("%q in %d: %q, want %q", c.text, c.columns, got, c.want)
		}
	}
}

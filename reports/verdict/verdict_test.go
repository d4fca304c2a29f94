package verdict_test

import (
	"testing"

	"scimproof/reports/result"
	"scimproof/reports/result/resulttest"
	"scimproof/reports/verdict"
)

func TestOutcome(t *testing.T) {
	for _, c := range []struct {
		level                string
		held, broken         result.Outcome
		heldSays, brokenSays string
	}{
		{"MUST", result.Pass, result.Fail, "why", "why"},
		{"SHOULD", result.Pass, result.Warn, "why", "why"},
		{"MAY", result.Pass, result.Info, "why", "departs: why"},
		{"INFO", result.Info, result.Info, "holds: why", "departs: why"},
	} {
		t.Run(c.level, func(t *testing.T) {
			for finding, want := range map[verdict.Finding]result.Outcome{
				verdict.Held: c.held, verdict.Broken: c.broken, verdict.NotApplicable: result.NA, verdict.Skipped: result.Skip,
				verdict.Blocked: result.Blocked, verdict.Errored: result.Error,
			} {
				if got := verdict.Outcome(c.level, finding); got != want {
					t.Errorf("%s: %s, want %s", finding, got, want)
				}
			}
			if got := verdict.Reason(c.level, verdict.Held, "why"); got != c.heldSays {
				t.Errorf("held: %q, want %q", got, c.heldSays)
			}
			if got := verdict.Reason(c.level, verdict.Broken, "why"); got != c.brokenSays {
				t.Errorf("broken: %q, want %q", got, c.brokenSays)
			}
		})
	}
	if got := verdict.Reason("INFO", verdict.Held, ""); got != "holds" {
		t.Errorf("without a why: %q", got)
	}
}

func TestOutcomeOfNonsensePanics(t *testing.T) {
	for _, c := range []struct {
		level   string
		finding verdict.Finding
	}{{"SHALL", verdict.Held}, {"", verdict.Skipped}, {"MUST", "lost"}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q with %q passed", c.level, c.finding)
				}
			}()
			verdict.Outcome(c.level, c.finding)
		}()
	}
}

// rows are checks of one profile: level and outcome in turn.
func rows(pairs ...string) []result.Check {
	var checks []result.Check
	for i := 0; i < len(pairs); i += 2 {
		checks = append(checks, result.Check{Profiles: []string{"rfc"}, Level: pairs[i], Outcome: result.Outcome(pairs[i+1])})
	}
	return checks
}

func TestProfile(t *testing.T) {
	for _, c := range []struct {
		name                  string
		checks                []result.Check
		narrowed, interrupted bool
		want                  result.Verdict
		reason                string
	}{
		{"all pass", rows("MUST", "pass", "SHOULD", "pass", "MAY", "info"), false, false, result.Conformant, ""},
		{"a missed SHOULD", rows("MUST", "pass", "SHOULD", "warn"), false, false, result.Conformant, ""},
		{"what does not apply", rows("MUST", "pass", "MUST", "na"), false, false, result.Conformant, ""},
		{"a broken MUST", rows("MUST", "fail", "MUST", "error", "MUST", "skip"), false, false, result.NonConformant,
			"MUST and SHOULD checks: 1 could not be judged, 1 skipped"},
		{"a broken MUST of a part", rows("MUST", "fail"), true, true, result.NonConformant,
			"the run was interrupted; only part of the catalogue was asked for"},
		{"errors", rows("MUST", "pass", "SHOULD", "error", "MUST", "error"), false, false, result.Inconclusive, "MUST and SHOULD checks: 2 could not be judged"},
		{"an error where nothing binds", rows("MUST", "pass", "INFO", "error", "MAY", "skip"), false, false, result.Conformant, ""},
		{"a skip", rows("MUST", "pass", "SHOULD", "skip"), false, false, result.Partial, "MUST and SHOULD checks: 1 skipped"},
		{"a block", rows("MUST", "pass", "MUST", "blocked", "MUST", "blocked"), false, false, result.Partial, "MUST and SHOULD checks: 2 blocked by a failed precondition"},
		{"narrowed", rows("MUST", "pass"), true, false, result.Partial, "only part of the catalogue was asked for"},
		{"interrupted", rows("MUST", "pass"), false, true, result.Partial, "the run was interrupted"},
		{"nothing", nil, false, false, result.Partial, "nothing was judged"},
		{"nothing applies", rows("MUST", "na"), false, false, result.Partial, "nothing was judged"},
		{"rows of others", []result.Check{{Profiles: []string{"okta"}, Level: "MUST", Outcome: result.Fail}}, false, false, result.Partial, "nothing was judged"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := verdict.Profile("rfc", c.checks, c.narrowed, c.interrupted)
			if got.Name != "rfc" || got.Verdict != c.want || got.Reason != c.reason {
				t.Errorf("%s %q, want %s %q", got.Verdict, got.Reason, c.want, c.reason)
			}
		})
	}
}

func TestProfileCounts(t *testing.T) {
	var pairs []string
	for i, o := range result.Outcomes {
		for range i + 1 {
			pairs = append(pairs, "MUST", string(o))
		}
	}
	got := verdict.Profile("rfc", rows(pairs...), false, false).Counts
	for i, o := range result.Outcomes {
		if n := verdict.Of(got, o); n != i+1 {
			t.Errorf("%s: %d, want %d", o, n, i+1)
		}
	}
}

func steps(outcomes ...result.Outcome) []result.Step {
	var out []result.Step
	for _, o := range outcomes {
		out = append(out, result.Step{Outcome: o})
	}
	return out
}

func TestScenario(t *testing.T) {
	for _, c := range []struct {
		steps []result.Step
		want  result.Verdict
	}{
		{steps(result.Pass, result.Fail, result.Error), result.NonConformant},
		{steps(result.Pass, result.Error, result.Blocked), result.Inconclusive},
		{steps(result.Pass, result.Blocked), result.Partial},
		{steps(result.Pass, result.NA), result.Conformant},
		{steps(result.NA, result.NA), result.Partial},
		{nil, result.Partial},
	} {
		if got := verdict.Scenario(c.steps); got != c.want {
			t.Errorf("%v: %s, want %s", c.steps, got, c.want)
		}
	}
}

func TestExit(t *testing.T) {
	for _, c := range []struct {
		name string
		run  result.Run
		want int
		says string
	}{
		{"all pass", result.Run{Complete: true, Checks: rows("MUST", "pass", "SHOULD", "warn", "MUST", "skip", "MUST", "na", "MUST", "blocked")}, verdict.ExitOK, "Nothing failed"},
		{"an empty run", result.Run{Complete: true}, verdict.ExitOK, "Nothing failed"},
		{"a failure, whatever else", result.Run{Checks: rows("MUST", "fail", "MUST", "error")}, verdict.ExitFailed, "1 check failed"},
		{"a failed step", result.Run{Complete: true, Scenarios: []result.Scenario{{Steps: steps(result.Pass, result.Fail)}}}, verdict.ExitFailed, "1 replay step failed"},
		{"an error", result.Run{Complete: true, Checks: rows("INFO", "error")}, verdict.ExitIncomplete, "Nothing failed, but 1 check could not be judged"},
		{"an error in a step", result.Run{Complete: true, Scenarios: []result.Scenario{{Steps: steps(result.Error, result.Error)}}}, verdict.ExitIncomplete,
			"Nothing failed, but 2 replay steps could not be judged"},
		{"interrupted", result.Run{Checks: rows("MUST", "pass")}, verdict.ExitIncomplete, "The run was interrupted; nothing failed until then"},
		{"the sample", resulttest.Run(), verdict.ExitFailed, "4 checks and 2 replay steps failed"},
	} {
		if got := verdict.Exit(c.run); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
		if got := verdict.Sentence(c.run); got != c.says {
			t.Errorf("%s: %q, want %q", c.name, got, c.says)
		}
	}
}

// The sample has to show everything that a report can meet.
func TestSampleHasEverything(t *testing.T) {
	run := resulttest.Run()
	outcomes, verdicts, ids := map[result.Outcome]bool{}, map[result.Verdict]bool{}, map[string]bool{}
	for _, c := range run.Checks {
		outcomes[c.Outcome] = true
		if ids[c.ID] {
			t.Errorf("%s stands twice", c.ID)
		}
		ids[c.ID] = true
	}
	for _, p := range run.Profiles {
		verdicts[p.Verdict] = true
	}
	for _, o := range result.Outcomes {
		if !outcomes[o] {
			t.Errorf("no check is %s", o)
		}
	}
	for _, v := range []result.Verdict{result.Conformant, result.NonConformant, result.Partial, result.Inconclusive} {
		if !verdicts[v] {
			t.Errorf("no profile is %s", v)
		}
	}
}

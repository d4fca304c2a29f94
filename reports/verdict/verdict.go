// Package verdict is the one place that weighs: levels and findings give outcomes, outcomes give the verdict of a profile or a scenario,
// and a run gives an exit code.
package verdict

import (
	"fmt"
	"slices"
	"strings"

	"scimproof/reports/result"
)

// Finding is what a check saw, before anybody asks how much that matters.
type Finding string

// The findings.
const (
	Held          Finding = "held"           // the target does what the check asks
	Broken        Finding = "broken"         // it does not
	NotApplicable Finding = "not applicable" // the target does not claim the feature, or a rule replaces the expectation
	Skipped       Finding = "skipped"        // the user left the check out, or did not give what it takes
	Blocked       Finding = "blocked"        // a precondition failed
	Errored       Finding = "errored"        // the run could not judge
)

// Levels, as they stand in result.Check.
const (
	must   = "MUST"
	should = "SHOULD"
	may    = "MAY"
	info   = "INFO"
)

// Outcome weighs a finding by the level of its requirement. Only a broken MUST fails and only a broken SHOULD warns; where nothing binds,
// what was seen is told and held against nobody. It panics on a level or a finding that does not exist, since both are constants of the program.
func Outcome(level string, f Finding) result.Outcome {
	switch level {
	case must, should, may, info:
	default:
		panic(fmt.Sprintf("verdict: no level %q; there are MUST, SHOULD, MAY and INFO", level))
	}
	switch f {
	case Held:
		if level == info {
			return result.Info
		}
		return result.Pass
	case Broken:
		return broken(level)
	case NotApplicable:
		return result.NA
	case Skipped:
		return result.Skip
	case Blocked:
		return result.Blocked
	case Errored:
		return result.Error
	}
	panic(fmt.Sprintf("verdict: no finding %q", f))
}

func broken(level string) result.Outcome {
	switch level {
	case must:
		return result.Fail
	case should:
		return result.Warn
	}
	return result.Info
}

// Reason is the reason to show with an outcome. One that is only told says first which of the two it was, "holds" or "departs".
func Reason(level string, f Finding, why string) string {
	if Outcome(level, f) != result.Info {
		return why
	}
	word := "holds"
	if f == Broken {
		word = "departs"
	}
	if why == "" {
		return word
	}
	return word + ": " + why
}

// Profile judges a profile by the rows that count for it. A failure makes it non-conformant, whatever else happened. A MUST or SHOULD that
// could not be judged leaves it inconclusive; one that was skipped or blocked, an interruption, or a run that was narrowed to part of the
// catalogue leaves it partial, and so does a run in which nothing was judged at all.
func Profile(name string, checks []result.Check, narrowed, interrupted bool) result.Profile {
	p := result.Profile{Name: name, Verdict: result.Conformant}
	binding := result.Counts{}
	for _, c := range checks {
		if !slices.Contains(c.Profiles, name) {
			continue
		}
		Add(&p.Counts, c.Outcome)
		if c.Level == must || c.Level == should {
			Add(&binding, c.Outcome)
		}
	}
	gaps := gaps(binding, narrowed, interrupted)
	judged := p.Counts.Pass + p.Counts.Warn + p.Counts.Fail + p.Counts.Info
	switch {
	case p.Counts.Fail > 0:
		p.Verdict = result.NonConformant
	case binding.Error > 0:
		p.Verdict = result.Inconclusive
	case len(gaps) > 0:
		p.Verdict = result.Partial
	case judged == 0:
		p.Verdict = result.Partial
		gaps = []string{"nothing was judged"}
	}
	p.Reason = strings.Join(gaps, "; ")
	return p
}

// gaps says in words what of a profile was not judged.
func gaps(binding result.Counts, narrowed, interrupted bool) []string {
	var out []string
	if interrupted {
		out = append(out, "the run was interrupted")
	}
	var counts []string
	for _, c := range []struct {
		n    int
		what string
	}{{binding.Error, "could not be judged"}, {binding.Blocked, "blocked by a failed precondition"}, {binding.Skip, "skipped"}} {
		if c.n > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", c.n, c.what))
		}
	}
	if counts != nil {
		out = append(out, "MUST and SHOULD checks: "+strings.Join(counts, ", "))
	}
	if narrowed {
		out = append(out, "only part of the catalogue was asked for")
	}
	return out
}

// Scenario sums the steps of a scenario up. What rules replace or the target does not offer counts for neither side, but something must
// have passed.
func Scenario(steps []result.Step) result.Verdict {
	c := result.Counts{}
	for _, s := range steps {
		Add(&c, s.Outcome)
	}
	switch {
	case c.Fail > 0:
		return result.NonConformant
	case c.Error > 0:
		return result.Inconclusive
	case c.Blocked+c.Skip > 0 || c.Pass+c.Warn+c.Info == 0:
		return result.Partial
	}
	return result.Conformant
}

// Add counts an outcome.
func Add(c *result.Counts, o result.Outcome) {
	*counter(c, o)++
}

// Of reads the count of an outcome.
func Of(c result.Counts, o result.Outcome) int {
	return *counter(&c, o)
}

func counter(c *result.Counts, o result.Outcome) *int {
	switch o {
	case result.Pass:
		return &c.Pass
	case result.Warn:
		return &c.Warn
	case result.Fail:
		return &c.Fail
	case result.Info:
		return &c.Info
	case result.NA:
		return &c.NA
	case result.Skip:
		return &c.Skip
	case result.Blocked:
		return &c.Blocked
	case result.Error:
		return &c.Error
	}
	panic(fmt.Sprintf("verdict: no outcome %q", o))
}

package verdict

import (
	"fmt"
	"strings"

	"scimproof/reports/result"
)

// The exit codes of the program. They are a contract with whoever runs it in CI; 6 (a regression against a baseline) and 7 (an objective
// of performance missed) are kept free for the commands to come.
const (
	ExitOK          = 0 // nothing failed, also in a run that was narrowed; its verdict then says partial
	ExitFailed      = 1 // the target broke a MUST or a step of a scenario, whatever else happened
	ExitUsage       = 2 // the command was wrong, or writes were not allowed and no terminal was there to ask
	ExitUnreachable = 3 // the target cannot be reached, or refuses the credentials
	ExitBroken      = 4 // the program itself broke
	ExitIncomplete  = 5 // nothing failed, but something could not be judged, or the run was interrupted
)

// Exit is the exit code that a finished run asks for.
func Exit(run result.Run) int {
	checks, steps := Count(run)
	switch {
	case checks.Fail+steps.Fail > 0:
		return ExitFailed
	case !run.Complete || checks.Error+steps.Error > 0:
		return ExitIncomplete
	}
	return ExitOK
}

// Sentence is what Exit means for this run, in words that can stand at the end of a log or the head of a report.
func Sentence(run result.Run) string {
	checks, steps := Count(run)
	switch code := Exit(run); {
	case code == ExitFailed:
		return both(checks.Fail, steps.Fail) + " failed"
	case !run.Complete:
		return "The run was interrupted; nothing failed until then"
	case code == ExitIncomplete:
		return "Nothing failed, but " + both(checks.Error, steps.Error) + " could not be judged"
	}
	return "Nothing failed"
}

func both(checks, steps int) string {
	var parts []string
	for _, c := range []struct {
		n    int
		noun string
	}{{checks, "check"}, {steps, "replay step"}} {
		switch {
		case c.n == 1:
			parts = append(parts, "1 "+c.noun)
		case c.n > 1:
			parts = append(parts, fmt.Sprintf("%d %ss", c.n, c.noun))
		}
	}
	return strings.Join(parts, " and ")
}

// Count counts the outcomes of a run's checks and of the steps of its scenarios.
func Count(run result.Run) (checks, steps result.Counts) {
	for _, c := range run.Checks {
		Add(&checks, c.Outcome)
	}
	for _, s := range run.Scenarios {
		for _, step := range s.Steps {
			Add(&steps, step.Outcome)
		}
	}
	return checks, steps
}

package verdict

import "scimproof/reports/result"

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
	c := result.Counts{}
	for _, check := range run.Checks {
		Add(&c, check.Outcome)
	}
	for _, scenario := range run.Scenarios {
		for _, step := range scenario.Steps {
			Add(&c, step.Outcome)
		}
	}
	switch {
	case c.Fail > 0:
		return ExitFailed
	case !run.Complete || c.Error > 0:
		return ExitIncomplete
	}
	return ExitOK
}

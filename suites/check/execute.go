package check

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"scimproof/reports/result"
	"scimproof/reports/verdict"
	"scimproof/simulator/cleanup"
)

// ErrInterrupted is the cause of a context that ended because somebody stopped the run.
var ErrInterrupted = errors.New("the run was interrupted")

// Finding is what came of one check.
type Finding struct {
	State     verdict.Finding
	Failure   Failure
	Exchanges []result.Exchange
	Residue   []result.Residue
	Duration  time.Duration
	Crash     string // stack of a body that panicked: the tester broke, not the target
}

// cleanTime is how long the clean-up of one check may take.
const cleanTime = 30 * time.Second

// stop unwinds a body.
type stop struct {
	state   verdict.Finding
	failure Failure
}

func (t *T) end(state verdict.Finding, f Failure) {
	if state == verdict.Broken && t.given != "" {
		state = t.given
		f.Reason = "before the question: expected " + f.Expected + "; got " + f.Actual
	}
	panic(stop{state, f})
}

// Execute runs the body of a check and cleans up behind it, also when ctx has ended. Whether the check applies is the caller's business
// (Applies). The clock gives the duration only.
func Execute(ctx context.Context, env *Env, c *Check, clock func() time.Time) (f Finding) {
	t := &T{Target: env.Target, env: env, client: env.Client, check: c, ctx: ctx, made: &cleanup.Tracker{Ledger: env.Ledger}, trace: &trace{}}
	t.made.Keys = map[string]string{t.Users(): "userName", t.Groups(): "displayName"}
	began := clock()
	f = t.body()
	f.Exchanges = t.trace.exchanges
	f.Duration = clock().Sub(began)
	clean, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanTime)
	defer cancel()
	f.Residue = t.made.Clean(clean, env.Client.Do)
	for _, undo := range slices.Backward(t.trace.later) {
		f.Residue = append(f.Residue, undo(clean)...)
	}
	return f
}

func (t *T) body() (f Finding) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case stop:
			f = Finding{State: p.state, Failure: p.failure}
		default:
			f = Finding{State: verdict.Errored, Failure: Failure{Reason: fmt.Sprintf("scimproof itself broke in this check: %v", p)}, Crash: string(debug.Stack())}
		}
	}()
	t.check.Run(t)
	return Finding{State: verdict.Held}
}

// Applies says what keeps a check from being asked: NotApplicable where the target denies something that it needs, Skipped where the run was
// not given it, Held where nothing does. The reason is that of the first such need.
func Applies(t *Target, c *Check) (verdict.Finding, string) {
	missing := ""
	for _, n := range c.Needs {
		switch offer, why := t.Offers(n); {
		case offer == Denied:
			return verdict.NotApplicable, why
		case offer == Withheld && missing == "":
			missing = why
		}
	}
	if missing != "" {
		return verdict.Skipped, missing
	}
	return verdict.Held, ""
}

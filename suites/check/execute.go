package check

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"scimproof/reports/result"
	"scimproof/reports/verdict"
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
	if state == verdict.Broken && t.given {
		state = verdict.Blocked
		f.Reason = "before the question: expected " + f.Expected + "; got " + f.Actual
	}
	panic(stop{state, f})
}

// Execute runs the body of a check and cleans up behind it, also when ctx has ended. Whether the check applies is the caller's business
// (Applies). The clock gives the duration only.
func Execute(ctx context.Context, env *Env, c *Check, clock func() time.Time) (f Finding) {
	t := &T{Target: env.Target, env: env, check: c, ctx: ctx}
	t.made.Ledger = env.Ledger
	t.made.Keys = map[string]string{t.Users(): "userName", t.Groups(): "displayName"}
	began := clock()
	f = t.body()
	f.Exchanges = t.exchanges
	f.Duration = clock().Sub(began)
	clean, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanTime)
	defer cancel()
	f.Residue = t.made.Clean(clean, env.Client.Do)
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

// Applies says whether a target offers what the check needs; the reason is that of the first need it denies.
func Applies(t *Target, c *Check) (bool, string) {
	for _, n := range c.Needs {
		if offer, why := t.Offers(n); offer == Denied {
			return false, why
		}
	}
	return true, ""
}

package runner

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"scimproof/reports/result"
	"scimproof/reports/verdict"
	"scimproof/suites/check"
)

// Options are a run of checks against one target.
type Options struct {
	Env      *check.Env
	All      []check.Check   // the catalogue, for the rules that replace expectations
	Selected []check.Check   // of it
	Profiles []check.Profile // that were asked for
	Parallel int             // checks at a time; 0 means 4
	Timeout  time.Duration   // for one check; 0 means one minute
	Clock    func() time.Time
	Starting func(id string)        // a check begins; nil: nobody looks
	Progress func(Progress)         // a check has been judged; nil: nobody looks. Called from one goroutine at a time
	Rerun    func(id string) string // the command that repeats one check; nil: none
}

// Progress is a check that has just been judged.
type Progress struct {
	Done, Of int
	Row      result.Check
}

// Judgement is what came of a run: a row for each selected check, in the order of the catalogue, and what could not be removed.
type Judgement struct {
	Rows        []result.Check
	Residue     []result.Residue
	Interrupted bool
	Crashes     []string // ids of checks in which the tester broke, with the stack
}

// judge is a run under way.
type judge struct {
	Options
	mu      sync.Mutex
	rows    map[string]result.Check  // by id, of selected checks
	states  map[string]check.Finding // by id, of all that ran
	residue []result.Residue
	crashes []string
}

// Judge runs the selected checks. Where profile idaas was asked for, the checks of rules come first, also those that were not selected but
// decide whether a rule replaces a selected one: they leave no row. When ctx ends with the cause check.ErrInterrupted the checks that
// have not begun are blocked, and those under way clean up behind themselves.
func Judge(ctx context.Context, o Options) Judgement {
	if o.Parallel < 1 {
		o.Parallel = 4
	}
	if o.Timeout == 0 {
		o.Timeout = time.Minute
	}
	j := &judge{Options: o, rows: map[string]result.Check{}, states: map[string]check.Finding{}}
	ruling, rest := j.phases()
	j.phase(ctx, ruling)
	j.phase(ctx, rest)
	out := Judgement{Residue: j.residue, Crashes: j.crashes, Interrupted: ctx.Err() != nil}
	for _, c := range o.Selected {
		out.Rows = append(out.Rows, j.rows[c.ID])
	}
	return out
}

// phases are the checks of rules, and the others.
func (j *judge) phases() (ruling, rest []check.Check) {
	needed := map[string]bool{}
	for _, c := range j.Selected {
		if j.replaceable(c) {
			for _, r := range c.Replaced {
				needed[r] = true
			}
		}
	}
	for _, c := range j.All {
		selected := j.selected(c.ID)
		switch {
		case c.Rule != "" && (selected || needed[c.Rule]):
			ruling = append(ruling, c)
		case selected:
			rest = append(rest, c)
		}
	}
	return ruling, rest
}

func (j *judge) selected(id string) bool {
	return slices.ContainsFunc(j.Selected, func(c check.Check) bool { return c.ID == id })
}

// replaceable says whether rules may stand in for an expectation in this run.
func (j *judge) replaceable(c check.Check) bool {
	return len(c.Replaced) > 0 && slices.Contains(j.Profiles, check.IDaaS)
}

// phase runs checks in a pool, then the exclusive ones one by one.
func (j *judge) phase(ctx context.Context, checks []check.Check) {
	queue := make(chan check.Check)
	var workers sync.WaitGroup
	for range min(j.Parallel, len(checks)) {
		workers.Go(func() {
			for c := range queue {
				j.one(ctx, c)
			}
		})
	}
	for _, c := range checks {
		if !c.Exclusive {
			queue <- c
		}
	}
	close(queue)
	workers.Wait()
	for _, c := range checks {
		if c.Exclusive {
			j.one(ctx, c)
		}
	}
}

func (j *judge) one(ctx context.Context, c check.Check) {
	f := j.find(ctx, c)
	row := j.row(c, f)
	j.mu.Lock()
	defer j.mu.Unlock()
	j.states[c.ID] = f
	j.residue = append(j.residue, f.Residue...)
	if f.Crash != "" {
		j.crashes = append(j.crashes, c.ID+": "+f.Failure.Reason+"\n"+f.Crash)
	}
	if !j.selected(c.ID) {
		return
	}
	j.rows[c.ID] = row
	if j.Progress != nil {
		j.Progress(Progress{Done: len(j.rows), Of: len(j.Selected), Row: row})
	}
}

// find judges one check, or says why there is nothing to judge.
func (j *judge) find(ctx context.Context, c check.Check) check.Finding {
	if rules := j.replacedBy(c); rules != "" {
		return check.Finding{State: verdict.NotApplicable, Failure: check.Failure{Reason: "replaced by " + rules}}
	}
	if state, why := check.Applies(j.Env.Target, &c); state != verdict.Held {
		return check.Finding{State: state, Failure: check.Failure{Reason: why}}
	}
	if ctx.Err() != nil {
		return check.Finding{State: verdict.Blocked, Failure: check.Failure{Reason: check.ErrInterrupted.Error()}}
	}
	if j.Starting != nil {
		j.Starting(c.ID)
	}
	own, cancel := context.WithTimeout(ctx, j.Timeout)
	defer cancel()
	return check.Execute(own, j.Env, &c, j.Clock)
}

// replacedBy names the rules that replace a check: all that it declares, where each of them holds on the target.
func (j *judge) replacedBy(c check.Check) string {
	if !j.replaceable(c) {
		return ""
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	names := ""
	for _, r := range c.Replaced {
		if !j.holds(r) {
			return ""
		}
		if names != "" {
			names += ", "
		}
		names += r
	}
	return names
}

// holds says whether every check of a rule that ran held, and one ran.
func (j *judge) holds(rule string) bool {
	held := false
	for _, c := range j.All {
		f, ran := j.states[c.ID]
		if c.Rule != rule || !ran {
			continue
		}
		switch f.State {
		case verdict.Held:
			held = true
		case verdict.NotApplicable:
		default:
			return false
		}
	}
	return held
}

func (j *judge) row(c check.Check, f check.Finding) result.Check {
	level := string(c.Level)
	reason := f.Failure.Reason
	if f.State == verdict.Broken && reason == "" {
		reason = fmt.Sprintf("expected %s; got %s", f.Failure.Expected, f.Failure.Actual)
	}
	row := result.Check{
		ID: c.ID, Title: c.Title, Profile: string(c.Home()), Level: level, RFC: c.Ref.RFC, Section: c.Ref.Section,
		Requirement: c.Requirement, Outcome: verdict.Outcome(level, f.State), Reason: verdict.Reason(level, f.State, reason),
		Expected: f.Failure.Expected, Actual: f.Failure.Actual, Location: f.Failure.Location,
		DurationMs: float64(f.Duration.Microseconds()) / 1000, Exchanges: f.Exchanges,
	}
	if row.Exchanges == nil {
		row.Exchanges = []result.Exchange{}
	}
	for _, p := range j.Profiles {
		if slices.Contains(c.Profiles, p) {
			row.Profiles = append(row.Profiles, string(p))
		}
	}
	if j.Rerun != nil {
		row.Rerun = j.Rerun(c.ID)
	}
	return row
}

// Unjudged are the rows of checks that were not run because nothing of the target can be judged.
func Unjudged(o Options, reason string) []result.Check {
	j := &judge{Options: o}
	var rows []result.Check
	for _, c := range o.Selected {
		rows = append(rows, j.row(c, check.Finding{State: verdict.Errored, Failure: check.Failure{Reason: reason}}))
	}
	return rows
}

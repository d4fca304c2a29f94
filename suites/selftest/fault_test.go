package selftest

import (
	"context"
	"testing"

	"scimproof/server/fault"
	"scimproof/suites/check"
)

// TestFaults is the second half of the theorem: under a fault, every check that it exists for breaks.
func TestFaults(t *testing.T) {
	w := newWorld(t)
	all := checks(t)
	for _, f := range fault.All() {
		t.Run(f.Name, func(t *testing.T) {
			place := w.serve(t, f)
			envs := map[string]*check.Env{}
			for _, c := range byID(t, all, f.Breaks...) {
				profile := at(c)
				if envs[profile] == nil {
					envs[profile] = w.env(t, place, profile)
				}
				j := judge(context.Background(), envs[profile], all, []check.Check{c}, c.Home())
				if row := j.Rows[0]; !broken(row) {
					t.Errorf("%s is %s under %s: %s", row.ID, row.Outcome, f.Name, row.Reason)
				}
			}
		})
	}
}

// TestEveryCheckCanBreak finds checks for which there is no fault, and faults for checks that there are not.
func TestEveryCheckCanBreak(t *testing.T) {
	breakable := map[string]bool{}
	names := map[string]bool{}
	for _, f := range fault.All() {
		if names[f.Name] {
			t.Errorf("fault %s stands twice", f.Name)
		}
		names[f.Name] = true
		if len(f.Breaks) == 0 || f.Seen == "" || f.Idle() {
			t.Errorf("fault %s says nothing of what it breaks, where it was seen, or what it does", f.Name)
		}
		for _, id := range f.Breaks {
			breakable[id] = true
		}
	}
	for _, c := range checks(t) {
		if !breakable[c.ID] {
			t.Errorf("no fault breaks %s", c.ID)
		}
		delete(breakable, c.ID)
	}
	for id := range breakable {
		t.Errorf("a fault is to break %s, which is no check", id)
	}
}

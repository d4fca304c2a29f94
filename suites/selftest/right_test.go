package selftest

import (
	"context"
	"testing"

	"scimproof/reports/result"
	"scimproof/reports/verdict"
	"scimproof/server/fault"
	"scimproof/suites/check"
)

// TestNoFault is the first half of the theorem: on a right server every check holds, or does not apply for a reason that the server declares.
func TestNoFault(t *testing.T) {
	w := newWorld(t)
	place := w.serve(t, fault.Fault{})
	all := checks(t)
	for _, c := range []struct {
		application string
		profiles    []check.Profile
	}{
		{"rfc", []check.Profile{check.RFC, check.Okta, check.Entra}},
		{"idaas", []check.Profile{check.RFC, check.IDaaS, check.Okta, check.Entra}},
	} {
		t.Run(c.application, func(t *testing.T) {
			selected, err := check.Select(all, c.profiles, nil)
			if err != nil {
				t.Fatal(err)
			}
			j := judge(context.Background(), w.env(t, place, c.application), all, selected, c.profiles...)
			counts := map[result.Outcome]int{}
			for _, row := range j.Rows {
				counts[row.Outcome]++
				if !right(row) {
					t.Errorf("%s is %s: %s", row.ID, row.Outcome, row.Reason)
				}
			}
			for _, r := range j.Residue {
				t.Errorf("left behind: %s: %s", r.Location, r.Reason)
			}
			for _, crash := range j.Crashes {
				t.Errorf("crash: %s", crash)
			}
			t.Logf("%s application: %v", c.application, counts)
		})
	}
}

// TestEveryCheckAppliesSomewhere keeps out checks that no application of ours could ever be asked.
func TestEveryCheckAppliesSomewhere(t *testing.T) {
	w := newWorld(t)
	place := w.serve(t, fault.Fault{})
	rfc, idaas := w.env(t, place, "rfc"), w.env(t, place, "idaas")
	for _, c := range checks(t) {
		target := rfc.Target
		if at(c) == "idaas" {
			target = idaas.Target
		}
		if state, why := check.Applies(target, &c); state != verdict.Held {
			t.Errorf("%s never applies: %s", c.ID, why)
		}
	}
}

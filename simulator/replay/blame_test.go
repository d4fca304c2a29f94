package replay_test

import (
	"net/http"
	"testing"

	"scimproof/reports/result"
	"scimproof/simulator/persona"
	"scimproof/simulator/replay"
)

// TestARefusalFailsOneStep refuses one write of each scenario at a time. The step that sent it fails and no other does: what looks for what
// it should have left names it in after, and is blocked.
func TestARefusalFailsOneStep(t *testing.T) {
	for _, s := range library(t).Scenarios {
		t.Run(s.Name, func(t *testing.T) {
			var writes []string
			for _, step := range s.Steps {
				if step.Request.Method != http.MethodGet {
					writes = append(writes, step.Name)
				}
			}
			for i, refused := range writes {
				got, _ := run(t, replay.Config{Doer: serve(t, refusing(i, &target{})), Scenarios: []*persona.Scenario{s}, Seed: 7})
				if outcomeOf(got[0], refused) != result.Fail {
					t.Errorf("%s was refused and is %s", refused, outcomeOf(got[0], refused))
				}
				for _, step := range steps(got[0], result.Fail) {
					if step.Name != refused {
						t.Errorf("%s was refused, and %s fails too: %s", refused, step.Name, step.Reason)
					}
				}
			}
		})
	}
}

// refusing refuses one write, counted from 0.
func refusing(which int, next http.Handler) http.Handler {
	seen := 0
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			if seen++; seen-1 == which {
				fail(w, http.StatusBadRequest, "invalidValue", "refused")
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

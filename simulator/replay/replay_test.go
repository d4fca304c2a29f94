package replay_test

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"scimproof/reports/result"
	"scimproof/simulator/client"
	"scimproof/simulator/persona"
	"scimproof/simulator/replay"
)

func library(t *testing.T) *persona.Library {
	t.Helper()
	lib, err := persona.Load(os.DirFS("../../fixtures/idp"))
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

func scenarios(t *testing.T, names ...string) []*persona.Scenario {
	t.Helper()
	s, err := library(t).Select(names...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const token = "replay-token-1"

// serve starts h and gives a client for it.
func serve(t *testing.T, h http.Handler) *client.Client {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	c, err := client.New(client.Config{BaseURL: srv.URL, Token: token})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func run(t *testing.T, c replay.Config) ([]result.Scenario, []result.Residue) {
	t.Helper()
	got, residue, err := replay.Run(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	return got, residue
}

// steps gives the steps with an outcome, each as its name and reason.
func steps(s result.Scenario, outcome result.Outcome) []result.Step {
	var out []result.Step
	for _, step := range s.Steps {
		if step.Outcome == outcome {
			out = append(out, step)
		}
	}
	return out
}

func TestHonestTargetPassesEveryScenario(t *testing.T) {
	for _, s := range library(t).Scenarios {
		t.Run(s.Name, func(t *testing.T) {
			honest := &target{}
			got, residue := run(t, replay.Config{Doer: serve(t, honest), Scenarios: []*persona.Scenario{s}, Seed: 7})
			if got[0].Verdict != result.Conformant {
				t.Errorf("verdict %s", got[0].Verdict)
			}
			for _, step := range got[0].Steps {
				if step.Outcome != result.Pass {
					t.Errorf("%s: %s: %s (%s)\n%s", step.Name, step.Outcome, step.Reason, step.Actual, step.Exchange.ResponseBody)
				}
			}
			if len(honest.things) != 0 || len(residue) != 0 {
				t.Errorf("left behind: %d on the target, residue %v", len(honest.things), residue)
			}
		})
	}
}

func TestRulesReplaceExpectationsOnAnIDaaSApplication(t *testing.T) {
	enterprise := `"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"`
	application := func() *target {
		return &target{idem: true, drops: []string{"name", "title", "addresses", "roles", "locale", enterprise, "phoneNumbers[type=mobile]"}}
	}
	for _, s := range library(t).Scenarios {
		t.Run(s.Name, func(t *testing.T) {
			got, _ := run(t, replay.Config{Doer: serve(t, application()), Scenarios: []*persona.Scenario{s}, Seed: 7, IDaaS: true})
			if got[0].Verdict != result.Conformant {
				t.Errorf("verdict %s", got[0].Verdict)
			}
			for _, step := range got[0].Steps {
				if step.Outcome == result.NA && !strings.HasPrefix(step.Reason, "replaced by ") || step.Outcome != result.NA && step.Outcome != result.Pass {
					t.Errorf("%s: %s: %s", step.Name, step.Outcome, step.Reason)
				}
			}
		})
	}
	t.Run("not where the target is none", func(t *testing.T) {
		got, _ := run(t, replay.Config{Doer: serve(t, application()), Scenarios: scenarios(t, "okta/retry-create"), Seed: 7})
		if got[0].Verdict != result.NonConformant {
			t.Errorf("verdict %s", got[0].Verdict)
		}
	})
	t.Run("not where the rule does not hold", func(t *testing.T) {
		holds := func(rule string) bool { return rule != "idem-1" }
		got, _ := run(t, replay.Config{Doer: serve(t, application()), Scenarios: scenarios(t, "okta/retry-create"), Seed: 7, IDaaS: true, Replaced: holds})
		if failed := steps(got[0], result.Fail); len(failed) != 1 || failed[0].Name != "create again" {
			t.Errorf("failed: %v", failed)
		}
	})
}

func TestNoTargetIsPermittedOnAnRFCTargetOnly(t *testing.T) {
	for _, idaas := range []bool{false, true} {
		got, _ := run(t, replay.Config{Doer: serve(t, &target{noTarget: true}), Scenarios: scenarios(t, "entra/jml-default"), Seed: 7, IDaaS: idaas})
		want := map[bool][2]result.Outcome{false: {result.NA, result.NA}, true: {result.Fail, result.Blocked}}[idaas]
		if o := outcomeOf(got[0], "value path: replace an entry that is not there"); o != want[0] {
			t.Errorf("idaas %v: the replace is %s, not %s", idaas, o, want[0])
		}
		if o := outcomeOf(got[0], "value path: the mail is there"); o != want[1] {
			t.Errorf("idaas %v: the look after it is %s, not %s", idaas, o, want[1])
		}
	}
}

func outcomeOf(s result.Scenario, name string) result.Outcome {
	for _, step := range s.Steps {
		if step.Name == name {
			return step.Outcome
		}
	}
	return "missing"
}

func TestEveryRequestLooksLikeItsClient(t *testing.T) {
	for _, s := range library(t).Scenarios {
		t.Run(s.Name, func(t *testing.T) {
			spelling := map[persona.Auth]string{persona.Bearer: "Bearer " + token, persona.Raw: token}
			authorization := spelling[s.Persona.AuthOf(s.Form)]
			honest, step := &target{}, 0
			look := func(w http.ResponseWriter, r *http.Request) {
				want := http.Header{"Authorization": {authorization}}
				if a := s.Steps[min(step, len(s.Steps)-1)].Request.Auth; a != "" {
					want.Set("Authorization", spelling[a])
				}
				step++
				fields := s.Persona.Headers
				if r.ContentLength > 0 {
					want.Set("Content-Length", r.Header.Get("Content-Length"))
					fields = slices.Concat(fields, s.Persona.Writes)
				}
				for _, h := range fields {
					if h.Value != "" {
						want.Set(h.Name, h.Value)
					}
				}
				if !maps.EqualFunc(r.Header, want, slices.Equal) {
					t.Errorf("%s %s with %v, not %v", r.Method, r.URL, r.Header, want)
				}
				honest.ServeHTTP(w, r)
			}
			run(t, replay.Config{Doer: serve(t, http.HandlerFunc(look)), Scenarios: []*persona.Scenario{s}, Seed: 7})
		})
	}
}

// Package resulttest has a run to show, for the tests of the reports: every outcome, every verdict, two scenarios, something left over.
// It is the same in each call, and nothing in it was measured.
package resulttest

import (
	"slices"
	"time"

	"scimproof/reports/result"
	"scimproof/reports/verdict"
)

// base is where the target of the sample stands.
const base = "https://scim.example.com/v2"

var start = time.Date(2026, time.November, 3, 9, 26, 53, 0, time.UTC)

// Run is the sample.
func Run() result.Run {
	clock := start
	checks := slices.Concat(discovery(), users(), patches(), lists(), features(), groups(), idaas(), vendors())
	for i := range checks {
		finish(&checks[i], &clock)
	}
	scenarios := []result.Scenario{entra(), okta()}
	for _, s := range scenarios {
		for i := range s.Steps {
			if e := s.Steps[i].Exchange; e != nil {
				tick(e, &clock)
			}
		}
	}
	run := result.Run{
		SchemaVersion: result.SchemaVersion,
		Tool:          result.Tool{Version: "1.0.0", Commit: "4f2a91c"},
		Target:        result.Target{BaseURL: base},
		Started:       start,
		Ended:         clock.Add(340 * time.Millisecond),
		Complete:      true,
		Seed:          7,
		Command:       "scimproof check " + base + " --token-env SCIM_TOKEN --allow-writes --profile rfc,idaas,okta,entra --seed 7",
		Notes: []string{
			"Profiles rfc and idaas: /Schemas declares phoneRegion on User and organization as a complex attribute",
			"Names made by this run begin with sp7x2k",
		},
		Checks:    checks,
		Scenarios: scenarios,
		Residue: []result.Residue{{Type: "Group", ID: "g-310", Location: base + "/Groups/g-310",
			Reason: "DELETE answered 500 twice, the last time after 5 s"}},
	}
	for _, name := range []string{"rfc", "idaas", "okta", "entra"} {
		run.Profiles = append(run.Profiles, verdict.Profile(name, checks, false, false))
	}
	return run
}

// row is a check in short: what stands in most of them alike is filled in later.
type row struct {
	id, title, level, rfc, section string
	profiles                       []string
	requirement                    string
	outcome                        result.Outcome
	reason                         string
	expected, actual, location     string
	exchanges                      []result.Exchange
}

func build(rows ...row) []result.Check {
	var checks []result.Check
	for _, r := range rows {
		checks = append(checks, result.Check{ID: r.id, Title: r.title, Profile: r.profiles[0], Profiles: r.profiles, Level: r.level, RFC: r.rfc,
			Section: r.section, Requirement: r.requirement, Outcome: r.outcome, Reason: r.reason, Expected: r.expected, Actual: r.actual,
			Location: r.location, Exchanges: r.exchanges})
	}
	return checks
}

func finish(c *result.Check, clock *time.Time) {
	for i := range c.Exchanges {
		tick(&c.Exchanges[i], clock)
		c.DurationMs += c.Exchanges[i].DurationMs + 0.25
	}
	switch c.Outcome {
	case result.Fail, result.Warn, result.Error, result.Blocked:
		c.Rerun = "scimproof check " + base + " --token-env SCIM_TOKEN --allow-writes --profile rfc,idaas,okta,entra --seed 7 --only " + c.ID
	}
}

// tick gives an exchange its time and moves the clock past it.
func tick(e *result.Exchange, clock *time.Time) {
	e.Started = *clock
	if e.DurationMs == 0 {
		e.DurationMs = 3.5 + float64((len(e.RequestBody)+len(e.ResponseBody))/32)/8
	}
	*clock = clock.Add(time.Duration((e.DurationMs + 1.25) * float64(time.Millisecond)))
}

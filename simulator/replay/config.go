package replay

import (
	"context"
	"fmt"
	"slices"
	"time"

	"scimproof/reports/result"
	"scimproof/simulator/cleanup"
	"scimproof/simulator/persona"
)

// Config is one run of scenarios against one target.
type Config struct {
	Doer      Doer
	Scenarios []*persona.Scenario
	Seed      uint64
	Prefix    string                 // of all names that the run makes; empty: it follows from the seed
	Encoding  persona.Encoding       // of queries; empty: each scenario's own
	IDaaS     bool                   // the target is an IDaaS application
	Replaced  func(rule string) bool // whether the rule holds on an IDaaS target; nil: every rule does
	Offers    func(need string) bool // what the target has, "groups" and "patch"; nil: everything
	Ledger    Ledger                 // nil: none
	Progress  func(Progress)         // nil: nobody looks
	CleanUp   time.Duration          // time for the clean-up of one scenario; zero: 30 seconds
}

// Progress is a step that has just been judged.
type Progress struct {
	Scenario string
	Number   int // of the step as the file counts, from 1; the pages of a walk share one
	Of       int
	Step     result.Step
}

// Ledger keeps on disk what exists on a target, so that a later sweep can remove what a killed run left.
type Ledger = cleanup.Ledger

func (c *Config) validate() error {
	if c.Doer == nil {
		return fmt.Errorf("replay: no client to send with")
	}
	if len(c.Scenarios) == 0 {
		return fmt.Errorf("replay: no scenario to play")
	}
	return nil
}

// holds says whether a rule replaces what clients expect.
func (c *Config) holds(rule string) bool {
	return c.IDaaS && (c.Replaced == nil || c.Replaced(rule))
}

func (c *Config) is(t persona.Target) bool {
	switch t {
	case persona.RFCTarget:
		return !c.IDaaS
	case persona.IDaaSTarget:
		return c.IDaaS
	}
	return true
}

// lacks is the first need that the target does not meet, empty for none.
func (c *Config) lacks(needs []string) string {
	if c.Offers == nil {
		return ""
	}
	if i := slices.IndexFunc(needs, func(n string) bool { return !c.Offers(n) }); i >= 0 {
		return needs[i]
	}
	return ""
}

// Run plays the scenarios one after the other. When ctx ends, the step under way is the last one sent, the rest is blocked, what was made is
// removed all the same, and the error is that of ctx. Other errors are those of the caller's configuration and ledger.
func Run(ctx context.Context, c Config) ([]result.Scenario, []result.Residue, error) {
	if err := c.validate(); err != nil {
		return nil, nil, err
	}
	if c.CleanUp <= 0 {
		c.CleanUp = 30 * time.Second
	}
	var scenarios []result.Scenario
	var residue []result.Residue
	for _, s := range c.Scenarios {
		p := newPlay(&c, s)
		p.run(ctx)
		residue = append(residue, p.cleanUp(ctx)...)
		scenarios = append(scenarios, p.result())
		if err := p.made.Err(); err != nil {
			return scenarios, residue, fmt.Errorf("replay: ledger: %w", err)
		}
	}
	return scenarios, residue, ctx.Err()
}

package replay

import (
	"context"
	"fmt"
	"slices"

	"scimproof/reports/result"
	"scimproof/reports/verdict"
	"scimproof/simulator/cleanup"
	"scimproof/simulator/client"
	"scimproof/simulator/persona"
	"scimproof/simulator/tree"
)

// play is one scenario under way.
type play struct {
	cfg      *Config
	scenario *persona.Scenario
	memory   *persona.Memory
	made     cleanup.Tracker
	steps    []result.Step
	outcomes map[string]result.Outcome // of the steps so far, by name
	through  map[string]bool           // steps that are N/A for what a rule hides of the answer; the request itself went through
	number   int
}

func newPlay(c *Config, s *persona.Scenario) *play {
	return &play{cfg: c, scenario: s, memory: persona.NewMemory(s, c.Seed, c.Prefix), made: cleanup.Tracker{Ledger: c.Ledger},
		outcomes: map[string]result.Outcome{}, through: map[string]bool{}}
}

func (p *play) run(ctx context.Context) {
	for i, step := range p.scenario.Steps {
		p.number = i + 1
		if outcome, reason := p.standing(ctx, step); outcome != "" {
			p.record(step, result.Step{Outcome: outcome, Reason: reason, Actual: "not sent"})
			continue
		}
		if step.Paging != nil {
			p.walk(ctx, step)
			continue
		}
		p.record(step, p.once(ctx, step))
	}
}

// standing says why a step is not sent, with no outcome where it is.
func (p *play) standing(ctx context.Context, step *persona.Step) (result.Outcome, string) {
	if need := p.cfg.lacks(slices.Concat(p.scenario.Needs, step.Needs)); need != "" {
		return result.NA, "the target does not offer " + need
	}
	if !p.cfg.is(step.Only) || step.Unless != persona.AnyTarget && p.cfg.is(step.Unless) {
		return result.NA, "not meant for this kind of target"
	}
	if ctx.Err() != nil {
		return result.Blocked, "the run was interrupted"
	}
	for _, name := range step.After {
		switch outcome := p.outcomes[name]; {
		case outcome == result.Pass || p.through[name]:
		case outcome == result.NA:
			return result.NA, fmt.Sprintf("step %q was not applicable", name)
		default:
			return result.Blocked, fmt.Sprintf("step %q did not succeed", name)
		}
	}
	return "", ""
}

// succeeded says whether all of the steps did what later ones build on.
func (p *play) succeeded(names []string) bool {
	return !slices.ContainsFunc(names, func(name string) bool { return p.outcomes[name] != result.Pass && !p.through[name] })
}

// once sends the step and judges the answer.
func (p *play) once(ctx context.Context, step *persona.Step) result.Step {
	out, _ := p.exchange(ctx, step)
	return out
}

func (p *play) exchange(ctx context.Context, step *persona.Step) (result.Step, *heard) {
	wire, err := p.memory.Render(step, p.cfg.Encoding)
	if err == nil {
		err = p.memory.Judges(step)
	}
	if err != nil { // a value is missing, or the saved answer has a shape that the client's write does not fit
		return result.Step{Outcome: result.Blocked, Reason: p.memory.Mask(err.Error()), Actual: "not sent"}, nil
	}
	r := request(wire)
	answer, err := p.cfg.Doer.Do(ctx, r)
	p.made.Saw(r, answer, err)
	if err != nil && ctx.Err() != nil {
		return result.Step{Outcome: result.Blocked, Reason: "the run was interrupted while the answer was under way", Actual: "no answer"}, nil
	}
	if err != nil || answer == nil {
		return unanswered(answer, err), nil
	}
	h := hear(answer)
	p.save(step, h)
	f := p.judge(ctx, step, h)
	p.through[step.Name] = f.through
	exchange := answer.Exchange
	return result.Step{Outcome: f.outcome, Reason: p.memory.Mask(f.reason), Actual: p.memory.Mask(f.actual), Exchange: &exchange}, h
}

func unanswered(answer *client.Answer, err error) result.Step {
	out := result.Step{Outcome: result.Error, Reason: "no answer", Actual: "no answer"}
	if err != nil {
		out.Reason = "no answer: " + err.Error()
	}
	if answer != nil {
		exchange := answer.Exchange
		out.Exchange = &exchange
	}
	return out
}

// save keeps values of good answers only: an error also has a status and may have an id.
func (p *play) save(step *persona.Step, h *heard) {
	var from *tree.Node
	if h.status >= 200 && h.status < 300 {
		from = h.body
	}
	// The paths were read when the scenario was loaded; what a variable adds can only make one that leads nowhere.
	_ = p.memory.Save(step, from)
}

func (p *play) record(step *persona.Step, out result.Step) {
	if out.Name == "" {
		out.Name = step.Name
	}
	out.Source = step.Source
	if out.Expected == "" {
		out.Expected = p.memory.Mask(expected(p.memory, step))
	}
	p.steps = append(p.steps, out)
	if worse(out.Outcome, p.outcomes[step.Name]) {
		p.outcomes[step.Name] = out.Outcome
	}
	if p.cfg.Progress != nil {
		p.cfg.Progress(Progress{Scenario: p.scenario.Name, Number: p.number, Of: len(p.scenario.Steps), Step: out})
	}
}

// worse compares two outcomes by their order in result.Outcomes; anything is worse than none.
func worse(a, b result.Outcome) bool {
	return b == "" || slices.Index(result.Outcomes, a) < slices.Index(result.Outcomes, b)
}

func (p *play) result() result.Scenario {
	return result.Scenario{Client: p.scenario.Client, Name: p.scenario.Name, Title: p.scenario.Title, Verdict: verdict.Scenario(p.steps), Steps: p.steps}
}

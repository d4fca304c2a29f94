package console

import (
	"fmt"
	"strings"

	"scimproof/reports/result"
	"scimproof/reports/verdict"
)

func (p *page) scenarios(run result.Run) {
	if len(run.Scenarios) == 0 {
		return
	}
	p.heading(fmt.Sprintf("Replayed (%d)", len(run.Scenarios)))
	name := 0
	for _, s := range run.Scenarios {
		name = max(name, displayed(safe(s.Name)))
	}
	target := ""
	for _, s := range run.Scenarios {
		if s.Target != target {
			target = s.Target
			p.prose(margin, faint, "at "+target)
		}
		v := lookOfVerdict(s.Verdict)
		p.line(margin, p.paint(v.hue, v.sign+" ")+p.paint(strong, pad(safe(s.Name), name+2))+
			p.paint(v.hue, pad(v.word, len(result.NonConformant)+2))+p.stepCounts(s))
		p.prose(margin+2, faint, s.Title)
		for i, step := range s.Steps {
			p.step(i+1, step)
		}
	}
}

func (p *page) stepCounts(s result.Scenario) string {
	c := result.Counts{}
	for _, step := range s.Steps {
		verdict.Add(&c, step.Outcome)
	}
	var parts []string
	for _, o := range order {
		if n := verdict.Of(c, o); n > 0 {
			parts = append(parts, p.paint(lookOf(o).hue, fmt.Sprintf("%d %s", n, lookOf(o).word)))
		}
	}
	return strings.Join(parts, p.paint(faint, ", "))
}

// step tells of a step that went wrong; what a rule replaces is in the reports.
func (p *page) step(number int, s result.Step) {
	const in = margin + 4
	l := lookOf(s.Outcome)
	switch s.Outcome {
	case result.Fail, result.Error:
		p.blank()
		p.line(margin+2, p.paint(l.hue, fmt.Sprintf("%s %d. %s", l.sign, number, safe(s.Name))))
		p.prose(in, strong, s.Reason)
		p.field(in, "needs", s.Expected)
		p.field(in, "actual", s.Actual)
		p.field(in, "evidence", s.Source)
		if s.Exchange != nil {
			p.curl(in, []result.Exchange{*s.Exchange})
			p.blank()
		}
	case result.Blocked:
		p.line(margin+2, p.paint(l.hue, fmt.Sprintf("%s %d. %s", l.sign, number, safe(s.Name))))
		p.prose(in, "", s.Reason)
	}
}

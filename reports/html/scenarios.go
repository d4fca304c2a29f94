package html

import (
	"fmt"
	"strings"

	"scimproof/reports/result"
	"scimproof/reports/verdict"
)

// scenario is a replay, step by step.
type scenario struct {
	result.Scenario
	Anchor string
	Look   look
	Counts []chip
	Steps  []step
	Open   bool
}

type step struct {
	result.Step
	Number   int
	Anchor   string
	Look     look
	Finding  string // as of a check
	Why      string
	Tags     []string // kinds of evidence that the client sends this
	Origin   string   // where it was seen
	Exchange *exchange
	Open     bool
}

func newScenario(s result.Scenario, names anchors, v *viewer) scenario {
	out := scenario{Scenario: s, Anchor: names.of(s.Name), Look: verdictLooks[s.Verdict], Open: s.Verdict != result.Conformant}
	c := result.Counts{}
	for i, st := range s.Steps {
		verdict.Add(&c, st.Outcome)
		x := step{Step: st, Number: i + 1, Anchor: names.of(fmt.Sprintf("%s/%d", s.Name, i+1)), Look: looks[st.Outcome],
			Open: st.Outcome == result.Fail || st.Outcome == result.Error}
		x.Finding, x.Why = finding(st.Outcome, st.Reason)
		x.Tags, x.Origin = tags(st.Source)
		if st.Exchange != nil {
			e := v.exchange(*st.Exchange, st.Outcome)
			x.Exchange = &e
		}
		out.Steps = append(out.Steps, x)
	}
	for _, o := range result.Outcomes {
		if n := verdict.Of(c, o); n > 0 {
			out.Counts = append(out.Counts, chip{looks[o], o, n})
		}
	}
	return out
}

// tags parts "documented, observed: where" into its kinds and the rest.
func tags(source string) (kinds []string, origin string) {
	head, origin, found := strings.Cut(source, ":")
	if !found {
		return nil, source
	}
	for _, kind := range strings.Split(head, ",") {
		kinds = append(kinds, strings.TrimSpace(kind))
	}
	return kinds, strings.TrimSpace(origin)
}

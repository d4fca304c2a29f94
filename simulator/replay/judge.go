package replay

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sort"
	"strings"

	"scimproof/reports/result"
	"scimproof/simulator/client"
	"scimproof/simulator/persona"
	"scimproof/simulator/tree"
)

// heard is an answer with its body read.
type heard struct {
	status int
	header http.Header
	body   *tree.Node // nil where there is none
	broken error      // the body is there and is no JSON
}

func hear(a *client.Answer) *heard {
	h := &heard{status: a.Status, header: a.Header}
	if len(strings.TrimSpace(string(a.Body))) > 0 {
		h.body, h.broken = tree.Parse(a.Body)
	}
	return h
}

// unmet is one expectation that the answer does not meet.
type unmet struct {
	text  string   // what is wrong, for people
	rules []string // that replace the expectation where they hold
}

// finding is the judgement of one answer.
type finding struct {
	outcome result.Outcome
	reason  string
	actual  string
	through bool // N/A, yet the request did what it was sent for
}

func (p *play) judge(ctx context.Context, step *persona.Step, h *heard) finding {
	missed := p.measure(&step.Expect, h)
	if len(missed) == 0 {
		return finding{outcome: result.Pass, actual: brief(h)}
	}
	actual := brief(h) + "; " + texts(missed)
	if rules := p.allReplaced(missed); len(rules) > 0 {
		return finding{outcome: result.NA, reason: "replaced by " + strings.Join(rules, ", ") + ": " + texts(missed), actual: actual, through: true}
	}
	if reason := p.departure(step, h); reason != "" {
		return finding{outcome: result.NA, reason: reason, actual: actual}
	}
	if outcome, reason := p.unfit(ctx, h); outcome != "" {
		return finding{outcome: outcome, reason: reason, actual: actual}
	}
	hard := slices.DeleteFunc(missed, func(u unmet) bool { return p.rule(u) != "" })
	return finding{outcome: result.Fail, reason: hard[0].text, actual: actual}
}

// measure lists what of an expectation the answer does not meet. A wrong status alone says enough: the body is then that of another answer.
func (p *play) measure(e *persona.Expect, h *heard) []unmet {
	if len(e.Status) > 0 && !slices.Contains(e.Status, h.status) {
		return []unmet{{text: fmt.Sprintf("status is %d, not %s", h.status, statuses(e.Status))}}
	}
	var out []unmet
	for _, name := range headerNames(e) {
		want, got := e.Header[name], h.header.Values(name)
		if len(got) == 0 {
			out = append(out, unmet{text: fmt.Sprintf("header %s is missing", name)})
		} else if !strings.Contains(strings.ToLower(strings.Join(got, ", ")), strings.ToLower(want)) {
			out = append(out, unmet{text: fmt.Sprintf("header %s is %q, not %s", name, strings.Join(got, ", "), want)})
		}
	}
	if h.broken != nil && len(e.Body) > 0 {
		return append(out, unmet{text: h.broken.Error()})
	}
	for i := range e.Body {
		if !p.succeeded(e.Body[i].After) {
			continue
		}
		if text := p.assert(&e.Body[i], h.body); text != "" {
			out = append(out, unmet{text: text, rules: e.Body[i].Replaced})
		}
	}
	return out
}

func headerNames(e *persona.Expect) []string {
	var names []string
	for name := range e.Header {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// rule is the first rule that replaces the expectation on this target.
func (p *play) rule(u unmet) string {
	for _, r := range u.rules {
		if p.cfg.holds(r) {
			return r
		}
	}
	return ""
}

// allReplaced gives the rules when each of the unmet expectations is replaced by one, each rule once.
func (p *play) allReplaced(missed []unmet) []string {
	var rules []string
	for _, u := range missed {
		r := p.rule(u)
		if r == "" {
			return nil
		}
		if !slices.Contains(rules, r) {
			rules = append(rules, r)
		}
	}
	return rules
}

// departure gives the reason why another answer than the expected one is right on this target, empty where none is.
func (p *play) departure(step *persona.Step, h *heard) string {
	for _, rule := range step.Rules() {
		d := step.Replaced[rule]
		if p.cfg.holds(rule) && p.cfg.is(d.On) && (d.Skip || len(p.measure(&d.Expect, h)) == 0) {
			return because("replaced by "+rule, d.Why)
		}
	}
	for i := range step.Permit {
		d := &step.Permit[i]
		if p.cfg.is(d.On) && len(p.measure(&d.Expect, h)) == 0 {
			return because("permitted", d.Why)
		}
	}
	return ""
}

func because(what, why string) string {
	if why == "" {
		return what
	}
	return what + ": " + why
}

// unfit says whether the run could not judge: the credential or the rate was refused, or the target fails at a plain request too.
// A target that answers a plain request well broke on this one, and that is its failure.
func (p *play) unfit(ctx context.Context, h *heard) (result.Outcome, string) {
	switch {
	case h.status == http.StatusUnauthorized:
		return result.Error, "the target refused the credentials"
	case h.status == http.StatusTooManyRequests:
		return result.Error, "the target limits the rate"
	case h.status < 500 || h.status == http.StatusNotImplemented:
		return "", ""
	}
	answer, err := p.plain(ctx, client.Request{Method: http.MethodGet, Path: "/Users", Query: "startIndex=1&count=1"})
	if err != nil || answer.Status >= 500 {
		return result.Error, fmt.Sprintf("status is %d, and a plain request right after it fails too", h.status)
	}
	return "", ""
}

// brief is the answer in a few words: its status and, of an error, what it says.
func brief(h *heard) string {
	out := fmt.Sprint(h.status)
	if h.status < 400 || h.body == nil {
		return out
	}
	for _, name := range []string{"scimType", "detail"} {
		path, err := tree.ParsePath(name)
		if err != nil {
			continue
		}
		if found := path.Find(h.body); len(found) > 0 {
			out += "; " + name + " " + cut(found[0].String())
		}
	}
	return out
}

func texts(missed []unmet) string {
	var all []string
	for _, u := range missed {
		all = append(all, u.text)
	}
	return strings.Join(all, "; ")
}

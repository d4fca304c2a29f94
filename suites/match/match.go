package match

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/onsi/gomega/types"

	"scimproof/suites/check"
)

// matcher judges an answer. got says what there is; ok whether that is what was wanted.
type matcher struct {
	wanted   string
	location string
	judge    func(a *check.Answer) (got string, ok bool)
}

var (
	_ types.GomegaMatcher = matcher{}
	_ check.Explainer     = matcher{}
)

// Match is that of Gomega.
func (m matcher) Match(actual any) (bool, error) {
	a, ok := actual.(*check.Answer)
	if !ok {
		return false, fmt.Errorf("%T is no answer", actual)
	}
	_, matched := m.judge(a)
	return matched, nil
}

// Explain is that of check.
func (m matcher) Explain(actual any, negated bool) (expected, got, location string) {
	a, ok := actual.(*check.Answer)
	if !ok {
		return m.wanted, fmt.Sprintf("%T", actual), m.location
	}
	got, _ = m.judge(a)
	expected = m.wanted
	if negated {
		expected = "not: " + expected
	}
	return expected, a.Request.Method + " " + short(a.Request.Path) + ": " + got, m.location
}

// FailureMessage is that of Gomega.
func (m matcher) FailureMessage(actual any) string {
	expected, got, _ := m.Explain(actual, false)
	return "Expected " + expected + "\nGot " + got
}

// NegatedFailureMessage is that of Gomega.
func (m matcher) NegatedFailureMessage(actual any) string {
	expected, got, _ := m.Explain(actual, true)
	return "Expected " + expected + "\nGot " + got
}

// limit is how much of a value stands in a sentence; the whole is in the exchange.
const limit = 160

// short cuts a text at a character and keeps it on one line.
func short(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) <= limit {
		return s
	}
	end := limit
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "…"
}

// brief is an answer in a few words: its status and, of an error, what it says.
func brief(a *check.Answer) string {
	out := fmt.Sprintf("status %d", a.Status)
	if a.Status < 400 {
		return out
	}
	if t := a.Text("scimType"); t != "" {
		out += ", scimType " + short(t)
	}
	if d := a.Text("detail"); d != "" {
		out += ", " + short(d)
	}
	return out
}

// words joins what is allowed: "201", "200 or 204".
func words[V any](list []V) string {
	var out []string
	for _, v := range list {
		out = append(out, fmt.Sprint(v))
	}
	return strings.Join(out, " or ")
}

// All wants every one of the matchers; the first that does not match explains.
func All(list ...types.GomegaMatcher) types.GomegaMatcher { return all(list) }

type all []types.GomegaMatcher

// Match is that of Gomega.
func (l all) Match(actual any) (bool, error) {
	for _, m := range l {
		if ok, err := m.Match(actual); err != nil || !ok {
			return false, err
		}
	}
	return true, nil
}

func (l all) first(actual any) types.GomegaMatcher {
	for _, m := range l {
		if ok, err := m.Match(actual); err != nil || !ok {
			return m
		}
	}
	return l[len(l)-1]
}

// Explain is that of check.
func (l all) Explain(actual any, negated bool) (expected, got, location string) {
	if e, ok := l.first(actual).(check.Explainer); ok {
		return e.Explain(actual, negated)
	}
	return l.FailureMessage(actual), "", ""
}

// FailureMessage is that of Gomega.
func (l all) FailureMessage(actual any) string { return l.first(actual).FailureMessage(actual) }

// NegatedFailureMessage is that of Gomega.
func (l all) NegatedFailureMessage(actual any) string {
	return l.first(actual).NegatedFailureMessage(actual)
}

// Is says whether an answer matches, for a body that goes on either way.
func Is(a *check.Answer, m types.GomegaMatcher) bool {
	ok, err := m.Match(a)
	return err == nil && ok
}

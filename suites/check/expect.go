package check

import (
	"fmt"
	"strings"

	"github.com/onsi/gomega/format"
	"github.com/onsi/gomega/types"

	"scimproof/reports/verdict"
)

// Failure is why a check ended: what was expected and what came, as data, and where; or, where nothing was compared, a reason.
type Failure struct {
	Expected string
	Actual   string
	Location string // header, or path in the body
	Reason   string
}

// Explainer is a matcher that says in words what it wanted and what it got. The matchers of package match do.
type Explainer interface {
	Explain(actual any, negated bool) (expected, got, location string)
}

// Assertion is an expectation about a value.
type Assertion struct {
	t      *T
	actual any
	about  string
}

// Expect begins an expectation. About says in a few words what the value is, where the matcher cannot know.
func (t *T) Expect(actual any, about ...string) Assertion {
	return Assertion{t, actual, strings.Join(about, " ")}
}

// To ends the check, unless the value matches.
func (a Assertion) To(m types.GomegaMatcher) { a.settle(m, true) }

// NotTo ends the check if the value matches.
func (a Assertion) NotTo(m types.GomegaMatcher) { a.settle(m, false) }

func (a Assertion) settle(m types.GomegaMatcher, want bool) {
	ok, err := m.Match(a.actual)
	if err != nil {
		panic(fmt.Sprintf("a matcher was given what it cannot judge: %v", err))
	}
	if ok == want {
		return
	}
	f := explain(m, a.actual, want)
	if a.about != "" {
		f.Expected, f.Actual = a.about+": "+f.Expected, a.about+": "+f.Actual
	}
	a.t.end(verdict.Broken, f)
}

// explain asks the matcher, or takes Gomega's sentence apart: what stands before "to ..." is the value.
func explain(m types.GomegaMatcher, actual any, want bool) Failure {
	if e, ok := m.(Explainer); ok {
		expected, got, location := e.Explain(actual, !want)
		return Failure{Expected: expected, Actual: got, Location: location}
	}
	message := m.FailureMessage(actual)
	if !want {
		message = m.NegatedFailureMessage(actual)
	}
	expected := message
	for _, sep := range []string{"\nto ", "\nnot to "} {
		if i := strings.Index(message, sep); i >= 0 {
			expected = strings.Join(strings.Fields(message[i:]), " ")
			break
		}
	}
	return Failure{Expected: expected, Actual: strings.Join(strings.Fields(format.Object(actual, 0)), " ")}
}

// Equal expects two values to be the same; what says what they are.
func (t *T) Equal(what string, got, want any) {
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.end(verdict.Broken, Failure{Expected: fmt.Sprintf("%s %v", what, want), Actual: fmt.Sprintf("%s %v", what, got)})
	}
}

// Hold expects a condition; expected and actual say in words what should be and what is.
func (t *T) Hold(condition bool, expected, actual string) {
	if !condition {
		t.end(verdict.Broken, Failure{Expected: expected, Actual: actual})
	}
}

// Break ends the check as one that the target does not pass.
func (t *T) Break(expected, actual string) {
	t.end(verdict.Broken, Failure{Expected: expected, Actual: actual})
}

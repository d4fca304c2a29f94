package replay

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"scimproof/simulator/persona"
	"scimproof/simulator/tree"
)

// evidenceLimit is how much of a value stands in a sentence; the whole is in the exchange.
const evidenceLimit = 200

// cut shortens a text at a character.
func cut(s string) string {
	if len(s) <= evidenceLimit {
		return s
	}
	end := evidenceLimit
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "…"
}

func show(found []*tree.Node) string {
	var all []string
	for _, n := range found {
		all = append(all, string(n.JSON()))
	}
	return cut(strings.Join(all, ", "))
}

func statuses(codes []int) string {
	var all []string
	for _, c := range codes {
		all = append(all, fmt.Sprint(c))
	}
	return strings.Join(all, " or ")
}

// expected says in words what the client needs: the answer, then what for.
func expected(m *persona.Memory, step *persona.Step) string {
	var parts []string
	if len(step.Expect.Status) > 0 {
		parts = append(parts, "status "+statuses(step.Expect.Status))
	}
	for _, name := range headerNames(&step.Expect) {
		parts = append(parts, strings.TrimSpace("header "+name+" "+step.Expect.Header[name]))
	}
	for i := range step.Expect.Body {
		parts = append(parts, question(m, &step.Expect.Body[i]))
	}
	if len(parts) == 0 {
		return step.Why
	}
	return strings.Join(parts, "; ") + ". " + step.Why
}

func question(m *persona.Memory, a *persona.Assertion) string {
	label, err := m.Text(a.Path)
	if err != nil {
		label = a.Path
	}
	switch {
	case a.Present:
		return label + " present"
	case a.Absent:
		return label + " absent"
	case a.Count != nil:
		return fmt.Sprintf("%s with %d elements", label, *a.Count)
	case a.Type != "":
		return label + " of type " + a.Type
	case !a.Contains.IsZero():
		return label + " containing " + wanted(m, &a.Contains)
	case len(a.OneOf) > 0:
		var all []string
		for i := range a.OneOf {
			all = append(all, wanted(m, &a.OneOf[i]))
		}
		return label + " " + strings.Join(all, " or ")
	}
	return label + " " + wanted(m, &a.Equals)
}

// wanted is an expected value; one that is not known yet stands as the file has it.
func wanted(m *persona.Memory, n *yaml.Node) string {
	v, err := m.Value(n)
	if err != nil {
		return n.Value
	}
	return cut(string(v.JSON()))
}

package replay

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"scimproof/simulator/persona"
	"scimproof/simulator/tree"
)

// assert says what is wrong with the part that the assertion speaks of, empty for nothing. An answer without a body has no parts.
func (p *play) assert(a *persona.Assertion, body *tree.Node) string {
	path, err := p.memory.Path(a.Path)
	if err != nil {
		return "cannot judge " + a.Path + ": " + err.Error()
	}
	var found []*tree.Node
	if body != nil {
		found = path.Find(body)
	}
	wrong, err := p.compare(a, found)
	if err != nil {
		return "cannot judge " + a.Path + ": " + err.Error()
	}
	if wrong == "" {
		return ""
	}
	label, _ := p.memory.Text(a.Path)
	if strings.EqualFold(path.Last(), "password") {
		return label + " is in the answer" // whatever it holds stays out of the report
	}
	return label + " " + wrong
}

func (p *play) compare(a *persona.Assertion, found []*tree.Node) (string, error) {
	switch {
	case a.Present:
		if unassigned(found) {
			return "is missing", nil
		}
		return "", nil
	case a.Absent:
		if !unassigned(found) {
			return "is " + show(found) + " and should not be there", nil
		}
		return "", nil
	case a.Count != nil:
		if n := count(found); n != *a.Count {
			return fmt.Sprintf("has %d elements, not %d", n, *a.Count), nil
		}
		return "", nil
	case a.Type != "":
		for _, n := range found {
			if string(n.Kind) != a.Type {
				return fmt.Sprintf("is of type %s, not %s", n.Kind, a.Type), nil
			}
		}
		if len(found) == 0 {
			return "is missing", nil
		}
		return "", nil
	case !a.Contains.IsZero():
		return p.contains(&a.Contains, found)
	case len(a.OneOf) > 0:
		return p.oneOf(a.OneOf, found)
	}
	return p.oneOf([]yaml.Node{a.Equals}, found)
}

// oneOf wants exactly one part, equal to one of the values.
func (p *play) oneOf(values []yaml.Node, found []*tree.Node) (string, error) {
	var wanted []string
	for i := range values {
		want, err := p.memory.Value(&values[i])
		if err != nil {
			return "", err
		}
		if len(found) == 1 && tree.Equal(found[0], want) {
			return "", nil
		}
		wanted = append(wanted, cut(string(want.JSON())))
	}
	if unassigned(found) {
		return "is missing, not " + strings.Join(wanted, " or "), nil
	}
	return "is " + show(found) + ", not " + strings.Join(wanted, " or "), nil
}

// contains wants an element in a list or a part in a text.
func (p *play) contains(value *yaml.Node, found []*tree.Node) (string, error) {
	want, err := p.memory.Value(value)
	if err != nil {
		return "", err
	}
	for _, n := range found {
		if n.Kind == tree.String && strings.Contains(n.String(), want.String()) {
			return "", nil
		}
		for _, item := range n.Items {
			if tree.Equal(item, want) {
				return "", nil
			}
		}
	}
	if unassigned(found) {
		return "is missing", nil
	}
	return "is " + show(found) + " and does not contain " + cut(string(want.JSON())), nil
}

// unassigned takes null and the empty list for nothing (RFC 7643 section 2.5).
func unassigned(found []*tree.Node) bool {
	for _, n := range found {
		if !n.Empty() {
			return false
		}
	}
	return true
}

func count(found []*tree.Node) int {
	if len(found) == 1 && found[0].Kind == tree.Array {
		return len(found[0].Items)
	}
	if unassigned(found) {
		return 0
	}
	return len(found)
}

package persona

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"scimproof/simulator/tree"
)

// Memory is what one play of a scenario knows: the people generated for it and what its steps saved.
type Memory struct {
	scenario *Scenario
	vars     map[string]*tree.Node
}

// NewMemory generates the people of the scenario. Names start with prefix; an empty one follows from the seed.
func NewMemory(s *Scenario, seed uint64, prefix string) *Memory {
	if prefix == "" {
		prefix = DefaultPrefix(seed)
	}
	return &Memory{scenario: s, vars: generate(s, seed, prefix)}
}

// Missing says that a step needs what an earlier one did not bring.
type Missing struct {
	Variable string
	Step     string // the last earlier step that saves it
}

// Error says which step would have brought the value.
func (m *Missing) Error() string {
	return fmt.Sprintf("%s is not known: step %q did not bring it", m.Variable, m.Step)
}

func (m *Memory) lookup(name string) (*tree.Node, error) {
	if v, ok := m.vars[name]; ok {
		return v, nil
	}
	missing := &Missing{Variable: name}
	for _, step := range m.scenario.Steps {
		if _, ok := step.Save[name]; ok {
			missing.Step = step.Name
		}
	}
	return nil, missing
}

// Save keeps what the step wants of an answer. What is not in the answer is forgotten, so that no later step works with a stale value.
func (m *Memory) Save(step *Step, answer *tree.Node) error {
	for _, name := range sortedKeys(step.Save) {
		path, err := m.Path(step.Save[name])
		if err != nil {
			return err
		}
		delete(m.vars, name)
		if answer == nil {
			continue
		}
		if found := path.Find(answer); len(found) > 0 && !found[0].Empty() && found[0].String() != "" {
			m.vars[name] = found[0].Clone()
		}
	}
	return nil
}

// Judges says whether what the step expects can be judged. A *Missing error says that an earlier step did not bring a value.
func (m *Memory) Judges(step *Step) error {
	for i := range step.Expect.Body {
		a := &step.Expect.Body[i]
		_, err := m.Text(a.Path)
		for _, value := range a.values() {
			if err == nil {
				_, err = m.Value(value)
			}
		}
		if missing := (*Missing)(nil); errors.As(err, &missing) {
			if _, own := step.Save[missing.Variable]; !own { // its own answer brings it
				return err
			}
		}
	}
	return nil
}

// Path fills the template of a path and reads it.
func (m *Memory) Path(text string) (tree.Path, error) {
	s, err := expand(text, m.lookup, verbatim)
	if err != nil {
		return nil, err
	}
	return tree.ParsePath(s)
}

// Text fills a template.
func (m *Memory) Text(text string) (string, error) { return expand(text, m.lookup, verbatim) }

// Mask takes the generated passwords out of a text for people.
func (m *Memory) Mask(text string) string {
	for _, name := range m.scenario.People.Users {
		text = strings.ReplaceAll(text, m.vars[name+".password"].String(), "***")
	}
	return text
}

// Turn sets the page that a step with paging asks for; startIndex counts from 1 (RFC 7644 section 3.4.2.4).
func (m *Memory) Turn(startIndex, size int) {
	m.vars[pageStart] = tree.Text(strconv.Itoa(startIndex))
	m.vars[pageSize] = tree.Text(strconv.Itoa(size))
}

package persona

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"scimproof/simulator/tree"
)

// evidence is how well a request is known, then where from.
var evidence = regexp.MustCompile(`^(documented|vendor-test|vendor-staff|observed|reported|inferred|tester)(, (documented|vendor-test|vendor-staff|observed|reported|inferred))*: \S`)

var methods = []string{"GET", "POST", "PUT", "PATCH", "DELETE"}

// Variables that a step with paging has beside its own.
const pageStart, pageSize = "page.startIndex", "page.size"

// validator walks a scenario and knows at each step which variables there can be.
type validator struct {
	known map[string]bool
	names []string // of the steps so far
}

func (s *Scenario) validate() error {
	if s.Title == "" || s.Description == "" {
		return fmt.Errorf("title and description must be filled in")
	}
	if _, ok := s.Persona.Forms[s.Form]; !ok {
		return fmt.Errorf("form is %q: name one of %s", s.Form, strings.Join(sortedKeys(s.Persona.Forms), ", "))
	}
	if len(s.Steps) == 0 {
		return fmt.Errorf("there is no step")
	}
	v := &validator{known: map[string]bool{"run": true}}
	if err := v.people(s.People); err != nil {
		return err
	}
	for i, step := range s.Steps {
		if step == nil || step.Name == "" {
			return fmt.Errorf("step %d has no name", i+1)
		}
		if err := v.step(step); err != nil {
			return fmt.Errorf("step %q: %w", step.Name, err)
		}
		v.names = append(v.names, step.Name)
	}
	return nil
}

func (v *validator) people(p People) error {
	for _, name := range p.Users {
		for _, field := range userFields {
			v.known[name+"."+field] = true
		}
	}
	for _, name := range p.Groups {
		for _, field := range groupFields {
			v.known[name+"."+field] = true
		}
	}
	for _, name := range p.GUIDs {
		v.known[name] = true
	}
	all := slices.Concat(p.Users, p.Groups, p.GUIDs)
	slices.Sort(all)
	if len(slices.Compact(slices.Clone(all))) != len(all) {
		return fmt.Errorf("people: a name stands twice")
	}
	return nil
}

func (v *validator) step(s *Step) error {
	if slices.Contains(v.names, s.Name) {
		return fmt.Errorf("another step has this name")
	}
	if !evidence.MatchString(s.Source) {
		return fmt.Errorf("source is %q: say how the request is known, a colon, and where from", s.Source)
	}
	if s.Why == "" {
		return fmt.Errorf("why is missing: say what the client needs and what happens to it otherwise")
	}
	if err := v.after(s.After); err != nil {
		return err
	}
	if s.Paging != nil {
		if s.Paging.Size < 1 || s.Paging.Limit < 1 || s.Request.Method != "GET" {
			return fmt.Errorf("paging: needs a GET, and a size and a limit of at least 1")
		}
		v.known[pageStart], v.known[pageSize] = true, true
		defer func() { delete(v.known, pageStart); delete(v.known, pageSize) }()
		for _, text := range s.Paging.Includes {
			if _, err := expand(text, v.dummy, verbatim); err != nil {
				return fmt.Errorf("paging: %w", err)
			}
		}
	}
	if err := v.request(&s.Request); err != nil {
		return fmt.Errorf("request: %w", err)
	}
	return v.answer(s)
}

func (v *validator) after(names []string) error {
	for _, name := range names {
		if !slices.Contains(v.names, name) {
			return fmt.Errorf("after: no earlier step is called %q", name)
		}
	}
	return nil
}

// answer checks everything that is said about the answer; it may speak of what the step itself saves.
func (v *validator) answer(s *Step) error {
	for _, name := range sortedKeys(s.Save) {
		if strings.Contains(name, ".") {
			return fmt.Errorf("save: %q: a saved name has no dot", name)
		}
		if err := v.path(s.Save[name]); err != nil {
			return fmt.Errorf("save: %w", err)
		}
		v.known[name] = true
	}
	if err := v.expect(&s.Expect); err != nil {
		return fmt.Errorf("expect: %w", err)
	}
	for _, rule := range sortedKeys(s.Replaced) {
		d := s.Replaced[rule]
		if err := v.departure(&d); err != nil {
			return fmt.Errorf("replaced by %s: %w", rule, err)
		}
	}
	for i := range s.Permit {
		if err := v.departure(&s.Permit[i]); err != nil {
			return fmt.Errorf("permit: %w", err)
		}
		if s.Permit[i].Why == "" {
			return fmt.Errorf("permit: why is missing: say who grants it")
		}
	}
	return checkTargets(s)
}

func checkTargets(s *Step) error {
	all := []Target{s.Only, s.Unless}
	for _, d := range s.Permit {
		all = append(all, d.On)
	}
	for _, t := range all {
		if t != AnyTarget && t != RFCTarget && t != IDaaSTarget {
			return fmt.Errorf("%q is no kind of target: write rfc or idaas", t)
		}
	}
	return nil
}

func (v *validator) request(r *Request) error {
	if !slices.Contains(methods, r.Method) {
		return fmt.Errorf("method is %q", r.Method)
	}
	if err := checkAuth(r.Auth, true); err != nil {
		return err
	}
	if !strings.HasPrefix(r.Path, "/") || strings.Contains(r.Path, "?") {
		return fmt.Errorf("path is %q: start with / and put the query under query", r.Path)
	}
	if _, err := expand(r.Path, v.dummy, verbatim); err != nil {
		return err
	}
	err := eachPair(&r.Query, func(_ string, n *yaml.Node) error {
		if n.Kind != yaml.ScalarNode {
			return fmt.Errorf("query: line %d: expected one text", n.Line)
		}
		_, err := expand(n.Value, v.dummy, verbatim)
		return err
	})
	if err != nil {
		return err
	}
	if r.From == "" {
		return v.written(r)
	}
	return v.echo(r)
}

func (v *validator) written(r *Request) error {
	if !r.Set.IsZero() || len(r.Remove) > 0 {
		return fmt.Errorf("set and remove change what from names, and from is missing")
	}
	if r.Body.IsZero() {
		return nil
	}
	_, err := document(&r.Body, v.dummy)
	return err
}

func (v *validator) echo(r *Request) error {
	if !r.Body.IsZero() {
		return fmt.Errorf("write either body or from")
	}
	if !v.known[r.From] {
		return fmt.Errorf("from: no earlier step saves %q", r.From)
	}
	for _, text := range r.Remove {
		if err := v.path(text); err != nil {
			return err
		}
	}
	return eachPair(&r.Set, func(key string, n *yaml.Node) error {
		if err := v.path(key); err != nil {
			return err
		}
		_, err := document(n, v.dummy)
		return err
	})
}

func (v *validator) departure(d *Departure) error {
	empty := len(d.Status) == 0 && len(d.Body) == 0 && len(d.Header) == 0
	if d.Skip != empty {
		return fmt.Errorf("write either skip: true or what holds instead")
	}
	return v.expect(&d.Expect)
}

func (v *validator) expect(e *Expect) error {
	for i := range e.Body {
		a := &e.Body[i]
		if err := v.assertion(a); err != nil {
			return fmt.Errorf("%s: %w", a.Path, err)
		}
	}
	return nil
}

func (v *validator) assertion(a *Assertion) error {
	if err := v.path(a.Path); err != nil {
		return err
	}
	for _, value := range a.values() {
		if _, err := document(value, v.dummy); err != nil {
			return err
		}
	}
	if err := v.after(a.After); err != nil {
		return err
	}
	if n := a.questions(); n != 1 {
		return fmt.Errorf("%d questions: ask exactly one of equals, oneOf, contains, present, absent, count, type", n)
	}
	return nil
}

func (a *Assertion) questions() int {
	n := 0
	for _, asked := range []bool{!a.Equals.IsZero(), len(a.OneOf) > 0, !a.Contains.IsZero(), a.Present, a.Absent, a.Count != nil, a.Type != ""} {
		if asked {
			n++
		}
	}
	return n
}

func (v *validator) path(text string) error {
	s, err := expand(text, v.dummy, verbatim)
	if err != nil {
		return err
	}
	_, err = tree.ParsePath(s)
	return err
}

// dummy stands for any value that there can be at this step.
func (v *validator) dummy(name string) (*tree.Node, error) {
	if !v.known[name] {
		return nil, fmt.Errorf("no earlier step and nothing under people brings {{%s}}", name)
	}
	return tree.Text("x"), nil
}

package persona

import "go.yaml.in/yaml/v3"

// Scenario is one sequence of requests of one client, as its file says it.
type Scenario struct {
	Name        string   `yaml:"name"` // "okta/jml-aiw"
	Client      string   `yaml:"client"`
	Title       string   `yaml:"title"`
	Form        string   `yaml:"form"` // of the persona
	Description string   `yaml:"description"`
	Needs       []string `yaml:"needs"` // what the target must offer: groups, patch
	People      People   `yaml:"people"`
	Steps       []*Step  `yaml:"steps"`

	Persona *Persona `yaml:"-"`
	File    string   `yaml:"-"`
}

// People names what a scenario generates; each name is a template variable.
type People struct {
	Users  []string `yaml:"users"`
	Groups []string `yaml:"groups"`
	GUIDs  []string `yaml:"guids"`
}

// Step is one request and what its client needs to hear.
type Step struct {
	Name     string               `yaml:"name"`
	Source   string               `yaml:"source"` // how the request is known, then where from
	Needs    []string             `yaml:"needs"`
	Only     Target               `yaml:"only"`   // the kind of target it is for; empty for all
	Unless   Target               `yaml:"unless"` // the kind of target it is not for
	After    []string             `yaml:"after"`  // steps without whose success this one says nothing
	Request  Request              `yaml:"request"`
	Paging   *Paging              `yaml:"paging"`
	Expect   Expect               `yaml:"expect"`
	Why      string               `yaml:"why"`      // what the client needs, and what happens to it otherwise
	Save     map[string]string    `yaml:"save"`     // variable -> path in the answer
	Replaced map[string]Departure `yaml:"replaced"` // rule of the IDaaS profile -> what holds in its stead
	Permit   []Departure          `yaml:"permit"`   // what another authority grants though this client does not cope with it
}

// Target is a kind of target.
type Target string

// The kinds of target.
const (
	AnyTarget   Target = ""
	RFCTarget   Target = "rfc"
	IDaaSTarget Target = "idaas"
)

// Request is what the client sends. A body is either written out or the saved answer that From names, changed by Set and Remove.
type Request struct {
	Auth   Auth      `yaml:"auth"` // where this one departs from the form
	Method string    `yaml:"method"`
	Path   string    `yaml:"path"`  // below the base URL
	Query  yaml.Node `yaml:"query"` // a mapping; its order is that of the wire
	Body   yaml.Node `yaml:"body"`
	From   string    `yaml:"from"`
	Set    yaml.Node `yaml:"set"`    // path -> value
	Remove []string  `yaml:"remove"` // paths
}

// Paging repeats a GET until totalResults is covered, as the client does: startIndex goes on by Size whatever came.
type Paging struct {
	Size     int      `yaml:"size"`
	Limit    int      `yaml:"limit"`    // pages after which the walk ends
	Includes []string `yaml:"includes"` // ids that some page must have shown
}

// Expect is what the client needs. Status lists the statuses it can go on with; empty means any.
type Expect struct {
	Status []int             `yaml:"status"`
	Header map[string]string `yaml:"header"` // name -> text that the value contains; empty: the header is there
	Body   []Assertion       `yaml:"body"`
}

// Assertion is one thing about one part of the answer. Exactly one of the middle fields is set.
type Assertion struct {
	Path string `yaml:"path"`

	Equals   yaml.Node   `yaml:"equals"`
	OneOf    []yaml.Node `yaml:"oneOf"`
	Contains yaml.Node   `yaml:"contains"` // of a list: an element; of a text: a part
	Present  bool        `yaml:"present"`
	Absent   bool        `yaml:"absent"` // also null and the empty list
	Count    *int        `yaml:"count"`  // elements of a list; what is absent has none
	Type     string      `yaml:"type"`   // a tree.Kind

	Replaced []string `yaml:"replaced"` // rules of the IDaaS profile that replace it
	After    []string `yaml:"after"`    // steps without whose success it says nothing: then it is not asked
}

// values are those that the answer is compared with.
func (a *Assertion) values() []*yaml.Node {
	var out []*yaml.Node
	for _, n := range []*yaml.Node{&a.Equals, &a.Contains} {
		if !n.IsZero() {
			out = append(out, n)
		}
	}
	for i := range a.OneOf {
		out = append(out, &a.OneOf[i])
	}
	return out
}

// Departure is what a target may rightly do instead.
type Departure struct {
	On     Target `yaml:"on"`   // for which kind of target; empty for all
	Skip   bool   `yaml:"skip"` // nothing is expected instead
	Expect `yaml:",inline"`
	Why    string `yaml:"why"`
}

// Rules lists the rules of the IDaaS profile that replace an expectation of the scenario, each once, in the order of the file.
func (s *Scenario) Rules() []string {
	seen := map[string]bool{}
	var out []string
	add := func(rules ...string) {
		for _, r := range rules {
			if !seen[r] {
				seen[r] = true
				out = append(out, r)
			}
		}
	}
	for _, step := range s.Steps {
		add(sortedKeys(step.Replaced)...)
		for _, a := range step.Expect.Body {
			add(a.Replaced...)
		}
	}
	return out
}

// Rules lists the rules that replace the whole expectation of the step, ordered.
func (s *Step) Rules() []string { return sortedKeys(s.Replaced) }

package persona

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"path"
	"sort"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Library is all personas and scenarios of a folder.
type Library struct {
	Personas  map[string]*Persona // by client
	Scenarios []*Scenario         // ordered by name
}

const personaFile = "persona.yaml"

// Load reads <client>/persona.yaml and <client>/<name>.yaml below the root of fsys and checks them whole.
// Errors name the file, and the step where there is one.
func Load(fsys fs.FS) (*Library, error) {
	files, err := fs.Glob(fsys, "*/*.yaml")
	if err != nil {
		return nil, err
	}
	lib := &Library{Personas: map[string]*Persona{}}
	for _, file := range files {
		if path.Base(file) != personaFile {
			continue
		}
		p := &Persona{}
		if err := decode(fsys, file, p); err != nil {
			return nil, err
		}
		if err := p.validate(); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if p.Client != path.Dir(file) {
			return nil, fmt.Errorf("%s: client is %q: name it like its folder", file, p.Client)
		}
		lib.Personas[p.Client] = p
	}
	for _, file := range files {
		if path.Base(file) == personaFile {
			continue
		}
		s, err := lib.scenario(fsys, file)
		if err != nil {
			return nil, err
		}
		lib.Scenarios = append(lib.Scenarios, s)
	}
	if len(lib.Scenarios) == 0 {
		return nil, fmt.Errorf("no scenario: expected files <client>/<name>.yaml")
	}
	sort.Slice(lib.Scenarios, func(i, j int) bool { return lib.Scenarios[i].Name < lib.Scenarios[j].Name })
	return lib, nil
}

func (l *Library) scenario(fsys fs.FS, file string) (*Scenario, error) {
	s := &Scenario{File: file}
	if err := decode(fsys, file, s); err != nil {
		return nil, err
	}
	if want := strings.TrimSuffix(file, ".yaml"); s.Name != want || s.Client != path.Dir(file) {
		return nil, fmt.Errorf("%s: write name: %s and client: %s, after the file", file, want, path.Dir(file))
	}
	s.Persona = l.Personas[s.Client]
	if s.Persona == nil {
		return nil, fmt.Errorf("%s: there is no %s/%s", file, s.Client, personaFile)
	}
	if err := s.validate(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return s, nil
}

// decode reads exactly one YAML document; unknown keys are errors.
func decode(fsys fs.FS, file string, into any) error {
	data, err := fs.ReadFile(fsys, file)
	if err != nil {
		return err
	}
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	if err := d.Decode(&yaml.Node{}); err != io.EOF {
		return fmt.Errorf("%s: holds more than one document", file)
	}
	return nil
}

// Select returns the scenarios that a pattern names: a client ("okta"), a scenario ("okta/jml-aiw"), or either with * as in path.Match.
// No pattern selects all. A pattern that selects nothing is an error that lists what there is.
func (l *Library) Select(patterns ...string) ([]*Scenario, error) {
	if len(patterns) == 0 {
		return l.Scenarios, nil
	}
	chosen := map[*Scenario]bool{}
	for _, pattern := range patterns {
		found := false
		for _, s := range l.Scenarios {
			byName, err := path.Match(pattern, s.Name)
			if err != nil {
				return nil, fmt.Errorf("scenario %q: %w", pattern, err)
			}
			byClient, _ := path.Match(pattern, s.Client)
			if byName || byClient {
				chosen[s], found = true, true
			}
		}
		if !found {
			return nil, fmt.Errorf("no scenario %q; there are %s", pattern, strings.Join(l.names(), ", "))
		}
	}
	var out []*Scenario
	for _, s := range l.Scenarios {
		if chosen[s] {
			out = append(out, s)
		}
	}
	return out, nil
}

func (l *Library) names() []string {
	var out []string
	for _, s := range l.Scenarios {
		out = append(out, s.Name)
	}
	return out
}

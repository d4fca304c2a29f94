package persona_test

import (
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"scimproof/simulator/persona"
)

var fixtures = os.DirFS("../../fixtures/idp")

func TestEveryScenarioLoads(t *testing.T) {
	lib, err := persona.Load(fixtures)
	if err != nil {
		t.Fatal(err)
	}
	files, err := fs.Glob(fixtures, "*/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := len(lib.Scenarios)+len(lib.Personas), len(files); got != want {
		t.Errorf("loaded %d of %d files", got, want)
	}
	for _, client := range []string{"okta", "entra"} {
		if lib.Personas[client] == nil {
			t.Errorf("no persona %s", client)
		}
	}
}

func TestEveryScenarioKeepsTheSchema(t *testing.T) {
	compiled, err := jsonschema.NewCompiler().Compile("../../fixtures/idp/scenario.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	files, err := fs.Glob(fixtures, "*/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "/persona.yaml") {
			continue
		}
		data, err := fs.ReadFile(fixtures, file)
		if err != nil {
			t.Fatal(err)
		}
		var doc any
		if err := yaml.Unmarshal(data, &doc); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if err := compiled.Validate(doc); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

const personaYAML = `
client: acme
title: Acme
source: "documented: nowhere"
headers: [{name: User-Agent, value: ""}, {name: Accept, value: application/scim+json}]
writes: [{name: Content-Type, value: application/scim+json}]
query: percent
auth: bearer
forms: {plain: {title: plain}, plus: {title: plus, query: plus, auth: raw}}
`

const scenarioYAML = `
name: acme/one
client: acme
title: One
form: plain
description: One.
people: {users: [user]}
steps:
  - name: create
    source: "documented: nowhere"
    request: {method: POST, path: /Users, body: {userName: "{{user.userName}}"}}
    expect: {status: [201], body: [{path: id, present: true}]}
    why: It has to.
    save: {userId: id}
  - name: read
    source: "tester: nowhere"
    request: {method: GET, path: "/Users/{{userId}}"}
    expect: {status: [200]}
    why: It has to.
`

func acme(scenario string) fs.FS {
	return fstest.MapFS{"acme/persona.yaml": {Data: []byte(personaYAML)}, "acme/one.yaml": {Data: []byte(scenario)}}
}

func TestLoadRefuses(t *testing.T) {
	if _, err := persona.Load(acme(scenarioYAML)); err != nil {
		t.Fatalf("the scenario that the cases change does not load: %v", err)
	}
	for _, c := range []struct{ name, old, new, want string }{
		{"unknown variable", "/Users/{{userId}}", "/Users/{{nobody}}", `acme/one.yaml: step "read": request: no earlier step and nothing under people brings {{nobody}}`},
		{"unknown field of a person", "{{user.userName}}", "{{user.shoeSize}}", `step "create": request: no earlier step and nothing under people brings {{user.shoeSize}}`},
		{"value of a later step", `path: /Users, body`, `path: "/Users/{{later}}", body`, `step "create"`},
		{"unclosed variable", "/Users/{{userId}}", "/Users/{{userId", "{{ without }}"},
		{"unknown key", "why: It has to.\n    save", "reason: It has to.\n    save", "field reason not found"},
		{"unknown form", "form: plain", "form: fancy", "form is \"fancy\": name one of plain, plus"},
		{"name and file differ", "name: acme/one", "name: acme/two", "write name: acme/one"},
		{"no evidence", `"tester: nowhere"`, `"somebody said so"`, "source is"},
		{"two questions", "present: true", "present: true, absent: true", "id: 2 questions"},
		{"broken path", "path: id", "path: 'id['", "bracket is not closed"},
		{"same step twice", "name: read", "name: create", "another step has this name"},
		{"unknown method", "method: GET", "method: FETCH", `method is "FETCH"`},
		{"unknown auth", "method: GET", "method: GET, auth: basic", `auth is "basic": write bearer or raw`},
		{"from nowhere", `path: "/Users/{{userId}}"`, `path: "/Users/{{userId}}", from: current`, `no earlier step saves "current"`},
		{"set without from", `path: "/Users/{{userId}}"`, `path: "/Users/{{userId}}", set: {active: false}`, "from is missing"},
		{"after nobody", "why: It has to.\n    save", "after: [dawn]\n    why: It has to.\n    save", `no earlier step is called "dawn"`},
		{"no such target", "why: It has to.\n    save", "only: moon\n    why: It has to.\n    save", "no kind of target"},
		{"key twice", `{userName: "{{user.userName}}"}`, `{userName: a, userName: b}`, "userName"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(scenarioYAML, c.old, c.new, 1)
			if text == scenarioYAML {
				t.Fatal("the case changes nothing")
			}
			_, err := persona.Load(acme(text))
			if err == nil {
				t.Fatal("loaded")
			}
			if !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "acme/one.yaml") {
				t.Errorf("error %q should name the file and say %q", err, c.want)
			}
		})
	}
}

func TestSelect(t *testing.T) {
	lib, err := persona.Load(fixtures)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		pattern string
		want    []string
	}{
		{"okta/jml-*", []string{"okta/jml-aiw", "okta/jml-oin", "okta/jml-oin-patch"}},
		{"*/test-connection", []string{"entra/test-connection", "okta/test-connection"}},
		{"entra/restore", []string{"entra/restore"}},
	} {
		got, err := lib.Select(c.pattern)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, s := range got {
			names = append(names, s.Name)
		}
		if strings.Join(names, " ") != strings.Join(c.want, " ") {
			t.Errorf("%s selects %v, not %v", c.pattern, names, c.want)
		}
	}
	if all, err := lib.Select("okta", "entra"); err != nil || len(all) != len(lib.Scenarios) {
		t.Errorf("both clients select %d of %d, %v", len(all), len(lib.Scenarios), err)
	}
	if _, err := lib.Select("okta/nothing"); err == nil || !strings.Contains(err.Error(), "okta/jml-aiw") {
		t.Errorf("an empty selection should list what there is, not %v", err)
	}
}

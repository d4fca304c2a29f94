package persona_test

import (
	"errors"
	"strings"
	"testing"

	"scimproof/simulator/persona"
	"scimproof/simulator/tree"
)

// load gives the only scenario of a folder with steps in place of those of scenarioYAML.
func load(t *testing.T, steps string) *persona.Scenario {
	t.Helper()
	head, _, _ := strings.Cut(scenarioYAML, "steps:\n")
	lib, err := persona.Load(acme(head + "steps:\n" + steps))
	if err != nil {
		t.Fatal(err)
	}
	return lib.Scenarios[0]
}

const echoSteps = `
  - name: read
    source: "tester: nowhere"
    request: {method: GET, path: /Users, query: {filter: 'userName eq "a+b c@x"', count: "2"}}
    expect: {status: [200]}
    why: It has to.
    save: {current: $, userId: id, list: emails}
  - name: write
    source: "tester: nowhere"
    request:
      method: PUT
      path: /Users/{{userId}}
      from: current
      set: {name.familyName: New, active: false}
      remove: [locale]
    expect: {status: [200]}
    why: It has to.
  - name: make
    source: "tester: nowhere"
    request:
      method: POST
      path: /Users
      body: {zeta: "{{userId}}", alpha: "{{list}}", n: 1, yes: true, "no": null, "{{userId}}": x}
    expect: {status: [201]}
    why: It has to.
`

func TestRenderEncodesTheQueryAsTheClientDoes(t *testing.T) {
	s := load(t, echoSteps)
	m := persona.NewMemory(s, 1, "")
	for encoding, want := range map[persona.Encoding]string{
		persona.Percent: "filter=userName%20eq%20%22a%2Bb%20c%40x%22&count=2",
		persona.Plus:    "filter=userName+eq+%22a%2Bb+c%40x%22&count=2",
		"":              "filter=userName%20eq%20%22a%2Bb%20c%40x%22&count=2", // the persona's own
	} {
		w, err := m.Render(s.Steps[0], encoding)
		if err != nil {
			t.Fatal(err)
		}
		if w.Query != want {
			t.Errorf("%q: %s, not %s", encoding, w.Query, want)
		}
		if w.Body != nil || len(w.Header) != 2 {
			t.Errorf("a GET carries body %q and headers %v", w.Body, w.Header)
		}
	}
}

func TestRenderEchoesASavedAnswer(t *testing.T) {
	s := load(t, echoSteps)
	m := persona.NewMemory(s, 1, "")
	var missing *persona.Missing
	if _, err := m.Render(s.Steps[1], ""); !errors.As(err, &missing) || missing.Step != "read" {
		t.Fatalf("without the answer the error should name the step that brings it, not %v", err)
	}
	answer, err := tree.Parse([]byte(`{"meta":{"version":"1"},"locale":"en","id":"a/1","name":{"formatted":"Old","familyName":"Old"},"active":true,"emails":[{"value":"e"}],"n":1.50}`))
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Save(s.Steps[0], answer); err != nil {
		t.Fatal(err)
	}
	for i, want := range map[int]string{
		1: `{"meta":{"version":"1"},"id":"a/1","name":{"formatted":"Old","familyName":"New"},"active":false,"emails":[{"value":"e"}],"n":1.50}`,
		2: `{"zeta":"a/1","alpha":[{"value":"e"}],"n":1,"yes":true,"no":null,"a/1":"x"}`,
	} {
		w, err := m.Render(s.Steps[i], "")
		if err != nil {
			t.Fatal(err)
		}
		if string(w.Body) != want {
			t.Errorf("%s: body\n%s, not\n%s", s.Steps[i].Name, w.Body, want)
		}
		if last := w.Header[len(w.Header)-1]; last.Name != "Content-Type" {
			t.Errorf("%s: no Content-Type on a write", s.Steps[i].Name)
		}
	}
	if w, err := m.Render(s.Steps[1], ""); err != nil || w.Path != "/Users/a%2F1" {
		t.Errorf("path %v, %v: an id is one segment", w, err)
	}
	if err := m.Save(s.Steps[0], nil); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Render(s.Steps[1], ""); !errors.As(err, &missing) {
		t.Errorf("a bad answer should make the old one forgotten, not %v", err)
	}
}

func TestPeopleFollowFromTheSeed(t *testing.T) {
	lib, err := persona.Load(fixtures)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for _, s := range lib.Scenarios {
		for _, user := range s.People.Users {
			text := func(seed uint64) string {
				out, err := persona.NewMemory(s, seed, "").Text("{{" + user + ".userName}}")
				if err != nil {
					t.Fatal(err)
				}
				return out
			}
			one := text(1)
			if one != text(1) || one == text(2) {
				t.Errorf("%s %s: %s does not follow from the seed alone", s.Name, user, one)
			}
			if !strings.HasPrefix(one, persona.DefaultPrefix(1)+"-") || !strings.HasSuffix(one, "@example.com") {
				t.Errorf("%s carries no mark of the run", one)
			}
			if other := names[one]; other != "" {
				t.Errorf("%s and %s share %s", other, s.Name, one)
			}
			names[one] = s.Name
		}
	}
}

func TestMaskHidesPasswords(t *testing.T) {
	s := load(t, echoSteps)
	m := persona.NewMemory(s, 1, "")
	secret, err := m.Text("{{user.password}}")
	if err != nil {
		t.Fatal(err)
	}
	if got := m.Mask("bad password " + secret); got != "bad password ***" {
		t.Error(got)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(scenarioYAML)
	f.Add("steps: [{request: {body: {a: &x [*x]}}}]")
	f.Fuzz(func(t *testing.T, text string) {
		lib, err := persona.Load(acme(text))
		if err == nil && len(lib.Scenarios) != 1 {
			t.Errorf("%d scenarios from one file", len(lib.Scenarios))
		}
	})
}

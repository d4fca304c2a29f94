package selftest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"scimproof/fixtures/rules"
	"scimproof/suites/check"
)

// TestEveryRuleIsJudged finds a rule, or a part of one, that nobody judges: what shows over SCIM or takes
// the control API has a check, everything else a check or a named test.
func TestEveryRuleIsJudged(t *testing.T) {
	judged := map[string]bool{}
	for _, c := range checks(t) {
		judged[c.Rule] = true
		judged[c.Rule+"/"+c.Part] = true
	}
	tests := testNames(t)
	for _, r := range book(t).Rules {
		named := r.Tests
		for _, name := range named {
			if !tests[name] {
				t.Errorf("rule %s names the test %s, which is nowhere", r.ID, name)
			}
		}
		if !judged[r.ID] && (len(named) == 0 || byCheck(r.Judged)) {
			t.Errorf("rule %s has neither a check nor a named test", r.ID)
		}
		for _, p := range r.Parts {
			if byCheck(p.Judged) && !judged[r.ID+"/"+p.ID] {
				t.Errorf("part %s of rule %s has no check", p.ID, r.ID)
			}
		}
	}
}

// byCheck says whether a check can judge: over SCIM, or with the control API.
func byCheck(judges []rules.Judge) bool {
	return slices.Contains(judges, rules.SCIM) || slices.Contains(judges, rules.Control)
}

// TestCollisionsAreDeclared finds a collision of the book that no check of the parties declares. A check that is broken on a right IDaaS
// application and declares no rule is found by TestNoFault.
func TestCollisionsAreDeclared(t *testing.T) {
	declared := map[string]bool{}
	for _, c := range checks(t) {
		for _, r := range c.Replaced {
			for _, p := range c.Profiles {
				declared[string(p)+"/"+r] = true
			}
		}
	}
	for _, c := range book(t).Collisions {
		if len(c.ReplacedBy) == 0 || !binding(c.Whose) {
			continue
		}
		found := slices.ContainsFunc(c.ReplacedBy, func(r string) bool {
			return slices.ContainsFunc(c.Whose, func(w string) bool { return declared[w+"/"+r] || scenarioDeclares(t, w, r) })
		})
		if !found {
			t.Errorf("no check and no scenario declares the collision %q", c.Expectation)
		}
	}
}

// binding says whether somebody who judges has the expectation; what is only recorded, or derived by a matrix, has no check of its own.
func binding(whose []string) bool {
	return slices.ContainsFunc(whose, func(w string) bool { return slices.Contains(check.Profiles, check.Profile(w)) })
}

func scenarioDeclares(t *testing.T, client, rule string) bool {
	t.Helper()
	for _, s := range library(t).Scenarios {
		if s.Client == client && slices.Contains(s.Rules(), rule) {
			return true
		}
	}
	return false
}

// testNames are the tests of the module as Package.TestName.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (strings.HasPrefix(d.Name(), ".") && d.Name() != ".." || d.Name() == "node_modules"):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, src, 0)
		if err != nil {
			return err
		}
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && strings.HasPrefix(fn.Name.Name, "Test") {
				names[strings.TrimSuffix(file.Name.Name, "_test")+"."+fn.Name.Name] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

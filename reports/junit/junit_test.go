package junit

import (
	"bytes"
	"encoding/xml"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"scimproof/reports/golden"
	"scimproof/reports/result"
	"scimproof/reports/result/resulttest"
)

func write(t *testing.T, run result.Run) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, run); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func read(t *testing.T, doc []byte) suites {
	t.Helper()
	var s suites
	if err := xml.Unmarshal(doc, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestGolden(t *testing.T) {
	interrupted := resulttest.Run()
	interrupted.Complete = false
	interrupted.Checks, interrupted.Scenarios = interrupted.Checks[:2], nil
	for name, run := range map[string]result.Run{"sample": resulttest.Run(), "interrupted": interrupted, "empty": {Complete: true}} {
		t.Run(name, func(t *testing.T) {
			golden.Check(t, filepath.Join("testdata", name+".xml"), write(t, run))
		})
	}
}

func TestOutcomes(t *testing.T) {
	for outcome, want := range map[result.Outcome]string{
		result.Pass: "", result.Warn: "out", result.Info: "out", result.Fail: "failure", result.Error: "error",
		result.NA: "skipped", result.Skip: "skipped", result.Blocked: "skipped",
	} {
		run := result.Run{Complete: true, Checks: []result.Check{{ID: "a", Profile: "rfc", Section: "1", Level: "SHOULD", Outcome: outcome, Reason: "because"}}}
		s := read(t, write(t, run))
		c, got := s.Suites[0].Cases[0], ""
		switch {
		case c.Failure != nil:
			got = "failure"
		case c.Error != nil:
			got = "error"
		case c.Skipped != nil:
			got = "skipped"
		case c.Out != nil:
			got = "out"
		}
		if got != want {
			t.Errorf("%s is %q, want %q", outcome, got, want)
		}
		if b := map[string]int{"failure": s.Failures, "error": s.Errors, "skipped": s.Skipped}[want]; want != "" && want != "out" && b != 1 {
			t.Errorf("%s counts %d", outcome, b)
		}
	}
}

func TestEveryCaseIsUniqueAndCounted(t *testing.T) {
	run := resulttest.Run()
	again := run.Scenarios[0]
	again.Target = "https://scim.example.com/other"
	run.Scenarios = append(run.Scenarios, again)
	s := read(t, write(t, run))
	steps := 0
	for _, sc := range run.Scenarios {
		steps += len(sc.Steps)
	}
	if want := len(run.Checks) + steps; s.Tests != want {
		t.Errorf("%d tests, want %d", s.Tests, want)
	}
	seen := map[string]bool{}
	for _, suite := range s.Suites {
		if suite.Tests != len(suite.Cases) {
			t.Errorf("%s: %d tests and %d cases", suite.Name, suite.Tests, len(suite.Cases))
		}
		for _, c := range suite.Cases {
			if key := c.Class + "\x00" + c.Name; seen[key] {
				t.Errorf("%s, %s stands twice", c.Class, c.Name)
			} else {
				seen[key] = true
			}
		}
	}
}

func TestHostileTexts(t *testing.T) {
	hostile := "a]]><x/>\x00\x1b[2J\xff\ufffe\U0010ffff&#0;\r\n" + strings.Repeat("日", limit)
	run := result.Run{Complete: true, Scenarios: []result.Scenario{{Name: hostile, Steps: []result.Step{{Name: hostile, Outcome: result.Fail, Reason: hostile}}}}}
	for _, o := range result.Outcomes {
		run.Checks = append(run.Checks, result.Check{ID: string(o) + hostile, Title: hostile, Profile: "rfc", Section: hostile, Outcome: o, Reason: hostile, Actual: hostile,
			Exchanges: []result.Exchange{{URL: hostile, ResponseBody: hostile}}})
	}
	doc := write(t, run)
	if !utf8.Valid(doc) {
		t.Error("no UTF-8")
	}
	for _, r := range string(doc) {
		if !legal(r) {
			t.Fatalf("%U is not for XML", r)
		}
	}
	elements := map[string]int{}
	for d := xml.NewDecoder(bytes.NewReader(doc)); ; {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch v := token.(type) {
		case xml.StartElement:
			elements[v.Name.Local]++
			for _, a := range v.Attr {
				if len(a.Value) > limit+16 {
					t.Errorf("%s of %s has %d bytes", a.Name.Local, v.Name.Local, len(a.Value))
				}
			}
		case xml.CharData:
			if len(v) > limit {
				t.Errorf("a text has %d bytes", len(v))
			}
		}
	}
	if elements["x"] != 0 || elements["testcase"] != len(result.Outcomes)+1 {
		t.Errorf("elements %v", elements)
	}
}

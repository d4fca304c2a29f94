// Package junit writes a run as JUnit XML, the format that CI systems read.
//
// Each profile and each scenario is a suite. A check stands once, in the suite of its home profile, and its class and name together are
// unique, since GitLab drops what it takes for a duplicate. A failure is a <failure>; what the run could not judge is an <error>; what did
// not apply, was left out or was blocked is <skipped> and says why; a missed SHOULD passes and leaves a warning in <system-out>.
package junit

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"scimproof/reports/evidence"
	"scimproof/reports/result"
)

type suites struct {
	XMLName  xml.Name `xml:"testsuites"`
	Name     string   `xml:"name,attr"`
	Tests    int      `xml:"tests,attr"`
	Failures int      `xml:"failures,attr"`
	Errors   int      `xml:"errors,attr"`
	Skipped  int      `xml:"skipped,attr"`
	Time     string   `xml:"time,attr"`
	Suites   []*suite `xml:"testsuite"`
}

type suite struct {
	Name       string      `xml:"name,attr"`
	Tests      int         `xml:"tests,attr"`
	Failures   int         `xml:"failures,attr"`
	Errors     int         `xml:"errors,attr"`
	Skipped    int         `xml:"skipped,attr"`
	Time       string      `xml:"time,attr"`
	Timestamp  string      `xml:"timestamp,attr"`
	Properties *properties `xml:"properties"`
	Cases      []testcase  `xml:"testcase"`
	ms         float64
}

type properties struct {
	List []property `xml:"property"`
}

type property struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type testcase struct {
	Class   string   `xml:"classname,attr"`
	Name    string   `xml:"name,attr"`
	Time    string   `xml:"time,attr"`
	Skipped *message `xml:"skipped"`
	Failure *message `xml:"failure"`
	Error   *message `xml:"error"`
	Out     *text    `xml:"system-out"`
}

type message struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",cdata"`
}

type text struct {
	Text string `xml:",cdata"`
}

// Write writes the run.
func Write(w io.Writer, run result.Run) error {
	all := suites{Name: "scimproof", Time: seconds(float64(run.Ended.Sub(run.Started)) / float64(time.Millisecond))}
	for _, s := range collect(run) {
		s.Time, s.Timestamp = seconds(s.ms), run.Started.UTC().Format("2006-01-02T15:04:05")
		all.Suites = append(all.Suites, s)
		all.Tests += s.Tests
		all.Failures += s.Failures
		all.Errors += s.Errors
		all.Skipped += s.Skipped
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return fmt.Errorf("junit: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func collect(run result.Run) []*suite {
	var list []*suite
	byProfile := map[string]*suite{}
	profile := func(name string) *suite {
		if byProfile[name] == nil {
			byProfile[name] = &suite{Name: "scim." + clean(name)}
			list = append(list, byProfile[name])
		}
		return byProfile[name]
	}
	for _, p := range run.Profiles {
		profile(p.Name).Properties = describe(run, p)
	}
	for _, c := range run.Checks {
		profile(c.Profile).add(check(c), c.DurationMs)
	}
	for _, s := range run.Scenarios {
		list = append(list, scenario(s))
	}
	if !run.Complete {
		list = append(list, interrupted())
	}
	return list
}

// interrupted makes an incomplete run visible to those who read nothing but this file.
func interrupted() *suite {
	s := &suite{Name: "scim.run"}
	s.add(testcase{Class: "scim.run", Name: "run.complete: the run came to its end",
		Error: &message{Message: "the run was interrupted; what it had not come to is missing", Type: "interrupted"}}, 0)
	return s
}

func describe(run result.Run, p result.Profile) *properties {
	list := []property{
		{"target", clean(run.Target.BaseURL)},
		{"scimproof", clean(strings.TrimSpace(run.Tool.Version + " " + run.Tool.Commit))},
		{"seed", fmt.Sprint(run.Seed)},
		{"verdict", string(p.Verdict)},
	}
	if p.Reason != "" {
		list = append(list, property{"reason", line(p.Reason)})
	}
	return &properties{list}
}

func (s *suite) add(t testcase, ms float64) {
	t.Time = seconds(ms)
	s.ms += ms
	s.Tests++
	switch {
	case t.Failure != nil:
		s.Failures++
	case t.Error != nil:
		s.Errors++
	case t.Skipped != nil:
		s.Skipped++
	}
	s.Cases = append(s.Cases, t)
}

func check(c result.Check) testcase {
	t := testcase{Class: line("scim." + c.Profile + "." + c.Section), Name: line(c.ID + ": " + c.Title)}
	t.judge(c.Outcome, c.Level, c.Reason, checkText(c))
	return t
}

// checkText says all that helps with a check that did not pass.
func checkText(c result.Check) string {
	parts := []string{field("requirement", c.Requirement), field("source", source(c)), field("expected", c.Expected), field("actual", c.Actual),
		field("at", c.Location)}
	for _, e := range evidence.Telling(c.Exchanges) {
		parts = append(parts, "\n"+evidence.Curl(e)+"\n")
	}
	if c.Rerun != "" {
		parts = append(parts, "\nagain: "+c.Rerun+"\n")
	}
	for _, e := range c.Exchanges {
		parts = append(parts, "\n"+evidence.Request(e)+"\n\n"+evidence.Response(e)+"\n")
	}
	return strings.Join(parts, "")
}

func field(name, value string) string {
	if value == "" {
		return ""
	}
	return fmt.Sprintf("%-12s %s\n", name+":", value)
}

func source(c result.Check) string { return c.Level + ", " + evidence.Source(c.RFC, c.Section) }

// scenario is a suite. The same one may have been played against two targets, and is then told apart by the second.
func scenario(s result.Scenario) *suite {
	name := "scim.replay." + s.Name
	if s.Target != "" {
		name += " at " + s.Target
	}
	out := &suite{Name: line(name), Properties: &properties{[]property{{"title", line(s.Title)}, {"verdict", string(s.Verdict)}}}}
	for i, step := range s.Steps {
		t := testcase{Class: line(name), Name: line(fmt.Sprintf("%02d %s", i+1, step.Name))}
		t.judge(step.Outcome, "", step.Reason, stepText(step))
		ms := 0.0
		if step.Exchange != nil {
			ms = step.Exchange.DurationMs
		}
		out.add(t, ms)
	}
	return out
}

func stepText(s result.Step) string {
	text := field("the client", s.Source) + field("needs", s.Expected) + field("actual", s.Actual)
	if s.Exchange != nil {
		text += "\n" + evidence.Curl(*s.Exchange) + "\n\n" + evidence.Request(*s.Exchange) + "\n\n" + evidence.Response(*s.Exchange) + "\n"
	}
	return text
}

func (t *testcase) judge(o result.Outcome, level, reason, body string) {
	switch o {
	case result.Fail:
		t.Failure = &message{line(reason), "fail", clean("\n" + body)}
	case result.Error:
		t.Error = &message{line(reason), "error", clean("\n" + body)}
	case result.NA, result.Skip, result.Blocked:
		t.Skipped = &message{Message: line(words[o] + reason)}
	case result.Warn:
		t.Out = &text{clean(strings.TrimSpace("warning: "+level+" missed: "+reason) + "\n\n" + body)}
	case result.Info:
		t.Out = &text{clean("info: " + reason + "\n")}
	}
}

var words = map[result.Outcome]string{result.NA: "not applicable: ", result.Skip: "skipped: ", result.Blocked: "blocked: "}

func seconds(ms float64) string { return fmt.Sprintf("%.3f", ms/1000) }

package html

import (
	"fmt"
	"html/template"
	"math"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"scimproof/reports/result"
	"scimproof/reports/verdict"
)

// page is the run as the templates need it.
type page struct {
	Policy    string
	CSS       template.CSS
	JS        template.JS
	Run       result.Run
	Title     string
	Origin    string // where the target is: scheme and host
	Version   string // of the program
	Look      look   // of the run as a whole
	Sentence  string // what the run came to
	When      string
	Took      string
	Profiles  []profile
	Failures  []failure
	Outcomes  []chip // that a check of this run has
	Groups    []group
	Sections  matrix
	Scenarios []scenario
	Legend    []legend
}

// look is how an outcome or a verdict appears: a sign, a word, and the class that colours it. None of the three stands alone.
type look struct{ Sign, Word, Class string }

var looks = map[result.Outcome]look{
	result.Pass:    {"✓", "Pass", "pass"},
	result.Warn:    {"!", "Warn", "warn"},
	result.Fail:    {"✗", "Fail", "fail"},
	result.Info:    {"i", "Info", "info"},
	result.NA:      {"–", "N/A", "na"},
	result.Skip:    {"»", "Skip", "skip"},
	result.Blocked: {"⊘", "Blocked", "blocked"},
	result.Error:   {"?", "Error", "error"},
}

var verdictLooks = map[result.Verdict]look{
	result.Conformant:    {"✓", "Conformant", "pass"},
	result.NonConformant: {"✗", "Non-conformant", "fail"},
	result.Partial:       {"~", "Partial", "warn"},
	result.Inconclusive:  {"?", "Inconclusive", "error"},
}

// profile is the card of a profile.
type profile struct {
	Name, Reason string
	Look         look
	Counts       []chip
	Bar          []slice
	Total        int
}

// chip is an outcome with a number.
type chip struct {
	Look    look
	Outcome result.Outcome
	Count   int
}

// slice is a part of a bar that is barWidth wide.
type slice struct {
	Class    string
	X, Width float64
}

const barWidth = 100

// failure is a line of the list of what failed.
type failure struct{ Anchor, Name, Title, Reason string }

func newPage(run result.Run) page {
	names := anchors{}
	for _, id := range regexp.MustCompile(`id="([a-z-]+)"`).FindAllSubmatch(templates(), -1) {
		names[string(id[1])] = true // of the page itself
	}
	v := newViewer(run, names)
	checks := newChecks(run, names, v)
	p := page{
		Run:      run,
		Origin:   plain(v.origin),
		Version:  plain(version(run.Tool)),
		Title:    "SCIM report of " + plain(run.Target.BaseURL),
		Look:     overall(run),
		Sentence: verdict.Sentence(run),
		When:     run.Started.UTC().Format("2 January 2006, 15:04 MST"),
		Took:     duration(float64(run.Ended.Sub(run.Started)) / float64(time.Millisecond)),
		Outcomes: outcomes(run.Checks),
		Groups:   groups(checks),
		Sections: sections(checks),
		Legend:   legends,
	}
	for _, pr := range run.Profiles {
		p.Profiles = append(p.Profiles, newProfile(pr))
	}
	for _, s := range run.Scenarios {
		p.Scenarios = append(p.Scenarios, newScenario(s, names, v))
	}
	p.Failures = failures(checks, p.Scenarios)
	return p
}

// version names the program. A version that was made of the commit has it already.
func version(t result.Tool) string {
	if strings.HasPrefix(t.Version, t.Commit) {
		return t.Version
	}
	return strings.TrimSpace(t.Version + " " + t.Commit)
}

func overall(run result.Run) look {
	switch verdict.Exit(run) {
	case verdict.ExitFailed:
		return looks[result.Fail]
	case verdict.ExitIncomplete:
		return looks[result.Error]
	}
	return looks[result.Pass]
}

func newProfile(pr result.Profile) profile {
	p := profile{Name: plain(pr.Name), Reason: pr.Reason, Look: verdictLooks[pr.Verdict]}
	for _, o := range result.Outcomes {
		n := verdict.Of(pr.Counts, o)
		p.Total += n
		if n > 0 {
			p.Counts = append(p.Counts, chip{looks[o], o, n})
		}
	}
	x := 0.0
	for _, c := range p.Counts {
		w := float64(c.Count) * barWidth / float64(p.Total)
		p.Bar = append(p.Bar, slice{c.Look.Class, hundredths(x), hundredths(w)})
		x += w
	}
	return p
}

func hundredths(x float64) float64 { return math.Round(x*100) / 100 }

func outcomes(checks []result.Check) []chip {
	c := result.Counts{}
	for _, check := range checks {
		verdict.Add(&c, check.Outcome)
	}
	var out []chip
	for _, o := range result.Outcomes {
		if n := verdict.Of(c, o); n > 0 {
			out = append(out, chip{looks[o], o, n})
		}
	}
	return out
}

func failures(checks []check, scenarios []scenario) []failure {
	var out []failure
	for _, c := range checks {
		if c.Outcome == result.Fail {
			out = append(out, failure{c.Anchor, c.ID, c.Title, c.Reason})
		}
	}
	for _, s := range scenarios {
		for _, step := range s.Steps {
			if step.Outcome == result.Fail {
				out = append(out, failure{step.Anchor, fmt.Sprintf("%s, step %d", s.Name, step.Number), step.Name, step.Reason})
			}
		}
	}
	return out
}

// anchors gives each thing a name of its own in the page, of characters that mean nothing in an address.
type anchors map[string]bool

func (a anchors) of(text string) string {
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune("-._", r) || r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return '-'
	}, text)
	if name == "" {
		name = "unnamed"
	}
	for i := 2; a[name]; i++ {
		if next := fmt.Sprintf("%s~%d", name, i); !a[next] {
			name = next
		}
	}
	a[name] = true
	return name
}

// duration is a time in milliseconds as people say it.
func duration(ms float64) string {
	switch {
	case ms <= 0:
		return ""
	case ms < 10:
		return fmt.Sprintf("%.1f ms", ms)
	case ms < 1000:
		return fmt.Sprintf("%.0f ms", ms)
	case ms < 60_000:
		return fmt.Sprintf("%.1f s", ms/1000)
	}
	return time.Duration(ms * float64(time.Millisecond)).Round(time.Second).String()
}

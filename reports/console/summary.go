package console

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"scimproof/reports/evidence"
	"scimproof/reports/result"
	"scimproof/reports/verdict"
)

// Report is a file that holds the run.
type Report struct{ Format, Path string }

// Summary writes what a person wants to know at the end: the verdicts, what failed and how to see it again, what was replayed, what is
// left on the target, and where the reports are.
func Summary(w io.Writer, run result.Run, style Style, reports []Report) error {
	p := &page{Style: style}
	p.head(run)
	p.profiles(run)
	p.failures(run)
	p.rest(run)
	p.scenarios(run)
	p.residue(run)
	p.tail(run, reports)
	return p.flush(w)
}

func (p *page) head(run result.Run) {
	p.blank()
	p.line(margin, p.paint(strong, safe(run.Target.BaseURL)))
	tool := "scimproof " + run.Tool.Version
	if run.Tool.Commit != "" {
		tool += " (" + run.Tool.Commit + ")"
	}
	p.prose(margin, faint, fmt.Sprintf("%s, seed %d, %s", tool, run.Seed, run.Started.UTC().Format("2 January 2006 15:04 MST")))
	for _, note := range run.Notes {
		p.prose(margin, faint, note)
	}
	if !run.Complete {
		p.prose(margin, warned, "The run was interrupted: what it had not come to is missing below.")
	}
}

// profiles is the table of verdicts. A column that is empty in all rows is left out.
func (p *page) profiles(run result.Run) {
	if len(run.Profiles) == 0 {
		return
	}
	shown := slices.DeleteFunc(slices.Clone(order), func(o result.Outcome) bool {
		return o != result.Fail && o != result.Pass && !slices.ContainsFunc(run.Profiles, func(pr result.Profile) bool { return verdict.Of(pr.Counts, o) > 0 })
	})
	name := len("profile")
	for _, pr := range run.Profiles {
		name = max(name, displayed(safe(pr.Name)))
	}
	const judged = len("? non-conformant")
	head := pad("profile", name+2) + pad("verdict", judged)
	for _, o := range shown {
		head += padLeft(lookOf(o).word, column(o))
	}
	p.blank()
	if margin+displayed(head) > p.columns() {
		p.narrowProfiles(run)
		return
	}
	p.line(margin, p.paint(faint, head))
	for _, pr := range run.Profiles {
		v := lookOfVerdict(pr.Verdict)
		row := p.paint(strong, pad(safe(pr.Name), name+2)) + p.paint(v.hue, pad(v.sign+" "+v.word, judged))
		for _, o := range shown {
			row += p.count(o, verdict.Of(pr.Counts, o))
		}
		p.line(margin, row)
		if pr.Reason != "" {
			p.prose(margin+name+2, faint, pr.Reason)
		}
	}
}

// narrowProfiles is the table for a terminal that has no room for one.
func (p *page) narrowProfiles(run result.Run) {
	for _, pr := range run.Profiles {
		v := lookOfVerdict(pr.Verdict)
		p.line(margin, p.paint(strong, safe(pr.Name))+" "+p.paint(v.hue, v.sign+" "+v.word))
		p.prose(margin+2, "", inWords(pr.Counts))
		p.prose(margin+2, faint, pr.Reason)
	}
}

func inWords(c result.Counts) string {
	var parts []string
	for _, o := range order {
		if n := verdict.Of(c, o); n > 0 {
			parts = append(parts, number(n)+" "+lookOf(o).word)
		}
	}
	return strings.Join(parts, ", ")
}

func column(o result.Outcome) int { return len(lookOf(o).word) + 2 }

func (p *page) count(o result.Outcome, n int) string {
	if n == 0 {
		return p.paint(faint, padLeft("·", column(o)))
	}
	return p.paint(lookOf(o).hue, padLeft(number(n), column(o)))
}

func of(checks []result.Check, o result.Outcome) []result.Check {
	return slices.DeleteFunc(slices.Clone(checks), func(c result.Check) bool { return c.Outcome != o })
}

// fullFailures is how many failures are told in full. Whoever has more reads the report.
const fullFailures = 20

func (p *page) failures(run result.Run) {
	failed := of(run.Checks, result.Fail)
	if len(failed) == 0 {
		return
	}
	p.heading(fmt.Sprintf("Failed (%d)", len(failed)))
	for i, c := range failed {
		if i < fullFailures {
			p.failure(c)
			continue
		}
		if i == fullFailures {
			p.blank()
		}
		p.brief(c)
	}
}

func (p *page) failure(c result.Check) {
	const in = margin + 2
	p.blank()
	p.name(c)
	if !retold(c) {
		p.prose(in, strong, c.Reason)
	}
	p.field(in, "expected", c.Expected)
	p.field(in, "actual", c.Actual)
	p.field(in, "at", c.Location)
	p.field(in, "because", c.Requirement)
	p.field(in, "source", source(c))
	p.curl(in, evidence.Telling(c.Exchanges))
	if c.Rerun != "" {
		p.blank()
		p.command(in, safe(c.Rerun))
	}
}

// name is the head of a check: its sign, its id, and what it asks, on the same line where there is room.
func (p *page) name(c result.Check) {
	l, id, text := lookOf(c.Outcome), safe(c.ID), safe(c.Title)
	head := p.paint(l.hue, l.sign+" "+id)
	if margin+displayed(id)+4+displayed(text) <= p.columns() {
		p.line(margin, strings.TrimRight(head+"  "+p.paint(faint, text), " "))
		return
	}
	p.line(margin, head)
	p.prose(margin+2, faint, text)
}

// retold says whether the reason tells no more than expected and actual do.
func retold(c result.Check) bool {
	return c.Expected != "" && c.Actual != "" && strings.Contains(c.Reason, c.Expected) && strings.Contains(c.Reason, c.Actual)
}

func source(c result.Check) string { return c.Level + " of " + evidence.Source(c.RFC, c.Section) }

// maxCurl is the size of a command that is still shown; a longer one would hide everything else, and cut short it would be wrong.
const maxCurl = 1500

func (p *page) curl(indent int, exchanges []result.Exchange) {
	for _, e := range exchanges {
		p.blank()
		if c := evidence.Curl(e); len(c) <= maxCurl {
			p.command(indent, c)
		} else {
			p.prose(indent, faint, fmt.Sprintf("%s %s: the command has %d bytes; the HTML report has it", e.Method, e.URL, len(c)))
		}
	}
}

// brief is a check in a few lines.
func (p *page) brief(c result.Check) {
	const in = margin + 2
	p.name(c)
	p.prose(in, "", c.Reason)
	if c.Outcome != result.Fail && c.Outcome != result.Warn {
		return
	}
	text := source(c)
	if !retold(c) {
		text = "expected " + c.Expected + ", actual " + c.Actual + "; " + text
	}
	if c.Location != "" {
		text += ", at " + c.Location
	}
	p.prose(in, faint, text)
}

// rest tells shortly of what neither passed nor failed.
func (p *page) rest(run result.Run) {
	for _, group := range []struct {
		outcome result.Outcome
		title   string
	}{
		{result.Error, "Could not be judged"}, {result.Blocked, "Blocked"}, {result.Warn, "Warned, a SHOULD was missed"},
	} {
		checks := of(run.Checks, group.outcome)
		if len(checks) == 0 {
			continue
		}
		p.heading(fmt.Sprintf("%s (%d)", group.title, len(checks)))
		for _, c := range checks {
			p.brief(c)
		}
	}
	p.tally("Seen, and held against nobody", of(run.Checks, result.Info), true)
	p.tally("Not applicable", of(run.Checks, result.NA), false)
	p.tally("Skipped", of(run.Checks, result.Skip), false)
}

// tally counts the checks by the first words of their reasons, up to the colon: "holds", "replaced by idem-1", "not advertised".
// Where each counts, the rest of the reason stands too, but for what holds.
func (p *page) tally(title string, checks []result.Check, each bool) {
	if len(checks) == 0 {
		return
	}
	p.heading(fmt.Sprintf("%s (%d)", title, len(checks)))
	var heads []string
	groups := map[string][]result.Check{}
	for _, c := range checks {
		head, _, found := strings.Cut(c.Reason, ": ")
		if found && c.Outcome == result.Skip {
			head = c.Reason // it says what to do
		}
		if groups[head] == nil {
			heads = append(heads, head)
		}
		groups[head] = append(groups[head], c)
	}
	for _, head := range heads {
		var ids []string
		for _, c := range groups[head] {
			ids = append(ids, c.ID)
		}
		p.prose(margin, "", fmt.Sprintf("%s (%d)", head, len(ids)))
		if !each || head == "holds" {
			p.prose(margin+2, faint, strings.Join(ids, ", "))
			continue
		}
		for _, c := range groups[head] {
			_, text, _ := strings.Cut(c.Reason, ": ")
			p.prose(margin+2, faint, c.ID+": "+text)
		}
	}
}

func (p *page) residue(run result.Run) {
	if len(run.Residue) == 0 {
		p.blank()
		p.prose(margin, "", "Nothing was left on the target.")
		return
	}
	p.heading(fmt.Sprintf("Left on the target (%d)", len(run.Residue)))
	for _, r := range run.Residue {
		p.prose(margin, warned, "! "+strings.TrimSpace(r.Type+" "+r.ID)+" at "+r.Location)
		p.prose(margin+2, "", r.Reason)
	}
}

func (p *page) tail(run result.Run, reports []Report) {
	if len(reports) > 0 {
		p.heading("Reports")
		for _, r := range reports {
			p.line(margin, p.paint(faint, pad(safe(r.Format), 8))+safe(r.Path))
		}
	}
	p.blank()
	h, text := closing(run)
	p.line(margin, p.paint(h, text)+p.paint(faint, ", "+elapsed(run.Ended.Sub(run.Started))))
	p.blank()
}

// closing is the run in one line, for those who read the last one only.
func closing(run result.Run) (hue, string) {
	text := verdict.Sentence(run)
	switch verdict.Exit(run) {
	case verdict.ExitFailed:
		return bad, "✗ " + text
	case verdict.ExitIncomplete:
		return warned, "? " + text
	}
	return good, "✓ " + text
}

func elapsed(d time.Duration) string {
	switch {
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return d.Round(time.Second).String()
}

package console

import (
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"sync"

	"scimproof/reports/result"
	"scimproof/reports/verdict"
)

// Progress shows a run while it goes on. Where the terminal allows it one line moves, with what failed left standing above it; elsewhere
// plain lines come now and then. It may be called from several goroutines at once.
type Progress struct {
	mu      sync.Mutex
	w       io.Writer
	style   Style
	done    int // checks, or steps of the scenario
	total   int
	counts  result.Counts
	running []string // ids of checks under way, the latest last
	shown   bool     // the line that moves stands on the screen
	played  string   // the scenario under way
	base    string   // base URL, where every step is to leave a line
}

// NewProgress shows a run of so many checks on w, which is for people: standard error.
func NewProgress(w io.Writer, style Style, total int) *Progress {
	return &Progress{w: w, style: style, total: total}
}

// NewReplay shows a replay on w, with a line for each step: its outcome, its name, the request below the base URL and the status that came.
func NewReplay(w io.Writer, style Style, baseURL string) *Progress {
	return &Progress{w: w, style: style, base: baseURL}
}

// Started says that a check is under way.
func (p *Progress) Started(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running = append(p.running, id)
	p.draw()
}

// Checked says that a check has been judged.
func (p *Progress) Checked(c result.Check) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running = slices.DeleteFunc(p.running, func(id string) bool { return id == c.ID })
	p.done++
	verdict.Add(&p.counts, c.Outcome)
	p.stay(c.Outcome, c.ID, c.Reason)
	if !p.style.Live && p.milestone() {
		p.print(p.state())
	}
	p.draw()
}

// Stepped says that a step of a scenario has been judged, the number counted from 1.
func (p *Progress) Stepped(scenario string, number, of int, s result.Step) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if scenario != p.played {
		p.played, p.counts = scenario, result.Counts{}
		switch {
		case p.base != "":
			p.clear()
			fmt.Fprintln(p.w)
			p.print(p.style.paint(strong, safe(scenario)))
		case !p.style.Live:
			p.print("replaying " + safe(scenario))
		}
	}
	p.done, p.total = number, of
	verdict.Add(&p.counts, s.Outcome)
	if p.base != "" {
		p.line(number, of, s)
	} else {
		p.stay(s.Outcome, fmt.Sprintf("%s %d", scenario, number), s.Name+": "+s.Reason)
	}
	p.running = []string{scenario + " " + s.Name}
	p.draw()
}

// Close takes the line that moves away.
func (p *Progress) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	p.running = nil
}

// stay leaves a line for what went wrong.
func (p *Progress) stay(o result.Outcome, name, reason string) {
	if o != result.Fail && o != result.Error {
		return
	}
	l := lookOf(o)
	text := l.sign + " " + safe(name)
	rest := fit("  "+safe(reason), max(0, p.columns()-margin-displayed(text)))
	p.print(p.style.paint(l.hue, text) + rest)
}

// line leaves a line for a step, with what went out and what came; the reason of anything but a pass stands below it.
func (p *Progress) line(number, of int, s result.Step) {
	l := lookOf(s.Outcome)
	head := fmt.Sprintf("%s %*d  ", l.sign, len(fmt.Sprint(of)), number)
	room := p.columns() - margin - displayed(head)
	name := fit(safe(s.Name), min(nameWidth, room*2/3))
	sent := fit(p.sent(s), room-displayed(pad(name, min(nameWidth, room*2/3)))-1)
	p.print(p.style.paint(l.hue, head) + pad(name, min(nameWidth, room*2/3)) + " " + p.style.paint(faint, sent))
	if s.Outcome != result.Pass && s.Reason != "" {
		indent := strings.Repeat(" ", displayed(head))
		for _, part := range wrap(safe(s.Reason), room, 3) {
			p.print(indent + p.style.paint(l.hue, part))
		}
	}
}

// nameWidth is the column of a step's name.
const nameWidth = 52

// sent is the request of a step and the status that came, in one line.
func (p *Progress) sent(s result.Step) string {
	if s.Exchange == nil {
		return "not sent"
	}
	path := strings.TrimPrefix(s.Exchange.URL, p.base)
	if plain, err := url.QueryUnescape(path); err == nil {
		path = plain
	}
	status := "no answer"
	if s.Exchange.Status != 0 {
		status = number(s.Exchange.Status)
	}
	return safe(status + "  " + s.Exchange.Method + " " + path)
}

// milestone is true about ten times in a run.
func (p *Progress) milestone() bool {
	if p.done == p.total {
		return true
	}
	return p.total > 0 && p.done*10/p.total > (p.done-1)*10/p.total
}

// columns leaves the last one free, since some terminals go to the next line when it is written.
func (p *Progress) columns() int { return p.style.columns() - 1 }

// state is the count in words.
func (p *Progress) state() string {
	text := fmt.Sprintf("%d of %d checks", p.done, p.total)
	if words := inWords(p.counts); words != "" {
		text += ": " + words
	}
	return text
}

func (p *Progress) draw() {
	if !p.style.Live {
		return
	}
	p.clear()
	fmt.Fprint(p.w, p.moving())
	p.shown = true
}

const barWidth = 20

// moving is the line: how far, what came of it, what is under way.
func (p *Progress) moving() string {
	room := p.columns() - margin
	var parts []string
	if p.total > 0 {
		text := fmt.Sprintf("%*d/%d", len(number(p.total)), p.done, p.total)
		if room >= 72 {
			full := min(barWidth, p.done*barWidth/p.total)
			bar := strings.Repeat("█", full)
			rest := strings.Repeat("░", barWidth-full)
			room -= barWidth + 1
			text = p.style.paint(good, bar) + p.style.paint(faint, rest) + " " + text
		}
		parts = append(parts, text)
		room -= 2*len(number(p.total)) + 1
	}
	for _, o := range order[:5] {
		if n := verdict.Of(p.counts, o); n > 0 {
			l := lookOf(o)
			text := l.sign + " " + number(n)
			if room -= displayed(text) + 2; room < 0 {
				break
			}
			parts = append(parts, p.style.paint(l.hue, text))
		}
	}
	if n := len(p.running); n > 0 && room > 10 {
		parts = append(parts, p.style.paint(faint, fit(safe(p.running[n-1]), room-2)))
	}
	return strings.Repeat(" ", margin) + strings.Join(parts, "  ")
}

func (p *Progress) print(text string) {
	p.clear()
	fmt.Fprintln(p.w, strings.Repeat(" ", margin)+text)
}

func (p *Progress) clear() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}

package console

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"scimproof/reports/golden"
	"scimproof/reports/result"
	"scimproof/reports/result/resulttest"
)

func playAll(p *Progress, run result.Run) {
	for _, c := range run.Checks {
		p.Started(c.ID)
		p.Checked(c)
	}
	for _, s := range run.Scenarios {
		for i, step := range s.Steps {
			p.Stepped(s.Name, i+1, len(s.Steps), step)
		}
	}
	p.Close()
}

func TestProgressGolden(t *testing.T) {
	for name, style := range map[string]Style{"plain": {}, "live": {Live: true, Width: 80}, "live-color": {Live: true, Color: true, Width: 50}} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			run := resulttest.Run()
			if style.Live { // as many as a person reads in a diff
				run.Checks, run.Scenarios[1].Steps = run.Checks[8:14], run.Scenarios[1].Steps[:2]
				run.Scenarios = run.Scenarios[1:]
			}
			playAll(NewProgress(&b, style, len(run.Checks)), run)
			golden.Check(t, filepath.Join("testdata", "progress-"+name+".txt"), b.Bytes())
		})
	}
}

func TestReplayGolden(t *testing.T) {
	for name, style := range map[string]Style{"plain": {}, "narrow": {Width: 60}} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			run := resulttest.Run()
			run.Checks = nil
			playAll(NewReplay(&b, style, run.Target.BaseURL), run)
			golden.Check(t, filepath.Join("testdata", "replay-"+name+".txt"), b.Bytes())
			for _, line := range strings.Split(b.String(), "\n") {
				if width := displayed(line); width > style.columns() {
					t.Errorf("%d columns: %s", width, line)
				}
			}
		})
	}
}

// A line that is longer than the terminal is wide could not be taken away again.
func TestProgressStaysWithinTheTerminal(t *testing.T) {
	for _, width := range []int{0, 10, 40, 50, 73, 80, 200} {
		var b bytes.Buffer
		style := Style{Width: width, Live: true}
		p := NewProgress(&b, style, 12345)
		for _, o := range result.Outcomes {
			for range 11 {
				p.Started("a.long.name.of.a.check.that.goes.on.and.on")
				p.Checked(result.Check{ID: "表" + strings.Repeat("x", 90), Outcome: o, Reason: "\x1b[2J" + strings.Repeat("表 ", 60)})
			}
		}
		p.Started(strings.Repeat("表", 60))
		p.Stepped(strings.Repeat("s", 100), 1, 2, result.Step{Name: "\r\n", Outcome: result.Pass})
		p.Close()
		for _, line := range strings.FieldsFunc(strings.ReplaceAll(b.String(), "\r\x1b[K", "\n"), func(r rune) bool { return r == '\n' }) {
			if strings.HasPrefix(line, "  ✗") || strings.HasPrefix(line, "  ?") {
				continue // may be longer: it stays
			}
			if n := displayed(line); n >= style.columns() {
				t.Errorf("width %d: %d columns: %q", width, n, line)
			}
			if strings.ContainsRune(line, '\x1b') {
				t.Errorf("an escape sequence got through: %q", line)
			}
		}
	}
}

func TestProgressFromManySides(t *testing.T) {
	var b bytes.Buffer
	p := NewProgress(&b, Style{}, 40)
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			id := fmt.Sprint(i)
			p.Started(id)
			p.Checked(result.Check{ID: id, Outcome: result.Pass})
		})
	}
	wg.Wait()
	if !strings.HasSuffix(b.String(), "40 of 40 checks: 40 pass\n") {
		t.Errorf("%q", b.String())
	}
}

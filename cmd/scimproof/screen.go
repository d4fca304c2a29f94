package main

import (
	"fmt"
	"strings"
	"sync"

	"scimproof/reports/console"
	"scimproof/reports/result"
	"scimproof/simulator/replay"
	"scimproof/suites/runner"
)

// screen is what people see of a run, on standard error.
type screen struct {
	world
	mu       sync.Mutex
	style    console.Style
	progress *console.Progress
	total    int
	crashed  bool // scimproof itself broke in some check
}

func newScreen(w world) *screen {
	return &screen{world: w, style: console.StyleFor(w.getenv, w.width > 0, w.width)}
}

// note says a sentence of its own.
func (s *screen) note(text string) {
	s.close()
	fmt.Fprintln(s.stderr, text)
}

// trouble shows what scimproof itself broke at.
func (s *screen) trouble(text string) {
	s.close()
	fmt.Fprintln(s.stderr, strings.TrimSpace(text))
}

func (s *screen) open(total int) *console.Progress {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.progress == nil || s.total != total {
		s.shut()
		s.progress, s.total = console.NewProgress(s.stderr, s.style, total), total
	}
	return s.progress
}

func (s *screen) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shut()
}

func (s *screen) shut() {
	if s.progress != nil {
		s.progress.Close()
		s.progress = nil
	}
}

// check shows a check that has just been judged.
func (s *screen) check(p runner.Progress) { s.open(p.Of).Checked(p.Row) }

// step shows a step that has just been judged.
func (s *screen) step(p replay.Progress) { s.open(0).Stepped(p.Scenario, p.Number, p.Of, p.Step) }

// steps lets every step of a replay leave a line.
func (s *screen) steps(baseURL string) {
	s.progress, s.total = console.NewReplay(s.stderr, s.style, baseURL), 0
}

// summary shows what came of the run.
func (s *screen) summary(run result.Run, reports []report) {
	s.close()
	var list []console.Report
	for _, r := range reports {
		if r.path != "-" {
			list = append(list, console.Report{Format: r.format, Path: r.path})
		}
	}
	_ = console.Summary(s.stderr, run, s.style, list) // where nobody can be told, nobody can be told of that either
}

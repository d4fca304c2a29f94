// Package console is what a person at a terminal sees of a run: a line that moves while it goes on, and a summary at its end.
// What a target sent is shown with its control characters spelled out, so that it can neither move the cursor nor turn the text round.
// Colour only repeats what words and signs say.
package console

import (
	"strings"

	"scimproof/reports/result"
)

// Style is what the terminal can do.
type Style struct {
	Width int  // columns; 0 means 80
	Color bool // escape sequences for colour
	Live  bool // a line may be written over
}

// StyleFor reads the style off the environment. NO_COLOR (any value but the empty one) turns colour off, FORCE_COLOR on where no terminal is.
func StyleFor(getenv func(string) string, terminal bool, width int) Style {
	able := terminal && getenv("TERM") != "dumb"
	return Style{
		Width: width,
		Color: getenv("NO_COLOR") == "" && (able || getenv("FORCE_COLOR") != ""),
		Live:  able,
	}
}

// columns is the width to write for: a line of prose beyond 120 columns is hard to read, and below 40 nothing fits.
func (s Style) columns() int {
	if s.Width == 0 {
		return 80
	}
	return min(max(s.Width, 40), 120)
}

// hue is a colour by what it stands for.
type hue string

const (
	bad    hue = "31"
	warned hue = "33"
	good   hue = "32"
	told   hue = "36"
	faint  hue = "2"
	strong hue = "1"
	title  hue = "1;4"
)

func (s Style) paint(h hue, text string) string {
	if !s.Color || text == "" || h == "" {
		return text
	}
	return "\x1b[" + string(h) + "m" + text + "\x1b[0m"
}

// look is how an outcome appears.
type look struct {
	sign string
	word string
	hue  hue
}

func lookOf(o result.Outcome) look {
	switch o {
	case result.Pass:
		return look{"✓", "pass", good}
	case result.Warn:
		return look{"!", "warn", warned}
	case result.Fail:
		return look{"✗", "fail", bad}
	case result.Info:
		return look{"i", "info", told}
	case result.NA:
		return look{"–", "n/a", faint}
	case result.Skip:
		return look{"»", "skip", faint}
	case result.Blocked:
		return look{"⊘", "blocked", warned}
	}
	return look{"?", "error", bad}
}

func lookOfVerdict(v result.Verdict) look {
	switch v {
	case result.Conformant:
		return look{"✓", string(v), good}
	case result.NonConformant:
		return look{"✗", string(v), bad}
	case result.Partial:
		return look{"~", string(v), warned}
	}
	return look{"?", string(v), warned}
}

// order is the columns of the tables, what matters first.
var order = []result.Outcome{result.Fail, result.Error, result.Blocked, result.Warn, result.Pass, result.Info, result.NA, result.Skip}

func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-displayed(text)))
}

func padLeft(text string, width int) string {
	return strings.Repeat(" ", max(0, width-displayed(text))) + text
}

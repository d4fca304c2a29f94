package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"scimproof/fixtures/rules"
	"scimproof/server/fault"
	"scimproof/suites/check"
)

func explainCommand(w world) *cobra.Command {
	return &cobra.Command{
		Use:   "explain ID",
		Short: "Tell a check, or a rule of the idaas profile, in full",
		Args:  oneArg("ID"),
		RunE: func(_ *cobra.Command, args []string) error {
			book, all, err := loadCatalogue()
			if err != nil {
				return err
			}
			id := strings.ToLower(strings.TrimSpace(args[0]))
			if r, ok := book.Rule(id); ok {
				explainRule(page{w.stdout, w.columns}, book, all, r)
				return nil
			}
			for _, c := range all {
				if c.ID == id {
					explainCheck(page{w.stdout, w.columns}, book, c)
					return nil
				}
			}
			return usage("there is no check and no rule %q%s", args[0], similar(id, book, all))
		},
	}
}

// similar names ids that share a part with one that is not there.
func similar(id string, book rules.Book, all []check.Check) string {
	var near []string
	add := func(other string) {
		if strings.Contains(other, id) || strings.Contains(id, other) || sharesArea(id, other) {
			near = append(near, other)
		}
	}
	for _, r := range book.Rules {
		add(r.ID)
	}
	for _, c := range all {
		add(c.ID)
	}
	const most = 6
	switch {
	case len(near) == 0:
		return "; scimproof list shows the checks"
	case len(near) > most:
		near = append(near[:most:most], "…")
	}
	return "; did you mean " + strings.Join(near, ", ")
}

func sharesArea(a, b string) bool {
	a, _, _ = cutLast(a, ".")
	b, _, _ = cutLast(b, ".")
	return a != "" && a == b
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return "", s, false
	}
	return s[:i], s[i+len(sep):], true
}

// page is what texts are printed on, as wide as the terminal or narrower.
type page struct {
	io.Writer
	columns int // 0 where there is no terminal
}

// widest is how far a text goes: longer lines are hard to read.
const widest = 100

// field prints a label and a text that may go over several lines.
func (p page) field(label, text string) {
	if text != "" {
		p.wrap(fmt.Sprintf("%-14s", label), 14, text)
	}
}

// wrap prints a text behind what its first line begins with, and breaks it between words.
func (p page) wrap(line string, indent int, text string) {
	width := widest
	if p.columns > 2*indent {
		width = min(width, p.columns)
	}
	length := len(line)
	for i, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		if i > 0 && length+1+n > width {
			line += "\n" + strings.Repeat(" ", indent)
			length = indent
		} else if i > 0 {
			line += " "
			length++
		}
		line += word
		length += n
	}
	fmt.Fprintln(p, line)
}

func explainCheck(out page, book rules.Book, c check.Check) {
	fmt.Fprintln(out, c.ID)
	out.wrap("", 0, c.Title)
	fmt.Fprintln(out)
	out.field("Level", string(c.Level)+", "+levels[c.Level])
	out.field("Source", source(c))
	out.field("Profiles", joined(c.Profiles, ", "))
	out.field("Requirement", c.Requirement)
	out.field("Needs", joined(c.Needs, ", "))
	if r, ok := book.Rule(c.Rule); ok {
		text := r.Text
		if p, ok := r.Part(c.Part); ok {
			text = p.Text
		}
		out.field("Rule", r.ID+": "+text)
	}
	for _, id := range c.Replaced {
		if r, ok := book.Rule(id); ok {
			out.field("Replaced by", fmt.Sprintf("%s on an IDaaS application: %s", id, r.Text))
		}
	}
	if c.Exclusive {
		out.field("Runs", "alone: nothing may run beside it")
	}
	var faults []string
	for _, f := range fault.All() {
		if slices.Contains(f.Breaks, c.ID) {
			faults = append(faults, fmt.Sprintf("%s (seen: %s)", f.Name, f.Seen))
		}
	}
	out.field("Proved by", "these faults of the reference server, each of which breaks it: "+strings.Join(faults, "; "))
	out.field("Run it", "scimproof check BASE_URL"+means(c)+" --only "+c.ID)
}

// means are the flags without which a check is skipped.
func means(c check.Check) string {
	switch needs := func(n check.Need) bool { return slices.Contains(c.Needs, n) }; {
	case needs(check.Control):
		return " --profile idaas --control URL"
	case needs(check.SecondToken), needs(check.Rotation):
		return " --profile idaas --rotate-command PROGRAM"
	case needs(check.ExpiredToken):
		return " --profile idaas --expired-token-env NAME"
	}
	return ""
}

// levels says what a departure means.
var levels = map[check.Level]string{
	check.Must:   "a departure fails",
	check.Should: "a departure warns",
	check.May:    "a departure is told",
	check.Info:   "told as holds or departs, and held against nobody",
}

func explainRule(out page, book rules.Book, all []check.Check, r rules.Rule) {
	fmt.Fprintln(out, r.ID)
	out.wrap("", 0, r.Text)
	fmt.Fprintln(out)
	out.field("Basis", bases[r.Basis])
	out.field("Source", r.Source)
	for _, p := range r.Parts {
		out.field("Part "+p.ID, fmt.Sprintf("(%s) %s", bases[p.Basis], p.Text))
	}
	fmt.Fprintln(out)
	for _, c := range all {
		if c.Rule == r.ID {
			out.field("Check", fmt.Sprintf("%s (%s): %s", c.ID, c.Level, c.Title))
		}
	}
	for _, t := range r.Tests {
		out.field("Test", t)
	}
	for _, c := range book.Replacing(r.ID) {
		out.field("Replaces", fmt.Sprintf("%s (expected by %s)", c.Expectation, strings.Join(c.Whose, ", ")))
	}
	for _, c := range all {
		if slices.Contains(c.Replaced, r.ID) {
			out.field("In place of", c.ID+": "+c.Title)
		}
	}
}

var bases = map[rules.Basis]string{
	rules.Seed: "the product's page says so: MUST",
	rules.Doc:  "other public pages of the product say so: SHOULD",
	rules.Ours: "a decision of this project where nothing public speaks: INFO",
	rules.RFC:  "SCIM itself says so, at the level that the RFC gives",
}

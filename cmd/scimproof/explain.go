package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

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
				explainRule(w.stdout, book, all, r)
				return nil
			}
			for _, c := range all {
				if c.ID == id {
					explainCheck(w.stdout, book, c)
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

// field prints a label and a text that may go over several lines.
func field(out io.Writer, label, text string) {
	if text == "" {
		return
	}
	const width, indent = 100, 14
	line := fmt.Sprintf("%-*s", indent, label)
	length := indent
	for i, word := range strings.Fields(text) {
		if i > 0 && length+1+len(word) > width {
			line += "\n" + strings.Repeat(" ", indent)
			length = indent
		} else if i > 0 {
			line += " "
			length++
		}
		line += word
		length += len(word)
	}
	fmt.Fprintln(out, line)
}

func explainCheck(out io.Writer, book rules.Book, c check.Check) {
	fmt.Fprintf(out, "%s\n%s\n\n", c.ID, c.Title)
	field(out, "Level", string(c.Level)+", "+levels[c.Level])
	field(out, "Source", source(c))
	field(out, "Profiles", joined(c.Profiles, ", "))
	field(out, "Requirement", c.Requirement)
	field(out, "Needs", joined(c.Needs, ", "))
	if r, ok := book.Rule(c.Rule); ok {
		text := r.Text
		if p, ok := r.Part(c.Part); ok {
			text = p.Text
		}
		field(out, "Rule", r.ID+": "+text)
	}
	for _, id := range c.Replaced {
		if r, ok := book.Rule(id); ok {
			field(out, "Replaced by", fmt.Sprintf("%s on an IDaaS application: %s", id, r.Text))
		}
	}
	if c.Exclusive {
		field(out, "Runs", "alone: nothing may run beside it")
	}
	var faults []string
	for _, f := range fault.All() {
		if slices.Contains(f.Breaks, c.ID) {
			faults = append(faults, fmt.Sprintf("%s (seen: %s)", f.Name, f.Seen))
		}
	}
	field(out, "Proved by", "these faults of the reference server, each of which breaks it: "+strings.Join(faults, "; "))
	field(out, "Run it", "scimproof check BASE_URL"+means(c)+" --only "+c.ID)
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

func explainRule(out io.Writer, book rules.Book, all []check.Check, r rules.Rule) {
	fmt.Fprintf(out, "%s\n%s\n\n", r.ID, strings.TrimSpace(r.Text))
	field(out, "Basis", bases[r.Basis])
	field(out, "Source", r.Source)
	for _, p := range r.Parts {
		field(out, "Part "+p.ID, fmt.Sprintf("(%s) %s", bases[p.Basis], p.Text))
	}
	fmt.Fprintln(out)
	for _, c := range all {
		if c.Rule == r.ID {
			field(out, "Check", fmt.Sprintf("%s (%s): %s", c.ID, c.Level, c.Title))
		}
	}
	for _, t := range r.Tests {
		field(out, "Test", t)
	}
	for _, c := range book.Replacing(r.ID) {
		field(out, "Replaces", fmt.Sprintf("%s (expected by %s)", c.Expectation, strings.Join(c.Whose, ", ")))
	}
	for _, c := range all {
		if slices.Contains(c.Replaced, r.ID) {
			field(out, "In place of", c.ID+": "+c.Title)
		}
	}
}

var bases = map[rules.Basis]string{
	rules.Seed: "the product's page says so: MUST",
	rules.Doc:  "other public pages of the product say so: SHOULD",
	rules.Ours: "a decision of this project where nothing public speaks: INFO",
	rules.RFC:  "SCIM itself says so, at the level that the RFC gives",
}

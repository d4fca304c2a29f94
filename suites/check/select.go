package check

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Select chooses the checks that one of the profiles counts and, where there are globs, that one of them names (path.Match on the id,
// where * also crosses dots; a glob that names a prefix, such as users.create, takes all below it). A glob that names nothing in the
// whole catalogue is an error; so is a selection that is empty.
func Select(all []Check, profiles []Profile, globs []string) ([]Check, error) {
	for _, g := range globs {
		if _, err := path.Match(g, ""); err != nil {
			return nil, fmt.Errorf("the pattern %q cannot be read; use words, dots and *", g)
		}
		if !slices.ContainsFunc(all, func(c Check) bool { return matches(g, c) }) {
			return nil, fmt.Errorf("no check is called %q; scimproof list shows all", g)
		}
	}
	var out []Check
	for _, c := range all {
		if slices.ContainsFunc(c.Profiles, func(p Profile) bool { return slices.Contains(profiles, p) }) &&
			(len(globs) == 0 || slices.ContainsFunc(globs, func(g string) bool { return matches(g, c) })) {
			out = append(out, c)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no check of profile %s is called %s; add a profile, or choose other checks", join(profiles), strings.Join(globs, ", "))
	}
	return out, nil
}

func matches(glob string, c Check) bool {
	if glob == c.Rule && c.Rule != "" {
		return true
	}
	ok, _ := path.Match(glob, c.ID)
	return ok || strings.HasPrefix(c.ID, glob+".")
}

func join(profiles []Profile) string {
	var names []string
	for _, p := range profiles {
		names = append(names, string(p))
	}
	return strings.Join(names, ", ")
}

var (
	checkID = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+$`)
	section = regexp.MustCompile(`^[0-9]+(\.[0-9]+)*$`)
)

// Validate lists what is wrong with a catalogue: ids, texts, levels, sections, doubles.
func Validate(all []Check) []error {
	var errs []error
	seen := map[string]bool{}
	for _, c := range all {
		for _, problem := range c.problems() {
			errs = append(errs, fmt.Errorf("check %q: %s", c.ID, problem))
		}
		if seen[c.ID] {
			errs = append(errs, fmt.Errorf("check %q: the id is used twice", c.ID))
		}
		seen[c.ID] = true
	}
	return errs
}

func (c Check) problems() []string {
	var out []string
	say := func(wrong bool, format string, args ...any) {
		if wrong {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	say(!checkID.MatchString(c.ID), "the id is not words joined by - and grouped by dots")
	say(c.Title == "" || strings.HasSuffix(c.Title, "."), "the title is a sentence without a full stop")
	say(!strings.HasSuffix(c.Requirement, "."), "the requirement is one or two sentences")
	say(c.Run == nil, "there is no body")
	say(c.Since < 1, "since says which catalogue version brought it")
	say(len(c.Profiles) == 0, "no profile counts it")
	for _, p := range c.Profiles {
		say(!slices.Contains(Profiles, p), "there is no profile %q", p)
	}
	say(!slices.Contains([]Level{Must, Should, May, Info, ""}, c.Level), "there is no level %q", c.Level)
	if len(c.Profiles) > 0 && c.Home() == IDaaS {
		say(c.Rule == "", "a check of profile idaas names its rule")
		return out
	}
	say(c.Rule != "", "only a check of profile idaas has a rule")
	say(c.Level == "", "the level is missing")
	say(c.Ref.RFC == "" || c.Ref.Section == "", "the source is missing")
	say(c.Ref.RFC >= "0" && c.Ref.RFC <= "99999" && !section.MatchString(c.Ref.Section), "%q is no section", c.Ref.Section)
	return out
}

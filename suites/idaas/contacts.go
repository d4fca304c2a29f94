package idaas

import (
	"fmt"
	"slices"
	"strings"

	"scimproof/suites/check"
	"scimproof/suites/match"
)

// field is an attribute of which an account has one entry, that of type work.
type field struct {
	id    string // in the ids of checks
	attr  string
	need  check.Need
	value func(t *check.T) string // that nobody else has
}

var (
	mail  = field{"emails", "emails", check.Emails, address}
	phone = field{"phones", "phoneNumbers", check.Phones, func(t *check.T) string { return number(t, "+852 5#######") }}
)

// of is the attribute with entries, to send.
func (f field) of(entries ...check.Doc) check.Doc { return check.Doc{f.attr: list(entries...)} }

// work is the path of the one entry in a PATCH.
func (f field) work() string { return f.attr + `[type eq "work"]` }

// holds expects the account to have the one value, or none where that is "".
func (f field) holds(t *check.T, a *account, want string) {
	answer := a.read(t)
	if want == "" {
		t.Expect(answer).To(match.Lacks(f.attr))
		return
	}
	t.Expect(answer).To(match.Count(f.attr, 1))
	got, kind := answer.Text(f.attr+"[0].value"), answer.Text(f.attr+"[0].type")
	t.Hold(slices.Contains(f.forms(want), got), fmt.Sprintf("%s with the value %q", f.attr, want), fmt.Sprintf("the value %q", got))
	t.Hold(kind == "" || strings.EqualFold(kind, "work"), f.attr+" with the type work", fmt.Sprintf("the type %q", kind))
}

// forms are the forms in which a value may come back: a number with an area code also without separators (rule phone-8).
func (f field) forms(value string) []string {
	if f.attr == mail.attr {
		return []string{value}
	}
	return []string{value, canonical(value)}
}

// canonical is a number with an area code, or the rest of one, without separators.
func canonical(number string) string {
	return strings.Map(func(r rune) rune {
		if r == '+' || '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, number)
}

// declined says whether a target refuses what a rule lets it refuse, with 400.
func declined(a *check.Answer) bool { return a.Status == 400 }

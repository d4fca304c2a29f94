package html

import (
	"strings"

	"scimproof/reports/evidence"
	"scimproof/reports/result"
)

// check is the row of a check and what opens below it.
type check struct {
	result.Check
	Anchor    string
	Look      look
	Finding   string // "holds" or "departs", of an outcome that is only told
	Why       string // the rest of the reason; of what passed, none
	Level     string
	Source    string // "RFC 7644 section 3.3"
	Link      string // to the source on the web; empty where there is none
	Section   string // the key that the matrix and the filter share
	Keys      string // of the profiles that count it, for the filter
	Counted   string // the same for people
	Took      string
	Exchanges []exchange
}

// group is the checks of an area: the first word of their ids.
type group struct {
	Name   string
	Checks []check
	Counts []chip
}

func newChecks(run result.Run, names anchors, v *viewer) []check {
	var out []check
	for _, c := range run.Checks {
		finding, why := finding(c.Outcome, c.Reason)
		out = append(out, check{
			Check:     c,
			Finding:   finding,
			Why:       why,
			Anchor:    names.of(c.ID),
			Look:      looks[c.Outcome],
			Level:     plain(c.Level),
			Source:    plain(evidence.Source(c.RFC, c.Section)),
			Link:      link(c.RFC, c.Section),
			Section:   plain(strings.TrimSpace(c.RFC + " " + c.Section)),
			Keys:      plain(strings.Join(c.Profiles, " ")),
			Counted:   strings.Join(c.Profiles, ", "),
			Took:      duration(c.DurationMs),
			Exchanges: v.exchanges(c.Exchanges, c.Outcome),
		})
	}
	return out
}

// finding parts the reason of what is only told into the finding, which stands beside the outcome, and the rest.
func finding(o result.Outcome, reason string) (finding, why string) {
	switch head, rest, _ := strings.Cut(reason, ": "); {
	case o == result.Pass:
		return "", ""
	case o == result.Info && (head == "holds" || head == "departs"):
		return head, rest
	}
	return "", reason
}

// link is where an RFC can be read. Only digits and dots get into it.
func link(rfc, section string) string {
	if rfc == "" || strings.Trim(rfc, "0123456789") != "" {
		return ""
	}
	url := "https://www.rfc-editor.org/rfc/rfc" + rfc
	if section != "" && strings.Trim(section, "0123456789.") == "" {
		url += "#section-" + section
	}
	return url
}

func groups(checks []check) []group {
	var out []group
	at := map[string]int{}
	for _, c := range checks {
		name, _, _ := strings.Cut(c.ID, ".")
		i, ok := at[name]
		if !ok {
			i = len(out)
			at[name] = i
			out = append(out, group{Name: name})
		}
		out[i].Checks = append(out[i].Checks, c)
	}
	for i := range out {
		var plain []result.Check
		for _, c := range out[i].Checks {
			plain = append(plain, c.Check)
		}
		out[i].Counts = outcomes(plain)
	}
	return out
}

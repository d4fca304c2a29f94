package filter

import (
	"time"

	"scimproof/suites/check"
	"scimproof/suites/match"
)

// order asks about the operators of RFC 7644 table 3 that compare by size. A boundary of its own tells gt from ge.
var order = []check.Check{
	ordering("gt", "greater than", 2),
	ordering("ge", "greater than or equal to", 1, 2),
	ordering("lt", "less than", 0),
	ordering("le", "less than or equal to", 0, 1),
	{
		ID:          "filter.date-time",
		Title:       "gt and lt compare instants",
		Requirement: "A dateTime is compared by time: what changed later than the instant of the filter is greater than it.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run:         func(t *check.T) { instants(t, 0, 0) },
	},
	{
		ID:          "filter.date-time-zone",
		Title:       "gt and lt compare instants across time zones",
		Requirement: "A dateTime may be written in any zone; the comparison is chronological and not one of characters.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		// An hour before, as Tokyo writes it, looks later; an hour after, as Alaska writes it, looks earlier.
		Run: func(t *check.T) { instants(t, 9, -9) },
	},
}

// ordering is the check of an operator: of three users a, b and c, compared with b, those at the positions match.
func ordering(op, meaning string, positions ...int) check.Check {
	return check.Check{
		ID:          "filter." + op,
		Title:       op + " finds texts that are " + meaning + " the one given",
		Requirement: "Texts are compared character by character.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.2"},
		Needs:       []check.Need{check.Users, check.Filter, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			mark, p := company(t, 3)
			var ids []string
			for _, i := range positions {
				ids = append(ids, p[i].id)
			}
			a := find(t, check.Eq("displayName", mark)+" and userName "+op+" "+check.Quote(p[1].userName))
			t.Expect(a).To(match.Found(ids...))
		},
	}
}

// instants compares a user's lastModified with an hour before and an hour after, each written in a zone.
func instants(t *check.T, eastBefore, eastAfter int) {
	_, p := people(t, 1)
	at := modified(t, p[0])
	before, after := stamp(at.Add(-time.Hour), eastBefore), stamp(at.Add(time.Hour), eastAfter)
	name := check.Eq("userName", p[0].userName) + " and meta.lastModified "
	t.Expect(find(t, name+"gt "+before), "greater than an hour before").To(match.Found(p[0].id))
	t.Expect(find(t, name+"lt "+after), "less than an hour after").To(match.Found(p[0].id))
	t.Expect(find(t, name+"lt "+before), "less than an hour before").To(match.Found())
	t.Expect(find(t, name+"gt "+after), "greater than an hour after").To(match.Found())
}

package filter

import (
	"time"

	"scimproof/suites/check"
	"scimproof/suites/match"
)

// person is a user who was made for a check.
type person struct{ id, userName string }

// people makes so many users. Their userNames begin with a mark that nothing else on the target has, and go on with -a, -b, ...
func people(t *check.T, n int) (mark string, list []person) {
	return crowd(t, n, func(string) check.Doc { return nil })
}

// company makes so many users, all with the mark for a displayName, so that displayName eq finds them and nobody else.
func company(t *check.T, n int) (mark string, list []person) {
	return crowd(t, n, func(mark string) check.Doc { return check.Doc{"displayName": mark} })
}

func crowd(t *check.T, n int, more func(mark string) check.Doc) (mark string, list []person) {
	mark = newMark(t)
	for i := range n {
		list = append(list, one(t, mark+"-"+string(rune('a'+i)), more(mark)))
	}
	return mark, list
}

// newMark ends in a letter, so that it does not begin the mark of another check.
func newMark(t *check.T) string { return t.Unique() + "m" }

// one makes a user with the name, made into an address since some targets want one.
func one(t *check.T, name string, more check.Doc) person {
	userName := name + "@example.com"
	created := t.MustUser(check.Doc{"userName": userName}, more)
	return person{created.ID(), userName}
}

// bystander makes a user with a userName alone. Every directory has some who lack the attribute that a filter names, and some servers trip over them.
func bystander(t *check.T, mark string) { one(t, mark+"-z", nil) }

// list asks for users with a filter that a target with filters has to take.
func list(t *check.T, filter string) *check.Answer { return t.Get(t.Users(), "filter", filter) }

// find asks for users with a filter that a target may decline: 400 with invalidFilter says that it does not have the operation
// (RFC 7644 section 3.4.2.2 and table 9), with tooMany that it would have to look at too much, 403 with sensitive that the filter says
// too much for a URL (section 7.5.2). Then the check ends: filter.operators alone asks whether everything is taken.
func find(t *check.T, filter string) *check.Answer {
	a := list(t, filter)
	if declined(a) {
		t.NA("the target declines the filter %s: %s", filter, a.Text("detail"))
	}
	return a
}

func declined(a *check.Answer) bool {
	return match.Is(a, match.Error([]int{400}, "invalidFilter", "tooMany")) || match.Is(a, match.Error([]int{403}, "sensitive"))
}

// keeps blocks the check unless the user has the value at the path: a target that does not keep it cannot be asked for it.
func keeps(t *check.T, p person, path string, want any) {
	a := t.MustGet(check.Under(t.Users(), p.id))
	if !match.Is(a, match.Value(path, want)) {
		t.NA("the target did not keep %s as it was sent", path)
	}
}

// modified is when the target last changed the user.
func modified(t *check.T, p person) time.Time {
	text := t.MustGet(check.Under(t.Users(), p.id)).Text("meta.lastModified")
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.NA("meta.lastModified is %q, which tells no time", text)
	}
	return at
}

// stamp writes an instant as it stands in a filter, in a zone so many hours east of Greenwich.
func stamp(at time.Time, east int) string {
	return check.Quote(at.In(time.FixedZone("", east*3600)).Format(time.RFC3339))
}

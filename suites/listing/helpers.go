package listing

import (
	"strconv"
	"strings"

	"scimproof/suites/check"
	"scimproof/suites/match"
)

// staff is users who share a displayName that nobody else has, so that a list of them alone can be asked for.
type staff struct {
	filter string            // finds them
	ids    []string          // as they were made
	labels map[string]string // id -> what tells one from the others
}

// hire makes one user for each label, in this order; the userName ends in the label before its domain.
func hire(t *check.T, labels ...string) staff {
	return hireWith(t, func(int) check.Doc { return nil }, labels...)
}

// hireWith is hire with further attributes for the user at each position.
func hireWith(t *check.T, more func(i int) check.Doc, labels ...string) staff {
	mark := t.Unique() + "m"
	s := staff{filter: check.Eq("displayName", mark), labels: map[string]string{}}
	for i, label := range labels {
		id := t.MustUser(check.Doc{"userName": mark + "-" + label + "@example.com", "displayName": mark}, more(i)).ID()
		s.ids = append(s.ids, id)
		s.labels[id] = label
	}
	return s
}

// list asks for the staff; pairs are further parameters.
func (s staff) list(t *check.T, pairs ...string) *check.Answer {
	return t.Get(t.Users(), append([]string{"filter", s.filter}, pairs...)...)
}

// order is the labels of those in a list, as they come.
func (s staff) order(a *check.Answer) string {
	var out []string
	for _, r := range a.Resources() {
		label, ok := s.labels[r.Text("id")]
		if !ok {
			label = "stranger"
		}
		out = append(out, label)
	}
	return strings.Join(out, " ")
}

// walk reads the pages of the staff up to totalResults and returns the labels as they came. A page may be smaller than asked for.
func (s staff) walk(t *check.T, size int, pairs ...string) []string {
	var out []string
	for {
		a := s.list(t, append([]string{"startIndex", strconv.Itoa(len(out) + 1), "count", strconv.Itoa(size)}, pairs...)...)
		t.Expect(a).To(match.ListResponse())
		out = append(out, strings.Fields(s.order(a))...)
		if len(a.Resources()) == 0 || len(out) >= a.Total() || len(out) > len(s.ids) {
			return out
		}
	}
}

package sqlite

import (
	"fmt"
	"strings"
	"testing"

	"scimproof/server/scim"
	"scimproof/server/store"
)

// TestPositionsUseIndexes goes on in the middle of a list: no statement begins with the first resource again.
func TestPositionsUseIndexes(t *testing.T) {
	s := open(t, Memory, Options{Readers: 1})
	directory(t, s, 400)
	user := registry(t).Type("User")
	for _, test := range []struct{ filter, by, index string }{
		{"", "", "resource_in_order (collection=? AND rowid>?)"},
		{`userName sw "person"`, "", "resource_in_order (collection=? AND rowid>?)"},
		{"", "id", "resource_by_id (collection=? AND id>?)"},
		{"", "meta.created", "resource_by_created (collection=? AND created>?)"},
		{"", "userName", "resource_key_by_value (collection=? AND attribute=? AND (value,resource)>(?,?))"},
		{`active eq true`, "userName", "resource_key_by_value (collection=? AND attribute=? AND (value,resource)>(?,?))"},
		{"", "externalId", "external_id_by_value (application=? AND collection=? AND (value,resource)>(?,?))"},
	} {
		for _, descending := range []bool{false, true} {
			name := fmt.Sprintf("%q by %q, descending %v", test.filter, test.by, descending)
			q := store.Query{View: here, Type: user, Count: 10, Descending: descending, After: store.Position{}}
			if test.filter != "" {
				q.Filter = bind(t, user, test.filter)
			}
			if test.by != "" {
				q.SortBy = sortBy(t, user, test.by)
			}
			err := s.Read(t.Context(), func(r store.Reader) error {
				page, err := r.Query(q)
				q.After = page.Positions[9]
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			index := test.index
			if descending {
				index = strings.NewReplacer(")>(", ")<(", " id>?", " id<?", "created>?", "created<?").Replace(index)
			}
			lines := plans(t, s, q)
			wantNoScan(t, name, lines)
			if !strings.Contains(strings.Join(lines, "\n"), index) {
				t.Errorf("%s does not use %s:\n%s", name, index, strings.Join(lines, "\n"))
			}
		}
	}
}

func sortBy(t *testing.T, rt *scim.ResourceType, text string) *scim.Ref {
	t.Helper()
	ref, err := rt.BindSort(text)
	if err != nil {
		t.Fatal(err)
	}
	return &ref
}

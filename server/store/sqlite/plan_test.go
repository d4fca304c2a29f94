package sqlite

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"scimproof/fixtures"
	"scimproof/server/scim"
	"scimproof/server/scim/filter"
	"scimproof/server/store"
)

// registry is the profile whose schemas have every attribute that identity providers match on.
func registry(t testing.TB) *scim.Registry {
	t.Helper()
	r, err := scim.Load(fixtures.Schemas, "rfc")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func bind(t testing.TB, rt *scim.ResourceType, text string) scim.Cond {
	t.Helper()
	expr, err := filter.Parse(text, filter.Budget{})
	if err != nil {
		t.Fatal(err)
	}
	cond, err := rt.Bind(expr)
	if err != nil {
		t.Fatal(err)
	}
	return cond
}

// directory fills a store with people who all have an e-mail address and a group with one in ten of them.
func directory(t testing.TB, s *Store, people int) {
	t.Helper()
	err := s.Write(t.Context(), func(tx store.Tx) error {
		if err := tx.PutOrganization(store.Organization{ID: "org", Instance: here.Directory}); err != nil {
			return err
		}
		if err := tx.PutApplication(store.Application{ID: here.Application, Instance: here.Directory, Scope: []string{"org"}}); err != nil {
			return err
		}
		if err := tx.Insert(here, store.Record{ID: "group_0", Type: "Group", Version: 1, Body: []byte(`{"displayName":"All"}`),
			Keys: []store.Key{{Attr: "displayName", Value: "all"}}}, true); err != nil {
			return err
		}
		if err := tx.AddToScope(here.Application, "group_0"); err != nil {
			return err
		}
		var members []store.Member
		for i := range people {
			r := someone(i)
			if err := tx.Insert(here, r, true); err != nil {
				return err
			}
			if i%10 == 0 {
				members = append(members, store.Member{ID: r.ID, Type: "User"})
			}
		}
		_, err := tx.AddMembers(here, "group_0", members)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// someone is person number i of a directory.
func someone(i int) store.Record {
	name := fmt.Sprintf("person.%07d", i)
	return store.Record{
		ID: fmt.Sprintf("user_%07d", i), Type: "User", Version: 1, Source: here.Application, Organization: "org", ExternalID: fmt.Sprintf("E%07d", i), Display: name,
		Body: fmt.Appendf(nil, `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":%q,"displayName":"Person %07d","active":%v,"title":"Engineer",`+
			`"name":{"familyName":"Family %d","givenName":"Given"},"emails":[{"value":"%s@example.com","type":"work","primary":true}]}`, name, i, i%20 != 0, i%5000, name),
		Keys: []store.Key{
			{Attr: "userName", Value: name, Unique: true}, {Attr: "displayName", Value: fmt.Sprintf("person %07d", i)},
			{Attr: "emails.value", Value: name + "@example.com"}, {Attr: "active", Value: fmt.Sprint(i%20 != 0)},
			{Attr: "name.familyName", Value: fmt.Sprintf("family %d", i%5000)},
		},
	}
}

// plans answers a query and explains each statement that it took.
func plans(t *testing.T, s *Store, q store.Query) (lines []string) {
	t.Helper()
	err := s.Read(t.Context(), func(r store.Reader) error {
		conn := r.(*reader).session
		conn.forget()
		if _, err := r.Query(q); err != nil {
			return err
		}
		for _, text := range slices.Sorted(maps.Keys(conn.statements)) {
			plan, err := explain(conn, text)
			if err != nil {
				return err
			}
			lines = append(lines, plan...)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func explain(conn *session, text string) (lines []string, err error) {
	err = conn.rows("EXPLAIN QUERY PLAN "+text, make([]any, strings.Count(text, "?")), func(scan func(...any) error) (bool, error) {
		var id, parent, unused int
		var line string
		err := scan(&id, &parent, &unused, &line)
		lines = append(lines, line)
		return true, err
	})
	return lines, err
}

// TestIndexes answers what identity providers ask by an index: no statement visits a table or an index from end to end, and none the whole
// collection.
func TestIndexes(t *testing.T) {
	s := open(t, Memory, Options{Readers: 1})
	directory(t, s, 400)
	types := registry(t)
	user, group := types.Type("User"), types.Type("Group")
	tests := []struct {
		rt     *scim.ResourceType
		filter string
		index  string // one of those that must be used
	}{
		{user, `id eq "user_0000007"`, "resource_by_id (collection=? AND id=?)"},
		{user, `meta.location eq "https://example.com/User/user_0000007"`, "resource_by_id (collection=? AND id=?)"},
		{user, `userName eq "PERSON.0000007"`, "resource_key_by_value (collection=? AND attribute=? AND value=?)"},
		{user, `userName sw "person.000000"`, "resource_key_by_value (collection=? AND attribute=? AND value>? AND value<?)"},
		{user, `externalId eq "E0000007"`, "external_id_by_value (application=? AND collection=? AND value=?)"},
		{user, `displayName eq "person 0000007"`, "resource_key_by_value (collection=? AND attribute=? AND value=?)"},
		{user, `displayName sw "person 000000"`, "resource_key_by_value (collection=? AND attribute=? AND value>? AND value<?)"},
		{user, `emails.value eq "person.0000007@example.com"`, "resource_key_by_value (collection=? AND attribute=? AND value=?)"},
		{user, `emails eq "person.0000007@example.com"`, "resource_key_by_value (collection=? AND attribute=? AND value=?)"},
		{user, `emails[type eq "work" and value eq "person.0000007@example.com"]`, "resource_key_by_value (collection=? AND attribute=? AND value=?)"},
		{user, `phoneNumbers.value eq "1"`, "resource_key_by_value (collection=? AND attribute=? AND value=?)"},
		{user, `active eq false`, "resource_key_by_value (collection=? AND attribute=? AND value=?)"},
		{user, `name.familyName eq "family 7"`, "resource_key_by_value (collection=? AND attribute=? AND value=?)"},
		{user, `meta.created gt "2024-01-01T00:00:00Z"`, "resource_by_created (collection=? AND created>?)"},
		{user, `meta.lastModified ge "2024-01-01T00:00:00Z"`, "resource_by_modified (collection=? AND modified>?)"},
		{user, `groups.value eq "group_0"`, "resource_by_id (collection=? AND id=?)"},
		{user, `userName eq "person.0000007" and title eq "Engineer"`, "resource_key_by_value (collection=? AND attribute=? AND value=?)"},
		{user, `title eq "Engineer" and externalId eq "E0000007"`, "external_id_by_value (application=? AND collection=? AND value=?)"},
		{user, `userName eq "person.0000007" or emails.value eq "person.0000008@example.com"`, "resource_key_by_value (collection=? AND attribute=? AND value=?)"},
		{group, `displayName eq "all"`, "resource_key_by_value (collection=? AND attribute=? AND value=?)"},
		{group, `members.value eq "user_0000007"`, "membership_by_member (member=?)"},
		{group, `members[value eq "user_0000007"]`, "membership_by_member (member=?)"},
		{group, `displayName eq "all" and members.value eq "user_0000010"`, "resource_key_by_value (collection=? AND attribute=? AND value=?)"},
	}
	for _, test := range tests {
		for _, scoped := range []bool{false, true} {
			name := fmt.Sprintf("%s (scoped %v)", test.filter, scoped)
			q := store.Query{View: here, Type: test.rt, Filter: bind(t, test.rt, test.filter), Start: 1, Count: 10,
				Locate: func(typ, id string) string { return "https://example.com/" + typ + "/" + id }}
			q.Scoped = scoped
			lines := plans(t, s, q)
			wantNoScan(t, name, lines)
			if !strings.Contains(strings.Join(lines, "\n"), test.index) {
				t.Errorf("%s does not use %s:\n%s", name, test.index, strings.Join(lines, "\n"))
			}
		}
	}
}

// small are visits to what another part of the statement has found.
var small = []string{"SCAN s", "SCAN found", "SCAN up", "SCAN down", "SCAN below", "SCAN CONSTANT ROW"}

// wantNoScan refuses visits from end to end, and such by the order of creation, which every resource of the collection is in.
func wantNoScan(t *testing.T, name string, lines []string) {
	t.Helper()
	for _, line := range lines {
		switch {
		case slices.Contains(small, line):
		case strings.HasPrefix(line, "SCAN"), strings.HasSuffix(line, "resource_in_order (collection=?)"):
			t.Errorf("%s: %s, in\n%s", name, line, strings.Join(lines, "\n"))
		}
	}
}

// TestListIndexes checks that a list without a filter comes from counters and from the place where its page begins.
func TestListIndexes(t *testing.T) {
	s := open(t, Memory, Options{Readers: 1})
	directory(t, s, 9000)
	user := registry(t).Type("User")
	tests := []struct {
		sortBy string
		index  string
	}{
		{"", "resource_in_order (collection=? AND rowid>?)"},
		{"userName", "resource_key_by_value (collection=? AND attribute=?)"},
		{"displayName", "resource_key_by_value (collection=? AND attribute=?)"},
		{"id", "resource_by_id (collection=?)"},
		{"meta.created", "resource_by_created (collection=?)"},
		{"meta.lastModified", "resource_by_modified (collection=?)"},
	}
	for _, test := range tests {
		for _, start := range []int{1, 4500, 8990} {
			for _, scoped := range []bool{false, true} {
				for _, descending := range []bool{false, true} {
					q := store.Query{View: here, Type: user, Start: start, Count: 10, Descending: descending}
					q.Scoped = scoped
					if test.sortBy != "" {
						ref, err := user.BindSort(test.sortBy)
						if err != nil {
							t.Fatal(err)
						}
						q.SortBy = &ref
					}
					lines := plans(t, s, q)
					text := strings.Join(lines, "\n")
					name := fmt.Sprintf("by %q from %d, scoped %v, descending %v", test.sortBy, start, scoped, descending)
					if !strings.Contains(text, test.index) && start < 4500 {
						t.Errorf("%s does not use %s:\n%s", name, test.index, text)
					}
					if strings.Contains(text, "USE TEMP B-TREE FOR ORDER BY") && start < 4500 {
						t.Errorf("%s sorts everything:\n%s", name, text)
					}
					if !strings.Contains(text, "placement USING PRIMARY KEY") && !strings.Contains(text, "p USING PRIMARY KEY") {
						t.Errorf("%s does not count by the counters:\n%s", name, text)
					}
				}
			}
		}
	}
}

// TestMethodIndexes explains the statements of the other methods: none of them takes longer because there are more resources.
func TestMethodIndexes(t *testing.T) {
	s := open(t, Memory, Options{Readers: 1})
	directory(t, s, 400)
	scoped := here
	scoped.Scoped = true
	user := store.Member{ID: "user_0000001", Type: "User"}
	ignore := func(store.Member) bool { return true }
	for _, v := range []store.View{here, scoped} {
		err := s.Write(t.Context(), func(tx store.Tx) error {
			s.writer.conn.forget()
			_, err1 := tx.Get(v, "User", user.ID)
			_, err2 := tx.ByExternalID(v, "User", "E0000001")
			_, err3 := tx.ByKey(v, "User", "userName", "person.0000001")
			_, err4 := tx.Visible(v, "User", user.ID)
			_, err5 := tx.Memberships(v, user.ID)
			_, err6 := tx.AddMembers(v, "group_0", []store.Member{user})
			err7 := tx.Members(v, "group_0", ignore)
			_, err8 := tx.RemoveMembers(v, "group_0", []string{user.ID})
			err9 := tx.Update(v, someone(1), true)
			err10 := tx.Insert(v, someone(1000), true)
			err11 := tx.Delete(v, "User", "user_0000001")
			_, err12 := tx.ClearMembers(v, "group_0")
			_, err13 := tx.ScopeGroups(v.Application)
			err14 := tx.AddToScope(v.Application, "group_0")
			_, err15 := tx.InScope(v.Application, "org")
			err := errors.Join(err1, err2, err3, err4, err5, err6, err7, err8, err9, err10, err11, err12, err13, err14, err15)
			for _, text := range slices.Collect(maps.Keys(s.writer.conn.statements)) {
				lines, failed := explain(s.writer.conn, text)
				wantNoScan(t, text, lines)
				err = errors.Join(err, failed)
			}
			return errors.Join(err, errUndo)
		})
		if err == nil || err.Error() != errUndo.Error() {
			t.Fatal(err)
		}
	}
}

var errUndo = errors.New("undo")

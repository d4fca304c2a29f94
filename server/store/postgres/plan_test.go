package postgres

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"scimproof/fixtures"
	"scimproof/server/scim"
	"scimproof/server/scim/filter"
	"scimproof/server/store"
	"scimproof/server/store/postgres/pgtest"
	"scimproof/server/store/sqlstore"
)

// crowd fills a directory with so many people that the planner has a choice, and tells it about them. Each is in five of a thousand groups.
const crowd = `
INSERT INTO collection (directory, type) VALUES ('here', 'User'), ('here', 'Group');
INSERT INTO attribute (name) VALUES ('userName'), ('displayName'), ('emails.value'), ('active'), ('name.familyName');
INSERT INTO resource (collection, id, organization, version, created, modified, source, display, checksum, body)
	SELECT 1, convert_to('user_' || n, 'UTF8'), 'org', 1, n, n, 'app', '', 0, convert_to(rpad('{}', 500), 'UTF8') FROM generate_series(1, 20000) n;
INSERT INTO resource_key (resource, attribute, value, collection, single)
	SELECT n, 1, convert_to('person.' || n, 'UTF8'), 1, true FROM generate_series(1, 20000) n
	UNION ALL SELECT n, 2, convert_to('person ' || n, 'UTF8'), 1, false FROM generate_series(1, 20000) n
	UNION ALL SELECT n, 3, convert_to('person.' || n || '@example.com', 'UTF8'), 1, false FROM generate_series(1, 20000) n
	UNION ALL SELECT n, 4, CASE WHEN n % 200 = 0 THEN 'false' ELSE 'true' END::bytea, 1, false FROM generate_series(1, 20000) n
	UNION ALL SELECT n, 5, convert_to('family ' || n % 5000, 'UTF8'), 1, false FROM generate_series(1, 20000) n;
INSERT INTO external_id (resource, application, collection, value, single)
	SELECT n, 'app', 1, convert_to('E' || n, 'UTF8'), true FROM generate_series(1, 20000) n;
INSERT INTO resource (collection, id, organization, version, created, modified, source, display, checksum, body)
	SELECT 2, convert_to('group_' || n, 'UTF8'), '', 1, n, n, 'app', '', 0, '{}' FROM generate_series(1, 1000) n;
INSERT INTO membership (holder, position, member)
	SELECT 20000 + (n * 7 + k * 131) % 1000 + 1, n + k * 20000, n FROM generate_series(1, 20000) n CROSS JOIN generate_series(0, 4) k;
INSERT INTO placement (collection, organization, slot, total) VALUES (1, 'org', 0, 20000), (2, '', 0, 1000);
ANALYZE`

// TestIndexes answers what identity providers ask by an index: no statement visits a table of resources, keys or members from end to end.
func TestIndexes(t *testing.T) {
	s := open(t, pgtest.Start(t).Schema(t), Options{})
	if _, err := s.writing.Exec(t.Context(), crowd); err != nil {
		t.Fatal(err)
	}
	types, err := scim.Load(fixtures.Schemas, "rfc")
	if err != nil {
		t.Fatal(err)
	}
	user, group := types.Type("User"), types.Type("Group")
	for _, test := range []struct {
		rt     *scim.ResourceType
		filter string
		index  string // one that must be used
	}{
		{user, `id eq "user_700"`, "resource_by_id"},
		{user, `userName eq "PERSON.700"`, "resource_key_by_value"},
		{user, `userName eq "` + strings.Repeat("x", 3000) + `"`, "resource_key_by_value"},
		{user, `userName sw "person.70"`, "resource_key_by_value"},
		{user, `externalId eq "E700"`, "external_id_by_value"},
		{user, `displayName eq "person 700"`, "resource_key_by_value"},
		{user, `emails.value eq "person.700@example.com"`, "resource_key_by_value"},
		{user, `emails[type eq "work" and value eq "person.700@example.com"]`, "resource_key_by_value"},
		{user, `userName eq "person.700" and active eq true`, "resource_key_by_value"},
		{user, `active eq false`, "resource_key_by_value"},
		{user, `name.familyName eq "family 7"`, "resource_key_by_value"},
		{user, `meta.lastModified gt "1970-01-01T00:00:19.900Z"`, "resource_by_modified"},
		{user, ``, "Index Scan using resource_"},
		{group, `members.value eq "user_700"`, "membership_by_member"},
		{group, `members[value eq "user_700"]`, "membership_by_member"},
		{user, `groups[value eq "group_700"] and userName eq "person.700"`, "resource_key_by_value"},
	} {
		t.Run(test.filter[:min(60, len(test.filter))], func(t *testing.T) {
			q := store.Query{View: store.View{Directory: "here", Application: "app"}, Type: test.rt, Start: 1, Count: 10}
			if test.filter != "" {
				expr, err := filter.Parse(test.filter, filter.Budget{})
				if err != nil {
					t.Fatal(err)
				}
				if q.Filter, err = test.rt.Bind(expr); err != nil {
					t.Fatal(err)
				}
			}
			plan := plans(t, s, q)
			if !slices.ContainsFunc(plan, func(line string) bool { return strings.Contains(line, test.index) }) {
				t.Errorf("%s is not used:\n%s", test.index, strings.Join(plan, "\n"))
			}
			for _, table := range []string{"resource", "resource_key", "external_id", "membership"} {
				for _, line := range plan {
					if strings.Contains(line, "Seq Scan on "+table+" ") {
						t.Errorf("%s is visited from end to end:\n%s", table, strings.Join(plan, "\n"))
					}
				}
			}
		})
	}
}

// spy explains each statement that it passes on.
type spy struct {
	*session
	t     *testing.T
	lines []string
}

func (s *spy) Rows(text string, args []any, each func(sqlstore.Scan) (bool, error)) error {
	s.lines = append(s.lines, "# "+text)
	rows, err := s.conn.Query(s.t.Context(), "EXPLAIN "+numbered(text), plain(args)...)
	if err != nil {
		return err
	}
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return err
		}
		s.lines = append(s.lines, line)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return s.session.Rows(text, args, each)
}

func (s *spy) Visit(text string, args []any, each func(sqlstore.Scan) (bool, error)) error {
	return s.Rows(text, args, func(sqlstore.Scan) (bool, error) { return true, nil })
}

// plans answers a query and explains each statement that it took.
func plans(t *testing.T, s *Store, q store.Query) []string {
	t.Helper()
	conn, err := begin(t.Context(), s.reading, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.end()
	watched := &spy{session: conn, t: t}
	_, err = sqlstore.NewReader(watched, dialect{}, s.opt.MaxScan, sqlstore.NewCache()).Query(q)
	if err != nil && !strings.Contains(fmt.Sprint(err), "damaged") { // the rows are no real ones
		t.Fatal(err)
	}
	return watched.lines
}

package storetest

import (
	"fmt"
	"slices"
	"testing"

	"scimproof/server/scim"
	"scimproof/server/scim/filter"
	"scimproof/server/store"
)

// bind reads a filter.
func bind(t *testing.T, rt *scim.ResourceType, text string) scim.Cond {
	t.Helper()
	expr, err := filter.Parse(text, filter.Budget{})
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	cond, err := rt.Bind(expr)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return cond
}

func bindSort(t *testing.T, rt *scim.ResourceType, text string) *scim.Ref {
	t.Helper()
	ref, err := rt.BindSort(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return &ref
}

// email is an entry of emails; what is empty is left out.
func email(value, typ string, primary bool) scim.Object {
	o := scim.Object{}
	if value != "" {
		o["value"] = value
	}
	if typ != "" {
		o["type"] = typ
	}
	if primary {
		o["primary"] = true
	}
	return o
}

// people is a directory in which the filters below tell one from another. Application app_here sees some of it.
func people() *model {
	m := &model{directory: "people", scopes: map[string]scopeOf{
		"app_here":  {organizations: []string{"o1", "o2"}, groups: []string{"group_1", "group_3", "group_4"}},
		"app_there": {organizations: []string{"o3"}, groups: []string{"group_2"}},
	}}
	users := []scim.Object{
		{"userName": "Ann", "displayName": "Ann A", "title": "Boss", "code": "Ab", "active": true, "level": scim.Number("3"), "externalId": "e1",
			"hired": "2020-01-01T00:00:00Z", "name": scim.Object{"familyName": "Ames", "givenName": "Ann"}, "shadow": "left",
			"emails":     []any{email("ann@work.example", "work", true), email("ann@home.example", "home", false)},
			extensionURN: scim.Object{"badge": "B-1", "desk": "North"}},
		{"userName": "ben", "displayName": "ben", "title": "boss", "code": "ab", "active": false, "level": scim.Number("10"), "externalId": "E1",
			"hired": "2020-01-01T01:00:00+01:00", "name": scim.Object{"familyName": "Éames"},
			"emails":     []any{email("ben@work.example", "home", false), email("ann@home.example", "work", false)},
			extensionURN: scim.Object{"badge": "b-1", "desk": "north wing"}},
		{"userName": "Cy", "title": "", "active": true, "level": scim.Number("-1"), "hired": "2020-01-01T00:00:00.5Z", "displayName": "100%_\\'",
			"emails": []any{email("", "work", false)}, "name": scim.Object{"givenName": "Cy"}, "shadow": "right"},
		{"userName": "dörte", "displayName": "ANN a", "externalId": "☃", "code": "a\x00b", "emails": []any{email("x\U0010FFFF", "", true)},
			extensionURN: scim.Object{"desk": "south"}},
		{"userName": "eve"},
		{"userName": "straße", "displayName": "K", "code": "100%_\\'", "active": false, "level": scim.Number("3"),
			"emails": []any{email("a", "work", false), email("A", "home", false), email("b", "work", false)}},
	}
	for i, o := range users {
		rec := user(fmt.Sprintf("user_%d", i+1), fmt.Sprintf("o%d", i%3+1), o)
		rec.Created, rec.Modified, rec.Version, rec.Display = at(i*1000), at(10_000-i*500), int64(i+1), o["userName"].(string)
		m.add("app_here", rec, o)
	}
	m.resources[0].external["app_there"] = "there"
	for i, members := range [][]string{{"user_1", "user_2"}, {"user_3", "group_1"}, {"group_2", "user_1"}, {"group_4"}, {}} {
		name := []string{"Ops", "ops", "Dev", "Ring", "Empty"}[i]
		m.add("app_here", group(fmt.Sprintf("group_%d", i+1), name), scim.Object{"displayName": name}, members...)
	}
	return m
}

// userFilters have each operator on each kind of attribute: with an index, without one, in a table of its own, in the row, computed.
var userFilters = []string{
	// Strings with an index.
	`userName eq "ann"`, `userName eq "ANN"`, `USERNAME EQ "Ann"`, `userName eq "nobody"`, `userName eq ""`, `userName ne "ann"`,
	`userName co "e"`, `userName co ""`, `userName sw "B"`, `userName sw ""`, `userName ew "Y"`, `userName ew ""`, `userName gt "ben"`,
	`userName ge "BEN"`, `userName lt "ben"`, `userName le "BEN"`, `userName pr`, `not (userName pr)`, `userName eq "DÖRTE"`, `userName co "ß"`,
	`userName eq "STRASSE"`, `userName eq null`, `userName ne null`,
	`urn:ietf:params:scim:schemas:core:2.0:User:userName eq "ann"`,
	`displayName eq "ann A"`, `displayName ne "ann a"`, `displayName pr`, `not (displayName pr)`, `displayName co "%"`, `displayName co "_"`,
	`displayName co "\\"`, `displayName sw "100%_"`, `displayName ew "'"`, `displayName eq null`, `displayName ne null`, `displayName eq "k"`,
	`displayName eq "\u212A"`, `displayName lt "zzz"`, `not (displayName lt "zzz")`,
	`code eq "Ab"`, `code eq "ab"`, `code ne "ab"`, `code sw "a"`, `code co "\u0000"`, `code ew "b"`, `code ew "\u0000b"`, `code gt "Ab"`, `code eq "a"`,
	`code co "%"`, `code pr`,
	`name.familyName eq "éames"`, `name.familyName sw "É"`, `name.familyName pr`, `name.familyName ne "ames"`,
	`urn:example:params:scim:schemas:extension:staff:2.0:User:badge eq "B-1"`, extensionURN + `:desk sw "NORTH"`, extensionURN + `:desk pr`,
	extensionURN + `:desk ne "south"`, extensionURN + `:badge eq "b-2"`,
	// Without an index.
	`title eq "boss"`, `title pr`, `title ne "boss"`, `title sw "b"`, `title eq ""`, `name.givenName eq "ann"`, `name pr`, `not (name pr)`,
	`level eq 3`, `level ne 3`, `level gt 3`, `level ge 3`, `level lt 3`, `level le -1`, `level pr`,
	`hired eq "2020-01-01T00:00:00Z"`, `hired gt "2020-01-01T00:00:00Z"`, `hired le "2020-01-01T02:00:00+02:00"`, `hired pr`,
	// Booleans.
	`active eq true`, `active eq false`, `active ne true`, `active ne false`, `active pr`, `not (active eq true)`,
	// Several values.
	`emails.value eq "ann@home.example"`, `emails eq "ANN@home.example"`, `emails.value ne "ann@home.example"`, `emails.value co "@"`,
	`emails.value sw "ann"`, `emails.value ew "EXAMPLE"`, `emails.value ew "` + "\U0010FFFF" + `"`, `emails.value sw "x` + "\U0010FFFF" + `"`,
	`emails.value pr`, `emails pr`, `emails.type eq "work"`, `emails.type pr`, `emails.primary eq true`, `emails.value gt "b"`, `emails.value eq "a"`,
	`emails[type eq "work"]`, `emails[value eq "ann@home.example"]`, `emails[type eq "work" and value eq "ann@home.example"]`,
	`emails[type eq "work" or value sw "ann"]`, `emails[not (type eq "work")]`, `emails[value ne "a"]`, `emails[value pr and primary eq true]`,
	`emails[value sw "ann" and value ew "work.example"]`, `emails[value co "home" and type pr]`, `emails[not (value pr)]`, `not (emails[value sw "ann"])`, `emails[type eq "work"] and emails[type eq "home"]`,
	// What the server keeps.
	`id eq "user_2"`, `id eq "USER_2"`, `id ne "user_2"`, `id sw "user_"`, `id gt "user_3"`, `id pr`, `id co "3"`,
	`externalId eq "e1"`, `externalId eq "E1"`, `externalId eq "there"`, `externalId ne "e1"`, `externalId pr`, `not (externalId pr)`,
	`externalId sw "☃"`, `externalId eq null`,
	`meta.created gt "2024-02-29T12:00:01Z"`, `meta.created ge "2024-02-29T12:00:01Z"`, `meta.created lt "2024-02-29T13:00:02.0001+01:00"`,
	`meta.created le "2024-02-29T12:00:01.9999Z"`, `meta.created eq "2024-02-29T12:00:01.000Z"`, `meta.created eq "2024-02-29T13:00:01+01:00"`,
	`meta.created ne "2024-02-29T12:00:01.000Z"`, `meta.created pr`, `meta.lastModified ge "2024-02-29T12:00:09Z"`,
	`meta.lastModified eq "2024-02-29T12:00:09.5001Z"`, `meta.resourceType eq "User"`, `meta.resourceType eq "user"`, `meta.resourceType ne "Group"`,
	`meta.resourceType co "se"`, `meta.version eq "W/\"2\""`, `meta.location eq "https://example.com/User/user_3"`, `meta.location ew "_3"`,
	`meta.location eq "user_3"`, `meta pr`,
	// Groups.
	`groups.value eq "group_1"`, `groups eq "group_2"`, `groups.value ne "group_1"`, `groups.value sw "group_"`, `groups pr`, `not (groups pr)`,
	`groups.display eq "dev"`, `groups.type eq "direct"`, `groups[type eq "indirect" and value eq "group_3"]`, `groups.value eq "group_4"`,
	`groups.$ref eq "https://example.com/Group/group_2"`,
	// Connectives.
	`userName eq "ann" or userName eq "ben"`, `userName eq "ann" or title eq "boss"`, `active eq true and title pr`, `active eq true and emails.type eq "work"`,
	`userName sw "b" or not (active pr)`, `not (userName eq "ann" or userName eq "ben")`, `not (title eq "boss" and active eq true)`,
	`active eq true and (title eq "boss" or level lt 0)`, `displayName sw "a" and emails.value pr and not (groups pr)`,
	`userName eq "ann" and displayName eq "nobody" or externalId eq "E1"`, `userName eq "ann" and externalId eq "e1" and id eq "user_1"`, `emails.value pr and (userName gt "b" or externalId pr)`,
	`unknown eq "x"`, `not (unknown eq "x")`, `unknown pr or userName eq "ann"`, `unknown.sub pr`, `emails.unknown eq "x"`, `emails[unknown eq "x"]`,
	`urn:nowhere:userName eq "ann"`,
}

var groupFilters = []string{
	`displayName eq "OPS"`, `displayName sw "o"`, `members.value eq "user_1"`, `members eq "user_1"`, `members.value eq "USER_1"`, `members.value ne "user_1"`,
	`members.value sw "group_"`, `members.value co "_2"`, `members pr`, `not (members pr)`, `members.type eq "group"`, `members.type eq "User"`,
	`members.type ne "User"`, `members.display eq "ann"`, `members.display pr`, `members[value eq "user_1"]`, `members[type eq "Group"]`,
	`members[type eq "Group" and value eq "group_1"]`, `members[type eq "Group" and value eq "user_1"]`, `members[not (type eq "User")]`,
	`members[value eq "user_2" or value eq "user_3"]`, `members[display eq "Ben"]`, `members[display eq "Ben" and value eq "user_2"]`,
	`members.value eq "user_1" and displayName eq "dev"`, `members.value eq "user_9"`, `members.$ref eq "https://example.com/User/user_3"`,
	`members[type ne "User" and value pr]`, `id eq "group_2" or members.value eq "group_4"`, `externalId pr`, `meta.resourceType eq "Group"`,
	`not (members.value eq "user_1")`, `not (members[value eq "user_1"])`,
}

// hiddenFilters ask about an attribute that no client can name.
func hiddenFilters() map[string]scim.Cond {
	shadow := scim.Ref{Attr: userType.Hidden[0]}
	compare := func(op filter.Op, v any) scim.Cond { return scim.CompareCond{Ref: shadow, Op: op, Value: v} }
	return map[string]scim.Cond{
		"hidden eq": compare(filter.Eq, "LEFT"),
		"hidden pr": compare(filter.Pr, nil),
		"hidden ne": compare(filter.Ne, "left"),
		"hidden co": scim.OrCond{Left: compare(filter.Co, "igh"), Right: scim.CompareCond{Ref: ref(userType, "", "title", ""), Op: filter.Eq, Value: "boss"}},
	}
}

func testAgreement(t *testing.T, s store.Store) {
	agree(t, s, store.View{Directory: "people"}, store.View{Directory: "people", Application: "app_here"}, store.View{Directory: "people", Application: "app_there"})
}

func testAgreementScoped(t *testing.T, s store.Store) {
	agree(t, s, store.View{Directory: "people", Application: "app_here", Scoped: true}, store.View{Directory: "people", Application: "app_there", Scoped: true},
		store.View{Directory: "people", Application: "app_unknown", Scoped: true})
}

// agree holds the filters against Match, which sees everything.
func agree(t *testing.T, s store.Store, views ...store.View) {
	m := people()
	write(t, s, m.fill)
	queries := map[string]store.Query{}
	for _, text := range userFilters {
		queries["User: "+text] = store.Query{Type: userType, Filter: bind(t, userType, text)}
	}
	for _, text := range groupFilters {
		queries["Group: "+text] = store.Query{Type: groupType, Filter: bind(t, groupType, text)}
	}
	for name, cond := range hiddenFilters() {
		queries["User: "+name] = store.Query{Type: userType, Filter: cond}
	}
	selective := 0
	for name, q := range queries {
		for _, q.View = range views {
			for _, window := range [][2]int{{1, 100}, {2, 1}, {1, 0}} {
				q.Start, q.Count = window[0], window[1]
				read(t, s, func(r store.Reader) error {
					if diff := m.disagreement(r, q); diff != "" {
						t.Errorf("%s (view %+v, from %d, %d at most): %s", name, q.View, q.Start, q.Count, diff)
					}
					return nil
				})
			}
			all := q
			all.Filter = nil
			everyone, _ := m.answer(all)
			if found, _ := m.answer(q); found > 0 && found < everyone {
				selective++
			}
		}
	}
	if total := len(queries) * len(views); selective < total/4 {
		t.Errorf("only %d of %d filters tell resources apart; the rest show nothing", selective, total)
	}
}

func testSorting(t *testing.T, s store.Store) {
	m := people()
	write(t, s, m.fill)
	views := []store.View{{Directory: "people", Application: "app_here"}, {Directory: "people", Application: "app_here", Scoped: true}, {Directory: "people"}}
	filters := []string{"", `userName gt "b"`, `title pr`, `active eq true`}
	changed := 0
	for _, by := range []string{
		"userName", "displayName", "code", "title", "active", "level", "hired", "name.familyName", "name.givenName", "emails", "emails.value", "emails.type",
		"id", "externalId", "meta.created", "meta.lastModified", "meta.resourceType", "meta.version", "meta.location", "groups.value",
		extensionURN + ":desk", extensionURN + ":badge",
	} {
		for _, text := range filters {
			q := store.Query{Type: userType, SortBy: bindSort(t, userType, by)}
			if text != "" {
				q.Filter = bind(t, userType, text)
			}
			for _, q.View = range views {
				for _, q.Descending = range []bool{false, true} {
					changed += sortedAlike(t, s, m, by+", "+text, q)
				}
			}
		}
	}
	if changed < 50 {
		t.Errorf("only %d sorts change the order of creation; the rest show nothing", changed)
	}
}

// sortedAlike compares a sorted list, and windows of it, with the model's. It returns 1 where sorting changed the order.
func sortedAlike(t *testing.T, s store.Store, m *model, name string, q store.Query) int {
	for _, window := range [][2]int{{1, 100}, {1, 2}, {2, 2}, {4, 2}, {6, 9}, {1, 0}, {40, 2}} {
		q.Start, q.Count = window[0], window[1]
		read(t, s, func(r store.Reader) error {
			if diff := m.disagreement(r, q); diff != "" {
				t.Errorf("by %s, descending %v (view %+v, from %d, %d at most): %s", name, q.Descending, q.View, q.Start, q.Count, diff)
			}
			return nil
		})
	}
	q.Start, q.Count = 1, 100
	_, got := m.answer(q)
	q.SortBy = nil
	if _, created := m.answer(q); slices.Equal(got, created) {
		return 0
	}
	return 1
}

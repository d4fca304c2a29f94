package engine_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"scimproof/server/engine"
	"scimproof/server/scim"
)

var all engine.Query

func filtered(text string) engine.Query { return engine.Query{Filter: text} }

// page is a list from an index, with so many entries at most.
func page(start, count int) engine.Query { return engine.Query{StartIndex: &start, Count: &count} }

func TestPaging(t *testing.T) {
	w := newWorld(t)
	same(t, "an empty list", map[string]any{
		"schemas": []any{engine.ListSchema}, "totalResults": 0.0, "startIndex": 1.0, "itemsPerPage": 0.0, "Resources": []any{},
	}, w.list(w.user(), all).object)
	var names []string
	for i := range 25 {
		names = append(names, fmt.Sprintf("user%02d", i))
		w.person(names[i])
	}
	tests := []struct {
		name        string
		q           engine.Query
		start, from int // startIndex of the answer; the first of names
		want        int
	}{
		{"without parameters, as many as allowed", all, 1, 0, 20},
		{"the first", page(1, 3), 1, 0, 3},
		{"in the middle", page(11, 4), 11, 10, 4},
		{"the last, cut short", page(23, 10), 23, 22, 3},
		{"the very last", page(25, 1), 25, 24, 1},
		{"behind it", page(26, 5), 26, 0, 0},
		{"far behind it", page(1<<30, 5), 1 << 30, 0, 0},
		{"index 0 is 1", page(0, 2), 1, 0, 2},
		{"a negative index is 1", page(-7, 2), 1, 0, 2},
		{"none", page(1, 0), 1, 0, 0},
		{"a negative count is none", page(2, -1), 2, 0, 0},
		{"more than allowed", page(1, 1000), 1, 0, 20},
	}
	for _, test := range tests {
		got := w.list(w.user(), test.q)
		same(t, test.name+": totalResults", 25.0, got.at("totalResults"))
		same(t, test.name+": startIndex", float64(test.start), got.at("startIndex"))
		same(t, test.name+": itemsPerPage", float64(test.want), got.at("itemsPerPage"))
		same(t, test.name, strings.Join(names[test.from:test.from+test.want], " "), strings.Join(got.pick("Resources", "userName"), " "))
	}
	start, count := 2, 2
	q := engine.Query{Filter: `userName ge "user20"`, StartIndex: &start, Count: &count}
	got := w.list(w.user(), q)
	same(t, "with a filter", 5.0, got.at("totalResults"))
	same(t, "with a filter", []string{"user21", "user22"}, got.pick("Resources", "userName"))
}

func TestListedAsRead(t *testing.T) {
	w := newWorld(t)
	user := w.create(w.user(), fullUser)
	team := w.create(w.group(), teamBody("Ops", user.id()))
	user = w.get(w.user(), user.id()) // it is in a group now
	same(t, "an account", user.object, w.list(w.user(), all).at("Resources", 0))
	same(t, "a group", team.object, w.list(w.group(), all).at("Resources", 0))
	w.app.Profile.ListLinks = false
	same(t, "members where lists have none", nil, w.list(w.group(), all).at("Resources", 0, "members"))
	same(t, "but with a filter they do", team.object, w.list(w.group(), filtered(`displayName eq "ops"`)).at("Resources", 0))
	same(t, "and where they are asked for", team.at("members"), w.list(w.group(), engine.Query{Attributes: []string{"members"}}).at("Resources", 0, "members"))
}

func TestFilters(t *testing.T) {
	w := newWorld(t)
	ann := w.create(w.user(), fullUser)
	w.later()
	w.person("ben", `"active":false`, `"title":"Boss"`, `"emails":[{"value":"BEN@work.example","type":"home"}]`)
	cy := w.person("cy", `"externalId":"e-1"`)
	team := w.team("Ops", cy)
	for filter, want := range map[string]string{
		`userName eq "ANN"`:                                            "Ann",
		`userName sw "b" or userName eq "cy"`:                          "ben cy",
		`externalId eq "E-1"`:                                          "Ann",
		`emails[type eq "home" and value co "ann"]`:                    "Ann",
		`emails.value eq "ben@WORK.example"`:                           "ben",
		`active eq false`:                                              "ben",
		`not (active pr)`:                                              "cy",
		`title eq "boss"`:                                              "ben",
		`meta.created gt "2026-03-31T12:00:00Z"`:                       "ben cy",
		`meta.lastModified le "2026-03-31T12:00:00Z"`:                  "Ann",
		`meta.location eq "` + ann.Location + `"`:                      "Ann",
		`meta.version eq "W/\"1\"" and userName ne "ann"`:              "ben cy",
		`id eq "` + cy + `"`:                                           "cy",
		`groups.value eq "` + team + `"`:                               "cy",
		`urn:ietf:params:scim:schemas:core:2.0:User:userName eq "ben"`: "ben",
		`urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber eq "7"`: "Ann",
		`urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department co "p"`:     "Ann",
		`nothing eq "x"`: "",
	} {
		got := w.list(w.user(), filtered(filter))
		same(t, filter, want, strings.Join(got.pick("Resources", "userName"), " "))
	}
	for _, bad := range []string{`userName`, `userName xx "a"`, `active gt true`, `userName eq 7`, `password eq "secret"`, `(userName pr`} {
		_, err := w.engine.List(t.Context(), w.app, w.user(), filtered(bad))
		refused(t, bad, err, http.StatusBadRequest, scim.InvalidFilter)
	}
}

func TestTooMany(t *testing.T) {
	w := newWorld(t)
	for i := range 51 {
		w.person(fmt.Sprint("u", i), `"title":"x"`)
	}
	_, err := w.engine.List(t.Context(), w.app, w.user(), filtered(`title eq "x"`))
	refused(t, "without an index", err, http.StatusBadRequest, scim.TooMany)
	same(t, "with one", 1.0, w.list(w.user(), filtered(`title eq "x" and userName eq "u7"`)).at("totalResults"))
	same(t, "the whole list", 51.0, w.list(w.user(), all).at("totalResults"))
}

func TestSorting(t *testing.T) {
	w := newWorld(t)
	for _, p := range [][]string{
		{"Cy", `"title":"b"`, `"emails":[{"value":"z@x"},{"value":"a@x","primary":true}]`}, {"ann", `"displayName":"Zoe"`, `"title":"a"`},
		{"Ben", `"displayName":"yan"`, `"active":true`, `"emails":[{"value":"m@x"}]`}, {"dan", `"active":false`, `"title":"B"`},
	} {
		w.later()
		w.person(p[0], p[1:]...)
	}
	tests := []struct{ by, order, want string }{
		{"", "", "Cy ann Ben dan"},
		{"", "descending", "Cy ann Ben dan"},
		{"userName", "", "ann Ben Cy dan"},
		{"USERNAME", "ascending", "ann Ben Cy dan"},
		{"userName", "descending", "dan Cy Ben ann"},
		{"displayName", "ascending", "Ben ann Cy dan"},
		{"displayName", "descending", "dan Cy ann Ben"},
		{"title", "ascending", "ann Cy dan Ben"},
		{"title", "descending", "Ben dan Cy ann"},
		{"active", "ascending", "dan Ben Cy ann"},
		{"emails", "ascending", "Cy Ben ann dan"},
		{"emails.value", "descending", "dan ann Ben Cy"},
		{"meta.created", "descending", "dan Ben ann Cy"},
		{"meta.lastModified", "ascending", "Cy ann Ben dan"},
	}
	for _, test := range tests {
		got := w.list(w.user(), engine.Query{SortBy: test.by, SortOrder: test.order})
		same(t, "by "+test.by+" "+test.order, test.want, strings.Join(got.pick("Resources", "userName"), " "))
		start, count := 2, 2
		part := w.list(w.user(), engine.Query{SortBy: test.by, SortOrder: test.order, StartIndex: &start, Count: &count})
		same(t, "a part, by "+test.by+" "+test.order, strings.Join(strings.Fields(test.want)[1:3], " "), strings.Join(part.pick("Resources", "userName"), " "))
	}
	for _, q := range []engine.Query{{SortBy: "nothing"}, {SortBy: "name"}, {SortBy: "password"}, {SortBy: "userName", SortOrder: "up"}} {
		_, err := w.engine.List(t.Context(), w.app, w.user(), q)
		refused(t, fmt.Sprintf("by %s %s", q.SortBy, q.SortOrder), err, http.StatusBadRequest, scim.InvalidValue)
	}
}

func TestSelections(t *testing.T) {
	w := newWorld(t)
	user := w.create(w.user(), fullUser)
	w.team("Ops", user.id())
	enterprise := "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	tests := []struct {
		attributes, excluded []string
		want                 []string // beside schemas and id
	}{
		{[]string{"userName"}, nil, []string{"userName"}},
		{[]string{"USERNAME", "name.familyName"}, nil, []string{"userName", "name"}},
		{[]string{"externalId", "meta.version"}, nil, []string{"externalId", "meta"}},
		{[]string{"groups"}, nil, []string{"groups"}},
		{[]string{enterprise + ":department"}, nil, []string{enterprise}},
		{[]string{"nothing"}, nil, nil},
		{[]string{"password"}, nil, nil},
		{nil, []string{"emails", "name", "meta", "groups", "active", enterprise}, []string{"userName", "displayName", "externalId"}},
		{nil, []string{"id", "schemas", "emails.type"}, []string{"userName", "displayName", "externalId", "name", "active", "emails", "groups", "meta", enterprise}},
	}
	for _, test := range tests {
		name := fmt.Sprint(test.attributes, test.excluded)
		sel, err := w.user().Select(test.attributes, test.excluded)
		if err != nil {
			t.Fatal(err)
		}
		got := w.result(w.engine.Get(t.Context(), w.app, w.user(), user.id(), sel))
		var names []string
		for key := range got.object {
			names = append(names, key)
		}
		sameSet(t, name, append([]string{"schemas", "id"}, test.want...), names)
		same(t, name+": as in a list", got.object, w.list(w.user(), engine.Query{Attributes: test.attributes, Excluded: test.excluded}).at("Resources", 0))
	}
}

// reshaping are rules that say that they reshape and do nothing: answers go the long way round.
type reshaping struct{ engine.Plain }

func (reshaping) Reshapes(*engine.App) bool { return true }

// TestShortWay compares the answers that splice stored bytes with those that decode them.
func TestShortWay(t *testing.T) {
	w := newWorld(t)
	user := w.create(w.user(), fullUser)
	bare := w.person(`a \"quoted\" <name> \u2028`)
	team := w.create(w.group(), teamBody("Ops", user.id(), bare))
	empty := w.team("Empty")
	for _, id := range []string{user.id(), bare} {
		short := w.get(w.user(), id)
		w.app.Profile.Rules = reshaping{}
		same(t, "an account", short.object, w.get(w.user(), id).object)
		w.app.Profile.Rules = engine.Plain{}
	}
	for _, id := range []string{team.id(), empty} {
		short := w.get(w.group(), id)
		w.app.Profile.Rules = reshaping{}
		same(t, "a group", short.object, w.get(w.group(), id).object)
		w.app.Profile.Rules = engine.Plain{}
	}
}

package server_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"scimproof/server"
	"scimproof/server/control"
	"scimproof/server/store"
)

type tx = store.Tx

// follow goes from the first page to the last and returns who was met. between, unless it is nil, is called after each page.
func (c *client) follow(path string, q url.Values, between func(page int)) (ids []string) {
	c.t.Helper()
	q.Set("cursor", "")
	for n := 1; ; n++ {
		a := c.get(path + "?" + q.Encode()).want(http.StatusOK)
		if a.at("startIndex") != nil || a.at("itemsPerPage") != float64(len(a.ids())) {
			c.t.Errorf("page %d is %s", n, a.text)
		}
		ids = append(ids, a.ids()...)
		next, ok := a.at("nextCursor").(string)
		if !ok {
			return ids
		}
		if len(a.ids()) == 0 || n > 200 || strings.Trim(next, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~") != "" {
			c.t.Fatalf("page %d leads on with %q: %s", n, next, a.text)
		}
		q.Set("cursor", next)
		if between != nil {
			between(n)
		}
	}
}

func TestCursorsMeetAll(t *testing.T) {
	c := rfc(t)
	crowd(c, 13)
	for _, path := range []string{"/Users", "/Groups", ""} {
		for _, q := range []url.Values{
			{}, {"filter": {`displayName pr`}}, {"filter": {`id pr and displayName co "1"`}}, {"filter": {`title pr`}}, {"sortBy": {"displayName"}}, {"sortBy": {"meta.lastModified"}},
			{"sortBy": {"displayName"}, "sortOrder": {"descending"}}, {"sortBy": {"externalId"}, "filter": {`displayName sw "d"`}, "sortOrder": {"descending"}},
		} {
			want := c.get(path + "?" + q.Encode()).want(http.StatusOK).ids()
			for _, count := range []string{"1", "3", "5", "100", ""} {
				if count != "" {
					q.Set("count", count)
				}
				if got := c.follow(path, q, nil); !slices.Equal(got, want) {
					t.Errorf("%s %v: %q, want %q", path, q, got, want)
				}
				q.Del("count")
				q.Del("cursor")
			}
		}
	}
}

func TestCursorsInSearch(t *testing.T) {
	c := rfc(t)
	users, groups := crowd(c, 5)
	for path, want := range map[string][]string{"/Users/.search": users, "/.search": slices.Concat(users, groups)} {
		var got []string
		o := object{"cursor": "", "count": 2}
		for range 10 {
			a := c.post(path, searchOf(o)).want(http.StatusOK)
			got = append(got, a.ids()...)
			if a.at("totalResults") != float64(len(want)) {
				t.Errorf("totalResults is %v, want %d", a.at("totalResults"), len(want))
			}
			if o["cursor"] = a.at("nextCursor"); o["cursor"] == nil {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

// TestCursorsUnderChurn changes the directory between the pages; who stays is met once.
func TestCursorsUnderChurn(t *testing.T) {
	for _, by := range []string{"", "userName", "displayName", "title"} {
		for _, path := range []string{"/Users", ""} {
			for _, order := range []string{"ascending", "descending"} {
				c := rfc(t)
				users, groups := crowd(c, 24)
				q := url.Values{"count": {"3"}}
				if by != "" {
					q.Set("sortBy", by)
					q.Set("sortOrder", order)
				}
				gone := map[string]bool{}
				met := c.follow(path, q, func(page int) {
					if page > 7 {
						return
					}
					id := users[3*page-1]
					gone[id] = true
					c.delete("/Users/" + id).want(http.StatusNoContent)
					moved := users[3*page]
					gone[moved] = true
					c.patch("/Users/"+moved, op("replace", "userName", fmt.Sprintf("v%02d", 50-page)), op("add", "title", fmt.Sprint(page))).want(http.StatusOK)
					c.user(object{"userName": fmt.Sprintf("u0%da", page), "displayName": fmt.Sprintf("D%02da", page)})
				})
				stable := users
				if path == "" {
					stable = slices.Concat(users, groups)
				}
				for _, id := range stable {
					n := 0
					for _, m := range met {
						if m == id {
							n++
						}
					}
					if n != 1 && !gone[id] {
						t.Errorf("%q by %q, %s: %s is met %d times", path, by, order, id, n)
					}
				}
			}
		}
	}
}

func TestCursorsAreBound(t *testing.T) {
	c := rfc(t)
	crowd(c, 5)
	const query = "?count=2&filter=displayName%20pr&sortBy=userName"
	next := func(path string) string {
		t.Helper()
		s, _ := c.get(path + query + "&cursor=").want(http.StatusOK).at("nextCursor").(string)
		if s == "" {
			t.Fatal("there is no second page")
		}
		return s
	}
	cursor := next("/Users")
	c.get("/Users" + query + "&cursor=" + cursor).want(http.StatusOK)
	c.get("/Users" + query + "&attributes=userName&cursor=" + cursor).want(http.StatusOK)
	twice := next("/Users")
	if twice == cursor {
		t.Error("two cursors are alike")
	}
	for _, path := range []string{
		"/Groups?count=2&filter=displayName%20pr&sortBy=displayName", query, "/Users?count=2&filter=displayName%20sw%20%22D%22&sortBy=userName", "/Users?count=2&sortBy=userName",
		"/Users?count=2&filter=displayName%20pr", "/Users" + query + "&sortOrder=descending",
	} {
		c.get(path+"&cursor="+cursor).refused(http.StatusBadRequest, "invalidCursor", "")
	}
	other := c.world.beside(c.app)
	other.get("/Users"+query+"&cursor="+cursor).refused(http.StatusBadRequest, "invalidCursor", "")
	for _, bad := range []string{"x", "!", cursor + "A", cursor[1:], strings.ToLower(cursor), "AAAA" + cursor[4:], cursor[:len(cursor)-4] + "AAAA", "%00"} {
		c.get("/Users"+query+"&cursor="+bad).refused(http.StatusBadRequest, "invalidCursor", "")
	}
	c.get("/Users?count=3&filter=displayName%20pr&sortBy=userName&cursor="+cursor).refused(http.StatusBadRequest, "invalidCount", "")
	c.get("/Users?count=x&cursor=").refused(http.StatusBadRequest, "invalidCount", "")
	c.get("/Users?count=1.5&cursor=").refused(http.StatusBadRequest, "invalidCount", "")
	c.get("/Users?startIndex=1&cursor=").refused(http.StatusBadRequest, "invalidValue", "cursor and startIndex")
	c.get("/Users?startIndex=1&cursor="+cursor).refused(http.StatusBadRequest, "invalidValue", "cursor and startIndex")
	c.post("/Users/.search", searchOf(object{"count": "2", "cursor": ""})).refused(http.StatusBadRequest, "invalidCount", "")
	c.post("/Users/.search", searchOf(object{"cursor": "x"})).refused(http.StatusBadRequest, "invalidCursor", "")
}

func TestCursorsCount(t *testing.T) {
	c := rfc(t)
	crowd(c, 5)
	for _, count := range []string{"0", "-1"} {
		a := c.get("/Users?cursor&count=" + count).want(http.StatusOK)
		if a.at("totalResults") != 5.0 || len(a.ids()) != 0 || a.at("nextCursor") != nil {
			t.Errorf("count %s: %s", count, a.text)
		}
	}
	if a := c.get("/Users?cursor").want(http.StatusOK); a.total() != 5 || a.at("nextCursor") != nil {
		t.Errorf("one page of all is %s", a.text)
	}
	if a := c.get("/Users?count=2").want(http.StatusOK); a.at("nextCursor") != nil || a.at("startIndex") != 1.0 {
		t.Errorf("without a cursor: %s", a.text)
	}
}

func TestEveryReplicaTakesACursor(t *testing.T) {
	c := rfc(t)
	crowd(c, 5)
	other := *c
	other.base = strings.Replace(c.base, c.world.origin, serverOf(t, func(config *server.Config) { config.Store = c.world.store }).origin, 1)
	for _, pair := range [][2]*client{{c, &other}, {&other, c}} {
		cursor, _ := pair[0].get("/Users?cursor&count=2&sortBy=userName").at("nextCursor").(string)
		if a := pair[1].get("/Users?count=2&sortBy=userName&cursor=" + cursor).want(http.StatusOK); len(a.ids()) != 2 {
			t.Errorf("the second page is %s", a.text)
		}
	}
}

func TestCursorsExpire(t *testing.T) {
	c := rfc(t)
	crowd(c, 5)
	cursor, _ := c.get("/Users?cursor&count=2").at("nextCursor").(string)
	c.get("/Users?count=2&cursor=" + cursor).want(http.StatusOK)
	_, token, err := c.world.plane.AddToken(t.Context(), c.app.ID, control.BearerToken, control.Days(30))
	if err != nil {
		t.Fatal(err)
	}
	c.token = token
	c.world.days.Add(1)
	c.get("/Users?count=2&cursor="+cursor).refused(http.StatusBadRequest, "expiredCursor", "")
}

func TestPagingIsAdvertised(t *testing.T) {
	both(t, func(c *client) {
		a := c.get("/ServiceProviderConfig").want(http.StatusOK)
		if c.app.Profile == "idaas" {
			if a.at("pagination") != nil {
				t.Errorf("pagination is %v", a.at("pagination"))
			}
			c.user(nil)
			c.user(object{"userName": "mo"})
			if a := c.get("/Users?cursor=&count=1").want(http.StatusOK); a.at("nextCursor") != nil {
				t.Errorf("there is a cursor: %s", a.text)
			}
			return
		}
		for name, want := range map[string]any{
			"cursor": true, "index": true, "defaultPaginationMethod": "index", "defaultPageSize": 100.0, "maxPageSize": 100.0, "cursorTimeout": 3600.0,
		} {
			if got := a.at("pagination", name); got != want {
				t.Errorf("%s is %v, want %v", name, got, want)
			}
		}
	})
}

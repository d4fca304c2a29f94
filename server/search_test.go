package server_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"scimproof/server/control"
)

const searchSchema = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"

// searchOf is a SearchRequest with the given members.
func searchOf(attrs object) object {
	o := object{"schemas": []string{searchSchema}}
	for k, v := range attrs {
		o[k] = v
	}
	return o
}

// ids lists the resources of an answer.
func (a answer) ids() (ids []string) {
	list, _ := a.at("Resources").([]any)
	for _, r := range list {
		id, _ := r.(object)["id"].(string)
		ids = append(ids, id)
	}
	return ids
}

// crowd makes accounts and groups whose creation alternates; every third has no displayName, and no group is without one.
func crowd(c *client, size int) (users, groups []string) {
	c.t.Helper()
	for i := range size {
		o := object{"userName": fmt.Sprintf("u%02d", (i*7)%size)}
		if i%3 != 0 {
			o["displayName"] = fmt.Sprintf("D%02d", (i*5)%size)
		}
		users = append(users, strings.TrimPrefix(c.user(o), "/Users/"))
		if i%2 == 0 {
			groups = append(groups, strings.TrimPrefix(c.group(object{"displayName": fmt.Sprintf("d%02d", (i*3)%size)}), "/Groups/"))
		}
	}
	return users, groups
}

func TestSearchAsks(t *testing.T) {
	c := rfc(t)
	crowd(c, 10)
	for name, x := range map[string]struct {
		search object
		query  string
	}{
		"everything": {object{}, ""},
		"a filter":   {object{"filter": `userName sw "u0"`}, `filter=userName+sw+"u0"`},
		"a page":     {object{"startIndex": 3, "count": 4}, "startIndex=3&count=4"},
		"none":       {object{"count": 0}, "count=0"},
		"negative":   {object{"count": -1, "startIndex": -7}, "count=-1&startIndex=-7"},
		"sorted":     {object{"sortBy": "userName", "sortOrder": "descending"}, "sortBy=userName&sortOrder=descending"},
		"attributes": {object{"attributes": []string{"userName", "meta.version"}}, "attributes=userName,meta.version"},
		"excluded":   {object{"excludedAttributes": []string{"userName", "meta"}}, "excludedAttributes=userName,meta"},
		"any case":   {object{"FILTER": `userName sw "u0"`, "SortBy": "userName", "STARTindex": 2}, `filter=userName+sw+"u0"&sortBy=userName&startIndex=2`},
		"null":       {object{"filter": nil, "count": nil, "attributes": nil, "cursor": nil}, ""},
		"unknown":    {object{"other": 1}, ""},
	} {
		want := c.get("/Users?" + strings.ReplaceAll(x.query, `"`, "%22")).want(http.StatusOK)
		got := c.post("/Users/.search", searchOf(x.search)).want(http.StatusOK)
		if got.text != want.text {
			t.Errorf("%s: the answer is %s, want %s", name, got.text, want.text)
		}
	}
}

func TestSearchRefuses(t *testing.T) {
	c := rfc(t)
	for _, path := range []string{"/Users/.search", "/.search"} {
		for text, kind := range map[string]string{
			``: "invalidSyntax", `[]`: "invalidSyntax", `null`: "invalidSyntax", `{"schemas":["` + searchSchema + `"],"count":1,"count":2}`: "invalidSyntax",
			`{"schemas":["` + searchSchema + `"],"count":1,"COUNT":2}`: "invalidSyntax", `{}`: "invalidValue", `{"schemas":["` + userSchema + `"]}`: "invalidValue",
			`{"schemas":"` + searchSchema + `"}`: "invalidValue",
		} {
			c.post(path, text).refused(http.StatusBadRequest, kind, "")
		}
		for name, values := range map[string][]any{
			"count": {"1", 1.5, true}, "startIndex": {"1", 1.5, object{}}, "filter": {1, []string{"x pr"}}, "sortBy": {1}, "sortOrder": {true, "up"}, "attributes": {"userName", []any{1}},
			"excludedAttributes": {"userName", object{}}, "cursor": {1, []string{}},
		} {
			for _, v := range values {
				c.post(path, searchOf(object{name: v})).refused(http.StatusBadRequest, "invalidValue", "")
			}
		}
		c.post(path, searchOf(object{"filter": "userName"})).refused(http.StatusBadRequest, "invalidFilter", "")
		c.post(path, searchOf(object{"attributes": []string{"id"}, "excludedAttributes": []string{"id"}})).refused(http.StatusBadRequest, "invalidValue", "")
		c.do("POST", path, searchOf(nil), header("Content-Type", "text/plain")).refused(http.StatusUnsupportedMediaType, "", "")
		for _, method := range []string{"GET", "HEAD", "PUT", "PATCH", "DELETE"} {
			a := c.do(method, path, nil).want(http.StatusMethodNotAllowed)
			if a.header.Get("Allow") != "POST" {
				t.Errorf("%s %s: Allow is %q", method, path, a.header.Get("Allow"))
			}
		}
		c.do("POST", path, searchOf(nil), header("Authorization", "Bearer x")).refused(http.StatusUnauthorized, "", "")
	}
	c.post("/Nothing/.search", searchOf(nil)).want(http.StatusNotFound)
}

func TestSearchIsNotForEveryProfile(t *testing.T) {
	c := idaas(t)
	for _, path := range []string{"/Users/.search", "/Groups/.search", "/.search"} {
		c.post(path, searchOf(nil)).refused(http.StatusNotImplemented, "", "")
	}
	c.get("/").refused(http.StatusNotImplemented, "", "")
	c.get("").refused(http.StatusNotImplemented, "", "")
}

func TestSearchIsReading(t *testing.T) {
	w := serverOf(t)
	plain := w.demo("rfc")
	with := func(permissions ...string) *client {
		c := w.beside(plain.app)
		a := c.app
		a.Permissions = permissions
		w.change(func(tx tx) error { return tx.PutApplication(a) })
		return c
	}
	reader := with(control.UserRead)
	reader.post("/Users/.search", searchOf(nil)).want(http.StatusOK)
	reader.post("/Groups/.search", searchOf(nil)).refused(http.StatusForbidden, "", "permission_denied")
	reader.post("/.search", searchOf(nil)).want(http.StatusOK)
	writer := with(control.UserManage)
	writer.post("/Users", person(nil)).want(http.StatusCreated)
	writer.post("/Users/.search", searchOf(nil)).refused(http.StatusForbidden, "", "permission_denied")
	writer.post("/.search", searchOf(nil)).refused(http.StatusForbidden, "", "permission_denied")
	both := with(control.UserManage, control.GroupManage, control.GroupRead)
	both.user(nil)
	both.group(nil)
	if a := both.get("/"); a.total() != 1 || a.at("Resources", 0, "meta", "resourceType") != "Group" {
		t.Errorf("who may read groups alone sees %s", a.text)
	}
}

// root asks for a query at the root, in both ways, which must answer alike.
func (c *client) root(o object) answer {
	c.t.Helper()
	v := url.Values{}
	for name, value := range o {
		v.Set(name, fmt.Sprint(value))
	}
	a := c.get("?" + v.Encode()).want(http.StatusOK)
	if b := c.post("/.search", searchOf(o)).want(http.StatusOK); a.text != b.text {
		c.t.Errorf("GET answers %s, and POST %s", a.text, b.text)
	}
	return a
}

func TestRootSeesEveryType(t *testing.T) {
	c := rfc(t)
	users, groups := crowd(c, 9)
	all := slices.Concat(users, groups)
	sees := func(filter string, want []string) {
		t.Helper()
		o := object{}
		if filter != "" {
			o["filter"] = filter
		}
		a := c.root(o)
		if got := a.ids(); a.at("totalResults") != float64(len(want)) || !slices.Equal(got, want) {
			t.Errorf("%s: total %v of %q, want %q", filter, a.at("totalResults"), got, want)
		}
	}
	sees("", all)
	sees(`meta.resourceType eq "User"`, users)
	sees(`meta.resourceType eq "Group"`, groups)
	sees(`meta.resourceType eq "Robot"`, nil)
	sees(`userName pr`, users)
	sees(`not (userName pr)`, groups)
	sees(`members pr`, nil)
	sees(`id eq "`+groups[2]+`" or id eq "`+users[5]+`"`, []string{users[5], groups[2]})
	sees(`userName eq "u07" or displayName eq "D00"`, []string{users[1], groups[0], groups[3]})
	for start := 1; start <= len(all)+2; start++ {
		for _, count := range []int{0, 1, 2, 5, 100} {
			a := c.root(object{"startIndex": start, "count": count})
			from := min(start-1, len(all))
			want := all[from:min(from+count, len(all))]
			if got := a.ids(); !slices.Equal(got, want) || a.at("totalResults") != float64(len(all)) || a.at("itemsPerPage") != float64(len(want)) {
				t.Errorf("%d from %d: %q of %v, want %q", count, start, got, a.at("totalResults"), want)
			}
		}
	}
	if a := c.root(object{"filter": `id eq "` + groups[0] + `"`}); a.at("Resources", 0, "meta", "location") != c.base+"/Groups/"+groups[0] {
		t.Errorf("the location is %v", a.at("Resources", 0, "meta", "location"))
	}
	c.get("?attributes=userName").want(http.StatusOK)
	for _, method := range []string{"POST", "PUT", "PATCH", "DELETE"} {
		if a := c.do(method, "/", nil).want(http.StatusMethodNotAllowed); a.header.Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: Allow is %q", method, a.header.Get("Allow"))
		}
	}
}

// TestRootSorts looks at the values in the order of a sorted list: those without one come last, or first, and pages are parts of the list.
func TestRootSorts(t *testing.T) {
	c := rfc(t)
	crowd(c, 9)
	for _, by := range []string{"displayName", "userName", "id", "meta.created"} {
		for _, order := range []string{"ascending", "descending"} {
			all := c.root(object{"sortBy": by, "sortOrder": order})
			var keys []string
			for i := range all.total() {
				path := []any{"Resources", i}
				for _, name := range strings.Split(by, ".") {
					path = append(path, name)
				}
				key := "lacks the value" // behind all digits
				if v, ok := all.at(path...).(string); ok {
					key = "0" + strings.ToLower(v)
				}
				keys = append(keys, key)
			}
			if order == "descending" {
				slices.Reverse(keys)
			}
			if !slices.IsSorted(keys) {
				t.Errorf("by %s, %s: %q", by, order, keys)
			}
			var parts []string
			for start := 1; start <= len(keys); start += 4 {
				parts = append(parts, c.root(object{"sortBy": by, "sortOrder": order, "startIndex": start, "count": 4}).ids()...)
			}
			if !slices.Equal(parts, all.ids()) {
				t.Errorf("by %s, %s: pages have %q, want %q", by, order, parts, all.ids())
			}
		}
	}
	c.get("?sortBy=nothing").refused(http.StatusBadRequest, "invalidValue", "")
	c.get("?sortBy=password").refused(http.StatusBadRequest, "invalidValue", "")
	c.get("?sortBy=displayName&startIndex=100000").refused(http.StatusBadRequest, "tooMany", "")
}

package server_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"scimproof/server"
	"scimproof/server/api"
	"scimproof/server/control"
	"scimproof/server/store"
)

func TestBulk(t *testing.T) {
	c := serverOf(t).demo("rfc")
	put, patch, gone := c.user(object{"userName": "put"}), c.user(object{"userName": "patch"}), c.user(object{"userName": "gone"})
	group := c.group(nil)
	a := c.bulk(
		making("/Users", "qwerty", person(object{"userName": "alice", "password": canary})),
		doing("PUT", put, named("putter")),
		patching(patch, op("replace", "displayName", "Patched")),
		patching(group, op("add", "members", members(idOf(put)))),
		doing("DELETE", gone, nil),
	).statuses("201", "200", "200", "204", "204")
	for i, path := range []string{"", put, patch, group, gone} {
		if path != "" && a.made(i) != path {
			t.Errorf("operation %d is at %s, want %s", i, a.made(i), path)
		}
	}
	alice := a.made(0)
	if a.at("Operations", 0, "bulkId") != "qwerty" || a.at("Operations", 1, "bulkId") != nil {
		t.Errorf("the bulkIds are wrong: %s", a.text)
	}
	for i, path := range []string{alice, put, patch, group} {
		if got := c.get(path).want(http.StatusOK).at("meta", "version"); got != a.at("Operations", i, "version") {
			t.Errorf("%s has the version %v, the answer %v", path, got, a.at("Operations", i, "version"))
		}
	}
	if c.get(alice).at("userName") != "alice" || c.get(put).at("userName") != "putter" || c.get(patch).at("displayName") != "Patched" {
		t.Error("something was not done")
	}
	if !strings.HasPrefix(c.secret(alice), "$argon2id$") {
		t.Errorf("the password is kept as %q", c.secret(alice))
	}
	c.in(group, put)
	c.get(gone).refused(http.StatusNotFound, "", "")
}

func TestBulkReferences(t *testing.T) {
	team := func(name string, ids ...string) object {
		return team(object{"displayName": name, "members": members(ids...)})
	}
	for name, test := range map[string]struct {
		operations []object
		statuses   string
		check      func(c *client, a answer)
	}{
		"backward": {
			[]object{making("/Users", "u", named("ann")), making("/Groups", "g", team("Ops", "bulkId:u"))}, "201 201",
			func(c *client, a answer) { c.in(a.made(1), a.made(0)) },
		},
		"forward": {
			[]object{making("/Groups", "g", team("Ops", "bulkId:u", "bulkId:h")), making("/Users", "u", named("ann")), making("/Groups", "h", team("Sub", "bulkId:u"))}, "201 201 201",
			func(c *client, a answer) { c.in(a.made(0), a.made(1), a.made(2)); c.in(a.made(2), a.made(1)) },
		},
		"of an extension": {
			[]object{making("/Users", "a", managed("ann", "bulkId:b")), making("/Users", "b", managed("ben", "bulkId:c")), making("/Users", "c", named("cy"))}, "201 201 201",
			func(c *client, a answer) { c.reports(a.made(0), a.made(1)); c.reports(a.made(1), a.made(2)) },
		},
		"in paths": {
			[]object{
				patching("/Groups/bulkId:g", op("add", "members", members("bulkId:u", "bulkId:v"))), making("/Users", "u", named("ann")), making("/Users", "v", named("ben")),
				making("/Groups", "g", team("Ops")), doing("DELETE", "/Users/bulkId:v", nil), doing("PUT", "/Users/bulkId:u", named("eve")),
			}, "204 201 201 201 204 200",
			func(c *client, a answer) {
				c.in(a.made(3), a.made(1))
				c.get(a.made(2)).refused(http.StatusNotFound, "", "")
				if c.get(a.made(5)).at("userName") != "eve" || a.made(0) != a.made(3) || a.made(5) != a.made(1) {
					c.t.Errorf("the wrong one was changed: %s", a.text)
				}
			},
		},
		"in the values of PATCH": {
			[]object{
				making("/Users", "u", named("ann")), making("/Users", "v", named("ben")), making("/Groups", "g", team("Ops", "bulkId:u")),
				patching("/Groups/bulkId:g", op("add", "members", members("bulkId:v")), op("remove", `members[value eq "bulkId:u"]`)),
				patching("/Users/bulkId:u", op("add", managerRef+".value", "bulkId:v")),
				patching("/Users/bulkId:v", op("add", "", object{managerRef: object{"value": "bulkId:u", "$ref": "../Users/bulkId:u"}})),
			}, "201 201 201 204 200 200",
			func(c *client, a answer) {
				c.in(a.made(2), a.made(1))
				c.reports(a.made(0), a.made(1))
				c.reports(a.made(1), a.made(0))
				if got := c.get(a.made(1)).at(enterpriseSchema, "manager", "$ref"); got != ".."+a.made(0) {
					c.t.Errorf("the $ref is %v, want %s", got, a.made(0))
				}
			},
		},
		"two groups in a circle": {
			[]object{making("/Groups", "g", team("A", "bulkId:h")), making("/Groups", "h", team("B", "bulkId:g"))}, "201 201",
			func(c *client, a answer) { c.in(a.made(0), a.made(1)); c.in(a.made(1), a.made(0)) },
		},
		"three groups in circles": {
			[]object{
				making("/Groups", "g", team("A", "bulkId:h", "bulkId:u")), making("/Users", "u", named("ann")),
				making("/Groups", "h", team("B", "bulkId:i", "bulkId:g")), making("/Groups", "i", team("C", "bulkId:g", "bulkId:h", "bulkId:u")),
			}, "201 201 201 201",
			func(c *client, a answer) {
				g, u, h, i := a.made(0), a.made(1), a.made(2), a.made(3)
				c.in(g, h, u)
				c.in(h, i, g)
				c.in(i, g, h, u)
			},
		},
		"accounts in a circle": {
			[]object{making("/Users", "a", managed("ann", "bulkId:b")), making("/Users", "b", managed("ben", "bulkId:a")), making("/Users", "c", managed("cy", "bulkId:c"))}, "201 201 201",
			func(c *client, a answer) {
				c.reports(a.made(0), a.made(1))
				c.reports(a.made(1), a.made(0))
				c.reports(a.made(2), a.made(2))
			},
		},
		"a group in itself": {
			[]object{making("/Groups", "g", team("A", "bulkId:g"))}, "201", func(c *client, a answer) { c.in(a.made(0), a.made(0)) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := serverOf(t).demo("rfc").with(t)
			a := c.bulk(test.operations...).statuses(strings.Fields(test.statuses)...)
			for i := range a.operations() { // the answer has the versions that are there afterwards, unless a later operation changed it
				if a.at("Operations", i, "method") != "POST" || strings.Contains(a.text, "PATCH") || strings.Contains(a.text, "DELETE") {
					continue
				}
				if got := c.get(a.made(i)).at("meta", "version"); got != a.at("Operations", i, "version") {
					t.Errorf("%s has the version %v, the answer %v", a.made(i), got, a.at("Operations", i, "version"))
				}
			}
			test.check(c, a)
			if left := c.get("/Users").text + c.get("/Groups").text; strings.Contains(left, reference) {
				t.Errorf("a reference was kept as it stood: %s", left)
			}
		})
	}
}

func TestBulkReferencesThatFail(t *testing.T) {
	withMembers := func(name string, ids ...string) object {
		return team(object{"displayName": name, "members": members(ids...)})
	}
	bad := person(object{"userName": 5})
	for name, test := range map[string]struct {
		operations []object
		statuses   string
		failed     map[int]string // what the error names
		left       int            // resources
	}{
		"unknown": {
			[]object{making("/Groups", "g", withMembers("A", "bulkId:none")), making("/Users", "u", named("ann"))}, "400 201", map[int]string{0: "bulkId:none"}, 1,
		},
		"unknown in a path": {
			[]object{doing("DELETE", "/Users/bulkId:none", nil), patching("/Users/bulkId:none", op("add", "title", "x"))}, "400 400",
			map[int]string{0: "bulkId:none", 1: "bulkId:none"}, 0,
		},
		"of what is no POST": {
			[]object{
				{"method": "DELETE", "path": unknownAccount, "bulkId": "d"}, making("/Groups", "g", withMembers("A", "bulkId:d")),
			}, "404 400", map[int]string{1: "bulkId:d"}, 0,
		},
		"failed before": {
			[]object{
				making("/Users", "u", bad), making("/Groups", "g", withMembers("A", "bulkId:u")), making("/Groups", "h", withMembers("B", "bulkId:g")),
				doing("DELETE", "/Users/bulkId:u", nil),
			}, "400 400 400 400", map[int]string{1: "bulkId:u", 2: "bulkId:g", 3: "bulkId:u"}, 0,
		},
		"fails later": {
			[]object{making("/Groups", "g", withMembers("A", "bulkId:u")), making("/Users", "u", bad), making("/Users", "v", named("ben"))}, "400 400 201",
			map[int]string{0: "bulkId:u"}, 1,
		},
		"a circle that fails": {
			[]object{
				making("/Groups", "g", withMembers("", "bulkId:h")), making("/Groups", "h", withMembers("B", "bulkId:i")), making("/Groups", "i", withMembers("C", "bulkId:g")),
				making("/Users", "u", named("ann")),
			}, "400 400 400 201", map[int]string{1: "bulkId:i", 2: "bulkId:g"}, 1,
		},
		"a circle of accounts that fails": {
			[]object{making("/Users", "a", managed("ann", "bulkId:b")), making("/Users", "b", managed("ann", "bulkId:a"))}, "409 400", map[int]string{1: "bulkId:a"}, 0,
		},
		"a circle whose last link is refused": {
			[]object{
				making("/Groups", "g", team(object{"displayName": "A", "members": []any{object{"value": "bulkId:h", "type": "Group"}}})),
				making("/Groups", "h", team(object{"displayName": "B", "members": []any{object{"value": "bulkId:g", "type": "User"}}})),
			}, "400 400", map[int]string{0: "bulkId:h"}, 0,
		},
		"a circle with an endpoint that is not there": {
			[]object{making("/Groups", "g", withMembers("A", "bulkId:h")), making("/Teams", "h", withMembers("B", "bulkId:g"))}, "400 404", map[int]string{0: "bulkId:h"}, 0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := serverOf(t).demo("rfc").with(t)
			a := c.bulk(test.operations...).statuses(strings.Fields(test.statuses)...)
			for i, about := range test.failed {
				a.failed(i, "invalidValue", about)
			}
			if left := c.get("/Users").total() + c.get("/Groups").total(); left != test.left {
				t.Errorf("there are %d resources, want %d", left, test.left)
			}
		})
	}
}

func TestBulkOperationsThatFail(t *testing.T) {
	c := serverOf(t).demo("rfc")
	path := c.user(nil)
	a := c.bulk(
		making("/Users", "taken", named("JO")),
		making("/Users", "", named("mo")),
		doing("POST", "/Users", named("mo")),
		object{"method": "POST", "path": "/Users", "bulkId": "empty"},
		making(path, "there", named("mo")),
		doing("PUT", "/Users", named("mo")),
		doing("GET", path, nil),
		doing("PUT", unknownAccount, named("mo")),
		doing("DELETE", "/Users/a b", nil),
		doing("DELETE", "/Nothing/x", nil),
		doing("DELETE", "/Bulk", nil),
		doing("PATCH", path, object{"schemas": []string{patchSchema}}),
		making("/Users", "last", named("mo")),
	).statuses("409", "400", "400", "400", "405", "405", "405", "404", "404", "404", "404", "400", "201")
	a.failed(0, "uniqueness", "userName").failed(1, "invalidSyntax", "bulkId").failed(2, "invalidSyntax", "bulkId").failed(3, "invalidSyntax", "data")
	for i, want := range map[int]string{6: path, 7: unknownAccount, 8: "/Users/a%20b", 11: path} {
		if got := a.made(i); got != want {
			t.Errorf("operation %d is at %s, want %s", i, got, want)
		}
	}
	if got := c.get("/Users").total(); got != 2 {
		t.Errorf("there are %d accounts, want 2", got)
	}
}

func TestBulkFailOnErrors(t *testing.T) {
	for name, test := range map[string]struct {
		limit    any
		statuses string
		left     int
	}{
		"left out": {nil, "201 404 201 404 400 201", 3},
		"one":      {1, "201 404", 1},
		"two":      {2, "201 404 201 404", 2},
		"four":     {4, "201 404 201 404 400 201", 3},
	} {
		t.Run(name, func(t *testing.T) {
			c := serverOf(t).demo("rfc").with(t)
			message := bulkMessage(
				making("/Users", "a", named("ann")), doing("DELETE", unknownAccount, nil), making("/Users", "b", named("ben")),
				doing("DELETE", unknownAccount, nil), making("/Users", "c", person(object{"userName": 5})), making("/Users", "d", named("dan")),
			)
			if test.limit != nil {
				message["failOnErrors"] = test.limit
			}
			c.post("/Bulk", message).bulkResponse().statuses(strings.Fields(test.statuses)...)
			if got := c.get("/Users").total(); got != test.left {
				t.Errorf("there are %d accounts, want %d", got, test.left)
			}
		})
	}
}

// TestBulkStopsInACircle ends a request when a group has been created that waits for one whose turn never comes.
func TestBulkStopsInACircle(t *testing.T) {
	c := serverOf(t).demo("rfc")
	message := bulkMessage(
		making("/Groups", "g", team(object{"displayName": "A", "members": members("bulkId:h", "bulkId:u")})),
		making("/Groups", "h", team(object{"displayName": "B", "members": members("bulkId:g")})),
		making("/Users", "u", person(object{"userName": 5})),
	)
	message["failOnErrors"] = 1
	c.post("/Bulk", message).bulkResponse().statuses("400", "400").failed(0, "invalidValue", "bulkId:g")
	if got := c.get("/Groups").total(); got != 0 {
		t.Errorf("there are %d groups, want none", got)
	}
}

func TestBulkRefused(t *testing.T) {
	c := serverOf(t).demo("rfc")
	for name, body := range map[string]any{
		"nothing": "", "no JSON": "{", "no operations": bulkMessage(), "no schemas": object{"Operations": []object{doing("DELETE", "/Users/x", nil)}},
		"cut short": `{"schemas":["` + bulkSchema + `"],"Operations":[{"method":"POST","path":"/Users","bulkId":"a","data":{"schemas":["` + userSchema + `"],"userName":"mo"}}`,
	} {
		t.Run(name, func(t *testing.T) { c.with(t).post("/Bulk", body).refused(http.StatusBadRequest, "invalidSyntax", "") })
	}
	twice := making("/Users", "a", named("mo"))
	c.post("/Bulk", bulkMessage(twice, twice)).refused(http.StatusBadRequest, "invalidValue", `bulkId "a"`)
	zero := bulkMessage(twice)
	zero["failOnErrors"] = 0
	c.post("/Bulk", zero).refused(http.StatusBadRequest, "invalidValue", "failOnErrors")
	c.do("POST", "/Bulk", bulkMessage(twice), contentType("text/plain")).refused(http.StatusUnsupportedMediaType, "", "")
	for _, method := range []string{"GET", "HEAD", "PUT", "PATCH", "DELETE"} {
		if a := c.do(method, "/Bulk", nil); a.want(http.StatusMethodNotAllowed).header.Get("Allow") != "POST" {
			t.Errorf("%s /Bulk allows %q", method, a.header.Get("Allow"))
		}
	}
	c.post("/Bulk/x", bulkMessage(twice)).refused(http.StatusNotFound, "", "")
	if got := c.get("/Users").total(); got != 0 {
		t.Errorf("there are %d accounts, want none", got)
	}
}

func TestBulkLimits(t *testing.T) {
	limits := api.Limits{Body: 300, GroupBody: 600, BulkBody: 2000, BulkOperations: 3}
	c := serverOf(t, func(config *server.Config) { config.Limits = limits }).demo("rfc")
	delete := doing("DELETE", unknownAccount, nil)
	c.bulk(delete, delete, delete).statuses("404", "404", "404")
	a := c.post("/Bulk", bulkMessage(making("/Users", "u", named("ann")), delete, delete, delete)).refused(http.StatusRequestEntityTooLarge, "", "")
	if detail, _ := a.at("detail").(string); !strings.Contains(detail, "maxOperations (3)") {
		t.Errorf("the detail is %q", detail)
	}
	large := person(object{"userName": "mo", "title": strings.Repeat("x", 2000)})
	for _, length := range []int64{0, -1} { // told ahead, or not
		a := c.do("POST", "/Bulk", bulkMessage(making("/Users", "u", large)), func(r *http.Request) {
			if length < 0 {
				r.ContentLength = -1
			}
		}).refused(http.StatusRequestEntityTooLarge, "", "")
		if detail, _ := a.at("detail").(string); !strings.Contains(detail, "maxPayloadSize (2000 bytes)") {
			t.Errorf("the detail is %q", detail)
		}
	}
	filler := strings.Repeat("x", 400)
	c.bulk(making("/Users", "u", person(object{"title": filler})), making("/Groups", "g", team(object{"unheard": filler}))).statuses("413", "201")
	config := c.get("/ServiceProviderConfig")
	if config.at("bulk", "supported") != true || config.at("bulk", "maxOperations") != 3.0 || config.at("bulk", "maxPayloadSize") != 2000.0 {
		t.Errorf("bulk is advertised as %v", config.at("bulk"))
	}
	if got := c.get("/Users").total(); got != 0 {
		t.Errorf("there are %d accounts, want none", got)
	}
}

func TestBulkPermissions(t *testing.T) {
	c := serverOf(t).demo("rfc")
	path := c.user(nil)
	change := func(fn func(*store.Application)) {
		changed := c.app
		fn(&changed)
		c.world.change(func(tx store.Tx) error { return tx.PutApplication(changed) })
	}
	change(func(a *store.Application) { a.Permissions = []string{control.UserManage} })
	c.bulk(making("/Groups", "g", team(nil)), making("/Users", "u", named("ann")), doing("DELETE", path, nil)).statuses("403", "201", "204").
		failed(0, "", "permission_denied")
	change(func(a *store.Application) { a.Enabled = false })
	c.post("/Bulk", bulkMessage(making("/Users", "v", named("ben")))).refused(http.StatusForbidden, "", "application_disabled")
}

func TestBulkIsOfProfileRFC(t *testing.T) {
	c := serverOf(t).demo("idaas")
	c.post("/Bulk", bulkMessage(making("/Users", "u", named("ann")))).refused(http.StatusNotImplemented, "", "")
	if a := c.get("/ServiceProviderConfig"); a.at("bulk", "supported") != false || a.at("bulk", "maxOperations") != 0.0 || a.at("bulk", "maxPayloadSize") != 0.0 {
		t.Errorf("bulk is advertised as %v", a.at("bulk"))
	}
}

// TestBulkOfAThousand mixes everything: accounts with a chain of managers, groups in a ring that come before their members, changes and deletions.
func TestBulkOfAThousand(t *testing.T) {
	c := serverOf(t).demo("rfc")
	const groups, people = 100, 600
	var ops []object
	for i := range groups {
		ids := []string{fmt.Sprintf("bulkId:g%d", (i+1)%groups)}
		for j := range 5 {
			ids = append(ids, fmt.Sprintf("bulkId:u%d", i*5+j))
		}
		ops = append(ops, making("/Groups", fmt.Sprintf("g%d", i), team(object{"displayName": fmt.Sprintf("Team %d", i), "members": members(ids...)})))
	}
	for i := range people {
		ops = append(ops, making("/Users", fmt.Sprintf("u%d", i), managed(fmt.Sprintf("person%d", i), fmt.Sprintf("bulkId:u%d", (i+1)%people))))
	}
	for i := range 200 {
		ops = append(ops, patching(fmt.Sprintf("/Users/bulkId:u%d", i), op("add", "title", "Boss")))
	}
	for i := range 100 {
		ops = append(ops, doing("DELETE", fmt.Sprintf("/Users/bulkId:u%d", i*5), nil))
	}
	a := c.bulk(ops...)
	if got := len(a.operations()); got != len(ops) || got != 1000 {
		t.Fatalf("there are %d results for %d operations", got, len(ops))
	}
	for i := range ops {
		want := map[string]string{"POST": "201", "PATCH": "200", "DELETE": "204"}[ops[i]["method"].(string)]
		if got := a.at("Operations", i, "status"); got != want || a.at("Operations", i, "bulkId") != ops[i]["bulkId"] {
			t.Fatalf("operation %d: %v, want %s: %v", i, got, want, a.at("Operations", i))
		}
	}
	for _, i := range []int{0, 42, 99} {
		want := []string{a.made((i + 1) % groups)}
		for j := 1; j < 5; j++ {
			want = append(want, a.made(groups+i*5+j))
		}
		c.in(a.made(i), want...)
	}
	c.reports(a.made(groups+people-1), a.made(groups))
	if got := c.find("/Users", `title eq "Boss"`).at("totalResults"); got != 160.0 {
		t.Errorf("%v accounts were changed and are left, want 160", got)
	}
	if got := c.get("/Users?count=0").at("totalResults"); got != 500.0 {
		t.Errorf("there are %v accounts, want 500", got)
	}
}

// connection is an answer that notes which of the connection's deadlines are lifted.
type connection struct {
	*httptest.ResponseRecorder
	lifted []string
}

func (c *connection) SetReadDeadline(at time.Time) error  { return c.lift("read", at) }
func (c *connection) SetWriteDeadline(at time.Time) error { return c.lift("write", at) }

func (c *connection) lift(name string, at time.Time) error {
	if at.IsZero() {
		c.lifted = append(c.lifted, name)
	}
	return nil
}

// TestBulkIsUnhurried looks for deadlines that would pass while a thousand passwords are hashed.
func TestBulkIsUnhurried(t *testing.T) {
	var config server.Config
	c := serverOf(t, func(made *server.Config) { config = *made }).demo("rfc")
	handler, err := server.New(config)
	if err != nil {
		t.Fatal(err)
	}
	answered := func(path, body string) *connection {
		r := httptest.NewRequest("POST", api.BasePath(c.app)+path, strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+c.token)
		out := &connection{ResponseRecorder: httptest.NewRecorder()}
		handler.ServeHTTP(out, r)
		return out
	}
	bulk := answered("/Bulk", `{"schemas":["`+bulkSchema+`"],"Operations":[{"method":"DELETE","path":"`+unknownAccount+`"}]}`)
	if bulk.Code != http.StatusOK || strings.Join(bulk.lifted, " ") != "read write" {
		t.Errorf("/Bulk answers %d and lifts %v", bulk.Code, bulk.lifted)
	}
	if cut := answered("/Bulk", `{"schemas"`); cut.Code != http.StatusBadRequest || cut.lifted != nil {
		t.Errorf("a body that is cut short answers %d and lifts %v", cut.Code, cut.lifted)
	}
}

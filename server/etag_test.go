package server_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
)

// header sets a header of a request.
func header(name string, values ...string) func(*http.Request) {
	return func(r *http.Request) { r.Header[http.CanonicalHeaderKey(name)] = values }
}

func rfc(t *testing.T) *client {
	t.Helper()
	return serverOf(t).demo("rfc")
}

// ifMatch sends an operation under a condition.
func (c *client) ifMatch(method, path, tag string, body any) answer {
	c.t.Helper()
	return c.do(method, path, body, header("If-Match", tag))
}

func patchOf(ops ...any) object { return object{"schemas": []string{patchSchema}, "Operations": ops} }

func TestVersionsAreInTheHeader(t *testing.T) {
	c := rfc(t)
	made := c.post("/Users", person(nil)).want(http.StatusCreated)
	path := "/Users/" + made.id()
	for name, a := range map[string]answer{
		"POST": made, "GET": c.get(path), "selected": c.get(path + "?attributes=userName,meta.version"),
		"PUT": c.put(path, person(object{"title": "Boss"})), "PATCH": c.patch(path, op("add", "nickName", "J")),
	} {
		if tag := a.header.Get("ETag"); tag == "" || !strings.HasPrefix(tag, `W/"`) || tag != a.at("meta", "version") {
			t.Errorf("%s: ETag is %q, meta.version %v", name, tag, a.at("meta", "version"))
		}
	}
	if a := c.do("HEAD", path, nil); a.header.Get("ETag") != c.get(path).tag() {
		t.Errorf("HEAD: ETag is %q", a.header.Get("ETag"))
	}
	group := c.group(nil)
	a := c.patch(group, op("replace", "displayName", "Crew")).want(http.StatusNoContent)
	if tag := a.header.Get("ETag"); tag != c.get(group).tag() || tag == "" {
		t.Errorf("PATCH with 204: ETag is %q", tag)
	}
	for _, p := range []string{"/Users", "/Schemas", "/Users/none"} {
		if tag := c.get(p).header.Get("ETag"); tag != "" {
			t.Errorf("%s has the ETag %s", p, tag)
		}
	}
}

func TestVersionsAreAdvertised(t *testing.T) {
	both(t, func(c *client) {
		want := c.app.Profile == "rfc"
		if got := c.get("/ServiceProviderConfig").at("etag", "supported"); got != want {
			t.Errorf("etag is %v in profile %s", got, c.app.Profile)
		}
		path := c.user(nil)
		if tag := c.get(path).header.Get("ETag"); (tag != "") != want {
			t.Errorf("ETag is %q in profile %s", tag, c.app.Profile)
		}
		if !want {
			c.ifMatch("PUT", path, `"other"`, person(nil)).want(http.StatusOK)
		}
	})
}

func TestReadingUnlessUnchanged(t *testing.T) {
	c := rfc(t)
	path := c.user(nil)
	tag := c.get(path).header.Get("ETag")
	strong := strings.TrimPrefix(tag, "W/")
	for _, method := range []string{"GET", "HEAD"} {
		for value, status := range map[string]int{
			tag: 304, strong: 304, "*": 304, `"other", ` + tag: 304, `"other"`: 200, `W/"other"`: 200, "nonsense": 400, `"open`: 400, "": 400,
		} {
			a := c.do(method, path, nil, header("If-None-Match", value)).want(status)
			if status == 304 && (a.text != "" || a.header.Get("ETag") != tag) {
				t.Errorf("%s %q: 304 with the ETag %q and %q", method, value, a.header.Get("ETag"), a.text)
			}
		}
		c.do(method, path, nil, header("If-Match", `"other"`)).want(http.StatusPreconditionFailed)
		c.do(method, path, nil, header("If-Match", tag), header("If-None-Match", tag)).want(http.StatusNotModified)
	}
	c.do("GET", path, nil, header("If-None-Match", `"other"`, tag)).want(http.StatusNotModified) // two lines are one list
	c.patch(path, op("add", "title", "Boss")).want(http.StatusOK)
	c.do("GET", path, nil, header("If-None-Match", tag)).want(http.StatusOK)
	c.do("GET", "/Users/none", nil, header("If-None-Match", "*")).want(http.StatusNotFound)
}

func TestWritingUnderACondition(t *testing.T) {
	c := rfc(t)
	path := c.user(nil)
	old := c.get(path).tag()
	c.patch(path, op("add", "title", "Boss")).want(http.StatusOK)
	now := func() string { return c.get(path).tag() }
	writes := map[string]any{"PUT": person(object{"title": "Other"}), "PATCH": patchOf(op("add", "title", "Other")), "DELETE": nil}
	c.unchanged(func() {
		for method, body := range writes {
			c.ifMatch(method, path, old, body).refused(http.StatusPreconditionFailed, "", "")
			c.ifMatch(method, path, `"x", `+old, body).refused(http.StatusPreconditionFailed, "", "")
			c.do(method, path, body, header("If-None-Match", "*")).refused(http.StatusPreconditionFailed, "", "")
			c.do(method, path, body, header("If-None-Match", now())).refused(http.StatusPreconditionFailed, "", "")
			for _, bad := range []string{"", "1", `"1`, `W/1`, `*, "1"`} {
				c.ifMatch(method, path, bad, body).refused(http.StatusBadRequest, "invalidValue", "If-Match")
				c.do(method, path, body, header("If-None-Match", bad)).refused(http.StatusBadRequest, "invalidValue", "If-None-Match")
			}
			c.ifMatch(method, "/Users/none", "*", body).want(http.StatusNotFound)
		}
	})
	c.ifMatch("PUT", path, now(), writes["PUT"]).want(http.StatusOK)
	c.ifMatch("PUT", path, "*", writes["PUT"]).want(http.StatusOK)
	c.ifMatch("PATCH", path, strings.TrimPrefix(now(), "W/"), patchOf(op("add", "title", "Boss"))).want(http.StatusOK)
	c.do("PATCH", path, writes["PATCH"], header("If-None-Match", old)).want(http.StatusOK)
	c.ifMatch("DELETE", path, `"x",`+now(), nil).want(http.StatusNoContent)
	c.post("/Users", "").want(http.StatusBadRequest)
	c.do("POST", "/Users", person(nil), header("If-None-Match", "*")).want(http.StatusCreated)
	c.do("POST", "/Users", person(object{"userName": "mo"}), header("If-None-Match", "x")).refused(http.StatusBadRequest, "invalidValue", "If-None-Match")
}

func TestVersionsOfBulkOperations(t *testing.T) {
	c := rfc(t)
	path := c.user(nil)
	tag := c.get(path).tag()
	bulk := func(version string) any {
		a := c.post("/Bulk", object{"schemas": []string{"urn:ietf:params:scim:api:messages:2.0:BulkRequest"}, "Operations": []any{
			object{"method": "PATCH", "path": path, "version": version, "data": patchOf(op("add", "title", version))},
		}}).want(http.StatusOK)
		return a.at("Operations", 0, "status")
	}
	for _, x := range [][2]string{{`W/"0"`, "412"}, {"nonsense", "400"}, {tag, "200"}, {tag, "412"}} {
		if got := bulk(x[0]); got != x[1] {
			t.Errorf("version %s: status %v, want %s", x[0], got, x[1])
		}
	}
}

// TestLosingAMemberIsAChange deletes members: their groups change with them, and nothing else does.
func TestLosingAMemberIsAChange(t *testing.T) {
	both(t, func(c *client) {
		ann, bob := c.user(object{"userName": "ann"}), c.user(object{"userName": "bob"})
		value := func(path string) object { return object{"value": path[strings.LastIndex(path, "/")+1:]} }
		group := c.group(object{"externalId": "1", "members": []any{value(ann), value(bob)}})
		other := c.group(object{"displayName": "Other", "members": []any{value(bob)}})
		before, aside := c.get(group), c.get(other)
		c.delete(ann).want(http.StatusNoContent)
		after := c.get(group)
		if after.tag() == before.tag() || after.at("meta", "lastModified") == before.at("meta", "lastModified") {
			c.t.Errorf("the group is at %v, as before", after.at("meta"))
		}
		if after.at("externalId") != "1" || c.find("/Groups", `displayName eq "team"`).total() != 1 || c.find("/Groups", `externalId eq "1"`).total() != 1 {
			c.t.Errorf("the group is %s", after.text)
		}
		if got := c.get(other); got.text != aside.text {
			c.t.Errorf("another group is %s, was %s", got.text, aside.text)
		}
	})
}

// TestNoUpdateIsLost has many clients count up one attribute at the same time: whoever was overtaken reads again.
func TestNoUpdateIsLost(t *testing.T) {
	c := rfc(t)
	path := c.user(object{"title": ""})
	const clients, times = 8, 5
	var wg sync.WaitGroup
	for range clients {
		wg.Go(func() {
			for done := 0; done < times; {
				before := c.get(path)
				title, _ := before.at("title").(string)
				a := c.ifMatch("PUT", path, before.header.Get("ETag"), person(object{"title": title + "x"}))
				switch a.status {
				case http.StatusOK:
					done++
				case http.StatusPreconditionFailed:
				default:
					t.Errorf("status %d: %s", a.status, a.text)
					return
				}
			}
		})
	}
	wg.Wait()
	if got := c.get(path).at("title"); got != strings.Repeat("x", clients*times) {
		t.Errorf("the title is %v, want %d x", got, clients*times)
	}
}

// tag is the version in the body of an answer.
func (a answer) tag() string {
	tag, _ := a.at("meta", "version").(string)
	return tag
}

package server_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"scimproof/server"
	"scimproof/server/store"
)

func TestMethodsThatAreNotPossible(t *testing.T) {
	both(t, func(c *client) {
		user, group := c.user(nil), c.group(nil)
		const read, one, many = "GET, HEAD", "GET, HEAD, PUT, PATCH, DELETE", "GET, HEAD, POST"
		allowed := map[string]string{
			"/Users": many, "/Groups": many, user: one, group: one, "/ServiceProviderConfig": read, "/Schemas": read, "/Schemas/" + userSchema: read,
			"/ResourceTypes": read, "/ResourceTypes/User": read,
		}
		if c.app.Profile == "rfc" {
			for path, methods := range map[string]string{"": read, "/": read, "/.search": "POST", "/Users/.search": "POST", "/Bulk": "POST"} {
				allowed[path] = methods
			}
		}
		for path, methods := range allowed {
			for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PURGE"} {
				if strings.Contains(methods, method) {
					continue
				}
				a := c.do(method, path, nil).refused(http.StatusMethodNotAllowed, "", "")
				if a.header.Get("Allow") != methods || a.header.Get("Content-Type") != "application/scim+json" {
					c.t.Errorf("%s %s: Allow is %q, want %q; the type is %s", method, path, a.header.Get("Allow"), methods, a.header.Get("Content-Type"))
				}
			}
		}
	})
}

func TestWhatIsNotSupportedSaysSo(t *testing.T) {
	c := idaas(t)
	for path, method := range map[string]string{
		"": "GET", "/": "GET", "/.search": "POST", "/Users/.search": "POST", "/Groups/.search": "POST", "/Bulk": "POST", "/Me": "GET",
	} {
		a := c.do(method, path, searchOf(nil)).refused(http.StatusNotImplemented, "", "")
		if a.header.Get("Content-Type") != "application/scim+json" {
			t.Errorf("%s: the type is %s", path, a.header.Get("Content-Type"))
		}
	}
}

func TestAddressesThatLeadNowhere(t *testing.T) {
	both(t, func(c *client) {
		user := c.user(nil)
		for _, path := range []string{"//Users", "/users", "/Users//x", user + "/name", "/Nothing", "/Nothing/.search", "/%2e%2e/Users", "/Users%2F" + strings.TrimPrefix(user, "/Users/")} {
			c.get(path).refused(http.StatusNotFound, "", "")
		}
		if c.app.Profile == "rfc" {
			c.post("/.search/x", searchOf(nil)).refused(http.StatusNotFound, "", "")
			c.post("/Users/.search/x", searchOf(nil)).refused(http.StatusNotFound, "", "")
		}
	})
}

// panicking is a store in which whoever reads the members of a group meets a bug.
type panicking struct{ store.Store }

func (s panicking) Read(ctx context.Context, fn func(store.Reader) error) error {
	return s.Store.Read(ctx, func(r store.Reader) error { return fn(panickingReader{r}) })
}

type panickingReader struct{ store.Reader }

func (r panickingReader) Members(v store.View, group string, yield func(store.Member) bool) error {
	if err := r.Reader.Members(v, group, yield); err != nil {
		return err
	}
	panic("a bug")
}

func TestPanicsAreAnswered(t *testing.T) {
	w := serverOf(t, func(c *server.Config) { c.Store = panicking{c.Store} })
	c := w.demo("rfc")
	small := c.group(nil)
	for _, path := range []string{small, "/Groups"} {
		a := c.get(path).refused(http.StatusInternalServerError, "", "")
		if strings.Contains(a.text, "bug") || a.header.Get("Content-Type") != "application/scim+json" {
			t.Errorf("%s: the answer is %s as %s", path, a.text, a.header.Get("Content-Type"))
		}
	}
	if !strings.Contains(w.log.String(), "a bug") {
		t.Error("the log does not tell")
	}
	large := largeGroup(c, 4000)
	if data, err := io.ReadAll(c.raw("GET", large).Body); err == nil {
		t.Errorf("%d bytes look like a whole answer", len(data))
	}
	c.get("/Users?count=1").want(http.StatusOK)
}

package server_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"scimproof/server"
	"scimproof/server/control"
	"scimproof/server/store"
)

// largeGroup makes a group with so many members, past the API, and returns its path.
func largeGroup(c *client, size int) string {
	c.t.Helper()
	path := c.group(nil)
	view := control.ViewOf(c.app)
	c.world.change(func(tx store.Tx) error {
		var members []store.Member
		for i := range size {
			id := fmt.Sprintf("user_%06d", i)
			rec := store.Record{ID: id, Type: "User", Version: 1, Source: c.app.ID, Display: id, Body: fmt.Appendf(nil, `{"schemas":[%q],"id":%q,"userName":%q}`, userSchema, id, id)}
			if err := tx.Insert(view, rec, false); err != nil {
				return err
			}
			members = append(members, store.Member{ID: id, Type: "User"})
		}
		_, err := tx.AddMembers(view, strings.TrimPrefix(path, "/Groups/"), members)
		return err
	})
	return path
}

// raw sends a GET or HEAD and leaves the body to the test.
func (c *client) raw(method, path string) *http.Response {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.base+path, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { res.Body.Close() })
	return res
}

func TestLargeAnswersLeaveInChunks(t *testing.T) {
	c := rfc(t)
	const size = 4000
	path := largeGroup(c, size)
	for query, at := range map[string][]any{path: {"members"}, "/Groups": {"Resources", 0, "members"}, "?filter=displayName%20pr": {"Resources", 0, "members"}} {
		a := c.get(query).want(http.StatusOK)
		list, _ := a.at(at...).([]any)
		if len(list) != size || list[size-1].(object)["value"] != fmt.Sprintf("user_%06d", size-1) {
			t.Errorf("%s has %d members", query, len(list))
		}
		if a.header.Get("Content-Length") != "" || a.header.Get("Content-Type") != "application/scim+json" {
			t.Errorf("%s is sent with %v", query, a.header)
		}
	}
	if a := c.get(path); a.header.Get("ETag") != a.tag() || a.header.Get("Content-Location") != c.base+path {
		t.Errorf("the headers are %v", a.header)
	}
	if a := c.get(path + "?excludedAttributes=members"); a.at("members") != nil || a.header.Get("Content-Length") == "" {
		t.Errorf("without members it is sent with %v", a.header)
	}
	wantAlike(c, path)
	c.do("GET", path, nil, header("If-None-Match", c.get(path).tag())).want(http.StatusNotModified)
}

// stuck is a client that takes nothing before it is released.
type stuck struct {
	http.ResponseWriter
	first    sync.Once
	wrote    chan<- struct{}
	released <-chan struct{}
}

func (s *stuck) Write(p []byte) (int, error) {
	s.first.Do(func() { s.wrote <- struct{}{} })
	<-s.released
	return s.ResponseWriter.Write(p)
}

// TestSlowClientsLeaveReadersFree has more clients than the store has readers ask for a large answer and not take it.
func TestSlowClientsLeaveReadersFree(t *testing.T) {
	var config server.Config
	c := serverOf(t, func(of *server.Config) { config = *of }).demo("rfc")
	path := largeGroup(c, 4000)
	handler, err := server.New(config)
	if err != nil {
		t.Fatal(err)
	}
	const clients = 12
	wrote, released := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	var answers [clients]*httptest.ResponseRecorder
	for i := range answers {
		answers[i] = httptest.NewRecorder()
		wg.Go(func() {
			r := httptest.NewRequest("GET", c.base+path, nil)
			r.Header.Set("Authorization", "Bearer "+c.token)
			handler.ServeHTTP(&stuck{ResponseWriter: answers[i], wrote: wrote, released: released}, r)
		})
	}
	for range clients { // each gets as far as its first byte
		<-wrote
	}
	c.get(path).want(http.StatusOK)
	close(released)
	wg.Wait()
	held := 0
	for i, a := range answers {
		if n := strings.Count(a.Body.String(), `"$ref"`); n != 4000 {
			t.Errorf("answer %d has %d members", i, n)
		}
		if a.Header().Get("Content-Length") != "" {
			held++
		}
	}
	if held == 0 || held == clients {
		t.Errorf("%d of %d answers were held", held, clients)
	}
}

// wantAlike checks that HEAD answers as GET does, without a body.
func wantAlike(c *client, path string) {
	c.t.Helper()
	get, head := c.raw("GET", path), c.raw("HEAD", path)
	body, err := io.ReadAll(head.Body)
	if err != nil || len(body) > 0 || head.StatusCode != get.StatusCode || head.ContentLength != get.ContentLength {
		c.t.Errorf("HEAD %s: status %d, length %d, %d bytes, %v; GET has %d and %d", path, head.StatusCode, head.ContentLength, len(body), err, get.StatusCode, get.ContentLength)
	}
	for _, own := range []string{"Date", "X-Correlation-Id"} { // each answer has its own
		get.Header.Del(own)
		head.Header.Del(own)
	}
	for name := range get.Header {
		if got, want := head.Header.Get(name), get.Header.Get(name); got != want {
			c.t.Errorf("HEAD %s: %s is %q, want %q", path, name, got, want)
		}
	}
	if len(head.Header) != len(get.Header) {
		c.t.Errorf("HEAD %s has the headers %v, GET %v", path, head.Header, get.Header)
	}
}

func TestHeadIsGetWithoutABody(t *testing.T) {
	both(t, func(c *client) {
		user, group := c.user(nil), c.group(nil)
		for _, path := range []string{
			user, group, user + "?attributes=userName", "/Users", "/Groups?count=0", "/Users?filter=userName%20eq%20%22jo%22", "/Users?filter=x", "/Users?cursor=x",
			"/Users/none", "/Nothing", "/Users/a/b", "/ServiceProviderConfig", "/ServiceProviderConfig/x", "/Schemas", "/Schemas/" + userSchema, "/Schemas/none", "/ResourceTypes",
			"/ResourceTypes/User", "/ResourceTypes?filter=x", "", "/", "/.search", "/Users/.search", "/Me", "/Bulk",
		} {
			wantAlike(c, path)
		}
		c.token = "other"
		wantAlike(c, "/Users")
	})
}

// breaking is a store that fails while the members of a group are read.
type breaking struct{ store.Store }

func (s breaking) Read(ctx context.Context, fn func(store.Reader) error) error {
	return s.Store.Read(ctx, func(r store.Reader) error { return fn(breakingReader{r}) })
}

type breakingReader struct{ store.Reader }

func (r breakingReader) Members(v store.View, group string, yield func(store.Member) bool) error {
	if err := r.Reader.Members(v, group, yield); err != nil {
		return err
	}
	return errors.New("the disk is gone")
}

func TestAnswersThatBreakOff(t *testing.T) {
	w := serverOf(t, func(c *server.Config) { c.Store = breaking{c.Store} })
	c := w.demo("rfc")
	path := largeGroup(c, 4000)
	res := c.raw("GET", path)
	if data, err := io.ReadAll(res.Body); err == nil {
		t.Errorf("status %d, and %d bytes that look whole", res.StatusCode, len(data))
	}
	c.get(c.group(object{"displayName": "Small"})).refused(http.StatusInternalServerError, "", "") // nothing had left yet
}

package server_test

import (
	"errors"
	"net/http"
	"testing"

	"scimproof/server/control"
	"scimproof/server/store"
)

// tokenOf is the id of the one token that an application has.
func (c *client) tokenOf() (id string) {
	c.t.Helper()
	err := c.world.store.Read(c.t.Context(), func(r store.Reader) error {
		list, err := r.Tokens(c.app.ID)
		if len(list) == 1 {
			id = list[0].ID
		}
		return err
	})
	if err != nil || id == "" {
		c.t.Fatalf("the application has not one token: %v", err)
	}
	return id
}

// bind makes an account the one that /Me stands for.
func (c *client) bind(path string) {
	c.t.Helper()
	if err := c.world.plane.BindToken(c.t.Context(), c.tokenOf(), idOf(path)); err != nil {
		c.t.Fatal(err)
	}
}

func TestMe(t *testing.T) {
	c := serverOf(t).demo("rfc")
	other := c.user(object{"userName": "other"})
	path := c.user(object{"userName": "ann", "title": "Boss"})
	c.bind(path)
	at := c.base + path
	here := func(a answer, status int) answer {
		t.Helper()
		a.want(status)
		if a.header.Get("Location") != at || status == http.StatusOK && a.header.Get("Content-Location") != at {
			t.Errorf("the answer is from %q and %q, want %s", a.header.Get("Location"), a.header.Get("Content-Location"), at)
		}
		return a
	}
	if a := here(c.get("/Me"), http.StatusOK); a.id() != idOf(path) || a.at("meta", "location") != at || a.text != c.get(path).text {
		t.Errorf("/Me is %s, want %s", a.text, c.get(path).text)
	}
	if a := here(c.get("/Me?attributes=title"), http.StatusOK); a.at("title") != "Boss" || a.at("meta") != nil {
		t.Errorf("/Me is %s, want the title", a.text)
	}
	if a := here(c.do("HEAD", "/Me", nil), http.StatusOK); a.text != "" {
		t.Errorf("HEAD answers with %q", a.text)
	}
	here(c.patch("/Me", op("replace", "title", "Chief")), http.StatusOK)
	if got := c.get(path).at("title"); got != "Chief" {
		t.Errorf("after PATCH the title is %v", got)
	}
	here(c.put("/Me", person(object{"userName": "ann", "password": canary})), http.StatusOK)
	if a := c.get(path); a.at("title") != nil || c.secret(path) == "" {
		t.Errorf("after PUT the account is %s", a.text)
	}
	c.post("/Me", named("new")).refused(http.StatusNotImplemented, "", "")
	allows(c.do("BREW", "/Me", nil), "GET", "HEAD", "PUT", "PATCH", "DELETE")
	c.get("/Me/x").refused(http.StatusNotFound, "", "")
	here(c.delete("/Me"), http.StatusNoContent)
	c.get(path).refused(http.StatusNotFound, "", "")
	for _, method := range []string{"GET", "DELETE"} {
		c.do(method, "/Me", nil).refused(http.StatusNotFound, "", "")
	}
	c.put("/Me", named("ann")).refused(http.StatusNotFound, "", "")
	c.get(other).want(http.StatusOK)
	if got := c.get("/Users").total(); got != 1 {
		t.Errorf("there are %d accounts, want 1", got)
	}
}

func TestMeOfNobody(t *testing.T) {
	w := serverOf(t)
	c := w.demo("rfc")
	path := c.user(nil)
	unbound := func() {
		t.Helper()
		for _, method := range []string{"GET", "DELETE"} {
			c.do(method, "/Me", nil).refused(http.StatusNotFound, "", "This token is bound to no account")
		}
		c.post("/Me", named("new")).refused(http.StatusNotImplemented, "", "")
	}
	unbound()
	c.bind(path)
	c.get("/Me").want(http.StatusOK)
	c.do("GET", "/Me", nil, authorization("")).refused(http.StatusUnauthorized, "", "")
	if err := w.plane.BindToken(t.Context(), c.tokenOf(), ""); err != nil {
		t.Fatal(err)
	}
	unbound()
	idaas := w.demo("idaas")
	idaas.bind(idaas.user(nil))
	idaas.get("/Me").refused(http.StatusNotImplemented, "", "")
}

func TestMeNeedsPermission(t *testing.T) {
	c := serverOf(t).demo("rfc")
	c.bind(c.user(nil))
	changed := c.app
	changed.Permissions = []string{control.UserRead, control.GroupManage}
	c.world.change(func(tx store.Tx) error { return tx.PutApplication(changed) })
	c.get("/Me").want(http.StatusOK)
	c.delete("/Me").refused(http.StatusForbidden, "", "permission_denied")
	changed.APIEnabled = false
	c.world.change(func(tx store.Tx) error { return tx.PutApplication(changed) })
	c.get("/Me").refused(http.StatusForbidden, "", "application_api_disabled")
}

// TestBindings binds tokens to what there is, and to what there is not.
func TestBindings(t *testing.T) {
	w := serverOf(t)
	c := w.demo("rfc")
	mine, group, foreign := idOf(c.user(nil)), idOf(c.group(nil)), idOf(w.beside(c.app).user(nil))
	for _, test := range []struct{ token, account, code string }{
		{c.tokenOf(), mine, ""}, {c.tokenOf(), group, "ResourceNotFound.User"}, {c.tokenOf(), foreign, "ResourceNotFound.User"},
		{c.tokenOf(), "user_none", "ResourceNotFound.User"}, {"token_none", mine, "ResourceNotFound.ApplicationToken"},
	} {
		var refused *control.Error
		err := w.plane.BindToken(t.Context(), test.token, test.account)
		if errors.As(err, &refused); err != nil && (refused == nil || refused.Code != test.code) || err == nil && test.code != "" {
			t.Errorf("binding %s to %s: %v, want %q", test.token, test.account, err, test.code)
		}
	}
	if _, err := w.plane.SetTokenEnabled(t.Context(), c.tokenOf(), true); err != nil {
		t.Fatal(err)
	}
	if got := c.get("/Me").id(); got != mine {
		t.Errorf("/Me is %s, want %s", got, mine)
	}
}

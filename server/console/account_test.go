package console_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"scimproof/server/api"
	"scimproof/server/control"
)

// newMeWorld has an application of profile rfc in place of the one of profile idaas, with one account, and gives the value of its token.
func newMeWorld(t *testing.T) (w *world, token string) {
	t.Helper()
	w = newPlainWorld(t)
	app, err := w.plane.AddApplication(t.Context(), control.NewApplication{
		Instance: w.root.Instance, Name: "Desk", Kind: control.Custom, Profile: "rfc", With: control.Inbound([]string{w.branch.ID}, w.branch.ID),
	})
	w.must(err)
	w.app = app
	w.token, token, err = w.plane.AddToken(t.Context(), app.ID, control.BearerToken, control.Days(30))
	w.must(err)
	w.user = w.make(token, "/Users", map[string]any{
		"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:User"}, "userName": "ida", "displayName": "Ida Keller",
	})
	return w, token
}

// me is what a token gets at /Me.
func (w *world) me(token string) (status int, body string) {
	w.t.Helper()
	r := httptest.NewRequest(http.MethodGet, api.BasePath(w.app)+"/Me", nil)
	r.Header.Set("Authorization", "Bearer "+token)
	rec := httptest.NewRecorder()
	w.scim.ServeHTTP(rec, r)
	text, err := io.ReadAll(rec.Body)
	w.must(err)
	return rec.Code, string(text)
}

// TestBinding binds a token to an account, for which it speaks until it is bound to none, or the account is gone.
func TestBinding(t *testing.T) {
	w, token := newMeWorld(t)
	p := w.signedIn()
	const app, path = "/console/applications/{app}", "/console/applications/{app}/tokens/{token}/account"
	at := fmt.Sprintf(`<a href="/console/applications/%s/users/%s">Ida Keller</a>`, w.app.ID, w.user)
	shows := func(page, want string, is bool) {
		t.Helper()
		if body := p.get(page).body; strings.Contains(body, w.names().Replace(want)) != is {
			t.Errorf("that %s shows %s is not %v", page, want, is)
		}
	}
	speaks := func(want int) {
		t.Helper()
		if status, body := w.me(token); status != want || want == http.StatusOK && !strings.Contains(body, w.user) {
			t.Errorf("/Me answers %d %s, want %d", status, body, want)
		}
	}
	speaks(http.StatusNotFound)
	shows(app, `href="/console/applications/{app}/tokens/{token}/account">Bind</a>`, true)
	shows(path, "Unbind", false)

	if a := p.fillIn(path, "do=bind&account={user}"); a.status != http.StatusOK || a.path != w.names().Replace(app) || !strings.Contains(a.body, "is bound to the account") {
		t.Errorf("binding ends at %s with %d", a.path, a.status)
	}
	speaks(http.StatusOK)
	shows(app, at, true)
	shows(path, at, true)
	shows(path, `value="{user}" required checked`, true)
	shows(path+"?search=keller", `value="{user}"`, true)
	shows(path+"?search=nobody", `value="{user}"`, false)

	p.fillIn(app+"/tokens", "validity=P1Y")
	shows(app+"/rotation", "/account\">bind it, too</a>", true)

	p.fillIn(path, "do=unbind")
	speaks(http.StatusNotFound)
	shows(app, at, false)
	shows(app+"/rotation", "/account\">bind it, too</a>", false)

	p.fillIn(path, "do=bind&account={user}")
	r := httptest.NewRequest(http.MethodDelete, api.BasePath(w.app)+"/Users/"+w.user, nil)
	r.Header.Set("Authorization", "Bearer "+token)
	w.scim.ServeHTTP(httptest.NewRecorder(), r)
	speaks(http.StatusNotFound)
	shows(app, "<code>{user}</code> (deleted or out of scope)", true)
	shows(path, "Unbind", true)
}

// TestBindingOfASecret leads back to the page that has client secrets. An application of profile idaas says that it has no /Me, and its tokens are not
// offered to be bound.
func TestBindingOfASecret(t *testing.T) {
	p := newPlainWorld(t).signedIn()
	if a := p.get("/console/applications/{app}"); strings.Contains(a.body, "/account") {
		t.Error("tokens of an application without /Me are offered to be bound")
	}
	a := p.fillIn("/console/applications/{app}/tokens/{secret}/account", "do=bind&account={user}")
	if !strings.HasSuffix(a.path, "/api") || !strings.Contains(a.body, "The client secret is bound to the account.") || !strings.Contains(a.body, `data-label="Account"`) {
		t.Errorf("binding a client secret ends at %s", a.path)
	}
	if a := p.get("/console/applications/{app}/tokens/{secret}/account"); !strings.Contains(a.body, "has no /Me") {
		t.Error("the page does not say that the application has no /Me")
	}
}

// TestBindingInABrowser finds an account by its name and binds a token to it.
func TestBindingInABrowser(t *testing.T) {
	t.Parallel()
	b := launch(t)
	w, token := newMeWorld(t)
	b.enters(w)
	b.open(w, "/console/applications/{app}")
	b.press("#tokens td a.button", "#account")
	b.enter("#browse-search", "keller")
	b.press(".search button", "#browse-search[value=keller]")
	b.tick("#account fieldset label")
	b.looks("account")
	b.press("#account fieldset + button", ".notice")
	b.looks("account-bound")
	if status, _ := w.me(token); status != http.StatusOK {
		t.Errorf("/Me answers %d", status)
	}
	b.press("#tokens td a.button", "button[value=unbind]")
	b.looks("account-of-a-token")
	b.press("button[value=unbind]", ".notice")
	if status, _ := w.me(token); status != http.StatusNotFound {
		t.Errorf("/Me answers %d", status)
	}
}

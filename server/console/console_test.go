package console_test

import (
	"fmt"
	"html"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"scimproof/server/control"
)

func write(w io.Writer, v any) { fmt.Fprintf(w, "%+v\n", v) }

func TestSignIn(t *testing.T) {
	w := newWorld(t)
	for name, token := range map[string]string{"none": "", "another": "the-admin-tokem", "a part": "the-admin", "more": adminToken + "2"} {
		p := w.newPerson()
		a := p.submit("/console/sign-in", field("token", token))
		if a.status != http.StatusUnauthorized || !strings.Contains(a.body, "not the admin token") || a.header.Get("Set-Cookie") != "" {
			t.Errorf("%s: the answer is %d, cookie %q", name, a.status, a.header.Get("Set-Cookie"))
		}
		if token != "" && strings.Contains(a.body, token) {
			t.Errorf("%s: the page says the token again", name)
		}
		if a := p.get("/console/"); a.path != "/console/sign-in" {
			t.Errorf("%s: who is not signed in sees %s", name, a.path)
		}
	}
}

func TestSessionCookie(t *testing.T) {
	p := newWorld(t).newPerson()
	p.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	a := p.submit("/console/sign-in", "token="+adminToken)
	want := regexp.MustCompile(`^scimproof_console=[0-9a-f]{64}; Path=/console; HttpOnly; SameSite=Strict$`)
	if got := a.header.Get("Set-Cookie"); !want.MatchString(got) {
		t.Errorf("the cookie is %q", got)
	}
}

func TestSessionEnds(t *testing.T) {
	w := newWorld(t)
	t.Run("when idle", func(t *testing.T) {
		p := w.signedIn()
		for _, c := range []struct {
			after time.Duration
			path  string
		}{{29 * time.Minute, "/console/"}, {29 * time.Minute, "/console/"}, {30 * time.Minute, "/console/sign-in"}} {
			w.now = w.now.Add(c.after)
			if a := p.get("/console/"); a.path != c.path {
				t.Errorf("after %v the page is %s, want %s", c.after, a.path, c.path)
			}
		}
	})
	t.Run("when signed out", func(t *testing.T) {
		p, other := w.signedIn(), w.signedIn()
		jar := p.client.Jar
		cookies := jar.Cookies(mustURL(t, w.origin+"/console/"))
		if a := p.fillIn("/console/sign-out", ""); a.path != "/console/sign-in" {
			t.Errorf("signing out ends at %s", a.path)
		}
		jar.SetCookies(mustURL(t, w.origin+"/console/"), cookies)
		if a := p.get("/console/"); a.path != "/console/sign-in" {
			t.Error("the cookie of a session that was signed out opens the console")
		}
		if a := other.get("/console/"); a.path != "/console/" {
			t.Error("signing out ended another session")
		}
	})
}

var pages = []string{
	"/console/", "/console/applications/{app}", "/console/applications/{template}", "/console/applications/app_none", "/console/sign-in",
}

func TestHeaders(t *testing.T) {
	p := newWorld(t).signedIn()
	for _, path := range append(pages, "/console/console.css", "/console/console.js", "/console/none") {
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
			"X-Content-Type-Options":  "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
		} {
			if got := p.get(path).header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
	}
}

// forms are all forms with right values.
var forms = map[string]string{
	"/console/instances":                         "name=Second",
	"/console/applications":                      "instance={instance}&name=Mail&kind=standard&profile=rfc",
	"/console/applications/{app}/status":         "do=disable",
	"/console/applications/{app}/scope":          "organization={branch}&organization={root}",
	"/console/applications/{app}/organizations":  "parent={branch}&name=Shop",
	"/console/applications/{app}/target":         "target=",
	"/console/applications/{app}/api":            "do=disable",
	"/console/applications/{app}/permissions":    "scenario=urn:alibaba:idaas:scope:user:read_all",
	"/console/applications/{app}/tokens":         "validity=P1Y",
	"/console/applications/{app}/tokens/{token}": "do=enable",
}

func TestFormsNeedTheirSession(t *testing.T) {
	w := newWorld(t)
	p, other, stranger := w.signedIn(), w.signedIn(), w.newPerson()
	before := w.state()
	for path, form := range forms {
		for name, csrf := range map[string]string{"none": "", "empty": "&csrf=", "of another session": "&csrf=" + other.csrf, "in the URL": "?"} {
			target := path
			if csrf == "?" {
				target, csrf = path+"?csrf="+p.csrf, ""
			}
			if a := p.submit(target, form+csrf); a.status != http.StatusForbidden {
				t.Errorf("%s, CSRF token %s: the answer is %d", path, name, a.status)
			}
		}
		if a := stranger.submit(path, form+"&csrf="+p.csrf); a.path != "/console/sign-in" {
			t.Errorf("%s: who is not signed in ends at %s", path, a.path)
		}
	}
	if after := w.state(); after != before {
		t.Errorf("a refused form has changed something:\n%s\nbefore:\n%s", after, before)
	}
}

func TestForms(t *testing.T) {
	for path, form := range forms {
		t.Run(path, func(t *testing.T) {
			w := newWorld(t)
			p, before := w.signedIn(), w.state()
			a := p.fillIn(path, form)
			if a.status != http.StatusOK || !strings.Contains(a.body, `role="status"`) {
				t.Errorf("the answer is %d, and tells of nothing done", a.status)
			}
			if changed := w.state() != before; changed == strings.HasSuffix(form, "do=enable") {
				t.Errorf("changed is %v", changed)
			}
			if a := p.get("/console/applications/{app}"); strings.Contains(a.body, `role="status"`) {
				t.Error("what was done is told twice")
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	w := newWorld(t)
	p := w.signedIn()
	before := w.state()
	const app, named = "/console/applications/{app}", "instance={instance}&kind=standard&profile=rfc&name="
	odd := "instance={instance}&kind=odd&profile=rfc&" + field("name", hostile)
	long := strings.Repeat("x", 65)
	for _, c := range []struct {
		path, form string
		status     int
		code       string
		kept       string // what the page still has of what was entered
	}{
		{"/console/instances", "name=", 400, "InvalidParameter.InstanceName", ""},
		{"/console/instances", "name=" + long, 400, "InvalidParameter.InstanceName", `value="` + long + `"`},
		{"/console/applications", named + long, 400, "InvalidParameter.ApplicationName", `value="` + long + `"`},
		{"/console/applications", named + long, 400, "InvalidParameter.ApplicationName", `<option selected>standard`},
		{"/console/applications", odd, 400, "InvalidParameter.ApplicationSourceType", `value="` + html.EscapeString(hostile)},
		{"/console/applications", "instance={instance}&kind=custom&profile=odd&name=Mail", 400, "InvalidParameter.Profile", `value="Mail"`},
		{"/console/applications", "instance=idaas_none&kind=custom&profile=rfc&name=Mail", 404, "ResourceNotFound.Instance", `value="Mail"`},
		{"/console/applications", "kind=custom&profile=rfc&name=Mail", 400, "InvalidParameter.InstanceId", `value="Mail"`},
		{app + "/status", "", 400, "InvalidParameter.Status", ""},
		{app + "/status", "do=delete", 400, "InvalidParameter.Status", ""},
		{"/console/applications/app_none/status", "do=disable", 404, "ResourceNotFound.Application", ""},
		{app + "/scope", "organization=ou_none", 400, "InvalidParameter.OrganizationalUnitIds", ""},
		{app + "/scope", "", 409, "OperationDenied.TargetNotInScope", ""},
		{"/console/applications/{template}/scope", "organization={root}", 409, "OperationDenied.TemplateApplication", ""},
		{app + "/organizations", "parent={branch}&name=", 400, "InvalidParameter.OrganizationalUnitName", `value="{branch}" selected>`},
		{app + "/organizations", "parent={branch}&name=" + long, 400, "InvalidParameter.OrganizationalUnitName", `value="` + long + `"`},
		{app + "/organizations", "parent=ou_none&name=Shop", 404, "ResourceNotFound.OrganizationalUnit", `value="Shop"`},
		{app + "/target", "target={root}", 409, "OperationDenied.TargetNotInScope", `<option value="{root}" selected>`},
		{app + "/api", "do=on", 400, "InvalidParameter.Status", ""},
		{app + "/permissions", "scenario=all&scenario=" + control.UserRead, 400, "InvalidParameter.GrantScopes", `user:read_all" checked`},
		{app + "/tokens", "", 400, "InvalidParameter.ExpirationTime", ""},
		{app + "/tokens", "validity=P4Y", 400, "InvalidParameter.ExpirationTime", `value="P4Y"`},
		{app + "/tokens", "validity=30", 400, "InvalidParameter.ExpirationTime", `value="30"`},
		{"/console/applications/{template}/tokens", "validity=P30D", 409, "OperationDenied.TemplateApplication", ""},
		{app + "/tokens/{token}", "do=disable", 409, "OperationDenied.LastEnabledToken", `value="P90D"`},
		{app + "/tokens/{token}", "do=delete", 409, "OperationDenied.TokenEnabled", ""},
		{app + "/tokens/{token}", "do=keep", 400, "InvalidParameter.Status", ""},
		{app + "/tokens/token_none", "do=delete", 404, "ResourceNotFound.ApplicationToken", ""},
		{app + "/tokens/{foreign-token}", "do=enable", 404, "ResourceNotFound.ApplicationToken", ""},
		{"/console/instances", "name=" + strings.Repeat("x", 64<<10), 413, "FormTooLarge", ""},
		{"/console/instances", "name=%zz", 400, "InvalidForm", ""},
	} {
		a := p.fillIn(c.path, c.form)
		form := c.form[:min(len(c.form), 100)]
		if a.status != c.status || !strings.Contains(a.body, `role="alert"`) || !strings.Contains(a.body, "<code>"+c.code+"</code>") {
			t.Errorf("%s with %q is %d, want %d with %s", c.path, form, a.status, c.status, c.code)
		}
		if kept := w.names().Replace(c.kept); !strings.Contains(a.body, kept) {
			t.Errorf("%s with %q does not keep %q", c.path, form, kept)
		}
		if after := w.state(); after != before {
			t.Fatalf("%s with %q was refused and has changed something:\n%s\nbefore:\n%s", c.path, form, after, before)
		}
	}
}

func TestHostileNames(t *testing.T) {
	p := newWorld(t).signedIn()
	for _, path := range pages {
		if a := p.get(path); strings.Contains(a.body, "<script>") {
			t.Errorf("%s has a name as markup", path)
		}
	}
	if a := p.get("/console/applications/{app}"); strings.Count(a.body, "&lt;script&gt;") < 4 { // title, heading, tree, target
		t.Errorf("the names are not on the page:\n%s", a.body)
	}
}

func TestTokenIsShownOnce(t *testing.T) {
	w := newWorld(t)
	p := w.signedIn()
	a := p.fillIn("/console/applications/{app}/tokens", "validity=P1Y")
	values := regexp.MustCompile(`SAT[1-9A-Za-z]{124}`).FindAllString(a.body, -1)
	if a.status != http.StatusOK || len(values) != 1 {
		t.Fatalf("the answer is %d and has %d values of tokens", a.status, len(values))
	}
	for _, path := range pages {
		if a := p.get(path); strings.Contains(a.body, values[0]) {
			t.Errorf("%s shows the value again", path)
		}
	}
	a = p.fillIn("/console/applications/{app}/tokens", "validity=P1Y")
	if a.status != http.StatusConflict || !strings.Contains(a.body, "OperationDenied.TokenLimit") {
		t.Errorf("a third token: %d", a.status)
	}
}

func TestTokenRotation(t *testing.T) {
	w := newWorld(t)
	p := w.signedIn()
	p.fillIn("/console/applications/{app}/tokens", "validity=P1Y")
	for _, do := range []string{"disable", "enable", "disable", "delete"} {
		if a := p.fillIn("/console/applications/{app}/tokens/{token}", "do="+do); a.status != http.StatusOK {
			t.Errorf("%s: %d", do, a.status)
		}
	}
	list, err := w.plane.Tokens(t.Context(), w.app.ID)
	if err != nil || len(list) != 1 || list[0].ID == w.token.ID {
		t.Errorf("the tokens are %+v, %v", list, err)
	}
}

func TestExpiredToken(t *testing.T) {
	w := newWorld(t)
	w.now = w.now.AddDate(0, 0, 31)
	if a := w.signedIn().get("/console/applications/{app}"); !strings.Contains(a.body, `class="status expired"`) {
		t.Error("the token does not show as expired")
	}
}

func TestScopeOffersTargets(t *testing.T) {
	w := newWorld(t)
	p := w.signedIn()
	offered := func(name string) bool {
		_, from, _ := strings.Cut(p.get("/console/applications/{app}").body, `<select id="target-choice"`)
		options, _, _ := strings.Cut(from, "</select>")
		return strings.Contains(options, ">Example / "+name+"</option>")
	}
	if offered("Office") {
		t.Error("an organization outside the scope is offered as target")
	}
	p.fillIn("/console/applications/{app}/scope", "organization={root}")
	if !offered("Office") {
		t.Error("an organization below one in the scope is not offered as target")
	}
}

func TestEveryInputHasALabel(t *testing.T) {
	p := newWorld(t).signedIn()
	inputs := regexp.MustCompile(`<(?:input|select)[^>]*>`)
	id := regexp.MustCompile(` id="([^"]+)"`)
	for _, path := range pages {
		body := p.get(path).body
		for _, input := range inputs.FindAllString(body, -1) {
			named := id.FindStringSubmatch(input)
			switch {
			case strings.Contains(input, `type="hidden"`):
			case strings.Contains(input, `type="checkbox"`) && strings.Contains(body, `<label class="check">`+input):
			case named == nil || !strings.Contains(body, `<label for="`+named[1]+`">`):
				t.Errorf("%s: no label for %s", path, input)
			}
		}
	}
}

package console_test

import (
	"fmt"
	"html"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"scimproof/server/control"
	"scimproof/server/store"
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

// TestSignInIsBraked tells who tries wrong tokens too fast to wait, and lets the right one in meanwhile.
func TestSignInIsBraked(t *testing.T) {
	w := newWorld(t)
	try := func() answer { return w.newPerson().submit("/console/sign-in", "token=guess") }
	heard := 0
	for a := try(); a.status == http.StatusUnauthorized && heard < 100; a = try() {
		heard++
	}
	a := try()
	if heard != 10 || a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") != "5" || !strings.Contains(a.body, `id="refusal">This is not the admin token`) || !strings.Contains(a.body, "wait 5 s.") {
		t.Errorf("after %d tries the answer is %d with Retry-After %q: %s", heard, a.status, a.header.Get("Retry-After"), a.body)
	}
	w.signedIn()
	w.now = w.now.Add(5 * time.Second)
	if a := try(); a.status != http.StatusUnauthorized || a.header.Get("Retry-After") != "" {
		t.Errorf("when it is time the answer is %d with Retry-After %q", a.status, a.header.Get("Retry-After"))
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
	t.Run("after half a day", func(t *testing.T) {
		p := w.signedIn()
		for range 35 {
			w.now = w.now.Add(20 * time.Minute)
			if a := p.get("/console/"); a.path != "/console/" {
				t.Fatalf("the page is %s too early", a.path)
			}
		}
		w.now = w.now.Add(20 * time.Minute)
		if a := p.get("/console/"); a.path != "/console/sign-in" {
			t.Error("a session that is never idle goes on for ever")
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

// pages are all pages, in some of their states.
var pages = []string{
	"/console/", "/console/sign-in", "/console/none", "/console/applications/{app}", "/console/applications/{template}", "/console/applications/app_none",
	"/console/applications/{app}/scope-groups", "/console/applications/{app}/scope-groups?search=team", "/console/applications/{template}/scope-groups",
	"/console/applications/{app}/rotation", "/console/applications/{foreign}/rotation", "/console/applications/{template}/rotation",
	"/console/applications/{app}/tokens/{token}/account", "/console/applications/{app}/tokens/{secret}/account?search=nobody",
	"/console/applications/{app}/api", "/console/applications/{template}/api", "/console/applications/{app}/general", "/console/applications/{template}/general",
	"/console/applications/{app}/users", "/console/applications/{app}/users?filter=nonsense",
	"/console/applications/{app}/users?search=%22%3E%3Cscript%3E&filter=%22%3E%3Cscript%3E", "/console/applications/{app}/users/{user}",
	"/console/applications/{app}/groups", "/console/applications/{app}/groups?search=nobody", "/console/applications/{app}/groups/{group}",
	"/console/instances", "/console/instances/{instance}", "/console/instances/{instance}/organizations", "/console/instances/{instance}/organizations/{branch}",
	"/console/instances/{instance}/organizations/{root}", "/console/instances/{instance}/fields", "/console/instances/{instance}/fields/{field}",
}

func TestHeaders(t *testing.T) {
	p := newWorld(t).signedIn()
	for _, path := range append(slices.Clone(pages), "/console/console.css", "/console/console.js") {
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

func TestHostileNames(t *testing.T) {
	p := newWorld(t).signedIn()
	for _, path := range pages {
		if a := p.get(path); strings.Contains(a.body, "<script>") {
			t.Errorf("%s has a name as markup", path)
		}
	}
	for path, least := range map[string]int{
		"/console/applications/{app}": 5, "/console/applications/{app}/users": 27, "/console/applications/{app}/users/{user}": 3,
		"/console/applications/{app}/groups/{group}": 5, "/console/instances/{instance}/fields/{field}": 2, "/console/instances/{instance}/organizations/{branch}": 3,
	} {
		if n := strings.Count(p.get(path).body, "&lt;script&gt;"); n < least {
			t.Errorf("%s has the names %d times, want %d", path, n, least)
		}
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
	list = slices.DeleteFunc(list, func(t store.Token) bool { return t.Kind != control.BearerToken })
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
		_, from, _ := strings.Cut(p.get("/console/applications/{app}").body, `<select id="target-target"`)
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
	inputs := regexp.MustCompile(`<(?:input|select|textarea)[^>]*>`)
	id := regexp.MustCompile(` id="([^"]+)"`)
	for _, path := range pages {
		body := p.get(path).body
		for _, input := range inputs.FindAllString(body, -1) {
			named := id.FindStringSubmatch(input)
			switch {
			case strings.Contains(input, `type="hidden"`):
			case (strings.Contains(input, `type="checkbox"`) || strings.Contains(input, `type="radio"`)) && strings.Contains(body, `<label class="check">`+input):
			case named == nil || !strings.Contains(body, `<label for="`+named[1]+`">`):
				t.Errorf("%s: no label for %s", path, input)
			}
		}
	}
}

// TestPages follows the links from the first page of accounts to the last, and back.
func TestPages(t *testing.T) {
	p := newWorld(t).signedIn()
	link := regexp.MustCompile(`<a rel="(prev|next)" href="([^"]+)">`)
	a := p.get("/console/applications/{app}/users?search=e&filter=active+eq+true&count=12")
	var seen []string
	for range 5 {
		seen = append(seen, regexp.MustCompile(`\d+ to \d+ of \d+`).FindString(a.body))
		links := link.FindAllStringSubmatch(a.body, -1)
		last := links[len(links)-1]
		if len(seen) > 2 {
			last = links[0]
		}
		a = p.get(html.UnescapeString(last[2]))
	}
	if want := []string{"1 to 12 of 30", "13 to 24 of 30", "25 to 30 of 30", "13 to 24 of 30", "1 to 12 of 30"}; !slices.Equal(seen, want) {
		t.Errorf("the pages are %q, want %q", seen, want)
	}
}

// TestNothingNeedsAScript looks for what only works with one: a button outside of a form is hidden until the script shows it.
func TestNothingNeedsAScript(t *testing.T) {
	p := newWorld(t).signedIn()
	form := regexp.MustCompile(`(?s)<form.*?</form>`)
	for _, path := range pages {
		body := p.get(path).body
		for _, button := range regexp.MustCompile(`<button[^>]*>`).FindAllString(form.ReplaceAllString(body, ""), -1) {
			if !strings.Contains(button, " hidden>") {
				t.Errorf("%s shows %s without a script", path, button)
			}
		}
		if strings.Contains(body, "javascript:") || regexp.MustCompile(`<[^>"]*(?:"[^"]*"[^>"]*)* on\w+=`).MatchString(body) || strings.Contains(body, " style=") {
			t.Errorf("%s has a script or a style of its own", path)
		}
	}
}

// TestNoInstanceYet looks at what a new store has.
func TestNoInstanceYet(t *testing.T) {
	w := newWorld(t)
	w.must(w.plane.DeleteInstance(t.Context(), w.root.Instance))
	p := w.signedIn()
	if a := p.get("/console/"); !strings.Contains(a.body, `href="/console/instances">Create an instance`) || strings.Contains(a.body, "Create application") {
		t.Error("without an instance, the page does not lead to one")
	}
	if a := p.fillIn("/console/applications", "name=Mail"); a.status != http.StatusBadRequest || !strings.Contains(a.body, "InvalidParameter.InstanceId") {
		t.Errorf("an application without an instance is %d", a.status)
	}
	if a := p.fillIn("/console/instances", "name=First"); !strings.Contains(a.path, "/organizations") || !strings.Contains(a.body, ">First</a>") {
		t.Errorf("the first instance leads to %s", a.path)
	}
}

func TestIDsAreUnique(t *testing.T) {
	p := newWorld(t).signedIn()
	id := regexp.MustCompile(` id="([^"]+)"`)
	for _, path := range pages {
		seen := map[string]bool{}
		for _, found := range id.FindAllStringSubmatch(p.get(path).body, -1) {
			if seen[found[1]] {
				t.Errorf("%s has the id %s twice", path, found[1])
			}
			seen[found[1]] = true
		}
	}
}

func TestNowhere(t *testing.T) {
	w := newWorld(t)
	if a := w.newPerson().get("/console/none"); a.path != "/console/sign-in" {
		t.Errorf("who is not signed in ends at %s", a.path)
	}
	p := w.signedIn()
	for _, a := range []answer{p.get("/console/none"), p.get("/console/applications/{app}/none"), p.fillIn("/console/applications/{app}", "name=x")} {
		if a.status != http.StatusNotFound || !strings.Contains(a.body, "NoSuchPage") || !strings.Contains(a.body, `class="menu"`) {
			t.Errorf("%s is %d", a.path, a.status)
		}
	}
}

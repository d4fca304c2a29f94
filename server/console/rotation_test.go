package console_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"scimproof/server/control"
)

// step tells which step of the rotation a page has on, and which buttons it offers.
func step(body string) (title, buttons string) {
	_, on, _ := strings.Cut(body, `aria-current="step">`)
	title = regexp.MustCompile(`<h3>(.*)</h3>`).FindStringSubmatch(on)[1]
	for _, b := range regexp.MustCompile(`<input type="hidden" name="do" value="(\w+)"|name="do" value="(\w+)"`).FindAllStringSubmatch(on, -1) {
		buttons += b[1] + b[2] + " "
	}
	return title, buttons
}

func TestRotationFollowsTheTokens(t *testing.T) {
	w := newWorld(t)
	p := w.signedIn()
	const path = "/console/applications/{app}/rotation"
	expect := func(when, title, buttons string) {
		t.Helper()
		if gotTitle, gotButtons := step(p.get(path).body); gotTitle != title || gotButtons != buttons {
			t.Errorf("%s: the step is %q with the buttons %q, want %q with %q", when, gotTitle, gotButtons, title, buttons)
		}
	}
	expect("with one token", "Issue the second token", "issue ")
	w.now = w.now.AddDate(0, 0, 1)
	p = w.signedIn()
	second, _, err := w.plane.AddToken(t.Context(), w.app.ID, control.BearerToken, control.Days(90))
	w.must(err)
	expect("with two", "Move the external system to the new token", "disable ")
	w.must(w.plane.NoteUse(t.Context(), second.ID))
	if a := p.get(path); !strings.Contains(a.body, "The new token is in use") {
		t.Error("the page does not say that the new token is in use")
	}
	if a := p.fillIn(path, "do=disable&token={token}"); a.status != http.StatusOK {
		t.Errorf("disabling the old token is %d", a.status)
	}
	expect("with the old one disabled", "Delete the old token", "delete enable ")
	p.fillIn(path, "do=enable&token={token}")
	_, err = w.plane.SetTokenEnabled(t.Context(), second.ID, false)
	w.must(err)
	if a := p.get(path); !strings.Contains(a.body, `name="token" value="`+second.ID+`"`) {
		t.Error("with the newer one disabled, it is not the newer one that can be deleted")
	}
	_, err = w.plane.SetTokenEnabled(t.Context(), second.ID, true)
	w.must(err)
	w.now = w.now.AddDate(0, 0, 30)
	p = w.signedIn()
	expect("with the old one expired", "Disable the old token", "disable ")
	w.must(w.plane.DeleteApplication(t.Context(), w.foreign.ID))
	if a := p.get("/console/applications/{foreign}/rotation"); a.status != http.StatusNotFound {
		t.Errorf("the rotation of an application that is gone is %d", a.status)
	}
}

func TestSecretIsShownOnce(t *testing.T) {
	w := newWorld(t)
	p := w.signedIn()
	a := p.fillIn("/console/applications/{app}/secrets", "validity=P1Y")
	values := regexp.MustCompile(`value="(CS[1-9A-Za-z]{44})"`).FindAllStringSubmatch(a.body, -1)
	if a.status != http.StatusOK || len(values) != 1 {
		t.Fatalf("the answer is %d and has %d values of client secrets", a.status, len(values))
	}
	for _, path := range pages {
		if a := p.get(path); strings.Contains(a.body, values[0][1]) {
			t.Errorf("%s shows the value again", path)
		}
	}
	for _, do := range []string{"disable", "delete"} {
		if a := p.fillIn("/console/applications/{app}/tokens/{secret}", "do="+do); a.path != w.names().Replace("/console/applications/{app}/api") {
			t.Errorf("%s ends at %s with %d", do, a.path, a.status)
		}
	}
	a = p.fillIn("/console/applications/{app}/secrets", "validity=P0D")
	if a.status != http.StatusOK || !strings.Contains(a.body, `<td data-label="Expires">never</td>`) {
		t.Errorf("a client secret without an end is %d", a.status)
	}
}

package idaas

import (
	"fmt"
	"net/http"
	"strings"

	"scimproof/reports/result"
	"scimproof/simulator/client"
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// probe is a request for one resource by its path, meant to lead nowhere.
type probe struct {
	name   string
	header []result.Header
	method string
	body   check.Doc
}

// probes are requests that a server may answer by what it finds before it asks whether the client may see it: the last is a DELETE.
func (r realm) probes(t *check.T) []probe {
	whole := r.draft(t)
	patch := check.PatchOps(check.Op("replace", "displayName", t.Unique()))
	never, either := []result.Header{{Name: "If-Match", Value: `W/"never"`}}, []result.Header{{Name: "If-None-Match", Value: "*"}}
	return []probe{
		{name: "GET", method: http.MethodGet},
		{name: "HEAD", method: http.MethodHead},
		{name: "GET with If-None-Match", method: http.MethodGet, header: either},
		{name: "PUT", method: http.MethodPut, body: whole},
		{name: "PUT with If-Match", method: http.MethodPut, body: whole, header: never},
		{name: "PUT without a name", method: http.MethodPut, body: r.draft(t, check.Doc{r.named: nil})},
		{name: "PATCH", method: http.MethodPatch, body: patch},
		{name: "PATCH with If-Match", method: http.MethodPatch, body: patch, header: never},
		{name: "PATCH of the id", method: http.MethodPatch, body: check.PatchOps(check.Op("replace", "id", t.Unique()))},
		{name: "DELETE with If-Match", method: http.MethodDelete, header: never},
		{name: "DELETE", method: http.MethodDelete},
	}
}

func (p probe) send(t *check.T, path string) *check.Answer {
	q := client.Request{Method: p.method, Path: path, Header: p.header}
	if p.body != nil {
		q.Body = check.Encode(p.body)
	}
	return t.Do(q)
}

// untold expects requests for what is hidden to be answered as those for what never was.
func (r realm) untold(t *check.T, hidden thing) {
	never, nor := strangersLike(t, hidden.id)
	for _, p := range r.probes(t) {
		at := func(id string) telling {
			return tellingOf(p.send(t, check.Under(r.endpoint(t), id)), id)
		}
		sameTelling(t, p.name, at(never), at(nor), at(hidden.id))
	}
}

// sameTelling expects what an answer tells of something hidden to be what it tells of two things that never were.
func sameTelling(t *check.T, name string, want, other, is telling) {
	want.detail, is.detail = common(want.detail, other.detail, is.detail)
	t.Hold(is == want, name+" answered as for an id that never was: "+want.String(), is.String())
}

// telling is what an answer could tell of the resource that it is about.
type telling struct {
	status                    int
	scimType, detail, headers string
}

func (a telling) String() string {
	return strings.TrimSpace(fmt.Sprintf("%d %s %s %s", a.status, a.scimType, a.detail, a.headers))
}

// tellingOf leaves out the id that was asked for, which the client knows.
func tellingOf(a *check.Answer, id string) telling {
	out := telling{status: a.Status, scimType: a.Text("scimType"), detail: strings.ReplaceAll(a.Text("detail"), id, "the id")}
	for _, name := range []string{"ETag", "Location", "Content-Location", "Last-Modified"} {
		if a.Header.Get(name) != "" {
			out.headers += name + " "
		}
	}
	return out
}

// common leaves out what is different in any two errors, such as the number of a request: words that two of them do not share.
func common(one, other, third string) (want, is string) {
	shared, others, words := strings.Fields(one), strings.Fields(other), strings.Fields(third)
	if len(shared) != len(others) {
		return "", ""
	}
	if len(words) != len(shared) {
		return one, third
	}
	for i := range shared {
		if shared[i] != others[i] {
			shared[i], words[i] = "…", "…"
		}
	}
	return strings.Join(shared, " "), strings.Join(words, " ")
}

// strangersLike are two ids of the form of one, which nothing has.
func strangersLike(t *check.T, id string) (one, other string) {
	if one, other = alike(id, 1), alike(id, 2); one == id {
		t.NA("the id %s has no digit or letter of which another of its form could be made", id)
	}
	return one, other
}

// alike is an id of the same form, which nothing has: each digit, and each letter that a hexadecimal digit can be, moved on by some places.
func alike(id string, by int) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c >= '0' && c <= '9':
			return '0' + (c-'0'+rune(by))%10
		case c >= 'a' && c <= 'f':
			return 'a' + (c-'a'+rune(by))%6
		}
		return c
	}, id)
}

// lost makes something that its own application no longer sees, and an application that sees it.
func (r realm) lost(n *neighbours) (x thing, whole *application) {
	x = r.make(n.ours.T)
	whole = n.s.application()
	if r.id == aGroup.id {
		whole.scopes([]string{n.s.root}, x.id)
		n.ours.scopes([]string{n.here})
	} else {
		whole.MustPatch(x.path, moves(byID(n.there)))
	}
	gone(n.ours.T, x.path)
	return x, whole
}

// submittedAgain sends what an application made and no longer sees once more, with another displayName, and expects it to stay as it is.
func (r realm) submittedAgain(n *neighbours) *check.Answer {
	x, whole := r.lost(n)
	was := whole.MustGet(x.path)
	doc := r.draft(n.ours.T, check.Doc{r.named: x.name, "externalId": x.external})
	doc["displayName"] = n.ours.Unique()
	answer := n.ours.Post(r.endpoint(n.ours.T), doc)
	intact(whole.T, x.path, was)
	return answer
}

// outsideAgain asks what error a client gets that submits again what its scope has lost (rule idem-5).
var outsideAgain = check.Check{
	ID:          "idaas.again.outside",
	Title:       "An account that has left the scope keeps its names",
	Requirement: "The application that made it, and submits it again, is told 409 uniqueness; the account stays as it is, and no other is made.",
	Profiles:    []check.Profile{check.IDaaS},
	Rule:        "idem-5",
	Needs:       []check.Need{check.Control, check.Users, check.Patch, check.DisplayName, check.Emails, check.Phones},
	Since:       1,
	Run: func(t *check.T) {
		n := newNeighbours(t)
		t.Expect(anAccount.submittedAgain(n)).To(match.Error([]int{http.StatusConflict}, "uniqueness"))
		anAccount.shows(n.ours.T)
	},
}

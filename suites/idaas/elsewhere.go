package idaas

import (
	"net/http"
	"strings"

	"scimproof/suites/check"
	"scimproof/suites/match"
)

// sideDoor is a request by which a server that has the endpoint answers, or does, what another endpoint does. Where it has none, the
// request leads to nothing, which is all that is asked of it.
type sideDoor struct {
	name string
	send func(t *check.T, r realm, x thing) *check.Answer
}

// seekers show what they find.
var seekers = []sideDoor{
	{".search of the endpoint", func(t *check.T, r realm, x thing) *check.Answer {
		return t.Post(r.endpoint(t)+"/.search", searchFor(r, x))
	}},
	{".search of the Base URL", func(t *check.T, r realm, x thing) *check.Answer { return t.Post("/.search", searchFor(r, x)) }},
	{"a query at the Base URL", func(t *check.T, r realm, x thing) *check.Answer {
		return t.Get("/", "filter", check.Eq(r.named, x.name))
	}},
}

// bulk writes to what a path leads to, which the Base URL need not be part of.
var bulk = []sideDoor{
	{"/Bulk with a PATCH", func(t *check.T, _ realm, x thing) *check.Answer {
		return t.Post("/Bulk", bulkOf(check.Doc{"method": http.MethodPatch, "path": x.path, "data": check.PatchOps(check.Op("replace", "displayName", t.Unique()))}))
	}},
	{"/Bulk with a DELETE", func(t *check.T, _ realm, x thing) *check.Answer {
		return t.Post("/Bulk", bulkOf(check.Doc{"method": http.MethodDelete, "path": x.path}))
	}},
}

// searchFor is a query that finds one by its name (RFC 7644 section 3.4.3).
func searchFor(r realm, x thing) check.Doc {
	return check.Doc{"schemas": check.List{"urn:ietf:params:scim:api:messages:2.0:SearchRequest"}, "filter": check.Eq(r.named, x.name)}
}

// bulkOf is a request of one operation (RFC 7644 section 3.7).
func bulkOf(operation check.Doc) check.Doc {
	return check.Doc{"schemas": check.List{"urn:ietf:params:scim:api:messages:2.0:BulkRequest"}, "Operations": check.List{operation}}
}

// closed expects every side door to show nothing of something and to do nothing to it, as an application can tell that sees it.
func (r realm) closed(t *check.T, owner *application, x thing) {
	was := owner.MustGet(x.path)
	for _, d := range seekers {
		t.Hold(!strings.Contains(string(d.send(t, r, x).Body), x.id), "an answer to "+d.name+" without "+r.name+" that is not to be seen", "the answer has its id")
	}
	for _, d := range bulk {
		d.send(t, r, x)
		intact(owner.T, x.path, was)
	}
}

// cursors expects the pages that a cursor leads through to have exactly the ids, where the server pages by cursor (RFC 9865 section 2).
func (r realm) cursors(t *check.T, ids ...string) {
	if t.MustGet("/ServiceProviderConfig").Text("pagination.cursor") != "true" {
		t.NA("the target does not page by cursor")
	}
	var seen []string
	cursor := ""
	for range len(ids) + 3 { // one more than a right server needs, and one for good measure
		a := t.Get(r.endpoint(t), "count", "1", "cursor", cursor)
		t.Expect(a).To(match.Status(http.StatusOK))
		for _, x := range a.Resources() {
			seen = append(seen, x.Text("id"))
		}
		if cursor = a.Text("nextCursor"); cursor == "" {
			break
		}
	}
	t.Equal("ids on all pages", sorted(seen), sorted(ids))
}

// closing is one of the ways in which an application is shut out, and how it is let in again.
type closing struct {
	id, when   string // as they stand in the id and the title of a check
	rule, part string
	shut, open check.Doc
}

var closings = []closing{
	{"idaas.application.elsewhere", "while the application is disabled", "app-3", "", off, on},
	{"idaas.permission.api-off-elsewhere", "while the IDaaS API is off", "perm-1", "", check.Doc{"apiInvokeStatus": "disabled"}, check.Doc{"apiInvokeStatus": "enabled"}},
	{"idaas.permission.elsewhere", "without a scenario", "perm-2", "grant", granted(), granted(scenarios...)},
}

// elsewhere ask whether what an application is shut out of can be had by another endpoint (rules app-3, perm-1, perm-2).
func elsewhere() (list []check.Check) {
	for _, c := range closings {
		list = append(list, check.Check{
			ID:          c.id,
			Title:       "No other endpoint is open " + c.when,
			Requirement: ".search, a query at the Base URL and /Bulk show nothing and change nothing then, where a server has them.",
			Profiles:    []check.Profile{check.IDaaS},
			Rule:        c.rule,
			Part:        c.part,
			Needs:       append([]check.Need{check.Control, check.Patch}, aGroup.needs...),
			Since:       1,
			Run: func(t *check.T) {
				s := newSandbox(t)
				ours, whole := s.application(), s.application()
				for _, r := range realms {
					x := r.make(ours.T)
					if r.id == aGroup.id {
						whole.scopes([]string{s.root}, x.id)
					}
					ours.set(c.shut)
					r.closed(ours.T, whole, x)
					ours.set(c.open)
				}
			},
		})
	}
	return list
}

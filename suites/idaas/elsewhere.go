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

// elsewhere asks whether a scenario that is missing can be had by another endpoint (rule perm-2).
var elsewhere = check.Check{
	ID:          "idaas.permission.elsewhere",
	Title:       "No other endpoint does what a scenario is missing for",
	Requirement: "Without any scenario .search, a query at the Base URL and /Bulk show nothing and change nothing, where a server has them.",
	Profiles:    []check.Profile{check.IDaaS},
	Rule:        "perm-2",
	Part:        "grant",
	Needs:       append([]check.Need{check.Control, check.Patch}, aGroup.needs...),
	Since:       1,
	Run: func(t *check.T) {
		s := newSandbox(t)
		ours, whole := s.application(), s.application()
		for _, r := range []realm{anAccount, aGroup} {
			x := r.make(ours.T)
			whole.scopes([]string{s.root}, groupsOf(r, x)...)
			ours.set(granted())
			r.closed(ours.T, whole, x)
			ours.set(granted(scenarios...))
		}
	},
}

// groupsOf is what a scope has to name so that it has something.
func groupsOf(r realm, x thing) []string {
	if r.id == aGroup.id {
		return []string{x.id}
	}
	return nil
}

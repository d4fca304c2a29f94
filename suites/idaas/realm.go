package idaas

import (
	"net/http"
	"strconv"
	"strings"

	"scimproof/suites/check"
	"scimproof/suites/match"
)

// realm is what a provisioning scope bounds: accounts, or groups.
type realm struct {
	id, name string // as they stand in the ids and titles of checks
	rule     string
	needs    []check.Need
	named    string // the attribute that people know one by
	endpoint func(t *check.T) string
	draft    func(t *check.T, changes ...check.Doc) check.Doc
	more     func(t *check.T, x *thing) check.Doc // what one has beside its names
	filters  func(x thing) []string               // that find one and nothing else
}

// thing is an account or a group.
type thing struct {
	id, name, external string
	phone, member      string // number of an account, id of an account in a group
	path               string
}

var (
	anAccount = realm{
		id: "account", name: "an account", rule: "scope-2", named: "userName",
		needs:    []check.Need{check.Users, check.DisplayName, check.Emails, check.Phones},
		endpoint: (*check.T).Users, draft: (*check.T).User,
		more: func(t *check.T, x *thing) check.Doc {
			x.phone = number(t, "+852 5#######")
			return check.Doc{"displayName": "Display of " + x.name, "emails": list(entry(x.name)), "phoneNumbers": list(entry(x.phone))}
		},
		filters: func(x thing) []string {
			return []string{
				check.Eq("displayName", "Display of "+x.name), check.Eq("emails.value", x.name),
				`emails[type eq "work" and value eq ` + check.Quote(x.name) + "]", check.Eq("phoneNumbers.value", x.phone),
			}
		},
	}
	aGroup = realm{
		id: "group", name: "a group", rule: "scope-3", named: "displayName",
		needs:    []check.Need{check.Users, check.Groups},
		endpoint: (*check.T).Groups, draft: (*check.T).Group,
		more: func(t *check.T, x *thing) check.Doc {
			x.member = made(t).id
			return check.Doc{"members": list(check.Doc{"value": x.member})}
		},
		filters: func(x thing) []string { return []string{check.Eq("members.value", x.member)} },
	}
	realms = []realm{anAccount, aGroup}
)

// make makes one with all that a filter could find it by.
func (r realm) make(t *check.T) thing {
	x := thing{name: t.Unique() + "@example.com", external: t.Unique()}
	doc := r.draft(t, check.Doc{r.named: x.name, "externalId": x.external}, r.more(t, &x))
	x.id = t.MustCreate(r.endpoint(t), doc).ID()
	x.path = check.Under(r.endpoint(t), x.id)
	return x
}

// plain are the filters that find one by a value.
func (r realm) plain(x thing) []string {
	half := len(x.name) / 2
	return append(r.filters(x), check.Eq("id", x.id), check.Eq(r.named, x.name), check.Eq("externalId", x.external),
		r.named+" co "+check.Quote(x.name[1:]), r.named+" sw "+check.Quote(x.name[:half])+" and "+r.named+" ew "+check.Quote(x.name[half:]))
}

// asked is a query, and whether it finds the one that is seen, beside one that is not.
type asked struct {
	filter string
	finds  bool
}

// logic are filters that a server gets wrong where it adds the scope to them as one more term.
func (r realm) logic(seen, hidden thing) []asked {
	one, other := check.Eq(r.named, seen.name), check.Eq(r.named, hidden.name)
	return []asked{
		{one + " or " + other, true},
		{other + " or " + one, true},
		{other + " or " + check.Eq("externalId", hidden.external), false},
		{"not (" + one + ")", false},
		{"not (" + other + ")", true},
		{r.named + " ne " + check.Quote(seen.name), false},
		{r.named + " pr", true},
		{"externalId pr", true},
		{`meta.created ge "2000-01-01T00:00:00Z"`, true},
		{"(" + one + " or " + other + ") and externalId pr", true},
	}
}

// finds expects a query to find exactly the ids. A target that refuses the query shows nothing, which is all that a scope asks.
func (r realm) finds(t *check.T, query []string, ids ...string) {
	a := t.Get(r.endpoint(t), query...)
	if !match.Is(a, match.Refusal()) {
		t.Expect(a, strings.Join(query, " ")).To(match.Found(ids...))
	}
}

// shows expects lists and counts to have exactly the ids.
func (r realm) shows(t *check.T, ids ...string) {
	t.Expect(t.Get(r.endpoint(t), "count", "100"), "the list").To(match.Found(ids...))
	t.Equal("totalResults where no resource is asked for", t.MustGet(r.endpoint(t), "count", "0").Total(), len(ids))
}

// answersFilters expects filters to find what is seen, and never what is hidden.
func (r realm) answersFilters(t *check.T, hidden thing) {
	for _, filter := range r.plain(hidden) {
		r.finds(t, []string{"filter", filter})
	}
}

// answersLogic does the same for filters of more than one term, and for those that ask what something is not.
func (r realm) answersLogic(t *check.T, seen, hidden thing) {
	for _, q := range r.logic(seen, hidden) {
		var ids []string
		if q.finds {
			ids = append(ids, seen.id)
		}
		r.finds(t, []string{"filter", q.filter}, ids...)
	}
}

// pages expects the pages of a list to have exactly the ids, and each page to know how many there are.
func (r realm) pages(t *check.T, size int, ids ...string) {
	var seen []string
	for start := 1; start <= len(ids)+size; start += size {
		a := t.Get(r.endpoint(t), "startIndex", strconv.Itoa(start), "count", strconv.Itoa(size))
		t.Expect(a).To(match.Status(http.StatusOK))
		t.Equal("totalResults of the page at "+strconv.Itoa(start), a.Total(), len(ids))
		for _, x := range a.Resources() {
			seen = append(seen, x.Text("id"))
		}
	}
	t.Equal("ids on all pages", sorted(seen), sorted(ids))
}

// orders expects a list that is sorted, in every way, to have exactly the ids.
func (r realm) orders(t *check.T, ids ...string) {
	for _, by := range []string{r.named, "meta.created", "id"} {
		for _, order := range []string{"ascending", "descending"} {
			r.finds(t, []string{"sortBy", by, "sortOrder", order}, ids...)
		}
	}
}

// stroke is a write to something by its path; what stays has the displayName afterwards.
type stroke struct {
	id, name string
	needs    []check.Need
	send     func(t *check.T, r realm, path, displayName string) *check.Answer
}

var strokes = []stroke{
	{id: "put", name: "PUT", send: func(t *check.T, r realm, path, displayName string) *check.Answer {
		return t.Put(path, r.draft(t, check.Doc{"displayName": displayName}))
	}},
	{id: "patch", name: "PATCH", needs: []check.Need{check.Patch}, send: func(t *check.T, _ realm, path, displayName string) *check.Answer {
		return t.Patch(path, check.PatchOps(check.Op("replace", "displayName", displayName)))
	}},
	{id: "delete", name: "DELETE", send: func(t *check.T, _ realm, path, _ string) *check.Answer { return t.Delete(path) }},
}

// untouched sends a write to what an application does not see, and expects it to lead nowhere.
func (w stroke) untouched(r realm, who, owner *application, path string) {
	was := owner.MustGet(path)
	who.Expect(w.send(who.T, r, path, who.Unique()), w.name).To(match.Status(http.StatusNotFound))
	intact(owner.T, path, was)
}

// intact expects a resource to be there as it was.
func intact(t *check.T, path string, was *check.Answer) {
	is := t.Get(path)
	t.Expect(is, "read again by an application that sees it").To(match.Status(http.StatusOK))
	same(t, bare(was), bare(is))
}

// gone expects a path to lead to nothing.
func gone(t *check.T, path string) {
	t.Expect(t.Get(path)).To(match.Status(http.StatusNotFound))
	t.Expect(t.Get(path, "attributes", "id")).To(match.Status(http.StatusNotFound))
}

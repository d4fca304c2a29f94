package idaas

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"scimproof/suites/check"
	"scimproof/suites/match"
)

// both are two applications that are not to meet.
type both struct{ one, other *application }

// border is what parts two applications from each other (rule scope-5).
type border struct {
	id, name string // as they stand in the ids and titles of checks
	apart    func(t *check.T, changes ...check.Doc) both
}

var borders = []border{
	{"apart", "application", func(t *check.T, changes ...check.Doc) both {
		s := newSandbox(t)
		one := func() *application { return s.application(append(changes, within(s.organization(s.root)))...) }
		return both{one(), one()}
	}},
	{"instance", "instance", func(t *check.T, changes ...check.Doc) both {
		return both{newSandbox(t).application(changes...), newSandbox(t).application(changes...)}
	}},
}

// blind asks, at a border, whether applications see or touch what is not theirs.
func (b border) blind(id, title, requirement string, needs []check.Need, ask func(b both, r realm, own, foreign thing)) check.Check {
	return check.Check{
		ID: "idaas." + b.id + "." + id, Title: title + " another " + b.name, Requirement: requirement, Profiles: []check.Profile{check.IDaaS}, Rule: "scope-5",
		Needs: slices.Concat([]check.Need{check.Control}, anAccount.needs, aGroup.needs, needs), Since: 1,
		Run: func(t *check.T) {
			b := b.apart(t)
			for _, r := range realms {
				x, y := r.make(b.one.T), r.make(b.other.T)
				ask(b, r, x, y)
				ask(both{b.other, b.one}, r, y, x)
			}
		},
	}
}

// checks are those of a border: for each endpoint, and for each thing that a query can ask.
func (b border) checks() []check.Check {
	out := []check.Check{
		b.blind("get", "No id leads to what belongs to", "GET of its accounts and groups is 404, whichever attributes are asked for.", nil,
			func(b both, _ realm, _, foreign thing) { gone(b.one.T, foreign.path) }),
		b.blind("list", "No list and no count has what belongs to", "Each lists and counts its own accounts and groups.", nil,
			func(b both, r realm, own, _ thing) { r.shows(b.one.T, own.id) }),
		b.blind("pages", "No page has what belongs to", "Each page, and what it says of the total, is about its own accounts and groups.", nil,
			func(b both, r realm, own, _ thing) { r.pages(b.one.T, 1, own.id) }),
		b.blind("sort", "No sorted list has what belongs to", "By whichever attribute it is sorted, and in whichever order.", []check.Need{check.Sort},
			func(b both, r realm, own, _ thing) { r.orders(b.one.T, own.id) }),
		b.blind("filter", "No filter finds what belongs to", "Neither by its id, nor by any name, address, number or member of it.", []check.Need{check.Filter},
			func(b both, r realm, _, foreign thing) { r.answersFilters(b.one.T, foreign) }),
		b.blind("logic", "No or, not, ne or pr brings what belongs to", "The border bounds a filter as a whole, not one of its terms.", []check.Need{check.Filter},
			func(b both, r realm, own, foreign thing) { r.answersLogic(b.one.T, own, foreign) }),
	}
	for _, w := range strokes {
		out = append(out, b.blind(w.id, w.name+" does not reach what belongs to", "It is 404 and changes nothing.", w.needs,
			func(b both, r realm, _, foreign thing) { w.untouched(r, b.one, b.other, foreign.path) }))
	}
	return append(out,
		b.blind("member", "No group takes in anybody from",
			"POST, PUT, PATCH add and PATCH replace that name one of its accounts are 400 invalidValue, and neither make nor change a group.",
			[]check.Need{check.Patch},
			func(b both, r realm, own, foreign thing) {
				if r.id == aGroup.id {
					b.one.excludes(own, foreign.member)
				}
			}),
		b.cursor())
}

// excludes expects every way in which an account could become a member of a group to be refused.
func (a *application) excludes(group thing, stranger string) {
	was := a.MustGet(group.path)
	entry := check.Doc{"value": stranger}
	for _, answer := range []*check.Answer{
		a.Post(a.Groups(), a.Group(check.Doc{"members": list(entry)})),
		a.Put(group.path, a.Group(check.Doc{"members": list(entry)})),
		joins(a.T, group.path, entry),
		a.Patch(group.path, check.PatchOps(check.Op("replace", "members", list(entry)))),
	} {
		a.Expect(answer, answer.Request.Method).To(match.Error([]int{http.StatusBadRequest}, "invalidValue"))
	}
	intact(a.T, group.path, was)
	aGroup.shows(a.T, group.id)
}

// cursor asks what a cursor is worth at the other side of a border. Applications of both profiles are asked, since one may page by cursor where
// the other does not.
func (b border) cursor() check.Check {
	return check.Check{
		ID:          "idaas." + b.id + ".cursor",
		Title:       "A cursor leads to nothing of another " + b.name,
		Requirement: "An application that pages by cursor refuses a cursor that was handed out there, or shows its own users; never those of the other.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "scope-5",
		Needs:       []check.Need{check.Control, check.Users},
		Since:       1,
		Run: func(t *check.T) {
			cursorStays(t, b.apart(t))
			cursorStays(t, b.apart(t, check.Doc{"profile": "rfc"}))
		},
	}
}

// cursorStays takes a cursor that one application handed out to another, and back, where they page by cursor (RFC 9865 section 2).
func cursorStays(t *check.T, b both) {
	if b.one.MustGet("/ServiceProviderConfig").Text("pagination.cursor") != "true" {
		return
	}
	for range 2 {
		b.one.MustUser()
	}
	first := b.one.MustGet(b.one.Users(), "count", "1", "cursor", "")
	cursor := first.Text("nextCursor")
	if cursor == "" {
		t.Block("the first of two pages has no nextCursor")
	}
	was := b.one.MustGet(b.one.Users())
	answer := b.other.Get(b.other.Users(), "count", "1", "cursor", cursor)
	for _, u := range answer.Resources() {
		for _, theirs := range was.Resources() {
			t.Hold(u.Text("id") != theirs.Text("id"), "no user of the application that handed out the cursor", "its user "+u.Text("id"))
		}
	}
	t.Expect(b.one.Get(b.one.Users(), "count", "1", "cursor", cursor), "the cursor where it belongs").To(match.Status(http.StatusOK))
}

// clashes ask what a value that must be unique tells at a border, and where that ends (rule scope-5).
var clashes = []check.Check{
	{
		ID:          "idaas.apart.clash",
		Title:       "A userName that a hidden account has is 409, and the error says nothing of that account",
		Requirement: "POST, PUT and PATCH are refused with uniqueness; neither body nor headers hold its id or any value of it but the one that was sent.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "scope-5",
		Needs:       slices.Concat([]check.Need{check.Control, check.Patch}, anAccount.needs),
		Since:       1,
		Run: func(t *check.T) {
			n := newNeighbours(t)
			x, a := anAccount.make(n.theirs.T), made(n.ours.T)
			was := n.theirs.MustGet(x.path)
			taken := check.Doc{"userName": x.name}
			for _, answer := range []*check.Answer{
				n.ours.Post(n.ours.Users(), n.ours.User(taken)),
				n.ours.Put(a.path(n.ours.T), n.ours.User(taken)),
				a.patch(n.ours.T, check.Op("replace", "userName", x.name)),
			} {
				t.Expect(answer).To(match.Error([]int{http.StatusConflict}, "uniqueness"))
				silent(t, answer, [][2]string{
					{"id", x.id}, {"externalId", x.external}, {"displayName", "Display of "}, {"number", x.phone}, {"organization", n.there}, {"application", n.theirs.id},
				}...)
			}
			intact(n.theirs.T, x.path, was)
		},
	},
	{
		ID:          "idaas.apart.names",
		Title:       "Names end at the instance, and externalIds at the application",
		Requirement: "The userName of an account in another instance is free, and so is the externalId that another application has for an account.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "scope-5",
		Needs:       []check.Need{check.Control, check.Users},
		Since:       1,
		Run: func(t *check.T) {
			n, far := newNeighbours(t), newSandbox(t).application()
			a, external := newAccount(t), check.Doc{"externalId": t.Unique()}
			a.id = n.ours.MustCreate(n.ours.Users(), a.doc(t, external)).ID()
			t.Expect(far.Post(far.Users(), a.doc(t, external)), "the userName in another instance").To(match.Success())
			t.Expect(n.theirs.Post(n.theirs.Users(), n.theirs.User(external)), "the externalId in another application").To(match.Success())
			anAccount.shows(n.ours.T, a.id)
		},
	},
	{
		ID:          "idaas.apart.group-names",
		Title:       "The names of groups end at the application",
		Requirement: "displayName and externalId of a group that another application or instance has are free, and lead to a group of its own.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "scope-5",
		Needs:       slices.Concat([]check.Need{check.Control}, aGroup.needs),
		Since:       1,
		Run: func(t *check.T) {
			n := newNeighbours(t)
			x := aGroup.make(n.ours.T)
			was := n.ours.MustGet(x.path)
			for _, a := range []*application{n.theirs, newSandbox(t).application()} {
				answer := a.Post(a.Groups(), a.Group(check.Doc{"displayName": x.name, "externalId": x.external}))
				t.Expect(answer).To(match.Success())
				aGroup.shows(a.T, idOf(a.T, answer))
			}
			intact(n.ours.T, x.path, was)
			aGroup.shows(n.ours.T, x.id)
		},
	},
	{
		ID:          "idaas.apart.field-clash",
		Title:       "A value of a unique field that a hidden account has is 409, and free in another instance",
		Requirement: "POST, PUT and PATCH are refused with uniqueness and say nothing of that account; the same value of a field elsewhere is taken.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "scope-5",
		Needs:       []check.Need{check.Control, check.Users, check.Patch, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			s := newSandbox(t)
			unique := syncs(oktaForm, s.addField("badge", "string", check.Doc{"unique": true}))
			here, there := s.organization(s.root), s.organization(s.root)
			ours, theirs := s.application(within(here), unique), s.application(within(there), unique)
			taken := check.Doc{"badge": "B1"}
			hidden := made(theirs.T, byPost.extends(oktaForm, taken))
			was := hidden.look(theirs.T)
			for _, w := range writes {
				a := w.subject(ours.T, nil)
				answer := w.send(ours.T, a, w.extends(oktaForm, taken))
				t.Expect(answer, w.name).To(match.Error([]int{http.StatusConflict}, "uniqueness"))
				silent(t, answer, [][2]string{
					{"id", hidden.id}, {"userName", hidden.userName}, {"organization", there}, {"application", theirs.id},
				}...)
				if w.makes {
					a.unmade(ours.T)
				}
			}
			hidden.still(theirs.T, was)
			made(newFielded(t, check.Doc{"unique": true}).T, byPost.extends(oktaForm, taken))
		},
	},
	{
		ID:          "idaas.instance.organization",
		Title:       "No account is placed in an organization of another instance",
		Requirement: "Its organizationId is 400 OrganizationUnitIdNotInScopes by POST, PUT and PATCH, and as a text it moves nobody; no account is made there.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "scope-5",
		Needs:       []check.Need{check.Control, check.Users, check.Patch, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			ours, theirs := newSandbox(t).application(), newSandbox(t).application()
			for _, w := range writes {
				a := w.subject(ours.T, nil)
				t.Expect(w.place(ours.T, a, byID(theirs.s.root)), w.name).To(match.All(match.Status(http.StatusBadRequest), match.Says("OrganizationUnitIdNotInScopes")))
				if w.makes {
					a.unmade(ours.T)
					continue
				}
				t.Equal("organizationId after "+w.name, organizationOf(a.read(ours.T)), ours.s.root)
				w.place(ours.T, a, theirs.s.root)
				t.Equal("organizationId after "+w.name+" with a text", organizationOf(a.read(ours.T)), ours.s.root)
			}
			anAccount.shows(theirs.T)
		},
	},
	{
		ID:          "idaas.instance.base-url",
		Title:       "A Base URL that is put together of two instances leads to neither",
		Requirement: "With parts of the Base URL of one and parts of the other, a token shows no account of the other instance and makes none there.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "scope-5",
		Needs:       []check.Need{check.Control, check.Users},
		Since:       1,
		Run: func(t *check.T) {
			ours, theirs := newSandbox(t).application(), newSandbox(t).application()
			kept := made(theirs.T)
			for _, base := range mixtures(t, ours.base, theirs.base) {
				k := t.At(base, ours.token.value)
				listed := k.Get(k.Users(), "count", "100")
				t.Hold(!strings.Contains(string(listed.Body), kept.id), "no account of the other instance", "the list at "+base+" has "+kept.id)
				k.Get(check.Under(k.Users(), kept.id))
				k.Post(k.Users(), k.User())
				k.Delete(check.Under(k.Users(), kept.id))
				anAccount.shows(theirs.T, kept.id)
			}
		},
	},
	{
		ID:          "idaas.instance.scope",
		Title:       "A provisioning scope has nothing of another instance",
		Requirement: "Its organizations and groups are refused as scope and as synchronization target, and the application sees what it saw before.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "scope-5",
		Needs:       slices.Concat([]check.Need{check.Control}, aGroup.needs),
		Since:       1,
		Run: func(t *check.T) {
			ours, theirs := newSandbox(t).application(), newSandbox(t).application()
			x, foreign := aGroup.make(ours.T), aGroup.make(theirs.T)
			for _, wrong := range []check.Doc{
				{"provisioningScope": scopeWith([]string{ours.s.root, theirs.s.root}, x.id)},
				{"provisioningScope": scopeWith([]string{ours.s.root}, x.id, foreign.id)},
				{targetMember: theirs.s.root},
			} {
				t.Expect(ours.s.plane.Patch(ours.path(), wrong)).To(match.Denied())
				anAccount.shows(ours.T, x.member)
				aGroup.shows(ours.T, x.id)
			}
		},
	},
}

// silent expects an error to say nothing of an account; secrets are what could be said, each with its name.
func silent(t *check.T, answer *check.Answer, secrets ...[2]string) {
	told := fmt.Sprint(answer.Header) + string(answer.Body)
	for _, secret := range secrets {
		t.Hold(!strings.Contains(told, secret[1]), "an error that says nothing of the other account", "the error has its "+secret[0])
	}
}

// mixtures are the Base URLs that have each one part of another's. Where two differ in one part alone there is nothing to mix.
func mixtures(t *check.T, one, other string) (out []string) {
	ours, theirs := strings.Split(one, "/"), strings.Split(other, "/")
	var differ []int
	for i := range ours {
		if i < len(theirs) && ours[i] != theirs[i] {
			differ = append(differ, i)
		}
	}
	if len(differ) < 2 || len(ours) != len(theirs) {
		t.NA("the Base URLs of two instances do not differ in two of their parts")
	}
	for _, i := range differ {
		mine, their := slices.Clone(ours), slices.Clone(theirs)
		mine[i], their[i] = theirs[i], ours[i]
		out = append(out, strings.Join(mine, "/"), strings.Join(their, "/"))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

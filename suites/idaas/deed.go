package idaas

import (
	"fmt"
	"net/http"

	"scimproof/suites/check"
	"scimproof/suites/match"
)

// deed is an operation of SCIM with the scenario that it belongs to (rule perm-2).
type deed struct {
	name     string
	scenario string
	do       func(p *pair) *check.Answer
}

// pair is a user and a group of an application, which the deeds are done to.
type pair struct {
	*application
	user, group string // paths
}

// newPair makes a user and a group.
func newPair(a *application) *pair {
	p := &pair{application: a}
	p.user = check.Under(a.Users(), a.MustUser().ID())
	p.group = check.Under(a.Groups(), a.MustGroup().ID())
	return p
}

// deeds are all operations on users and groups, in an order in which each finds what it is about.
var deeds = []deed{
	{"GET of a user", userRead, func(p *pair) *check.Answer { return p.Get(p.user) }},
	{"the list of users", userRead, func(p *pair) *check.Answer { return p.Get(p.Users(), "count", "10") }},
	{"a filter on users", userRead, func(p *pair) *check.Answer { return p.Get(p.Users(), "filter", "active eq true") }},
	{"POST of a user", userManage, func(p *pair) *check.Answer { return p.Post(p.Users(), p.User()) }},
	{"PUT of a user", userManage, func(p *pair) *check.Answer { return p.Put(p.user, p.User(check.Doc{"displayName": "Changed"})) }},
	{"PATCH of a user", userManage, func(p *pair) *check.Answer {
		return p.Patch(p.user, check.PatchOps(check.Op("replace", "displayName", "Changed")))
	}},
	{"DELETE of a user", userManage, func(p *pair) *check.Answer { return p.Delete(p.user) }},
	{"GET of a group", groupRead, func(p *pair) *check.Answer { return p.Get(p.group) }},
	{"the list of groups", groupRead, func(p *pair) *check.Answer { return p.Get(p.Groups(), "count", "10") }},
	{"a filter on groups", groupRead, func(p *pair) *check.Answer { return p.Get(p.Groups(), "filter", "displayName pr") }},
	{"POST of a group", groupManage, func(p *pair) *check.Answer { return p.Post(p.Groups(), p.Group()) }},
	{"PUT of a group", groupManage, func(p *pair) *check.Answer { return p.Put(p.group, p.Group()) }},
	{"PATCH of a group", groupManage, func(p *pair) *check.Answer {
		return p.Patch(p.group, check.PatchOps(check.Op("replace", "displayName", p.Unique())))
	}},
	{"DELETE of a group", groupManage, func(p *pair) *check.Answer { return p.Delete(p.group) }},
}

// forbidden expects the deeds of some scenarios to answer 403 and to say why.
func (p *pair) forbidden(why string, scenarios ...string) {
	p.each(scenarios, func(d deed) {
		a := d.do(p)
		p.Expect(a, d.name).To(match.Status(http.StatusForbidden))
		p.Expect(a, d.name).To(match.Says(why))
	})
}

// each does something with the deeds of some scenarios, or with all.
func (p *pair) each(scenarios []string, do func(d deed)) {
	for _, d := range deeds {
		if len(scenarios) == 0 {
			do(d)
		}
		for _, s := range scenarios {
			if s == d.scenario {
				do(d)
			}
		}
	}
}

// view is what can be seen of an application.
type view struct {
	users, groups int
	user, group   string
}

// look sees what there is. It takes an application that may read.
func (p *pair) look() view {
	return view{
		p.MustGet(p.Users(), "count", "0").Total(), p.MustGet(p.Groups(), "count", "0").Total(),
		string(p.MustGet(p.user).Body), string(p.MustGet(p.group).Body),
	}
}

// unchanged expects everything to be as it was.
func (p *pair) unchanged(was view) {
	p.Expect(p.Get(p.user), "the user").To(match.Status(http.StatusOK))
	p.Expect(p.Get(p.group), "the group").To(match.Status(http.StatusOK))
	is := p.look()
	p.Hold(is.users == was.users && is.groups == was.groups, fmt.Sprintf("%d users and %d groups as before", was.users, was.groups),
		fmt.Sprintf("%d users and %d groups", is.users, is.groups))
	p.Hold(is.user == was.user, "the user as before", "the user is "+is.user)
	p.Hold(is.group == was.group, "the group as before", "the group is "+is.group)
}

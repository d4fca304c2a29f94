package idaas

import (
	"slices"
	"strings"

	"scimproof/simulator/tree"
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// member is an account as it is sent for a group.
func member(a *account) check.Doc { return check.Doc{"value": a.id} }

// team makes a group of accounts and returns its path.
func team(t *check.T, people ...*account) string {
	return check.Under(t.Groups(), t.MustGroup(of(people...)).ID())
}

// of are the members of a group, to send.
func of(people ...*account) check.Doc {
	entries := check.List{}
	for _, a := range people {
		entries = append(entries, member(a))
	}
	if len(entries) == 0 {
		return nil
	}
	return check.Doc{"members": entries}
}

// members expects the group to have exactly the accounts, in any order.
func members(t *check.T, path string, people ...*account) {
	var got, want []string
	for _, v := range t.MustGet(path).All("members.value") {
		got = append(got, v.String())
	}
	for _, a := range people {
		want = append(want, a.id)
	}
	slices.Sort(got)
	slices.Sort(want)
	t.Equal("members", strings.Join(got, " "), strings.Join(want, " "))
}

// among expects the group to have an account among others.
func among(t *check.T, path string, a *account) {
	there := slices.ContainsFunc(t.MustGet(path).All("members.value"), func(v *tree.Node) bool { return v.String() == a.id })
	t.Hold(there, "the member "+a.id, "a group without it")
}

// joins sends members to a group.
func joins(t *check.T, path string, members ...check.Doc) *check.Answer {
	return t.Patch(path, check.PatchOps(check.Op("add", "members", list(members...))))
}

// leaves takes a member out of a group.
func leaves(t *check.T, path string, a *account) *check.Answer {
	return t.Patch(path, check.PatchOps(check.Op("remove", "members[value eq "+check.Quote(a.id)+"]", nil)))
}

// groups ask what a group is made of (rules group-*).
var groups = []check.Check{
	{
		ID:          "idaas.group.name-required",
		Title:       "A group needs a displayName",
		Requirement: "A POST without a displayName is refused, and so is a PUT, which changes nothing.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "group-1",
		Needs:       []check.Need{check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			nameless := check.Doc{"displayName": nil, "externalId": t.Unique()}
			t.Expect(t.Post(t.Groups(), t.Group(nameless))).To(match.Refusal())
			path := team(t)
			was := bare(t.MustGet(path))
			t.Expect(t.Put(path, t.Group(nameless))).To(match.Refusal())
			same(t, was, bare(t.MustGet(path)))
		},
	},
	{
		ID:          "idaas.group.external-id",
		Title:       "externalId of a group is stored and returned",
		Requirement: "What POST, PUT and PATCH say is what a later GET shows.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "group-1",
		Needs:       []check.Need{check.Groups, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			name, external := t.Unique(), t.Unique()+"/Ext"
			path := check.Under(t.Groups(), t.MustGroup(check.Doc{"displayName": name, "externalId": external}).ID())
			t.Expect(t.MustGet(path)).To(match.All(match.Value("externalId", external), match.Value("displayName", name)))
			t.Expect(t.Put(path, t.Group(check.Doc{"displayName": name, "externalId": external + "2"}))).To(match.Success())
			t.Expect(t.MustGet(path)).To(match.Value("externalId", external+"2"))
			t.Expect(t.Patch(path, check.PatchOps(check.Op("replace", "externalId", external+"3")))).To(match.Success())
			t.Expect(t.MustGet(path)).To(match.Value("externalId", external+"3"))
		},
	},
	{
		ID:          "idaas.group.external-id-unique",
		Title:       "PUT and PATCH cannot give a group the externalId of another",
		Requirement: "No two groups that the application made have the same externalId.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "group-1",
		Needs:       []check.Need{check.Groups, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			external := t.Unique()
			t.MustGroup(check.Doc{"externalId": external})
			path := check.Under(t.Groups(), t.MustGroup(check.Doc{"externalId": t.Unique()}).ID())
			was := bare(t.MustGet(path))
			t.Expect(t.Put(path, t.Group(check.Doc{"externalId": external}))).To(match.Refusal())
			t.Expect(t.Patch(path, check.PatchOps(check.Op("replace", "externalId", external)))).To(match.Refusal())
			same(t, was, bare(t.MustGet(path)))
		},
	},
	{
		ID:          "idaas.group.users-only",
		Title:       "Nobody but a user becomes a member",
		Requirement: "A group, and an id that is no user, are no members after a POST, PUT or PATCH that names them.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "group-2",
		Part:        "users",
		Needs:       []check.Need{check.Users, check.Groups, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			a := made(t)
			for _, wrong := range strangers(t) {
				made := t.Post(t.Groups(), t.Group(check.Doc{"members": list(member(a), wrong)}))
				if made.OK() {
					notAmong(t, check.Under(t.Groups(), idOf(t, made)), wrong)
				}
				path := team(t, a)
				joins(t, path, wrong)
				notAmong(t, path, wrong)
				t.Put(path, t.Group(check.Doc{"members": list(member(a), wrong)}))
				notAmong(t, path, wrong)
			}
		},
	},
	{
		ID:          "idaas.group.refusal",
		Title:       "Adding what is no user is 400 and changes nothing",
		Requirement: "The error has the scimType invalidValue, and neither the wrong member nor a right one beside it joins.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "group-2",
		Part:        "refusal",
		Needs:       []check.Need{check.Users, check.Groups, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			a, b := made(t), made(t)
			path := team(t, a)
			was := bare(t.MustGet(path))
			for _, wrong := range strangers(t) {
				t.Expect(joins(t, path, member(b), wrong)).To(match.Error([]int{400}, "invalidValue"))
				t.Expect(t.Put(path, t.Group(check.Doc{"members": list(member(b), wrong)}))).To(match.Error([]int{400}, "invalidValue"))
				same(t, was, bare(t.MustGet(path)))
				t.Expect(t.Post(t.Groups(), t.Group(check.Doc{"members": list(wrong)}))).To(match.Error([]int{400}, "invalidValue"))
			}
		},
	},
	{
		ID:          "idaas.group.untyped",
		Title:       "A member without a type is a user",
		Requirement: "Clients send the id alone.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "group-2",
		Part:        "untyped",
		Needs:       []check.Need{check.Users, check.Groups, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			a, b := made(t), made(t)
			path := team(t, a)
			t.Expect(joins(t, path, member(b))).To(match.Success())
			members(t, path, a, b)
		},
	},
	{
		ID:          "idaas.group.member",
		Title:       "A member is shown with id, type and address of the user",
		Requirement: "value is the user's id, type is User, and $ref is the full URL of that user.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "group-3",
		Needs:       []check.Need{check.Users, check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			a := made(t)
			answer := t.MustGet(team(t, a))
			t.Expect(answer).To(match.Value("members.value", a.id))
			t.Expect(answer).To(match.Value("members.type", "User"))
			t.Expect(answer).To(match.Has("members.$ref"))
			t.Expect(t.Follow("$ref", answer.Text("members.$ref"))).To(match.All(match.Status(200), match.Value("id", a.id)))
		},
	},
	{
		ID:          "idaas.group.twice",
		Title:       "A user who is named twice is a member once",
		Requirement: "That holds within one request, and for one that names a member who is there already.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "group-4",
		Needs:       []check.Need{check.Users, check.Groups, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			a, b := made(t), made(t)
			path := team(t, a)
			t.Expect(joins(t, path, member(a), member(b), member(b))).To(match.Success())
			members(t, path, a, b)
		},
	},
	{
		ID:          "idaas.group.absent",
		Title:       "Removing somebody who is no member succeeds",
		Requirement: "The group is as the client wants it, and nobody else leaves.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "group-4",
		Needs:       []check.Need{check.Users, check.Groups, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			a, b := made(t), made(t)
			path := team(t, a)
			t.Expect(leaves(t, path, b)).To(match.Success())
			members(t, path, a)
		},
	},
	{
		ID:          "idaas.group.listed",
		Title:       "A list of groups comes without members unless it is filtered",
		Requirement: "Whoever lists all groups does not get all members with them.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "group-5",
		Needs:       []check.Need{check.Users, check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			team(t, made(t))
			answer := t.MustGet(t.Groups())
			t.Hold(len(answer.Resources()) > 0, "a list of groups", "an empty list")
			t.Expect(answer).To(match.Lacks("Resources.members"))
		},
	},
	{
		ID:          "idaas.group.found",
		Title:       "A filtered list of groups, and a single group, come with members",
		Requirement: "Whoever asks for a group sees who is in it.",
		Profiles:    []check.Profile{check.IDaaS},
		Rule:        "group-5",
		Needs:       []check.Need{check.Users, check.Groups, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			a, name := made(t), t.Unique()
			id := t.MustGroup(check.Doc{"displayName": name}, of(a)).ID()
			t.Expect(t.Get(t.Groups(), "filter", check.Eq("displayName", name))).To(match.Value("Resources.members.value", a.id))
			t.Expect(t.Get(check.Under(t.Groups(), id))).To(match.Value("members.value", a.id))
		},
	},
}

// strangers are entries of members that are no users: a group, as the client says it is and as it does not say, and nobody.
func strangers(t *check.T) []check.Doc {
	group := t.MustGroup().ID()
	return []check.Doc{{"value": group, "type": "Group"}, {"value": group}, {"value": t.Unique()}}
}

// notAmong expects the group not to have the member.
func notAmong(t *check.T, path string, wrong check.Doc) {
	for _, v := range t.MustGet(path).All("members.value") {
		t.Hold(v.String() != wrong["value"], "members who are users", "a member "+v.String())
	}
}

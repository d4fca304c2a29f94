package groups

import (
	"strings"

	"scimproof/suites/check"
	"scimproof/suites/match"
)

// create asks about POST to the endpoint of groups.
var create = []check.Check{
	{
		ID:          "groups.create.status",
		Title:       "A created group answers 201 with its id and displayName",
		Requirement: "Creation answers 201 and the group as it was stored.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.3"},
		Needs:       []check.Need{check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			body := t.Group()
			a := t.Post(t.Groups(), body)
			t.Expect(a).To(match.Status(201))
			made := t.Made(a)
			t.Expect(made).To(match.Has("id"))
			t.Expect(made).To(match.Value("displayName", body["displayName"]))
		},
	},
	{
		ID:          "groups.create.location",
		Title:       "A created group has a Location of its own",
		Requirement: "The Location of the answer is the address of the new group, and meta.resourceType is Group.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.3"},
		Needs:       []check.Need{check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			body := t.Group()
			a := t.Post(t.Groups(), body)
			t.Expect(a).To(match.HasHeader("Location"))
			found := t.Follow("Location", a.Header.Get("Location"))
			t.Expect(found).To(match.Value("displayName", body["displayName"]))
			t.Expect(found).To(match.Value("meta.resourceType", "Group"))
		},
	},
	{
		ID:          "groups.create.name-required",
		Title:       "A group without displayName is refused",
		Requirement: "displayName is required of a group; what lacks it is no group.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should, // the schema printed in RFC 7643 section 8.7.1 says that it is not required; erratum 5368 says that it is
		Ref:         check.Ref{RFC: "7643", Section: "4.2"},
		Needs:       []check.Need{check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			t.Expect(t.Post(t.Groups(), t.Group(check.Doc{"displayName": nil, "externalId": t.Unique()}))).To(match.Error([]int{400}))
		},
	},
	{
		ID:          "groups.create.members",
		Title:       "A group is created with its members",
		Requirement: "The members that a group is created with are its members.",
		Profiles:    []check.Profile{check.RFC, check.Okta},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "4.2"},
		Needs:       []check.Need{check.Users, check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			ids := people(t, 2)
			a := t.MustGroup(check.Doc{"members": entries(ids...)})
			has(t, check.Under(t.Groups(), a.ID()), ids...)
		},
	},
	{
		ID:          "groups.create.member-ref",
		Title:       "The $ref of a member is the address of the user",
		Requirement: "Where a member carries $ref it is the URI of the resource that value names, absolute or relative; type, where there is one, says what it is.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "4.2"},
		Needs:       []check.Need{check.Users, check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			id := people(t, 1)[0]
			a := fetch(t, group(t, id))
			ref := a.Text("members[0].$ref")
			if ref == "" {
				t.NA("the target shows no $ref of members")
			}
			t.Hold(strings.HasSuffix("/"+ref, check.Under(t.Users(), id)), "a $ref that ends in "+check.Under(t.Users(), id), ref)
			if a.At("members[0].type") != nil {
				t.Expect(a).To(match.Value("members[0].type", "User"))
			}
		},
	},
	{
		ID:          "groups.create.unknown-member",
		Title:       "An id that belongs to nobody does not become a member",
		Requirement: "The value of a member is the id of a resource; one that does not exist is refused, or at least not shown as if it were there.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7643", Section: "4.2"},
		Needs:       []check.Need{check.Users, check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			a := t.Post(t.Groups(), t.Group(check.Doc{"members": entries(noSuchUser(t))}))
			if !match.Is(a, match.Refusal()) {
				t.Expect(a).To(match.Success())
				has(t, check.Under(t.Groups(), t.Made(a).ID()))
			}
		},
	},
	{
		ID:          "groups.create.entra",
		Title:       "The group that Entra creates is taken",
		Requirement: "Entra adds a schema of its own, meta.resourceType and externalId; the group is created and keeps its externalId.",
		Profiles:    []check.Profile{check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "Entra", Section: "jml-default"},
		Needs:       []check.Need{check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			external := t.Unique()
			a := t.Post(t.Groups(), t.Group(check.Doc{
				"schemas":    check.List{check.GroupSchema, "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"},
				"externalId": external,
				"meta":       check.Doc{"resourceType": "Group"},
			}))
			t.Expect(a).To(match.Status(201))
			t.Expect(t.MustGet(check.Under(t.Groups(), t.Made(a).ID()))).To(match.Value("externalId", external))
		},
	},
}

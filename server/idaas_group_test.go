package server_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"scimproof/server/control"
)

// crew is a client with three accounts and a group of the first two.
type crew struct {
	*client
	group  string // path
	people []string
}

func newCrew(t *testing.T) crew {
	t.Helper()
	c := crew{client: idaas(t)}
	for _, name := range []string{"ann", "bob", "cid"} {
		c.people = append(c.people, strings.TrimPrefix(c.user(object{"userName": name}), "/Users/"))
	}
	c.group = c.client.group(object{"members": c.entries(0, 1)})
	return c
}

// entries are members to send.
func (c crew) entries(who ...int) []any {
	list := make([]any, len(who))
	for i, n := range who {
		list[i] = object{"value": c.people[n]}
	}
	return list
}

// members checks who is in the group, in any order.
func (c crew) members(who ...int) {
	c.t.Helper()
	a := c.get(c.group).want(http.StatusOK)
	list, _ := a.at("members").([]any)
	var got, want []string
	for _, m := range list {
		id, _ := m.(object)["value"].(string)
		got = append(got, id)
	}
	for _, n := range who {
		want = append(want, c.people[n])
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		c.t.Errorf("the members are %v, want %v", got, want)
	}
}

func TestGroupNames(t *testing.T) { // group-1
	c := idaas(t)
	path := c.group(object{"displayName": "Team", "externalId": "1"})
	if a := c.get(path); a.at("displayName") != "Team" || a.at("externalId") != "1" {
		t.Errorf("the group is %s", a.text)
	}
	other := c.group(object{"displayName": "Crew", "externalId": "2"})
	if got := c.get(c.group(object{"displayName": "Nameless"})).at("externalId"); got != nil {
		t.Errorf("the server invented the externalId %v", got)
	}
	c.unchanged(func() {
		for _, o := range []object{{"schemas": []string{groupSchema}, "externalId": "1"}, team(object{"displayName": ""}), team(object{"displayName": nil})} {
			c.post("/Groups", o).refused(http.StatusBadRequest, "invalidValue", "MissingParameter.GroupName")
			c.put(path, o).refused(http.StatusBadRequest, "invalidValue", "MissingParameter.GroupName")
		}
		c.patch(path, op("remove", "displayName")).want(http.StatusBadRequest)
		c.patch(path, op("replace", "displayName", "")).want(http.StatusBadRequest)
		c.put(other, team(object{"displayName": "Crew", "externalId": "1"})).refused(http.StatusConflict, "uniqueness", "ResourceDuplicated.GroupExternalId")
		c.patch(other, op("replace", "externalId", "1")).refused(http.StatusConflict, "uniqueness", "ResourceDuplicated.GroupExternalId")
		long := strings.Repeat("ü", 65)
		c.post("/Groups", team(object{"displayName": long})).refused(http.StatusBadRequest, "invalidValue", "InvalidParameter.GroupName")
		c.patch(path, op("replace", "externalId", long)).refused(http.StatusBadRequest, "invalidValue", "InvalidParameter.GroupExternalId")
	})
	c.put(path, team(object{"displayName": long64, "externalId": long64})).want(http.StatusOK)
}

var long64 = strings.Repeat("ü", 64)

func TestMembersAreUsers(t *testing.T) { // group-2
	c := newCrew(t)
	other := strings.TrimPrefix(c.client.group(object{"displayName": "Other"}), "/Groups/")
	elsewhere := c.world.organization(c.world.root(c.app.Instance), "Elsewhere")
	stranger := c.world.beside(c.app, func(n *control.NewApplication) { n.With = control.Inbound([]string{elsewhere}, elsewhere) }).user(object{"userName": "stranger"})
	for name, bad := range map[string]object{
		"a group":                   {"value": other},
		"a group that says so":      {"value": other, "type": "Group"},
		"a group that says User":    {"value": other, "type": "User"},
		"a user that says Group":    {"value": c.people[2], "type": "Group"},
		"the group itself":          {"value": strings.TrimPrefix(c.group, "/Groups/")},
		"a user outside the scope":  {"value": strings.TrimPrefix(stranger, "/Users/")},
		"nobody":                    {"value": "user_none"},
		"a name instead of an id":   {"value": "cid"},
		"an id of nothing, as User": {"value": "nobody", "type": "User"},
	} {
		t.Run(name, func(t *testing.T) {
			c := crew{c.with(t), c.group, c.people}
			c.unchanged(func() {
				members := append(c.entries(2), bad)
				c.post("/Groups", team(object{"displayName": "New", "members": members})).refused(http.StatusBadRequest, "invalidValue", "InvalidParameter.Members")
				c.post("/Groups", team(object{"members": members})).refused(http.StatusBadRequest, "invalidValue", "InvalidParameter.Members")
				c.put(c.group, team(object{"members": members})).refused(http.StatusBadRequest, "invalidValue", "InvalidParameter.Members")
				for _, o := range []object{op("add", "members", members), op("add", "members", []any{bad}), op("replace", "members", members), op("add", "", object{"members": members})} {
					c.patch(c.group, op("replace", "displayName", "Changed"), o).refused(http.StatusBadRequest, "invalidValue", "InvalidParameter.Members")
				}
			})
		})
	}
	c.patch(c.group, op("add", "members", []any{object{"value": c.people[2], "type": "User"}})).want(http.StatusNoContent)
	c.members(0, 1, 2)
}

func TestMembersAreShownInFull(t *testing.T) { // group-3, url-2
	c := newCrew(t)
	for _, a := range []answer{
		c.get(c.group), c.put(c.group, team(object{"members": c.entries(0, 1)})), c.post("/Groups", team(object{"members": c.entries(0, 1)})),
	} {
		list, _ := a.want(http.StatusOK).at("members").([]any)
		if len(list) != 2 {
			t.Fatalf("the members are %v", list)
		}
		for i, m := range list {
			m := m.(object)
			if m["value"] != c.people[i] || m["type"] != "User" || m["$ref"] != c.base+"/Users/"+c.people[i] {
				t.Errorf("member %d is %v", i+1, m)
			}
		}
	}
}

func TestAMemberIsAMemberOnce(t *testing.T) { // group-4
	c := newCrew(t)
	c.unchanged(func() {
		c.patch(c.group, op("add", "members", c.entries(0))).want(http.StatusNoContent)
		c.patch(c.group, op("add", "members", c.entries(1, 1, 0))).want(http.StatusNoContent)
		c.put(c.group, team(object{"members": c.entries(0, 1, 0)})).want(http.StatusOK)
		for _, absent := range []string{c.people[2], "user_none", "nobody"} {
			c.patch(c.group, op("remove", `members[value eq "`+absent+`"]`)).want(http.StatusNoContent)
			c.patch(c.group, op("Remove", "members", []any{object{"value": absent}})).want(http.StatusNoContent)
		}
		c.patch(c.group, op("remove", "members", []any{object{"value": "nobody", "type": "Group"}})).want(http.StatusNoContent)
	})
	c.members(0, 1)
	c.patch(c.group, op("add", "members", c.entries(2, 2))).want(http.StatusNoContent)
	c.members(0, 1, 2)
	c.patch(c.group, op("remove", `members[value eq "`+c.people[0]+`"]`)).want(http.StatusNoContent)
	c.members(1, 2)
	c.patch(c.group, op("Remove", "members", c.entries(1))).want(http.StatusNoContent)
	c.members(2)
	c.patch(c.group, op("remove", "members")).want(http.StatusNoContent)
	c.members()
}

func TestListsOfGroups(t *testing.T) { // group-5
	c := newCrew(t)
	for query, want := range map[string]int{
		"": 0, "?count=10": 0, "?sortBy=displayName": 0, "?filter=displayName%20pr": 2, "?filter=displayName%20eq%20%22Team%22": 2,
		"?filter=displayName%20pr&excludedAttributes=members": 0,
	} {
		a := c.get("/Groups" + query).want(http.StatusOK)
		list, _ := a.at("Resources", 0, "members").([]any)
		if a.total() != 1 || len(list) != want || want == 0 && strings.Contains(a.text, `"members"`) {
			t.Errorf("%q shows %d members, want %d: %s", query, len(list), want, a.text)
		}
	}
	c.members(0, 1)
}

package groups

import (
	"slices"
	"strings"

	"scimproof/suites/check"
	"scimproof/suites/match"
)

// people makes so many users and returns their ids.
func people(t *check.T, n int) []string {
	var ids []string
	for range n {
		ids = append(ids, t.MustUser().ID())
	}
	return ids
}

// group makes a group of the members, makes sure that it has them, and returns its path.
func group(t *check.T, members ...string) (path string) {
	changes := check.Doc{}
	if len(members) > 0 {
		changes["members"] = entries(members...)
	}
	path = check.Under(t.Groups(), t.MustGroup(changes).ID())
	if got := membersOf(t, path); got != names(members) {
		t.Block("the group was made with the members %s and has %s", names(members), got)
	}
	return path
}

// entries are members as a client writes them.
func entries(ids ...string) check.List {
	list := check.List{}
	for _, id := range ids {
		list = append(list, check.Doc{"value": id})
	}
	return list
}

// fetch reads a group with its members.
func fetch(t *check.T, path string) *check.Answer {
	if a := t.Attribute(check.GroupSchema, "members"); a != nil && a.Text("returned") == "request" {
		return t.MustGet(path, "attributes", "displayName,members")
	}
	return t.MustGet(path)
}

// membersOf lists the members of a group, sorted.
func membersOf(t *check.T, path string) string { return listed(fetch(t, path)) }

// listed lists the members in an answer, sorted.
func listed(a *check.Answer) string {
	var ids []string
	if list := a.At("members"); list != nil {
		for _, m := range list.Items {
			ids = append(ids, m.Text("value"))
		}
	}
	return names(ids)
}

func names(ids []string) string {
	if len(ids) == 0 {
		return "nobody"
	}
	return strings.Join(slices.Sorted(slices.Values(ids)), " ")
}

// has expects a group to have exactly the members.
func has(t *check.T, path string, ids ...string) {
	t.Equal("the members are", membersOf(t, path), names(ids))
}

// patched sends operations, expects them to succeed, and expects the group to have exactly the members afterwards.
func patched(t *check.T, path string, ops []check.Doc, ids ...string) {
	t.Expect(t.Patch(path, check.PatchOps(ops...))).To(match.Success())
	has(t, path, ids...)
}

func ops(list ...check.Doc) []check.Doc { return list }

// chosen is the path of the members with an id.
func chosen(id string) string { return "members[" + check.Eq("value", id) + "]" }

// noSuchUser is the id of a user who is not there any more.
func noSuchUser(t *check.T) string {
	id := t.MustUser().ID()
	t.MustDelete(check.Under(t.Users(), id))
	return id
}

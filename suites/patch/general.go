package patch

import (
	"fmt"
	"strings"

	"scimproof/suites/check"
	"scimproof/suites/match"
)

// general asks about the answer to a PATCH, and about operations in a row.
var general = []check.Check{
	{
		ID:          "patch.status",
		Title:       "PATCH answers 200 with the resource, or 204",
		Requirement: "A PATCH that succeeds answers 200 and the whole resource as it is now, or 204 and no body.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2"},
		Needs:       []check.Need{check.Users, check.Patch, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			path, _ := named(t)
			a := t.Patch(path, check.PatchOps(check.Op("replace", "displayName", "after")))
			t.Expect(a).To(match.Status(200, 204))
			if a.Status == 200 {
				t.Expect(a).To(match.All(match.Has("id"), match.Has("userName"), match.Value("displayName", "after")))
			} else {
				t.Expect(a).To(match.Empty())
			}
		},
	},
	{
		ID:          "patch.attributes",
		Title:       "PATCH with attributes answers 200",
		Requirement: "A client that names attributes wants to see them: then 204 will not do.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2"},
		Needs:       []check.Need{check.Users, check.Patch, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			path, _ := named(t)
			a := t.Patch(path, check.PatchOps(check.Op("replace", "displayName", "after")), "attributes", "displayName")
			t.Expect(a).To(match.Status(200))
			t.Expect(a).To(match.Value("displayName", "after"))
		},
	},
	{
		ID:          "patch.several",
		Title:       "All operations of a PATCH are carried out",
		Requirement: "A PATCH holds one operation or more; each of them takes effect.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2"},
		Needs:       []check.Need{check.Users, check.Patch, check.DisplayName, check.Active},
		Since:       1,
		Run: func(t *check.T) {
			path, _ := named(t)
			a := patched(t, path, check.Op("replace", "displayName", "after"), check.Op("replace", "active", false))
			t.Expect(a).To(match.Value("displayName", "after"))
			t.Expect(a).To(match.Value("active", false))
		},
	},
	{
		ID:          "patch.order",
		Title:       "Operations are carried out in their order",
		Requirement: "What one operation leaves is what the next one works on.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2"},
		Needs:       []check.Need{check.Users, check.Patch, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			optional(t, "displayName")
			path, _ := named(t)
			a := patched(t, path, check.Op("replace", "displayName", "one"), check.Op("remove", "displayName", nil), check.Op("add", "displayName", "two"))
			t.Expect(a).To(match.Value("displayName", "two"))
		},
	},
	{
		ID:          "patch.atomic",
		Title:       "A PATCH that fails changes nothing",
		Requirement: "If one operation fails the whole request does, and the resource is as it was, what earlier operations did included.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2"},
		Needs:       []check.Need{check.Users, check.Patch, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			path, name := named(t)
			a := t.Patch(path, check.PatchOps(check.Op("replace", "displayName", "after"), check.Op("remove", "userName", nil)))
			if a.OK() {
				t.Block("the operation that was to fail, the removal of userName, succeeded")
			}
			t.Expect(t.MustGet(path)).To(match.Value("displayName", name))
		},
	},
	{
		ID:          "patch.last-modified",
		Title:       "A change moves meta.lastModified",
		Requirement: "lastModified is when the resource was last changed at the server.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "3.1"},
		Needs:       []check.Need{check.Users, check.Patch, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			path, _ := named(t)
			before := t.MustGet(path).Text("meta.lastModified")
			if before == "" {
				t.NA("the target shows no meta.lastModified")
			}
			for i := range 20 { // more than one, since a fast target may do two changes in one tick of its clock
				if patched(t, path, check.Op("replace", "displayName", fmt.Sprint("after ", i))).Text("meta.lastModified") != before {
					return
				}
			}
			if !strings.Contains(before, ".") {
				t.NA("meta.lastModified has whole seconds, too few to tell")
			}
			t.Break("meta.lastModified later than "+before, "the same after twenty changes")
		},
	},
	{
		ID:          "patch.unknown-id",
		Title:       "PATCH of an id that does not exist is 404",
		Requirement: "There is nothing to change, and nothing is made.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.12"},
		Needs:       []check.Need{check.Users, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			path := user(t)
			t.MustDelete(path)
			t.Expect(t.Patch(path, check.PatchOps(check.Op("replace", "userName", address(t))))).To(match.Error([]int{404}))
		},
	},
}

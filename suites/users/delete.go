package users

import (
	"net/http"

	"scimproof/suites/check"
	"scimproof/suites/match"
)

// deleted is a user who has just been deleted: the answer to its creation.
func deleted(t *check.T) *check.Answer {
	created := t.MustUser()
	t.MustDelete(path(t, created))
	return created
}

// deletion asks what a DELETE leaves.
var deletion = []check.Check{
	{
		ID:          "users.delete.status",
		Title:       "Deleting a user is answered with 204",
		Requirement: "The answer to a DELETE that succeeds is 204.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.6"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			t.Expect(t.Delete(path(t, t.MustUser()))).To(match.Status(http.StatusNoContent))
		},
	},
	{
		ID:          "users.delete.gone",
		Title:       "A deleted user cannot be read",
		Requirement: "A GET of a user who was deleted is answered with 404, also where the server keeps the record.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.6"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			t.Expect(t.Get(path(t, deleted(t)))).To(match.Status(http.StatusNotFound))
		},
	},
	{
		ID:          "users.delete.not-listed",
		Title:       "A deleted user is in no list",
		Requirement: "A query for a user who was deleted finds nobody.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.6"},
		Needs:       []check.Need{check.Users, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			t.Expect(t.Get(t.Users(), "filter", check.Eq("userName", deleted(t).Text("userName")))).To(match.Found())
		},
	},
	{
		ID:          "users.delete.put-after",
		Title:       "A deleted user cannot be replaced",
		Requirement: "A PUT to a user who was deleted is answered with 404.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.6"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			gone := deleted(t)
			t.Expect(t.Put(path(t, gone), again(t, gone))).To(match.Status(http.StatusNotFound))
		},
	},
	{
		ID:          "users.delete.patch-after",
		Title:       "A deleted user cannot be patched",
		Requirement: "A PATCH of a user who was deleted is answered with 404.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.6"},
		Needs:       []check.Need{check.Users, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			op := check.Op("replace", "userName", t.Unique()+"@example.com")
			t.Expect(t.Patch(path(t, deleted(t)), check.PatchOps(op))).To(match.Status(http.StatusNotFound))
		},
	},
	{
		ID:          "users.delete.twice",
		Title:       "A user cannot be deleted twice",
		Requirement: "A second DELETE of the same user is answered with 404.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.6"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			t.Expect(t.Delete(path(t, deleted(t)))).To(match.Status(http.StatusNotFound))
		},
	},
	{
		ID:          "users.delete.unknown",
		Title:       "Deleting a user that there is not is 404",
		Requirement: "A DELETE with an id that nobody has is answered with 404. A server whose ids have a form may say 400 to one that has not.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.12"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			t.Expect(t.Delete(nobody(t))).To(match.Status(http.StatusNotFound, http.StatusBadRequest))
		},
	},
	{
		ID:          "users.delete.recreate",
		Title:       "The userName of a deleted user is free again",
		Requirement: "A user who was deleted conflicts with nobody: another can be created with the same userName.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.6"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			t.Expect(t.Post(t.Users(), again(t, deleted(t)))).To(match.Success())
		},
	},
	{
		ID:          "users.delete.id-not-reused",
		Title:       "The id of a deleted user is not given to another",
		Requirement: "An id belongs to one user forever: whoever is created later, even with the same userName, gets another.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "3.1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			gone := deleted(t)
			next := try(t, again(t, gone))
			if !next.OK() {
				t.NA("the userName cannot be used again; users.delete.recreate asks about that")
			}
			t.Expect(next).NotTo(match.Value("id", gone.ID()))
		},
	},
}

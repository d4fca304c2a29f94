package projection

import (
	"net/http"

	"scimproof/suites/check"
	"scimproof/suites/match"
)

// operations ask where attributes counts: wherever users are returned.
var operations = []check.Check{
	{
		ID:          "projection.list",
		Title:       "attributes counts in lists",
		Requirement: "Each user in a list has what attributes names.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.2.5"},
		Needs:       []check.Need{check.Users, check.DisplayName, check.Filter},
		Since:       1,
		Run: func(t *check.T) {
			sometimes(t, "displayName")
			created, path := someone(t)
			reads(t, path, "displayName")
			list := t.Get(t.Users(), "filter", check.Eq("userName", created.Text("userName")), "attributes", "userName")
			t.Expect(list).To(match.Found(created.ID()))
			t.Expect(list).To(match.Has("Resources.userName"))
			t.Expect(list).To(match.Lacks("Resources.displayName"))
		},
	},
	{
		ID:          "projection.post",
		Title:       "attributes counts in the answer to a creation",
		Requirement: "The user in the answer to a POST has what attributes names.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.9"},
		Needs:       []check.Need{check.Users, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			sometimes(t, "displayName")
			created := t.Post(t.Users(), t.User(check.Doc{"displayName": "Ada " + t.Unique()}), "attributes", "userName")
			t.Expect(created).To(match.Success())
			if created.Doc == nil {
				t.NA("the answer to a creation has no body, and need not have one")
			}
			userNameOnly(t, created)
		},
	},
	{
		ID:          "projection.put",
		Title:       "attributes counts in the answer to a replacement",
		Requirement: "The user in the answer to a PUT has what attributes names.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.9"},
		Needs:       []check.Need{check.Users, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			sometimes(t, "displayName")
			created, path := someone(t)
			body := t.User(check.Doc{"userName": created.Text("userName"), "displayName": "Ada " + t.Unique()})
			put := t.Put(path, body, "attributes", "userName")
			t.Expect(put).To(match.Success())
			userNameOnly(t, put)
		},
	},
	{
		ID:          "projection.patch",
		Title:       "A PATCH with attributes is answered with the user",
		Requirement: "A client that names attributes wants to see them: the answer to the PATCH is 200 with the user, not 204, and has what was named.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2"},
		Needs:       []check.Need{check.Users, check.DisplayName, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			sometimes(t, "displayName")
			_, path := someone(t)
			patched := t.Patch(path, check.PatchOps(check.Op("replace", "displayName", "Ada "+t.Unique())), "attributes", "userName")
			t.Expect(patched).To(match.Status(http.StatusOK))
			userNameOnly(t, patched)
		},
	},
	{
		ID:          "projection.patch-keeps",
		Title:       "What a PATCH does not show it does not take away",
		Requirement: "attributes and excludedAttributes choose what is in the answer to a change, and not what is left of the user.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.9"},
		Needs:       []check.Need{check.Users, check.DisplayName, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			for _, choice := range [][2]string{{"excludedAttributes", "displayName"}, {"attributes", "userName,externalId"}} {
				created, path := someone(t)
				reads(t, path, "displayName")
				patched := t.Patch(path, check.PatchOps(check.Op("replace", "externalId", "New-"+t.Unique())), choice[0], choice[1])
				t.Expect(patched, "with "+choice[0]).To(match.Success())
				t.Expect(t.MustGet(path), "after a PATCH with "+choice[0]).To(match.Value("displayName", created.Text("displayName")))
			}
		},
	},
}

// userNameOnly expects a user with the userName, and without the displayName that it has and nobody chose.
func userNameOnly(t *check.T, a *check.Answer) {
	t.Expect(a).To(match.Has("userName"))
	t.Expect(a).To(match.Lacks("displayName"))
}

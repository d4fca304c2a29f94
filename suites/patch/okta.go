package patch

import (
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// okta asks for the one form in which Okta activates and deactivates: replace, no path, an object with active.
var okta = []check.Check{
	{
		ID:          "patch.okta.deactivate",
		Title:       "replace without a path deactivates",
		Requirement: "Okta sends active false in an object without a path when a person leaves; the account stays as it is otherwise.",
		Profiles:    []check.Profile{check.Okta},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "Okta", Section: "jml-oin"},
		Needs:       []check.Need{check.Users, check.Patch, check.Active},
		Since:       1,
		Run: func(t *check.T) {
			path := user(t, check.Doc{"active": true})
			before := t.MustGet(path)
			a := patched(t, path, check.Op("replace", "", check.Doc{"active": false}))
			t.Expect(a).To(match.Value("active", false))
			t.Expect(a).To(match.Value("userName", before.At("userName")))
		},
	},
	{
		ID:          "patch.okta.reactivate",
		Title:       "replace without a path activates again",
		Requirement: "Okta sends active true in the same form when the person comes back; it is the same account, with the same id.",
		Profiles:    []check.Profile{check.Okta},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "Okta", Section: "jml-oin"},
		Needs:       []check.Need{check.Users, check.Patch, check.Active},
		Since:       1,
		Run: func(t *check.T) {
			path := user(t, check.Doc{"active": true})
			before := t.MustGet(path)
			t.MustPatch(path, check.Op("replace", "", check.Doc{"active": false}))
			if !match.Is(t.MustGet(path), match.Value("active", false)) {
				t.Block("the account was not deactivated, so that it cannot be activated again")
			}
			a := patched(t, path, check.Op("replace", "", check.Doc{"active": true}))
			t.Expect(a).To(match.Value("active", true))
			t.Expect(a).To(match.Value("id", before.At("id")))
		},
	},
}

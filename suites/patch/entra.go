package patch

import (
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// entra asks for the forms in which Entra writes a PATCH: capitalised operations with a path each and booleans as text; with its flag
// aadOptscim062020, one operation without a path whose keys are paths.
var entra = []check.Check{
	{
		ID:          "patch.entra.op-case",
		Title:       "Add, Replace and Remove may begin with a capital",
		Requirement: "Entra capitalises the operations; a server that compares them byte by byte refuses every change.",
		Profiles:    []check.Profile{check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "Entra", Section: "jml-default"},
		Needs:       []check.Need{check.Users, check.Patch, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			optional(t, "displayName")
			path := user(t)
			t.Expect(patched(t, path, check.Op("Add", "displayName", "one"))).To(match.Value("displayName", "one"))
			t.Expect(patched(t, path, check.Op("Replace", "displayName", "two"))).To(match.Value("displayName", "two"))
			t.Expect(patched(t, path, check.Op("Remove", "displayName", nil))).To(match.Lacks("displayName"))
		},
	},
	{
		ID:          "patch.entra.boolean-text",
		Title:       "active takes False and True as text",
		Requirement: "Entra disables with the text False and enables with the text True; the account follows and shows a boolean.",
		Profiles:    []check.Profile{check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "Entra", Section: "jml-default"},
		Needs:       []check.Need{check.Users, check.Patch, check.Active},
		Since:       1,
		Run: func(t *check.T) {
			path := user(t, check.Doc{"active": true})
			t.Expect(patched(t, path, check.Op("Replace", "active", "False"))).To(match.Value("active", false))
			t.Expect(patched(t, path, check.Op("Replace", "active", "True"))).To(match.Value("active", true))
		},
	},
	{
		ID:          "patch.entra.value-path-add",
		Title:       "Add by a value path makes the entry where there is none",
		Requirement: "Entra names an address by its type and needs it made where the account has none.",
		Profiles:    []check.Profile{check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "Entra", Section: "jml-default"},
		Needs:       []check.Need{check.Users, check.Patch, check.Emails},
		Since:       1,
		Run: func(t *check.T) {
			path := unreachable(t)
			next := address(t)
			a := patched(t, path, check.Op("Add", `emails[type eq "work"].value`, next))
			t.Expect(a).To(match.Value("emails[type=work].value", next))
		},
	},
	{
		ID:          "patch.entra.value-path-replace",
		Title:       "Replace by a value path makes the entry where there is none",
		Requirement: "Entra says replace here as well; the RFC wants noTarget, which is an answer, but a success has to have made the entry.",
		Profiles:    []check.Profile{check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "Entra", Section: "jml-default"},
		Needs:       []check.Need{check.Users, check.Patch, check.Emails},
		Since:       1,
		Run: func(t *check.T) {
			path := unreachable(t)
			next := address(t)
			a := t.Patch(path, check.PatchOps(check.Op("Replace", `emails[type eq "work"].value`, next)))
			if match.Is(a, match.Error([]int{400}, "noTarget")) {
				t.NA("the target answers noTarget, as RFC 7644 section 3.5.2.3 says; Entra cannot give an account its first address there")
			}
			t.Expect(a).To(match.Success())
			t.Expect(t.MustGet(path)).To(match.Value("emails[type=work].value", next))
		},
	},
	{
		ID:          "patch.entra.dotted-keys",
		Title:       "Without a path, keys with a dot name sub-attributes",
		Requirement: "Entra's flag writes name.givenName as a key beside displayName: a path, not the name of an attribute.",
		Profiles:    []check.Profile{check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "Entra", Section: "jml-flag"},
		Needs:       []check.Need{check.Users, check.Patch, check.DisplayName, check.Name},
		Replaced:    []string{"user-7"},
		Since:       1,
		Run: func(t *check.T) {
			a := patched(t, person(t), check.Op("replace", "", check.Doc{"displayName": "after", "name.familyName": "After"}))
			t.Expect(a).To(match.Value("displayName", "after"))
			t.Expect(a).To(match.Value("name.familyName", "After"))
			t.Expect(a).To(match.Value("name.givenName", "Ann"))
		},
	},
	{
		ID:          "patch.entra.urn-keys",
		Title:       "Without a path, keys with a URN name attributes of an extension",
		Requirement: "Entra's flag writes the full name of an attribute of an extension as a key.",
		Profiles:    []check.Profile{check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "Entra", Section: "jml-flag"},
		Needs:       []check.Need{check.Users, check.Patch, check.DisplayName, check.Enterprise},
		Since:       1,
		Run: func(t *check.T) {
			path, _ := named(t)
			a := patched(t, path, check.Op("replace", "", check.Doc{"displayName": "after", department: "Sales"}))
			t.Expect(a).To(match.Value("displayName", "after"))
			t.Expect(a).To(match.Value(stored, "Sales"))
		},
	},
	{
		ID:          "patch.entra.manager",
		Title:       "manager takes the bare id of a user",
		Requirement: "Entra writes the id of the manager as a text in the place of the complex value, and an empty text to take it away.",
		Profiles:    []check.Profile{check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "Entra", Section: "jml-default"},
		Needs:       []check.Need{check.Users, check.Patch, check.Enterprise},
		Since:       1,
		Run: func(t *check.T) {
			if t.Schema(check.EnterpriseSchema) != nil && t.Attribute(check.EnterpriseSchema, "manager") == nil {
				t.NA("Schemas declares no manager")
			}
			const manager = check.EnterpriseSchema + ":manager"
			const value = `"` + check.EnterpriseSchema + `".manager.value`
			boss, path := t.MustUser().ID(), user(t)
			t.Expect(patched(t, path, check.Op("Add", manager, boss))).To(match.Value(value, boss))
			t.Expect(patched(t, path, check.Op("Replace", manager, ""))).To(match.Lacks(value))
		},
	},
}

// unreachable makes a user without an address for work.
func unreachable(t *check.T) (path string) {
	path = user(t)
	if match.Is(t.MustGet(path), match.Has("emails[type=work]")) {
		t.NA("the target wants every user to have an address")
	}
	return path
}

package patch

import (
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// refusals asks what a target does with a PATCH that it cannot carry out.
var refusals = []check.Check{
	{
		ID:          "patch.errors.no-schema",
		Title:       "A body without the URN of PatchOp is 400",
		Requirement: "The body names the PatchOp message in schemas; a target that does not look may take anything for a PATCH.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2"},
		Needs:       []check.Need{check.Users, check.Patch, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			path, name := named(t)
			body := check.PatchOps(check.Op("replace", "displayName", "after"))
			delete(body, "schemas")
			refused(t, path, name, body)
		},
	},
	{
		ID:          "patch.errors.no-operations",
		Title:       "A body without Operations is 400",
		Requirement: "A PATCH says what to do; without Operations there is nothing to carry out.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2"},
		Needs:       []check.Need{check.Users, check.Patch, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			path, name := named(t)
			refused(t, path, name, check.Doc{"schemas": check.List{check.PatchSchema}, "displayName": "after"})
		},
	},
	{
		ID:          "patch.errors.empty-operations",
		Title:       "A body with no operation in Operations is 400",
		Requirement: "Operations holds one operation or more.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2"},
		Needs:       []check.Need{check.Users, check.Patch, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			path, name := named(t)
			refused(t, path, name, check.PatchOps())
		},
	},
	{
		ID:          "patch.errors.unknown-op",
		Title:       "An unknown operation is 400",
		Requirement: "op is add, remove or replace; JSON Patch has others, and SCIM has not.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2"},
		Needs:       []check.Need{check.Users, check.Patch, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			path, name := named(t)
			refused(t, path, name, check.PatchOps(check.Op("test", "displayName", "after")))
		},
	},
	{
		ID:          "patch.errors.add-without-value",
		Title:       "add without a value is 400",
		Requirement: "add says what is added.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.1"},
		Needs:       []check.Need{check.Users, check.Patch, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			path, name := named(t)
			refused(t, path, name, check.PatchOps(check.Op("add", "displayName", nil)))
		},
	},
	{
		ID:          "patch.errors.remove-without-path",
		Title:       "remove without a path is 400",
		Requirement: "remove says what is removed; without a path it fails.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.2"},
		Needs:       []check.Need{check.Users, check.Patch, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			path, name := named(t)
			refused(t, path, name, check.PatchOps(check.Op("remove", "", nil)))
		},
	},
	{
		ID:          "patch.errors.no-target",
		Title:       "remove without a path is noTarget",
		Requirement: "The refusal carries the scimType noTarget.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.2"},
		Needs:       []check.Need{check.Users, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			t.Expect(t.Patch(user(t), check.PatchOps(check.Op("remove", "", nil)))).To(match.ScimType("noTarget"))
		},
	},
	{
		ID:          "patch.errors.malformed-path",
		Title:       "A path that cannot be read is 400",
		Requirement: "A path follows its grammar; what does not is refused and not guessed at.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2"},
		Needs:       []check.Need{check.Users, check.Patch, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			path, name := named(t)
			for _, broken := range []string{`emails[type eq "work"`, `emails[type is "work"].value`, `displayName[`, `display Name`} {
				refused(t, path, name, check.PatchOps(check.Op("replace", broken, "after")))
			}
		},
	},
	{
		ID:          "patch.errors.unknown-attribute",
		Title:       "A path to an attribute that does not exist is 400",
		Requirement: "A path that leads to no attribute of the schema is an error; a success would hide from the client that nothing was stored.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2"},
		Needs:       []check.Need{check.Users, check.Patch, check.DisplayName},
		Replaced:    []string{"user-7"},
		Since:       1,
		Run: func(t *check.T) {
			path, name := named(t)
			refused(t, path, name, check.PatchOps(check.Op("replace", "displayName", "after"), check.Op("add", "noSuchAttribute", "x")))
		},
	},
	{
		ID:          "patch.errors.wrong-type",
		Title:       "A value of another type than the attribute's is 400",
		Requirement: "An operation that does not fit the schema is refused: an object is no text.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2"},
		Needs:       []check.Need{check.Users, check.Patch, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			path, name := named(t)
			refused(t, path, name, check.PatchOps(check.Op("replace", "displayName", check.Doc{"first": "Ann"})))
		},
	},
	{
		ID:          "patch.errors.read-only",
		Title:       "An operation on a readOnly attribute is refused",
		Requirement: "A client must not change what is readOnly, and a PATCH that tries is an error, not a success without effect.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2"},
		Needs:       []check.Need{check.Users, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			path := user(t)
			before := t.MustGet(path)
			for _, name := range []string{"id", "meta.created"} {
				t.Expect(t.Patch(path, check.PatchOps(check.Op("replace", name, "2001-02-03T04:05:06Z"))), name).To(match.Refusal())
				t.Expect(t.MustGet(path)).To(match.Value(name, before.At(name)))
			}
		},
	},
	{
		ID:          "patch.errors.mutability",
		Title:       "An operation that the mutability of an attribute forbids is mutability",
		Requirement: "The refusal to remove what is required, or to change what is readOnly, carries the scimType mutability.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.2.2"},
		Needs:       []check.Need{check.Users, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			path := user(t)
			t.Expect(t.Patch(path, check.PatchOps(check.Op("remove", "userName", nil)))).To(match.ScimType("mutability"))
			t.Expect(t.Patch(path, check.PatchOps(check.Op("replace", "id", t.Unique())))).To(match.ScimType("mutability"))
		},
	},
	{
		ID:          "patch.errors.duplicate",
		Title:       "A userName that is taken cannot be taken by PATCH",
		Requirement: "userName is unique; an operation that would give two users the same one is refused.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7643", Section: "4.1.1"},
		Needs:       []check.Need{check.Users, check.Patch},
		Since:       1,
		Run: func(t *check.T) {
			taken, own := address(t), address(t)
			user(t, check.Doc{"userName": taken})
			path := user(t, check.Doc{"userName": own})
			t.Expect(t.Patch(path, check.PatchOps(check.Op("replace", "userName", taken)))).To(match.Refusal())
			t.Expect(t.MustGet(path)).To(match.ValueFold("userName", own))
		},
	},
}

package users

import (
	"net/http"
	"time"

	"scimproof/suites/check"
	"scimproof/suites/match"
)

// replacement asks what a PUT does to a user.
var replacement = []check.Check{
	{
		ID:          "users.replace.status",
		Title:       "Replacing a user is answered with 200 and the user",
		Requirement: "The answer to a PUT is 200, and its body the user as it is then.",
		Profiles:    []check.Profile{check.RFC, check.Okta},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			created := t.MustUser()
			put := t.Put(path(t, created), again(t, created))
			t.Expect(put).To(match.Status(http.StatusOK))
			t.Expect(put).To(match.Value("id", created.ID()))
		},
	},
	{
		ID:          "users.replace.values",
		Title:       "The values of a PUT replace those that were there",
		Requirement: "What a PUT holds is what a later GET shows.",
		Profiles:    []check.Profile{check.RFC, check.Okta},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.1"},
		Needs:       []check.Need{check.Users, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			created := t.MustUser(check.Doc{"displayName": "Before " + t.Unique()})
			after := "After " + t.Unique()
			t.Expect(t.Put(path(t, created), again(t, created, check.Doc{"displayName": after}))).To(match.Success())
			t.Expect(reread(t, created)).To(match.Value("displayName", after))
		},
	},
	{
		ID:          "users.replace.null-clears",
		Title:       "null in a PUT clears an attribute",
		Requirement: "A client that sends null for an attribute wants it gone: the value that was there is not there any more.",
		Profiles:    []check.Profile{check.RFC, check.Okta},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.1"},
		Needs:       []check.Need{check.Users, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			optional(t, "displayName")
			before := "Before " + t.Unique()
			created := t.MustUser(check.Doc{"displayName": before})
			t.Expect(t.Put(path(t, created), again(t, created, check.Doc{"displayName": null}))).To(match.Success())
			// A server may fill in a name of its own.
			t.Expect(reread(t, created)).NotTo(match.Value("displayName", before))
		},
	},
	{
		ID:          "users.replace.omitted",
		Title:       "What a PUT leaves out is cleared",
		Requirement: "A server may clear what a PUT does not mention, or leave it. Clients that send whole users expect it to be cleared.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Info,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.1"},
		Needs:       []check.Need{check.Users, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			optional(t, "displayName")
			created := t.MustUser(check.Doc{"displayName": "Before " + t.Unique()})
			t.MustPut(path(t, created), again(t, created))
			t.Expect(reread(t, created)).To(match.Lacks("displayName"))
		},
	},
	{
		ID:          "users.replace.readonly-ignored",
		Title:       "Read-only attributes in a PUT are no reason to refuse it",
		Requirement: "A client may send back all that it read, changed or not: the server ignores what is its own to say.",
		Profiles:    []check.Profile{check.RFC, check.Okta},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			created := t.MustUser()
			meta := check.Doc{"meta": forged(t)["meta"]}
			t.Expect(t.Put(path(t, created), again(t, created, meta))).To(match.Success())
		},
	},
	{
		ID:          "users.replace.readonly-kept",
		Title:       "Read-only attributes in a PUT change nothing",
		Requirement: "What a client sends as meta becomes neither the type of the user nor the date of its creation, whatever the answer says.",
		Profiles:    []check.Profile{check.RFC, check.Okta},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			created := t.MustUser()
			genuine(t, t.Put(path(t, created), again(t, created, check.Doc{"meta": forged(t)["meta"]})))
			genuine(t, reread(t, created))
		},
	},
	{
		ID:          "users.replace.id",
		Title:       "A PUT does not change the id",
		Requirement: "The id never changes. A PUT whose body has another one may be refused; where it is not, the user keeps its own.",
		Profiles:    []check.Profile{check.RFC, check.Okta},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "3.1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			created := t.MustUser()
			put := t.Put(path(t, created), again(t, created, check.Doc{"id": t.Unique()}))
			if put.OK() && put.Doc != nil {
				t.Expect(put).To(match.Value("id", created.ID()))
			}
			t.Expect(t.Get(path(t, created))).To(match.Value("id", created.ID()))
		},
	},
	{
		ID:          "users.replace.created",
		Title:       "A PUT leaves meta.created as it is",
		Requirement: "The date of a user's creation does not move when the user is replaced.",
		Profiles:    []check.Profile{check.RFC, check.Okta},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "3.1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			created := t.MustUser()
			was := instant(t, reread(t, created), "meta.created")
			tick(t, was)
			put := t.MustPut(path(t, created), again(t, created))
			if put.At("meta.created") != nil {
				same(t, "meta.created", instant(t, put, "meta.created"), was)
			}
			same(t, "meta.created", instant(t, reread(t, created), "meta.created"), was)
		},
	},
	{
		ID:          "users.replace.last-modified",
		Title:       "A PUT that changes something moves meta.lastModified",
		Requirement: "lastModified is when the user last changed: later, after a PUT with another value.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "3.1"},
		Needs:       []check.Need{check.Users, check.DisplayName},
		Since:       1,
		Run: func(t *check.T) {
			created := t.MustUser(check.Doc{"displayName": "Before " + t.Unique()})
			was := instant(t, reread(t, created), "meta.lastModified")
			tick(t, was)
			t.MustPut(path(t, created), again(t, created, check.Doc{"displayName": "After " + t.Unique()}))
			is := instant(t, reread(t, created), "meta.lastModified")
			t.Hold(is.After(was), "a meta.lastModified after "+was.Format(time.RFC3339Nano), is.Format(time.RFC3339Nano))
		},
	},
	{
		ID:          "users.replace.round-trip",
		Title:       "A user can be written back as it was read",
		Requirement: "A GET and then a PUT of the very body changes nothing.",
		Profiles:    []check.Profile{check.RFC, check.Okta},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			before := reread(t, t.MustCreate(t.Users(), rich(t)))
			t.Expect(t.Put(path(t, before), before.Doc)).To(match.Success())
			name := differs(before.Doc, reread(t, before).Doc)
			t.Hold(name == "", "the user as it was read", name+" is different")
		},
	},
	{
		ID:          "users.replace.required",
		Title:       "A PUT without userName is refused",
		Requirement: "What is required has to be in a PUT, since it stands for the whole user. A server that fills it in hides a mistake.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			created := t.MustUser()
			t.Expect(t.Put(path(t, created), again(t, created, check.Doc{"userName": nil}))).To(match.Refusal())
		},
	},
	{
		ID:          "users.replace.duplicate",
		Title:       "A PUT cannot take the userName of another user",
		Requirement: "No two users have the same userName: a PUT that would make it so is refused and changes nothing.",
		Profiles:    clients,
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "4.1.1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			first, second := t.MustUser(), t.MustUser()
			t.Expect(t.Put(path(t, second), again(t, first))).To(match.Refusal())
			t.Expect(reread(t, second)).To(match.ValueFold("userName", second.Text("userName")))
		},
	},
	{
		ID:          "users.replace.unknown",
		Title:       "A PUT does not create a user",
		Requirement: "A PUT to an id that nobody has is refused, and makes nobody.",
		Profiles:    []check.Profile{check.RFC, check.Okta},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.5.1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			put := t.Put(nobody(t), t.User())
			if put.OK() && put.ID() != "" {
				t.Delete(path(t, put)) // nobody else knows of it
			}
			t.Expect(put).To(match.Refusal())
		},
	},
}

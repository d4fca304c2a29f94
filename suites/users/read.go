package users

import (
	"net/http"
	"slices"
	"strings"

	"scimproof/suites/check"
	"scimproof/suites/match"
)

// reading asks what a GET of a user gives.
var reading = []check.Check{
	{
		ID:          "users.read.status",
		Title:       "A user is read by its id",
		Requirement: "A GET of the endpoint with an id behind it is answered with 200 and that user.",
		Profiles:    clients,
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			created := t.MustUser()
			read := t.Get(path(t, created))
			t.Expect(read).To(match.Status(http.StatusOK))
			t.Expect(read).To(match.Value("id", created.ID()))
		},
	},
	{
		ID:          "users.read.same-as-created",
		Title:       "A user is read as it was created",
		Requirement: "What the answer to a creation shows of a user is what a GET shows, as long as nobody changes it.",
		Profiles:    clients,
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			created := t.MustCreate(t.Users(), rich(t))
			read := t.Get(path(t, created))
			t.Expect(read).To(match.Status(http.StatusOK))
			name := differs(created.Doc, read.Doc)
			t.Hold(name == "", "the user as it was created", name+" is different")
		},
	},
	{
		ID:          "users.read.location",
		Title:       "meta.location leads to the user",
		Requirement: "The meta.location of a user is a URL at which a GET gives that user.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "3.1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			created := t.MustUser()
			read := t.Get(path(t, created))
			t.Expect(read).To(match.Status(http.StatusOK))
			t.Expect(read).To(match.Has("meta.location"))
			found := t.Follow("meta.location", read.Text("meta.location"))
			t.Expect(found).To(match.Status(http.StatusOK))
			t.Expect(found).To(match.Value("id", created.ID()))
		},
	},
	{
		ID:          "users.read.content-location",
		Title:       "A Content-Location is the meta.location",
		Requirement: "Where an answer has a Content-Location header, it is the same URL that the body has as meta.location.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "3.1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			read := reread(t, t.MustUser())
			header := read.Header.Get("Content-Location")
			if header == "" {
				t.NA("there is no Content-Location, and there need not be")
			}
			t.Equal("Content-Location", t.Absolute(header), t.Absolute(read.Text("meta.location")))
		},
	},
	{
		ID:          "users.read.unknown",
		Title:       "A user that there is not is 404",
		Requirement: "A GET with an id that nobody has is answered with 404. A server whose ids have a form may say 400 to one that has not.",
		Profiles:    clients,
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.12"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			t.Expect(t.Get(nobody(t))).To(match.Status(http.StatusNotFound, http.StatusBadRequest))
		},
	},
	{
		ID:          "users.read.wrong-endpoint",
		Title:       "A user is not among the groups",
		Requirement: "An endpoint has the resources of its type: the id of a user finds nothing at the endpoint of groups.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "3.1"},
		Needs:       []check.Need{check.Users, check.Groups},
		Since:       1,
		Run: func(t *check.T) {
			// A group with the very id breaks the rule as well: ids are unique across all types.
			t.Expect(t.Get(check.Under(t.Groups(), t.MustUser().ID()))).To(match.Refusal())
		},
	},
	{
		ID:          "users.read.types",
		Title:       "Values are of the types that the schemas declare",
		Requirement: "Each attribute of a user has the JSON form of its declared type: one value or a list, a boolean, a whole number, a date and time.",
		Profiles:    clients,
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "2.3"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			t.Expect(reread(t, t.MustCreate(t.Users(), rich(t)))).To(match.Typed(t.Target))
		},
	},
	{
		ID:          "users.read.schemas-known",
		Title:       "schemas names only what the type has, and once",
		Requirement: "The schemas of a user are among those that its resource type lists, base and extensions, and none stands there twice.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "3"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			allowed := urns(t)
			seen := map[string]bool{}
			list := reread(t, t.MustCreate(t.Users(), rich(t))).At("schemas")
			if list == nil {
				t.NA("the user has no schemas; users.create.schemas says so")
			}
			for _, n := range list.Items {
				urn := strings.ToLower(n.String())
				t.Hold(slices.Contains(allowed, urn), "schemas that /ResourceTypes lists for User", n.String())
				t.Hold(!seen[urn], "each schema once", n.String()+" twice")
				seen[urn] = true
			}
		},
	},
	{
		ID:          "users.read.stable",
		Title:       "Reading a user changes nothing",
		Requirement: "created, lastModified and version tell of the user, not of the answer: two reads in a row show the same.",
		Profiles:    clients,
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "3.1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			before := reread(t, t.MustUser())
			if at, ok := match.Instant(before.Text("meta.lastModified")); ok {
				tick(t, at)
			}
			after := reread(t, before)
			for _, name := range []string{"meta.created", "meta.lastModified", "meta.version"} {
				t.Equal(name, after.Text(name), before.Text(name))
			}
		},
	},
	{
		ID:          "users.read.password",
		Title:       "Nothing shows the password of a user",
		Requirement: "Neither a read, nor a list, nor the answer to a replacement shows a password, however it was set.",
		Profiles:    clients,
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "4.1.1"},
		Needs:       []check.Need{check.Users, check.Password},
		Since:       1,
		Run: func(t *check.T) {
			password := secret(t)
			created := t.MustUser(check.Doc{"password": password})
			hides(t, reread(t, created), password)
			hides(t, t.Put(path(t, created), again(t, created, check.Doc{"password": password})), password)
			if has(t, check.Filter) {
				hides(t, t.Get(t.Users(), "filter", check.Eq("userName", created.Text("userName"))), password)
			}
			if has(t, check.Patch) {
				hides(t, t.Patch(path(t, created), check.PatchOps(check.Op("replace", "password", password))), password)
			}
		},
	},
}

// urns are the schemas of a user, folded.
func urns(t *check.T) []string {
	for _, rt := range t.Types {
		if !strings.EqualFold(rt.Text("name"), "User") {
			continue
		}
		out := []string{strings.ToLower(rt.Text("schema"))}
		for _, ext := range rt.All("schemaExtensions.schema") {
			out = append(out, strings.ToLower(ext.String()))
		}
		return out
	}
	t.NA("/ResourceTypes cannot be read, so that nothing says which schemas there are")
	return nil
}

package users

import (
	"net/http"
	"strings"

	"scimproof/simulator/tree"
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// clients are those who create users.
var clients = []check.Profile{check.RFC, check.Okta, check.Entra}

// creation asks how a POST is answered.
var creation = []check.Check{
	{
		ID:          "users.create.status",
		Title:       "Creating a user is answered with 201",
		Requirement: "The answer to a POST that made a user is 201, and not another success.",
		Profiles:    clients,
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.3"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run:         func(t *check.T) { t.Expect(t.Post(t.Users(), t.User())).To(match.Status(http.StatusCreated)) },
	},
	{
		ID:          "users.create.location",
		Title:       "A created user has a Location",
		Requirement: "The answer to a creation carries the URL of the new user in the Location header.",
		Profiles:    clients,
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.3"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run:         func(t *check.T) { t.Expect(post(t)).To(match.HasHeader("Location")) },
	},
	{
		ID:          "users.create.location-resolves",
		Title:       "The Location of a created user leads to it",
		Requirement: "A GET of the URL in the Location header gives the user that was just created.",
		Profiles:    clients,
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.3"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			created := post(t)
			location := created.Header.Get("Location")
			if location == "" {
				t.NA("there is no Location; users.create.location says so")
			}
			read := t.Follow("Location", location)
			t.Expect(read).To(match.Status(http.StatusOK))
			if created.ID() != "" {
				t.Expect(read).To(match.Value("id", created.ID()))
			}
		},
	},
	{
		ID:          "users.create.meta-location",
		Title:       "meta.location is the Location",
		Requirement: "The body of a created user has its URL as meta.location, the same that the Location header has.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.3"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			created := post(t)
			location := created.Header.Get("Location")
			if created.Doc == nil || location == "" {
				t.NA("the answer has not both, a body and a Location")
			}
			t.Expect(created).To(match.Has("meta.location"))
			t.Equal("meta.location", t.Absolute(created.Text("meta.location")), t.Absolute(location))
		},
	},
	{
		ID:          "users.create.body",
		Title:       "The answer to a creation carries the user",
		Requirement: "The body of the answer is the new user as the server has it, since that may differ from what was sent.",
		Profiles:    clients,
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.3"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run:         func(t *check.T) { t.Expect(post(t)).To(match.Has("userName")) },
	},
	{
		ID:          "users.create.read-your-write",
		Title:       "A created user can be read at once",
		Requirement: "A GET right behind the creation gives the user, with the userName that was sent.",
		Profiles:    clients,
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.4.1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			sent := t.User()
			created := t.MustCreate(t.Users(), sent)
			read := t.Get(path(t, created))
			t.Expect(read).To(match.Status(http.StatusOK))
			t.Expect(read).To(match.ValueFold("userName", sent["userName"].(string)))
		},
	},
	{
		ID:          "users.create.username-required",
		Title:       "A user without userName is refused",
		Requirement: "Every user has a userName: a creation without one makes nothing and is refused.",
		Profiles:    clients,
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "4.1.1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			t.Expect(t.Post(t.Users(), t.User(check.Doc{"userName": nil}))).To(match.Refusal())
		},
	},
	{
		ID:          "users.create.username-required-type",
		Title:       "A user without userName is 400 with invalidValue",
		Requirement: "The status for a missing value is 400, and its keyword invalidValue; a server may see it as a breach of the schema, invalidSyntax.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.12"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			a := t.Post(t.Users(), t.User(check.Doc{"userName": nil}))
			t.Expect(a).To(match.Error([]int{http.StatusBadRequest}, "invalidValue", "invalidSyntax"))
		},
	},
	{
		ID:          "users.create.username-blank",
		Title:       "A user with an empty userName is refused",
		Requirement: "A userName has at least one character: a creation with an empty one makes nothing and is refused.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "4.1.1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			t.Expect(t.Post(t.Users(), t.User(check.Doc{"userName": ""}))).To(match.Refusal())
		},
	},
	{
		ID:          "users.create.name-case",
		Title:       "The names of attributes have no case",
		Requirement: "An attribute is known by its name whatever the case: USERNAME in a body is userName.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "2.1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			name := t.Unique() + "@example.com"
			created := try(t, check.Doc{"userName": nil, "USERNAME": name})
			t.Expect(created).To(match.Success())
			t.Expect(reread(t, created)).To(match.ValueFold("userName", name))
		},
	},
	{
		ID:          "users.create.duplicate-attribute",
		Title:       "One attribute under two spellings is refused",
		Requirement: "Names have no case, so that userName and USERNAME are one attribute twice. Nothing says that a server refuses them; one that takes either guesses.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Info,
		Ref:         check.Ref{RFC: "7643", Section: "2.1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			t.Expect(try(t, check.Doc{"USERNAME": t.Unique() + "@example.com"})).To(match.Refusal())
		},
	},
	{
		ID:          "users.create.schemas-order",
		Title:       "The order of schemas does not matter",
		Requirement: "A body whose schemas name the extension before User means the same as one that has them the other way round.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "3"},
		Needs:       []check.Need{check.Users, check.Enterprise},
		Since:       1,
		Run: func(t *check.T) {
			t.Expect(try(t, check.Doc{
				"schemas": check.List{check.EnterpriseSchema, check.UserSchema}, check.EnterpriseSchema: check.Doc{"department": "Engines"},
			})).To(match.Success())
		},
	},
}

// created asks what the server adds to a new user.
var created = []check.Check{
	{
		ID:          "users.create.id",
		Title:       "A created user has an id",
		Requirement: "The server gives each user an id: a string that is not empty and does not hold bulkId, which means something else.",
		Profiles:    clients,
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "3.1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			a := represent(t)
			t.Expect(a).To(match.Kind("id", tree.String))
			t.Hold(a.ID() != "" && !strings.Contains(a.ID(), "bulkId"), "an id that is not empty and does not hold bulkId", "id "+a.ID())
		},
	},
	{
		ID:          "users.create.id-not-clients",
		Title:       "The client does not choose the id",
		Requirement: "The id is the server's: one that a client sends with a creation is not taken.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "3.1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			chosen := t.Unique()
			a := try(t, check.Doc{"id": chosen})
			if !a.OK() {
				t.NA("the target refuses an id from the client; users.create.readonly-ignored asks about that")
			}
			t.Expect(a).NotTo(match.Value("id", chosen))
			t.Expect(t.Get(check.Under(t.Users(), chosen))).NotTo(match.Success())
		},
	},
	{
		ID:          "users.create.meta",
		Title:       "A created user has its meta attributes",
		Requirement: "The server fills meta: resourceType, created, lastModified and location.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "3.1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			a := represent(t)
			for _, name := range []string{"resourceType", "created", "lastModified", "location"} {
				t.Expect(a).To(match.Has("meta." + name))
			}
		},
	},
	{
		ID:          "users.create.meta-type",
		Title:       "meta.resourceType is the name of the type",
		Requirement: "The resourceType of a user is the name that /ResourceTypes has for what is at this endpoint, case included.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.3.1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			name := "User"
			for _, rt := range t.Types {
				if strings.EqualFold(rt.Text("name"), name) {
					name = rt.Text("name")
				}
			}
			t.Expect(represent(t)).To(match.Value("meta.resourceType", name))
		},
	},
	{
		ID:          "users.create.meta-datetime",
		Title:       "meta.created and meta.lastModified are dates and times",
		Requirement: "Both are in the form of XML Schema: a date, a T, a time, and a zone or none.",
		Profiles:    []check.Profile{check.RFC, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "2.3.5"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			a := represent(t)
			t.Expect(a).To(match.DateTime("meta.created"))
			t.Expect(a).To(match.DateTime("meta.lastModified"))
		},
	},
	{
		ID:          "users.create.last-modified",
		Title:       "A new user was last modified when it was created",
		Requirement: "As long as nobody changes a user, meta.lastModified is meta.created.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "3.1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			read := reread(t, t.MustUser())
			same(t, "meta.lastModified", instant(t, read, "meta.lastModified"), instant(t, read, "meta.created"))
		},
	},
	{
		ID:          "users.create.schemas",
		Title:       "A created user names its schema",
		Requirement: "The schemas of a user are a list, and name that of User.",
		Profiles:    clients,
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "3"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run:         func(t *check.T) { t.Expect(represent(t)).To(match.Schema(check.UserSchema)) },
	},
	{
		ID:          "users.create.readonly-ignored",
		Title:       "Read-only attributes in a creation are no reason to refuse it",
		Requirement: "A client may send id and meta; the server ignores what is its own to say.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.3"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			t.Expect(try(t, forged(t))).To(match.Success())
		},
	},
	{
		ID:          "users.create.readonly-not-stored",
		Title:       "Read-only attributes in a creation are not stored",
		Requirement: "What a client sends as meta becomes neither the type of the user nor the date of its creation.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.3"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			a := try(t, forged(t))
			if !a.OK() {
				t.NA("the target refuses them; users.create.readonly-ignored asks about that")
			}
			for _, seen := range []*check.Answer{a, reread(t, a)} {
				genuine(t, seen)
			}
		},
	},
}

// forged are attributes that are the server's to say.
func forged(t *check.T) check.Doc {
	return check.Doc{"id": t.Unique(), "meta": check.Doc{"resourceType": "Robot", "created": "2001-02-03T04:05:06Z"}}
}

// genuine expects nothing of what forged has.
func genuine(t *check.T, a *check.Answer) {
	t.Expect(a).NotTo(match.Value("meta.resourceType", "Robot"))
	if at, ok := match.Instant(a.Text("meta.created")); ok {
		t.Hold(at.Year() != 2001, "a meta.created of the server's own", a.Text("meta.created"))
	}
}

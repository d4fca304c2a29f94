package users

import (
	"cmp"
	"net/http"
	"strings"

	"scimproof/simulator/client"
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// conflict are the statuses for a value that is taken: 409, or 400, which RFC 7643 section 7 leaves to the server.
var conflict = []int{http.StatusConflict, http.StatusBadRequest}

// submitted creates a user, and then another with the same userName, spelled by the function.
func submitted(t *check.T, spell func(string) string) *check.Answer {
	name := t.Unique() + "@example.com"
	t.MustUser(check.Doc{"userName": name})
	return t.Post(t.Users(), t.User(check.Doc{"userName": spell(name)}))
}

func asItIs(s string) string { return s }

// conflicts ask what becomes of a userName that is taken.
var conflicts = []check.Check{
	{
		ID:          "users.create.duplicate",
		Title:       "A userName that is taken is refused",
		Requirement: "No two users have the same userName: creating the second is refused as a conflict, and makes nothing.",
		Profiles:    clients,
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.3"},
		Replaced:    []string{"idem-1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run:         func(t *check.T) { t.Expect(submitted(t, asItIs)).To(match.Status(conflict...)) },
	},
	{
		ID:          "users.create.duplicate-status",
		Title:       "A userName that is taken is 409",
		Requirement: "The status for a user that conflicts with another is 409; clients look for that one, and take 400 for a mistake of their own.",
		Profiles:    clients,
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.3"},
		Replaced:    []string{"idem-1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run:         func(t *check.T) { t.Expect(submitted(t, asItIs)).To(match.Status(http.StatusConflict)) },
	},
	{
		ID:          "users.create.duplicate-type",
		Title:       "A userName that is taken has the scimType uniqueness",
		Requirement: "The Error that refuses a second user with the same userName has the keyword uniqueness.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.3"},
		Replaced:    []string{"idem-1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run:         func(t *check.T) { t.Expect(submitted(t, asItIs)).To(match.Error(conflict, "uniqueness")) },
	},
	{
		ID:          "users.create.duplicate-case",
		Title:       "A userName that is taken is taken in any case",
		Requirement: "userName has no case: one that differs from another by case alone is the same, and a conflict.",
		Profiles:    clients,
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "4.1.1"},
		Replaced:    []string{"idem-1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run:         func(t *check.T) { t.Expect(submitted(t, strings.ToUpper)).To(match.Status(conflict...)) },
	},
	{
		ID:          "users.create.race",
		Title:       "A user who is sent many times at once is made once",
		Requirement: "userName is unique also where creations meet: of many at the same instant, one makes a user.",
		Profiles:    clients,
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "4.1.1"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			const times = 6
			body := check.Encode(t.User())
			var requests []client.Request
			for range times {
				requests = append(requests, client.Request{Method: http.MethodPost, Path: t.Users(), Body: body})
			}
			made := map[string]bool{}
			for _, a := range t.Together(requests...) {
				if a.OK() {
					made[cmp.Or(a.ID(), a.Header.Get("Location"))] = true
				}
			}
			t.Equal("users that came of it:", len(made), 1)
		},
	},
}

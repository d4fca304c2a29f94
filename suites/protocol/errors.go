package protocol

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"scimproof/simulator/tree"
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// malformed is JSON that ends in the middle.
const malformed = `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":`

// scimTypes are the keywords of RFC 7644 table 9, and those that RFC 9865 adds for cursors.
var scimTypes = []string{
	"invalidFilter", "tooMany", "uniqueness", "mutability", "invalidSyntax", "invalidPath", "noTarget", "invalidValue", "invalidVers", "sensitive",
	"invalidCursor", "expiredCursor", "invalidCount",
}

// internals are marks of what a server says to itself: traces, panics, databases.
var internals = regexp.MustCompile(`goroutine \d+|\.go:\d+|Traceback \(most recent|File ".*", line \d+|at [\w.$]+\([\w]+\.(java|kt|scala):\d+\)|` +
	`at .*\.(js|ts|cs):\S*\d+|node_modules/|SQLSTATE|syntax error at or near|ORA-\d{5}|java\.lang\.|System\.\w+Exception`)

// refusals ask how the target says no.
var refusals = []check.Check{
	{
		ID:          "errors.schema",
		Title:       "An error has the schema of errors",
		Requirement: "The body of an error is a JSON object whose schemas names the Error message.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.12"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			a := refused(t)
			t.Expect(a).To(match.JSON())
			t.Expect(a).To(match.Schema(check.ErrorSchema))
		},
	},
	{
		ID:          "errors.status-string",
		Title:       "An error holds its status as a string",
		Requirement: "The member status is there, and is a JSON string, not a number.",
		Profiles:    []check.Profile{check.RFC, check.Okta},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.12"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run:         func(t *check.T) { t.Expect(refused(t)).To(match.Kind("status", tree.String)) },
	},
	{
		ID:          "errors.status-equals",
		Title:       "The status in an error is that of the answer",
		Requirement: "The member status repeats the status of the HTTP response.",
		Profiles:    []check.Profile{check.RFC, check.Okta},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.12"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			a := refused(t)
			if a.At("status") == nil {
				t.NA("the error holds no status to compare; errors.status-string says so")
			}
			t.Equal("status in the body", a.Text("status"), strconv.Itoa(a.Status))
		},
	},
	{
		ID:          "errors.media-type",
		Title:       "An error is declared as application/scim+json",
		Requirement: "Errors are SCIM messages like all others, and are declared as such.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.8"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run:         func(t *check.T) { t.Expect(refused(t)).To(match.MediaType(scimJSON)) },
	},
	{
		ID:          "errors.detail",
		Title:       "An error says in words what is wrong",
		Requirement: "The member detail tells a person what happened. It may be left out, and then an administrator is left in the dark.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.May,
		Ref:         check.Ref{RFC: "7644", Section: "3.12"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			a := refused(t)
			t.Hold(strings.TrimSpace(a.Text("detail")) != "", "a detail with words in it", "none")
		},
	},
	{
		ID:          "errors.malformed-json",
		Title:       "A body that is no JSON is refused",
		Requirement: "A body that cannot be parsed is the client's mistake: it is refused with a status of 400 to 499.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.12"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run:         func(t *check.T) { t.Expect(t.Post(t.Users(), malformed)).To(match.Refusal()) },
	},
	{
		ID:          "errors.malformed-json-type",
		Title:       "A body that is no JSON is 400 with invalidSyntax",
		Requirement: "The status for what cannot be parsed is 400, and its keyword invalidSyntax.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.12"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			t.Expect(t.Post(t.Users(), malformed)).To(match.Error([]int{http.StatusBadRequest}, "invalidSyntax"))
		},
	},
	{
		ID:          "errors.root-not-object",
		Title:       "A body that is a list is refused",
		Requirement: "A resource is a JSON object: a creation from a list, even of one user, is refused and makes nothing.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7643", Section: "3"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run:         func(t *check.T) { t.Expect(t.Post(t.Users(), check.List{t.User()})).To(match.Refusal()) },
	},
	{
		ID:          "errors.empty-body",
		Title:       "A creation without a body is refused",
		Requirement: "Where a body is needed and there is none, the request is refused, and nothing breaks on it.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.12"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run:         func(t *check.T) { t.Expect(t.Post(t.Users(), nil)).To(match.Refusal()) },
	},
	{
		ID:          "errors.deep-json",
		Title:       "Nothing breaks on JSON that is nested far too deep",
		Requirement: "Lists within lists by the thousand, in an attribute that no schema has, are refused or ignored.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.12"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			const depth = 5000
			user := string(check.Encode(t.User()))
			nested := `,"noSuchAttribute":` + strings.Repeat("[", depth) + strings.Repeat("]", depth) + "}"
			a := t.Post(t.Users(), strings.TrimSuffix(user, "}")+nested)
			t.Hold(a.Status < 500, "a status below 500", strconv.Itoa(a.Status))
		},
	},
	{
		ID:          "errors.scim-type",
		Title:       "The scimType of an error is one that there is",
		Requirement: "Where an error has a scimType, it is one of the defined keywords, spelled as they are.",
		Profiles:    []check.Profile{check.RFC, check.Okta, check.Entra},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "7644", Section: "3.12"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			for _, a := range mistakes(t) {
				if typ := a.Text("scimType"); typ != "" && !slices.Contains(scimTypes, typ) {
					t.Break("a scimType of RFC 7644 table 9", "scimType "+typ)
				}
			}
		},
	},
	{
		ID:          "errors.no-internals",
		Title:       "An error shows nothing of the server's insides",
		Requirement: "Errors are for clients: stack traces, file names and messages of a database help only who attacks the server.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Should,
		Ref:         check.Ref{RFC: "CWE", Section: "209"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			for _, a := range mistakes(t) {
				if found := internals.Find(a.Body); found != nil {
					t.Break("an error that speaks of the request only", string(found))
				}
			}
		},
	},
	{
		ID:          "errors.hostile-id",
		Title:       "An id that is none is refused, whatever is in it",
		Requirement: "Quotes, slashes and other signs in an id find nothing: 404, or another refusal, and nothing breaks on them.",
		Profiles:    []check.Profile{check.RFC},
		Level:       check.Must,
		Ref:         check.Ref{RFC: "7644", Section: "3.12"},
		Needs:       []check.Need{check.Users},
		Since:       1,
		Run: func(t *check.T) {
			for _, id := range []string{"' OR '1'='1", `"><b>`, "a#b", "a/b", "%", "a;b?c=d"} {
				t.Expect(t.Get(check.Under(t.Users(), id))).To(match.Refusal())
			}
		},
	},
}

// mistakes are the answers to requests that a client should not have sent.
func mistakes(t *check.T) []*check.Answer {
	nameless := t.User(check.Doc{"userName": nil})
	return []*check.Answer{
		t.Get(nobody(t)),
		t.Post(t.Users(), malformed),
		t.Post(t.Users(), nameless),
		t.Get(t.Users(), "filter", "userName eq"),
	}
}

package match_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/onsi/gomega/types"

	"scimproof/simulator/client"
	"scimproof/simulator/tree"
	"scimproof/suites/check"
	"scimproof/suites/match"
)

func answer(t *testing.T, status int, body string, header ...string) *check.Answer {
	t.Helper()
	a := &check.Answer{Request: client.Request{Method: "GET", Path: "/Users"}, Status: status, Body: []byte(body), Header: http.Header{}}
	for i := 0; i+1 < len(header); i += 2 {
		a.Header.Add(header[i], header[i+1])
	}
	if body != "" {
		a.Doc, a.Broken = tree.Parse([]byte(body))
	}
	return a
}

const (
	problem = `{"schemas":["` + check.ErrorSchema + `"],"status":"400","scimType":"invalidFilter","detail":"no"}`
	list    = `{"schemas":["` + check.ListSchema + `"],"totalResults":2,"Resources":[{"id":"a"},{"id":"b"}]}`
	user    = `{"schemas":["` + check.UserSchema + `"],"userName":"Bo","active":true,"title":null,"n":1.50,"emails":[{"value":"x","type":"work"},{"value":"y","type":"home"}]}`
)

func TestMatchers(t *testing.T) {
	for _, c := range []struct {
		name    string
		matcher types.GomegaMatcher
		yes, no *check.Answer
		wants   string // of the failure
		got     string
	}{
		{"Status", match.Status(200, 204), answer(t, 204, ""), answer(t, 400, problem), "status 200 or 204", "status 400, scimType invalidFilter, no"},
		{"Success", match.Success(), answer(t, 201, ""), answer(t, 304, ""), "200 to 299", "status 304"},
		{"Refusal", match.Refusal(), answer(t, 403, ""), answer(t, 200, ""), "400 to 499", "status 200"},
		{"HasHeader", match.HasHeader("Location"), answer(t, 201, "", "Location", "/a"), answer(t, 201, ""), "a header Location", "no Location"},
		{"Header", match.Header("WWW-Authenticate", "bearer"), answer(t, 401, "", "WWW-Authenticate", "Bearer realm=x"), answer(t, 401, "", "WWW-Authenticate", "Basic"), "with bearer", "WWW-Authenticate: Basic"},
		{"MediaType", match.MediaType("application/scim+json"), answer(t, 200, "", "Content-Type", `application/scim+json;charset="utf-8"`), answer(t, 200, "", "Content-Type", "text/html"), "application/scim+json", "text/html"},
		{"JSON", match.JSON(), answer(t, 200, "{}"), answer(t, 200, "<html>"), "JSON", "not JSON"},
		{"Empty", match.Empty(), answer(t, 204, " "), answer(t, 204, "{}"), "no body", "{}"},
		{"Error", match.Error([]int{400}), answer(t, 400, problem), answer(t, 400, `{"status":400}`), "an Error message", "schemas does not name"},
		{"Error with a number", match.Error([]int{400}), answer(t, 400, problem), answer(t, 400, strings.Replace(problem, `"400"`, `"500"`, 1)), "an Error message", `its member status is "500"`},
		{"Error with a type", match.Error([]int{400}, "invalidFilter"), answer(t, 400, problem), answer(t, 400, strings.Replace(problem, `"scimType":"invalidFilter",`, "", 1)), "scimType invalidFilter", "no scimType"},
		{"Error with a status", match.Error([]int{404}), answer(t, 404, strings.Replace(problem, "400", "404", 1)), answer(t, 200, "{}"), "status 404", "status 200"},
		{"ScimType", match.ScimType("invalidPath", "invalidFilter"), answer(t, 400, problem), answer(t, 400, "{}"), "invalidPath or invalidFilter", "no scimType"},
		{"Has", match.Has("emails.value"), answer(t, 200, user), answer(t, 200, "{}"), "emails.value in the body", "is missing"},
		{"Has no null", match.Has("title"), answer(t, 200, `{"title":"x"}`), answer(t, 200, user), "title in the body", "title is null"},
		{"Lacks", match.Lacks("title"), answer(t, 200, user), answer(t, 200, `{"title":"x"}`), "no title", `title is "x"`},
		{"Lacks hides", match.Lacks("password"), answer(t, 200, user), answer(t, 200, `{"password":"s3cret"}`), "no password", "password is there"},
		{"Value", match.Value("n", 1.5), answer(t, 200, user), answer(t, 200, `{"n":2}`), "n 1.5", "n is 2"},
		{"Value of an element", match.Value("emails[type=work].value", "x"), answer(t, 200, user), answer(t, 200, "{}"), `"x"`, "is missing"},
		{"Value stands once", match.Value("emails.value", "x"), answer(t, 200, `{"emails":[{"value":"x"}]}`), answer(t, 200, user), `"x"`, "stands 2 times"},
		{"ValueFold", match.ValueFold("userName", "BO"), answer(t, 200, user), answer(t, 200, `{"userName":"Al"}`), "in any case", `"Al"`},
		{"Contains", match.Contains("schemas", check.UserSchema), answer(t, 200, user), answer(t, 200, list), "schemas with", "ListResponse"},
		{"Count", match.Count("emails", 2), answer(t, 200, user), answer(t, 200, "{}"), "2 in emails", "0 in emails"},
		{"Kind", match.Kind("active", tree.Boolean), answer(t, 200, user), answer(t, 200, `{"active":"true"}`), "active as boolean", "a JSON string"},
		{"Schema", match.Schema(strings.ToUpper(check.UserSchema)), answer(t, 200, user), answer(t, 200, "{}"), "schemas with", "missing"},
		{"ListResponse", match.ListResponse(), answer(t, 200, list), answer(t, 200, strings.Replace(list, ":2,", `:"2",`, 1)), "a ListResponse", `totalResults is "2"`},
		{"ListResponse is no list alone", match.ListResponse(), answer(t, 200, strings.Replace(list, `,"Resources":[{"id":"a"},{"id":"b"}]`, "", 1)), answer(t, 200, "[]"), "a ListResponse", "no JSON object"},
		{"Found", match.Found("b", "a"), answer(t, 200, list), answer(t, 200, strings.Replace(list, `"a"`, `"c"`, 1)), "exactly 2", "[b c]"},
		{"Found counts", match.Found("a", "b"), answer(t, 200, list), answer(t, 200, strings.Replace(list, ":2,", ":3,", 1)), "exactly 2", "totalResults 3"},
		{"FoundAmong", match.FoundAmong("b"), answer(t, 200, list), answer(t, 200, strings.Replace(list, `"b"`, `"c"`, 1)), "a list with b", "without b"},
		{"All", match.All(match.Status(200), match.Has("userName")), answer(t, 200, user), answer(t, 200, "{}"), "userName", "missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if ok, err := c.matcher.Match(c.yes); err != nil || !ok {
				t.Errorf("does not match what it should: %v", err)
			}
			if ok, err := c.matcher.Match(c.no); err != nil || ok {
				t.Fatalf("matches what it should not: %v", err)
			}
			expected, got, _ := c.matcher.(check.Explainer).Explain(c.no, false)
			if !strings.Contains(expected, c.wants) || !strings.Contains(got, c.got) {
				t.Errorf("explains %q, %q; want %q, %q", expected, got, c.wants, c.got)
			}
			if strings.Contains(got, "s3cret") {
				t.Error("shows a password")
			}
		})
	}
	if _, err := match.Status(200).Match("text"); err == nil {
		t.Error("a text is taken for an answer")
	}
}

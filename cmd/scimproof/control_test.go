package main

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"scimproof/reports/verdict"
)

// administrator runs commands against one control plane.
type administrator struct {
	t     *testing.T
	flags []string
	env   map[string]string
}

// run is one command: its exit code and what it said.
func (c administrator) run(args ...string) (code int, out, errs string) {
	c.t.Helper()
	var stdout, stderr bytes.Buffer
	w := world{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr, getenv: func(name string) string { return c.env[name] }}
	code = run(context.Background(), append(args, c.flags...), w)
	return code, stdout.String(), stderr.String()
}

// does is run where all is well.
func (c administrator) does(args ...string) string {
	c.t.Helper()
	code, out, errs := c.run(args...)
	if code != verdict.ExitOK {
		c.t.Fatalf("%q: exit code %d: %s", args, code, errs)
	}
	return out
}

// object is does with --json.
func (c administrator) object(args ...string) (out entity) {
	c.t.Helper()
	if err := json.Unmarshal([]byte(c.does(append(args, "--json")...)), &out); err != nil {
		c.t.Fatal(err)
	}
	return out
}

// refused runs a command that must fail with a code and say so much.
func (c administrator) refused(code int, say string, args ...string) {
	c.t.Helper()
	got, out, errs := c.run(args...)
	if got != code || !strings.Contains(errs, say) || out != "" {
		c.t.Errorf("%q: exit code %d, want %d; it says %q, want %q; stdout %q", args, got, code, errs, say, out)
	}
}

// sameWidth expects what follows a column of a table to begin below its head.
func (c administrator) sameWidth(head string, args ...string) {
	c.t.Helper()
	first, rest, _ := strings.Cut(c.does(args...), "\n")
	_, after, _ := strings.Cut(first, head)
	next := strings.Index(first, strings.TrimLeft(after, " "))
	for line := range strings.Lines(rest) {
		if len(strings.TrimSpace(line)) > next {
			c.t.Errorf("the column after %s begins at %d, and a line has %q", head, next, line)
		}
	}
}

// TestControlOnAStore does what an administrator does, on a store that nobody serves.
func TestControlOnAStore(t *testing.T) {
	c := administrator{t: t, flags: []string{"--store", "sqlite:" + filepath.Join(t.TempDir(), "scim.db")}}
	c.refused(verdict.ExitUsage, "there is no instance yet", "app", "add", "Push")
	c.does("instance", "add", "Acme")
	app := c.object("app", "add", "Push")
	if app.text("apiInvokeStatus") != "disabled" || app.text("profile") != "idaas" {
		t.Errorf("a new application is %v", app)
	}
	if out := c.does("app", "show", "Push"); !strings.Contains(out, "SCIM BASE PATH  /v2/") || strings.Contains(out, "SCIM BASE URL") {
		t.Errorf("the application is\n%s", out)
	}
	root := c.object("organization", "add", "Staff").text("parentId")
	if out := c.does("scope", "show", "Push"); strings.Count(out, "none") != 3 {
		t.Errorf("a new application has the scope\n%s", out)
	}
	c.refused(verdict.ExitUsage, "TargetNotInScope", "scope", "set", "Push", "--target", root)
	c.does("scope", "set", "Push", "--organization", root, "--target", root)
	if out := c.does("scope", "show", "Push"); strings.Count(out, root) != 2 {
		t.Errorf("the scope is\n%s", out)
	}
	if out := c.does("app", "change", "Push", "--api", "enabled", "--grant", "all"); !strings.Contains(out, "\nPERMISSIONS     urn:alibaba:idaas:scope:user:read_all\n                urn:") {
		t.Errorf("the application is\n%s", out)
	}
	c.refused(verdict.ExitUsage, `There is no variant "odd" of profile idaas; leave it out, or choose among refuse-other-types, `, "app", "change", "Push", "--variants", "odd")
	c.refused(verdict.ExitUsage, `There is no scenario "users"; choose among urn:alibaba:idaas:scope:user:read_all, `, "app", "change", "Push", "--grant", "users")
	field := c.object("field", "add", "badge", "--unique").text("fieldId")
	changed := c.object("app", "change", app.text("applicationId"), "--namespace", "urn:ietf:params:scim:schemas:extension:Acme:2.0:User", "--fields", field)
	if changed.text("supportedUserCustomFieldIds") != field || len(changed["grantScopes"].([]any)) != 4 {
		t.Errorf("the application is %v", changed)
	}
	if named := c.object("app", "change", "Push", "--fields", "badge"); named.text("supportedUserCustomFieldIds") != field {
		t.Errorf("a field that is named syncs as %v", named)
	}
	c.refused(verdict.ExitUsage, `there is no extended field "hat" in the application's instance; scimproof field list shows them`, "app", "change", "Push", "--fields", "badge,hat")
	c.refused(verdict.ExitUsage, "is the id of no extended field", "app", "change", "Push", "--fields", "ufd_none")
	c.refused(verdict.ExitUsage, "FieldInUse", "field", "delete", field)
	c.does("app", "change", "Push", "--fields", "none")
	c.does("field", "delete", field)
	size := c.object("field", "add", "size", "--required", "--option", "small", "--option", "large").text("fieldId")
	if out := c.does("field", "list"); !strings.Contains(out, "small large") {
		t.Errorf("the fields are\n%s", out)
	}
	c.refused(verdict.ExitUsage, "say what becomes different", "field", "change", size)
	c.refused(verdict.ExitUsage, "scimproof field list shows the ids", "field", "change", field, "--shown-as", "Badge")
	if out := c.object("field", "change", size, "--shown-as", "Size of shirt", "--required=false", "--option", "small,medium"); out.text("options") != "small medium" ||
		out.text("fieldDisplayName") != "Size of shirt" || out.text("required") != "false" || out.text("fieldName") != "size" {
		t.Errorf("the field becomes %v", out)
	}
	if out := c.object("field", "change", size, "--required"); out.text("options") != "small medium" || out.text("required") != "true" {
		t.Errorf("the field becomes %v", out)
	}
	c.refused(verdict.ExitUsage, "scimproof field list shows the ids", "field", "delete", field)
	c.refused(verdict.ExitUsage, "There is no token a/b?c; it may have been deleted. scimproof token list APP shows the ids", "token", "disable", "a/b?c")
	c.refused(verdict.ExitUsage, "scimproof instance list shows them", "instance", "delete", "nobody")
	c.refused(verdict.ExitUsage, "takes one instance", "instance", "delete", "")
	c.refused(verdict.ExitUsage, "see scimproof app --help", "app", "make")
	c.refused(verdict.ExitUsage, "see scimproof token add --help", "token", "add", "Push", "--for", "P1D")

	first := c.object("token", "add", "Push", "--validity", "P1D")
	value, id := first.text("applicationToken"), first.text("applicationTokenId")
	if !strings.HasPrefix(value, "SAT") {
		t.Errorf("the token is %v", first)
	}
	c.refused(verdict.ExitUsage, "LastEnabledToken", "token", "disable", id)
	c.does("token", "add", "Push")
	c.refused(verdict.ExitUsage, "TokenLimit", "token", "add", "Push")
	c.refused(verdict.ExitUsage, "TokenEnabled", "token", "delete", id)
	c.does("token", "disable", id)
	c.sameWidth("EXPIRES", "token", "list", "Push")
	if out := c.does("token", "list", "Push"); strings.Contains(out, value) || !strings.Contains(out, "disabled") || strings.Contains(out, " \n") {
		t.Errorf("the tokens are\n%s", out)
	}
	c.does("token", "delete", id)
	c.does("app", "delete", "Push")
	c.refused(verdict.ExitUsage, `there is no application "Push"`, "app", "show", "Push")
}

// TestClientSecret goes the second way in by what the commands say: a secret, the address where it is exchanged, the id of the client.
func TestClientSecret(t *testing.T) {
	s := serveDemo(t, filepath.Join(t.TempDir(), "demo.db"))
	c := administrator{t: t, flags: []string{"--admin", s.line.AdminURL}, env: map[string]string{"SCIMPROOF_ADMIN_TOKEN": s.line.AdminToken}}
	app := c.object("app", "show", "Demo idaas")
	secret := c.object("token", "add", "Demo idaas", "--kind", "client_secret").text("applicationToken")
	res, err := http.PostForm(app.text("tokenUrl"), url.Values{
		"grant_type": {"client_credentials"}, "client_id": {app.text("applicationId")}, "client_secret": {secret},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var granted struct {
		Token string `json:"access_token"`
	}
	if err := json.UnmarshalRead(res.Body, &granted); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("the token endpoint answers %d, %v", res.StatusCode, err)
	}
	if got := s.status("GET", app.text("scimBaseUrl")+"/Users", granted.Token, ""); got != http.StatusOK {
		t.Errorf("with the access token a client gets %d", got)
	}
}

// TestControlOnAServer changes a server that is running, which feels it at once.
func TestControlOnAServer(t *testing.T) {
	s := serveDemo(t, filepath.Join(t.TempDir(), "demo.db"))
	c := administrator{t: t, flags: []string{"--admin", s.line.AdminURL}, env: map[string]string{"SCIMPROOF_ADMIN_TOKEN": s.line.AdminToken}}
	app := s.app("idaas")
	if out := c.does("app", "list"); !strings.Contains(out, app.ApplicationID) {
		t.Errorf("the applications are\n%s", out)
	}
	if out := c.does("app", "show", "Demo idaas"); !strings.Contains(out, "SCIM BASE URL  "+app.BaseURL+"\n") || strings.Contains(out, "SCIM BASE PATH") {
		t.Errorf("the application is\n%s", out)
	}
	users := app.BaseURL + "/Users"
	for _, step := range []struct {
		args []string
		want int
	}{
		{[]string{"app", "change", "Demo idaas", "--status", "disabled"}, 403},
		{[]string{"app", "change", "Demo idaas", "--status", "enabled", "--grant", "urn:alibaba:idaas:scope:group:read_all"}, 403},
		{[]string{"app", "change", "Demo idaas", "--grant", "all"}, 200},
		{[]string{"app", "delete", "Demo idaas"}, 404},
	} {
		c.does(step.args...)
		if got := s.status("GET", users, app.Token, ""); got != step.want {
			t.Errorf("after %q a client gets %d, want %d", step.args, got, step.want)
		}
	}
	wrong := c
	wrong.env = map[string]string{"SCIMPROOF_ADMIN_TOKEN": "wrong"}
	wrong.refused(verdict.ExitUnreachable, "Unauthorized: the token in SCIMPROOF_ADMIN_TOKEN", "app", "list")
	braked := ""
	for n := 0; !strings.Contains(braked, "TooManyWrongTokens") && n < 100; n++ {
		_, _, braked = wrong.run("app", "list")
	}
	if !strings.Contains(braked, "TooManyWrongTokens: the token in SCIMPROOF_ADMIN_TOKEN is not the server's") {
		t.Errorf("after many wrong tokens it says %q", braked)
	}
	wrong.env, wrong.flags = map[string]string{"SCIMPROOF_ADMIN_TOKEN": "wrong", "RFC": s.app("rfc").Token}, nil
	wrong.refused(verdict.ExitUnreachable, "refuses the token", "check", s.app("rfc").BaseURL, "--token-env", "RFC", "--control", s.line.AdminURL)
	wrong.env, wrong.flags = nil, c.flags
	wrong.refused(verdict.ExitUsage, "SCIMPROOF_ADMIN_TOKEN is empty", "app", "list")
	wrong.env, wrong.flags = c.env, []string{"--admin", s.app("rfc").BaseURL}
	wrong.refused(verdict.ExitUnreachable, "no control API", "app", "list")
	wrong.flags = []string{"--admin", "127.0.0.1"}
	wrong.refused(verdict.ExitUsage, "--admin is an address", "app", "list")
	if code := s.end(); code != verdict.ExitOK {
		t.Errorf("the server ends with %d", code)
	}
	c.refused(verdict.ExitUnreachable, "cannot be reached", "app", "list")
}

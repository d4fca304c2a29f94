package console_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"scimproof/server/console"
	"scimproof/server/control"
)

// forms are all forms with right values.
var forms = map[string]string{
	"/console/instances":    "name=Second",
	"/console/applications": "instance={instance}&name=Mail&kind=standard&profile=rfc",

	"/console/applications/{app}/scope":          "organization={branch}&organization={root}",
	"/console/applications/{app}/scope-groups":   "listed={group}&listed={other-group}&group={other-group}",
	"/console/applications/{app}/organizations":  "parent={branch}&name=Shop",
	"/console/applications/{app}/target":         "target=",
	"/console/applications/{app}/namespace":      "namespace=urn:ietf:params:scim:schemas:extension:customfield:2.0:User&field={field}",
	"/console/applications/{app}/tokens":         "validity=P1Y",
	"/console/applications/{app}/tokens/{token}": "do=enable",
	"/console/applications/{app}/rotation":       "do=enable&token={token}",

	"/console/applications/{app}/tokens/{token}/account": "do=bind&account={user}",

	"/console/applications/{app}/secrets":     "validity=P1Y",
	"/console/applications/{app}/api":         "do=disable",
	"/console/applications/{app}/permissions": "scenario=urn:alibaba:idaas:scope:user:read_all",
	"/console/applications/{app}/status":      "do=disable",
	"/console/applications/{app}/name":        "name=Other",
	"/console/applications/{app}/profile":     "profile=rfc",
	"/console/applications/{app}/variants":    "variant=region-always",
	"/console/applications/{app}/delete":      "confirmation=" + url.QueryEscape("Files "+hostile),

	"/console/instances/{instance}":                               "name=Third",
	"/console/instances/{instance}/policy":                        "policy=Complex",
	"/console/instances/{instance}/delete":                        "confirmation=Example",
	"/console/instances/{instance}/organizations":                 "parent={branch}&name=Shop",
	"/console/instances/{instance}/organizations/{office}":        "parent={branch}&name=Annex",
	"/console/instances/{instance}/organizations/{office}/delete": "",
	"/console/instances/{instance}/fields":                        "name=badge&shown=Badge&type=string&input=select&description=Text&required=yes&unique=yes&options=a%0D%0Ab,B,disabled",
	"/console/instances/{instance}/fields/{field}":                "shown=Location&description=Text&required=yes&options=hq",
	"/console/instances/{instance}/fields/{field}/status":         "do=disable",
	"/console/instances/{instance}/fields/{field}/delete":         "confirmation=site",
}

// TestEveryPageAndFormIsTested holds the lists of pages and forms against the routes.
func TestEveryPageAndFormIsTested(t *testing.T) {
	names := regexp.MustCompile(`\{[^}]+\}`)
	known := map[string]bool{"POST /console/sign-out": true, "/console/": true} // which end the session that a form needs, and lead nowhere
	for path := range forms {
		known["POST "+names.ReplaceAllString(path, "{}")] = true
	}
	for _, page := range pages {
		path, _, _ := strings.Cut(page, "?")
		known["GET "+names.ReplaceAllString(path, "{}")] = true
	}
	for _, pattern := range console.Patterns() {
		form := names.ReplaceAllString(strings.ReplaceAll(pattern, "{$}", ""), "{}")
		if !known[form] && !strings.Contains(form, "monitoring") {
			t.Errorf("%s is in no list of these tests", pattern)
		}
	}
}

func TestFormsNeedTheirSession(t *testing.T) {
	w := newWorld(t)
	p, other, stranger := w.signedIn(), w.signedIn(), w.newPerson()
	before := w.state()
	for path, form := range forms {
		for name, csrf := range map[string]string{"none": "", "empty": "&csrf=", "of another session": "&csrf=" + other.csrf, "in the URL": "?"} {
			target := path
			if csrf == "?" {
				target, csrf = path+"?csrf="+p.csrf, ""
			}
			if a := p.submit(target, form+csrf); a.status != http.StatusForbidden {
				t.Errorf("%s, CSRF token %s: the answer is %d", path, name, a.status)
			}
		}
		if a := stranger.submit(path, form+"&csrf="+p.csrf); a.path != "/console/sign-in" {
			t.Errorf("%s: who is not signed in ends at %s", path, a.path)
		}
	}
	if after := w.state(); after != before {
		t.Errorf("a refused form has changed something:\n%s\nbefore:\n%s", after, before)
	}
}

func TestForms(t *testing.T) {
	t.Parallel()
	for path, form := range forms {
		t.Run(path, func(t *testing.T) {
			w := newWorld(t)
			p, before := w.signedIn(), w.state()
			a := p.fillIn(path, form)
			if a.status != http.StatusOK || !strings.Contains(a.body, `role="status"`) {
				t.Errorf("the answer is %d, and tells of nothing done", a.status)
			}
			if changed := w.state() != before; changed == strings.Contains(form, "do=enable") {
				t.Errorf("changed is %v", changed)
			}
			if a := p.get("/console/"); strings.Contains(a.body, `role="status"`) {
				t.Error("what was done is told twice")
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	w := newWorld(t)
	p := w.signedIn()
	before := w.state()
	const instance = "/console/instances/{instance}"
	const app, named = "/console/applications/{app}", "instance={instance}&kind=standard&profile=rfc&name="
	odd := "instance={instance}&kind=odd&profile=rfc&" + field("name", hostile)
	long := strings.Repeat("x", 65)
	for _, c := range []struct {
		path, form string
		status     int
		code       string
		kept       string // what the page still has of what was entered
	}{
		{"/console/instances", "name=", 400, "InvalidParameter.InstanceName", ""},
		{"/console/instances", "name=" + long, 400, "InvalidParameter.InstanceName", `value="` + long + `"`},
		{"/console/applications", named + long, 400, "InvalidParameter.ApplicationName", `value="` + long + `"`},
		{"/console/applications", named + long, 400, "InvalidParameter.ApplicationName", `<option value="standard" selected>`},
		{"/console/applications", odd, 400, "InvalidParameter.ApplicationSourceType", `value="` + html.EscapeString(hostile)},
		{"/console/applications", "instance={instance}&kind=custom&profile=odd&name=Mail", 400, "InvalidParameter.Profile", `value="Mail"`},
		{"/console/applications", "instance=idaas_none&kind=custom&profile=rfc&name=Mail", 404, "ResourceNotFound.Instance", `value="Mail"`},
		{"/console/applications", "kind=custom&profile=rfc&name=Mail", 400, "InvalidParameter.InstanceId", `value="Mail"`},
		{app + "/status", "", 400, "InvalidParameter.Status", ""},
		{app + "/status", "do=delete", 400, "InvalidParameter.Status", ""},
		{"/console/applications/app_none/status", "do=disable", 404, "ResourceNotFound.Application", ""},
		{app + "/scope", "organization=ou_none", 400, "InvalidParameter.OrganizationalUnitIds", ""},
		{app + "/scope", "", 409, "OperationDenied.TargetNotInScope", ""},
		{"/console/applications/{template}/scope", "organization={root}", 409, "OperationDenied.TemplateApplication", ""},
		{app + "/organizations", "parent={branch}&name=", 400, "InvalidParameter.OrganizationalUnitName", `value="{branch}" selected>`},
		{app + "/organizations", "parent={branch}&name=" + long, 400, "InvalidParameter.OrganizationalUnitName", `value="` + long + `"`},
		{app + "/organizations", "parent=ou_none&name=Shop", 404, "ResourceNotFound.OrganizationalUnit", `value="Shop"`},
		{app + "/target", "target={root}", 409, "OperationDenied.TargetNotInScope", `<option value="{root}" selected>`},
		{app + "/api", "do=on", 400, "InvalidParameter.Status", ""},
		{app + "/permissions", "scenario=all&scenario=" + control.UserRead, 400, "InvalidParameter.GrantScopes", `user:read_all" checked`},
		{app + "/tokens", "", 400, "InvalidParameter.ExpirationTime", ""},
		{app + "/tokens", "validity=P4Y", 400, "InvalidParameter.ExpirationTime", `value="P4Y"`},
		{app + "/tokens", "validity=30", 400, "InvalidParameter.ExpirationTime", `value="30"`},
		{"/console/applications/{template}/tokens", "validity=P30D", 409, "OperationDenied.TemplateApplication", ""},
		{app + "/tokens/{token}", "do=disable", 409, "OperationDenied.LastEnabledToken", `value="P90D"`},
		{app + "/tokens/{token}", "do=delete", 409, "OperationDenied.TokenEnabled", ""},
		{app + "/tokens/{token}", "do=keep", 400, "InvalidParameter.Status", ""},
		{app + "/tokens/token_none", "do=delete", 404, "ResourceNotFound.ApplicationToken", ""},
		{app + "/tokens/{foreign-token}", "do=enable", 404, "ResourceNotFound.ApplicationToken", ""},
		{app + "/tokens/{token}/account", "do=bind", 400, "InvalidParameter.AccountId", ""},
		{app + "/tokens/{token}/account", "do=bind&account=user_none", 404, "ResourceNotFound.User", ""},
		{app + "/tokens/{token}/account", "do=bind&account={group}", 404, "ResourceNotFound.User", ""},
		{app + "/tokens/{token}/account?startIndex=26", "do=keep&account={user}", 400, "InvalidParameter.Status", `value="{user}" required checked`},
		{app + "/tokens/{token}/account?search=nobody", "do=bind&account=user_none", 404, "ResourceNotFound.User", "No account has this"},
		{app + "/tokens/{foreign-token}/account", "do=bind&account={user}", 404, "ResourceNotFound.ApplicationToken", ""},
		{app + "/tokens/token_none/account", "do=unbind", 404, "ResourceNotFound.ApplicationToken", ""},
		{app + "/scope-groups", "group=group_none", 400, "InvalidParameter.GroupIds", ""},
		{"/console/applications/{template}/scope-groups", "group={group}", 409, "OperationDenied.TemplateApplication", ""},
		{app + "/namespace", "namespace=nonsense&field={field}", 400, "InvalidParameter.UserCustomFieldNamespace", `value="nonsense"`},
		{app + "/namespace", "namespace=&field={field}", 400, "InvalidParameter.SupportedUserCustomFieldIds", `value="{field}" checked`},
		{app + "/secrets", "validity=P4Y", 400, "InvalidParameter.ExpirationTime", `value="P4Y"`},
		{app + "/tokens/{secret}", "do=disable", 409, "OperationDenied.LastEnabledToken", "Token endpoint URL"},
		{app + "/rotation", "do=issue&validity=P0D", 400, "InvalidParameter.ExpirationTime", `value="P0D"`},
		{app + "/rotation", "do=disable&token={token}", 409, "OperationDenied.LastEnabledToken", ""},
		{app + "/rotation", "do=delete&token={foreign-token}", 404, "ResourceNotFound.ApplicationToken", ""},
		{app + "/rotation", "do=delete&token={secret}", 400, "InvalidParameter.ApplicationTokenType", ""},
		{app + "/rotation", "do=rotate&token={token}", 400, "InvalidParameter.Status", ""},
		{app + "/name", "name=" + long, 400, "InvalidParameter.ApplicationName", `value="` + long + `"`},
		{app + "/profile", "profile=odd", 400, "InvalidParameter.Profile", ""},
		{app + "/variants", "variant=odd&variant=region-always", 400, "InvalidParameter.Variants", `value="region-always" checked`},
		{app + "/delete", "confirmation=Files", 400, "InvalidParameter.Confirmation", `value="Files"`},
		{instance, "name=", 400, "InvalidParameter.InstanceName", ""},
		{instance + "/policy", "policy=odd", 400, "InvalidParameter.PasswordPolicy", ""},
		{instance + "/delete", "confirmation=example", 400, "InvalidParameter.Confirmation", `value="example"`},
		{instance + "/organizations", "parent=ou_none&name=Shop", 404, "ResourceNotFound.OrganizationalUnit", `value="Shop"`},
		{instance + "/organizations/{branch}", "name=Shop&parent={branch}", 409, "OperationDenied.OrganizationalUnitCircle", `value="Shop"`},
		{instance + "/organizations/{root}", "name=Shop&parent={branch}", 409, "OperationDenied.RootOrganizationalUnit", `value="Shop"`},
		{instance + "/organizations/{branch}/delete", "", 409, "OperationDenied.OrganizationalUnitNotEmpty", ""},
		{instance + "/organizations/{root}/delete", "", 409, "OperationDenied.RootOrganizationalUnit", ""},
		{instance + "/fields", "name=a+b&shown=Badge&type=number&required=yes", 400, "InvalidParameter.FieldName", `<option value="number" selected>`},
		{instance + "/fields", "name=badge&shown=&type=number", 400, "InvalidParameter.FieldDisplayName", `value="badge"`},
		{instance + "/fields", "name=badge&shown=Badge&type=odd", 400, "InvalidParameter.FieldDataType", `value="badge"`},
		{instance + "/fields", "name=badge&shown=Badge&type=number&input=select", 400, "InvalidParameter.FieldDisplayType", `<option value="select" selected>`},
		{instance + "/fields", "name=badge&shown=Badge&type=number&options=one", 400, "InvalidParameter.Options", ">\none</textarea>"},
		{instance + "/fields", "name=badge&shown=Badge&type=string&options=%22one", 400, "InvalidParameter.Options", ">\n&#34;one</textarea>"},
		{instance + "/fields", "name=badge&shown=Badge&type=string&options=one,One,off", 400, "InvalidParameter.Options", "one,One,off"},
		{instance + "/fields", "name=badge&shown=Badge&type=string&options=" + long, 400, "InvalidParameter.Options.0.Value", long},
		{instance + "/fields", "name=SITE&shown=Site&type=string", 409, "OperationDenied.FieldNameTaken", `value="SITE"`},
		{instance + "/fields/{field}", "shown=Site&options=", 400, "InvalidParameter.Options", `value="Site"`},
		{instance + "/fields/{field}/status", "do=delete", 400, "InvalidParameter.Status", ""},
		{instance + "/fields/{field}/delete", "confirmation=Site", 400, "InvalidParameter.Confirmation", `value="Site"`},
		{instance + "/fields/ufd_none", "shown=Site", 404, "ResourceNotFound.CustomField", ""},
		{"/console/instances/idaas_none/fields/{field}/delete", "confirmation=site", 404, "ResourceNotFound.CustomField", ""},
		{"/console/instances/idaas_none/policy", "policy=Complex", 404, "ResourceNotFound.Instance", ""},
		{"/console/instances", "name=" + strings.Repeat("x", 64<<10), 413, "FormTooLarge", ""},
		{"/console/instances", "name=%zz", 400, "InvalidForm", ""},
	} {
		a := p.fillIn(c.path, c.form)
		form := c.form[:min(len(c.form), 100)]
		if a.status != c.status || !strings.Contains(a.body, `role="alert"`) || !strings.Contains(a.body, "<code>"+c.code+"</code>") {
			t.Errorf("%s with %q is %d, want %d with %s", c.path, form, a.status, c.status, c.code)
		}
		if kept := w.names().Replace(c.kept); !strings.Contains(a.body, kept) {
			t.Errorf("%s with %q does not keep %q", c.path, form, kept)
		}
		if after := w.state(); after != before {
			t.Fatalf("%s with %q was refused and has changed something:\n%s\nbefore:\n%s", c.path, form, after, before)
		}
	}
}

// TestHostileFields sends every field of every form what it cannot have.
func TestHostileFields(t *testing.T) {
	free := []string{"required", "unique", "listed"} // being there is all that counts, or they only say what a page has shown
	buttons := []string{"do", "token"}
	w := newWorld(t)
	p := w.signedIn()
	before := w.state()
	for path, form := range forms {
		right, err := url.ParseQuery(w.names().Replace(form))
		w.must(err)
		for name := range right {
			if slices.Contains(free, name) {
				continue
			}
			for kind, value := range map[string]string{
				"huge": strings.Repeat("x", 20_000), "control": "a\x00b", "no text": "\xff\xfe", "markup": hostile + strings.Repeat("'", 1000),
			} {
				wrong := url.Values{}
				for other, values := range right {
					wrong[other] = values
				}
				wrong[name] = []string{value}
				a := p.fillIn(path, wrong.Encode())
				if a.status < 400 || a.status > 499 || !strings.Contains(a.body, `role="alert"`) || strings.Contains(a.body, "<script>") {
					t.Errorf("%s, %s %s: the answer is %d", path, name, kind, a.status)
				}
				if !slices.Contains(buttons, name) && !strings.Contains(a.body, `aria-invalid="true"`) {
					t.Errorf("%s, %s %s: no field is marked as wrong", path, name, kind)
				}
				if after := w.state(); after != before {
					t.Fatalf("%s, %s %s: something has changed:\n%s\nbefore:\n%s", path, name, kind, after, before)
				}
			}
		}
	}
}

// TestMissingFields sends every form without any of its fields.
func TestMissingFields(t *testing.T) {
	for path := range forms {
		switch {
		case strings.HasSuffix(path, "/target"), strings.HasSuffix(path, "/permissions"), strings.HasSuffix(path, "/variants"),
			strings.HasSuffix(path, "/namespace"), strings.HasSuffix(path, "/scope-groups"), strings.HasSuffix(path, "{office}/delete"):
			continue // to choose nothing is right
		}
		w := newWorld(t)
		before := w.state()
		a := w.signedIn().fillIn(path, "")
		if a.status < 400 || a.status > 499 || !strings.Contains(a.body, `role="alert"`) || w.state() != before {
			t.Errorf("%s without fields is %d, or has changed something", path, a.status)
		}
	}
}

// TestOptions writes the options of a field as they are shown.
func TestOptions(t *testing.T) {
	w := newWorld(t)
	p := w.signedIn()
	const path = "/console/instances/{instance}/fields/{field}"
	shown := func() string {
		_, text, _ := strings.Cut(p.get(path).body, "<textarea ")
		_, text, _ = strings.Cut(text, ">\n")
		text, _, _ = strings.Cut(text, "</textarea>")
		return html.UnescapeString(text)
	}
	want := "hq,\"Head office, \"\"><script>alert(1)</script>\"\nold,,disabled\n"
	if got := shown(); got != want {
		t.Errorf("the options are shown as %q, want %q", got, want)
	}
	before, err := w.plane.Field(t.Context(), w.field.ID)
	w.must(err)
	if a := p.fillIn(path, field("shown", before.DisplayName)+"&"+field("options", strings.ReplaceAll(shown(), "\n", "\r\n"))); a.status != http.StatusOK {
		t.Fatalf("the answer is %d", a.status)
	}
	after, err := w.plane.Field(t.Context(), w.field.ID)
	w.must(err)
	if !slices.Equal(before.Options, after.Options) {
		t.Errorf("the options are %+v, and were %+v", after.Options, before.Options)
	}
}

// TestScopeGroupsStay saves a page of groups while another group joins the scope.
func TestScopeGroupsStay(t *testing.T) {
	w := newWorld(t)
	w.signedIn().fillIn("/console/applications/{app}/scope-groups", "listed={other-group}&group={other-group}")
	w.signedIn().fillIn("/console/applications/{app}/scope-groups", "listed={other-group}")
	scope, err := w.plane.ScopeOf(t.Context(), w.app.ID)
	w.must(err)
	if !slices.Equal(scope.Groups, []string{w.group}) {
		t.Errorf("the groups of the scope are %v, want the one that the page did not list", scope.Groups)
	}
}

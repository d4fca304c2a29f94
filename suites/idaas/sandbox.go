package idaas

import (
	"net/http"

	"scimproof/simulator/client"
	"scimproof/simulator/tree"
	"scimproof/suites/check"
	"scimproof/suites/match"
)

// Scenarios that are granted to an application (rule perm-2).
const (
	userRead    = "urn:alibaba:idaas:scope:user:read_all"
	userManage  = "urn:alibaba:idaas:scope:user:manage_all"
	groupRead   = "urn:alibaba:idaas:scope:group:read_all"
	groupManage = "urn:alibaba:idaas:scope:group:manage_all"
)

// sandbox is an instance that a check has to itself, made over the control API (docs/control.md) and deleted with all that it holds.
type sandbox struct {
	plane *check.T // speaks with the control API
	t     *check.T
	id    string
	root  string // the organization above all others
}

// newSandbox makes an instance.
func newSandbox(t *check.T) *sandbox {
	s := &sandbox{plane: t.Plane(), t: t}
	made := s.plane.Provided(func() *check.Answer {
		return s.plane.Post("/v1/instances", check.Doc{"instanceName": t.Unique()})
	})
	s.id = s.member(made, "instanceId")
	s.plane.DeleteLater(s.path())
	for _, o := range items(s.plane.MustGet(s.path() + "/organizations")) {
		if o.Text("parentId") == "" {
			s.root = o.Text("organizationalUnitId")
		}
	}
	if s.root == "" {
		t.GiveUp("the control API shows no organization without a parentId in a new instance, below which all others are (docs/control.md)")
	}
	return s
}

// member is a text that an answer of the control API has to show. Without it what follows would go to another place, and judge nothing.
func (s *sandbox) member(a *check.Answer, name string) string {
	text := a.Text(name)
	if text == "" {
		s.plane.GiveUp("%s %s answered without %s (docs/control.md)", a.Request.Method, a.Request.Path, name)
	}
	return text
}

// items are what a list of the control API holds.
func items(a *check.Answer) []*tree.Node {
	if list := a.At("items"); list != nil {
		return list.Items
	}
	return nil
}

func (s *sandbox) path() string { return check.Under("/v1/instances", s.id) }

// make makes something over the control API. Where it fails the check is blocked.
func (s *sandbox) make(path string, body check.Doc) *check.Answer {
	return s.plane.Given(func() *check.Answer { return s.plane.Post(path, body) })
}

// change changes something over the control API. Where it fails the check is blocked.
func (s *sandbox) change(path string, body check.Doc) *check.Answer {
	return s.plane.Given(func() *check.Answer { return s.plane.Patch(path, body) })
}

// delete deletes something over the control API. Where it fails the check is blocked.
func (s *sandbox) delete(path string) {
	s.plane.Given(func() *check.Answer { return s.plane.Delete(path) })
}

// organization makes an organization below another one.
func (s *sandbox) organization(parent string) string {
	made := s.make(s.path()+"/organizations", check.Doc{"organizationalUnitName": s.t.Unique(), "parentId": parent})
	return s.member(made, "organizationalUnitId")
}

// application is one of a sandbox. Its T speaks SCIM with it and brings the token that was issued first.
type application struct {
	*check.T
	s     *sandbox
	id    string
	base  string // SCIM Base URL
	token token
}

// token is one of an application.
type token struct {
	id    string
	value client.Secret
}

// draft is an application that can sync inbound over the whole instance, with every scenario granted.
func (s *sandbox) draft(changes ...check.Doc) check.Doc {
	d := check.Doc{
		"applicationName": s.t.Unique(), "applicationSourceType": "custom", "profile": "idaas", "apiInvokeStatus": "enabled",
		"grantScopes":                     check.List{userRead, userManage, groupRead, groupManage},
		"provisioningScope":               scope(s.root),
		"userPrimaryOrganizationalUnitId": s.root,
	}
	for _, c := range changes {
		for name, value := range c {
			d[name] = value
		}
	}
	return d
}

// scope is a provisioning scope of organizations.
func scope(organizations ...string) check.Doc { return scopeWith(organizations) }

// scopeWith is one with groups.
func scopeWith(organizations []string, groups ...string) check.Doc {
	return check.Doc{"organizationalUnitIds": texts(organizations), "groupIds": texts(groups)}
}

func texts(list []string) check.List {
	out := check.List{}
	for _, s := range list {
		out = append(out, s)
	}
	return out
}

// within is what makes an application one of an organization alone.
func within(organization string) check.Doc {
	return check.Doc{"provisioningScope": scope(organization), "userPrimaryOrganizationalUnitId": organization}
}

// application makes an application and a token of it.
func (s *sandbox) application(changes ...check.Doc) *application {
	made := s.make(s.path()+"/applications", s.draft(changes...))
	a := &application{s: s, id: s.member(made, "applicationId"), base: s.member(made, "scimBasePath")}
	a.token = a.issue()
	a.T = s.t.At(a.base, a.token.value)
	return a
}

func (a *application) path() string { return check.Under("/v1/applications", a.id) }

// set changes the application.
func (a *application) set(change check.Doc) { a.s.change(a.path(), change) }

// tryIssue asks for another bearer token.
func (a *application) tryIssue(validity string) *check.Answer {
	return a.s.plane.Post(a.path()+"/tokens", newToken(validity))
}

func newToken(validity string) check.Doc {
	return check.Doc{"applicationTokenType": "bearer_token", "validity": validity}
}

// issue issues another bearer token, which is valid for longer than a check moves a clock.
func (a *application) issue() token {
	made := a.s.make(a.path()+"/tokens", newToken("P30D"))
	return a.s.tokenOf(made)
}

func (s *sandbox) tokenOf(made *check.Answer) token {
	return token{s.member(made, "applicationTokenId"), client.Secret(s.member(made, "applicationToken"))}
}

func (k token) path() string { return check.Under("/v1/tokens", k.id) }

// The changes of the status of a token or an application.
var (
	on  = check.Doc{"status": "enabled"}
	off = check.Doc{"status": "disabled"}
)

// opens expects a token to open the users of an application.
func opens(t *check.T, about string) {
	t.Expect(t.Get(t.Users(), "count", "1"), about).To(match.Status(http.StatusOK))
}

// shut expects it to open nothing.
func shut(t *check.T, about string) {
	t.Expect(t.Get(t.Users(), "count", "1"), about).To(match.Status(http.StatusUnauthorized))
	t.Expect(t.Get(t.Groups(), "count", "1"), about).To(match.Status(http.StatusUnauthorized))
}

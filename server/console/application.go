package console

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"scimproof/server/api"
	"scimproof/server/control"
	"scimproof/server/store"
)

// anApplication is the pattern of an application's path.
const anApplication = "/console/applications/{application}"

func (c *console) applicationRoutes() routes {
	return routes{
		"GET " + anApplication:                     c.application,
		"POST " + anApplication + "/status":        c.change("status", "The status of the application is changed.", readStatus),
		"POST " + anApplication + "/scope":         c.change("scope", "The provisioning scope is saved.", readScope),
		"POST " + anApplication + "/target":        c.change("target", "The synchronization scope is saved.", readTarget),
		"POST " + anApplication + "/api":           c.change("api", "The IDaaS API switch is changed.", readAPI),
		"POST " + anApplication + "/permissions":   c.change("permissions", "The SCIM operation permission is saved.", readPermissions),
		"POST " + anApplication + "/organizations": c.addOrganization,
	}
}

func applicationPath(id string) string { return "/console/applications/" + url.PathEscape(id) }

// applicationPage is an application with its steps.
type applicationPage struct {
	Application store.Application
	Path        string
	BaseURL     string
	Groups      int // in the provisioning scope
	Tree        []*node
	Parents     []choice // the organizations that another can be added below
	Targets     []choice
	Scenarios   []choice
	Tokens      []tokenRow
	Secret      string // the value of a token that was added right now
	Refusal     refusal
}

// choice is something to choose.
type choice struct {
	ID, Name string
	On       bool
}

// node is an organization in the tree.
type node struct {
	choice
	Below []*node
}

// Inbound says whether the application can sync inbound (rule app-2).
func (p applicationPage) Inbound() bool { return p.Application.Kind != control.Template }

func (c *console) application(v *visit) error {
	return c.showApplication(v, refusal{}, "")
}

// showApplication shows an application, with the form that was refused or the value of the token that was added, if any.
func (c *console) showApplication(v *visit, f refusal, secret string) error {
	ctx, id := v.r.Context(), v.r.PathValue("application")
	a, err := c.Plane.Application(ctx, id)
	if err != nil {
		return err
	}
	organizations, err := c.Plane.Organizations(ctx, a.Instance)
	if err != nil {
		return err
	}
	scope, err := c.Plane.ScopeOf(ctx, id)
	if err != nil {
		return err
	}
	tokens, err := c.Plane.Tokens(ctx, id)
	if err != nil {
		return err
	}
	return c.show(v, f.status(), "application", a.Name, applicationPage{
		Application: a, Path: applicationPath(a.ID), BaseURL: c.Origin + api.BasePath(a), Groups: len(scope.Groups),
		Tree:      tree(organizations, f.chosen("scope", "organization", a.Scope)),
		Parents:   below([]string{root(organizations)}, organizations, f.Entered("organization", "parent", "")),
		Targets:   below(a.Scope, organizations, f.Entered("target", "target", a.Target)),
		Scenarios: scenarios(f.chosen("permissions", "scenario", a.Permissions)),
		Tokens:    rows(tokens, c.Plane.Clock()), Secret: secret, Refusal: f,
	})
}

// chosen is Entered for a field that can be there many times.
func (f refusal) chosen(name, field string, begins []string) []string {
	if f.form != name {
		return begins
	}
	return f.entered[field]
}

// tree makes a tree of organizations, which come each after the one above it.
func tree(list []store.Organization, on []string) (roots []*node) {
	known := map[string]*node{}
	for _, o := range list {
		n := &node{choice: choice{o.ID, o.Name, slices.Contains(on, o.ID)}}
		known[o.ID] = n
		if above := known[o.Parent]; above != nil {
			above.Below = append(above.Below, n)
		} else {
			roots = append(roots, n)
		}
	}
	return roots
}

// root is the organization above all others.
func root(list []store.Organization) string {
	if len(list) == 0 {
		return ""
	}
	return list[0].ID
}

// below lists the organizations that lie in a scope, and the one that is chosen also where it does not.
func below(scope []string, list []store.Organization, on string) (out []choice) {
	in, path := map[string]bool{}, map[string]string{}
	for _, o := range list {
		in[o.ID] = in[o.Parent] || slices.Contains(scope, o.ID)
		path[o.ID] = o.Name
		if o.Parent != "" {
			path[o.ID] = path[o.Parent] + " / " + o.Name
		}
		if in[o.ID] || o.ID == on {
			out = append(out, choice{o.ID, path[o.ID], o.ID == on})
		}
	}
	return out
}

func scenarios(on []string) (out []choice) {
	names := map[string]string{
		control.UserRead: "Read accounts", control.UserManage: "Manage accounts",
		control.GroupRead: "Read groups", control.GroupManage: "Manage groups",
	}
	for _, id := range control.Scenarios {
		out = append(out, choice{id, names[id], slices.Contains(on, id)})
	}
	return out
}

// change answers a form that changes the application.
func (c *console) change(form, notice string, read func(url.Values) (control.ApplicationChange, error)) action {
	return func(v *visit) error {
		what, err := read(v.r.PostForm)
		id := v.r.PathValue("application")
		if err == nil {
			_, err = c.Plane.ChangeApplication(v.r.Context(), id, what)
		}
		if err != nil {
			return c.refuseOnApplication(v, form, err)
		}
		return c.done(v, applicationPath(id)+"#"+form, notice)
	}
}

func (c *console) refuseOnApplication(v *visit, form string, err error) error {
	f, err := refused(form, err, v.r.PostForm)
	if err != nil {
		return err
	}
	return c.showApplication(v, f, "")
}

func readStatus(f url.Values) (control.ApplicationChange, error) {
	on, err := readSwitch(f)
	return control.ApplicationChange{Enabled: &on}, err
}

func readAPI(f url.Values) (control.ApplicationChange, error) {
	on, err := readSwitch(f)
	return control.ApplicationChange{APIEnabled: &on}, err
}

func readSwitch(f url.Values) (bool, error) {
	switch do := f.Get("do"); do {
	case "enable", "disable":
		return do == "enable", nil
	default:
		return false, problem(http.StatusBadRequest, "InvalidParameter.Status",
			"This can be enabled and disabled; use one of the two buttons.")
	}
}

// readScope reads the organizations alone: groups join the scope over SCIM while a form is being filled in, and stay.
func readScope(f url.Values) (control.ApplicationChange, error) {
	list := f["organization"]
	return control.ApplicationChange{Organizations: &list}, nil
}

// addOrganization makes an organization, which can be chosen from then on.
func (c *console) addOrganization(v *visit) error {
	if _, err := c.Plane.NewOrganization(v.r.Context(), v.r.PostForm.Get("parent"), v.r.PostForm.Get("name")); err != nil {
		return c.refuseOnApplication(v, "organization", err)
	}
	return c.done(v, applicationPath(v.r.PathValue("application"))+"#scope", "The organization is added.")
}

func readTarget(f url.Values) (control.ApplicationChange, error) {
	return control.ApplicationChange{Target: new(f.Get("target"))}, nil
}

func readPermissions(f url.Values) (control.ApplicationChange, error) {
	list := f["scenario"]
	return control.ApplicationChange{Permissions: &list}, nil
}

// tokenRow is a bearer token as the list shows it.
type tokenRow struct {
	store.Token
	Status string // enabled, disabled or expired
}

func rows(list []store.Token, now time.Time) (out []tokenRow) {
	for _, t := range list {
		if t.Kind != control.BearerToken {
			continue
		}
		status := "disabled"
		switch {
		case control.Live(t, now):
			status = "enabled"
		case t.Enabled:
			status = "expired"
		}
		out = append(out, tokenRow{t, status})
	}
	return out
}

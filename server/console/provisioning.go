package console

import (
	"net/url"

	"scimproof/server/api"
	"scimproof/server/control"
	"scimproof/server/store"
)

func (c *console) provisioningRoutes() routes {
	show := view(c.showProvisioning)
	return routes{
		"GET " + anApplication:                     show.page,
		"POST " + anApplication + "/scope":         c.change("scope", "The provisioning scope is saved.", "", show, readScope),
		"POST " + anApplication + "/organizations": c.addOrganizationToChoose,
		"POST " + anApplication + "/target":        c.change("target", "The synchronization scope is saved.", "", show, readTarget),
		"POST " + anApplication + "/namespace":     c.change("namespace", "The advanced settings are saved.", "", show, readNamespace),
	}
}

// provisioningPage has Step 2 and Step 3.
type provisioningPage struct {
	head
	BaseURL      string
	Organization input // of the scope
	Tree         []*node
	Groups       int      // in the provisioning scope
	Parents      []choice // the organizations that another can be added below
	Targets      []choice
	Tokens       []tokenRow
	Secret       string // the value of a token that was added right now
	Granted      int    // scenarios
	Scenarios    int
	Fields       []choice // extended fields of the instance
}

// Unset says that no extended field syncs, and none is about to.
func (p provisioningPage) Unset() bool {
	return p.Application.Namespace == "" && len(p.Application.Fields) == 0 && !p.Refusal.Is("namespace")
}

func (c *console) showProvisioning(v *visit, f refusal) error {
	return c.showProvisioningWith(v, f, "")
}

// showProvisioningWith shows the page with the value of a token that was added, if any.
func (c *console) showProvisioningWith(v *visit, f refusal, secret string) error {
	h, err := c.head(v, "", f)
	if err != nil {
		return err
	}
	ctx, a := v.r.Context(), h.Application
	organizations, err := c.Plane.Organizations(ctx, a.Instance)
	if err != nil {
		return err
	}
	scope, err := c.Plane.ScopeOf(ctx, a.ID)
	if err != nil {
		return err
	}
	tokens, err := c.Plane.Tokens(ctx, a.ID)
	if err != nil {
		return err
	}
	list := rows(tokens, control.BearerToken, c.Plane.Clock())
	if err := c.holders(v, h, list); err != nil {
		return err
	}
	fields, err := c.Plane.Fields(ctx, a.Instance)
	if err != nil {
		return err
	}
	return c.show(v, f.status(), "provisioning", a.Name, provisioningPage{
		head: h, BaseURL: c.Plane.Origin + api.BasePath(a), Groups: len(scope.Groups),
		Organization: f.Input("scope", "organization", "Organizations", ""),
		Tree:         tree(organizations, f.chosen("scope", "organization", a.Scope)),
		Parents:      below([]string{root(organizations)}, organizations, ""),
		Targets:      below(a.Scope, organizations, f.Entered("target", "target", a.Target)),
		Tokens:       list, Secret: secret,
		Granted: len(a.Permissions), Scenarios: len(control.Scenarios), Fields: fieldChoices(fields),
	})
}

func fieldChoices(list []store.Field) (out []choice) {
	for _, f := range list {
		name := f.DisplayName
		if !f.Enabled {
			name += " (disabled)"
		}
		out = append(out, choice{ID: f.ID, Name: name + " · " + f.Name})
	}
	return out
}

// readScope reads the organizations alone: groups join the scope over SCIM while a form is being filled in, and stay.
func readScope(f url.Values) (control.ApplicationChange, error) {
	list := f["organization"]
	return control.ApplicationChange{Organizations: &list}, nil
}

func readTarget(f url.Values) (control.ApplicationChange, error) {
	return control.ApplicationChange{Target: new(f.Get("target"))}, nil
}

func readNamespace(f url.Values) (control.ApplicationChange, error) {
	list := f["field"]
	return control.ApplicationChange{Namespace: new(f.Get("namespace")), Fields: &list}, nil
}

// addOrganizationToChoose makes an organization, which can be chosen for the scope from then on.
func (c *console) addOrganizationToChoose(v *visit) error {
	a, err := c.Plane.Application(v.r.Context(), v.r.PathValue("application"))
	if err == nil {
		_, err = c.newOrganization(v, a.Instance)
	}
	return c.settle(v, "organization", err, c.showProvisioning, applicationPath(v.r.PathValue("application"))+"#scope", "The organization is added.")
}

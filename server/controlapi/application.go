package controlapi

import (
	"context"
	"time"

	"scimproof/server/api"
	"scimproof/server/control"
	"scimproof/server/store"
)

type applicationView struct {
	ID          string    `json:"applicationId"`
	Instance    string    `json:"instanceId"`
	Name        string    `json:"applicationName"`
	Kind        string    `json:"applicationSourceType"`
	Profile     string    `json:"profile"`
	Status      status    `json:"status"`
	API         status    `json:"apiInvokeStatus"`
	Permissions []string  `json:"grantScopes"`
	Scope       scope     `json:"provisioningScope"`
	Target      string    `json:"userPrimaryOrganizationalUnitId"`
	Namespace   string    `json:"userCustomFieldNamespace"`
	Fields      []string  `json:"supportedUserCustomFieldIds"`
	Variants    []string  `json:"variants"`
	Path        string    `json:"scimBasePath,omitzero"` // absent for a template, which has no SCIM Base URL
	BaseURL     string    `json:"scimBaseUrl,omitzero"`  // the same in full, where a server runs
	TokenURL    string    `json:"tokenUrl,omitzero"`     // of the token endpoint, likewise
	Created     time.Time `json:"createTime"`
}

// scope is a provisioning scope. As part of a change it replaces the whole of the one before, and so needs both lists.
type scope struct {
	Organizations []string `json:"organizationalUnitIds"`
	Groups        []string `json:"groupIds"`
}

// scoped is an application with the groups of its scope, which a store keeps apart, and the origin of its SCIM Base URL.
type scoped struct {
	store.Application
	groups []string
	origin string
}

func (a scoped) view() applicationView {
	v := applicationView{
		ID: a.ID, Instance: a.Instance, Name: a.Name, Kind: a.Kind, Profile: a.Profile, Status: status(a.Enabled), API: status(a.APIEnabled),
		Permissions: a.Permissions, Scope: scope{a.Scope, a.groups}, Target: a.Target, Namespace: a.Namespace, Fields: a.Fields, Variants: a.Variants,
		Created: a.Created,
	}
	if a.Kind != control.Template {
		v.Path = api.BasePath(a.Application)
		if a.origin != "" {
			v.BaseURL, v.TokenURL = a.origin+v.Path, a.origin+api.TokenPath(a.Application)
		}
	}
	return v
}

// applicationChange says what becomes different of an application; what is absent stays.
type applicationChange struct {
	Name        *string   `json:"applicationName"`
	Profile     *string   `json:"profile"`
	Status      *status   `json:"status"`
	API         *status   `json:"apiInvokeStatus"`
	Permissions *[]string `json:"grantScopes"`
	Scope       *scope    `json:"provisioningScope"`
	Target      *string   `json:"userPrimaryOrganizationalUnitId"` // "" for none
	Namespace   *string   `json:"userCustomFieldNamespace"`        // "" for none
	Fields      *[]string `json:"supportedUserCustomFieldIds"`
	Variants    *[]string `json:"variants"`
}

func (c applicationChange) change() (control.ApplicationChange, error) {
	if err := c.Scope.check(); err != nil {
		return control.ApplicationChange{}, err
	}
	return control.ApplicationChange{
		Name: c.Name, Profile: c.Profile, Enabled: (*bool)(c.Status), APIEnabled: (*bool)(c.API), Permissions: c.Permissions,
		Scope: (*control.Scope)(c.Scope), Target: c.Target, Namespace: c.Namespace, Fields: c.Fields, Variants: c.Variants,
	}, nil
}

// check refuses a scope of which one list is absent: that it goes might not be meant.
func (s *scope) check() error {
	switch {
	case s != nil && s.Organizations == nil:
		return illBody("/provisioningScope/organizationalUnitIds", "A scope is replaced as a whole; write this list, too, or [] for none.")
	case s != nil && s.Groups == nil:
		return illBody("/provisioningScope/groupIds", "A scope is replaced as a whole; write this list, too, or [] for none.")
	}
	return nil
}

// newApplication is an application with all that a change could say of it.
type newApplication struct {
	Kind string `json:"applicationSourceType"`
	applicationChange
}

type targetCheck struct {
	Organization string `json:"organizationalUnitId"`
}

type targetAnswer struct {
	Allow bool `json:"allowAuthorization"`
}

func applications(p *control.Plane) routes {
	all := func(ctx context.Context, instance string) ([]scoped, error) {
		list, err := p.Applications(ctx, instance)
		return withGroups(ctx, p, list, err)
	}
	return routes{
		"/v1/applications": {"GET": listed(all, scoped.view)},
		"/v1/instances/{id}/applications": {
			"GET": listed(all, scoped.view),
			"POST": created(func(ctx context.Context, instance string, n newApplication) (scoped, error) {
				with, err := n.change()
				if err != nil {
					return scoped{}, err
				}
				a, err := p.AddApplication(ctx, control.NewApplication{Instance: instance, Kind: n.Kind, With: with})
				return withItsGroups(ctx, p, a, err)
			}, scoped.view),
		},
		"/v1/applications/{id}": {
			"GET": found(func(ctx context.Context, id string) (scoped, error) {
				a, err := p.Application(ctx, id)
				return withItsGroups(ctx, p, a, err)
			}, scoped.view),
			"PATCH": answered(func(ctx context.Context, id string, c applicationChange) (scoped, error) {
				change, err := c.change()
				if err != nil {
					return scoped{}, err
				}
				a, err := p.ChangeApplication(ctx, id, change)
				return withItsGroups(ctx, p, a, err)
			}, scoped.view),
			"DELETE": deleted(p.DeleteApplication),
		},
		"/v1/applications/{id}/target-check": {
			"POST": answered(func(ctx context.Context, id string, c targetCheck) (bool, error) {
				return p.InScope(ctx, id, c.Organization)
			}, func(in bool) targetAnswer { return targetAnswer{in} }),
		},
	}
}

// withGroups adds the groups of their scopes to applications, unless these could not be had.
func withGroups(ctx context.Context, p *control.Plane, list []store.Application, err error) ([]scoped, error) {
	if err != nil {
		return nil, err
	}
	var out []scoped
	return out, p.Store.Read(ctx, func(r store.Reader) error {
		out = nil
		for _, a := range list {
			groups, err := r.ScopeGroups(a.ID)
			if err != nil {
				return err
			}
			out = append(out, scoped{a, groups, p.Origin})
		}
		return nil
	})
}

// withItsGroups is withGroups for one application.
func withItsGroups(ctx context.Context, p *control.Plane, a store.Application, err error) (scoped, error) {
	list, err := withGroups(ctx, p, []store.Application{a}, err)
	if err != nil {
		return scoped{}, err
	}
	return list[0], nil
}

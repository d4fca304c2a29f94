package controlapi

import (
	"context"
	"net/http"
	"slices"

	"scimproof/server/control"
	"scimproof/server/store"
)

type organizationView struct {
	ID       string `json:"organizationalUnitId"`
	Instance string `json:"instanceId"`
	Parent   string `json:"parentId,omitzero"` // absent at the root
	Name     string `json:"organizationalUnitName"`
}

type newOrganization struct {
	Name   string `json:"organizationalUnitName"`
	Parent string `json:"parentId"` // the root where it is absent
}

type organizationChange struct {
	Name   *string `json:"organizationalUnitName"`
	Parent *string `json:"parentId"`
}

func organizations(p *control.Plane) routes {
	view := func(o store.Organization) organizationView { return organizationView(o) }
	return routes{
		"/v1/instances/{id}/organizations": {
			"GET": listed(p.Organizations, view),
			"POST": created(func(ctx context.Context, instance string, n newOrganization) (store.Organization, error) {
				return addOrganization(ctx, p, instance, n)
			}, view),
		},
		"/v1/organizations/{id}": {
			"GET": found(p.Organization, view),
			"PATCH": answered(func(ctx context.Context, id string, c organizationChange) (store.Organization, error) {
				return p.ChangeOrganization(ctx, id, control.OrganizationChange(c))
			}, view),
			"DELETE": deleted(p.DeleteOrganization),
		},
	}
}

// addOrganization makes an organization below one of the instance that the path names.
func addOrganization(ctx context.Context, p *control.Plane, instance string, n newOrganization) (o store.Organization, err error) {
	known, err := p.Organizations(ctx, instance)
	if err != nil {
		return o, err
	}
	if n.Parent == "" {
		n.Parent = known[0].ID
	}
	if !slices.ContainsFunc(known, func(o store.Organization) bool { return o.ID == n.Parent }) {
		return o, &control.Error{
			Status: http.StatusBadRequest, Code: "InvalidParameter.ParentId", Message: "No organization of the instance has this id; choose one that is there.",
		}
	}
	return p.NewOrganization(ctx, n.Parent, n.Name)
}

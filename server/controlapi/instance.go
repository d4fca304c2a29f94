package controlapi

import (
	"context"
	"time"

	"scimproof/server/control"
	"scimproof/server/store"
)

type instanceView struct {
	ID             string    `json:"instanceId"`
	Name           string    `json:"instanceName"`
	PasswordPolicy string    `json:"passwordPolicy"`
	Created        time.Time `json:"createTime"`
}

type newInstance struct {
	Name string `json:"instanceName"`
}

type instanceChange struct {
	Name           *string `json:"instanceName"`
	PasswordPolicy *string `json:"passwordPolicy"`
}

func instances(p *control.Plane) routes {
	view := func(in store.Instance) instanceView { return instanceView(in) }
	return routes{
		"/v1/instances": {
			"GET": listed(whole(p.Instances), view),
			"POST": created(func(ctx context.Context, _ string, n newInstance) (store.Instance, error) {
				in, _, err := p.NewInstance(ctx, n.Name)
				return in, err
			}, view),
		},
		"/v1/instances/{id}": {
			"GET": found(p.Instance, view),
			"PATCH": answered(func(ctx context.Context, id string, c instanceChange) (store.Instance, error) {
				return p.ChangeInstance(ctx, id, control.InstanceChange(c))
			}, view),
			"DELETE": deleted(p.DeleteInstance),
		},
	}
}

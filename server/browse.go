package server

import (
	"context"
	"sync"

	"scimproof/server/api"
	"scimproof/server/control"
	"scimproof/server/engine"
)

// browse makes what the control plane shows resources with: those that an application sees, and all of its directory. Profiles are made
// when it is first used.
func browse(c Config) (seen, all control.Browse) {
	made := sync.OnceValues(func() (*api.API, error) { return newAPI(c) })
	by := func(method func(*api.API) control.Browse) control.Browse {
		return func(ctx context.Context, application, typ string, q engine.Query) (engine.Result, error) {
			a, err := made()
			if err != nil {
				return engine.Result{}, err
			}
			return method(a)(ctx, application, typ, q)
		}
	}
	return by(func(a *api.API) control.Browse { return a.Browse }), by(func(a *api.API) control.Browse { return a.BrowseAll })
}

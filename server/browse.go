package server

import (
	"context"
	"sync"

	"scimproof/server/api"
	"scimproof/server/control"
	"scimproof/server/engine"
)

// browse makes what the control plane shows resources with. Profiles are made when it is first used.
func browse(c Config) control.Browse {
	made := sync.OnceValues(func() (*api.API, error) { return newAPI(c) })
	return func(ctx context.Context, application, typ string, q engine.Query) (engine.Result, error) {
		a, err := made()
		if err != nil {
			return engine.Result{}, err
		}
		return a.Browse(ctx, application, typ, q)
	}
}

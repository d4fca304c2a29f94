package api

import (
	"context"
	"strings"

	"scimproof/server/control"
	"scimproof/server/engine"
	"scimproof/server/store"
)

// Browse answers a query over the resources of a type as an application sees them, to whoever may look at all applications: whether the
// application is enabled, and what is granted to it, is not asked. The answer is that of engine.List; without PublicOrigin, addresses in it
// are paths. It is ErrNotFound where there is no such application, or only a template, which sees nothing.
func (a *API) Browse(ctx context.Context, application, typ string, q engine.Query) (engine.Result, error) {
	return a.browse(ctx, application, typ, q, control.ViewOf)
}

// BrowseAll is Browse for the whole directory that an application has to do with, whatever its scope: what could come into it.
func (a *API) BrowseAll(ctx context.Context, application, typ string, q engine.Query) (engine.Result, error) {
	return a.browse(ctx, application, typ, q, func(of store.Application) store.View {
		v := control.ViewOf(of)
		v.Scoped = false
		return v
	})
}

func (a *API) browse(ctx context.Context, application, typ string, q engine.Query, view func(store.Application) store.View) (engine.Result, error) {
	found, err := a.Engine.Store.Admit(ctx, application, nil)
	if err == nil && found.Application.Kind == control.Template {
		err = store.ErrNotFound
	}
	if err != nil {
		return engine.Result{}, err
	}
	profile, err := a.profile(found)
	if err != nil {
		return engine.Result{}, err
	}
	app := &engine.App{
		Application: found.Application, Instance: found.Instance, Profile: profile,
		View: view(found.Application), BaseURL: strings.TrimSuffix(a.PublicOrigin, "/") + BasePath(found.Application),
	}
	return a.Engine.List(ctx, app, profile.Registry.Type(typ), q)
}

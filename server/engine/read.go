package engine

import (
	"context"
	"net/http"

	"scimproof/server/scim"
	"scimproof/server/store"
)

// Get answers a GET of one resource (RFC 7644 section 3.4.1): 200 with the resource, or 304 where a condition says so.
func (e *Engine) Get(ctx context.Context, app *App, rt *scim.ResourceType, id string, sel scim.Selection, conditions ...Condition) (Result, error) {
	var out Result
	err := e.Store.Read(ctx, func(r store.Reader) error {
		rec, err := r.Get(app.View, rt.Name, id)
		if err != nil {
			return err
		}
		unchanged, err := hold(conditions, version(rec))
		if unchanged || err != nil {
			out = Result{Status: http.StatusNotModified, Location: app.Location(rt, rec.ID), Version: version(rec)}
			return err
		}
		out, err = e.answer(r, app, rt, rec, sel, http.StatusOK)
		return err
	})
	return out, app.translate(err, rt, id)
}

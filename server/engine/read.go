package engine

import (
	"context"
	"net/http"

	"scimproof/server/scim"
	"scimproof/server/store"
)

// Get answers a GET of one resource (RFC 7644 section 3.4.1): 200 with the resource, or 304 where a condition says so.
func (e *Engine) Get(ctx context.Context, app *App, rt *scim.ResourceType, id string, sel scim.Selection, conditions ...Condition) (Result, error) {
	return e.Stream(ctx, app, rt, id, sel, nil, conditions...)
}

// Stream is Get for an answer that may be large.
func (e *Engine) Stream(ctx context.Context, app *App, rt *scim.ResourceType, id string, sel scim.Selection, begin Begin, conditions ...Condition) (Result, error) {
	var out Result
	err := e.Store.Read(ctx, func(r store.Reader) error {
		rec, err := r.Get(app.View, rt.Name, id)
		if err != nil {
			return err
		}
		out = Result{Status: http.StatusOK, Location: app.Location(rt, rec.ID), Version: version(rec)}
		unchanged, err := hold(conditions, version(rec))
		if unchanged || err != nil {
			out.Status = http.StatusNotModified
			return err
		}
		w := renderer{app, r, &stream{begin: begin, head: out}}
		body, err := w.render(make([]byte, 0, len(rec.Body)+512), rt, rec, sel, true)
		if err != nil {
			return err
		}
		out, err = w.stream.end(body)
		return err
	})
	return out, app.translate(err, rt, id)
}

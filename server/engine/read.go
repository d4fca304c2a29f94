package engine

import (
	"context"
	"net/http"
	"strconv"

	"scimproof/server/scim"
	"scimproof/server/store"
)

// ListSchema is the URN of the ListResponse message (RFC 7644 section 3.4.2).
const ListSchema = "urn:ietf:params:scim:api:messages:2.0:ListResponse"

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

// Query is what a client asked a list for (RFC 7644 section 3.4.2), as text.
type Query struct {
	Filter     string
	SortBy     string
	SortOrder  string
	StartIndex *int // nil where it was not given
	Count      *int
	Selection  scim.Selection
}

// List answers a query over one resource type: 200 with a ListResponse.
func (e *Engine) List(ctx context.Context, app *App, rt *scim.ResourceType, q Query) (Result, error) {
	sq, err := app.query(rt, q)
	if err != nil {
		return Result{}, err
	}
	links := app.Profile.ListLinks || q.Filter != ""
	var out Result
	err = e.Store.Read(ctx, func(r store.Reader) error {
		page, err := r.Query(sq)
		if err != nil {
			return err
		}
		data := append([]byte(nil), `{"schemas":["`+ListSchema+`"],"totalResults":`...)
		data = strconv.AppendInt(data, int64(page.Total), 10)
		data = append(data, `,"startIndex":`...)
		data = strconv.AppendInt(data, int64(sq.Start), 10)
		data = append(data, `,"itemsPerPage":`...)
		data = strconv.AppendInt(data, int64(len(page.Records)), 10)
		data = append(data, `,"Resources":[`...)
		for i, rec := range page.Records {
			if i > 0 {
				data = append(data, ',')
			}
			if data, err = e.render(data, r, app, rt, rec, q.Selection, links); err != nil {
				return err
			}
		}
		out = Result{Status: http.StatusOK, Body: append(data, "]}"...)}
		return nil
	})
	return out, app.translate(err, rt, "")
}

// query turns what a client asked for into what the store is asked. startIndex below 1 means 1 and a negative count means 0
// (RFC 7644 section 3.4.2.4).
func (a *App) query(rt *scim.ResourceType, q Query) (store.Query, error) {
	p := a.Profile
	out := store.Query{View: a.View, Type: rt, Start: 1, Count: p.MaxResults, Locate: a.refOf}
	if q.StartIndex != nil {
		out.Start = max(1, *q.StartIndex)
	}
	if q.Count != nil {
		out.Count = min(max(0, *q.Count), p.MaxResults)
	}
	var err error
	if out.Filter, err = bindFilter(p, rt, q.Filter); err != nil {
		return out, err
	}
	if q.SortBy != "" {
		ref, err := rt.BindSort(q.SortBy)
		if err != nil {
			return out, err
		}
		out.SortBy = &ref
	}
	switch q.SortOrder {
	case "", "ascending":
	case "descending":
		out.Descending = true
	default:
		return out, scim.Bad(scim.InvalidValue, "sortOrder is ascending or descending, not %q.", q.SortOrder)
	}
	return out, nil
}

package engine

import (
	"context"
	"net/http"
	"strconv"

	"scimproof/server/scim"
	"scimproof/server/scim/filter"
	"scimproof/server/store"
)

// ListSchema is the URN of the ListResponse message (RFC 7644 section 3.4.2).
const ListSchema = "urn:ietf:params:scim:api:messages:2.0:ListResponse"

// Query is what a client asked a list for (RFC 7644 section 3.4.2), as text.
type Query struct {
	Filter     string
	SortBy     string
	SortOrder  string
	StartIndex *int // nil where it was not given
	Count      *int
	Cursor     *string // nil where it was not given, empty for the first page (RFC 9865 section 2)
	Attributes []string
	Excluded   []string
}

// List answers a query over one resource type: 200 with a ListResponse.
func (e *Engine) List(ctx context.Context, app *App, rt *scim.ResourceType, q Query) (Result, error) {
	return e.ListAll(ctx, app, []*scim.ResourceType{rt}, q)
}

// ListAll answers a query over several resource types (RFC 7644 section 3.4.2.1): 200 with a ListResponse. Resources follow each other
// as the types do. Where the query sorts, they do so only where their values do not tell them apart; a type without the attribute has no
// value.
func (e *Engine) ListAll(ctx context.Context, app *App, types []*scim.ResourceType, q Query) (Result, error) {
	return e.StreamAll(ctx, app, types, q, nil)
}

// StreamAll is ListAll for an answer that may be large.
func (e *Engine) StreamAll(ctx context.Context, app *App, types []*scim.ResourceType, q Query, begin Begin) (Result, error) {
	l, err := app.listing(types, q)
	if err != nil {
		return Result{}, err
	}
	var c *cursors
	if q.Cursor != nil {
		if c, err = e.cursors(ctx, app, l, q); err != nil {
			return Result{}, err
		}
	}
	var out Result
	err = e.Store.Read(ctx, func(r store.Reader) error {
		page, err := l.read(r, c)
		if err != nil {
			return err
		}
		w := renderer{app, r, &stream{begin: begin, head: Result{Status: http.StatusOK}}}
		body, err := w.list(page, l.start, c)
		if err != nil {
			return err
		}
		out, err = w.stream.end(body)
		return err
	})
	return out, app.translate(err, types[0], "")
}

// list writes the message around a page.
func (w renderer) list(page merged, start int, c *cursors) (data []byte, err error) {
	data = append(data, `{"schemas":["`+ListSchema+`"],"totalResults":`...)
	data = strconv.AppendInt(data, int64(page.total), 10)
	if c == nil {
		data = append(data, `,"startIndex":`...)
		data = strconv.AppendInt(data, int64(start), 10)
	} else if page.more {
		next, err := c.seal(page.positions)
		if err != nil {
			return nil, err
		}
		data = append(data, `,"nextCursor":`...)
		data = appendString(data, next)
	}
	data = append(data, `,"itemsPerPage":`...)
	data = strconv.AppendInt(data, int64(len(page.entries)), 10)
	data = append(data, `,"Resources":[`...)
	for i, entry := range page.entries {
		if i > 0 {
			data = append(data, ',')
		}
		if data, err = w.render(data, entry.Type, entry.rec, entry.selection, entry.links); err != nil {
			return nil, err
		}
		if data, err = w.stream.pass(data); err != nil {
			return nil, err
		}
	}
	return append(data, "]}"...), nil
}

// listing is a query over resource types, understood.
type listing struct {
	app    *App
	lanes  []lane
	sorted bool
	start  int
	count  int
}

// lane is the part of a listing that is about one resource type.
type lane struct {
	store.Query
	selection scim.Selection
	links     bool // whether linked attributes belong to the answer
}

// listing turns what a client asked for into what the store is asked. startIndex below 1 means 1 and a negative count means 0
// (RFC 7644 section 3.4.2.4).
func (a *App) listing(types []*scim.ResourceType, q Query) (*listing, error) {
	l := &listing{app: a, start: 1, count: a.Profile.MaxResults, sorted: q.SortBy != ""}
	if q.Cursor != nil && q.StartIndex != nil {
		return nil, scim.Bad(scim.InvalidValue, "cursor and startIndex are two ways of paging; send one of them.")
	}
	if q.StartIndex != nil {
		l.start = max(1, *q.StartIndex)
	}
	if q.Count != nil {
		l.count = min(max(0, *q.Count), a.Profile.MaxResults)
	}
	descending := q.SortOrder == "descending"
	if !descending && q.SortOrder != "" && q.SortOrder != "ascending" {
		return nil, scim.Bad(scim.InvalidValue, "sortOrder is ascending or descending, not %q.", scim.Excerpt(q.SortOrder))
	}
	sorts, err := bindSorts(a.Profile, types, q.SortBy)
	if err != nil {
		return nil, err
	}
	for i, rt := range types {
		n := lane{
			Query: store.Query{View: a.View, Type: rt, Descending: descending, Locate: a.refOf, SortBy: sorts[i]},
			links: a.Profile.ListLinks || q.Filter != "",
		}
		if n.selection, err = rt.Select(q.Attributes, q.Excluded); err != nil {
			return nil, err
		}
		if n.Filter, err = bindFilter(a.Profile, rt, q.Filter); err != nil {
			return nil, err
		}
		l.lanes = append(l.lanes, n)
	}
	return l, nil
}

// bindSorts finds what each type sorts by: nil for one that has no such attribute, but one of them has.
func bindSorts(p *Profile, types []*scim.ResourceType, text string) ([]*scim.Ref, error) {
	out := make([]*scim.Ref, len(types))
	if text == "" {
		return out, nil
	}
	found := false
	for i, rt := range types {
		if !declares(rt, text) {
			continue
		}
		ref, err := rt.BindSort(text)
		if err != nil {
			return nil, err
		}
		ref = p.Rules.Sort(rt, ref)
		out[i], found = &ref, true
	}
	if !found {
		_, err := types[0].BindSort(text)
		return nil, err
	}
	return out, nil
}

// declares says whether a type has the attribute of a name.
func declares(rt *scim.ResourceType, text string) bool {
	attr, err := filter.ParseAttr(text)
	if err != nil {
		return false
	}
	_, ok := rt.Resolve(attr)
	return ok
}

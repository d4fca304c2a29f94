package api

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"scimproof/server/engine"
	"scimproof/server/scim"
)

// list answers a GET of a resource type's endpoint (RFC 7644 section 3.4.2).
func (c *call) list(rt *scim.ResourceType) error {
	q, err := c.query()
	if err != nil {
		return err
	}
	return c.answer([]*scim.ResourceType{rt}, q)
}

// answer sends the list that a query asks for.
func (c *call) answer(types []*scim.ResourceType, q engine.Query) error {
	return c.stream(func(begin engine.Begin) (engine.Result, error) {
		return c.Engine.StreamAll(c.r.Context(), c.app, types, q, begin)
	})
}

// query reads what a list is asked for from the query string.
func (c *call) query() (q engine.Query, err error) {
	params, err := c.params()
	if err != nil {
		return q, err
	}
	q = engine.Query{
		Filter: params.Get("filter"), SortBy: params.Get("sortBy"), SortOrder: params.Get("sortOrder"),
		Attributes: names(params["attributes"]), Excluded: names(params["excludedAttributes"]),
	}
	countError := scim.InvalidValue
	if c.app.Profile.Has("cursor") && params.Has("cursor") {
		cursor := params.Get("cursor")
		q.Cursor, countError = &cursor, scim.InvalidCount
	}
	if q.StartIndex, err = integer(params, "startIndex", scim.InvalidValue); err != nil {
		return q, err
	}
	q.Count, err = integer(params, "count", countError)
	return q, err
}

// integer reads a query parameter; nil where it is missing. What lies beyond an int is as good as the largest one.
func integer(params url.Values, name string, kind scim.ErrorType) (*int, error) {
	text := strings.TrimSpace(params.Get(name))
	if !params.Has(name) {
		return nil, nil
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil && !isRange(err) {
		return nil, scim.Bad(kind, "%s is a whole number, not %q.", name, text)
	}
	v := int(n)
	return &v, nil
}

func isRange(err error) bool {
	e, ok := err.(*strconv.NumError)
	return ok && e.Err == strconv.ErrRange
}

// readable are the resource types that the application may read.
func (c *call) readable() (types []*scim.ResourceType, err error) {
	for _, rt := range c.app.Profile.Registry.Types() {
		if denied := c.granted(rt, http.MethodGet); denied == nil {
			types = append(types, rt)
		} else if err == nil {
			err = denied
		}
	}
	if len(types) > 0 {
		return types, nil
	}
	return nil, err
}

// root answers a GET of the base URL itself: a query over all that the application may read (RFC 7644 section 3.4.2.1).
func (c *call) root() error {
	if !c.reads() {
		return c.wrongMethod(http.MethodGet, http.MethodHead)
	}
	if err := c.open(); err != nil {
		return err
	}
	types, err := c.readable()
	if err != nil {
		return err
	}
	q, err := c.query()
	if err != nil {
		return err
	}
	return c.answer(types, q)
}

// searchAll answers a POST to /.search: a query over all that the application may read.
func (c *call) searchAll() error {
	if len(c.rest) > 1 {
		return c.nowhere()
	}
	if c.r.Method != http.MethodPost {
		return c.wrongMethod(http.MethodPost)
	}
	if err := c.open(); err != nil {
		return err
	}
	types, err := c.readable()
	if err != nil {
		return err
	}
	return c.search(types)
}

// searchOne answers a POST to /.search below a resource type's endpoint. It asks for the scenario of reading.
func (c *call) searchOne(rt *scim.ResourceType) error {
	if c.r.Method != http.MethodPost {
		return c.wrongMethod(http.MethodPost)
	}
	if err := c.open(); err != nil {
		return err
	}
	if err := c.granted(rt, http.MethodGet); err != nil {
		return err
	}
	return c.search([]*scim.ResourceType{rt})
}

// search answers the query of a SearchRequest (RFC 7644 section 3.4.3).
func (c *call) search(types []*scim.ResourceType) error {
	body, err := c.read(c.Limits.Body)
	if err != nil {
		return err
	}
	q, err := searchRequest(body, c.app.Profile.Has("cursor"))
	if err != nil {
		return err
	}
	return c.answer(types, q)
}

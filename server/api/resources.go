package api

import (
	"net/url"
	"strconv"
	"strings"

	"scimproof/server/engine"
	"scimproof/server/scim"
)

func (c *call) create(rt *scim.ResourceType) error {
	sel, _, err := c.selection(rt)
	if err != nil {
		return err
	}
	if _, err := c.conditions(); err != nil { // what does not exist yet has no version: only their form is looked at
		return err
	}
	body, err := c.body(rt)
	if err != nil {
		return err
	}
	res, err := c.Engine.Create(c.r.Context(), c.app, rt, body, sel)
	if err != nil {
		return err
	}
	return c.send(res)
}

func (c *call) get(rt *scim.ResourceType, id string) error {
	sel, _, err := c.selection(rt)
	if err != nil {
		return err
	}
	conditions, err := c.conditions()
	if err != nil {
		return err
	}
	res, err := c.Engine.Get(c.r.Context(), c.app, rt, id, sel, conditions...)
	if err != nil {
		return err
	}
	return c.send(res)
}

func (c *call) replace(rt *scim.ResourceType, id string) error {
	return c.change(rt, id, c.Engine.Replace)
}

func (c *call) patch(rt *scim.ResourceType, id string) error {
	return c.change(rt, id, c.Engine.Patch)
}

func (c *call) delete(rt *scim.ResourceType, id string) error {
	conditions, err := c.conditions()
	if err != nil {
		return err
	}
	res, err := c.Engine.Delete(c.r.Context(), c.app, rt, id, conditions...)
	if err != nil {
		return err
	}
	return c.send(res)
}

func (c *call) list(rt *scim.ResourceType) error {
	sel, params, err := c.selection(rt)
	if err != nil {
		return err
	}
	q := engine.Query{Filter: params.Get("filter"), SortBy: params.Get("sortBy"), SortOrder: params.Get("sortOrder"), Selection: sel}
	if q.StartIndex, err = integer(params, "startIndex"); err != nil {
		return err
	}
	if q.Count, err = integer(params, "count"); err != nil {
		return err
	}
	res, err := c.Engine.List(c.r.Context(), c.app, rt, q)
	if err != nil {
		return err
	}
	return c.send(res)
}

// integer reads a query parameter; nil where it is missing. What lies beyond an int is as good as the largest one.
func integer(params url.Values, name string) (*int, error) {
	text := strings.TrimSpace(params.Get(name))
	if !params.Has(name) {
		return nil, nil
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil && !isRange(err) {
		return nil, scim.Bad(scim.InvalidValue, "%s is a whole number, not %q.", name, text)
	}
	v := int(n)
	return &v, nil
}

func isRange(err error) bool {
	e, ok := err.(*strconv.NumError)
	return ok && e.Err == strconv.ErrRange
}

// selection reads the query parameters and what they say about attributes (RFC 7644 section 3.9).
func (c *call) selection(rt *scim.ResourceType) (scim.Selection, url.Values, error) {
	params, err := url.ParseQuery(c.r.URL.RawQuery)
	if err != nil {
		return scim.Selection{}, nil, scim.Bad(scim.InvalidValue, "The query string cannot be decoded; percent-encode what is not a letter or digit.")
	}
	sel, err := rt.Select(names(params["attributes"]), names(params["excludedAttributes"]))
	return sel, params, err
}

func names(values []string) []string {
	var out []string
	for _, v := range values {
		for _, n := range strings.Split(v, ",") {
			if n = strings.TrimSpace(n); n != "" {
				out = append(out, n)
			}
		}
	}
	return out
}

package api

import (
	"net/url"
	"strings"

	"scimproof/server/engine"
	"scimproof/server/scim"
)

func (c *call) create(rt *scim.ResourceType) error {
	sel, err := c.selection(rt)
	if err != nil {
		return err
	}
	if _, err := c.conditions(); err != nil { // what does not exist yet has no version: only their form is looked at
		return err
	}
	body, err := c.resourceBody(rt)
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
	sel, err := c.selection(rt)
	if err != nil {
		return err
	}
	conditions, err := c.conditions()
	if err != nil {
		return err
	}
	return c.stream(func(begin engine.Begin) (engine.Result, error) {
		return c.Engine.Stream(c.r.Context(), c.app, rt, id, sel, begin, conditions...)
	})
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

// selection reads what the query string says about attributes (RFC 7644 section 3.9).
func (c *call) selection(rt *scim.ResourceType) (scim.Selection, error) {
	params, err := c.params()
	if err != nil {
		return scim.Selection{}, err
	}
	return rt.Select(names(params["attributes"]), names(params["excludedAttributes"]))
}

func (c *call) params() (url.Values, error) {
	params, err := url.ParseQuery(c.r.URL.RawQuery)
	if err != nil {
		return nil, scim.Bad(scim.InvalidValue, "The query string cannot be decoded; percent-encode what is not a letter or digit.")
	}
	return params, nil
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

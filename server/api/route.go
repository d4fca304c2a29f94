package api

import (
	"net/http"
	"net/url"
	"strings"

	"scimproof/server/scim"
)

// splitPath takes /v2/{instance}/{application}/... apart; rest has one segment at least. Segments are decoded one by one, so that an
// encoded slash stays in its segment.
func splitPath(escaped string) (instance, application string, rest []string, ok bool) {
	parts := strings.Split(strings.Trim(escaped, "/"), "/")
	if len(parts) < 4 || parts[0] != "v2" {
		return "", "", nil, false
	}
	for i, p := range parts {
		s, err := url.PathUnescape(p)
		if err != nil {
			return "", "", nil, false
		}
		parts[i] = s
	}
	return parts[1], parts[2], parts[3:], true
}

// route sends a call to the endpoint it names. Discovery needs no credentials (rule perm-4).
func (c *call) route() error {
	head := ""
	if len(c.rest) > 0 {
		head = c.rest[0]
	}
	switch head {
	case "ServiceProviderConfig", "ResourceTypes", "Schemas":
		return c.discovery(head)
	}
	if err := c.authenticate(); err != nil {
		return err
	}
	c.authenticated = true
	switch {
	case len(c.rest) == 0:
		return c.feature("search", c.root)
	case head == ".search":
		return c.feature("search", c.searchAll)
	case head == "Bulk":
		return c.feature("bulk", c.bulk)
	case head == "Me":
		return c.feature("me", c.me)
	case len(c.rest) > 2:
		return c.nowhere()
	}
	rt := c.app.Profile.Registry.Endpoint("/" + head)
	if rt == nil {
		return c.nowhere()
	}
	if len(c.rest) == 2 && c.rest[1] == ".search" {
		return c.feature("search", func() error { return c.searchOne(rt) })
	}
	if err := c.permit(rt); err != nil {
		return err
	}
	if len(c.rest) == 1 {
		return c.collection(rt)
	}
	return c.resource(rt, c.rest[1])
}

// feature answers where the profile has the feature.
func (c *call) feature(name string, answer func() error) error {
	if !c.app.Profile.Has(name) {
		return scim.Refuse(http.StatusNotImplemented, "This is not supported here; /ServiceProviderConfig says what is.")
	}
	return answer()
}

func (c *call) nowhere() error {
	return scim.Refuse(http.StatusNotFound, "There is nothing at this address; /ResourceTypes lists the endpoints.")
}

func (c *call) collection(rt *scim.ResourceType) error {
	switch c.r.Method {
	case http.MethodGet, http.MethodHead:
		return c.list(rt)
	case http.MethodPost:
		return c.create(rt)
	}
	return c.wrongMethod(http.MethodGet, http.MethodHead, http.MethodPost)
}

func (c *call) resource(rt *scim.ResourceType, id string) error {
	switch c.r.Method {
	case http.MethodGet, http.MethodHead:
		return c.get(rt, id)
	case http.MethodPut:
		return c.replace(rt, id)
	case http.MethodPatch:
		return c.patch(rt, id)
	case http.MethodDelete:
		return c.delete(rt, id)
	}
	return c.wrongMethod(http.MethodGet, http.MethodHead, http.MethodPut, http.MethodPatch, http.MethodDelete)
}

func (c *call) wrongMethod(allowed ...string) error {
	c.w.Header().Set("Allow", strings.Join(allowed, ", "))
	return scim.Refuse(http.StatusMethodNotAllowed, "This method is not possible here; use %s.", strings.Join(allowed, ", "))
}

package api

import (
	"net/http"

	"scimproof/server/scim"
)

// me answers for the account that the token is bound to, as if the request had named its address (RFC 7644 section 3.11). The answer
// always tells that address.
//
// A token speaks for an account that is there, so POST creates none, and is not implemented. Where a token is bound to none it is the
// account that is missing and not the endpoint: 404, since another token, or this one once it is bound, finds something here.
func (c *call) me() error {
	if len(c.rest) > 1 {
		return c.nowhere()
	}
	if c.r.Method == http.MethodPost {
		return scim.Refuse(http.StatusNotImplemented, "/Me creates no account, since it is the one that a token is bound to; send the POST to /Users.")
	}
	rt := c.app.Profile.Registry.Type("User")
	if err := c.permit(rt); err != nil {
		return err
	}
	id := c.token.Account
	if id == "" {
		return scim.Refuse(http.StatusNotFound, "This token is bound to no account; bind it to one, or use the account's address below /Users.")
	}
	c.w.Header().Set("Location", c.app.Location(rt, id))
	return c.resource(rt, id)
}

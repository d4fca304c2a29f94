package api

import (
	"net/http"
	"strings"

	"scimproof/server/control"
	"scimproof/server/scim"
)

// authenticate demands a bearer token of the application (rules tok-5, tok-7, url-1). Which of the ways it is wrong stays our secret.
func (c *call) authenticate() error {
	if c.value == "" {
		c.w.Header().Set("WWW-Authenticate", `Bearer realm="scim"`)
		return scim.Refuse(http.StatusUnauthorized, "This endpoint needs a bearer token: Authorization: Bearer <token>.")
	}
	ok, err := c.opens(c.value)
	if err != nil {
		return err
	}
	if !ok {
		c.w.Header().Set("WWW-Authenticate", `Bearer realm="scim", error="invalid_token"`)
		return scim.Refuse(http.StatusUnauthorized, "The bearer token is not valid here: it may be mistyped, disabled, expired, or another application's.")
	}
	c.noteUse()
	return nil
}

// opens says whether a value is a bearer token of the application, or an access token, by which the call speaks for the client secret
// that was exchanged for it.
func (c *call) opens(value string) (ok bool, err error) {
	app := c.app.Application.ID
	if !control.IsAccessToken(value) {
		return c.plane().Opens(c.token, control.BearerToken, app, value), nil
	}
	c.token, ok, err = c.plane().AccessToken(c.r.Context(), app, value)
	return ok, err
}

// bearer reads the token of a request, or "". The name of the scheme is compared without regard to case (RFC 7235 section 2.1).
func bearer(r *http.Request) string {
	scheme, value, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(value)
}

// permit demands that the application is open, and the scenario of the operation granted.
func (c *call) permit(rt *scim.ResourceType) error {
	if err := c.open(); err != nil {
		return err
	}
	return c.granted(rt, c.r.Method)
}

// open demands that the application is enabled and its API is on (rules app-3, perm-1).
func (c *call) open() error {
	a := c.app.Application
	if !a.Enabled {
		return scim.Refuse(http.StatusForbidden, "application_disabled: the application is disabled; enable it to go on.")
	}
	if !a.APIEnabled {
		return scim.Refuse(http.StatusForbidden, "application_api_disabled: the IDaaS API of the application is off; turn it on to go on.")
	}
	return nil
}

// granted demands that the application has the scenario of a method (rule perm-2).
func (c *call) granted(rt *scim.ResourceType, method string) error {
	need := scenario(rt, method)
	for _, granted := range c.app.Application.Permissions {
		if granted == need {
			return nil
		}
	}
	return scim.Refuse(http.StatusForbidden, "permission_denied: Require scopes: [%s]", need)
}

func scenario(rt *scim.ResourceType, method string) string {
	read := method == http.MethodGet || method == http.MethodHead
	switch {
	case rt.Name == "Group" && read:
		return control.GroupRead
	case rt.Name == "Group":
		return control.GroupManage
	case read:
		return control.UserRead
	}
	return control.UserManage
}

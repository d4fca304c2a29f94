package console

import (
	"net/http"

	"scimproof/server/control"
)

func (c *console) tokenRoutes() routes {
	return routes{
		"POST " + anApplication + "/tokens":         c.addToken,
		"POST " + anApplication + "/tokens/{token}": c.changeToken,
	}
}

// addToken issues a bearer token. Its value is on the page that answers, and on none after it (rule tok-8).
func (c *console) addToken(v *visit) error {
	length, err := control.ParseValidity(v.r.PostForm.Get("validity"))
	var secret string
	if err == nil {
		_, secret, err = c.Plane.AddToken(v.r.Context(), v.r.PathValue("application"), control.BearerToken, length)
	}
	if err != nil {
		return c.refuseOnApplication(v, "tokens", err)
	}
	return c.showApplication(v, refusal{}, secret)
}

// changeToken enables, disables or deletes a token of the application.
func (c *console) changeToken(v *visit) error {
	application, id := v.r.PathValue("application"), v.r.PathValue("token")
	ctx := v.r.Context()
	t, err := c.Plane.Token(ctx, id)
	if err == nil && t.Application != application {
		err = problem(http.StatusNotFound, "ResourceNotFound.ApplicationToken",
			"The application has no such token; reload its page.")
	}
	if err != nil {
		return c.refuseOnApplication(v, "token", err)
	}
	notice := "The bearer token is deleted."
	if v.r.PostForm.Get("do") == "delete" {
		err = c.Plane.DeleteToken(ctx, id)
	} else {
		notice = "The status of the bearer token is changed."
		var on bool
		if on, err = readSwitch(v.r.PostForm); err == nil {
			_, err = c.Plane.SetTokenEnabled(ctx, id, on)
		}
	}
	if err != nil {
		return c.refuseOnApplication(v, "token", err)
	}
	return c.done(v, applicationPath(application)+"#tokens", notice)
}

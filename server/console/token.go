package console

import (
	"context"
	"net/http"
	"time"

	"scimproof/server/control"
	"scimproof/server/store"
)

func (c *console) tokenRoutes() routes {
	return routes{
		"POST " + anApplication + "/tokens":         c.addToken,
		"POST " + anApplication + "/tokens/{token}": c.changeToken,
		"POST " + anApplication + "/secrets":        c.addSecret,
	}
}

// tokenRow is a bearer token or a client secret as lists show it.
type tokenRow struct {
	store.Token
	Status string // enabled, disabled or expired
	Me     bool   // pages show what account it is bound to
	Holder holder // that account
}

// place is where pages have the tokens of a kind.
type place struct {
	form, name string // of a change to one, and what people call it
	tab, at    string // of the page in its application, and where on it
}

func placeOf(kind string) place {
	if kind == control.ClientSecret {
		return place{"secret", "client secret", "/api", "#secrets"}
	}
	return place{"token", "bearer token", "", "#tokens"}
}

func rows(list []store.Token, kind string, now time.Time) (out []tokenRow) {
	for _, t := range list {
		if t.Kind != kind {
			continue
		}
		status := "disabled"
		switch {
		case control.Live(t, now):
			status = "enabled"
		case t.Enabled:
			status = "expired"
		}
		out = append(out, tokenRow{Token: t, Status: status})
	}
	return out
}

// issue makes a token of a kind as long as the form asks for. Its value is on the page that answers, and on none after it (rule tok-8).
func (c *console) issue(v *visit, kind string) (secret string, err error) {
	length, err := control.ParseValidity(v.r.PostForm.Get("validity"))
	if err == nil {
		_, secret, err = c.Plane.AddToken(v.r.Context(), v.r.PathValue("application"), kind, length)
	}
	return secret, err
}

func (c *console) addToken(v *visit) error {
	secret, err := c.issue(v, control.BearerToken)
	if err != nil {
		return c.settle(v, "tokens", err, c.showProvisioning, "", "")
	}
	return c.showProvisioningWith(v, refusal{}, secret)
}

func (c *console) addSecret(v *visit) error {
	secret, err := c.issue(v, control.ClientSecret)
	if err != nil {
		return c.settle(v, "secrets", err, c.showAPI, "", "")
	}
	return c.showAPIWith(v, refusal{}, secret)
}

// changeToken enables, disables or deletes a token of the application, and leads back to the page that lists its kind.
func (c *console) changeToken(v *visit) error {
	t, err := c.tokenOf(v, v.r.PathValue("token"))
	p, show := placeOf(t.Kind), view(c.showProvisioning)
	if t.Kind == control.ClientSecret {
		show = c.showAPI
	}
	do := v.r.PostForm.Get("do")
	if err == nil {
		err = c.do(v.r.Context(), t, do)
	}
	return c.settle(v, p.form, err, show, applicationPath(v.r.PathValue("application"))+p.tab+p.at, "The "+p.name+" is "+do+"d.")
}

// tokenOf finds a token of the application of a visit.
func (c *console) tokenOf(v *visit, id string) (store.Token, error) {
	t, err := c.Plane.Token(v.r.Context(), id)
	if err == nil && t.Application != v.r.PathValue("application") {
		t, err = store.Token{}, problem(http.StatusNotFound, "ResourceNotFound.ApplicationToken", "The application has no such token; reload its page.")
	}
	return t, err
}

// do enables, disables or deletes a token.
func (c *console) do(ctx context.Context, t store.Token, do string) (err error) {
	switch do {
	case "enable", "disable":
		_, err = c.Plane.SetTokenEnabled(ctx, t.ID, do == "enable")
	case "delete":
		err = c.Plane.DeleteToken(ctx, t.ID)
	default:
		err = problem(http.StatusBadRequest, "InvalidParameter.Status", "A token can be enabled, disabled and deleted; use one of its buttons.")
	}
	return err
}

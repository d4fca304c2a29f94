package console

import (
	"net/url"

	"scimproof/server/api"
	"scimproof/server/control"
)

func (c *console) idaasAPIRoutes() routes {
	show := view(c.showAPI)
	return routes{
		"GET " + anApplication + "/api":          show.page,
		"POST " + anApplication + "/api":         c.change("api", "The IDaaS API switch is changed.", "/api", show, readAPI),
		"POST " + anApplication + "/permissions": c.change("permissions", "The SCIM operation permission is saved.", "/api", show, readPermissions),
	}
}

// apiPage has the IDaaS API of an application: its switch, what is granted, and the client secrets.
type apiPage struct {
	head
	Scenarios []choice
	TokenURL  string
	Secrets   []tokenRow
	Secret    string // the value of a client secret that was added right now
}

func (c *console) showAPI(v *visit, f refusal) error { return c.showAPIWith(v, f, "") }

// showAPIWith shows the page with the value of a client secret that was added, if any.
func (c *console) showAPIWith(v *visit, f refusal, secret string) error {
	h, err := c.head(v, "/api", f)
	if err != nil {
		return err
	}
	tokens, err := c.Plane.Tokens(v.r.Context(), h.Application.ID)
	if err != nil {
		return err
	}
	list := rows(tokens, control.ClientSecret, c.Plane.Clock())
	if err := c.holders(v, h, list); err != nil {
		return err
	}
	return c.show(v, f.status(), "api", "IDaaS API of "+h.Application.Name, apiPage{
		head: h, Scenarios: scenarios(), TokenURL: c.Plane.Origin + api.TokenPath(h.Application),
		Secrets: list, Secret: secret,
	})
}

func scenarios() []choice {
	return []choice{
		{ID: control.UserRead, Name: "Read accounts"}, {ID: control.UserManage, Name: "Manage accounts"},
		{ID: control.GroupRead, Name: "Read groups"}, {ID: control.GroupManage, Name: "Manage groups"},
	}
}

func readAPI(f url.Values) (control.ApplicationChange, error) {
	on, err := readSwitch(f)
	return control.ApplicationChange{APIEnabled: &on}, err
}

func readPermissions(f url.Values) (control.ApplicationChange, error) {
	list := f["scenario"]
	return control.ApplicationChange{Permissions: &list}, nil
}

package console

import (
	"net/http"

	"scimproof/server/control"
	"scimproof/server/store"
)

func (c *console) applicationsRoutes() routes {
	return routes{
		"GET /console/{$}":           view(c.showApplications).page,
		"POST /console/applications": c.addApplication,
	}
}

type applicationsPage struct {
	Instances    []choice
	Applications []store.Application
	Refusal      refusal
	Kinds        []choice
	Profiles     []choice
}

// NameOf gives the name of an instance.
func (p applicationsPage) NameOf(instance string) string {
	for _, in := range p.Instances {
		if in.ID == instance {
			return in.Name
		}
	}
	return instance
}

func profiles() []choice {
	return []choice{{ID: "idaas", Name: "idaas, rules of IDaaS"}, {ID: "rfc", Name: "rfc, plain SCIM 2.0"}}
}

func (c *console) showApplications(v *visit, f refusal) error {
	instances, err := c.Plane.Instances(v.r.Context())
	if err != nil {
		return err
	}
	body := applicationsPage{Refusal: f, Profiles: profiles(), Kinds: plain(control.Custom, control.Standard, control.Template)}
	for _, in := range instances {
		body.Instances = append(body.Instances, choice{ID: in.ID, Name: in.Name})
	}
	if body.Applications, err = c.Plane.Applications(v.r.Context(), ""); err != nil {
		return err
	}
	return c.show(v, f.status(), "applications", "Applications", body)
}

func (c *console) addApplication(v *visit) error {
	f := v.r.PostForm
	if f.Get("instance") == "" {
		err := problem(http.StatusBadRequest, "InvalidParameter.InstanceId", "An application belongs to an instance; choose one.")
		return c.settle(v, "application", err, c.showApplications, "", "")
	}
	a, err := c.Plane.AddApplication(v.r.Context(), control.NewApplication{
		Instance: f.Get("instance"), Name: f.Get("name"), Kind: f.Get("kind"), Profile: f.Get("profile"),
	})
	return c.settle(v, "application", err, c.showApplications, applicationPath(a.ID), "The application is created. Go on with its provisioning scope.")
}

package console

import (
	"errors"
	"net/http"
	"net/url"

	"scimproof/server/control"
	"scimproof/server/store"
)

// refusal is a form that was refused: its name, why, and what was entered. The zero refusal is none.
type refusal struct {
	form    string
	reason  *control.Error
	entered url.Values
}

// refused makes the refusal of a form from an error; an error of another kind is not the form's.
func refused(name string, err error, entered url.Values) (refusal, error) {
	reason := (*control.Error)(nil)
	if !errors.As(err, &reason) {
		return refusal{}, err
	}
	return refusal{name, reason, entered}, nil
}

// Of gives the reason why a form was refused, or nil.
func (f refusal) Of(name string) *control.Error {
	if f.form != name {
		return nil
	}
	return f.reason
}

// Reason is why a form was refused, whichever it was; nil where none was.
func (f refusal) Reason() *control.Error { return f.reason }

// Entered is what was entered in a field of a form that was refused, else what the field begins with.
func (f refusal) Entered(name, field, begins string) string {
	if f.form != name {
		return begins
	}
	return f.entered.Get(field)
}

// status is that of the page that shows the refusal.
func (f refusal) status() int {
	if f.reason == nil {
		return http.StatusOK
	}
	return f.reason.Status
}

type applicationsPage struct {
	Instances    []store.Instance
	Applications []store.Application
	Refusal      refusal
	Kinds        []string
	Profiles     []string
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

func (c *console) applicationsRoutes() routes {
	return routes{
		"GET /console/{$}":           c.applications,
		"POST /console/instances":    c.addInstance,
		"POST /console/applications": c.addApplication,
	}
}

func (c *console) applications(v *visit) error { return c.listApplications(v, refusal{}) }

func (c *console) listApplications(v *visit, f refusal) (err error) {
	body := applicationsPage{
		Refusal: f, Kinds: []string{control.Custom, control.Standard, control.Template}, Profiles: []string{"idaas", "rfc"},
	}
	if body.Instances, err = c.Plane.Instances(v.r.Context()); err != nil {
		return err
	}
	if body.Applications, err = c.Plane.Applications(v.r.Context(), ""); err != nil {
		return err
	}
	return c.show(v, f.status(), "applications", "Applications", body)
}

func (c *console) addInstance(v *visit) error {
	if _, _, err := c.Plane.NewInstance(v.r.Context(), v.r.PostForm.Get("name")); err != nil {
		return c.refuseOnList(v, "instance", err)
	}
	return c.done(v, homePath, "The instance is created.")
}

func (c *console) addApplication(v *visit) error {
	f := v.r.PostForm
	if f.Get("instance") == "" {
		return c.refuseOnList(v, "application", problem(http.StatusBadRequest, "InvalidParameter.InstanceId",
			"An application belongs to an instance; choose one."))
	}
	a, err := c.Plane.AddApplication(v.r.Context(), control.NewApplication{
		Instance: f.Get("instance"), Name: f.Get("name"), Kind: f.Get("kind"), Profile: f.Get("profile"),
	})
	if err != nil {
		return c.refuseOnList(v, "application", err)
	}
	return c.done(v, applicationPath(a.ID), "The application is created. Go on with its provisioning scope.")
}

func (c *console) refuseOnList(v *visit, form string, err error) error {
	f, err := refused(form, err, v.r.PostForm)
	if err != nil {
		return err
	}
	return c.listApplications(v, f)
}

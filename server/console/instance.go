package console

import (
	"fmt"
	"net/url"
	"strings"

	"scimproof/server/control"
	"scimproof/server/idaas"
	"scimproof/server/store"
)

const (
	instancesPath = "/console/instances"
	anInstance    = instancesPath + "/{instance}"
)

func instancePath(id string) string { return instancesPath + "/" + url.PathEscape(id) }

func (c *console) instanceRoutes() routes {
	return routes{
		"GET " + instancesPath:           view(c.showInstances).page,
		"POST " + instancesPath:          c.addInstance,
		"GET " + anInstance:              view(c.showInstance).page,
		"POST " + anInstance:             c.renameInstance,
		"POST " + anInstance + "/policy": c.changePolicy,
		"POST " + anInstance + "/delete": c.deleteInstance,
	}
}

type instancesPage struct {
	Instances []store.Instance
	Refusal   refusal
}

func (c *console) showInstances(v *visit, f refusal) error {
	list, err := c.Plane.Instances(v.r.Context())
	if err != nil {
		return err
	}
	return c.show(v, f.status(), "instances", "Instances", instancesPage{list, f})
}

func (c *console) addInstance(v *visit) error {
	in, _, err := c.Plane.NewInstance(v.r.Context(), v.r.PostForm.Get("name"))
	return c.settle(v, "instance", err, c.showInstances, instancePath(in.ID)+"/organizations", "The instance is created, with an organization at its root.")
}

// instanceHead is what all pages of one instance begin with.
type instanceHead struct {
	Instance     store.Instance
	InstancePath string
	Tabs         []link
	Refusal      refusal
}

// instanceHead finds the instance of a visit, for the page under a tab.
func (c *console) instanceHead(v *visit, tab string, f refusal) (h instanceHead, err error) {
	h.Refusal = f
	if h.Instance, err = c.Plane.Instance(v.r.Context(), v.r.PathValue("instance")); err != nil {
		return h, err
	}
	h.InstancePath = instancePath(h.Instance.ID)
	for _, t := range []link{{Name: "Organizations", Path: "/organizations"}, {Name: "Extended fields", Path: "/fields"}, {Name: "General"}} {
		h.Tabs = append(h.Tabs, link{t.Name, h.InstancePath + t.Path, t.Path == tab})
	}
	return h, nil
}

type instancePage struct {
	instanceHead
	Policies     []choice
	Applications int
}

func (c *console) showInstance(v *visit, f refusal) error {
	h, err := c.instanceHead(v, "", f)
	if err != nil {
		return err
	}
	apps, err := c.Plane.Applications(v.r.Context(), h.Instance.ID)
	if err != nil {
		return err
	}
	return c.show(v, f.status(), "instance", h.Instance.Name, instancePage{h, policies(), len(apps)})
}

// policies are the templates for passwords, each with what it asks.
func policies() (out []choice) {
	for _, p := range idaas.Policies() {
		asks := []string{fmt.Sprintf("%d characters or more", p.Shortest)}
		var kinds []string
		for _, k := range []struct {
			asked bool
			name  string
		}{{p.Lower, "lower case"}, {p.Upper, "upper case"}, {p.Digit, "digits"}, {p.Special, "special characters"}} {
			if k.asked {
				kinds = append(kinds, k.name)
			}
		}
		if len(kinds) > 0 {
			asks = append(asks, "with "+strings.Join(kinds, ", "))
		}
		switch {
		case p.NotPersonal:
			asks = append(asks, "without the names, the phone number and the e-mail address of the account")
		case p.NotUserName:
			asks = append(asks, "without the user name")
		}
		out = append(out, choice{ID: p.Name, Name: p.Name + ": " + strings.Join(asks, ", ")})
	}
	return out
}

func (c *console) renameInstance(v *visit) error {
	return c.changeInstance(v, "instance", control.InstanceChange{Name: new(v.r.PostForm.Get("name"))}, "The name of the instance is saved.")
}

func (c *console) changePolicy(v *visit) error {
	return c.changeInstance(v, "policy", control.InstanceChange{PasswordPolicy: new(v.r.PostForm.Get("policy"))},
		"The password policy is saved. It holds for passwords that are set from now on.")
}

func (c *console) changeInstance(v *visit, form string, change control.InstanceChange, notice string) error {
	id := v.r.PathValue("instance")
	_, err := c.Plane.ChangeInstance(v.r.Context(), id, change)
	return c.settle(v, form, err, c.showInstance, instancePath(id)+"#"+form, notice)
}

func (c *console) deleteInstance(v *visit) error {
	in, err := c.Plane.Instance(v.r.Context(), v.r.PathValue("instance"))
	if err == nil {
		err = confirm(v.r.PostForm, in.Name)
	}
	if err == nil {
		err = c.Plane.DeleteInstance(v.r.Context(), in.ID)
	}
	return c.settle(v, "delete", err, c.showInstance, instancesPath, "The instance is deleted, with all that it had.")
}

package console

import (
	"net/url"

	"scimproof/server/control"
	"scimproof/server/store"
)

// anApplication is the pattern of an application's path.
const anApplication = "/console/applications/{application}"

func applicationPath(id string) string { return "/console/applications/" + url.PathEscape(id) }

// head is what all pages of one application begin with.
type head struct {
	Application store.Application
	Instance    link // of the application
	Path        string
	Tabs        []link
	Refusal     refusal
}

// Inbound says whether the application can sync inbound (rule app-2).
func (h head) Inbound() bool { return h.Application.Kind != control.Template }

// head finds the application of a visit, for the page under a tab. The last segment of a tab's path is the tab.
func (c *console) head(v *visit, tab string, f refusal) (h head, err error) {
	h = head{Refusal: f}
	if h.Application, err = c.Plane.Application(v.r.Context(), v.r.PathValue("application")); err != nil {
		return h, err
	}
	in, err := c.Plane.Instance(v.r.Context(), h.Application.Instance)
	if err != nil {
		return h, err
	}
	h.Instance = link{Name: in.Name, Path: instancePath(in.ID)}
	h.Path = applicationPath(h.Application.ID)
	for _, t := range []struct {
		name, path string
		inbound    bool // of applications that can sync inbound alone
	}{
		{"Provisioning", "", false}, {"IDaaS API", "/api", true}, {"Users", "/users", true}, {"Groups", "/groups", true},
		{"Monitoring", "/monitoring", true}, {"General", "/general", false},
	} {
		if h.Inbound() || !t.inbound {
			h.Tabs = append(h.Tabs, link{Name: t.name, Path: h.Path + t.path, On: t.path == tab})
		}
	}
	return h, nil
}

// change answers a form that changes the application, which stands on the page under a tab.
func (c *console) change(form, notice, tab string, show view, read func(url.Values) (control.ApplicationChange, error)) action {
	return func(v *visit) error {
		what, err := read(v.r.PostForm)
		id := v.r.PathValue("application")
		if err == nil {
			_, err = c.Plane.ChangeApplication(v.r.Context(), id, what)
		}
		return c.settle(v, form, err, show, applicationPath(id)+tab+"#"+form, notice)
	}
}

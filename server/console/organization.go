package console

import (
	"net/http"
	"net/url"
	"slices"

	"scimproof/server/control"
	"scimproof/server/store"
)

func (c *console) organizationRoutes() routes {
	const one = anInstance + "/organizations/{organization}"
	return routes{
		"GET " + anInstance + "/organizations":  view(c.showOrganizations).page,
		"POST " + anInstance + "/organizations": c.addOrganization,
		"GET " + one:                            view(c.showOrganization).page,
		"POST " + one:                           c.changeOrganization,
		"POST " + one + "/delete":               c.deleteOrganization,
	}
}

// node is an organization in the tree.
type node struct {
	choice
	Path  string // of its page
	Below []*node
}

// tree makes a tree of organizations, which come each after the one above it.
func tree(list []store.Organization, on []string) (roots []*node) {
	known := map[string]*node{}
	for _, o := range list {
		n := &node{choice: choice{o.ID, o.Name, slices.Contains(on, o.ID)}, Path: organizationPath(o)}
		known[o.ID] = n
		if above := known[o.Parent]; above != nil {
			above.Below = append(above.Below, n)
		} else {
			roots = append(roots, n)
		}
	}
	return roots
}

// root is the organization above all others.
func root(list []store.Organization) string {
	if len(list) == 0 {
		return ""
	}
	return list[0].ID
}

// below lists the organizations that lie in a scope, and the one that is chosen also where it does not.
func below(scope []string, list []store.Organization, on string) (out []choice) {
	in, path := map[string]bool{}, map[string]string{}
	for _, o := range list {
		in[o.ID] = in[o.Parent] || slices.Contains(scope, o.ID)
		path[o.ID] = o.Name
		if o.Parent != "" {
			path[o.ID] = path[o.Parent] + " / " + o.Name
		}
		if in[o.ID] || o.ID == on {
			out = append(out, choice{o.ID, path[o.ID], o.ID == on})
		}
	}
	return out
}

type organizationsPage struct {
	instanceHead
	Tree    []*node
	Parents []choice
}

func organizationPath(o store.Organization) string {
	return instancePath(o.Instance) + "/organizations/" + url.PathEscape(o.ID)
}

func (c *console) showOrganizations(v *visit, f refusal) error {
	h, err := c.instanceHead(v, "/organizations", f)
	if err != nil {
		return err
	}
	list, err := c.Plane.Organizations(v.r.Context(), h.Instance.ID)
	if err != nil {
		return err
	}
	return c.show(v, f.status(), "organizations", "Organizations of "+h.Instance.Name, organizationsPage{
		instanceHead: h, Tree: tree(list, nil), Parents: below([]string{root(list)}, list, ""),
	})
}

func (c *console) addOrganization(v *visit) error {
	instance := v.r.PathValue("instance")
	_, err := c.newOrganization(v, instance)
	return c.settle(v, "organization", err, c.showOrganizations, instancePath(instance)+"/organizations", "The organization is added.")
}

// newOrganization makes the organization of a form below one of the instance.
func (c *console) newOrganization(v *visit, instance string) (store.Organization, error) {
	above, err := c.organizationOf(v, instance, v.r.PostForm.Get("parent"))
	if err != nil {
		return above, err
	}
	return c.Plane.NewOrganization(v.r.Context(), above.ID, v.r.PostForm.Get("name"))
}

// organizationOf finds an organization of an instance.
func (c *console) organizationOf(v *visit, instance, id string) (store.Organization, error) {
	o, err := c.Plane.Organization(v.r.Context(), id)
	if err == nil && o.Instance != instance {
		err = problem(http.StatusNotFound, "ResourceNotFound.OrganizationalUnit", "The instance has no such organization; choose one of its own.")
	}
	return o, err
}

type organizationPage struct {
	instanceHead
	Organization store.Organization
	Path         string
	Above        []choice // where it could move to
}

// Root says that it stands at the root.
func (p organizationPage) Root() bool { return p.Organization.Parent == "" }

func (c *console) showOrganization(v *visit, f refusal) error {
	o, err := c.organizationOf(v, v.r.PathValue("instance"), v.r.PathValue("organization"))
	if err != nil {
		return err
	}
	h, err := c.instanceHead(v, "/organizations", f)
	if err != nil {
		return err
	}
	list, err := c.Plane.Organizations(v.r.Context(), o.Instance)
	if err != nil {
		return err
	}
	own := below([]string{o.ID}, list, "")
	above := slices.DeleteFunc(below([]string{root(list)}, list, ""), func(c choice) bool {
		return slices.ContainsFunc(own, func(o choice) bool { return o.ID == c.ID })
	})
	return c.show(v, f.status(), "organization", o.Name, organizationPage{h, o, organizationPath(o), above})
}

// changeOrganization renames an organization, and moves it where the form says so.
func (c *console) changeOrganization(v *visit) error {
	o, err := c.organizationOf(v, v.r.PathValue("instance"), v.r.PathValue("organization"))
	if err == nil {
		change := control.OrganizationChange{Name: new(v.r.PostForm.Get("name"))}
		if v.r.PostForm.Has("parent") {
			change.Parent = new(v.r.PostForm.Get("parent"))
		}
		_, err = c.Plane.ChangeOrganization(v.r.Context(), o.ID, change)
	}
	return c.settle(v, "organization", err, c.showOrganization, organizationPath(o), "The organization is saved.")
}

func (c *console) deleteOrganization(v *visit) error {
	o, err := c.organizationOf(v, v.r.PathValue("instance"), v.r.PathValue("organization"))
	if err == nil {
		err = c.Plane.DeleteOrganization(v.r.Context(), o.ID)
	}
	return c.settle(v, "delete", err, c.showOrganization, instancePath(o.Instance)+"/organizations", "The organization is deleted.")
}

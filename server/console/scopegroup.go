package console

import (
	"net/url"
	"slices"
)

func (c *console) scopeGroupRoutes() routes {
	return routes{
		"GET " + anApplication + "/scope-groups":  view(c.showScopeGroups).page,
		"POST " + anApplication + "/scope-groups": c.changeScopeGroups,
	}
}

// scopeGroupsPage has the groups of the directory, page by page, to choose those of the provisioning scope.
type scopeGroupsPage struct {
	resourcesPage
	Groups []choice // of this page
	In     int      // how many are in the scope
}

func (c *console) showScopeGroups(v *visit, f refusal) error {
	h, err := c.head(v, "", f)
	if err != nil {
		return err
	}
	if !h.Inbound() {
		return c.showProvisioning(v, f)
	}
	values := v.r.URL.Query()
	q := readQuery(values)
	list, err := c.lookAtAll(v, q)
	if err != nil {
		if f, err = refused("browse", err, values); err != nil {
			return err
		}
		h.Refusal = f
	}
	scope, err := c.Plane.ScopeOf(v.r.Context(), h.Application.ID)
	if err != nil {
		return err
	}
	p := scopeGroupsPage{In: len(scope.Groups), resourcesPage: resourcesPage{head: h, Query: q, Self: h.Path + "/scope-groups", Total: list.Total}}
	on := f.chosen("groups", "group", scope.Groups)
	for _, raw := range list.Resources {
		row, err := readRow(raw)
		if err != nil {
			return err
		}
		p.Rows = append(p.Rows, row)
		p.Groups = append(p.Groups, choice{row.ID, row.Display, slices.Contains(on, row.ID)})
	}
	p.turn()
	return c.show(v, f.status(), "scope-groups", "Groups in the scope of "+h.Application.Name, p)
}

// lookAtAll asks for the groups of the whole directory.
func (c *console) lookAtAll(v *visit, q query) (found, error) {
	asked, err := query{Search: q.Search, Start: q.Start, Count: q.Count}.scim(groups)
	if err != nil {
		return found{}, err
	}
	list, err := ask(v, c.Plane.BrowseAll, groups, asked)
	return list, ofSearch(err, query{})
}

// changeScopeGroups takes the ticked groups of a page into the scope, and the others that the page showed out of it.
func (c *console) changeScopeGroups(v *visit) error {
	f := v.r.PostForm
	leave := slices.DeleteFunc(slices.Clone(f["listed"]), func(id string) bool { return slices.Contains(f["group"], id) })
	id := v.r.PathValue("application")
	err := c.Plane.ChangeScopeGroups(v.r.Context(), id, f["group"], leave)
	back := url.URL{Path: applicationPath(id) + "/scope-groups", RawQuery: readQuery(v.r.URL.Query()).From(readQuery(v.r.URL.Query()).Start)}
	return c.settle(v, "groups", err, c.showScopeGroups, back.String(), "The groups of the provisioning scope are saved.")
}

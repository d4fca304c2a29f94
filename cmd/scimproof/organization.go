package main

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/spf13/cobra"
)

var organizationColumns = []column{
	{"ID", "organizationalUnitId"}, {"NAME", "organizationalUnitName"}, {"BELOW", "parentId"}, {"INSTANCE", "instanceId"},
}

func organizationCommand(w world) *cobra.Command {
	f := &controlFlags{}
	show := f.command(w, "show ORGANIZATION", "Show an organization, by its id or name", oneArg("organization"), func(ctx context.Context, p *plane, args []string) error {
		o, err := p.organization(ctx, "", args[0])
		if err != nil {
			return err
		}
		return p.show(organizationColumns, o)
	})
	remove := f.command(w, "delete ORGANIZATION", "Delete an organization that nothing lies in and no application names", oneArg("organization"),
		func(ctx context.Context, p *plane, args []string) error {
			o, err := p.organization(ctx, "", args[0])
			if err != nil {
				return err
			}
			return p.do(ctx, http.MethodDelete, o.organizationPath(), nil, nil)
		})
	return noun(f, "organization", "List, make, rename, move and delete the organizations of an instance", listOrganizationsCommand(w, f), show,
		addOrganizationCommand(w, f), changeOrganizationCommand(w, f), remove)
}

func listOrganizationsCommand(w world, f *controlFlags) *cobra.Command {
	var instance string
	c := f.command(w, "list", "List the organizations of an instance, each below the one that it lies in", cobra.NoArgs, func(ctx context.Context, p *plane, _ []string) error {
		in, err := p.instance(ctx, instance)
		if err != nil {
			return err
		}
		list, err := p.list(ctx, "/v1/instances/"+in+"/organizations")
		if err != nil {
			return err
		}
		if !p.json {
			indent(list)
		}
		return p.print([]column{{"NAME", "organizationalUnitName"}, {"ID", "organizationalUnitId"}}, list...)
	})
	c.Flags().StringVar(&instance, "instance", "", "id or name of the instance (default: the only one)")
	return c
}

// indent moves the names of a tree to the right. The list has each organization after the one above it.
func indent(organizations []entity) {
	depth := map[string]int{}
	for _, o := range organizations {
		if parent := o.text("parentId"); parent != "" {
			depth[o.text("organizationalUnitId")] = depth[parent] + 1
		}
		o["organizationalUnitName"] = strings.Repeat("  ", depth[o.text("organizationalUnitId")]) + o.text("organizationalUnitName")
	}
}

func addOrganizationCommand(w world, f *controlFlags) *cobra.Command {
	var below, instance string
	var c *cobra.Command
	c = f.command(w, "add NAME", "Make an organization below another", oneArg("name"), func(ctx context.Context, p *plane, args []string) error {
		if c.Flags().Changed("below") && below == "" {
			return noOrganization()
		}
		in, parent, err := p.place(ctx, instance, below)
		if err != nil {
			return err
		}
		body := entity{"organizationalUnitName": args[0]}
		if parent != "" {
			body["parentId"] = parent
		}
		var made entity
		if err := p.do(ctx, http.MethodPost, "/v1/instances/"+in+"/organizations", body, &made); err != nil {
			return err
		}
		return p.show(organizationColumns, made)
	})
	c.Flags().StringVar(&instance, "instance", "", "id or name of the instance (default: that of --below, or the only one)")
	c.Flags().StringVar(&below, "below", "", "id or name of the organization above it (default: the root)")
	return c
}

// place finds the instance and the organization in which another is made; without a parent that is the root.
func (p *plane) place(ctx context.Context, instance, below string) (in, parent string, err error) {
	if instance != "" || below == "" {
		if in, err = p.instance(ctx, instance); err != nil || below == "" {
			return in, "", err
		}
	}
	o, err := p.organization(ctx, in, below)
	if in == "" {
		in = o.text("instanceId")
	}
	return in, o.text("organizationalUnitId"), err
}

func changeOrganizationCommand(w world, f *controlFlags) *cobra.Command {
	var name, below string
	var c *cobra.Command
	c = f.command(w, "change ORGANIZATION", "Rename an organization, move it with all that lies below it, or both", oneArg("organization"),
		func(ctx context.Context, p *plane, args []string) error {
			renamed, moved := c.Flags().Changed("name"), c.Flags().Changed("below")
			if !renamed && !moved {
				return usage("say what becomes different: --name or --below")
			}
			o, err := p.organization(ctx, "", args[0])
			if err != nil {
				return err
			}
			body := entity{}
			if renamed {
				body["organizationalUnitName"] = name
			}
			if moved {
				parent, err := p.organization(ctx, o.text("instanceId"), below)
				if err != nil {
					return err
				}
				body["parentId"] = parent.text("organizationalUnitId")
			}
			var changed entity
			if err := p.do(ctx, http.MethodPatch, o.organizationPath(), body, &changed); err != nil {
				return err
			}
			return p.show(organizationColumns, changed)
		})
	c.Flags().StringVar(&name, "name", "", "another name")
	c.Flags().StringVar(&below, "below", "", "id or name of the organization to move below, in the same instance")
	return c
}

// noOrganization is for an id or a name that is empty, as a variable that is not set makes it.
func noOrganization() error {
	return usage("an id or name of an organization is empty; scimproof organization list shows them")
}

func (e entity) organizationPath() string {
	return "/v1/organizations/" + url.PathEscape(e.text("organizationalUnitId"))
}

// organizations are the ids of those of an instance that are named by their ids or their names.
func (p *plane) organizations(ctx context.Context, instance string, named []string) ([]string, error) {
	out := []string{}
	for _, name := range named {
		if name != "" && !strings.HasPrefix(name, "ou_") {
			o, err := p.organization(ctx, instance, name)
			if err != nil {
				return nil, err
			}
			name = o.text("organizationalUnitId")
		}
		out = append(out, name)
	}
	return out, nil
}

// organization finds an organization by its id, or by its name in an instance; "" is any.
func (p *plane) organization(ctx context.Context, instance, name string) (o entity, err error) {
	if name == "" {
		return nil, noOrganization()
	}
	if strings.HasPrefix(name, "ou_") {
		err = p.do(ctx, http.MethodGet, "/v1/organizations/"+url.PathEscape(name), nil, &o)
		return o, err
	}
	instances := []entity{{"instanceId": instance}}
	if instance == "" {
		if instances, err = p.list(ctx, "/v1/instances"); err != nil {
			return nil, err
		}
	}
	var found []entity
	for _, in := range instances {
		list, err := p.list(ctx, "/v1/instances/"+in.text("instanceId")+"/organizations")
		if err != nil {
			return nil, err
		}
		for _, o := range list {
			if o.text("organizationalUnitName") == name {
				found = append(found, o)
			}
		}
	}
	switch len(found) {
	case 0:
		return nil, usage("there is no organization %q; scimproof organization list shows them", name)
	case 1:
		return found[0], nil
	}
	return nil, usage("%d organizations are called %q; give the id of one", len(found), name)
}

package main

import (
	"context"
	"net/http"

	"github.com/spf13/cobra"
)

func scopeCommand(w world) *cobra.Command {
	f := &controlFlags{}
	show := f.command(w, "show APP", "Show the provisioning scope and the synchronization target of an application", oneArg("application"),
		func(ctx context.Context, p *plane, args []string) error {
			e, err := p.application(ctx, args[0])
			if err != nil {
				return err
			}
			return p.showScope(e)
		})
	return noun(f, "scope", "Show and set what an application synchronizes into", show, setScopeCommand(w, f), organizationsCommand(w, f), addOrganizationCommand(w, f))
}

func (p *plane) showScope(application entity) error {
	scope, _ := application["provisioningScope"].(map[string]any)
	columns := []column{{"ORGANIZATIONS", "organizationalUnitIds"}, {"GROUPS", "groupIds"}, {"TARGET", "target"}}
	e := entity{
		"organizationalUnitIds": scope["organizationalUnitIds"], "groupIds": scope["groupIds"], "target": application["userPrimaryOrganizationalUnitId"],
	}
	for _, c := range columns {
		if !p.json && e.text(c.member) == "" {
			e[c.member] = "none"
		}
	}
	return p.show(columns, e)
}

func setScopeCommand(w world, f *controlFlags) *cobra.Command {
	var organizations, groups []string
	var target string
	var c *cobra.Command
	c = f.command(w, "set APP", "Set the scope or the target of an application; what no flag names stays", oneArg("application"),
		func(ctx context.Context, p *plane, args []string) error {
			e, err := p.application(ctx, args[0])
			if err != nil {
				return err
			}
			scope, _ := e["provisioningScope"].(map[string]any)
			body := entity{}
			if c.Flags().Changed("organization") {
				scope["organizationalUnitIds"] = without(organizations)
				body["provisioningScope"] = scope
			}
			if c.Flags().Changed("group") {
				scope["groupIds"] = without(groups)
				body["provisioningScope"] = scope
			}
			if c.Flags().Changed("target") {
				body["userPrimaryOrganizationalUnitId"] = target
			}
			if len(body) == 0 {
				return usage("say what to set: --organization, --group or --target")
			}
			var changed entity
			if err := p.do(ctx, http.MethodPatch, "/v1/applications/"+e.text("applicationId"), body, &changed); err != nil {
				return err
			}
			return p.showScope(changed)
		})
	c.Flags().StringSliceVar(&organizations, "organization", nil, "ids of the organizations, each with all below it, or none")
	c.Flags().StringSliceVar(&groups, "group", nil, "ids of the groups, or none")
	c.Flags().StringVar(&target, "target", "", "id of the organization for accounts that name none; it lies in the scope")
	return c
}

var organizationColumns = []column{{"ID", "organizationalUnitId"}, {"NAME", "organizationalUnitName"}, {"BELOW", "parentId"}}

func organizationsCommand(w world, f *controlFlags) *cobra.Command {
	var instance string
	c := f.command(w, "organizations", "List the organizations of an instance", cobra.NoArgs, func(ctx context.Context, p *plane, _ []string) error {
		in, err := p.instance(ctx, instance)
		if err != nil {
			return err
		}
		list, err := p.list(ctx, "/v1/instances/"+in+"/organizations")
		if err != nil {
			return err
		}
		return p.print(organizationColumns, list...)
	})
	c.Flags().StringVar(&instance, "instance", "", "id or name of the instance (default: the only one)")
	return c
}

func addOrganizationCommand(w world, f *controlFlags) *cobra.Command {
	var parent, instance string
	c := f.command(w, "add-organization NAME", "Make an organization below another", oneArg("name"), func(ctx context.Context, p *plane, args []string) error {
		in, err := p.instance(ctx, instance)
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
	c.Flags().StringVar(&instance, "instance", "", "id or name of the instance (default: the only one)")
	c.Flags().StringVar(&parent, "below", "", "id of the organization above it (default: the root)")
	return c
}

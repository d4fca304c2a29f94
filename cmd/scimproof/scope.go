package main

import (
	"cmp"
	"context"
	"net/http"
	"strings"

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
			return p.showScope(ctx, e)
		})
	return noun(f, "scope", "Show and set what an application synchronizes into", show, setScopeCommand(w, f))
}

func (p *plane) showScope(ctx context.Context, application entity) error {
	scope, _ := application["provisioningScope"].(map[string]any)
	columns := []column{{"ORGANIZATIONS", "organizationalUnitIds"}, {"GROUPS", "groupIds"}, {"TARGET", "target"}}
	e := entity{
		"organizationalUnitIds": scope["organizationalUnitIds"], "groupIds": scope["groupIds"], "target": application["userPrimaryOrganizationalUnitId"],
	}
	if p.json {
		return p.printJSON(e)
	}
	names, err := p.names(ctx, "/v1/instances/"+application.text("instanceId")+"/organizations", "organizationalUnitId", "organizationalUnitName")
	if err != nil {
		return err
	}
	for _, c := range columns {
		e[c.member] = cmp.Or(strings.Join(withNames(strings.Fields(e.text(c.member)), names), ", "), "none")
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
			instance := e.text("instanceId")
			if c.Flags().Changed("organization") {
				if scope["organizationalUnitIds"], err = p.organizations(ctx, instance, without(organizations)); err != nil {
					return err
				}
				body["provisioningScope"] = scope
			}
			if c.Flags().Changed("group") {
				scope["groupIds"] = without(groups)
				body["provisioningScope"] = scope
			}
			if c.Flags().Changed("target") {
				found, err := p.organizations(ctx, instance, []string{target})
				if err != nil {
					return err
				}
				body["userPrimaryOrganizationalUnitId"] = found[0]
			}
			if len(body) == 0 {
				return usage("say what to set: --organization, --group or --target")
			}
			var changed entity
			if err := p.do(ctx, http.MethodPatch, "/v1/applications/"+e.text("applicationId"), body, &changed); err != nil {
				return err
			}
			return p.showScope(ctx, changed)
		})
	c.Flags().StringSliceVar(&organizations, "organization", nil, "ids or names of the organizations, which organization list shows, each with all below it, or none")
	c.Flags().StringSliceVar(&groups, "group", nil, "ids of the groups, or none")
	c.Flags().StringVar(&target, "target", "", "id or name of the organization for accounts that name none; it lies in the scope")
	return c
}

package main

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"scimproof/server/control"
	"scimproof/server/idaas"
	"scimproof/server/variant"
)

var applicationColumns = []column{
	{"ID", "applicationId"}, {"NAME", "applicationName"}, {"KIND", "applicationSourceType"}, {"PROFILE", "profile"}, {"STATUS", "status"}, {"API", "apiInvokeStatus"},
	{"INSTANCE", "instanceId"},
}

var applicationMembers = append(slices.Clone(applicationColumns),
	column{"SCIM BASE URL", "scimBaseUrl"}, column{"TOKEN URL", "tokenUrl"}, column{"SCIM BASE PATH", "scimBasePath"}, column{"PERMISSIONS", "grantScopes"}, column{"TARGET", "userPrimaryOrganizationalUnitId"},
	column{"NAMESPACE", "userCustomFieldNamespace"}, column{"FIELDS", "supportedUserCustomFieldIds"}, column{"VARIANTS", "variants"}, column{"CREATED", "createTime"})

func instanceCommand(w world) *cobra.Command {
	f := &controlFlags{}
	columns := []column{{"ID", "instanceId"}, {"NAME", "instanceName"}, {"PASSWORD POLICY", "passwordPolicy"}, {"CREATED", "createTime"}}
	return noun(f, "instance", "List, make, change and delete instances",
		f.command(w, "list", "List the instances", cobra.NoArgs, func(ctx context.Context, p *plane, _ []string) error {
			list, err := p.list(ctx, "/v1/instances")
			if err != nil {
				return err
			}
			return p.print(columns, list...)
		}),
		f.command(w, "add NAME", "Make an instance, with an organization at its root", oneArg("name"), func(ctx context.Context, p *plane, args []string) error {
			var made entity
			if err := p.do(ctx, http.MethodPost, "/v1/instances", entity{"instanceName": args[0]}, &made); err != nil {
				return err
			}
			return p.show(columns, made)
		}),
		changeInstanceCommand(w, f, columns),
		f.command(w, "delete INSTANCE", "Delete an instance, by its id or name, with all that it has", oneArg("instance"), func(ctx context.Context, p *plane, args []string) error {
			id, err := p.instance(ctx, args[0])
			if err != nil {
				return err
			}
			return p.do(ctx, http.MethodDelete, "/v1/instances/"+url.PathEscape(id), nil, nil)
		}))
}

func changeInstanceCommand(w world, f *controlFlags, columns []column) *cobra.Command {
	var name, policy string
	var c *cobra.Command
	c = f.command(w, "change INSTANCE", "Rename an instance, choose its password policy, or both", oneArg("instance"), func(ctx context.Context, p *plane, args []string) error {
		body := entity{}
		if c.Flags().Changed("name") {
			body["instanceName"] = name
		}
		if c.Flags().Changed("password-policy") {
			body["passwordPolicy"] = policy
		}
		if len(body) == 0 {
			return usage("say what becomes different: --name or --password-policy")
		}
		id, err := p.instance(ctx, args[0])
		if err != nil {
			return err
		}
		var changed entity
		if err := p.do(ctx, http.MethodPatch, "/v1/instances/"+url.PathEscape(id), body, &changed); err != nil {
			return err
		}
		return p.show(columns, changed)
	})
	c.Flags().StringVar(&name, "name", "", "another name")
	c.Flags().StringVar(&policy, "password-policy", "", "what a password must have: "+strings.Join(policyNames(), ", "))
	return c
}

// policyNames are the password policies, the most lenient first.
func policyNames() (names []string) {
	for _, p := range idaas.Policies() {
		names = append(names, p.Name)
	}
	return names
}

func appCommand(w world) *cobra.Command {
	f := &controlFlags{}
	list := f.command(w, "list", "List the applications", cobra.NoArgs, func(ctx context.Context, p *plane, _ []string) error {
		list, err := p.list(ctx, "/v1/applications")
		if err != nil {
			return err
		}
		if !p.json {
			names, err := p.names(ctx, "/v1/instances", "instanceId", "instanceName")
			if err != nil {
				return err
			}
			rename(list, "instanceId", names)
		}
		return p.print(applicationColumns, list...)
	})
	show := f.command(w, "show APP", "Show an application, by its id or name", oneArg("application"), func(ctx context.Context, p *plane, args []string) error {
		e, err := p.application(ctx, args[0])
		if err != nil {
			return err
		}
		return p.showApplication(e)
	})
	remove := f.command(w, "delete APP", "Delete an application and its tokens; what it made in its instance stays", oneArg("application"), func(ctx context.Context, p *plane, args []string) error {
		e, err := p.application(ctx, args[0])
		if err != nil {
			return err
		}
		return p.do(ctx, http.MethodDelete, "/v1/applications/"+e.text("applicationId"), nil, nil)
	})
	return noun(f, "app", "List, make, change and delete applications, and show what they see", list, show, addAppCommand(w, f), changeAppCommand(w, f), remove,
		seenCommand(w, f, "users", userColumns), seenCommand(w, f, "groups", groupColumns))
}

// showApplication shows an application with its SCIM Base URL, or the path of it where only a store is known.
func (p *plane) showApplication(e entity) error {
	if !p.json && e.text("scimBaseUrl") != "" {
		delete(e, "scimBasePath")
	}
	return p.show(applicationMembers, e)
}

func addAppCommand(w world, f *controlFlags) *cobra.Command {
	var instance, kind, profile string
	c := f.command(w, "add NAME", "Make an application; everything about synchronization is then still to be set", oneArg("name"),
		func(ctx context.Context, p *plane, args []string) error {
			in, err := p.instance(ctx, instance)
			if err != nil {
				return err
			}
			var made entity
			body := entity{"applicationName": args[0], "applicationSourceType": kind, "profile": profile}
			if err := p.do(ctx, http.MethodPost, "/v1/instances/"+in+"/applications", body, &made); err != nil {
				return err
			}
			return p.showApplication(made)
		})
	fl := c.Flags()
	fl.StringVar(&instance, "instance", "", "id or name of the instance (default: the only one)")
	fl.StringVar(&kind, "kind", control.Custom, "standard, custom or template")
	fl.StringVar(&profile, "profile", "idaas", "idaas or rfc")
	return c
}

func changeAppCommand(w world, f *controlFlags) *cobra.Command {
	var name, status, api, profile, namespace string
	var grant, fields, variants []string
	var c *cobra.Command
	c = f.command(w, "change APP", "Change an application: all that the flags say, or nothing", oneArg("application"),
		func(ctx context.Context, p *plane, args []string) error {
			e, err := p.application(ctx, args[0])
			if err != nil {
				return err
			}
			var synced []string
			if c.Flags().Changed("fields") {
				if synced, err = p.fields(ctx, e.text("instanceId"), without(fields)); err != nil {
					return err
				}
			}
			body := entity{}
			for flag, set := range map[string]func(){
				"name":      func() { body["applicationName"] = name },
				"status":    func() { body["status"] = status },
				"api":       func() { body["apiInvokeStatus"] = api },
				"profile":   func() { body["profile"] = profile },
				"namespace": func() { body["userCustomFieldNamespace"] = namespace },
				"grant":     func() { body["grantScopes"] = granted(grant) },
				"fields":    func() { body["supportedUserCustomFieldIds"] = synced },
				"variants":  func() { body["variants"] = without(variants) },
			} {
				if c.Flags().Changed(flag) {
					set()
				}
			}
			if len(body) == 0 {
				return usage("say what becomes different; scimproof app change --help lists the flags")
			}
			var changed entity
			if err := p.do(ctx, http.MethodPatch, "/v1/applications/"+e.text("applicationId"), body, &changed); err != nil {
				return err
			}
			return p.showApplication(changed)
		})
	fl := c.Flags()
	fl.StringVar(&name, "name", "", "another name")
	fl.StringVar(&status, "status", "", "enabled or disabled")
	fl.StringVar(&api, "api", "", "enabled or disabled: the IDaaS API")
	fl.StringVar(&profile, "profile", "", "idaas or rfc")
	fl.StringSliceVar(&grant, "grant", nil, "the SCIM scenarios that are granted: all, none, or some of "+strings.Join(control.Scenarios, ", "))
	fl.StringVar(&namespace, "namespace", "", "URN of the extended fields")
	fl.StringSliceVar(&fields, "fields", nil, "ids or names of the extended fields that sync, which field list shows, or none")
	fl.StringSliceVar(&variants, "variants", nil, "legal freedoms that are switched on, or none; profile idaas has "+
		strings.Join(variant.Names("idaas"), ", ")+", and rfc has "+strings.Join(variant.Names("rfc"), ", "))
	return c
}

// granted are the scenarios that --grant names.
func granted(list []string) []string {
	if len(list) == 1 && list[0] == "all" {
		return control.Scenarios
	}
	return without(list)
}

// without is a list whose only item "none" stands for an empty one.
func without(list []string) []string {
	if len(list) == 1 && strings.EqualFold(list[0], "none") {
		return []string{}
	}
	return list
}

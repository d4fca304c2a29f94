package main

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/spf13/cobra"
)

var fieldColumns = []column{
	{"ID", "fieldId"}, {"NAME", "fieldName"}, {"SHOWN AS", "fieldDisplayName"}, {"TYPE", "fieldDataType"}, {"REQUIRED", "required"}, {"UNIQUE", "unique"}, {"STATUS", "status"},
	{"OPTIONS", "options"},
}

func fieldCommand(w world) *cobra.Command {
	f := &controlFlags{}
	change := func(verb, short string, body entity) *cobra.Command {
		return f.command(w, verb+" FIELD", short, oneArg("field id"), func(ctx context.Context, p *plane, args []string) error {
			var changed entity
			if err := p.do(ctx, http.MethodPatch, "/v1/fields/"+url.PathEscape(args[0]), body, &changed); err != nil {
				return err
			}
			return p.show(fieldColumns, changed)
		})
	}
	remove := f.command(w, "delete FIELD", "Delete an extended field that no application syncs", oneArg("field id"), func(ctx context.Context, p *plane, args []string) error {
		return p.do(ctx, http.MethodDelete, "/v1/fields/"+url.PathEscape(args[0]), nil, nil)
	})
	return noun(f, "field", "List, make, change, enable, disable and delete the extended fields of accounts", listFieldsCommand(w, f), addFieldCommand(w, f),
		changeFieldCommand(w, f),
		change("enable", "Enable an extended field", entity{"status": "enabled"}),
		change("disable", "Disable an extended field: it no longer syncs", entity{"status": "disabled"}), remove)
}

// fields are the ids of extended fields of an instance that are named by their ids or their names.
func (p *plane) fields(ctx context.Context, instance string, named []string) ([]string, error) {
	list, err := p.list(ctx, "/v1/instances/"+instance+"/fields")
	if err != nil {
		return nil, err
	}
	ids := map[string]string{}
	for _, e := range list {
		ids[e.text("fieldName")] = e.text("fieldId")
	}
	out := []string{}
	for _, name := range named {
		id, byName := ids[name]
		switch {
		case byName:
			name = id
		case !strings.HasPrefix(name, "ufd_"):
			return nil, usage("there is no extended field %q in the application's instance; scimproof field list shows them, and field add makes one", name)
		}
		out = append(out, name)
	}
	return out, nil
}

func listFieldsCommand(w world, f *controlFlags) *cobra.Command {
	var instance string
	c := f.command(w, "list", "List the extended fields of an instance", cobra.NoArgs, func(ctx context.Context, p *plane, _ []string) error {
		in, err := p.instance(ctx, instance)
		if err != nil {
			return err
		}
		list, err := p.list(ctx, "/v1/instances/"+in+"/fields")
		if err != nil {
			return err
		}
		return p.print(fieldColumns, list...)
	})
	c.Flags().StringVar(&instance, "instance", "", "id or name of the instance (default: the only one)")
	return c
}

// asOptions are the options that have these values.
func asOptions(values []string) []entity {
	list := []entity{}
	for _, v := range values {
		list = append(list, entity{"value": v})
	}
	return list
}

func changeFieldCommand(w world, f *controlFlags) *cobra.Command {
	var shown string
	var required bool
	var options []string
	var c *cobra.Command
	c = f.command(w, "change FIELD", "Change an extended field; its name, type and uniqueness are for good", oneArg("field id"), func(ctx context.Context, p *plane, args []string) error {
		body := entity{}
		for flag, set := range map[string]func(){
			"shown-as": func() { body["fieldDisplayName"] = shown },
			"required": func() { body["required"] = required },
			"option":   func() { body["options"] = asOptions(options) },
		} {
			if c.Flags().Changed(flag) {
				set()
			}
		}
		if len(body) == 0 {
			return usage("say what becomes different: --shown-as, --required, --required=false or --option")
		}
		var changed entity
		if err := p.do(ctx, http.MethodPatch, "/v1/fields/"+url.PathEscape(args[0]), body, &changed); err != nil {
			return err
		}
		return p.show(fieldColumns, changed)
	})
	fl := c.Flags()
	fl.StringVar(&shown, "shown-as", "", "the name that people see")
	fl.BoolVar(&required, "required", false, "an account that syncs it must have it; --required=false ends that")
	fl.StringSliceVar(&options, "option", nil, "all the values that it can have, in place of those before")
	return c
}

func addFieldCommand(w world, f *controlFlags) *cobra.Command {
	var instance, typ, shown string
	var required, unique bool
	var options []string
	c := f.command(w, "add NAME", "Make an extended field; app change --fields lets an application sync it", oneArg("name"), func(ctx context.Context, p *plane, args []string) error {
		in, err := p.instance(ctx, instance)
		if err != nil {
			return err
		}
		if shown == "" {
			shown = args[0]
		}
		body := entity{"fieldName": args[0], "fieldDisplayName": shown, "fieldDataType": typ, "required": required, "unique": unique}
		if len(options) > 0 {
			body["options"], body["fieldDisplayType"] = asOptions(options), "select"
		}
		var made entity
		if err := p.do(ctx, http.MethodPost, "/v1/instances/"+in+"/fields", body, &made); err != nil {
			return err
		}
		return p.show(fieldColumns, made)
	})
	fl := c.Flags()
	fl.StringVar(&instance, "instance", "", "id or name of the instance (default: the only one)")
	fl.StringVar(&typ, "type", "string", "string, number or boolean")
	fl.StringVar(&shown, "shown-as", "", "the name that people see (default: NAME)")
	fl.BoolVar(&required, "required", false, "an account that syncs it must have it")
	fl.BoolVar(&unique, "unique", false, "no two accounts of the instance have the same value")
	fl.StringSliceVar(&options, "option", nil, "the values that it can have")
	return c
}

package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/spf13/cobra"
)

var (
	userColumns = []column{
		{"ID", "id"}, {"USERNAME", "userName"}, {"DISPLAY NAME", "displayName"}, {"E-MAIL", "mail"}, {"EXTERNAL ID", "externalId"}, {"ACTIVE", "active"},
	}
	groupColumns = []column{{"ID", "id"}, {"DISPLAY NAME", "displayName"}, {"EXTERNAL ID", "externalId"}, {"MEMBERS", "size"}}
)

// seenCommand lists the users or the groups that an application sees.
func seenCommand(w world, f *controlFlags, what string, columns []column) *cobra.Command {
	var filter string
	var start, count int
	var c *cobra.Command
	c = f.command(w, what+" APP", "List the "+what+" that an application sees, as it sees them", oneArg("application"), func(ctx context.Context, p *plane, args []string) error {
		e, err := p.application(ctx, args[0])
		if err != nil {
			return err
		}
		query := url.Values{}
		for flag, set := range map[string]func(){
			"filter":      func() { query.Set("filter", filter) },
			"start-index": func() { query.Set("startIndex", strconv.Itoa(start)) },
			"count":       func() { query.Set("count", strconv.Itoa(count)) },
		} {
			if c.Flags().Changed(flag) {
				set()
			}
		}
		var page entity
		if err := p.do(ctx, http.MethodGet, "/v1/applications/"+e.text("applicationId")+"/"+what+"?"+query.Encode(), nil, &page); err != nil {
			return err
		}
		return p.showPage(columns, page)
	})
	c.Flags().StringVar(&filter, "filter", "", `only those that a filter of SCIM chooses, such as 'userName sw "jo"'`)
	c.Flags().IntVar(&start, "start-index", 1, "number of the first one to show")
	c.Flags().IntVar(&count, "count", 100, "how many to show at most, up to 100")
	return c
}

// showPage prints the resources of a ListResponse, and says how to see those after them.
func (p *plane) showPage(columns []column, page entity) error {
	if p.json {
		return p.printJSON(page)
	}
	resources, _ := page["Resources"].([]any)
	var list []entity
	for _, r := range resources {
		list = append(list, summed(r))
	}
	if err := p.print(columns, list...); err != nil {
		return err
	}
	first, _ := page["startIndex"].(float64)
	total, _ := page["totalResults"].(float64)
	if next := int(first) + len(list); len(list) > 0 && next <= int(total) {
		fmt.Fprintf(p.world.stderr, "%d to %d of %d; --start-index %d shows those after\n", int(first), next-1, int(total), next)
	}
	return nil
}

// summed is a resource with what a table has of its lists: the primary e-mail address, or the first, and how many members it shows.
func summed(resource any) entity {
	r, _ := resource.(map[string]any)
	e := entity(r)
	mails, _ := e["emails"].([]any)
	for _, item := range mails {
		mail, _ := item.(map[string]any)
		if e["mail"] == nil || mail["primary"] == true {
			e["mail"] = mail["value"]
		}
	}
	if members, ok := e["members"].([]any); ok {
		e["size"] = len(members)
	}
	return e
}

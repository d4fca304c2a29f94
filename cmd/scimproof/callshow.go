package main

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/spf13/cobra"
)

var deedColumns = []column{
	{"PART", "part"}, {"TIME", "time"}, {"APPLICATION", "application"}, {"TOKEN ID", "token"}, {"OPERATION", "operation"}, {"TARGET", "target"},
	{"METHOD", "method"}, {"PATH", "path"}, {"STATUS", "status"}, {"SCIMTYPE", "scimType"}, {"REASON", "reason"}, {"LATENCY", "latency"},
	{"EVENT", "event"}, {"CORRELATION ID", "correlation"},
}

func showCallCommand(w world, f *controlFlags) *cobra.Command {
	return f.command(w, "show ID", "Show the call with a correlation id and, where it failed, what was sent and got without its secrets", oneArg("correlation id"),
		func(ctx context.Context, p *plane, args []string) error {
			deeds, err := p.list(ctx, "/v1/calls/"+url.PathEscape(args[0]))
			if err != nil {
				return err
			}
			if p.json {
				return p.printJSON(deeds)
			}
			names, err := p.applicationNames(ctx)
			if err != nil {
				return err
			}
			for i, d := range deeds {
				if i > 0 {
					fmt.Fprintln(p.world.stdout)
				}
				if err := p.showDeed(d, names); err != nil {
					return err
				}
			}
			return nil
		})
}

func (p *plane) showDeed(d entity, names map[string]string) error {
	call := d.entity("call")
	if id := call.text("application"); id != "" {
		call["application"] = withNames([]string{id}, names)[0]
	}
	if call["part"] == 0.0 {
		delete(call, "part")
	}
	showLatency([]entity{call})
	if err := p.show(deedColumns, call); err != nil || d["exchange"] == nil {
		return err
	}
	exchange := d.entity("exchange")
	for _, side := range []struct{ name, member string }{{"Sent", "request"}, {"Answered", "answer"}} {
		p.showMessage(side.name, exchange.entity(side.member))
	}
	return nil
}

// entity is a member that is an object.
func (e entity) entity(name string) entity {
	object, _ := e[name].(map[string]any)
	return object
}

func (p *plane) showMessage(name string, m entity) {
	fmt.Fprintf(p.world.stdout, "\n%s, %s bytes:\n", name, m.text("bytes"))
	headers, _ := m["headers"].([]any)
	for _, h := range headers {
		line, _ := h.(map[string]any)
		fmt.Fprintf(p.world.stdout, "  %s: %s\n", printable(entity(line).text("name")), printable(entity(line).text("value")))
	}
	switch m.text("kept") {
	case "size":
		fmt.Fprintln(p.world.stdout, "  (the body is not kept: its secrets cannot be told from the rest)")
	case "nothing":
		fmt.Fprintln(p.world.stdout, "  (no body, or nobody read it)")
	case "beginning":
		fmt.Fprintln(p.world.stdout, indented(m.text("body"))+" ... (the rest is not kept)")
	default:
		fmt.Fprintln(p.world.stdout, indented(m.text("body")))
	}
}

// indented is a body as people read it.
func indented(body string) string {
	v := jsontext.Value(body)
	if err := v.Indent(); err == nil {
		body = string(v)
	}
	var out []string
	for line := range strings.SplitSeq(body, "\n") {
		out = append(out, "  "+printable(strings.ReplaceAll(line, "\t", "  ")))
	}
	return strings.Join(out, "\n")
}

package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/spf13/cobra"

	"scimproof/reports/verdict"
)

// longestEvent is how many bytes an event has at most; a call is bounded far below.
const longestEvent = 1 << 20

func tailCommand(w world, f *controlFlags) *cobra.Command {
	filter := newCallFilter()
	c := f.command(w, "tail", "Show calls as they happen, until it is told to stop", cobra.NoArgs, func(ctx context.Context, p *plane, _ []string) error {
		if p.records != nil {
			return usage("calls tail follows a server that runs; leave --dir out and name the server with --admin, or look at what is there with calls list")
		}
		query, err := filter.query(ctx, p)
		if err != nil {
			return err
		}
		names, err := p.applicationNames(ctx)
		if err != nil {
			return err
		}
		err = p.stream(ctx, "/v1/calls/tail?"+query.Encode(), func(events io.Reader) error { return p.follow(events, names) })
		if ctx.Err() != nil {
			return nil // it was told to stop
		}
		return err
	})
	filter.add(c)
	return c
}

// follow prints the calls of a stream of events until it ends, with the names of applications where there are any.
func (p *plane) follow(events io.Reader, names map[string]string) error {
	lines := bufio.NewScanner(events)
	lines.Buffer(nil, longestEvent)
	name := ""
	for lines.Scan() {
		data, isData := strings.CutPrefix(lines.Text(), "data: ")
		switch {
		case lines.Text() == "":
			name = ""
		case !isData:
			name = strings.TrimPrefix(lines.Text(), "event: ")
		case name == "end":
			return ended(data)
		case name == "call":
			if err := p.printCall(data, names); err != nil {
				return err
			}
		}
	}
	if err := lines.Err(); err != nil {
		return p.brokeOff(err)
	}
	return p.brokeOff(io.ErrUnexpectedEOF)
}

func ended(why string) error {
	if why == "slow" {
		return &exit{verdict.ExitUnreachable, "calls come faster than they are read here, and the server went on without; choose fewer, or use calls export"}
	}
	return &exit{verdict.ExitUnreachable, "the server is closing; start it again, and follow again"}
}

// printCall prints a call as a line.
func (p *plane) printCall(data string, names map[string]string) error {
	var c entity
	if err := json.Unmarshal([]byte(data), &c); err != nil {
		return p.brokeOff(err)
	}
	if p.json {
		_, err := fmt.Fprintln(p.world.stdout, data)
		return err
	}
	showLatency([]entity{c})
	rename([]entity{c}, "application", names)
	cells := []any{}
	for _, member := range []string{"time", "application", "operation", "target", "status", "latency", "correlation"} {
		cells = append(cells, column{member: member}.short(c))
	}
	line := fmt.Sprintf("%s  %-16s  %-8s  %-31s  %s  %-10s  %s", cells...)
	if why := printable(c.text("reason")); why != "" {
		line += "  " + why
		if !p.fits(line) {
			line = strings.TrimSuffix(line, "  "+why) + "\n  " + why
		}
	}
	_, err := fmt.Fprintln(p.world.stdout, line)
	return err
}

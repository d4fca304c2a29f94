package main

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"scimproof/server/calllog"
)

var callColumns = []column{
	{"TIME", "time"}, {"APPLICATION", "application"}, {"OPERATION", "operation"}, {"TARGET", "target"}, {"STATUS", "status"}, {"SCIMTYPE", "scimType"},
	{"LATENCY", "latency"}, {"CORRELATION ID", "correlation"}, {"REASON", "reason"},
}

var callStatsColumns = []column{
	{"WRITTEN", "written"}, {"DROPPED", "dropped"}, {"EXCHANGES DROPPED", "exchangesDropped"}, {"EXCHANGES SPARED", "exchangesSpared"}, {"REMOVED BY AGE OR SIZE", "removed"},
	{"SLOW READERS LEFT BEHIND", "tailsDropped"},
	{"FAILURE", "failure"}, {"FAILED AT", "failedAt"},
}

var holdingColumns = []column{
	{"CALLS", "calls"}, {"EXCHANGES", "exchanges"}, {"UNREADABLE LINES", "unreadable"}, {"FIRST", "first"}, {"LAST", "last"}, {"BYTES", "bytes"},
}

var (
	rateColumns = []column{{"TIME", "time"}, {"APPLICATION", "application"}, {"OPERATION", "operation"}, {"STATUS", "statusClass"}, {"CALLS", "calls"}}
	sumColumns  = []column{{"APPLICATION", "application"}, {"CALLS", "calls"}, {"FAILURES", "failures"}, {"LAST MINUTE", "lastMinute"}}
)

func callsCommand(w world) *cobra.Command {
	f := &controlFlags{}
	stats := f.command(w, "stats", "Show how many calls were recorded since the server started, and how many were dropped; of a directory, what it holds", cobra.NoArgs,
		func(ctx context.Context, p *plane, _ []string) error {
			if p.records != nil {
				return p.showHolding(ctx, f.dir)
			}
			var stats entity
			if err := p.do(ctx, http.MethodGet, "/v1/calls/stats", nil, &stats); err != nil {
				return err
			}
			return p.show(callStatsColumns, stats)
		})
	c := noun(f, "calls", "Show the SCIM calls that a server recorded that runs with --calls-dir",
		listCallsCommand(w, f), showCallCommand(w, f), rateCommand(w, f), sumsCommand(w, f), tailCommand(w, f), exportCommand(w, f), stats)
	c.PersistentFlags().StringVar(&f.dir, "dir", "", "read the directory that serve --calls-dir writes to instead; the server may be running, or not")
	c.PersistentPreRunE = oneSource
	return c
}

// oneSource refuses a directory that is none, and one beside a server: each has calls of its own.
func oneSource(c *cobra.Command, _ []string) error {
	dir := c.Flags().Lookup("dir")
	switch {
	case !dir.Changed:
		return nil
	case dir.Value.String() == "":
		return usage("--dir is empty; name the directory that serve --calls-dir writes to")
	case c.Flags().Changed("admin"):
		return usage("--dir reads a directory, and --admin asks a server; leave one out")
	}
	return nil
}

// showHolding shows what the directory holds.
func (p *plane) showHolding(ctx context.Context, dir string) error {
	h, err := p.records.Holding(ctx)
	if err != nil {
		return noCalls(dir, err)
	}
	e := entity{"calls": h.Calls, "exchanges": h.Exchanges, "unreadable": h.Unreadable, "bytes": h.Bytes}
	if h.Calls > 0 {
		e["first"], e["last"] = h.First.UTC().Format(time.RFC3339Nano), h.Last.UTC().Format(time.RFC3339Nano)
	}
	return p.show(holdingColumns, e)
}

// callFilter are the flags that choose calls, by the parameter that each of them becomes.
type callFilter struct {
	texts    map[string]*string
	failures bool
	numbers  map[string]*int
}

func listCallsCommand(w world, f *controlFlags) *cobra.Command {
	filter := newCallFilter()
	c := f.command(w, "list", "List calls, the newest first", cobra.NoArgs, func(ctx context.Context, p *plane, _ []string) error {
		query, err := filter.query(ctx, p)
		if err != nil {
			return err
		}
		calls, err := p.list(ctx, "/v1/calls?"+query.Encode())
		if err != nil {
			return err
		}
		if err := p.nameApplications(ctx, calls); err != nil {
			return err
		}
		if !p.json {
			showLatency(calls)
		}
		return p.print(callColumns, calls...)
	})
	filter.add(c)
	filter.number(c, "limit", 100, "calls at most, up to 1000")
	return c
}

func newCallFilter() callFilter {
	return callFilter{texts: map[string]*string{}, numbers: map[string]*int{}}
}

// number adds a flag that is no part of the filter, by the name of its parameter.
func (f *callFilter) number(c *cobra.Command, name string, usual int, usage string) {
	f.numbers[name] = c.Flags().Int(name, usual, usage)
}

func (f *callFilter) add(c *cobra.Command) {
	for _, flag := range []struct{ name, parameter, usage string }{
		{"application", "application", "only calls of this application, by its name or its id"},
		{"from", "from", "only calls from this time on, such as 2026-03-31T12:00:00Z"},
		{"to", "to", "only calls before this time"},
		{"operation", "operation", "only this operation: " + strings.Join(calllog.Operations(), ", ")},
		{"status", "status", "only this status, such as 404, or this class, such as 4xx"},
		{"target", "target", "only calls about the resource with this id"},
		{"token", "token", "only calls with the token of this id"},
		{"instance", "instance", "only calls in the instance with this id"},
		{"type", "resourceType", "only calls about this resource type, such as User"},
		{"correlation", "correlation", "only the call with this correlation id"},
	} {
		f.texts[flag.parameter] = c.Flags().String(flag.name, "", flag.usage)
	}
	c.Flags().BoolVar(&f.failures, "failures", false, "only calls that failed")
}

func (f *callFilter) query(ctx context.Context, p *plane) (url.Values, error) {
	q := url.Values{}
	for name, n := range f.numbers {
		q.Set(name, strconv.Itoa(*n))
	}
	if f.failures {
		q.Set("failures", "true")
	}
	for parameter, text := range f.texts {
		if *text != "" {
			q.Set(parameter, *text)
		}
	}
	name := q.Get("application")
	if name == "" || strings.HasPrefix(name, "app_") { // an application may be gone, and its calls are still there
		return q, nil
	}
	if p.nameless {
		return q, usage("a directory of calls has the ids of applications and no names; give an id, which calls applications shows, or name the store that has %q with --store", name)
	}
	e, err := p.application(ctx, name)
	q.Set("application", e.text("applicationId"))
	return q, err
}

// showLatency gives calls their latency with its unit, as a table has it.
func showLatency(calls []entity) {
	for _, c := range calls {
		micros, _ := c["latencyMicros"].(float64)
		c["latency"] = (time.Duration(micros) * time.Microsecond).String()
	}
}

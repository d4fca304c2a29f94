package main

import (
	"context"

	"github.com/spf13/cobra"
)

// rateCommand counts calls by minute, or by spans of so many.
func rateCommand(w world, f *controlFlags) *cobra.Command {
	filter := newCallFilter()
	c := f.command(w, "rate", "Count calls by minute, application, operation and class of status", cobra.NoArgs, func(ctx context.Context, p *plane, _ []string) error {
		return filter.show(ctx, p, "/v1/calls/rate", rateColumns)
	})
	filter.add(c)
	filter.number(c, "minutes", 1, "minutes to count together, up to 1440")
	return c
}

func sumsCommand(w world, f *controlFlags) *cobra.Command {
	filter := newCallFilter()
	c := f.command(w, "applications", "Count the calls of each application, and those that failed", cobra.NoArgs, func(ctx context.Context, p *plane, _ []string) error {
		return filter.show(ctx, p, "/v1/calls/applications", sumColumns)
	})
	filter.add(c)
	return c
}

// show prints what a path has for the filter.
func (f *callFilter) show(ctx context.Context, p *plane, path string, columns []column) error {
	query, err := f.query(ctx, p)
	if err != nil {
		return err
	}
	list, err := p.list(ctx, path+"?"+query.Encode())
	if err != nil {
		return err
	}
	if err := p.nameApplications(ctx, list); err != nil {
		return err
	}
	return p.print(columns, list...)
}

package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"
)

func exportCommand(w world, f *controlFlags) *cobra.Command {
	filter, format := newCallFilter(), ""
	c := f.command(w, "export", "Write all calls to standard output as a file, the oldest first", cobra.NoArgs, func(ctx context.Context, p *plane, _ []string) error {
		query, err := filter.query(ctx, p)
		if err != nil {
			return err
		}
		query.Set("format", format)
		return p.stream(ctx, "/v1/calls/export?"+query.Encode(), func(file io.Reader) error {
			if _, err := io.Copy(p.world.stdout, file); err != nil {
				return p.brokeOff(err)
			}
			return nil
		})
	})
	filter.add(c)
	c.Flags().StringVar(&format, "format", "csv", "csv or jsonl")
	return c
}

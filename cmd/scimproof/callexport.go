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
			out := &outlet{to: p.world.stdout}
			_, err := io.Copy(out, file)
			switch {
			case out.err != nil:
				return usage("standard output takes no more, and what is there is not all: %v; make room, or choose another place", out.err)
			case err != nil:
				return p.brokeOff(err)
			}
			return nil
		})
	})
	filter.add(c)
	c.Flags().StringVar(&format, "format", "csv", "csv or jsonl")
	return c
}

// outlet remembers that it was the writer that failed, and not what is written.
type outlet struct {
	to  io.Writer
	err error
}

func (o *outlet) Write(p []byte) (n int, err error) {
	n, o.err = o.to.Write(p)
	return n, o.err
}

package main

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/spf13/cobra"
)

var clockColumns = []column{{"TIME", "time"}}

func clockCommand(w world) *cobra.Command {
	f := &controlFlags{}
	show := f.command(w, "show", "Show the time of a server", cobra.NoArgs, func(ctx context.Context, p *plane, _ []string) error {
		return p.clock(ctx, http.MethodGet, nil)
	})
	advance := f.command(w, "advance DURATION", "Move the time of a server forward, by PT36H or P2D", oneArg("duration"), func(ctx context.Context, p *plane, args []string) error {
		return p.clock(ctx, http.MethodPost, entity{"advance": args[0]})
	})
	return noun(f, "clock", "Show and move the time of a server that runs with --test-clock", show, advance)
}

// clock sends a request to the clock, and shows the time that is answered.
func (p *plane) clock(ctx context.Context, method string, body any) error {
	var now entity
	err := p.do(ctx, method, "/v1/clock", body, &now)
	if e := (*exit)(nil); errors.As(err, &e) && strings.HasPrefix(e.Error(), "PathNotFound") {
		return usage("only a server that runs with serve --test-clock has a time that can be moved; start it so, and leave --store out")
	}
	if err != nil {
		return err
	}
	return p.show(clockColumns, now)
}

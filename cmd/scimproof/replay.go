package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"scimproof/fixtures"
	"scimproof/reports/result"
	"scimproof/reports/verdict"
	"scimproof/simulator/client"
	"scimproof/simulator/persona"
	"scimproof/simulator/replay"
	"scimproof/suites/check"
)

type replayFlags struct {
	targetFlags
	reportFlags
	as        []string
	scenarios []string
	query     string
}

func replayCommand(w world) *cobra.Command {
	var f replayFlags
	c := &cobra.Command{
		Use:   "replay BASE_URL --as CLIENT",
		Short: "Play what an identity provider sends, step by step, and say what it would have needed",
		Long: `Play the request sequences of an identity provider against a SCIM server: each step says what was sent, what came, and what
that client would have needed to go on. What a sequence made is removed again.

The sequences are named like okta/jml-aiw and entra/jml-default; --scenario takes a name, with or without its client, and * for any part.`,
		Args: oneArg("BASE_URL"),
		RunE: func(c *cobra.Command, args []string) error { return runReplay(c.Context(), w, f, args[0]) },
	}
	f.targetFlags.add(c)
	f.reportFlags.add(c)
	c.Flags().StringSliceVar(&f.as, "as", nil, "client to play: okta or entra (needed)")
	c.Flags().StringSliceVar(&f.scenarios, "scenario", nil, "only these sequences (default: all of the client)")
	c.Flags().StringVar(&f.query, "query-encoding", "", "how spaces of a query are written: plus or percent (default: as that client does)")
	return c
}

func runReplay(ctx context.Context, w world, f replayFlags, baseURL string) error {
	plan, err := f.plan()
	if err != nil {
		return err
	}
	reports, err := f.open()
	if err != nil {
		return err
	}
	c, err := f.connect(w, baseURL)
	if err != nil {
		return err
	}
	defer c.Close()
	run := newRun(c.BaseURL(), f.seedOr())
	run.Command = "scimproof replay " + quoteArg(c.BaseURL()) + f.again() + " --as " + strings.Join(f.as, ",")
	if len(f.scenarios) > 0 {
		run.Command += " --scenario " + quoteArg(strings.Join(f.scenarios, ","))
	}
	target, err := discover(ctx, c)
	var bad *unfit
	if errors.As(err, &bad) {
		return &exit{verdict.ExitIncomplete, bad.reason + "; nothing can be played"}
	}
	if err != nil {
		return err
	}
	out := newScreen(w)
	idaas, why := target.IDaaS()
	run.Notes = append(run.Notes, replayNote(idaas, why))
	out.note(run.Notes[0])
	out.steps(c.BaseURL())
	scenarios, residue, err := play(ctx, out, c, target, plan, persona.Encoding(f.query), run.Seed)
	run.Scenarios, run.Residue = scenarios, append(run.Residue, residue...)
	run.Complete = ctx.Err() == nil
	if err != nil && run.Complete {
		return broken(err)
	}
	return finish(w, out, reports, run)
}

func replayNote(idaas bool, why string) string {
	if idaas {
		return "played as against an IDaaS application: " + why
	}
	return "played as against a plain SCIM server: " + why
}

// plan reads which scenarios are to be played.
func (f *replayFlags) plan() ([]*persona.Scenario, error) {
	lib, err := persona.Load(fixtures.IDP)
	if err != nil {
		return nil, broken(err)
	}
	var clients []string
	for name := range lib.Personas {
		clients = append(clients, name)
	}
	slices.Sort(clients)
	if len(f.as) == 0 {
		return nil, usage("say which client to play: --as %s", strings.Join(clients, " or --as "))
	}
	for _, name := range f.as {
		if lib.Personas[name] == nil {
			return nil, usage("there is no client %q; there are %s", name, strings.Join(clients, ", "))
		}
	}
	if f.query != "" && f.query != string(persona.Plus) && f.query != string(persona.Percent) {
		return nil, usage("--query-encoding is plus or percent, not %q", f.query)
	}
	var patterns []string
	for _, name := range f.as {
		if len(f.scenarios) == 0 {
			patterns = append(patterns, name)
		}
		for _, s := range f.scenarios {
			if !strings.Contains(s, "/") {
				s = name + "/" + s
			}
			patterns = append(patterns, s)
		}
	}
	chosen, err := lib.Select(patterns...)
	if err != nil {
		return nil, usage("%v", err)
	}
	return chosen, nil
}

// play plays scenarios against a target and shows each step.
func play(ctx context.Context, out *screen, c *client.Client, target *check.Target, plan []*persona.Scenario, encoding persona.Encoding, seed uint64,
) ([]result.Scenario, []result.Residue, error) {
	idaas, _ := target.IDaaS()
	return replay.Run(ctx, replay.Config{
		Doer: c, Scenarios: plan, Seed: seed, Encoding: encoding, IDaaS: idaas,
		Offers: func(need string) bool {
			offer, _ := target.Offers(check.Need(need))
			return offer != check.Denied
		},
		Progress: out.step,
	})
}

// newRun begins a run.
func newRun(baseURL string, seed uint64) result.Run {
	return result.Run{
		SchemaVersion: result.SchemaVersion, Tool: result.Tool{Version: version, Commit: commit}, Target: result.Target{BaseURL: baseURL},
		Started: time.Now().UTC(), Seed: seed, Complete: true,
		Profiles: []result.Profile{}, Checks: []result.Check{}, Scenarios: []result.Scenario{}, Residue: []result.Residue{},
	}
}

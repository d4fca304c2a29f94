package main

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"scimproof/reports/result"
	"scimproof/reports/verdict"
	"scimproof/simulator/client"
	"scimproof/simulator/persona"
	"scimproof/suites/check"
	"scimproof/suites/runner"
)

type checkFlags struct {
	targetFlags
	meansFlags
	reportFlags
	selection
	parallel int
	limit    time.Duration
}

func checkCommand(w world) *cobra.Command {
	var f checkFlags
	c := &cobra.Command{
		Use:   "check BASE_URL",
		Short: "Judge a SCIM server",
		Long: `Judge a SCIM server by its base URL. Every verdict comes with the exchange that proves it; what the checks create they remove again.

Exit codes: 0 nothing failed; 1 the server broke a MUST; 2 the command was wrong, or writes were not allowed; 3 the server cannot be
reached, speaks no SCIM there, or refuses the credentials; 4 scimproof itself broke; 5 the run is incomplete.`,
		Args: oneArg("BASE_URL"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := only(c, "control", "control-token-env"); err != nil {
				return err
			}
			return runCheck(c.Context(), w, f, args[0])
		},
	}
	f.targetFlags.add(c)
	f.meansFlags.add(c)
	f.reportFlags.add(c)
	f.selection.add(c, "what to judge by: rfc, idaas, okta, entra (default: rfc, and idaas where the server looks like an IDaaS application)")
	c.Flags().IntVar(&f.parallel, "parallel", 4, "checks at a time")
	c.Flags().DurationVar(&f.limit, "check-timeout", time.Minute, "how long one check may take")
	return c
}

func runCheck(ctx context.Context, w world, f checkFlags, baseURL string) error {
	_, all, err := loadCatalogue()
	if err != nil {
		return err
	}
	profiles, err := f.parsed()
	if err != nil {
		return err
	}
	if f.parallel < 1 || f.limit <= 0 {
		return usage("--parallel and --check-timeout are positive")
	}
	// The globs are looked at before anything is sent; which profiles they meet may depend on the target.
	if _, err := check.Select(all, check.Profiles, f.only); err != nil {
		return usage("%v", err)
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
	out := newScreen(w)
	target, err := discover(ctx, c)
	var bad *unfit
	if err != nil && !errors.As(err, &bad) {
		return err
	}
	if target != nil {
		if target.Means, err = f.given(ctx, w, c, &f.targetFlags); err != nil {
			return err
		}
		defer closeMeans(target.Means)
	}
	if profiles == nil {
		var why string
		profiles, why = defaultProfiles(target)
		run.Notes = append(run.Notes, why)
		out.note(why)
	}
	selected, err := check.Select(all, profiles, f.only)
	if err != nil {
		return usage("%v", err)
	}
	run.Command = f.command(c.BaseURL(), profiles)
	j := job{
		screen: out, client: c, target: target, all: all, selected: selected, profiles: profiles, parallel: f.parallel, limit: f.limit,
		seed: run.Seed, narrowed: len(f.only) > 0,
		rerun: func(id string) string { return f.command(c.BaseURL(), profiles, id) },
	}
	if bad != nil {
		j.refuse(&run, bad.reason)
	} else if err := j.do(ctx, &run); err != nil {
		return err
	}
	return finish(w, out, reports, run)
}

// command is the command line that repeats a run, or one check of it.
func (f *checkFlags) command(baseURL string, profiles []check.Profile, only ...string) string {
	s := "scimproof check " + quoteArg(baseURL) + f.targetFlags.again() + f.meansFlags.again() + " --profile " + joined(profiles, ",")
	if only == nil {
		only = f.only
	}
	if len(only) > 0 {
		s += " --only " + quoteArg(strings.Join(only, ","))
	}
	return s
}

// seedOr is the seed that was asked for, or a new one.
func (f *targetFlags) seedOr() uint64 {
	if f.seed != 0 {
		return f.seed
	}
	var raw [8]byte
	if _, err := rand.Read(raw[:]); err != nil {
		panic(err) // the operating system has no random numbers
	}
	return binary.LittleEndian.Uint64(raw[:])%1_000_000_000 + 1 // short enough to be typed again
}

// defaultProfiles are those to judge by when none is named, and why.
func defaultProfiles(t *check.Target) ([]check.Profile, string) {
	if t == nil {
		return []check.Profile{check.RFC}, "judged by profile rfc"
	}
	is, why := t.IDaaS()
	if is {
		return []check.Profile{check.RFC, check.IDaaS}, "judged by profiles rfc and idaas: " + why
	}
	return []check.Profile{check.RFC}, "judged by profile rfc: " + why
}

// job is the judgement of one target.
type job struct {
	screen        *screen
	client        *client.Client
	target        *check.Target
	all, selected []check.Check
	profiles      []check.Profile
	parallel      int
	limit         time.Duration
	seed          uint64
	narrowed      bool
	rerun         func(id string) string
}

// do judges and puts what came of it into the run.
func (j *job) do(ctx context.Context, run *result.Run) error {
	own, cancel := interruptible(ctx)
	defer cancel()
	judged, err := runner.Run(own, runner.Options{
		Env: &check.Env{Client: j.client, Target: j.target, Prefix: persona.DefaultPrefix(j.seed)},
		All: j.all, Selected: j.selected, Profiles: j.profiles, Parallel: j.parallel, Timeout: j.limit, Clock: time.Now,
		Starting: func(id string) { j.screen.open(len(j.selected)).Started(id) }, Progress: j.screen.check, Rerun: j.rerun,
	}, io.Discard)
	if err != nil {
		return broken(err)
	}
	for _, crash := range judged.Crashes {
		j.screen.trouble(crash)
	}
	run.Checks = append(run.Checks, judged.Rows...)
	run.Residue = append(run.Residue, judged.Residue...)
	run.Complete = run.Complete && !judged.Interrupted
	for _, p := range j.profiles {
		run.Profiles = append(run.Profiles, verdict.Profile(string(p), judged.Rows, j.narrowed, judged.Interrupted))
	}
	j.screen.crashed = j.screen.crashed || len(judged.Crashes) > 0
	return nil
}

// refuse makes a row for each selected check that says why it could not be judged.
func (j *job) refuse(run *result.Run, reason string) {
	run.Checks = runner.Unjudged(runner.Options{Selected: j.selected, Profiles: j.profiles, Rerun: j.rerun}, reason)
	for _, p := range j.profiles {
		run.Profiles = append(run.Profiles, verdict.Profile(string(p), run.Checks, j.narrowed, false))
	}
}

// interruptible is a context that ends with the cause check.ErrInterrupted when the given one does.
func interruptible(ctx context.Context) (context.Context, context.CancelFunc) {
	own, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { cancel(check.ErrInterrupted) })
	return own, func() { stop(); cancel(nil) }
}

// finish shows and writes what came of a run, and turns it into an exit code.
func finish(w world, out *screen, reports []report, run result.Run) error {
	run.Ended = time.Now().UTC()
	err := writeReports(w, reports, run)
	out.summary(run, reports)
	switch {
	case err != nil:
		return err
	case out.crashed:
		return &exit{verdict.ExitBroken, "scimproof itself broke in a check; the stack is above. Please report it"}
	}
	if code := verdict.Exit(run); code != verdict.ExitOK {
		return &exit{code, ""}
	}
	return nil
}

func broken(err error) error {
	return &exit{verdict.ExitBroken, fmt.Sprintf("scimproof itself broke: %v", err)}
}

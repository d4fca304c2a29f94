package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"scimproof/fixtures"
	"scimproof/reports/result"
	"scimproof/server"
	"scimproof/server/api"
	"scimproof/simulator/client"
	"scimproof/simulator/persona"
	"scimproof/suites/check"
)

func demoCommand(w world) *cobra.Command {
	var out string
	var seed uint64
	c := &cobra.Command{
		Use:   "demo",
		Short: "Serve, judge and replay on this machine, and write the reports",
		Long: `Start the reference server on a temporary SQLite file with one application of each profile, judge both, replay Okta's and
Entra's joiner-mover-leaver against both, and write report.html, junit.xml and results.json.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return demo(c.Context(), w, out, seed) },
	}
	c.Flags().StringVar(&out, "out", "out", "folder for the reports")
	c.Flags().Uint64Var(&seed, "seed", 1, "number that generated names follow from")
	return c
}

func demo(ctx context.Context, w world, folder string, seed uint64) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return usage("the folder for the reports cannot be made: %v", err)
	}
	reports, err := (&reportFlags{texts: []string{
		"html=" + filepath.Join(folder, "report.html"), "junit=" + filepath.Join(folder, "junit.xml"), "json=" + filepath.Join(folder, "results.json"),
	}}).open()
	if err != nil {
		return err
	}
	apps, stop, err := demoServer(ctx, w)
	if err != nil {
		return err
	}
	defer stop()
	screen := newScreen(w)
	run := newRun(apps["rfc"].origin, seed)
	run.Command = "scimproof demo"
	run.Notes = append(run.Notes, "profiles rfc, okta and entra were judged on the application of profile rfc, profile idaas on that of profile idaas")
	_, all, err := loadCatalogue()
	if err != nil {
		return err
	}
	for _, d := range []struct {
		application string
		profiles    []check.Profile
	}{
		{"rfc", []check.Profile{check.RFC, check.Okta, check.Entra}},
		{"idaas", []check.Profile{check.IDaaS}},
	} {
		app := apps[d.application]
		screen.note(fmt.Sprintf("%s application at %s", d.application, app.baseURL))
		if err := app.judge(ctx, screen, &run, all, d.profiles); err != nil {
			return err
		}
		if err := app.replay(ctx, screen, &run); err != nil {
			return err
		}
	}
	return finish(w, screen, reports, run)
}

// demoApp is an application of the demo server.
type demoApp struct {
	origin, baseURL, token string
	control                *client.Client // of the control API
}

// demoServer starts the reference server on free ports of this machine and a temporary store; stop ends it and removes the store.
func demoServer(ctx context.Context, w world) (map[string]demoApp, func(), error) {
	f := serveFlags{
		listen: "127.0.0.1:0", adminListen: "127.0.0.1:0", testClock: true, cost: server.DefaultPasswordCost, limits: api.DefaultLimits,
	}
	adminToken, err := f.adminToken(w)
	if err != nil {
		return nil, nil, err
	}
	dir, err := os.MkdirTemp("", "scimproof-demo-*")
	if err != nil {
		return nil, nil, err
	}
	// The server outlives Ctrl-C, so that the run can clean up behind itself.
	own, cancel := context.WithCancel(context.WithoutCancel(ctx))
	st, err := openStore(own, "sqlite:"+filepath.Join(dir, "demo.db"))
	if err != nil {
		cancel()
		return nil, nil, err
	}
	r, err := startServer(own, f, slog.New(slog.DiscardHandler), st, nil, adminToken)
	stop := func() {
		cancel()
		if r != nil {
			_ = r.wait() // what it served is thrown away
		}
		_ = st.Close()
		os.RemoveAll(dir)
	}
	if err != nil {
		stop()
		return nil, nil, err
	}
	made, err := r.demoApplications(own)
	if err != nil {
		stop()
		return nil, nil, err
	}
	plane, err := client.New(client.Config{
		BaseURL: r.adminURL, Token: client.Secret(adminToken), MediaType: "application/json", Credential: result.OfControl, UserAgent: "scimproof/" + version,
	})
	if err != nil {
		stop()
		return nil, nil, broken(err)
	}
	apps := map[string]demoApp{}
	for _, a := range made {
		apps[a.Profile] = demoApp{r.origin, a.BaseURL, a.Token, plane}
	}
	return apps, stop, nil
}

func (a demoApp) connect(ctx context.Context) (*client.Client, *check.Target, error) {
	f := targetFlags{timeout: 30 * time.Second}
	c, err := client.New(client.Config{BaseURL: a.baseURL, Token: client.Secret(a.token), Timeout: f.timeout, UserAgent: "scimproof/" + version})
	if err != nil {
		return nil, nil, err
	}
	target, err := discover(ctx, c)
	return c, target, err
}

func (a demoApp) judge(ctx context.Context, screen *screen, run *result.Run, all []check.Check, profiles []check.Profile) error {
	c, target, err := a.connect(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	target.Means = check.Means{Control: a.control, TestClock: true}
	selected, err := check.Select(all, profiles, nil)
	if err != nil {
		return broken(err)
	}
	j := job{screen: screen, client: c, target: target, all: all, selected: selected, profiles: profiles, parallel: 4, limit: time.Minute, seed: run.Seed}
	return j.do(ctx, run)
}

func (a demoApp) replay(ctx context.Context, screen *screen, run *result.Run) error {
	c, target, err := a.connect(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	lib, err := persona.Load(fixtures.IDP)
	if err != nil {
		return broken(err)
	}
	plan, err := lib.Select("okta/jml-*", "entra/jml-*")
	if err != nil {
		return broken(err)
	}
	scenarios, residue, err := play(ctx, screen, c, target, plan, "", run.Seed)
	for _, s := range scenarios {
		s.Target = a.baseURL
		run.Scenarios = append(run.Scenarios, s)
	}
	run.Residue = append(run.Residue, residue...)
	if ctx.Err() != nil {
		run.Complete = false
		return nil
	}
	return err
}

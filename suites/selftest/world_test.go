package selftest

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"scimproof/fixtures/rules"
	"scimproof/server"
	"scimproof/server/api"
	"scimproof/server/control"
	"scimproof/server/controlapi"
	"scimproof/server/fault"
	"scimproof/server/store"
	"scimproof/server/store/sqlite"
	"scimproof/simulator/client"
	"scimproof/suites/catalogue"
	"scimproof/suites/check"
	"scimproof/suites/runner"
)

// world is a right server with the demo applications. Faults are put in front of it; its store serves them all.
type world struct {
	store store.Store
	apps  []control.DemoApplication
}

var cheapPasswords = server.PasswordCost{MemoryKiB: 8, Passes: 1, Parallel: 4}

func newWorld(t testing.TB) *world {
	t.Helper()
	st, err := sqlite.Open(context.Background(), sqlite.Memory, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	w := &world{store: st}
	if w.apps, err = server.Control(w.config(st)).Demo(context.Background()); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) config(st store.Store) server.Config {
	return server.Config{
		Store: st, Clock: time.Now, Random: rand.Reader, Log: slog.New(slog.DiscardHandler),
		Limits: api.DefaultLimits, PasswordCost: cheapPasswords,
	}
}

// place is where a server is to be found: the origins of its listeners.
type place struct{ scim, control string }

// adminToken opens the control API of every server here.
const adminToken = "selftest-admin-token"

// serve starts the server with a fault (the zero Fault is none). Its clock is its own, so that what one run moves ahead no other run sees.
func (w *world) serve(t testing.TB, f fault.Fault) place {
	t.Helper()
	clock := control.NewTestClock(time.Now)
	config := w.config(f.Over(w.store))
	config.Clock, config.TestClock = clock.Now, clock
	h, err := server.New(config)
	if err != nil {
		t.Fatal(err)
	}
	config.Store = f.Under(w.store)
	plane := controlapi.New(server.Control(config), control.NewAdminToken(adminToken, config.Clock), config.Log)
	return place{listen(t, f.Handler(h)), listen(t, f.Plane(plane))}
}

// listen serves a handler and returns its origin.
func listen(t testing.TB, h http.Handler) string {
	t.Helper()
	srv := httptest.NewUnstartedServer(h)
	srv.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	srv.Config.SetKeepAlivesEnabled(true)
	srv.Start()
	t.Cleanup(srv.Close)
	return srv.URL
}

var prefixes sync.Mutex
var prefix int

// env is what the checks of a run against the demo application of a profile share.
func (w *world) env(t testing.TB, at place, profile string) *check.Env {
	t.Helper()
	for _, a := range w.apps {
		if a.Application.Profile == profile {
			return envOf(t, at, a)
		}
	}
	t.Fatalf("no demo application of profile %s", profile)
	return nil
}

// envOf is what the checks of a run against an application share.
func envOf(t testing.TB, at place, a control.DemoApplication) *check.Env {
	t.Helper()
	c, err := client.New(client.Config{
		BaseURL: at.scim + api.BasePath(a.Application), Token: client.Secret(a.Token), Timeout: 20 * time.Second, UserAgent: "scimproof/selftest",
	})
	if err != nil {
		t.Fatal(err)
	}
	target, err := check.Discover(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	target.Means = check.Means{TestClock: true}
	if target.Means.Control, err = client.New(client.Config{
		BaseURL: at.control, Token: adminToken, Timeout: 20 * time.Second, UserAgent: "scimproof/selftest", MediaType: "application/json",
	}); err != nil {
		t.Fatal(err)
	}
	prefixes.Lock()
	prefix++
	name := "st" + strings.Repeat("x", prefix%3) + itoa(prefix)
	prefixes.Unlock()
	return &check.Env{Client: c, Target: target, Prefix: name, Wait: time.Second}
}

func itoa(n int) string {
	const digits = "0123456789abcdefghijklmnopqrstuvwxyz"
	out := ""
	for ; n > 0; n /= 36 {
		out = string(digits[n%36]) + out
	}
	return out
}

// book and checks are the rules and the catalogue.
func book(t testing.TB) rules.Book {
	t.Helper()
	b, err := rules.Load()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func checks(t testing.TB) []check.Check {
	t.Helper()
	all, err := catalogue.All(book(t))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// judge runs checks against an application as a run with the given profiles would.
func judge(ctx context.Context, env *check.Env, all, selected []check.Check, profiles ...check.Profile) runner.Judgement {
	return runner.Judge(ctx, runner.Options{Env: env, All: all, Selected: selected, Profiles: profiles, Timeout: 30 * time.Second, Clock: time.Now})
}

// byID are the checks with the ids.
func byID(t testing.TB, all []check.Check, ids ...string) []check.Check {
	t.Helper()
	var out []check.Check
	for _, id := range ids {
		found := false
		for _, c := range all {
			if c.ID == id {
				out, found = append(out, c), true
			}
		}
		if !found {
			t.Fatalf("there is no check %q", id)
		}
	}
	return out
}

// at is the profile of the application that a check is proved on.
func at(c check.Check) string {
	if c.Home() == check.IDaaS {
		return "idaas"
	}
	return "rfc"
}

var _ http.Handler = (*api.API)(nil)

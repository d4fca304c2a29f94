package selftest

import (
	"context"
	"log/slog"
	mathrand "math/rand/v2"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"scimproof/reports/result"
	"scimproof/server"
	"scimproof/server/api"
	"scimproof/server/control"
	"scimproof/server/controlapi"
	"scimproof/server/store"
	"scimproof/server/store/postgres"
	"scimproof/server/store/postgres/pgtest"
	"scimproof/suites/check"
)

// TestReplicas holds two servers over one database against the whole catalogue. Each has its own connections, and each request goes to the
// other one than the request before: whatever a server kept to itself would show.
func TestReplicas(t *testing.T) {
	address := pgtest.Start(t).Schema(t)
	first, second := replica(t, address), replica(t, address)
	apps, err := server.Control(first.config(first.store)).Demo(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	first.apps = apps
	place := turns(t, first, second)
	all := checks(t)
	for _, c := range []struct {
		application string
		profiles    []check.Profile
	}{
		{"rfc", []check.Profile{check.RFC, check.Okta, check.Entra}},
		{"idaas", []check.Profile{check.RFC, check.IDaaS, check.Okta, check.Entra}},
	} {
		t.Run(c.application, func(t *testing.T) {
			selected, err := check.Select(all, c.profiles, nil)
			if err != nil {
				t.Fatal(err)
			}
			j := judge(context.Background(), first.env(t, place, c.application), all, selected, c.profiles...)
			counts := map[result.Outcome]int{}
			for _, row := range j.Rows {
				counts[row.Outcome]++
				if !right(row) {
					t.Errorf("%s is %s: %s", row.ID, row.Outcome, row.Reason)
				}
			}
			for _, r := range j.Residue {
				t.Errorf("left behind: %s: %s", r.Location, r.Reason)
			}
			for _, crash := range j.Crashes {
				t.Errorf("crash: %s", crash)
			}
			t.Logf("%s application: %v", c.application, counts)
		})
	}
	t.Run("a token goes everywhere at once", func(t *testing.T) { testRevocation(t, first, second) })
}

// testRevocation disables a token at one replica, and the other one refuses it from the next request on.
func testRevocation(t *testing.T, first, second *world) {
	app, origin := first.apps[0], turns(t, second).scim
	expect := func(when string, want int) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, origin+api.BasePath(app.Application)+"/Users?count=0", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+app.Token)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%s: %d, want %d", when, resp.StatusCode, want)
		}
	}
	expect("before", http.StatusOK)
	var token store.Token
	err := first.store.Read(t.Context(), func(r store.Reader) (err error) {
		token, err = r.TokenByDigest(control.Digest(app.Token))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	plane := server.Control(first.config(first.store))
	if _, _, err := plane.AddToken(t.Context(), app.Application.ID, control.BearerToken, control.Days(2)); err != nil { // the last one cannot be disabled
		t.Fatal(err)
	}
	if _, err := plane.SetTokenEnabled(t.Context(), token.ID, false); err != nil {
		t.Fatal(err)
	}
	expect("after the other replica has disabled the token", http.StatusUnauthorized)
}

// replica is a server with connections of its own to a database.
func replica(t *testing.T, address string) *world {
	t.Helper()
	st, err := postgres.Open(t.Context(), address, postgres.Options{Jitter: mathrand.Float64})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return &world{store: st}
}

// turns is the address of servers that answer in turn. One clock serves them all, as the time of day does.
func turns(t *testing.T, worlds ...*world) place {
	t.Helper()
	var scim, plane []http.Handler
	clock := control.NewTestClock(time.Now)
	for _, w := range worlds {
		config := w.config(w.store)
		config.Clock, config.TestClock = clock.Now, clock
		config.Log = slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))
		h, err := server.New(config)
		if err != nil {
			t.Fatal(err)
		}
		scim, plane = append(scim, h), append(plane, controlapi.New(server.Control(config), control.NewAdminToken(adminToken, config.Clock), config.Log))
	}
	return place{listen(t, inTurn(scim)), listen(t, inTurn(plane))}
}

func inTurn(handlers []http.Handler) http.Handler {
	var n atomic.Uint64
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handlers[n.Add(1)%uint64(len(handlers))].ServeHTTP(w, r)
	})
}

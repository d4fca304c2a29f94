package server

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"scimproof/server/console"
	"scimproof/server/control"
	"scimproof/server/controlapi"
	"scimproof/server/metrics"
	"scimproof/server/store"
)

// Admin makes the handler of the admin listener: /healthz for anyone, the control API below /v1/ and, where there are any, the metrics at
// /metrics for the bearer of the token, and the web console below /console/ for who signs in with it. The origin is that of the SCIM Base URLs that the console shows.
func Admin(c Config, token, origin string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		if err := c.Store.Read(r.Context(), func(store.Reader) error { return nil }); err != nil {
			http.Error(w, "the store does not answer", http.StatusServiceUnavailable)
			return
		}
		w.Write([]byte("ok\n"))
	})
	plane := Control(c)
	plane.Origin = origin
	own := control.NewAdminToken(token, c.Clock)
	mux.Handle("/v1/", controlapi.New(plane, own, c.Log))
	mux.Handle("/console/", console.New(console.Config{Plane: plane, Token: own, Log: c.Log}))
	if c.Metrics != nil {
		mux.Handle("GET /metrics", controlapi.Guarded(shown(c.Metrics, plane, c.Log), own, c.Log))
	}
	mux.Handle("GET /{$}", http.RedirectHandler("/console/", http.StatusSeeOther))
	return mux
}

// askingTime is how long the store may take to say which applications are gone: metrics are wanted most when it does not answer.
const askingTime = time.Second

// shown shows metrics without those of applications that are deleted, be it by another server over the same store.
func shown(m *metrics.Metrics, plane *control.Plane, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), askingTime)
		defer cancel()
		err := m.Forget(func(application string) bool {
			_, err := plane.Application(ctx, application)
			reason := (*control.Error)(nil)
			return errors.As(err, &reason) && reason.Status == http.StatusNotFound
		})
		if err != nil {
			log.Error("the metrics of deleted applications cannot be dropped", "error", err)
		}
		m.Handler().ServeHTTP(w, r)
	})
}

package server

import (
	"net/http"

	"scimproof/server/console"
	"scimproof/server/controlapi"
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
	mux.Handle("/v1/", controlapi.New(plane, token, c.Log))
	mux.Handle("/console/", console.New(console.Config{Plane: plane, Token: token, Origin: origin, Log: c.Log}))
	if c.Metrics != nil {
		mux.Handle("GET /metrics", controlapi.Guarded(c.Metrics.Handler(), token, c.Log))
	}
	mux.Handle("GET /{$}", http.RedirectHandler("/console/", http.StatusSeeOther))
	return mux
}

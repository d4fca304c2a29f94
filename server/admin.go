package server

import (
	"net/http"

	"scimproof/server/controlapi"
	"scimproof/server/store"
)

// Admin makes the handler of the admin listener: /healthz for anyone, the control API below /v1/ for the bearer of the token.
func Admin(c Config, token string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		if err := c.Store.Read(r.Context(), func(store.Reader) error { return nil }); err != nil {
			http.Error(w, "the store does not answer", http.StatusServiceUnavailable)
			return
		}
		w.Write([]byte("ok\n"))
	})
	mux.Handle("/v1/", controlapi.New(Control(c), token, c.Log))
	return mux
}

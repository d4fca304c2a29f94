package server

import (
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json"

	"scimproof/server/api"
	"scimproof/server/store"
)

// Admin makes the handler of the admin listener: /healthz for anyone, /v1/applications for the bearer of the token.
func Admin(c Config, token string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		if err := c.Store.Read(r.Context(), func(store.Reader) error { return nil }); err != nil {
			http.Error(w, "the store does not answer", http.StatusServiceUnavailable)
			return
		}
		w.Write([]byte("ok\n"))
	})
	mux.HandleFunc("GET /v1/applications", func(w http.ResponseWriter, r *http.Request) {
		given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if !ok || token == "" || subtle.ConstantTimeCompare([]byte(given), []byte(token)) != 1 {
			w.Header().Set("WWW-Authenticate", `Bearer realm="admin"`)
			http.Error(w, "the admin endpoints need the admin token as a bearer token", http.StatusUnauthorized)
			return
		}
		list, err := applications(c, r)
		if err != nil {
			c.Log.Error("listing applications", "error", err)
			http.Error(w, "the store does not answer", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.MarshalWrite(w, list) // the client may have gone; nobody is left to tell
	})
	return mux
}

// application is an application as the admin endpoints show it.
type application struct {
	ApplicationID string `json:"applicationId"`
	InstanceID    string `json:"instanceId"`
	Name          string `json:"name"`
	Profile       string `json:"profile"`
	Enabled       bool   `json:"enabled"`
	Path          string `json:"path"` // of the SCIM Base URL
}

func applications(c Config, r *http.Request) (list []application, err error) {
	list = []application{}
	err = c.Store.Read(r.Context(), func(rd store.Reader) error {
		instances, err := rd.Instances()
		for _, in := range instances {
			apps, e := rd.Applications(in.ID)
			err = errors.Join(err, e)
			for _, a := range apps {
				list = append(list, application{a.ID, a.Instance, a.Name, a.Profile, a.Enabled, api.BasePath(a)})
			}
		}
		return err
	})
	return list, err
}

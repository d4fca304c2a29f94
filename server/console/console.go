package console

import (
	_ "embed"
	"log/slog"
	"net/http"

	"scimproof/server/control"
)

// Config is what a console is made from. All fields are required.
type Config struct {
	Plane  *control.Plane
	Token  string // the admin token, which opens the console; with "" nobody can sign in
	Origin string // of the SCIM Base URLs that pages show
	Log    *slog.Logger
}

type console struct {
	Config
	sessions *sessions
}

// The paths that more than one page names.
const (
	homePath   = "/console/"
	signInPath = "/console/sign-in"
)

//go:embed console.css
var stylesheet []byte

// New makes the handler of everything below /console/.
func New(config Config) http.Handler {
	c := &console{config, newSessions(config.Plane.Clock, config.Plane.Random)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /console/console.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		w.Write(stylesheet)
	})
	mux.HandleFunc("GET "+signInPath, c.askToken)
	mux.HandleFunc("POST "+signInPath, c.signIn)
	const application = "/console/applications/{application}"
	for pattern, do := range map[string]action{
		"POST /console/sign-out":                  c.signOut,
		"GET /console/{$}":                        c.applications,
		"POST /console/instances":                 c.addInstance,
		"POST /console/applications":              c.addApplication,
		"GET " + application:                      c.application,
		"POST " + application + "/status":         c.change("status", "The status of the application is changed.", readStatus),
		"POST " + application + "/scope":          c.change("scope", "The provisioning scope is saved.", readScope),
		"POST " + application + "/target":         c.change("target", "The synchronization scope is saved.", readTarget),
		"POST " + application + "/api":            c.change("api", "The IDaaS API switch is changed.", readAPI),
		"POST " + application + "/permissions":    c.change("permissions", "The SCIM operation permission is saved.", readPermissions),
		"POST " + application + "/organizations":  c.addOrganization,
		"POST " + application + "/tokens":         c.addToken,
		"POST " + application + "/tokens/{token}": c.changeToken,
	} {
		mux.Handle(pattern, c.signedIn(do))
	}
	return secured(mux)
}

// secured sets the headers that keep pages from being framed, cached, scripted or told of to others.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

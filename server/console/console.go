package console

import (
	"embed"
	"log/slog"
	"net/http"

	"scimproof/server/control"
)

// Config is what a console is made from. All fields are required.
type Config struct {
	Plane *control.Plane
	Token *control.AdminToken // opens the console
	Log   *slog.Logger
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

//go:embed console.css console.js
var assets embed.FS

// routes are what a file of pages answers: a pattern of http.ServeMux, and what is done.
type routes map[string]action

// routes lists those of every file.
func (c *console) routes() []routes {
	return []routes{
		{"POST /console/sign-out": c.signOut, homePath: nowhere},
		c.applicationsRoutes(),
		c.provisioningRoutes(),
		c.scopeGroupRoutes(),
		c.tokenRoutes(),
		c.accountRoutes(),
		c.rotationRoutes(),
		c.idaasAPIRoutes(),
		c.browseRoutes(),
		c.generalRoutes(),
		c.instanceRoutes(),
		c.organizationRoutes(),
		c.fieldRoutes(),
		c.monitoringRoutes(),
	}
}

// sections are what the navigation of every page leads to. A page belongs to the last one whose path its own begins with.
func sections() []link {
	return []link{
		{Name: "Applications", Path: homePath},
		{Name: "Instances", Path: instancesPath},
		{Name: "Monitoring", Path: monitoringPath},
	}
}

// New makes the handler of everything below /console/.
func New(config Config) http.Handler {
	c := &console{config, newSessions(config.Plane.Clock, config.Plane.Random)}
	mux := http.NewServeMux()
	for name, kind := range map[string]string{"console.css": "text/css", "console.js": "text/javascript"} {
		mux.HandleFunc("GET /console/"+name, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", kind+"; charset=utf-8")
			http.ServeFileFS(w, r, assets, name)
		})
	}
	mux.HandleFunc("GET "+signInPath, c.askToken)
	mux.HandleFunc("POST "+signInPath, c.signIn)
	for _, part := range c.routes() {
		for pattern, do := range part {
			mux.Handle(pattern, c.signedIn(do))
		}
	}
	return secured(mux)
}

// policy lets pages load the console's own style and script, and ask the console itself, and nothing else.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// secured sets the headers that keep pages from being framed, cached, scripted by others or told of to others.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

package main

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/spf13/cobra"

	"scimproof/reports/verdict"
	"scimproof/server"
	"scimproof/server/api"
	"scimproof/server/calllog"
	"scimproof/server/control"
	"scimproof/server/metrics"
	"scimproof/server/store"
	"scimproof/server/store/postgres"
	"scimproof/server/store/sqlite"
)

type serveFlags struct {
	listen, adminListen, store, publicOrigin string
	adminTokenEnv                            string
	demo, testClock                          bool
	limits                                   api.Limits
	cost                                     server.PasswordCost
	schemas                                  []string
	callsDir                                 string
	callsMaxBytes                            int64
	callsMaxDays                             int
	pair                                     pairFlags
	secure                                   *tls.Config // how both listeners speak TLS; nil for plain HTTP
}

// garbage is how far the heap may grow before it is collected, in percent of what is in use. That is little, since what the store keeps in
// memory lies outside the heap; at the default of 100 the server would collect some hundred times a second.
const garbage = 400

// heapLimit is where it collects at once nevertheless, in bytes: hashing passwords makes garbage of their whole memory.
const heapLimit = 160 << 20

func serveCommand(w world) *cobra.Command {
	var f serveFlags
	c := &cobra.Command{
		Use:   "serve",
		Short: "Run the reference server until it is told to stop",
		Long: `Run the reference server until SIGTERM or Ctrl-C, then let the requests under way finish.

With --demo it makes, or finds, an instance with one application of each profile, issues a fresh token for each, and prints
one JSON line on standard output. The log goes to standard error.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := only(c, "calls-dir", "calls-max-bytes", "calls-max-days"); err != nil {
				return err
			}
			if err := f.secureBy(c.Flags().Changed); err != nil {
				return err
			}
			return serve(c.Context(), w, f)
		},
	}
	fl := c.Flags()
	fl.StringVar(&f.listen, "listen", "127.0.0.1:8080", "address of the SCIM endpoints")
	fl.StringVar(&f.adminListen, "admin-listen", "127.0.0.1:8081", "address of the admin endpoints")
	f.pair.add(fl.StringVar)
	fl.StringVar(&f.store, "store", "sqlite:scimproof.db", "where everything is kept: sqlite:PATH, or postgres://USER@HOST:PORT/DATABASE for several servers behind one address")
	fl.StringVar(&f.publicOrigin, "public-origin", "", "scheme and host that clients use, for Location and $ref (default: those of each request)")
	fl.StringVar(&f.adminTokenEnv, "admin-token-env", "", "variable that holds the admin token, of 16 characters at least (default: a random one, printed with --demo)")
	fl.BoolVar(&f.demo, "demo", false, "make demo applications and print their base URLs and tokens; only on loopback")
	fl.BoolVar(&f.testClock, "test-clock", false, "let the control API move the server's time forward, until it stops; only on loopback")
	f.limits = api.DefaultLimits
	fl.Int64Var(&f.limits.Body, "max-body", f.limits.Body, "bytes of a request body at most")
	fl.Int64Var(&f.limits.GroupBody, "max-group-body", f.limits.GroupBody, "bytes of a request body for a group at most")
	fl.Int64Var(&f.limits.BulkBody, "max-bulk-body", f.limits.BulkBody, "bytes of a request body for /Bulk at most")
	fl.IntVar(&f.limits.BulkOperations, "max-bulk-operations", f.limits.BulkOperations, "operations of a request for /Bulk at most")
	fl.StringArrayVar(&f.schemas, "schema", nil, "file of further resource types and extensions for applications of profile rfc, or test-resource; can be repeated")
	fl.StringVar(&f.callsDir, "calls-dir", "", "directory that gets a record of every SCIM call, of this server alone (default: none is kept)")
	fl.Int64Var(&f.callsMaxBytes, "calls-max-bytes", 64<<20, "bytes of those records at most; the oldest make room")
	fl.IntVar(&f.callsMaxDays, "calls-max-days", 30, "days that those records are kept at most; 0 for as long as there is room")
	f.cost = server.DefaultPasswordCost
	fl.Uint32Var(&f.cost.MemoryKiB, "password-memory", f.cost.MemoryKiB, "KiB of memory to hash a password with argon2id")
	fl.Uint32Var(&f.cost.Passes, "password-passes", f.cost.Passes, "passes over that memory")
	fl.IntVar(&f.cost.Parallel, "password-parallel", f.cost.Parallel, "passwords hashed at once at most")
	return c
}

// secureBy reads the certificate and the key, or makes them, where a flag asks for it: an empty name, as a variable that is not set makes it, is no
// plain HTTP.
func (f *serveFlags) secureBy(named func(flag string) bool) (err error) {
	pair, own := named("tls-cert") || named("tls-key"), named("tls-self-signed")
	switch {
	case !pair && !own:
		return nil
	case pair && own:
		return usage("--tls-self-signed makes what --tls-cert and --tls-key name; give one or the other")
	case own && f.pair.selfSignedFile == "":
		return usage("--tls-self-signed names the file to write the certificate to")
	case own:
		if err = replaceable(f.pair.selfSignedFile); err == nil {
			f.secure, err = selfSigned(f.names()...)
		}
		return err
	}
	if f.pair.certFile == "" || f.pair.keyFile == "" {
		return usage("--tls-cert and --tls-key name a file each, and go together; give both, or neither for plain HTTP")
	}
	f.secure, err = f.pair.config()
	return err
}

func serve(ctx context.Context, w world, f serveFlags) error {
	log := slog.New(slog.NewTextHandler(w.stderr, nil))
	if err := f.validate(); err != nil {
		return err
	}
	if w.getenv("GOGC") == "" && w.getenv("GOMEMLIMIT") == "" {
		debug.SetGCPercent(garbage)
		debug.SetMemoryLimit(heapLimit)
	}
	adminToken, err := f.adminToken(w)
	if err != nil {
		return err
	}
	schemas, err := readSchemas(f.schemas)
	if err != nil {
		return err
	}
	st, err := openStore(ctx, f.store)
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }() // a store that cannot be closed has said so to every request before
	calls, err := f.openCalls()
	if err != nil {
		return err
	}
	defer closeCalls(calls, log)
	r, err := startServer(ctx, f, log, st, calls, adminToken, schemas...)
	if err != nil {
		return err
	}
	if err := f.announce(ctx, w, r, adminToken); err != nil {
		r.stop()
		return err
	}
	log.Info("serving", "scim", r.origin, "admin", r.adminURL, "store", storeName(f.store))
	if f.secure != nil {
		warnOfDates(log, f.secure.Certificates[0].Leaf, time.Now())
	}
	err = r.wait()
	log.Info("stopped")
	return err
}

// announce tells clients of a server what they need to know. Not before it listens: its certificate would take the place of that of another server,
// which has the port.
func (f serveFlags) announce(ctx context.Context, w world, r *running, adminToken string) error {
	if f.pair.selfSignedFile != "" {
		if err := publish(f.pair.selfSignedFile, f.secure); err != nil {
			return err
		}
	}
	if !f.demo {
		return nil
	}
	line, err := r.demo(ctx, adminToken)
	if err == nil {
		fmt.Fprintln(w.stdout, line)
	}
	return err
}

func (f serveFlags) validate() error {
	if f.demo && !loopback(f.listen) {
		return usage("--demo prints tokens and serves only on loopback; use --listen 127.0.0.1:PORT, or leave --demo out")
	}
	if f.testClock && (!loopback(f.listen) || !loopback(f.adminListen)) {
		return usage("--test-clock lets tokens end early and serves only on loopback; use --listen 127.0.0.1:PORT and --admin-listen 127.0.0.1:PORT, or leave --test-clock out")
	}
	if f.publicOrigin != "" {
		u, err := url.Parse(f.publicOrigin)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
			return usage("--public-origin is a scheme and a host such as https://scim.example.com, not %q", f.publicOrigin)
		}
	}
	smallest := min(f.limits.Body, f.limits.GroupBody, f.limits.BulkBody, int64(f.limits.BulkOperations))
	if f.callsMaxDays < 0 || f.callsMaxDays > 36500 {
		return usage("--calls-max-days is a number of days up to 36500, or 0")
	}
	if smallest < 1 || f.cost.MemoryKiB < 8 || f.cost.Passes < 1 || f.cost.Parallel < 1 {
		return usage("the limits and costs of serve are positive numbers, --password-memory at least 8")
	}
	return nil
}

// loopback says whether an address can only be reached from this machine.
func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// shortestAdminToken is how many characters an admin token has at least. A random one of that length cannot be found by trying.
const shortestAdminToken = 16

func (f serveFlags) adminToken(w world) (string, error) {
	if f.adminTokenEnv != "" {
		v := w.getenv(f.adminTokenEnv)
		if v == "" {
			return "", usage("--admin-token-env names %s, which is empty; set it", f.adminTokenEnv)
		}
		if len(v) < shortestAdminToken {
			return "", usage("--admin-token-env names %s, which has fewer than %d characters; make a random one, with openssl rand -hex 24 for example",
				f.adminTokenEnv, shortestAdminToken)
		}
		return v, nil
	}
	raw := make([]byte, 24)
	if _, err := rand.Read(raw); err != nil {
		return "", err
	}
	return hex.EncodeToString(raw), nil
}

// storeName is what --store names, without a password.
func storeName(name string) string {
	if postgres.Address(name) {
		return postgres.Describe(name)
	}
	return name
}

// openStore opens what --store names.
func openStore(ctx context.Context, name string) (store.Store, error) {
	if postgres.Address(name) {
		st, err := postgres.Open(ctx, name, postgres.Options{Jitter: mathrand.Float64})
		if err != nil {
			return nil, &exit{verdict.ExitUsage, oneLine(err.Error())}
		}
		return st, nil
	}
	path, ok := strings.CutPrefix(name, "sqlite:")
	if !ok || path == "" {
		begin, _, _ := strings.Cut(name, ":") // what follows may have a password
		return nil, usage("--store is sqlite:PATH or postgres://USER@HOST:PORT/DATABASE; correct the one that begins with %q", begin)
	}
	st, err := sqlite.Open(ctx, filepath.Clean(path), sqlite.Options{})
	if err != nil {
		return nil, &exit{verdict.ExitUsage, err.Error()}
	}
	return st, nil
}

// openCalls opens the call log that --calls-dir names, if any.
func (f serveFlags) openCalls() (*calllog.Log, error) {
	if f.callsDir == "" {
		return nil, nil
	}
	l, err := calllog.Open(calllog.Config{
		Dir: filepath.Clean(f.callsDir), MaxBytes: f.callsMaxBytes, MaxAge: time.Duration(f.callsMaxDays) * 24 * time.Hour, Clock: time.Now,
	})
	if err != nil {
		return nil, usage("--calls-dir and --calls-max-bytes: %v", err)
	}
	return l, nil
}

// closeCalls writes the records that wait. What was dropped is told, and is no reason to fail.
func closeCalls(l *calllog.Log, log *slog.Logger) {
	if l == nil {
		return
	}
	if err := l.Close(); err != nil {
		log.Warn("calls are missing from the call log", "error", err)
	}
}

// running is a server with its two listeners.
type running struct {
	config           server.Config
	origin, adminURL string
	stop             context.CancelFunc
	ended            chan error
}

func startServer(ctx context.Context, f serveFlags, log *slog.Logger, st store.Store, calls *calllog.Log, adminToken string,
	schemas ...server.SchemaFile) (*running, error) {
	config := server.Config{
		Store: st, Clock: time.Now, Random: rand.Reader, Log: log, PublicOrigin: f.publicOrigin,
		Limits: f.limits, PasswordCost: f.cost,
		Schemas: schemas, Calls: calls, Metrics: metrics.New(calls),
	}
	if f.testClock {
		config.TestClock = control.NewTestClock(time.Now)
		config.Clock = config.TestClock.Now
	}
	handler, err := server.New(config)
	if err != nil {
		return nil, err
	}
	scimL, err := net.Listen("tcp", f.listen)
	if err != nil {
		return nil, usage("cannot listen on %s: %v; choose another --listen", f.listen, err)
	}
	adminL, err := net.Listen("tcp", f.adminListen)
	if err != nil {
		scimL.Close()
		return nil, usage("cannot listen on %s: %v; choose another --admin-listen", f.adminListen, err)
	}
	ctx, stop := context.WithCancel(ctx)
	if calls != nil {
		context.AfterFunc(ctx, calls.EndTails) // which would keep the listener waiting
	}
	scheme := "http://"
	if f.secure != nil {
		scheme = "https://"
	}
	r := &running{
		config: config, origin: scheme + scimL.Addr().String(), adminURL: scheme + adminL.Addr().String(),
		stop: stop, ended: make(chan error, 2),
	}
	own := server.Listening{TLS: f.secure, Log: log, Clock: config.Clock}
	go func() { r.ended <- own.Serve(ctx, scimL, handler) }()
	go func() { r.ended <- own.Serve(ctx, adminL, server.Admin(config, adminToken, r.scimOrigin())) }()
	return r, nil
}

// scimOrigin is the origin of SCIM Base URLs.
func (r *running) scimOrigin() string {
	if r.config.PublicOrigin != "" {
		return strings.TrimSuffix(r.config.PublicOrigin, "/")
	}
	return r.origin
}

// wait returns when both listeners are closed; one that fails closes the other.
func (r *running) wait() error {
	first := <-r.ended
	r.stop()
	return errors.Join(first, <-r.ended)
}

// demoApplication is one entry of the line that serve --demo prints.
type demoApplication struct {
	Profile       string `json:"profile"`
	BaseURL       string `json:"baseUrl"`
	Token         string `json:"token"`
	ApplicationID string `json:"applicationId"`
	InstanceID    string `json:"instanceId"`
}

type demoLine struct {
	Applications []demoApplication `json:"applications"`
	AdminURL     string            `json:"adminUrl"`
	AdminToken   string            `json:"adminToken"`
}

func (r *running) demoApplications(ctx context.Context) ([]demoApplication, error) {
	apps, err := server.Control(r.config).Demo(ctx)
	if err != nil {
		return nil, err
	}
	origin := r.scimOrigin()
	var out []demoApplication
	for _, a := range apps {
		out = append(out, demoApplication{a.Application.Profile, origin + api.BasePath(a.Application), a.Token, a.Application.ID, a.Application.Instance})
	}
	return out, nil
}

// demo makes the line that tells a program where the demo applications are.
func (r *running) demo(ctx context.Context, adminToken string) (string, error) {
	apps, err := r.demoApplications(ctx)
	if err != nil {
		return "", err
	}
	data, err := json.Marshal(demoLine{apps, r.adminURL, adminToken})
	return string(data), err
}

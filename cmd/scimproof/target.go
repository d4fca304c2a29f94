package main

import (
	"bufio"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"scimproof/reports/verdict"
	"scimproof/simulator/client"
	"scimproof/simulator/tree"
	"scimproof/suites/check"
)

// targetFlags are those of every command that sends requests to a server.
type targetFlags struct {
	trustFlag
	tokenEnv, tokenFile string
	insecure            bool
	allowWrites         bool
	timeout             time.Duration
	seed                uint64
}

func (f *targetFlags) add(c *cobra.Command) {
	fl := c.Flags()
	fl.StringVar(&f.tokenEnv, "token-env", "", "variable that holds the bearer token")
	fl.StringVar(&f.tokenFile, "token-file", "", "file that holds the bearer token")
	f.trustFlag.add(fl.StringVar)
	fl.BoolVar(&f.insecure, "insecure", false, "do not verify the certificate of the server")
	fl.BoolVar(&f.allowWrites, "allow-writes", false, "create, change and delete users and groups without asking")
	fl.DurationVar(&f.timeout, "timeout", 30*time.Second, "how long to wait for one answer")
	fl.Uint64Var(&f.seed, "seed", 0, "number that generated names follow from (default: a new one for each run)")
	c.MarkFlagsMutuallyExclusive("token-env", "token-file")
}

// again are the flags of a command that repeats a run: they name where a secret comes from, never the secret.
func (f *targetFlags) again() string {
	var b strings.Builder
	if f.tokenEnv != "" {
		b.WriteString(" --token-env " + quoteArg(f.tokenEnv))
	}
	if f.tokenFile != "" {
		b.WriteString(" --token-file " + quoteArg(f.tokenFile))
	}
	if f.caFile != "" {
		b.WriteString(" --ca " + quoteArg(f.caFile))
	}
	if f.insecure {
		b.WriteString(" --insecure")
	}
	if f.allowWrites {
		b.WriteString(" --allow-writes")
	}
	return b.String()
}

// quoteArg writes an argument as a shell takes it.
func quoteArg(s string) string {
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("-_./:=,@%+", r))
	}) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// connect makes the client of a target, once writing to it is agreed.
func (f *targetFlags) connect(w world, baseURL string) (*client.Client, error) {
	token, err := f.token(w)
	if err != nil {
		return nil, err
	}
	return f.client(w, "", client.Config{BaseURL: baseURL, Token: token, MediaType: client.MediaType})
}

// client makes a client of what a flag names, once writing to it is agreed.
func (f *targetFlags) client(w world, flag string, c client.Config) (*client.Client, error) {
	base, err := client.ParseBaseURL(c.BaseURL)
	if err != nil {
		return nil, usage("%s%v", flag, err)
	}
	if f.timeout <= 0 {
		return nil, usage("--timeout is a length of time such as 30s, not %s", f.timeout)
	}
	trust, err := f.tls()
	if err != nil {
		return nil, err
	}
	if err := f.consent(w, base.Hostname()); err != nil {
		return nil, err
	}
	c.BaseURL, c.Timeout, c.UserAgent, c.TLS, c.Proxy = base.String(), f.timeout, "scimproof/"+version, trust, http.ProxyFromEnvironment
	return client.New(c)
}

func (f *targetFlags) token(w world) (client.Secret, error) {
	switch {
	case f.tokenEnv != "":
		return secretOf(w, "token-env", f.tokenEnv)
	case f.tokenFile != "":
		data, err := os.ReadFile(f.tokenFile)
		if err != nil {
			return "", usage("the token cannot be read: %v", err)
		}
		v := strings.TrimSpace(string(data))
		if v == "" {
			return "", usage("%s is empty; put the bearer token into it", f.tokenFile)
		}
		return client.Secret(v), nil
	}
	return "", nil
}

func (f *targetFlags) tls() (*tls.Config, error) {
	if f.caFile == "" && !f.insecure {
		return nil, nil
	}
	pool, err := f.pool()
	if err != nil {
		return nil, err
	}
	return &tls.Config{InsecureSkipVerify: f.insecure, RootCAs: pool}, nil
}

// consent makes sure that somebody agrees to writes on a server that is not this machine.
func (f *targetFlags) consent(w world, host string) error {
	if f.allowWrites || host == "localhost" || isLoopback(host) {
		return nil
	}
	if !w.terminal {
		return usage("this creates, changes and deletes users and groups on %s; add --allow-writes if that is what you want", host)
	}
	fmt.Fprintf(w.stderr, "This creates users and groups on %s and removes them again. Go on? [y/N] ", host)
	line, err := bufio.NewReader(w.stdin).ReadString('\n')
	answer := strings.ToLower(strings.TrimSpace(line))
	if err != nil && answer == "" || answer != "y" && answer != "yes" {
		return usage("nothing was sent")
	}
	return nil
}

func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// discover finds out what a target is, and whether it can be judged at all.
func discover(ctx context.Context, c *client.Client) (*check.Target, error) {
	target, err := check.Discover(ctx, c)
	if err != nil {
		return nil, unreachable(ctx, err)
	}
	a, err := c.Do(ctx, client.Request{Method: http.MethodGet, Path: target.Endpoint("User", "/Users"), Query: "startIndex=1&count=1"})
	if err != nil {
		return nil, unreachable(ctx, err)
	}
	switch {
	case a.Status == http.StatusUnauthorized || a.Status == http.StatusForbidden:
		return nil, &exit{verdict.ExitUnreachable, fmt.Sprintf("the target refuses the credentials: GET %s answers %d%s; %s",
			target.Endpoint("User", "/Users"), a.Status, detail(a), credentialsHint(target))}
	case a.Status >= 500:
		return target, &unfit{fmt.Sprintf("the target answers %d to a plain request for one user%s", a.Status, detail(a))}
	case target.Config == nil && len(target.Types) == 0 && len(target.Schemas) == 0 && (a.Status == http.StatusNotFound || !isJSON(a.Body)):
		ask := "is this the SCIM base URL?"
		if a.Status == http.StatusBadRequest && strings.HasPrefix(c.BaseURL(), "http://") { // as servers answer that speak TLS
			ask = "is this the SCIM base URL, or does that begin with https://?"
		}
		return nil, &exit{verdict.ExitUnreachable, fmt.Sprintf(
			"%s does not look like a SCIM server: nothing comes of its discovery endpoints, and /Users answers %d%s; %s",
			c.BaseURL(), a.Status, cmp.Or(detail(a), " ("+contentType(a)+")"), ask)}
	}
	return target, nil
}

// unfit says that a target is there and cannot be judged.
type unfit struct{ reason string }

func (u *unfit) Error() string { return u.reason }

func unreachable(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return &exit{verdict.ExitIncomplete, "interrupted before anything was judged"}
	}
	message := err.Error()
	if f := (*client.Failure)(nil); errors.As(err, &f) {
		message = f.Error()
	}
	if unknown := (x509.UnknownAuthorityError{}); errors.As(err, &unknown) {
		message += " with --ca"
	}
	return &exit{verdict.ExitUnreachable, message}
}

func credentialsHint(t *check.Target) string {
	if !t.Authenticated {
		return "give a bearer token with --token-env or --token-file"
	}
	return "is the token of this application, enabled, and not expired?"
}

func isJSON(body []byte) bool {
	_, err := tree.Parse(body)
	return err == nil
}

func contentType(a *client.Answer) string {
	if ct := a.Header.Get("Content-Type"); ct != "" {
		return ct
	}
	return "no Content-Type"
}

// detail is what an error of the target says, in parentheses.
func detail(a *client.Answer) string {
	doc, err := tree.Parse(a.Body)
	if err != nil || doc.Text("detail") == "" {
		return ""
	}
	text := []rune(doc.Text("detail"))
	if len(text) > 200 {
		text = append(text[:200], '…')
	}
	return " (" + string(text) + ")"
}

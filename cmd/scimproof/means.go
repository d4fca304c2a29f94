package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strings"

	"github.com/spf13/cobra"

	"scimproof/reports/result"
	"scimproof/reports/verdict"
	"scimproof/server/controlapi"
	"scimproof/simulator/client"
	"scimproof/simulator/tree"
	"scimproof/suites/check"
)

// meansFlags give a run more than a base URL and a token.
type meansFlags struct {
	control, controlTokenEnv        string
	secondTokenEnv, expiredTokenEnv string
	rotateCommand                   string
}

func (f *meansFlags) add(c *cobra.Command) {
	fl := c.Flags()
	fl.StringVar(&f.control, "control", "", "address of a control API (docs/control.md), for the checks of what an administrator sets")
	fl.StringVar(&f.controlTokenEnv, "control-token-env", adminTokenVariable, "variable that holds the token of the control API")
	fl.StringVar(&f.rotateCommand, "rotate-command", "", "program that issues a second token of the application (argument issue, prints it) and ends it (argument retire, reads it), where there is no control API")
	fl.StringVar(&f.secondTokenEnv, "second-token-env", "", "variable that holds a second token of the application, where there is neither")
	fl.StringVar(&f.expiredTokenEnv, "expired-token-env", "", "variable that holds an expired token of the application, where no control API moves the server's clock")
	c.MarkFlagsMutuallyExclusive("rotate-command", "second-token-env")
}

// again are the flags of a command that repeats a run.
func (f *meansFlags) again() string {
	var b strings.Builder
	for _, flag := range []struct{ name, value string }{
		{"control", f.control}, {"rotate-command", f.rotateCommand}, {"second-token-env", f.secondTokenEnv}, {"expired-token-env", f.expiredTokenEnv},
	} {
		if flag.value != "" {
			b.WriteString(" --" + flag.name + " " + quoteArg(flag.value))
		}
	}
	if f.control != "" && f.controlTokenEnv != adminTokenVariable {
		b.WriteString(" --control-token-env " + quoteArg(f.controlTokenEnv))
	}
	return b.String()
}

// given gathers what the flags give, beside the client of the target. It asks the control API whether it is one, and whether it moves the server's clock.
func (f *meansFlags) given(ctx context.Context, w world, own *client.Client, target *targetFlags) (m check.Means, err error) {
	if m.Second, err = secretOf(w, "second-token-env", f.secondTokenEnv); err != nil {
		return m, err
	}
	if own.Brings(m.Second) {
		return m, usage("--second-token-env names the token that the run has already; give another one of the application")
	}
	if m.Expired, err = secretOf(w, "expired-token-env", f.expiredTokenEnv); err != nil {
		return m, err
	}
	if f.rotateCommand != "" {
		path, err := exec.LookPath(f.rotateCommand)
		if err != nil {
			return m, usage("--rotate-command is a program that can be run, not %q", f.rotateCommand)
		}
		m.Rotate = rotator{path, own}
	}
	if f.control == "" {
		return m, nil
	}
	token, err := secretOf(w, "control-token-env", f.controlTokenEnv)
	if err != nil {
		return m, err
	}
	plane := client.Config{BaseURL: f.control, Token: token, MediaType: "application/json", Credential: result.OfControl}
	if m.Control, err = target.client(w, "--control: ", plane); err != nil {
		return m, err
	}
	m.TestClock, err = movesClock(ctx, m.Control)
	return m, err
}

// closeMeans closes what given opened.
func closeMeans(m check.Means) {
	if m.Control != nil {
		m.Control.Close()
	}
}

// secretOf is the secret in the variable that a flag names; "" where the flag was not given.
func secretOf(w world, flag, variable string) (client.Secret, error) {
	if variable == "" {
		return "", nil
	}
	v := strings.TrimSpace(w.getenv(variable))
	if v == "" {
		return "", usage("--%s names %s, which is empty; export it with the token", flag, variable)
	}
	return client.Secret(v), nil
}

// movesClock says whether a control API has the server's clock, and finds out whether it is one at all.
func movesClock(ctx context.Context, c *client.Client) (bool, error) {
	a, err := c.Do(ctx, client.Request{Method: http.MethodGet, Path: "/v1/clock"})
	if err != nil {
		return false, unreachable(ctx, err)
	}
	doc, err := tree.Parse(a.Body)
	switch {
	case a.Status == http.StatusNotFound && strings.HasSuffix(c.BaseURL(), "/v1"):
		return false, usage("--control is the address above /v1; give %s", strings.TrimSuffix(c.BaseURL(), "/v1"))
	case a.Status == http.StatusUnauthorized || a.Status == http.StatusForbidden || err == nil && doc.Text("code") == controlapi.TooManyWrongTokens:
		return false, &exit{verdict.ExitUnreachable, fmt.Sprintf("the control API at %s refuses the token; --control-token-env names the variable that holds it", c.BaseURL())}
	case err == nil && a.Status == http.StatusOK && doc.Text("time") != "":
		return true, nil
	case err == nil && a.Status == http.StatusNotFound && doc.Text("code") != "":
		return false, nil
	}
	return false, &exit{verdict.ExitUnreachable, fmt.Sprintf("%s is no control API: GET /v1/clock answers %d; name the address of serve --admin-listen, or of an adapter", c.BaseURL(), a.Status)}
}

// rotator is a program that issues and ends a second token. A token goes through its standard input and output, which no other user can see.
type rotator struct {
	program string
	own     *client.Client // that of the target: its token is not the program's to end
}

var _ check.Rotate = rotator{}

// longestToken is how much of the program's output is looked at, in bytes.
const longestToken = 64 << 10

func (r rotator) Issue(ctx context.Context) (client.Secret, error) {
	var out bytes.Buffer
	if err := r.run(ctx, "issue", strings.NewReader(""), &out); err != nil {
		return "", err
	}
	token := strings.TrimSpace(out.String())
	if token == "" || strings.ContainsFunc(token, func(c rune) bool { return c <= ' ' || c > '~' }) {
		return "", errors.New("what --rotate-command prints for issue is no token; it prints the token alone, on one line")
	}
	if r.own.Brings(client.Secret(token)) {
		return "", errors.New("what --rotate-command prints for issue is the token that the run has already; it makes another one")
	}
	return client.Secret(token), nil
}

func (r rotator) Retire(ctx context.Context, token client.Secret) error {
	return r.run(ctx, "retire", strings.NewReader(token.Reveal()+"\n"), io.Discard)
}

func (r rotator) run(ctx context.Context, do string, in io.Reader, out io.Writer) error {
	c := exec.CommandContext(ctx, r.program, do)
	c.Stdin, c.Stdout = in, &atMost{out, longestToken}
	if err := c.Run(); err != nil {
		return fmt.Errorf("--rotate-command %s failed: %w; run it by hand to see why", do, err)
	}
	return nil
}

// atMost is a writer that takes so many bytes, and fails at more.
type atMost struct {
	io.Writer
	left int
}

func (a *atMost) Write(p []byte) (int, error) {
	if a.left -= len(p); a.left < 0 {
		return 0, errors.New("too much output")
	}
	return a.Writer.Write(p)
}

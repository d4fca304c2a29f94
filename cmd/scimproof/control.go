package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/spf13/cobra"

	"scimproof/reports/verdict"
	"scimproof/server/calllog"
	"scimproof/server/controlapi"
)

// adminTokenVariable is where an admin token is looked for, unless a flag says otherwise.
const adminTokenVariable = "SCIMPROOF_ADMIN_TOKEN"

// controlFlags say whose control plane a command works on: that of a running server, or that in a store. What was called may stand in a directory.
type controlFlags struct {
	trustFlag
	admin, tokenEnv string
	store           string
	dir             string
	json            bool
}

func (f *controlFlags) add(c *cobra.Command) {
	fl := c.PersistentFlags()
	fl.StringVar(&f.admin, "admin", "http://127.0.0.1:8081", "address of the server's admin endpoints")
	fl.StringVar(&f.tokenEnv, "admin-token-env", adminTokenVariable, "variable that holds the admin token")
	f.trustFlag.add(fl.StringVar)
	fl.StringVar(&f.store, "store", "", "work on a store instead, as serve --store names it; the server may be running")
	fl.BoolVar(&f.json, "json", false, "print JSON as the control API has it")
}

// plane is a control plane that answers to requests of the control API.
type plane struct {
	world    world
	base     string
	token    string
	tokenEnv string
	client   *http.Client
	close    func()
	json     bool
	records  *calllog.Reader // of a directory that is read, or nil
	nameless bool            // applications have no names here, only ids
}

// connect finds the control plane.
func (f *controlFlags) connect(ctx context.Context, w world) (*plane, error) {
	p := &plane{world: w, base: strings.TrimSuffix(f.admin, "/"), tokenEnv: f.tokenEnv, client: &http.Client{Timeout: 30 * time.Second}, close: func() {}, json: f.json}
	if f.store != "" || f.dir != "" {
		return p, f.enter(ctx, p)
	}
	if !strings.HasPrefix(p.base, "http://") && !strings.HasPrefix(p.base, "https://") {
		return nil, usage("--admin is an address such as http://127.0.0.1:8081, not %q", f.admin)
	}
	if p.token = strings.TrimSpace(w.getenv(f.tokenEnv)); p.token == "" {
		return nil, usage("%s is empty; export it with the admin token, which serve takes from --admin-token-env and serve --demo prints", f.tokenEnv)
	}
	pool, err := f.pool()
	if err != nil || pool == nil {
		return p, err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{RootCAs: pool}
	p.client.Transport = transport
	return p, nil
}

// do sends a request and reads the answer into out, unless that is nil. The error says what the plane said.
func (p *plane) do(ctx context.Context, method, path string, body, out any) error {
	var payload io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			return err
		}
		payload = bytes.NewReader(data)
	}
	r, err := http.NewRequestWithContext(ctx, method, p.base+path, payload)
	if err != nil {
		return usage("%v", err)
	}
	r.Header.Set("Authorization", "Bearer "+p.token)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	res, err := p.send(p.client, r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		return p.brokeOff(err)
	}
	if res.StatusCode >= http.StatusBadRequest {
		return p.refused(res.StatusCode, data)
	}
	if out == nil || len(data) == 0 {
		return nil
	}
	return json.Unmarshal(data, out)
}

// send sends a request. An answer is whatever comes back.
func (p *plane) send(client *http.Client, r *http.Request) (*http.Response, error) {
	res, err := client.Do(r)
	if err != nil {
		return nil, &exit{verdict.ExitUnreachable, p.unreachable(errors.Unwrap(err))}
	}
	return res, nil
}

// unreachable says why there is no answer, and what to do.
func (p *plane) unreachable(err error) string {
	var authority x509.UnknownAuthorityError
	var name x509.HostnameError
	switch {
	case errors.As(err, &authority):
		return fmt.Sprintf("nothing on this machine vouches for the certificate of %s; give the certificate of the authority that signed it with --ca", p.base)
	case errors.As(err, &name):
		return fmt.Sprintf("the certificate of %s is for another name: %v; write --admin with a name it is for", p.base, name)
	}
	return fmt.Sprintf("%s cannot be reached: %v; start scimproof serve, or name its --admin-listen with --admin", p.base, err)
}

// stream asks for what comes bit by bit, for as long as that may take, and hands it to read.
func (p *plane) stream(ctx context.Context, path string, read func(io.Reader) error) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.base+path, nil)
	if err != nil {
		return usage("%v", err)
	}
	r.Header.Set("Authorization", "Bearer "+p.token)
	client := *p.client
	client.Timeout = 0
	res, err := p.send(&client, r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode < http.StatusBadRequest {
		return read(res.Body)
	}
	data, err := io.ReadAll(res.Body)
	if err != nil {
		return p.brokeOff(err)
	}
	return p.refused(res.StatusCode, data)
}

func (p *plane) brokeOff(err error) error {
	if p.records != nil {
		return &exit{verdict.ExitBroken, fmt.Sprintf("the call log could not be read to its end: %v; try again", err)}
	}
	return &exit{verdict.ExitUnreachable, fmt.Sprintf("%s broke off its answer: %v", p.base, err)}
}

// refused is the exit for what a control plane refuses.
func (p *plane) refused(status int, body []byte) error {
	var e struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	}
	if json.Unmarshal(body, &e) != nil || e.Code == "" {
		return &exit{verdict.ExitUnreachable, fmt.Sprintf("what answers with %d there is no control API; name the address of serve --admin-listen with --admin, and https:// where it has --tls-cert", status)}
	}
	code, message := verdict.ExitUsage, e.Code+": "+e.Message
	switch {
	case status == http.StatusUnauthorized || e.Code == controlapi.TooManyWrongTokens:
		code, message = verdict.ExitUnreachable, fmt.Sprintf("%s: the token in %s is not the server's admin token, which serve takes from --admin-token-env and serve --demo prints", e.Code, p.tokenEnv)
	case status >= http.StatusInternalServerError:
		code = verdict.ExitBroken
	default:
		message += shownBy[e.Code]
	}
	return &exit{code, message}
}

// shownBy says which command shows what there is, where something is not.
var shownBy = map[string]string{
	"ResourceNotFound.Instance":              " scimproof instance list shows the ids.",
	"ResourceNotFound.ApplicationToken":      " scimproof token list APP shows the ids.",
	"ResourceNotFound.CustomField":           " scimproof field list shows the ids.",
	"ResourceNotFound.OrganizationalUnit":    " scimproof organization list shows the ids.",
	"InvalidParameter.OrganizationalUnitIds": " scimproof organization list shows the ids.",
	"InvalidParameter.ParentId":              " scimproof organization list shows the ids.",
	"CallsNotKept":                           " --dir DIR reads what such a server has recorded, also when it does not run.",
}

// entity is an object of the control API.
type entity map[string]any

// text is a member as people read it.
func (e entity) text(name string) string {
	switch v := e[name].(type) {
	case nil:
		return ""
	case string:
		return v
	case []any:
		return strings.Join(e.items(name), " ")
	default:
		return fmt.Sprint(v)
	}
}

// items are those of a member that is a list, as people read them, or else the one text that it is.
func (e entity) items(name string) (out []string) {
	list, ok := e[name].([]any)
	if !ok {
		return []string{e.text(name)}
	}
	for _, item := range list {
		if option, ok := item.(map[string]any); ok { // of a field
			item = option["value"]
		}
		out = append(out, fmt.Sprint(item))
	}
	return out
}

// list asks for the objects at a path.
func (p *plane) list(ctx context.Context, path string) ([]entity, error) {
	var out struct {
		Items []entity `json:"items"`
	}
	err := p.do(ctx, http.MethodGet, path, nil, &out)
	return out.Items, err
}

func (p *plane) printJSON(v any) error {
	data, err := json.Marshal(v, json.Deterministic(true), jsontext.WithIndent("  "))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.world.stdout, "%s\n", data)
	return err
}

// application finds an application by its id or its name.
func (p *plane) application(ctx context.Context, name string) (entity, error) {
	list, err := p.list(ctx, "/v1/applications")
	if err != nil {
		return nil, err
	}
	var found []entity
	for _, e := range list {
		if e.text("applicationId") == name {
			return e, nil
		}
		if e.text("applicationName") == name {
			found = append(found, e)
		}
	}
	switch len(found) {
	case 0:
		return nil, usage("there is no application %q; scimproof app list shows them", name)
	case 1:
		return found[0], nil
	}
	return nil, usage("%d applications are called %q; give the id of one", len(found), name)
}

// instance finds an instance by its id or its name; "" is the only one.
func (p *plane) instance(ctx context.Context, name string) (string, error) {
	list, err := p.list(ctx, "/v1/instances")
	if err != nil {
		return "", err
	}
	var found, names []string
	for _, e := range list {
		names = append(names, strconv.Quote(printable(e.text("instanceName"))))
		if name == "" || e.text("instanceId") == name || e.text("instanceName") == name {
			found = append(found, e.text("instanceId"))
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(list) == 0:
		return "", usage("there is no instance yet; make one: scimproof instance add NAME")
	case len(found) == 0:
		return "", usage("there is no instance %q; scimproof instance list shows them", name)
	case name != "":
		return "", usage("%d instances are called %q; give the id of one", len(found), name)
	}
	return "", usage("there are %d instances; name one with --instance: %s", len(found), strings.Join(names[:min(len(names), 5)], ", "))
}

// command makes a command that works on the control plane.
func (f *controlFlags) command(w world, use, short string, args cobra.PositionalArgs, do func(ctx context.Context, p *plane, args []string) error) *cobra.Command {
	return &cobra.Command{Use: use, Short: short, Args: args, RunE: func(c *cobra.Command, args []string) error {
		p, err := f.connect(c.Context(), w)
		if err != nil {
			return err
		}
		defer p.close()
		return do(c.Context(), p, args)
	}}
}

// noun makes the command that the commands about one noun belong to.
func noun(f *controlFlags, use, short string, commands ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short, Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		var verbs []string
		for _, sub := range commands {
			verbs = append(verbs, sub.Name())
		}
		return usage("say what to do: scimproof %s %s", use, strings.Join(verbs, "|"))
	}}
	f.add(c)
	c.AddCommand(commands...)
	return c
}

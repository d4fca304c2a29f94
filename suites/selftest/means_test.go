package selftest

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"scimproof/reports/result"
	"scimproof/server"
	"scimproof/server/control"
	"scimproof/server/fault"
	"scimproof/server/store"
	"scimproof/simulator/client"
	"scimproof/suites/check"
)

// rotation issues and ends tokens of an application, as a program of its owner would.
type rotation struct {
	plane       *control.Plane
	application string
	issued      map[client.Secret]string // ids
}

var _ check.Rotate = rotation{}

// Issue is that of check.Rotate.
func (r rotation) Issue(ctx context.Context) (client.Secret, error) {
	k, value, err := r.plane.AddToken(ctx, r.application, control.BearerToken, control.Days(1))
	r.issued[client.Secret(value)] = k.ID
	return client.Secret(value), err
}

// Retire is that of check.Rotate.
func (r rotation) Retire(ctx context.Context, value client.Secret) error {
	if _, err := r.plane.SetTokenEnabled(ctx, r.issued[value], false); err != nil {
		return err
	}
	return r.plane.DeleteToken(ctx, r.issued[value])
}

// TestMeansWithoutControl judges the rules of tokens where nobody has a control API: on a right server what the run was given is enough for
// some checks and the others are skipped, and under a fault of theirs they break.
func TestMeansWithoutControl(t *testing.T) {
	type outcomes map[string]result.Outcome
	second := func(t *testing.T, r rotation) check.Means { return check.Means{Second: issue(t, r)} }
	rotate := func(_ *testing.T, r rotation) check.Means { return check.Means{Rotate: r} }
	// The shortest token that there is, made two days ago, has expired.
	expired := func(t *testing.T, r rotation) check.Means {
		r.plane.Clock = func() time.Time { return time.Now().AddDate(0, 0, -2) }
		return check.Means{Expired: issue(t, r)}
	}
	const sideBySide, seamless, deleted, expiry = "idaas.rotation.side-by-side", "idaas.rotation.seamless", "idaas.token.deleted", "idaas.token.expired"
	for _, c := range []struct {
		name  string
		means func(t *testing.T, r rotation) check.Means
		fault string
		want  outcomes
	}{
		{"nothing", func(*testing.T, rotation) check.Means { return check.Means{} }, "",
			outcomes{sideBySide: result.Skip, seamless: result.Skip, deleted: result.Skip, expiry: result.Skip}},
		{"a second token", second, "", outcomes{sideBySide: result.Pass, seamless: result.Skip, deleted: result.Skip, expiry: result.Skip}},
		{"a program", rotate, "", outcomes{sideBySide: result.Pass, seamless: result.Pass, deleted: result.Pass, expiry: result.Skip}},
		{"an expired token", expired, "", outcomes{sideBySide: result.Skip, seamless: result.Skip, deleted: result.Skip, expiry: result.Pass}},
		{"a second token", second, "one-token-at-a-time", outcomes{sideBySide: result.Fail}},
		{"a program", rotate, "one-token-at-a-time", outcomes{sideBySide: result.Fail, seamless: result.Fail}},
		{"a program", rotate, "issuing-ends-the-first", outcomes{sideBySide: result.Fail, seamless: result.Fail}},
		{"a program", rotate, "token-cached", outcomes{deleted: result.Fail}},
		{"an expired token", expired, "expired-token-opens", outcomes{expiry: result.Fail}},
	} {
		for id, want := range c.want {
			t.Run(c.name+" "+c.fault+" "+id, func(t *testing.T) {
				w, f := newWorld(t), faultNamed(t, c.fault)
				env := w.env(t, w.serve(t, f), "idaas")
				r := w.rotation(t, f)
				env.Target.Means = c.means(t, r)
				all := checks(t)
				j := judge(context.Background(), env, all, byID(t, all, id), check.IDaaS)
				if row := j.Rows[0]; row.Outcome != want {
					t.Errorf("%s, want %s: %s", row.Outcome, want, row.Reason)
				}
				if c.fault != "" {
					return
				}
				for _, left := range j.Residue {
					t.Errorf("left behind: %+v", left)
				}
				if env.Target.Means.Rotate != nil {
					w.retired(t, r)
				}
			})
		}
	}
}

// rotation is that of the demo application of profile idaas.
func (w *world) rotation(t *testing.T, f fault.Fault) rotation {
	t.Helper()
	for _, a := range w.apps {
		if a.Application.Profile == "idaas" {
			return rotation{server.Control(w.config(f.Under(w.store))), a.Application.ID, map[client.Secret]string{}}
		}
	}
	t.Fatal("there is no such application")
	return rotation{}
}

func issue(t *testing.T, r rotation) client.Secret {
	t.Helper()
	value, err := r.Issue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// retired expects no token to be left that was issued.
func (w *world) retired(t *testing.T, r rotation) {
	t.Helper()
	err := w.store.Read(t.Context(), func(tx store.Reader) error {
		list, err := tx.Tokens(r.application)
		if len(list) != 1 {
			t.Errorf("%d tokens are left, want the first one alone", len(list))
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// faultNamed finds a fault; "" is none.
func faultNamed(t *testing.T, name string) (none fault.Fault) {
	t.Helper()
	for _, f := range fault.All() {
		if f.Name == name {
			return f
		}
	}
	if name != "" {
		t.Fatalf("there is no fault %q", name)
	}
	return none
}

// TestControlAPIThatSaysTooLittle: where an adapter leaves out what it has to answer, the run could not judge. It is no failure of the server,
// and no check goes on with an id that is not there.
func TestControlAPIThatSaysTooLittle(t *testing.T) {
	for name, c := range map[string]struct{ route, answer string }{
		"no instance":         {"POST /v1/instances", `{}`},
		"no JSON":             {"POST /v1/instances", `<html>`},
		"no organization":     {"GET /v1/instances/{id}/organizations", `{"items": []}`},
		"no application":      {"POST /v1/instances/{id}/applications", `{"scimBasePath": "/v2/a/b/scim"}`},
		"no base URL":         {"POST /v1/instances/{id}/applications", `{"applicationId": "app"}`},
		"no id of a token":    {"POST /v1/applications/{id}/tokens", `{"applicationToken": "secret"}`},
		"no value of a token": {"POST /v1/applications/{id}/tokens", `{"applicationTokenId": "1"}`},
	} {
		t.Run(name, func(t *testing.T) {
			little := func(next http.Handler) http.Handler {
				mux := http.NewServeMux()
				mux.Handle("/", next)
				mux.HandleFunc(c.route, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, c.answer) })
				return mux
			}
			w := newWorld(t)
			env := w.env(t, w.serve(t, fault.Fault{Control: little}), "idaas")
			all := checks(t)
			j := judge(context.Background(), env, all, byID(t, all, "idaas.token.third"), check.IDaaS)
			if row := j.Rows[0]; row.Outcome != result.Error || !strings.Contains(row.Reason, "docs/control.md") {
				t.Errorf("%s: %s", row.Outcome, row.Reason)
			}
		})
	}
}

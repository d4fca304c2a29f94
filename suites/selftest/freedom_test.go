package selftest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"scimproof/reports/result"
	"scimproof/server/fault"
	"scimproof/suites/check"
)

// freedom is something that servers may do otherwise than ours.
type freedom struct {
	name    string
	wrap    func(http.Handler) http.Handler
	departs []string // checks below MUST that ask for the other way, as globs do: an id, or what ids begin with
}

var freedoms = []freedom{
	{name: "locations are relative", wrap: answers(func(r *http.Request, a *reply) {
		base, _, _ := strings.Cut(r.URL.Path, "/scim")
		base = "http://" + r.Host + base + "/scim/"
		a.body = bytes.ReplaceAll(a.body, []byte(base), nil)
		for _, h := range []string{"Location", "Content-Location"} {
			if v := a.header.Get(h); v != "" {
				a.header.Set(h, strings.TrimPrefix(v, base))
			}
		}
	})},
	{name: "media types have parameters", wrap: answers(func(_ *http.Request, a *reply) {
		if v := a.header.Get("Content-Type"); v != "" {
			a.header.Set("Content-Type", v+"; charset=UTF-8")
		}
	})},
	{name: "a creation is answered without the user", departs: []string{"users.create.body"}, wrap: answers(func(_ *http.Request, a *reply) {
		if a.status == http.StatusCreated {
			a.body = nil
			a.header.Del("Content-Type")
		}
	})},
	{name: "what is unassigned is null", departs: []string{"users.create.null-not-returned"}, wrap: each(func(res map[string]any) {
		for _, name := range []string{"displayName", "externalId", "title", "emails", "members"} {
			if _, has := res[name]; !has {
				res[name] = nil
			}
		}
	})},
	{name: "what is unassigned is an empty list", wrap: each(func(res map[string]any) {
		for _, name := range []string{"emails", "phoneNumbers", "groups", "members"} {
			if _, has := res[name]; !has {
				res[name] = []any{}
			}
		}
	})},
	{name: "there is more than any schema has", departs: []string{"projection.minimum"}, wrap: each(func(res map[string]any) {
		res["vendorRank"] = map[string]any{"level": 7}
	})},
	{name: "times are whole seconds", wrap: each(func(res map[string]any) {
		if meta, ok := res["meta"].(map[string]any); ok {
			for _, name := range []string{"created", "lastModified"} {
				if s, ok := meta[name].(string); ok {
					at, _, _ := strings.Cut(s, ".")
					meta[name] = at + "Z"
				}
			}
		}
	})},
	{name: "schemas are listed in another order", wrap: each(func(res map[string]any) {
		if list, ok := res["schemas"].([]any); ok {
			slices.Reverse(list)
		}
	})},
	{name: "JSON is printed for people", wrap: answers(func(_ *http.Request, a *reply) {
		if v := jsontext.Value(a.body); v.IsValid() {
			if err := v.Indent(); err == nil {
				a.body = v
			}
		}
	})},
	{name: "conflicts are 400", departs: []string{"users.create.duplicate-status"}, wrap: answers(func(_ *http.Request, a *reply) {
		if a.status == http.StatusConflict {
			a.status = http.StatusBadRequest
			a.body = bytes.ReplaceAll(a.body, []byte(`"409"`), []byte(`"400"`))
		}
	})},
	{name: "strangers are turned away with 403", wrap: answers(func(_ *http.Request, a *reply) {
		if a.status == http.StatusUnauthorized {
			a.status = http.StatusForbidden
			a.header.Del("WWW-Authenticate")
			a.body = bytes.ReplaceAll(a.body, []byte(`"401"`), []byte(`"403"`))
		}
	})},
	{name: "errors say nothing in words", departs: []string{"errors.detail"}, wrap: each(func(res map[string]any) {
		if res["status"] != nil {
			delete(res, "detail")
		}
	})},
	{name: "users have a userName and nothing else", departs: []string{"users.create.external-id"}, wrap: bare},
}

// TestFreedoms holds the checks to what servers may do: no MUST breaks, and of the others only those that a freedom names.
func TestFreedoms(t *testing.T) {
	if testing.Short() {
		t.Skip("the whole catalogue for each freedom takes a while; it runs without -short")
	}
	all := checks(t)
	selected, err := check.Select(all, []check.Profile{check.RFC}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range freedoms {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			env := w.env(t, w.serve(t, fault.Fault{Wrap: f.wrap}), "rfc")
			for _, row := range judge(context.Background(), env, all, selected, check.RFC).Rows {
				named := slices.ContainsFunc(f.departs, func(id string) bool { return row.ID == id || strings.HasPrefix(row.ID, id+".") })
				switch {
				case broken(row) && row.Level != string(check.Info) && (!named || row.Outcome == result.Fail),
					row.Outcome == result.Blocked, row.Outcome == result.Error:
					t.Errorf("%s is %s: %s", row.ID, row.Outcome, row.Reason)
				}
			}
		})
	}
}

// reply is an answer before it leaves.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// answers lets a freedom change every answer.
func answers(edit func(r *http.Request, a *reply)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			rec := httptest.NewRecorder()
			next.ServeHTTP(rec, r)
			a := &reply{rec.Code, rec.Header(), rec.Body.Bytes()}
			edit(r, a)
			for name, values := range a.header {
				w.Header()[name] = values
			}
			w.Header().Del("Content-Length")
			if len(a.body) > 0 {
				w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
			}
			w.WriteHeader(a.status)
			w.Write(a.body)
		})
	}
}

// each lets a freedom change the object in every answer about users, groups and errors, or each resource of a list.
func each(edit func(res map[string]any)) func(http.Handler) http.Handler {
	return answers(func(r *http.Request, a *reply) {
		var doc map[string]any
		if !strings.Contains(r.URL.Path, "/Users") && !strings.Contains(r.URL.Path, "/Groups") || json.Unmarshal(a.body, &doc) != nil {
			return
		}
		list, many := doc["Resources"].([]any)
		for _, item := range list {
			if res, ok := item.(map[string]any); ok {
				edit(res)
			}
		}
		if !many {
			edit(doc)
		}
		if data, err := json.Marshal(doc, json.Deterministic(true)); err == nil {
			a.body = data
		}
	})
}

// bare makes a server whose schemas declare userName alone, and which keeps nothing else of a user that is written whole.
func bare(next http.Handler) http.Handler {
	declare := answers(func(r *http.Request, a *reply) {
		var doc map[string]any
		if !strings.Contains(r.URL.Path, "/Schemas") || json.Unmarshal(a.body, &doc) != nil {
			return
		}
		list, many := doc["Resources"].([]any)
		if !many {
			list = []any{doc}
		}
		for _, item := range list {
			schema := item.(map[string]any)
			if id, _ := schema["id"].(string); strings.HasSuffix(id, ":User") {
				schema["attributes"] = slices.DeleteFunc(schema["attributes"].([]any), func(a any) bool { return a.(map[string]any)["name"] != "userName" })
			}
		}
		a.body, _ = json.Marshal(doc, json.Deterministic(true))
	})
	return declare(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/Users") && (r.Method == http.MethodPost || r.Method == http.MethodPut) {
			body, _ := io.ReadAll(r.Body)
			var doc map[string]any
			if json.Unmarshal(body, &doc) == nil {
				for name := range doc {
					if !slices.Contains([]string{"schemas", "username"}, strings.ToLower(name)) {
						delete(doc, name)
					}
				}
				body, _ = json.Marshal(doc)
			}
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		}
		next.ServeHTTP(w, r)
	}))
}

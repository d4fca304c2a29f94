package fault

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"scimproof/server/store"
)

// elsewhereOpen are endpoints that the right server does not have for an idaas application, and ways of asking that it does not know, where
// they forget what the others keep.
var elsewhereOpen = []Fault{
	{
		Name:   "search-past-scope",
		Breaks: ofRealms("idaas.scope", "elsewhere"),
		Seen:   "a search that came later, with a query of its own",
		Wrap:   searching(unbounded{}),
		Store:  beyond,
	},
	{
		Name:   "bulk-past-scope",
		Breaks: ofRealms("idaas.scope", "elsewhere"),
		Seen:   "operations of a bulk that go past the handlers, straight to the store",
		Wrap:   bulking(unbounded{}),
		Store:  beyond,
	},
	{
		Name:   "search-unguarded",
		Breaks: []string{"idaas.permission.elsewhere"},
		Seen:   "a scenario by the name of each endpoint, and none for .search",
		Wrap:   searching(free{}),
		Store:  func(s store.Store) store.Store { return freely{s} },
	},
	{
		Name:   "bulk-unguarded",
		Breaks: []string{"idaas.permission.elsewhere"},
		Seen:   "a scenario that is asked for once, for /Bulk, and never for what is in it",
		Wrap:   bulking(free{}),
		Store:  func(s store.Store) store.Store { return freely{s} },
	},
	{
		Name:   "search-past-the-switch",
		Breaks: []string{"idaas.application.elsewhere", "idaas.permission.api-off-elsewhere"},
		Seen:   "a search service that the switch of another service does not reach",
		Wrap:   searching(free{}),
		Store:  func(s store.Store) store.Store { return switchless{s} },
	},
	{
		Name:   "bulk-past-the-switch",
		Breaks: []string{"idaas.application.elsewhere", "idaas.permission.api-off-elsewhere"},
		Seen:   "bulks that are queued, and carried out whatever has become of their application",
		Wrap:   bulking(free{}),
		Store:  func(s store.Store) store.Store { return switchless{s} },
	},
	{
		Name:   "cursors-past-scope",
		Breaks: ofRealms("idaas.scope", "cursor"),
		Seen:   "a cursor that is a number of a row, in the table as a whole",
		Wrap:   both(pagesByCursor, marking(asks("startIndex"))),
		Store:  beyond,
	},
	{
		Name:   "tenant-from-the-address",
		Breaks: []string{"idaas.instance.base-url"},
		Seen:   "the tenant read from the path and the permission from the token, and nobody holds one against the other",
		Wrap:   addressed,
		Store:  tenantFromTheAddress,
	},
	{
		Name:   "selection-remembered",
		Breaks: []string{"idaas.field.deselected", "idaas.field.deselected-unseen"},
		Seen:   "a mapping that is read when the connector starts",
		Store: func(s store.Store) store.Store {
			var first sync.Map // fields by application
			return gate{s, func(a *store.Admission) {
				if len(a.Application.Fields) > 0 {
					first.LoadOrStore(a.Application.ID, a.Application.Fields)
				}
				if fields, ok := first.Load(a.Application.ID); ok {
					a.Application.Fields = fields.([]string)
				}
			}}
		},
	},
}

// switchless takes an application for enabled, and its API for on, in the requests that are marked.
type switchless struct{ store.Store }

// Admit is that of a store.
func (s switchless) Admit(ctx context.Context, application string, digest []byte) (store.Admission, error) {
	a, err := s.Store.Admit(ctx, application, digest)
	if ctx.Value(free{}) != nil {
		a.Application.Enabled, a.Application.APIEnabled = true, true
	}
	return a, err
}

// marked makes a request of the fault's own that carries a mark.
func marked(r *http.Request, mark any, method, below string, doc object) *http.Request {
	out := again(r, method, below, doc)
	return out.WithContext(context.WithValue(out.Context(), mark, true))
}

// offering answers the chosen requests where the right server does not have their endpoint.
func offering(chosen when, respond func(next http.Handler, r *http.Request) object) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !chosen(r) {
				next.ServeHTTP(w, r)
				return
			}
			body := drain(r)
			a := call(next, r)
			if a.status == http.StatusNotImplemented {
				setBody(r, body)
				a.status = http.StatusOK
				a.encode(respond(next, r))
			}
			a.send(w)
		})
	}
}

// searching answers queries by POST, and those at the base URL, from lists that are asked for with a mark.
func searching(mark any) func(http.Handler) http.Handler {
	root := and(method("GET"), collection(""))
	return offering(or(and(method("POST"), ends("/.search")), root), func(next http.Handler, r *http.Request) object {
		filter := r.URL.Query().Get("filter")
		if doc, ok := decode(drain(r)); ok {
			filter, _ = doc["filter"].(string)
		}
		found := []any{}
		for _, endpoint := range []string{users, groups} {
			if named := strings.TrimSuffix(below(r), "/.search"); strings.Trim(named, "/") != "" && named != endpoint {
				continue
			}
			list := marked(r, mark, http.MethodGet, endpoint, nil)
			list.URL.RawQuery = url.Values{"filter": {filter}}.Encode()
			doc, _ := decode(call(next, list).body)
			resources, _ := doc["Resources"].([]any)
			found = append(found, resources...)
		}
		return object{"schemas": []any{"urn:ietf:params:scim:api:messages:2.0:ListResponse"}, "totalResults": len(found), "Resources": found}
	})
}

// bulking carries out the operations of a bulk one by one, each with a mark.
func bulking(mark any) func(http.Handler) http.Handler {
	return offering(and(method("POST"), collection("/Bulk")), func(next http.Handler, r *http.Request) object {
		doc, _ := decode(drain(r))
		results := []any{}
		for _, op := range writtenOps(doc) {
			verb, _ := op["method"].(string)
			path, _ := op["path"].(string)
			data, _ := op["data"].(object)
			done := call(next, marked(r, mark, verb, path, data))
			results = append(results, object{"method": verb, "status": strconv.Itoa(done.status)})
		}
		return object{"schemas": []any{"urn:ietf:params:scim:api:messages:2.0:BulkResponse"}, "Operations": results}
	})
}

// pagesByCursor pages by cursor, with the number of the next record for one.
func pagesByCursor(next http.Handler) http.Handler {
	told := resources(readConfig, func(res object) { res["pagination"] = object{"cursor": true, "index": true} })(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !and(method("GET"), collection(users, groups), asks("cursor"))(r) {
			told.ServeHTTP(w, r)
			return
		}
		start, count := 1, 1
		q := r.URL.Query()
		if n, err := strconv.Atoi(q.Get("cursor")); err == nil {
			start = n
		}
		if n, err := strconv.Atoi(q.Get("count")); err == nil {
			count = n
		}
		page := r.Clone(r.Context())
		q.Del("cursor")
		q.Set("startIndex", strconv.Itoa(start))
		page.URL.RawQuery = q.Encode()
		a := call(next, page)
		if doc, ok := decode(a.body); ok {
			if total, _ := doc["totalResults"].(float64); float64(start+count) <= total {
				doc["nextCursor"] = strconv.Itoa(start + count)
			}
			a.encode(doc)
		}
		a.send(w)
	})
}

// tenant is the mark of a request: the instance that its address names.
type tenant struct{}

// addressed marks each request with the instance that its address names.
func addressed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if parts := strings.Split(r.URL.Path, "/"); len(parts) > 3 {
			r = r.WithContext(context.WithValue(r.Context(), tenant{}, "idaas_"+strings.TrimPrefix(parts[2], "idaas_")))
		}
		next.ServeHTTP(w, r)
	})
}

// tenantFromTheAddress lets an application work in the instance that the address names, where it has no scope.
func tenantFromTheAddress(s store.Store) store.Store {
	a := &addressee{Store: s}
	return viewed{a, func(_ context.Context, v store.View) store.View {
		_, strange := a.strange.Load(v.Application + " " + v.Directory)
		v.Scoped = v.Scoped && !strange
		return v
	}}
}

type addressee struct {
	store.Store
	strange sync.Map // application and instance that do not belong together
}

// Admit is that of a store.
func (s *addressee) Admit(ctx context.Context, application string, digest []byte) (store.Admission, error) {
	a, err := s.Store.Admit(ctx, application, digest)
	named, _ := ctx.Value(tenant{}).(string)
	if err == nil && named != "" && named != a.Instance.ID {
		a.Instance.ID, a.Application.Instance = named, named
		s.strange.Store(application+" "+named, true)
	}
	return a, err
}

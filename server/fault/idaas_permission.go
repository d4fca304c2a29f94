package fault

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"scimproof/server/store"
)

// scenariosGranted are deviations of what the switch of the IDaaS API and the scenarios open and close.
var scenariosGranted = []Fault{
	{
		Name:   "api-switch-without-effect",
		Breaks: []string{"idaas.permission.api-off"},
		Seen:   "a switch that the gateway of another service looks at",
		Store:  admitting(func(a *store.Admission) { a.Application.APIEnabled = true }),
	},
	{
		Name:         "api-switch-of-the-instance",
		Breaks:       []string{"idaas.permission.api-off-alone"},
		Seen:         "a feature that an organization has or has not",
		ControlStore: spreading(func(from, to *store.Application) { to.APIEnabled = from.APIEnabled }),
	},
	{
		Name:         "scenarios-of-the-instance",
		Breaks:       []string{"idaas.permission.alone"},
		Seen:         "permissions that belong to a role, and one role for all that provisions",
		ControlStore: spreading(func(from, to *store.Application) { to.Permissions = from.Permissions }),
	},
	{
		Name:   "discovery-behind-the-switch",
		Breaks: []string{"idaas.permission.api-off-discovery"},
		Seen:   "a gateway that closes every path of an application",
		Wrap:   behindUsers(collection("/ServiceProviderConfig", "/ResourceTypes", "/Schemas")),
	},
	{
		Name:   "one-scenario-opens-all",
		Breaks: []string{"idaas.token.opens-nothing-more", "idaas.permission.taken-away"},
		Seen:   "a permission that is asked for at the front door only",
		Store: admitting(func(a *store.Admission) {
			if len(a.Application.Permissions) > 0 {
				a.Application.Permissions = scenarios
			}
		}),
	},
	{
		Name:   "refused-too-late",
		Breaks: []string{"idaas.permission.taken-away", "idaas.token.opens-nothing-more"},
		Seen:   "a permission that is asked for when the answer is written, after the deed",
		Wrap:   refusedLate,
		Store:  func(s store.Store) store.Store { return freely{s} },
	},
	{
		Name:   "manage-needs-read",
		Breaks: []string{"idaas.token.opens-what-is-granted"},
		Seen:   "an update that reads first, with the permissions of the client",
		Store:  admitting(func(a *store.Admission) { a.Application.Permissions = readable(a.Application.Permissions) }),
	},
	{
		Name:   "all-scenarios-or-none",
		Breaks: []string{"idaas.permission.others-stay"},
		Seen:   "scenarios that became one switch when they were stored",
		Store: admitting(func(a *store.Admission) {
			if len(a.Application.Permissions) < len(scenarios) {
				a.Application.Permissions = nil
			}
		}),
	},
	{
		Name:   "refusal-without-scenario",
		Breaks: []string{"idaas.permission.refusal"},
		Seen:   "most servers, whose 403 leaves the administrator to guess",
		Wrap: document(always, func(_ *http.Request, a *answer, doc object) {
			if a.status == http.StatusForbidden {
				doc["detail"] = "permission_denied: ask your administrator"
			}
		}),
	},
}

// unguarded are servers that forgot to ask for the scenario at one operation, and ask at every other.
func unguarded() (list []Fault) {
	for _, op := range []struct {
		name   string
		chosen when
	}{
		{"get-of-a-user", readUser},
		{"list-of-users", and(method("GET"), collection(users), not(asks("filter")))},
		{"filter-on-users", and(method("GET"), collection(users), asks("filter"))},
		{"post-of-a-user", createUser},
		{"put-of-a-user", putUser},
		{"patch-of-a-user", patchUser},
		{"delete-of-a-user", deleteUser},
		{"get-of-a-group", readGroup},
		{"list-of-groups", and(method("GET"), collection(groups), not(asks("filter")))},
		{"filter-on-groups", and(method("GET"), collection(groups), asks("filter"))},
		{"post-of-a-group", createGroup},
		{"put-of-a-group", putGroup},
		{"patch-of-a-group", patchGroup},
		{"delete-of-a-group", deleteGroup},
	} {
		list = append(list, Fault{
			Name:   op.name + "-unguarded",
			Breaks: []string{"idaas.permission.taken-away", "idaas.permission.refusal", "idaas.token.opens-nothing-more"},
			Seen:   "broken function level authorization, fifth of the OWASP API risks: a permission that each handler asks for by itself, but one",
			Wrap:   freeing(op.chosen),
			Store:  func(s store.Store) store.Store { return freely{s} },
		})
	}
	return list
}

// freeing marks the chosen requests, for freely to grant everything.
func freeing(chosen when) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if chosen(r) {
				r = r.WithContext(context.WithValue(r.Context(), free{}, true))
			}
			next.ServeHTTP(w, r)
		})
	}
}

// scenarios are all that there are.
var scenarios = []string{
	"urn:alibaba:idaas:scope:user:read_all", "urn:alibaba:idaas:scope:user:manage_all",
	"urn:alibaba:idaas:scope:group:read_all", "urn:alibaba:idaas:scope:group:manage_all",
}

// readable are the scenarios without those that manage what they cannot read.
func readable(granted []string) []string {
	return slices.DeleteFunc(slices.Clone(granted), func(s string) bool {
		thing, manages := strings.CutSuffix(s, ":manage_all")
		return manages && !slices.Contains(granted, thing+":read_all")
	})
}

// behindUsers lets the chosen requests pass where the same client may list users, and answers them with that refusal where it may not.
func behindUsers(chosen when) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if chosen(r) {
				if users := call(next, again(r, http.MethodGet, "/Users", nil)); users.status == http.StatusForbidden {
					users.send(w)
					return
				}
			}
			next.ServeHTTP(w, r)
		})
	}
}

// free marks requests of which a store says that everything is granted.
type free struct{}

// refusedLate carries out the writes that are forbidden, and refuses them then.
func refusedLate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := drain(r)
		a := call(next, r)
		if a.status == http.StatusForbidden && r.Method != http.MethodGet {
			done := r.Clone(context.WithValue(r.Context(), free{}, true))
			setBody(done, body)
			call(next, done)
		}
		a.send(w)
	})
}

type freely struct{ store.Store }

// Admit is that of a store.
func (s freely) Admit(ctx context.Context, application string, digest []byte) (store.Admission, error) {
	a, err := s.Store.Admit(ctx, application, digest)
	if ctx.Value(free{}) != nil {
		a.Application.Permissions = scenarios
	}
	return a, err
}

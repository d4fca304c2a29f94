package fault

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"

	"scimproof/server/store"
)

var (
	listAll   = and(method("GET"), collection(users, groups), not(asks("filter")), not(asks("sortBy")), not(asks("startIndex")))
	writesOne = and(method("PUT", "PATCH", "DELETE"), single(users, groups))
)

// ofRealms are the checks of scopes that there are for accounts and for groups.
func ofRealms(area string, words ...string) (ids []string) {
	for _, word := range words {
		ids = append(ids, area+".account."+word, area+".group."+word)
	}
	return ids
}

// filtersBy chooses requests whose filter has a word.
func filtersBy(word string) when {
	return func(r *http.Request) bool { return strings.Contains(r.URL.Query().Get("filter"), word) }
}

// scopesKept are deviations of what a provisioning scope hides and what it shows (rules scope-*).
var scopesKept = []Fault{
	{
		Name:   "ids-past-scope",
		Breaks: append(ofRealms("idaas.scope", "get"), "idaas.apart.get", "idaas.scope.members-of-it", "idaas.scope.hidden-member.read"),
		Seen:   "broken object level authorization, first of the OWASP API risks: lists are bounded, look-ups by id are not",
		Wrap:   marking(and(method("GET"), single(users, groups))),
		Store:  beyond,
	},
	{
		Name:   "lists-past-scope",
		Breaks: append(ofRealms("idaas.scope", "list"), "idaas.apart.list", "idaas.scope.set"),
		Seen:   "a scope that is a default filter, and lost where no filter is given",
		Wrap:   marking(listAll),
		Store:  beyond,
	},
	{
		Name:   "totals-past-scope",
		Breaks: append(ofRealms("idaas.scope", "list"), "idaas.apart.list"),
		Seen:   "a count that is read from the table as a whole, since it is faster",
		Wrap:   marking(asksFor("count", "0")),
		Store:  beyond,
	},
	{
		Name:   "filters-past-scope",
		Breaks: append(ofRealms("idaas.scope", "filter"), "idaas.apart.filter", "idaas.scope.group-of-it"),
		Seen:   "a search index that knows no tenants",
		Wrap:   marking(asks("filter")),
		Store:  beyond,
	},
	{
		Name:   "or-past-scope",
		Breaks: append(ofRealms("idaas.scope", "logic"), "idaas.apart.logic"),
		Seen:   "the filter appended to the WHERE of the scope without parentheses",
		Wrap:   marking(filtersBy(" or ")),
		Store:  beyond,
	},
	{
		Name:   "not-past-scope",
		Breaks: ofRealms("idaas.scope", "logic"),
		Seen:   "not put around the condition of the scope as well",
		Wrap:   marking(filtersBy("not (")),
		Store:  beyond,
	},
	{
		Name:   "pages-past-scope",
		Breaks: append(ofRealms("idaas.scope", "pages"), "idaas.apart.pages"),
		Seen:   "paging by offset into the whole table",
		Wrap:   marking(and(asks("startIndex"), not(asksFor("startIndex", "1")))),
		Store:  beyond,
	},
	{
		Name:   "sorts-past-scope",
		Breaks: append(ofRealms("idaas.scope", "sort"), "idaas.apart.sort"),
		Seen:   "another query for sorted lists",
		Wrap:   marking(asks("sortBy")),
		Store:  beyond,
	},
	{
		Name:   "writes-past-scope",
		Breaks: append(ofRealms("idaas.scope", "put", "patch", "delete"), "idaas.apart.put", "idaas.apart.patch", "idaas.apart.delete"),
		Seen:   "broken object level authorization: what cannot be read can be written",
		Wrap:   marking(writesOne),
		Store:  beyond,
	},
	{
		Name: "members-past-scope",
		Breaks: []string{
			"idaas.scope.outsider", "idaas.apart.member", "idaas.scope.hidden-member.put", "idaas.scope.hidden-member.replace", "idaas.scope.hidden-member.remove",
			"idaas.scope.hidden-member.remove-one", "idaas.scope.hidden-member.remove-like",
		},
		Seen:  "members looked up by their ids alone",
		Wrap:  marking(or(createGroup, putGroup, patchGroup)),
		Store: beyond,
	},
	{
		Name: "members-written-as-seen",
		Breaks: []string{
			"idaas.scope.hidden-member.put", "idaas.scope.hidden-member.add", "idaas.scope.hidden-member.replace", "idaas.scope.hidden-member.remove",
			"idaas.scope.hidden-member.replace-object", "idaas.scope.hidden-member.again",
		},
		Seen:  "the list of members read as the caller may see it, changed, and written back whole",
		Store: writing(func(tx store.Tx) store.Tx { return wholeLists{tx} }),
	},
	{
		Name:   "cursor-carries-the-tenant",
		Breaks: []string{"idaas.apart.cursor", "idaas.instance.cursor"},
		Seen:   "a query kept under a number, with which whoever names the number goes on",
		Wrap:   cursorsOfAnybody,
	},
	{
		Name:   "exact-organizations",
		Breaks: []string{"idaas.scope.below"},
		Seen:   "the organization of an account compared with those of the scope, and not with what lies below them",
		Store: sifting(func(r store.Reader, v store.View, rec store.Record) bool {
			a, err := r.Application(v.Application)
			return err != nil || rec.Organization == "" || slices.Contains(a.Scope, rec.Organization)
		}),
	},
	{
		Name:    "one-organization",
		Breaks:  []string{"idaas.scope.set"},
		Seen:    "a scope that is a column",
		Control: scopesAs(func(scope object) { scope["organizationalUnitIds"] = firstOf(scope["organizationalUnitIds"]) }),
	},
	{
		Name:    "scope-without-groups",
		Breaks:  []string{"idaas.scope.set"},
		Seen:    "groups left for a later release",
		Control: scopesAs(func(scope object) { scope["groupIds"] = []any{} }),
	},
	{
		Name:   "groups-bring-members",
		Breaks: []string{"idaas.scope.group-of-it"},
		Seen:   "Entra ID's scoping by assigned groups, which brings in their members",
		Store:  reading(withMembers),
	},
	{
		Name:   "own-source-only",
		Breaks: ofRealms("idaas.overlap", "read", "put", "patch", "delete"),
		Seen:   "a client that sees what it made itself and nothing else",
		Store:  sifting(func(_ store.Reader, v store.View, rec store.Record) bool { return rec.Source == v.Application }),
	},
	{
		Name:   "own-source-always",
		Breaks: []string{"idaas.scope.moved"},
		Seen:   "access that goes with having made something, beside that which goes with the organization",
		Store:  reading(withOwn),
	},
	{
		Name:   "external-ids-of-all",
		Breaks: []string{"idaas.overlap.submission", "idaas.overlap.submission-group", "idaas.apart.names"},
		Seen:   "externalId kept as a column of the account, for all clients",
		Store:  reading(anyExternalID),
	},
	{
		Name:   "external-id-of-the-account",
		Breaks: []string{"idaas.overlap.external-id"},
		Seen:   "externalId kept as a column of the account, for all clients",
		Wrap:   oneExternalID,
	},
	{
		Name:   "names-of-all-instances",
		Breaks: []string{"idaas.apart.names"},
		Seen:   "a unique index that forgets the tenant",
		Store:  reading(anyName),
	},
	{
		Name:   "clash-names-the-other",
		Breaks: []string{"idaas.apart.clash", "idaas.apart.field-clash"},
		Seen:   "errors that help the client with the id of the account it clashes with",
		Store:  writing(func(tx store.Tx) store.Tx { return talkative{tx} }),
	},
	{
		Name:   "groups-join-every-scope",
		Breaks: []string{"idaas.scope.joined"},
		Seen:   "groups that belong to the tenant and not to a client",
		Store:  writing(func(tx store.Tx) store.Tx { return everyScope{tx} }),
	},
	{
		Name:         "narrower-scope-late",
		Breaks:       []string{"idaas.scope.narrowed"},
		Seen:         "what falls out of the scope is taken out by a job at night",
		ControlStore: writing(func(tx store.Tx) store.Tx { return onlyWider{tx} }),
	},
	{
		Name:         "narrower-scope-deletes",
		Breaks:       []string{"idaas.scope.narrowed"},
		Seen:         "Entra ID and Okta, where what falls out of the scope is deprovisioned",
		ControlStore: writing(func(tx store.Tx) store.Tx { return deprovisioning{tx} }),
	},
	{
		Name:   "not-found-for-good",
		Breaks: []string{"idaas.scope.widened"},
		Seen:   "a cache of ids that were not found, which a change of the scope does not clear",
		Store:  remembersAbsence,
	},
}

// wholeLists writes the members of a group as the writer sees them: those whom it does not see are gone.
type wholeLists struct{ store.Tx }

func (t wholeLists) AddMembers(v store.View, group string, members []store.Member) (int, error) {
	var seen []store.Member
	err := t.Members(v, group, func(m store.Member) bool { seen = append(seen, m); return true })
	if err != nil {
		return 0, err
	}
	if _, err := t.ClearMembers(v, group); err != nil {
		return 0, err
	}
	return t.Tx.AddMembers(v, group, append(seen, members...))
}

func (t wholeLists) ClearMembers(v store.View, group string) (int, error) {
	v.Scoped = false
	return t.Tx.ClearMembers(v, group)
}

// withMembers finds an account also where a group of the scope has it.
func withMembers(r store.Reader) reader {
	return outOfScope(r, func(v store.View, rec store.Record) (bool, error) {
		inScope, err := r.ScopeGroups(v.Application)
		if err != nil {
			return false, err
		}
		list, err := r.Memberships(v, rec.ID)
		return slices.ContainsFunc(list, func(m store.Membership) bool { return slices.Contains(inScope, m.ID) }), err
	})
}

// withOwn finds what the application made, wherever it is.
func withOwn(r store.Reader) reader {
	return outOfScope(r, func(v store.View, rec store.Record) (bool, error) { return rec.Source == v.Application, nil })
}

// outOfScope finds chosen records that a scoped view does not show.
func outOfScope(r store.Reader, show func(everything store.View, rec store.Record) (bool, error)) reader {
	return reader{get: func(v store.View, typ, id string) (store.Record, error) {
		rec, err := r.Get(v, typ, id)
		if !errors.Is(err, store.ErrNotFound) {
			return rec, err
		}
		v.Scoped = false
		if rec, err = r.Get(v, typ, id); err != nil {
			return rec, err
		}
		if shown, err := show(v, rec); err != nil || !shown {
			return store.Record{}, errors.Join(err, store.ErrNotFound)
		}
		return rec, nil
	}}
}

// anyExternalID finds what any application of the instance knows by the externalId.
func anyExternalID(r store.Reader) reader {
	return reader{byExternal: func(v store.View, typ, externalID string) (store.Record, error) {
		own, err := r.Application(v.Application)
		if err != nil {
			return store.Record{}, err
		}
		list, err := r.Applications(own.Instance)
		for i := 0; i < len(list) && err == nil; i++ {
			v.Application = list[i].ID
			if rec, err := r.ByExternalID(v, typ, externalID); !errors.Is(err, store.ErrNotFound) {
				return rec, err
			}
		}
		return store.Record{}, errors.Join(err, store.ErrNotFound)
	}}
}

// anyName finds what has the name in any instance.
func anyName(r store.Reader) reader {
	return reader{byKey: func(v store.View, typ, attr, value string) (all []store.Record, err error) {
		list, err := r.Instances()
		for i := 0; i < len(list) && err == nil; i++ {
			var found []store.Record
			v.Directory = list[i].ID
			found, err = r.ByKey(v, typ, attr, value)
			all = append(all, found...)
		}
		return all, err
	}}
}

// oneExternalID shows for each account the externalId that was written last, whoever wrote it.
func oneExternalID(next http.Handler) http.Handler {
	var last sync.Map // id of an account -> externalId
	shown := resources(under(users), func(res object) {
		if external, ok := last.Load(res["id"]); ok {
			res["externalId"] = external
		}
	})(next)
	return echo(writesUser, func(sent, res object) {
		if external, ok := told(sent)["externalId"]; ok {
			last.Store(res["id"], external)
			res["externalId"] = external
		}
	})(shown)
}

// talkative says which record has what must be unique.
type talkative struct{ store.Tx }

func (t talkative) Update(v store.View, r store.Record, uniqueExternal bool) error {
	err := t.Tx.Update(v, r, uniqueExternal)
	var clash *store.Conflict
	if !errors.As(err, &clash) {
		return err
	}
	for _, k := range r.Keys {
		if k.Attr != clash.Attr {
			continue
		}
		if holders, err := t.ByKey(v, r.Type, k.Attr, k.Value); err == nil && len(holders) > 0 {
			return &store.Conflict{Attr: clash.Attr + " of " + holders[0].ID}
		}
	}
	return err
}

// everyScope lets a group join the scopes of all applications of the instance.
type everyScope struct{ store.Tx }

func (t everyScope) AddToScope(application, group string) error {
	a, err := t.Application(application)
	if err != nil {
		return err
	}
	all, err := t.Applications(a.Instance)
	for i := 0; i < len(all) && err == nil; i++ {
		if all[i].Profile == a.Profile {
			err = t.Tx.AddToScope(all[i].ID, group)
		}
	}
	return err
}

// scopesAs lets a fault change the provisioning scopes that come over the control API.
func scopesAs(edit func(scope object)) func(http.Handler) http.Handler {
	return payload(method("POST", "PATCH"), func(doc object) {
		if scope, ok := doc["provisioningScope"].(object); ok {
			edit(scope)
		}
	})
}

func firstOf(list any) []any {
	l, _ := list.([]any)
	return l[:min(1, len(l))]
}

// onlyWider takes nothing out of a scope.
type onlyWider struct{ store.Tx }

func (t onlyWider) PutApplication(a store.Application) error {
	if old, err := t.Application(a.ID); err == nil {
		a.Scope = append(slices.Clone(old.Scope), a.Scope...)
		slices.Sort(a.Scope)
		a.Scope = slices.Compact(a.Scope)
	}
	return t.Tx.PutApplication(a)
}

func (t onlyWider) RemoveFromScope(string, string) error { return nil }

// deprovisioning deletes the groups that a scope loses.
type deprovisioning struct{ store.Tx }

func (t deprovisioning) RemoveFromScope(application, group string) error {
	a, err := t.Application(application)
	if err != nil {
		return err
	}
	return t.Delete(store.View{Directory: a.Instance, Application: application}, "Group", group)
}

// remembersAbsence never again finds what it did not find once.
func remembersAbsence(s store.Store) store.Store {
	var absent sync.Map
	return reading(func(r store.Reader) reader {
		return reader{get: func(v store.View, typ, id string) (store.Record, error) {
			key := v.Application + " " + id
			if _, ok := absent.Load(key); ok {
				return store.Record{}, store.ErrNotFound
			}
			rec, err := r.Get(v, typ, id)
			if errors.Is(err, store.ErrNotFound) {
				absent.Store(key, true)
			}
			return rec, err
		}}
	})(s)
}

// targetsKept are deviations of the synchronization target, and of where it takes accounts (rules sync-*, org-*).
var targetsKept = []Fault{
	{
		Name:         "target-anywhere",
		Breaks:       []string{"idaas.target.outside", "idaas.target.outside-new", "idaas.target.left-outside"},
		Seen:         "two settings on two pages, and nothing that holds one against the other",
		ControlStore: reading(everywhere),
	},
	{
		Name:   "organizations-anywhere",
		Breaks: []string{"idaas.organization.outside", "idaas.organization.text-outside"},
		Seen:   "an id that is looked up and not held against the scope",
		Store:  reading(everywhere),
	},
	{
		Name:   "target-remembered",
		Breaks: []string{"idaas.target.moved"},
		Seen:   "settings that are read when the server starts",
		Store: func(s store.Store) store.Store {
			var first sync.Map
			return gate{s, func(a *store.Admission) {
				target, _ := first.LoadOrStore(a.Application.ID, a.Application.Target)
				a.Application.Target = target.(string)
			}}
		},
	},
	{
		Name:   "target-is-top-of-scope",
		Breaks: []string{"idaas.organization.target", "idaas.target.moved"},
		Seen:   "the first organization of the scope, since most have only one",
		Store: admitting(func(a *store.Admission) {
			if len(a.Application.Scope) > 0 {
				a.Application.Target = a.Application.Scope[0]
			}
		}),
	},
	{
		Name: "organization-not-taken",
		Breaks: []string{
			"idaas.organization.place.post", "idaas.organization.place.put", "idaas.organization.place.patch", "idaas.organization.place.again",
			"idaas.organization.text", "idaas.target.passed",
		},
		Seen: "one place for all that a client imports",
		Wrap: tell(writesUser, func(says object) {
			delete(says, enterpriseURN+":organization")
			if extension, ok := says[enterpriseURN].(object); ok {
				delete(extension, "organization")
			}
		}),
	},
	{
		Name:   "organization-text-not-looked-at",
		Breaks: []string{"idaas.organization.text"},
		Seen:   "a text taken for a company's name, whatever it is",
		Wrap: tell(writesUser, func(says object) {
			if _, text := says[enterpriseURN+":organization"].(string); text {
				delete(says, enterpriseURN+":organization")
			}
			if extension, ok := says[enterpriseURN].(object); ok {
				if _, text := extension["organization"].(string); text {
					delete(extension, "organization")
				}
			}
		}),
	},
	{
		Name:   "back-to-target",
		Breaks: []string{"idaas.target.passed", "idaas.organization.stays-elsewhere"},
		Seen:   "the default for what is left out, applied to updates as to creations",
		Wrap: knowingTarget(writesUser, func(doc object, target object) {
			if doc["Operations"] != nil {
				if told(doc)[enterpriseURN+":organization"] == nil {
					doc["Operations"] = append(doc["Operations"].([]any), placing(target))
				}
			} else if organizationIn(doc) == nil {
				doc[enterpriseURN] = object{"organization": target}
			}
		}),
	},
	{
		Name:   "removed-to-target",
		Breaks: []string{"idaas.organization.removed-elsewhere"},
		Seen:   "a remove that means: where it would be by default",
		Wrap: knowingTarget(with(patchUser, aims("remove", enterpriseURN+":organization")), func(doc object, target object) {
			doc["Operations"] = []any{placing(target)}
		}),
	},
}

// everywhere takes every organization for one of the scope.
func everywhere(store.Reader) reader {
	return reader{inScope: func(string, string) (bool, error) { return true, nil }}
}

func placing(organization object) object {
	return object{"op": "replace", "path": enterpriseURN + ":organization", "value": organization}
}

// knowingTarget lets a fault change what the chosen writes carry, knowing the synchronization target: an account that is made and deleted
// again tells it.
func knowingTarget(chosen when, edit func(doc, target object)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !chosen(r) {
				next.ServeHTTP(w, r)
				return
			}
			probe, _ := decode(call(next, again(r, "POST", users, object{"schemas": []any{userURN}, "userName": token()})).body)
			id, _ := probe["id"].(string)
			call(next, again(r, "DELETE", users+"/"+id, nil))
			target, _ := organizationIn(probe).(object)
			payload(always, func(doc object) { edit(doc, target) })(next).ServeHTTP(w, r)
		})
	}
}

// cursorsOfAnybody goes on with a cursor at the application, and with the token, that it was handed out to.
func cursorsOfAnybody(next http.Handler) http.Handler {
	var began sync.Map // *http.Request by cursor
	pages := and(method("GET"), asks("cursor"))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !pages(r) {
			next.ServeHTTP(w, r)
			return
		}
		if first, known := began.Load(r.URL.Query().Get("cursor")); known {
			query := r.URL.RawQuery
			r = first.(*http.Request).Clone(r.Context())
			r.URL.RawQuery = query
		}
		a := call(next, r)
		if doc, ok := decode(a.body); ok {
			if cursor, ok := doc["nextCursor"].(string); ok {
				began.Store(cursor, r.Clone(context.WithoutCancel(r.Context())))
			}
		}
		a.send(w)
	})
}

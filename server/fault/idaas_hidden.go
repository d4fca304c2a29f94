package fault

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"

	"scimproof/server/store"
)

// hiddenKept are deviations of what is told of that which a scope hides, and of what becomes of it (rules scope-2, scope-3, scope-6, scope-7).
var hiddenKept = []Fault{
	{
		Name:   "hidden-said-to-be-hidden",
		Breaks: ofRealms("idaas.scope", "untold"),
		Seen:   "errors that help: this account is outside your scope, ask your administrator",
		Wrap: toldOfHidden(func(_ *http.Request, a *answer, doc object) {
			doc["detail"] = "this is outside of the provisioning scope"
		}),
		Store: beyond,
	},
	{
		Name:   "hidden-is-forbidden",
		Breaks: append(ofRealms("idaas.scope", "untold", "get", "put", "patch", "delete"), "idaas.apart.get"),
		Seen:   "403 for what is there and 404 for what is not, which makes a list of ids out of guesses",
		Wrap: toldOfHidden(func(_ *http.Request, a *answer, doc object) {
			a.status, doc["status"] = http.StatusForbidden, "403"
		}),
		Store: beyond,
	},
	{
		Name:   "conditions-before-scope",
		Breaks: ofRealms("idaas.scope", "untold"),
		Seen:   "If-Match held against the row before anybody asks whose it is",
		Wrap: toldOfHidden(func(r *http.Request, a *answer, doc object) {
			if r.Header.Get("If-Match") != "" {
				a.status, doc["status"] = http.StatusPreconditionFailed, "412"
			}
		}),
		Store: beyond,
	},
	{
		Name:   "stranger-said-to-be-hidden",
		Breaks: []string{"idaas.scope.outsider-untold"},
		Seen:   "errors that help: this user is there, and outside your scope",
		Wrap:   tellsStrangers,
		Store:  beyond,
	},
	{
		Name:   "resubmission-past-scope",
		Breaks: append(ofRealms("idaas.scope", "post"), "idaas.again.outside"),
		Seen:   "an upsert by externalId, which belongs to the client wherever the account is",
		Wrap:   marking(and(method("POST"), collection(users, groups))),
		Store:  beyond,
	},
	{
		Name:   "readers-may-write",
		Breaks: []string{"idaas.scope.narrowed-write"},
		Seen:   "a permission that is kept with the session: what was read a moment ago can be written",
		Store:  readersMayWrite,
	},
	{
		Name:   "groups-remembered",
		Breaks: []string{"idaas.scope.narrowed-members"},
		Seen:   "a cache of groups, which writes of a group clear and changes of the scope do not",
		Wrap:   remembersGroups,
	},
	{
		Name:         "narrower-scope-empties-groups",
		Breaks:       []string{"idaas.scope.narrowed-members"},
		Seen:         "Entra ID and Okta, where what falls out of the scope leaves the groups that were pushed",
		ControlStore: writing(func(tx store.Tx) store.Tx { return emptying{tx} }),
	},
	{
		Name:   "movers-leave-their-groups",
		Breaks: []string{"idaas.scope.hidden-member.moved"},
		Seen:   "groups that belong to an organization, and lose whoever leaves it",
		Store:  writing(func(tx store.Tx) store.Tx { return leaving{tx} }),
	},
	{
		Name:   "joins-past-scope",
		Breaks: []string{"idaas.scope.hidden-member.filter"},
		Seen:   "the scope a condition on the table that is asked, and on none that is joined to it",
		Wrap:   marking(filtersBy("members")),
		Store:  beyond,
	},
	{
		Name:   "members-pass-unseen",
		Breaks: []string{"idaas.scope.hidden-member.named"},
		Seen:   "whoever is a member already is not looked up again",
		Store:  writing(func(tx store.Tx) store.Tx { return passing{tx} }),
	},
}

// toldOfHidden lets a fault change the 404 to requests for one resource that is there and outside the scope.
func toldOfHidden(edit func(r *http.Request, a *answer, doc object)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return document(single(users, groups), func(r *http.Request, a *answer, doc object) {
			if a.status != http.StatusNotFound {
				return
			}
			look := again(r, http.MethodGet, below(r), nil)
			look = look.WithContext(context.WithValue(look.Context(), unbounded{}, true))
			if call(next, look).status == http.StatusOK {
				edit(r, a, doc)
			}
		})(next)
	}
}

// tellsStrangers says of a user who may not become a member whether there is one.
func tellsStrangers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !or(createGroup, putGroup, patchGroup)(r) {
			next.ServeHTTP(w, r)
			return
		}
		sent, _ := decode(drain(r))
		named := membersOf(sent)
		for _, op := range writtenOps(sent) {
			named = append(named, membersOf(object{"members": op["value"]})...)
		}
		a := call(next, r)
		doc, _ := decode(a.body)
		for _, m := range named {
			id, _ := m["value"].(string)
			if a.status == http.StatusBadRequest && call(next, marked(r, unbounded{}, http.MethodGet, users+"/"+id, nil)).status == http.StatusOK {
				doc["detail"] = "this account is outside of the provisioning scope"
				a.encode(doc)
			}
		}
		a.send(w)
	})
}

// readersMayWrite lets an application write what it has read once, whatever its scope has become.
func readersMayWrite(s store.Store) store.Store {
	return &rememberingReaders{Store: s}
}

type rememberingReaders struct {
	store.Store
	read sync.Map // application and id
}

// Read is that of a store.
func (s *rememberingReaders) Read(ctx context.Context, fn func(store.Reader) error) error {
	return s.Store.Read(ctx, func(r store.Reader) error { return fn(rememberedReader{r, &s.read}) })
}

// Write is that of a store.
func (s *rememberingReaders) Write(ctx context.Context, fn func(store.Tx) error) error {
	return s.Store.Write(ctx, func(tx store.Tx) error { return fn(trustingTx{tx, &s.read}) })
}

type rememberedReader struct {
	store.Reader
	read *sync.Map
}

// Get is that of a store.
func (r rememberedReader) Get(v store.View, typ, id string) (store.Record, error) {
	rec, err := r.Reader.Get(v, typ, id)
	if err == nil {
		r.read.Store(v.Application+" "+id, true)
	}
	return rec, err
}

type trustingTx struct {
	store.Tx
	read *sync.Map
}

// trust is the view with which something is written.
func (t trustingTx) trust(v store.View, id string) store.View {
	_, known := t.read.Load(v.Application + " " + id)
	v.Scoped = v.Scoped && !known
	return v
}

// Get is that of a store.
func (t trustingTx) Get(v store.View, typ, id string) (store.Record, error) {
	return t.Tx.Get(t.trust(v, id), typ, id)
}

// Update is that of a store.
func (t trustingTx) Update(v store.View, r store.Record, uniqueExternal bool) error {
	return t.Tx.Update(t.trust(v, r.ID), r, uniqueExternal)
}

// Delete is that of a store.
func (t trustingTx) Delete(v store.View, typ, id string) error {
	return t.Tx.Delete(t.trust(v, id), typ, id)
}

// remembersGroups answers a GET of a group as the one before, until somebody writes to it at the same address.
func remembersGroups(next http.Handler) http.Handler {
	var known sync.Map // answer by address
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !single(groups)(r):
			next.ServeHTTP(w, r)
		case !readGroup(r):
			next.ServeHTTP(w, r)
			known.Delete(r.URL.Path)
		case r.URL.RawQuery != "":
			next.ServeHTTP(w, r)
		default:
			a, ok := known.Load(r.URL.Path)
			if !ok {
				fresh := call(next, r)
				a = fresh
				if fresh.status == http.StatusOK {
					known.Store(r.URL.Path, fresh)
				}
			}
			a.(*answer).send(w)
		}
	})
}

// emptying takes those who fall out of a scope out of the groups of the scope.
type emptying struct{ store.Tx }

// PutApplication is that of a store.
func (t emptying) PutApplication(a store.Application) error {
	old, err := t.Application(a.ID)
	if errors.Is(err, store.ErrNotFound) {
		return t.Tx.PutApplication(a)
	}
	if err != nil {
		return err
	}
	was, err := t.inScope(old)
	if err != nil {
		return err
	}
	if err := t.Tx.PutApplication(a); err != nil {
		return err
	}
	for group, people := range was {
		out := slices.DeleteFunc(people, func(rec store.Record) bool {
			in, err := t.InScope(a.ID, rec.Organization)
			return in || err != nil
		})
		var ids []string
		for _, rec := range out {
			ids = append(ids, rec.ID)
		}
		if _, err := t.RemoveMembers(store.View{Directory: a.Instance, Application: a.ID}, group, ids); err != nil {
			return err
		}
	}
	return nil
}

// inScope are the members that an application sees, by group.
func (t emptying) inScope(a store.Application) (map[string][]store.Record, error) {
	out := map[string][]store.Record{}
	list, err := t.ScopeGroups(a.ID)
	v := store.View{Directory: a.Instance, Application: a.ID, Scoped: true}
	for i := 0; i < len(list) && err == nil; i++ {
		err = t.Members(v, list[i], func(m store.Member) bool {
			if rec, missing := t.Get(v, m.Type, m.ID); missing == nil {
				out[list[i]] = append(out[list[i]], rec)
			}
			return true
		})
	}
	return out, err
}

// passing takes whoever is in a group already for somebody who may be named.
type passing struct{ store.Tx }

// Get is that of a store.
func (t passing) Get(v store.View, typ, id string) (store.Record, error) {
	rec, err := t.Tx.Get(v, typ, id)
	if typ != "User" || !errors.Is(err, store.ErrNotFound) {
		return rec, err
	}
	everything := v
	everything.Scoped = false
	hidden, absent := t.Tx.Get(everything, typ, id)
	if absent != nil || !hidden.Grouped {
		return rec, err
	}
	return hidden, nil
}

// AddMembers is that of a store, for those who are not in a group yet.
func (t passing) AddMembers(v store.View, group string, members []store.Member) (int, error) {
	return t.Tx.AddMembers(v, group, slices.DeleteFunc(slices.Clone(members), func(m store.Member) bool {
		seen, err := t.Visible(v, m.Type, m.ID)
		return !seen && err == nil
	}))
}

// leaving takes an account that moves to another organization out of all its groups.
type leaving struct{ store.Tx }

// Update is that of a store.
func (t leaving) Update(v store.View, r store.Record, uniqueExternal bool) error {
	everything := v
	everything.Scoped = false
	if was, err := t.Get(everything, r.Type, r.ID); err == nil && was.Organization != r.Organization {
		list, err := t.Memberships(everything, r.ID)
		for i := 0; i < len(list) && err == nil; i++ {
			_, err = t.RemoveMembers(everything, list[i].ID, []string{r.ID})
		}
		if err != nil {
			return err
		}
	}
	return t.Tx.Update(v, r, uniqueExternal)
}

package fault

import (
	"context"
	"errors"
	"slices"

	"scimproof/server/store"
)

// instancesKept are deviations of what parts one instance from another, each at one kind of request: scopes are kept, since a scope does not
// reach beyond its instance, and nothing else stands between two of them (rule scope-5).
var instancesKept = []Fault{
	{
		Name:   "ids-past-instance",
		Breaks: []string{"idaas.instance.get"},
		Seen:   "look-ups by primary key, in a database that all tenants share",
		Wrap:   marking(and(method("GET"), single(users, groups))),
		Store:  roaming(),
	},
	{
		Name:   "lists-past-instance",
		Breaks: []string{"idaas.instance.list"},
		Seen:   "the tenant a default filter of the data layer, which one query among many turns off",
		Wrap:   marking(listAll),
		Store:  roaming(),
	},
	{
		Name:   "totals-past-instance",
		Breaks: []string{"idaas.instance.list"},
		Seen:   "a count that is read from the statistics of the table",
		Wrap:   marking(asksFor("count", "0")),
		Store:  roaming(),
	},
	{
		Name:   "pages-past-instance",
		Breaks: []string{"idaas.instance.pages"},
		Seen:   "pages cut from a sequence that all tenants share",
		Wrap:   marking(and(asks("startIndex"), not(asksFor("startIndex", "1")))),
		Store:  roaming(),
	},
	{
		Name:   "sorts-past-instance",
		Breaks: []string{"idaas.instance.sort"},
		Seen:   "a sorted view that was made before there were tenants",
		Wrap:   marking(asks("sortBy")),
		Store:  roaming(),
	},
	{
		Name:   "filters-past-instance",
		Breaks: []string{"idaas.instance.filter", "idaas.instance.logic"},
		Seen:   "one search index for all tenants",
		Wrap:   marking(asks("filter")),
		Store:  roaming(),
	},
	{
		Name:   "or-past-instance",
		Breaks: []string{"idaas.instance.logic"},
		Seen:   "the filter appended to the WHERE of the tenant without parentheses",
		Wrap:   marking(filtersBy(" or ")),
		Store:  roaming(),
	},
	{
		Name:   "not-past-instance",
		Breaks: []string{"idaas.instance.logic"},
		Seen:   "not put around the condition of the tenant as well",
		Wrap:   marking(filtersBy("not (")),
		Store:  roaming(),
	},
	{
		Name:   "puts-past-instance",
		Breaks: []string{"idaas.instance.put"},
		Seen:   "an UPDATE by primary key",
		Wrap:   marking(and(method("PUT"), single(users, groups))),
		Store:  roaming(),
	},
	{
		Name:   "patches-past-instance",
		Breaks: []string{"idaas.instance.patch"},
		Seen:   "PATCH written later than the rest, with its own look-up",
		Wrap:   marking(and(method("PATCH"), single(users, groups))),
		Store:  roaming(),
	},
	{
		Name:   "deletes-past-instance",
		Breaks: []string{"idaas.instance.delete"},
		Seen:   "a DELETE by primary key",
		Wrap:   marking(and(method("DELETE"), single(users, groups))),
		Store:  roaming(),
	},
	{
		Name:   "members-past-instance",
		Breaks: []string{"idaas.instance.member"},
		Seen:   "members whose ids are looked up in the table that all tenants share",
		Wrap:   marking(or(createGroup, putGroup, patchGroup)),
		Store:  roaming("User"),
	},
	{
		Name:   "tokens-of-other-instances",
		Breaks: []string{"idaas.token.foreign"},
		Seen:   "a token held against the applications of its own tenant, and let in where there are none of these",
		Store:  func(s store.Store) store.Store { return hospitable{s} },
	},
	{
		Name:         "fields-of-any-instance",
		Breaks:       []string{"idaas.field.targets"},
		Seen:         "a selection of ids that are looked up in the table that all tenants share",
		Control:      marking(method("PATCH")),
		ControlStore: func(s store.Store) store.Store { return fieldsOfAll{s} },
	},
}

// hospitable lets the tokens of other instances in, and those of the own to their application alone.
type hospitable struct{ store.Store }

// Admit is that of a store.
func (s hospitable) Admit(ctx context.Context, application string, digest []byte) (store.Admission, error) {
	a, err := s.Store.Admit(ctx, application, digest)
	if err != nil || a.Token.ID == "" || a.Token.Application == application {
		return a, err
	}
	err = s.Read(ctx, func(r store.Reader) error {
		owner, err := r.Application(a.Token.Application)
		if err == nil && owner.Instance != a.Instance.ID {
			a.Token.Application = application
		}
		return err
	})
	return a, err
}

// fieldsOfAll is a store that knows no borders between fields in what it writes for the requests that are marked.
type fieldsOfAll struct{ store.Store }

// Write is that of a store.
func (s fieldsOfAll) Write(ctx context.Context, fn func(store.Tx) error) error {
	return s.Store.Write(ctx, func(tx store.Tx) error {
		if ctx.Value(unbounded{}) != nil {
			tx = allFields{tx}
		}
		return fn(tx)
	})
}

// allFields takes the extended fields of every instance for those of each.
type allFields struct{ store.Tx }

// Fields is that of a store.
func (t allFields) Fields(string) (all []store.Field, err error) {
	list, err := t.Instances()
	for i := 0; i < len(list) && err == nil; i++ {
		var fields []store.Field
		fields, err = t.Tx.Fields(list[i].ID)
		all = append(all, fields...)
	}
	return all, err
}

// roaming is a store that finds, for the requests that are marked, what other instances have of some types, or of all.
func roaming(types ...string) func(store.Store) store.Store {
	return func(s store.Store) store.Store { return roamer{s, types} }
}

type roamer struct {
	store.Store
	types []string
}

// Read is that of a store.
func (s roamer) Read(ctx context.Context, fn func(store.Reader) error) error {
	if ctx.Value(unbounded{}) == nil {
		return s.Store.Read(ctx, fn)
	}
	return s.Store.Read(ctx, func(r store.Reader) error { return fn(roamReader{r, s.types}) })
}

// Write is that of a store.
func (s roamer) Write(ctx context.Context, fn func(store.Tx) error) error {
	if ctx.Value(unbounded{}) == nil {
		return s.Store.Write(ctx, fn)
	}
	return s.Store.Write(ctx, func(tx store.Tx) error { return fn(roamTx{tx, roamReader{tx, s.types}}) })
}

type roamReader struct {
	store.Reader
	types []string
}

// others are the windows on all other instances.
func (r roamReader) others(v store.View) (out []store.View, err error) {
	list, err := r.Instances()
	for _, in := range list {
		if in.ID != v.Directory {
			out = append(out, store.View{Directory: in.ID, Application: v.Application})
		}
	}
	return out, err
}

// home is the window in which a record is seen: that of another instance where its own does not have it.
func (r roamReader) home(v store.View, typ, id string) store.View {
	if len(r.types) > 0 && !slices.Contains(r.types, typ) {
		return v
	}
	if seen, err := r.Reader.Visible(v, typ, id); seen || err != nil {
		return v
	}
	others, err := r.others(v)
	for i := 0; i < len(others) && err == nil; i++ {
		if seen, err := r.Reader.Visible(others[i], typ, id); seen && err == nil {
			return others[i]
		}
	}
	return v
}

// Get is that of a store.
func (r roamReader) Get(v store.View, typ, id string) (store.Record, error) {
	return r.Reader.Get(r.home(v, typ, id), typ, id)
}

// Visible is that of a store.
func (r roamReader) Visible(v store.View, typ, id string) (bool, error) {
	return r.Reader.Visible(r.home(v, typ, id), typ, id)
}

// Members is that of a store.
func (r roamReader) Members(v store.View, group string, yield func(store.Member) bool) error {
	return r.Reader.Members(r.home(v, "Group", group), group, yield)
}

// Memberships is that of a store. It does not say of what type the record is.
func (r roamReader) Memberships(v store.View, id string) ([]store.Membership, error) {
	list, err := r.Reader.Memberships(r.home(v, "User", id), id)
	if errors.Is(err, store.ErrNotFound) {
		return r.Reader.Memberships(r.home(v, "Group", id), id)
	}
	return list, err
}

// Query is that of a store, with what the other instances answer behind it.
func (r roamReader) Query(q store.Query) (store.Page, error) {
	page, err := r.Reader.Query(q)
	if err != nil {
		return page, err
	}
	others, err := r.others(q.View)
	for i := 0; i < len(others) && err == nil; i++ {
		var more store.Page
		q.View = others[i]
		more, err = r.Reader.Query(q)
		page.Total, page.Records = page.Total+more.Total, append(page.Records, more.Records...)
	}
	return page, err
}

// roamTx does the same for what writes.
type roamTx struct {
	store.Tx
	reader roamReader
}

func (t roamTx) Get(v store.View, typ, id string) (store.Record, error) {
	return t.reader.Get(v, typ, id)
}

func (t roamTx) Query(q store.Query) (store.Page, error) { return t.reader.Query(q) }

func (t roamTx) Visible(v store.View, typ, id string) (bool, error) {
	return t.reader.Visible(v, typ, id)
}

func (t roamTx) Members(v store.View, group string, yield func(store.Member) bool) error {
	return t.reader.Members(v, group, yield)
}

func (t roamTx) Memberships(v store.View, id string) ([]store.Membership, error) {
	return t.reader.Memberships(v, id)
}

func (t roamTx) Update(v store.View, r store.Record, uniqueExternal bool) error {
	return t.Tx.Update(t.reader.home(v, r.Type, r.ID), r, uniqueExternal)
}

func (t roamTx) Delete(v store.View, typ, id string) error {
	return t.Tx.Delete(t.reader.home(v, typ, id), typ, id)
}

// AddMembers is that of a store, which cannot hold a member from another directory: one that was found there is taken for one that joined.
func (t roamTx) AddMembers(v store.View, group string, members []store.Member) (int, error) {
	v = t.reader.home(v, "Group", group)
	var here []store.Member
	for _, m := range members {
		if seen, err := t.Tx.Visible(v, m.Type, m.ID); seen || err != nil {
			here = append(here, m)
		}
	}
	return t.Tx.AddMembers(v, group, here)
}

func (t roamTx) RemoveMembers(v store.View, group string, ids []string) (int, error) {
	return t.Tx.RemoveMembers(t.reader.home(v, "Group", group), group, ids)
}

func (t roamTx) ClearMembers(v store.View, group string) (int, error) {
	return t.Tx.ClearMembers(t.reader.home(v, "Group", group), group)
}

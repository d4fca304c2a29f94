package fault

import (
	"context"
	"net/http"
	"slices"

	"scimproof/server/store"
)

// unbounded is the mark of requests that see past the provisioning scope.
type unbounded struct{}

// marking marks the chosen requests, for beyond to see.
func marking(chosen when) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if chosen(r) {
				r = r.WithContext(context.WithValue(r.Context(), unbounded{}, true))
			}
			next.ServeHTTP(w, r)
		})
	}
}

// beyond is a store that forgets the provisioning scope in what it does for the requests that are marked.
func beyond(s store.Store) store.Store {
	return viewed{s, func(ctx context.Context, v store.View) store.View {
		v.Scoped = v.Scoped && ctx.Value(unbounded{}) == nil
		return v
	}}
}

// viewed is a store that looks through another window than it was told to.
type viewed struct {
	store.Store
	turn func(context.Context, store.View) store.View
}

func (s viewed) Read(ctx context.Context, fn func(store.Reader) error) error {
	return s.Store.Read(ctx, func(r store.Reader) error { return fn(viewReader{r, s.in(ctx)}) })
}

func (s viewed) Write(ctx context.Context, fn func(store.Tx) error) error {
	return s.Store.Write(ctx, func(tx store.Tx) error { return fn(viewTx{tx, viewReader{tx, s.in(ctx)}}) })
}

func (s viewed) in(ctx context.Context) func(store.View) store.View {
	return func(v store.View) store.View { return s.turn(ctx, v) }
}

// viewReader turns the view of every call that a scope bounds.
type viewReader struct {
	store.Reader
	turn func(store.View) store.View
}

func (r viewReader) Get(v store.View, typ, id string) (store.Record, error) {
	return r.Reader.Get(r.turn(v), typ, id)
}

func (r viewReader) Query(q store.Query) (store.Page, error) {
	q.View = r.turn(q.View)
	return r.Reader.Query(q)
}

func (r viewReader) Visible(v store.View, typ, id string) (bool, error) {
	return r.Reader.Visible(r.turn(v), typ, id)
}

func (r viewReader) Members(v store.View, group string, yield func(store.Member) bool) error {
	return r.Reader.Members(r.turn(v), group, yield)
}

// viewTx does the same for what writes.
type viewTx struct {
	store.Tx
	reader viewReader
}

func (t viewTx) Get(v store.View, typ, id string) (store.Record, error) {
	return t.reader.Get(v, typ, id)
}

func (t viewTx) Query(q store.Query) (store.Page, error) { return t.reader.Query(q) }

func (t viewTx) Visible(v store.View, typ, id string) (bool, error) {
	return t.reader.Visible(v, typ, id)
}

func (t viewTx) Members(v store.View, group string, yield func(store.Member) bool) error {
	return t.reader.Members(v, group, yield)
}

func (t viewTx) Update(v store.View, r store.Record, uniqueExternal bool) error {
	return t.Tx.Update(t.reader.turn(v), r, uniqueExternal)
}

func (t viewTx) Delete(v store.View, typ, id string) error {
	return t.Tx.Delete(t.reader.turn(v), typ, id)
}

func (t viewTx) AddMembers(v store.View, group string, members []store.Member) (int, error) {
	return t.Tx.AddMembers(t.reader.turn(v), group, members)
}

func (t viewTx) RemoveMembers(v store.View, group string, ids []string) (int, error) {
	return t.Tx.RemoveMembers(t.reader.turn(v), group, ids)
}

func (t viewTx) ClearMembers(v store.View, group string) (int, error) {
	return t.Tx.ClearMembers(t.reader.turn(v), group)
}

// reading lets a fault stand between a server and what it reads, in a step and outside of one.
func reading(over func(store.Reader) reader) func(store.Store) store.Store {
	return func(s store.Store) store.Store { return readings{s, over} }
}

// reader is what a fault can change of reads; nil stays.
type reader struct {
	get        func(v store.View, typ, id string) (store.Record, error)
	query      func(q store.Query) (store.Page, error)
	byKey      func(v store.View, typ, attr, value string) ([]store.Record, error)
	byExternal func(v store.View, typ, externalID string) (store.Record, error)
	inScope    func(application, organization string) (bool, error)
}

type readings struct {
	store.Store
	over func(store.Reader) reader
}

func (s readings) Read(ctx context.Context, fn func(store.Reader) error) error {
	return s.Store.Read(ctx, func(r store.Reader) error { return fn(otherReader{r, s.over(r)}) })
}

func (s readings) Write(ctx context.Context, fn func(store.Tx) error) error {
	return s.Store.Write(ctx, func(tx store.Tx) error { return fn(otherTx{tx, otherReader{tx, s.over(tx)}}) })
}

type otherReader struct {
	store.Reader
	own reader
}

func (r otherReader) Get(v store.View, typ, id string) (store.Record, error) {
	if r.own.get == nil {
		return r.Reader.Get(v, typ, id)
	}
	return r.own.get(v, typ, id)
}

func (r otherReader) Query(q store.Query) (store.Page, error) {
	if r.own.query == nil {
		return r.Reader.Query(q)
	}
	return r.own.query(q)
}

func (r otherReader) ByKey(v store.View, typ, attr, value string) ([]store.Record, error) {
	if r.own.byKey == nil {
		return r.Reader.ByKey(v, typ, attr, value)
	}
	return r.own.byKey(v, typ, attr, value)
}

func (r otherReader) ByExternalID(v store.View, typ, externalID string) (store.Record, error) {
	if r.own.byExternal == nil {
		return r.Reader.ByExternalID(v, typ, externalID)
	}
	return r.own.byExternal(v, typ, externalID)
}

func (r otherReader) InScope(application, organization string) (bool, error) {
	if r.own.inScope == nil {
		return r.Reader.InScope(application, organization)
	}
	return r.own.inScope(application, organization)
}

// otherTx reads as the fault has it. A record that it does not find it does not delete.
type otherTx struct {
	store.Tx
	reader otherReader
}

func (t otherTx) Get(v store.View, typ, id string) (store.Record, error) {
	return t.reader.Get(v, typ, id)
}

func (t otherTx) Query(q store.Query) (store.Page, error) { return t.reader.Query(q) }

func (t otherTx) ByKey(v store.View, typ, attr, value string) ([]store.Record, error) {
	return t.reader.ByKey(v, typ, attr, value)
}

func (t otherTx) ByExternalID(v store.View, typ, externalID string) (store.Record, error) {
	return t.reader.ByExternalID(v, typ, externalID)
}

func (t otherTx) InScope(application, organization string) (bool, error) {
	return t.reader.InScope(application, organization)
}

func (t otherTx) Delete(v store.View, typ, id string) error {
	if _, err := t.reader.Get(v, typ, id); err != nil {
		return err
	}
	return t.Tx.Delete(v, typ, id)
}

// sifting lets a fault hide records that a scoped view shows.
func sifting(keep func(r store.Reader, v store.View, rec store.Record) bool) func(store.Store) store.Store {
	return reading(func(r store.Reader) reader {
		return reader{
			get: func(v store.View, typ, id string) (store.Record, error) {
				rec, err := r.Get(v, typ, id)
				if err == nil && v.Scoped && !keep(r, v, rec) {
					return store.Record{}, store.ErrNotFound
				}
				return rec, err
			},
			query: func(q store.Query) (store.Page, error) {
				page, err := r.Query(q)
				if err != nil || !q.Scoped {
					return page, err
				}
				all := len(page.Records)
				page.Records = slices.DeleteFunc(page.Records, func(rec store.Record) bool { return !keep(r, q.View, rec) })
				page.Total -= all - len(page.Records)
				return page, nil
			},
		}
	})
}

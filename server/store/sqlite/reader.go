package sqlite

import (
	"errors"
	"time"

	"scimproof/server/scim"
	"scimproof/server/store"
	"scimproof/server/store/sqlquery"
)

// reader is a store.Reader over the transaction that its session is in.
type reader struct {
	*session
	maxScan int
}

var _ store.Reader = (*reader)(nil)

// recordColumns are what scanRecord reads, of resource r; the argument is the application whose externalId is wanted.
const recordColumns = "r.seq, r.id, r.version, r.created, r.modified, r.source, r.organization, r.display, r.checksum, r.hidden, r.secret, r.body, " +
	"coalesce((SELECT own.value FROM external_id own WHERE own.resource = r.seq AND own.application = ?), '')"

func scanRecord(typ string, scan func(dest ...any) error) (seq int64, rec store.Record, err error) {
	var created, modified, sum int64
	err = scan(&seq, &rec.ID, &rec.Version, &created, &modified, &rec.Source, &rec.Organization, &rec.Display, &sum,
		&rec.Hidden, &rec.Secret, &rec.Body, &rec.ExternalID)
	if err != nil {
		return seq, rec, err
	}
	rec.Type, rec.Created, rec.Modified = typ, fromMillis(created), fromMillis(modified)
	return seq, rec, verify(rec, sum)
}

// target describes the resources of a type in a view's directory. A collection that has never had any is number 0.
func (r *reader) target(v store.View, rt *scim.ResourceType, typ string) (t sqlquery.Target, err error) {
	t = sqlquery.Target{Type: rt, View: v}
	if t.Collection, err = r.collection(v.Directory, typ); err != nil {
		return t, err
	}
	if v.Scoped || rt != nil && rt.Derived != "" {
		t.Groups, err = r.collection(v.Directory, sqlquery.GroupType)
	}
	return t, err
}

// collection finds the number of a collection, or 0.
func (r *reader) collection(directory, typ string) (int64, error) {
	n, err := r.number("SELECT seq FROM collection WHERE directory = ? AND type = ?", directory, typ)
	if errors.Is(err, store.ErrNotFound) {
		return 0, nil
	}
	return n, err
}

// find is the number of a resource that the view shows.
func (r *reader) find(v store.View, typ, id string) (int64, error) {
	t, err := r.target(v, nil, typ)
	if err != nil {
		return 0, err
	}
	return r.findIn(t, id)
}

func (r *reader) findIn(t sqlquery.Target, id string) (int64, error) {
	q := sqlquery.Build("SELECT r.seq FROM resource r WHERE r.collection = ? AND r.id = ? AND ?", t.Collection, id, t.Visible("r"))
	return r.number(q.SQL, q.Args...)
}

// findAny is find where the type is not known.
func (r *reader) findAny(v store.View, id string) (int64, error) {
	t, err := r.target(v, nil, "")
	if err != nil {
		return 0, err
	}
	q := sqlquery.Build("SELECT r.seq FROM resource r WHERE r.collection IN (SELECT seq FROM collection WHERE directory = ?) AND r.id = ? AND ?",
		v.Directory, id, t.Visible("r"))
	return r.number(q.SQL, q.Args...)
}

// Get is that of store.Reader.
func (r *reader) Get(v store.View, typ, id string) (store.Record, error) {
	t, err := r.target(v, nil, typ)
	if err != nil {
		return store.Record{}, err
	}
	return r.first(typ, sqlquery.Build("SELECT "+recordColumns+" FROM resource r WHERE r.collection = ? AND r.id = ? AND ?",
		v.Application, t.Collection, id, t.Visible("r")))
}

// ByExternalID is that of store.Reader.
func (r *reader) ByExternalID(v store.View, typ, externalID string) (store.Record, error) {
	collection, err := r.collection(v.Directory, typ)
	if err != nil {
		return store.Record{}, err
	}
	return r.first(typ, sqlquery.Build("SELECT "+recordColumns+" FROM external_id e CROSS JOIN resource r ON r.seq = e.resource"+
		" WHERE e.application = ? AND e.collection = ? AND e.value = ? AND r.source = ? ORDER BY r.seq LIMIT 1",
		v.Application, v.Application, collection, externalID, v.Application))
}

func (r *reader) first(typ string, q sqlquery.Fragment) (rec store.Record, err error) {
	err = store.ErrNotFound
	failed := r.query(q, func(scan func(...any) error) (bool, error) {
		_, rec, err = scanRecord(typ, scan)
		return false, err
	})
	if failed != nil {
		return rec, failed
	}
	return rec, err
}

// ByKey is that of store.Reader.
func (r *reader) ByKey(v store.View, typ, attr, value string) ([]store.Record, error) {
	collection, err := r.collection(v.Directory, typ)
	if err != nil {
		return nil, err
	}
	_, records, err := r.records(typ, sqlquery.Build("SELECT "+recordColumns+" FROM resource_key k CROSS JOIN resource r ON r.seq = k.resource"+
		" WHERE k.collection = ? AND k.attribute = (SELECT a.seq FROM attribute a WHERE a.name = ?) AND k.value = ? ORDER BY r.seq",
		v.Application, collection, attr, value))
	return records, err
}

// records reads all rows of a query.
func (r *reader) records(typ string, q sqlquery.Fragment) (seqs []int64, records []store.Record, err error) {
	err = r.query(q, func(scan func(...any) error) (bool, error) {
		seq, rec, err := scanRecord(typ, scan)
		seqs = append(seqs, seq)
		records = append(records, rec)
		return true, err
	})
	return seqs, records, err
}

// Visible is that of store.Reader.
func (r *reader) Visible(v store.View, typ, id string) (bool, error) {
	_, err := r.find(v, typ, id)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// millis is how a time is kept; the zero time is 0.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

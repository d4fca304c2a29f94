package sqlstore

import (
	"errors"
	"time"

	"scimproof/server/scim"
	"scimproof/server/store"
	"scimproof/server/store/sqlquery"
)

// Dialect is what the databases of these stores spell differently.
type Dialect interface {
	sqlquery.Dialect
	// Along names a table with its alias, with a hint where the database takes one that the rows are to come along the index.
	Along(table, index string) string
	// NextPosition is an expression that is greater than the position of every member that the holder has.
	NextPosition(holder string) string
}

// Reader is a store.Reader over the transaction that its session is in.
type Reader struct {
	session Session
	dialect Dialect
	maxScan int
	cache   *Cache
	learned map[name]int64 // numbers that the cache does not have yet
}

var _ store.Reader = (*Reader)(nil)

// NewReader makes a Reader that looks at no more than maxScan rows one by one, for what has no index.
func NewReader(s Session, d Dialect, maxScan int, c *Cache) *Reader {
	return &Reader{session: s, dialect: d, maxScan: maxScan, cache: c}
}

// End lets go of the session: whoever kept the reader past its time gets an error, not another's state.
func (r *Reader) End() { r.session = nil }

// recordColumns are what scanRecord reads, of resource r; the argument is the application whose externalId is wanted.
const recordColumns = "r.seq, r.id, r.version, r.created, r.modified, r.source, r.organization, r.display, r.checksum, r.hidden, r.secret, r.body, " +
	"coalesce((SELECT own.value FROM external_id own WHERE own.resource = r.seq AND own.application = ?), ''), " +
	"(SELECT min(up.holder) FROM membership up WHERE up.member = r.seq) IS NOT NULL"

func scanRecord(typ string, scan Scan) (seq int64, rec store.Record, err error) {
	var created, modified, sum int64
	err = scan(&seq, &rec.ID, &rec.Version, &created, &modified, &rec.Source, &rec.Organization, &rec.Display, &sum,
		&rec.Hidden, &rec.Secret, &rec.Body, &rec.ExternalID, &rec.Grouped)
	if err != nil {
		return seq, rec, err
	}
	rec.Type, rec.Created, rec.Modified = typ, FromMillis(created), FromMillis(modified)
	return seq, rec, Verify(rec, sum)
}

// target describes the resources of a type in a view's directory, or with no type those of all. A collection that has never had any is
// number 0.
func (r *Reader) target(v store.View, rt *scim.ResourceType, typ string) (t sqlquery.Target, err error) {
	t = sqlquery.Target{Type: rt, View: v}
	if t.Collection, err = r.collection(v.Directory, typ); err != nil {
		return t, err
	}
	switch {
	case typ == sqlquery.GroupType:
		t.Groups = t.Collection
	case v.Scoped && (typ == "" || rt != nil), rt != nil && rt.Derived != "":
		t.Groups, err = r.collection(v.Directory, sqlquery.GroupType)
	}
	return t, err
}

// collection finds the number of a collection, or 0.
func (r *Reader) collection(directory, typ string) (int64, error) {
	key := name{directory, typ}
	if n := r.known(key); n != 0 {
		return n, nil
	}
	n, err := r.number("SELECT seq FROM collection WHERE directory = ? AND type = ?", directory, typ)
	if errors.Is(err, store.ErrNotFound) {
		return 0, nil
	}
	if err == nil {
		r.learn(key, n)
	}
	return n, err
}

// known is a number that was looked up before, or 0.
func (r *Reader) known(key name) int64 {
	if n := r.cache.number(key); n != 0 {
		return n
	}
	return r.learned[key]
}

func (r *Reader) learn(key name, n int64) {
	if r.learned == nil {
		r.learned = map[name]int64{}
	}
	r.learned[key] = n
}

// Done hands what the reader has learned to the others. In a step that is called after it is durable.
func (r *Reader) Done() {
	if len(r.learned) > 0 {
		r.cache.keep(r.learned)
	}
}

// find is the number of a resource that the view shows.
func (r *Reader) find(v store.View, typ, id string) (int64, error) {
	t, err := r.target(v, nil, typ)
	if err != nil {
		return 0, err
	}
	return r.findIn(t, id)
}

func (r *Reader) findIn(t sqlquery.Target, id string) (int64, error) {
	return r.numberOf(inType(t, id))
}

// inType selects the number of a resource of the target's type that its view shows.
func inType(t sqlquery.Target, id string) sqlquery.Fragment {
	return sqlquery.Build("SELECT r.seq FROM resource r WHERE r.collection = ? AND r.id = ? AND ?", t.Collection, id, t.Own("r"))
}

// inDirectory is inType where the type is not known.
func inDirectory(t sqlquery.Target, id string) sqlquery.Fragment {
	return sqlquery.Build("SELECT r.seq FROM resource r WHERE r.collection IN (SELECT seq FROM collection WHERE directory = ?) AND r.id = ? AND ?",
		t.View.Directory, id, t.Visible("r"))
}

// findAny is find where the type is not known.
func (r *Reader) findAny(v store.View, id string) (int64, error) {
	t, err := r.target(v, nil, "")
	if err != nil {
		return 0, err
	}
	return r.numberOf(inDirectory(t, id))
}

// Get is that of store.Reader.
func (r *Reader) Get(v store.View, typ, id string) (store.Record, error) {
	t, err := r.target(v, nil, typ)
	if err != nil {
		return store.Record{}, err
	}
	return r.first(typ, sqlquery.Build("SELECT "+recordColumns+" FROM resource r WHERE r.collection = ? AND r.id = ? AND ?",
		v.Application, t.Collection, id, t.Own("r")))
}

// ByExternalID is that of store.Reader.
func (r *Reader) ByExternalID(v store.View, typ, externalID string) (store.Record, error) {
	collection, err := r.collection(v.Directory, typ)
	if err != nil {
		return store.Record{}, err
	}
	return r.first(typ, sqlquery.Build("SELECT "+recordColumns+" FROM external_id e CROSS JOIN resource r"+
		" WHERE r.seq = e.resource AND e.application = ? AND e.collection = ? AND ? AND r.source = ? ORDER BY r.seq LIMIT 1",
		v.Application, v.Application, collection, r.is("e.value", externalID), v.Application))
}

func (r *Reader) first(typ string, q sqlquery.Fragment) (rec store.Record, err error) {
	err = store.ErrNotFound
	failed := r.query(q, func(scan Scan) (bool, error) {
		_, rec, err = scanRecord(typ, scan)
		return false, err
	})
	if failed != nil {
		return rec, failed
	}
	return rec, err
}

// ByKey is that of store.Reader.
func (r *Reader) ByKey(v store.View, typ, attr, value string) ([]store.Record, error) {
	collection, err := r.collection(v.Directory, typ)
	if err != nil {
		return nil, err
	}
	_, records, err := r.records(typ, sqlquery.Build("SELECT "+recordColumns+" FROM resource_key k CROSS JOIN resource r"+
		" WHERE r.seq = k.resource AND k.collection = ? AND k.attribute = (SELECT a.seq FROM attribute a WHERE a.name = ?) AND ? ORDER BY r.seq",
		v.Application, collection, attr, r.is("k.value", value)))
	return records, err
}

// records reads all rows of a query.
func (r *Reader) records(typ string, q sqlquery.Fragment) (seqs []int64, records []store.Record, err error) {
	err = r.query(q, func(scan Scan) (bool, error) {
		seq, rec, err := scanRecord(typ, scan)
		seqs = append(seqs, seq)
		records = append(records, rec)
		return true, err
	})
	return seqs, records, err
}

// is the condition that a column holds the text.
func (r *Reader) is(column, text string) sqlquery.Fragment {
	return r.dialect.Compare(column, "=", text)
}

// Visible is that of store.Reader.
func (r *Reader) Visible(v store.View, typ, id string) (bool, error) {
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

// FromMillis is a time that is kept as millis says.
func FromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

package sqlstore

import (
	"errors"
	"fmt"

	"scimproof/server/scim"
	"scimproof/server/store"
	"scimproof/server/store/sqlquery"
)

// Insert is that of store.Tx.
func (t *Tx) Insert(v store.View, r store.Record, uniqueExternal bool) error {
	if folded := scim.Fold(&scim.Attribute{Type: scim.String}, r.ID); folded != r.ID {
		return fmt.Errorf("the id %q is not its own fold; ids are made in lower case", r.ID)
	}
	collection, err := t.collection(v.Directory, r.Type)
	if err == nil && collection == 0 {
		collection, err = t.newCollection(v.Directory, r.Type)
	}
	if err != nil {
		return err
	}
	if err := t.checkFree(v, collection, 0, r, uniqueExternal); err != nil {
		return err
	}
	seq, err := t.insert("INSERT INTO resource (collection, id, organization, version, created, modified, source, display, checksum, hidden, secret, body)"+
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (collection, id) DO NOTHING RETURNING seq", collection, r.ID, r.Organization, r.Version, millis(r.Created), millis(r.Modified),
		r.Source, r.Display, checksum(r), blob(r.Hidden), blob(r.Secret), r.Body)
	if errors.Is(err, store.ErrNotFound) {
		return &store.Conflict{Attr: "id"}
	}
	if err != nil {
		return err
	}
	t.count(collection, seq, r.Organization, 1)
	return t.index(v, collection, seq, true, r, uniqueExternal)
}

func (t *Tx) newCollection(directory, typ string) (int64, error) {
	if _, err := t.change("INSERT INTO collection (directory, type) VALUES (?, ?) ON CONFLICT DO NOTHING", directory, typ); err != nil {
		return 0, err
	}
	return t.collection(directory, typ)
}

// Update is that of store.Tx.
func (t *Tx) Update(v store.View, r store.Record, uniqueExternal bool) error {
	collection, seq, organization, err := t.placed(v, r.Type, r.ID)
	if err != nil {
		return err
	}
	if err := t.checkFree(v, collection, seq, r, uniqueExternal); err != nil {
		return err
	}
	err = t.must("UPDATE resource SET organization = ?, version = ?, created = ?, modified = ?, source = ?, display = ?,"+
		" checksum = ?, hidden = ?, secret = ?, body = ? WHERE seq = ?",
		r.Organization, r.Version, millis(r.Created), millis(r.Modified), r.Source, r.Display, checksum(r), blob(r.Hidden), blob(r.Secret), r.Body, seq)
	if err != nil {
		return err
	}
	if organization != r.Organization {
		t.count(collection, seq, organization, -1)
		t.count(collection, seq, r.Organization, 1)
	}
	_, err = t.change("DELETE FROM external_id WHERE resource = ? AND application = ? AND (value <> ? OR single <> ?)",
		seq, v.Application, r.ExternalID, uniqueExternal)
	if err != nil {
		return err
	}
	return t.index(v, collection, seq, false, r, uniqueExternal)
}

// Delete is that of store.Tx. Keys, externalIds, memberships and scopes go with the row.
func (t *Tx) Delete(v store.View, typ, id string) error {
	collection, seq, organization, err := t.placed(v, typ, id)
	if err != nil {
		return err
	}
	t.count(collection, seq, organization, -1)
	return t.must("DELETE FROM resource WHERE seq = ?", seq)
}

// placed is find, with the collection and the organization of the resource.
func (t *Tx) placed(v store.View, typ, id string) (collection, seq int64, organization string, err error) {
	target, err := t.target(v, nil, typ)
	if err != nil {
		return 0, 0, "", err
	}
	q := sqlquery.Build("SELECT r.seq, r.organization FROM resource r WHERE r.collection = ? AND r.id = ? AND ?", target.Collection, id, target.Own("r"))
	err = t.row(q.SQL, q.Args, &seq, &organization)
	return target.Collection, seq, organization, err
}

// count tells a session that keeps the counters what has come or gone.
func (t *Tx) count(collection, seq int64, organization string, by int) {
	if c, ok := t.session.(Counter); ok {
		c.Count(collection, seq, organization, by)
	}
}

// checkFree looks for a value that another resource has, before anything is written: a conflict leaves no trace. The unique
// indexes say the same once more.
func (t *Tx) checkFree(v store.View, collection, seq int64, r store.Record, uniqueExternal bool) error {
	for _, k := range r.Keys {
		if !k.Unique {
			continue
		}
		clash, err := t.anyOf(sqlquery.Build("SELECT 1 FROM resource_key k WHERE k.collection = ?"+
			" AND k.attribute = (SELECT a.seq FROM attribute a WHERE a.name = ?) AND ? AND k.resource <> ? LIMIT 1",
			collection, k.Attr, t.is("k.value", k.Value), seq))
		if err != nil {
			return err
		}
		if clash {
			return &store.Conflict{Attr: k.Attr}
		}
	}
	if !uniqueExternal || r.ExternalID == "" || v.Application == "" {
		return nil
	}
	clash, err := t.anyOf(sqlquery.Build("SELECT 1 FROM external_id e WHERE e.application = ? AND e.collection = ? AND ? AND e.resource <> ? LIMIT 1",
		v.Application, collection, t.is("e.value", r.ExternalID), seq))
	if err != nil {
		return err
	}
	if clash {
		return &store.Conflict{Attr: "externalId"}
	}
	return nil
}

// anyOf is exists of a Fragment.
func (r *Reader) anyOf(f sqlquery.Fragment) (bool, error) { return r.exists(f.SQL, f.Args...) }

// insert runs a statement that returns the number of the row that it inserts; ErrNotFound where it inserts none.
func (t *Tx) insert(text string, args ...any) (int64, error) {
	seq, err := t.number(text, args...)
	if err == nil || errors.Is(err, store.ErrNotFound) {
		return seq, err
	}
	return seq, t.note(err)
}

// index writes the keys of a resource, as far as they are not there yet, and the externalId.
func (t *Tx) index(v store.View, collection, seq int64, fresh bool, r store.Record, uniqueExternal bool) error {
	wanted := make(map[store.Key]bool, len(r.Keys)) // two values of an attribute may fold to one
	for _, k := range r.Keys {
		if k.Unique {
			delete(wanted, store.Key{Attr: k.Attr, Value: k.Value})
		} else if wanted[store.Key{Attr: k.Attr, Value: k.Value, Unique: true}] {
			continue
		}
		wanted[k] = true
	}
	if !fresh {
		if err := t.dropKeys(seq, wanted); err != nil {
			return err
		}
	}
	if err := t.addKeys(collection, seq, r.Keys, wanted); err != nil {
		return err
	}
	if r.ExternalID == "" || v.Application == "" {
		return nil
	}
	_, err := t.change("INSERT INTO external_id (resource, application, collection, value, single) VALUES (?, ?, ?, ?, ?)"+
		" ON CONFLICT (resource, application) DO NOTHING", seq, v.Application, collection, r.ExternalID, uniqueExternal)
	return t.taken(err, "externalId")
}

// dropKeys removes the keys that a resource no longer has, and strikes from wanted those that it has already.
func (t *Tx) dropKeys(seq int64, wanted map[store.Key]bool) error {
	var gone [][]any
	err := t.rows("SELECT a.name, k.attribute, k.value, k.single FROM resource_key k JOIN attribute a ON a.seq = k.attribute WHERE k.resource = ?",
		[]any{seq}, func(scan Scan) (bool, error) {
			var k store.Key
			var attribute int64
			if err := scan(&k.Attr, &attribute, &k.Value, &k.Unique); err != nil {
				return false, err
			}
			if wanted[k] {
				delete(wanted, k)
			} else {
				gone = append(gone, []any{seq, attribute, k.Value})
			}
			return true, nil
		})
	if err != nil {
		return err
	}
	_, err = t.changeAll("DELETE FROM resource_key WHERE resource = ? AND attribute = ? AND value = ?", gone)
	return err
}

// addKeys adds those keys that are wanted, in their order: writers that take their turns at the same keys do not deadlock.
func (t *Tx) addKeys(collection, seq int64, keys []store.Key, wanted map[store.Key]bool) error {
	var adding []store.Key
	for _, k := range keys {
		if wanted[k] {
			adding = append(adding, k)
			delete(wanted, k)
		}
	}
	if len(adding) == 0 {
		return nil
	}
	attributes, err := t.attributes(adding)
	if err != nil {
		return err
	}
	lists := make([][]any, len(adding))
	for i, k := range adding {
		lists[i] = []any{seq, attributes[i], k.Value, collection, k.Unique}
	}
	_, err = t.changeAll("INSERT INTO resource_key (resource, attribute, value, collection, single) VALUES (?, ?, ?, ?, ?)", lists)
	return err
}

// attributes finds the numbers of the attributes of keys, and gives one to each that has none.
func (t *Tx) attributes(keys []store.Key) ([]int64, error) {
	numbers := make([]int64, len(keys))
	for i, k := range keys {
		var err error
		if numbers[i], err = t.attribute(k.Attr); err != nil {
			return nil, err
		}
	}
	return numbers, nil
}

func (t *Tx) attribute(attr string) (int64, error) {
	key := name{name: attr}
	if n := t.known(key); n != 0 {
		return n, nil
	}
	n, err := t.number("SELECT seq FROM attribute WHERE name = ?", attr)
	if errors.Is(err, store.ErrNotFound) {
		n, err = t.insert("INSERT INTO attribute (name) VALUES (?) RETURNING seq", attr)
	}
	if err == nil {
		t.learn(key, n)
	}
	return n, err
}

// blob keeps the difference between no bytes and none written.
func blob(b []byte) any {
	if b == nil {
		return nil
	}
	return b
}

package sqlite

import (
	"errors"
	"fmt"

	"scimproof/server/scim"
	"scimproof/server/store"
)

// Insert is that of store.Tx.
func (t *tx) Insert(v store.View, r store.Record, uniqueExternal bool) error {
	if folded := scim.Fold(&scim.Attribute{Type: scim.String}, r.ID); folded != r.ID {
		return fmt.Errorf("the id %q is not its own fold; ids are made in lower case", r.ID)
	}
	if _, err := t.change("INSERT INTO collection (directory, type) VALUES (?, ?) ON CONFLICT DO NOTHING", v.Directory, r.Type); err != nil {
		return err
	}
	collection, err := t.collection(v.Directory, r.Type)
	if err != nil {
		return err
	}
	if err := t.checkFree(v, collection, 0, r, uniqueExternal); err != nil {
		return err
	}
	res, err := t.exec("INSERT INTO resource (collection, id, organization, version, created, modified, source, display, checksum, hidden, secret, body)"+
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", collection, r.ID, r.Organization, r.Version, millis(r.Created), millis(r.Modified),
		r.Source, r.Display, checksum(r), blob(r.Hidden), blob(r.Secret), r.Body)
	if err != nil { // the statement has left nothing behind
		return taken(err, "id")
	}
	seq, err := res.LastInsertId()
	if err != nil {
		return err
	}
	return t.index(v, collection, seq, r, uniqueExternal)
}

// Update is that of store.Tx.
func (t *tx) Update(v store.View, r store.Record, uniqueExternal bool) error {
	seq, err := t.find(v, r.Type, r.ID)
	if err != nil {
		return err
	}
	collection, err := t.collection(v.Directory, r.Type)
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
	_, err = t.change("DELETE FROM external_id WHERE resource = ? AND application = ? AND (value <> ? OR single <> ?)",
		seq, v.Application, r.ExternalID, uniqueExternal)
	if err != nil {
		return err
	}
	return t.index(v, collection, seq, r, uniqueExternal)
}

// Delete is that of store.Tx. Keys, externalIds, memberships and scopes go with the row.
func (t *tx) Delete(v store.View, typ, id string) error {
	seq, err := t.find(v, typ, id)
	if err != nil {
		return err
	}
	return t.must("DELETE FROM resource WHERE seq = ?", seq)
}

// checkFree looks for a value that another resource has, before anything is written: a conflict leaves no trace. The unique
// indexes say the same once more.
func (t *tx) checkFree(v store.View, collection, seq int64, r store.Record, uniqueExternal bool) error {
	for _, k := range r.Keys {
		if !k.Unique {
			continue
		}
		clash, err := t.exists("SELECT 1 FROM resource_key k WHERE k.collection = ? AND k.attribute = (SELECT a.seq FROM attribute a WHERE a.name = ?)"+
			" AND k.value = ? AND k.resource <> ? LIMIT 1", collection, k.Attr, k.Value, seq)
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
	clash, err := t.exists("SELECT 1 FROM external_id e WHERE e.application = ? AND e.collection = ? AND e.value = ? AND e.resource <> ? LIMIT 1",
		v.Application, collection, r.ExternalID, seq)
	if err != nil {
		return err
	}
	if clash {
		return &store.Conflict{Attr: "externalId"}
	}
	return nil
}

// index writes the keys of a resource, as far as they are not there yet, and the externalId.
func (t *tx) index(v store.View, collection, seq int64, r store.Record, uniqueExternal bool) error {
	wanted := make(map[store.Key]bool, len(r.Keys)) // two values of an attribute may fold to one
	for _, k := range r.Keys {
		if k.Unique {
			delete(wanted, store.Key{Attr: k.Attr, Value: k.Value})
		} else if wanted[store.Key{Attr: k.Attr, Value: k.Value, Unique: true}] {
			continue
		}
		wanted[k] = true
	}
	if err := t.dropKeys(seq, wanted); err != nil {
		return err
	}
	for k := range wanted {
		if err := t.addKey(collection, seq, k); err != nil {
			return err
		}
	}
	if r.ExternalID == "" || v.Application == "" {
		return nil
	}
	_, err := t.change("INSERT INTO external_id (resource, application, collection, value, single) VALUES (?, ?, ?, ?, ?)"+
		" ON CONFLICT (resource, application) DO NOTHING", seq, v.Application, collection, r.ExternalID, uniqueExternal)
	return taken(err, "externalId")
}

// dropKeys removes the keys that a resource no longer has, and strikes from wanted those that it has already.
func (t *tx) dropKeys(seq int64, wanted map[store.Key]bool) error {
	var gone []store.Key
	err := t.rows("SELECT a.name, k.value, k.single FROM resource_key k JOIN attribute a ON a.seq = k.attribute WHERE k.resource = ?", []any{seq},
		func(scan func(...any) error) (bool, error) {
			var k store.Key
			if err := scan(&k.Attr, &k.Value, &k.Unique); err != nil {
				return false, err
			}
			if wanted[k] {
				delete(wanted, k)
			} else {
				gone = append(gone, k)
			}
			return true, nil
		})
	for i := 0; i < len(gone) && err == nil; i++ {
		err = t.must("DELETE FROM resource_key WHERE resource = ? AND attribute = (SELECT a.seq FROM attribute a WHERE a.name = ?) AND value = ?",
			seq, gone[i].Attr, gone[i].Value)
	}
	return err
}

func (t *tx) addKey(collection, seq int64, k store.Key) error {
	attribute, err := t.number("SELECT seq FROM attribute WHERE name = ?", k.Attr)
	if errors.Is(err, store.ErrNotFound) {
		attribute, err = t.number("INSERT INTO attribute (name) VALUES (?) RETURNING seq", k.Attr)
	}
	if err != nil {
		t.failed = err
		return err
	}
	_, err = t.change("INSERT INTO resource_key (resource, attribute, value, collection, single) VALUES (?, ?, ?, ?, ?)",
		seq, attribute, k.Value, collection, k.Unique)
	return taken(err, k.Attr)
}

// blob keeps the difference between no bytes and none written.
func blob(b []byte) any {
	if b == nil {
		return nil
	}
	return b
}

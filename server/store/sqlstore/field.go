package sqlstore

import (
	"github.com/go-json-experiment/json"

	"scimproof/server/store"
)

const fieldColumns = "SELECT id, instance, name, display, description, type, input, required, single, options, enabled, created FROM field"

func scanField(scan Scan) (f store.Field, err error) {
	var created int64
	var options []byte
	err = scan(&f.ID, &f.Instance, &f.Name, &f.DisplayName, &f.Description, &f.Type, &f.Input, &f.Required, &f.Unique, &options, &f.Enabled, &created)
	if err != nil {
		return f, err
	}
	f.Created = FromMillis(created)
	err = json.Unmarshal(options, &f.Options)
	if len(f.Options) == 0 {
		f.Options = nil
	}
	return f, err
}

// Field is that of store.Reader.
func (r *Reader) Field(id string) (store.Field, error) {
	return single(r, scanField, fieldColumns+" WHERE id = ?", id)
}

// Fields is that of store.Reader.
func (r *Reader) Fields(instance string) ([]store.Field, error) {
	return all(r, scanField, fieldColumns+" WHERE instance = ? ORDER BY seq", instance)
}

// PutField is that of store.Tx.
func (t *Tx) PutField(f store.Field) error {
	if err := t.supersede(); err != nil {
		return err
	}
	options, err := json.Marshal(f.Options)
	if err != nil {
		return err
	}
	_, err = t.change("INSERT INTO field (id, instance, name, display, description, type, input, required, single, options, enabled, created)"+
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"+
		" ON CONFLICT (id) DO UPDATE SET instance = excluded.instance, name = excluded.name, display = excluded.display,"+
		" description = excluded.description, type = excluded.type, input = excluded.input, required = excluded.required,"+
		" single = excluded.single, options = excluded.options, enabled = excluded.enabled, created = excluded.created",
		f.ID, f.Instance, f.Name, f.DisplayName, f.Description, f.Type, f.Input, f.Required, f.Unique, string(options), f.Enabled, millis(f.Created))
	return err
}

// DeleteField is that of store.Tx.
func (t *Tx) DeleteField(id string) error {
	if err := t.supersede(); err != nil {
		return err
	}
	return t.must("DELETE FROM field WHERE id = ?", id)
}

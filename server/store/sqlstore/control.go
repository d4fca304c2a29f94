package sqlstore

import (
	"github.com/go-json-experiment/json"

	"scimproof/server/store"
)

const (
	instanceColumns     = "SELECT id, name, password_policy, created FROM instance"
	applicationColumns  = "SELECT id, instance, name, kind, profile, enabled, api_enabled, permissions, scope, target, variants, namespace, fields, created FROM application"
	tokenColumns        = "SELECT id, application, kind, digest, enabled, created, expires, last_used, account FROM token"
	organizationColumns = "SELECT id, instance, parent, name FROM organization"
)

// all reads the rows of a query, each by the function of its kind.
func all[T any](r *Reader, one func(Scan) (T, error), query string, args ...any) (out []T, err error) {
	err = r.rows(query, args, func(scan Scan) (bool, error) {
		v, err := one(scan)
		out = append(out, v)
		return true, err
	})
	return out, err
}

// single is all for what is there once: ErrNotFound where it is not.
func single[T any](r *Reader, one func(Scan) (T, error), query string, args ...any) (T, error) {
	list, err := all(r, one, query, args...)
	if err == nil && len(list) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		var none T
		return none, err
	}
	return list[0], nil
}

func scanInstance(scan Scan) (in store.Instance, err error) {
	var created int64
	err = scan(&in.ID, &in.Name, &in.PasswordPolicy, &created)
	in.Created = FromMillis(created)
	return in, err
}

func scanApplication(scan Scan) (a store.Application, err error) {
	var created int64
	err = scan(&a.ID, &a.Instance, &a.Name, &a.Kind, &a.Profile, &a.Enabled, &a.APIEnabled, (*list)(&a.Permissions), (*list)(&a.Scope),
		&a.Target, (*list)(&a.Variants), &a.Namespace, (*list)(&a.Fields), &created)
	a.Created = FromMillis(created)
	return a, err
}

func scanToken(scan Scan) (t store.Token, err error) {
	var created, expires, used int64
	err = scan(&t.ID, &t.Application, &t.Kind, &t.Digest, &t.Enabled, &created, &expires, &used, &t.Account)
	t.Created, t.Expires, t.LastUsed = FromMillis(created), FromMillis(expires), FromMillis(used)
	return t, err
}

func scanOrganization(scan Scan) (o store.Organization, err error) {
	err = scan(&o.ID, &o.Instance, &o.Parent, &o.Name)
	return o, err
}

// list is a column that holds texts as a JSON array.
type list []string

// Scan reads the column.
func (l *list) Scan(src any) error {
	data, ok := src.([]byte)
	if !ok {
		text, _ := src.(string)
		data = []byte(text)
	}
	var out []string
	if err := json.Unmarshal(data, &out); err != nil {
		return err
	}
	if len(out) > 0 {
		*l = out
	}
	return nil
}

func listText(l []string) (string, error) {
	out, err := json.Marshal(l)
	return string(out), err
}

// Instance is that of store.Reader.
func (r *Reader) Instance(id string) (store.Instance, error) {
	return single(r, scanInstance, instanceColumns+" WHERE id = ?", id)
}

// Instances is that of store.Reader.
func (r *Reader) Instances() ([]store.Instance, error) {
	return all(r, scanInstance, instanceColumns+" ORDER BY seq")
}

// Application is that of store.Reader.
func (r *Reader) Application(id string) (store.Application, error) {
	return single(r, scanApplication, applicationColumns+" WHERE id = ?", id)
}

// Applications is that of store.Reader.
func (r *Reader) Applications(instance string) ([]store.Application, error) {
	return all(r, scanApplication, applicationColumns+" WHERE instance = ? ORDER BY seq", instance)
}

// Token is that of store.Reader.
func (r *Reader) Token(id string) (store.Token, error) {
	return single(r, scanToken, tokenColumns+" WHERE id = ?", id)
}

// TokenByDigest is that of store.Reader.
func (r *Reader) TokenByDigest(digest []byte) (store.Token, error) {
	return single(r, scanToken, tokenColumns+" WHERE digest = ?", digest)
}

// Tokens is that of store.Reader.
func (r *Reader) Tokens(application string) ([]store.Token, error) {
	return all(r, scanToken, tokenColumns+" WHERE application = ? ORDER BY seq", application)
}

// Organization is that of store.Reader.
func (r *Reader) Organization(id string) (store.Organization, error) {
	return single(r, scanOrganization, organizationColumns+" WHERE id = ?", id)
}

// Organizations is that of store.Reader.
func (r *Reader) Organizations(instance string) ([]store.Organization, error) {
	return all(r, scanOrganization, organizationColumns+" WHERE instance = ? ORDER BY seq", instance)
}

// supersede begins a new generation of the control plane, once in a step: what readers keep of the old one is not looked at again.
func (t *Tx) supersede() error {
	if t.controlled {
		return nil
	}
	t.controlled = true
	return t.must("UPDATE generation SET number = number + 1")
}

// PutInstance is that of store.Tx.
func (t *Tx) PutInstance(in store.Instance) error {
	if err := t.supersede(); err != nil {
		return err
	}
	_, err := t.change("INSERT INTO instance (id, name, password_policy, created) VALUES (?, ?, ?, ?)"+
		" ON CONFLICT (id) DO UPDATE SET name = excluded.name, password_policy = excluded.password_policy, created = excluded.created",
		in.ID, in.Name, in.PasswordPolicy, millis(in.Created))
	return err
}

// PutApplication is that of store.Tx.
func (t *Tx) PutApplication(a store.Application) error {
	if err := t.supersede(); err != nil {
		return err
	}
	args := []any{a.ID, a.Instance, a.Name, a.Kind, a.Profile, a.Enabled, a.APIEnabled, a.Target, a.Namespace, millis(a.Created)}
	for _, l := range [][]string{a.Permissions, a.Scope, a.Variants, a.Fields} {
		text, err := listText(l)
		if err != nil {
			return err
		}
		args = append(args, text)
	}
	_, err := t.change("INSERT INTO application (id, instance, name, kind, profile, enabled, api_enabled, target, namespace, created,"+
		" permissions, scope, variants, fields) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"+
		" ON CONFLICT (id) DO UPDATE SET instance = excluded.instance, name = excluded.name, kind = excluded.kind, profile = excluded.profile,"+
		" enabled = excluded.enabled, api_enabled = excluded.api_enabled, target = excluded.target, namespace = excluded.namespace,"+
		" created = excluded.created, permissions = excluded.permissions, scope = excluded.scope, variants = excluded.variants,"+
		" fields = excluded.fields", args...)
	if err != nil {
		return err
	}
	return t.setScope(a.ID, a.Scope)
}

// DeleteApplication is that of store.Tx.
func (t *Tx) DeleteApplication(id string) error {
	if err := t.supersede(); err != nil {
		return err
	}
	if err := t.must("DELETE FROM application WHERE id = ?", id); err != nil {
		return err
	}
	if _, err := t.change("DELETE FROM external_id WHERE application = ?", id); err != nil {
		return err
	}
	return t.clear(id)
}

// DeleteInstance is that of store.Tx.
func (t *Tx) DeleteInstance(id string) error {
	if err := t.supersede(); err != nil {
		return err
	}
	if err := t.must("DELETE FROM instance WHERE id = ?", id); err != nil {
		return err
	}
	apps, err := t.texts("SELECT id FROM application WHERE instance = ?", id)
	for i := 0; i < len(apps) && err == nil; i++ {
		err = t.DeleteApplication(apps[i])
	}
	if err != nil {
		return err
	}
	for _, table := range []string{"organization", "field"} {
		if _, err := t.change("DELETE FROM "+table+" WHERE instance = ?", id); err != nil {
			return err
		}
	}
	return t.clear(id)
}

// PutToken is that of store.Tx.
func (t *Tx) PutToken(k store.Token) error {
	if err := t.supersede(); err != nil {
		return err
	}
	clash, err := t.exists("SELECT 1 FROM token WHERE digest = ? AND id <> ?", k.Digest, k.ID)
	if err != nil {
		return err
	}
	if clash {
		return &store.Conflict{Attr: "digest"}
	}
	if _, err := t.Application(k.Application); err != nil {
		return err
	}
	_, err = t.change("INSERT INTO token (id, application, kind, digest, enabled, created, expires, last_used, account) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"+
		" ON CONFLICT (id) DO UPDATE SET application = excluded.application, kind = excluded.kind, digest = excluded.digest, enabled = excluded.enabled,"+
		" created = excluded.created, expires = excluded.expires, last_used = excluded.last_used, account = excluded.account",
		k.ID, k.Application, k.Kind, k.Digest, k.Enabled, millis(k.Created), millis(k.Expires), millis(k.LastUsed), k.Account)
	return err
}

// DeleteToken is that of store.Tx.
func (t *Tx) DeleteToken(id string) error {
	if err := t.supersede(); err != nil {
		return err
	}
	return t.must("DELETE FROM token WHERE id = ?", id)
}

// Secret is that of store.Reader.
func (r *Reader) Secret(name string) (value []byte, err error) {
	err = r.row("SELECT value FROM secret WHERE name = ?", []any{name}, &value)
	return value, err
}

// PutSecret is that of store.Tx.
func (t *Tx) PutSecret(name string, value []byte) error {
	_, err := t.change("INSERT INTO secret (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value)
	return err
}

package sqlstore

import (
	"errors"

	"scimproof/server/store"
	"scimproof/server/store/sqlquery"
)

// InScope is that of store.Reader.
func (r *Reader) InScope(application, organization string) (bool, error) {
	return r.exists("SELECT 1 FROM reach WHERE application = ? AND organization = ?", application, organization)
}

// ScopeGroups is that of store.Reader.
func (r *Reader) ScopeGroups(application string) ([]string, error) {
	return r.texts("SELECT g.id FROM scope_group s CROSS JOIN resource g WHERE g.seq = s.resource AND s.application = ? ORDER BY g.seq", application)
}

// AddToScope is that of store.Tx.
func (t *Tx) AddToScope(application, group string) error {
	seq, err := t.groupOf(application, group)
	if err != nil {
		return err
	}
	_, err = t.change("INSERT INTO scope_group (application, resource) VALUES (?, ?) ON CONFLICT DO NOTHING", application, seq)
	return err
}

// RemoveFromScope is that of store.Tx.
func (t *Tx) RemoveFromScope(application, group string) error {
	seq, err := t.groupOf(application, group)
	if err != nil {
		return err
	}
	return t.must("DELETE FROM scope_group WHERE application = ? AND resource = ?", application, seq)
}

// groupOf finds a group in the directory of an application: that of its instance, or one of its own.
func (t *Tx) groupOf(application, group string) (int64, error) {
	a, err := t.Application(application)
	if err != nil {
		return 0, err
	}
	return t.number("SELECT g.seq FROM resource g"+
		" WHERE g.collection IN (SELECT seq FROM collection WHERE directory IN (?, ?) AND type = ?) AND g.id = ?",
		a.Instance, a.ID, sqlquery.GroupType, group)
}

// setScope makes the organizations at the top of an application's scope the given ones.
func (t *Tx) setScope(application string, organizations []string) error {
	if _, err := t.change("DELETE FROM scope_organization WHERE application = ?", application); err != nil {
		return err
	}
	for _, o := range organizations {
		_, err := t.change("INSERT INTO scope_organization (application, organization) VALUES (?, ?) ON CONFLICT DO NOTHING", application, o)
		if err != nil {
			return err
		}
	}
	return t.computeReach(application)
}

// computeReach finds anew what an application's scope holds. UNION ends a tree that bites its tail.
func (t *Tx) computeReach(application string) error {
	if _, err := t.change("DELETE FROM reach WHERE application = ?", application); err != nil {
		return err
	}
	_, err := t.change("WITH RECURSIVE below (id) AS ("+
		"SELECT o.id FROM scope_organization s JOIN organization o ON o.id = s.organization"+
		" JOIN application a ON a.id = s.application AND a.instance = o.instance WHERE s.application = ?"+
		" UNION SELECT o.id FROM below JOIN organization o ON o.parent = below.id)"+
		" INSERT INTO reach (application, organization) SELECT a.id, below.id FROM application a CROSS JOIN below WHERE a.id = ?", application, application)
	return err
}

// reachNew adds an organization without any below it to the scopes that it falls into: a tree is built without computing scopes anew
// at every node.
func (t *Tx) reachNew(organization string) error {
	_, err := t.change("INSERT INTO reach (application, organization)"+
		" SELECT r.application, o.id FROM organization o JOIN reach r ON r.organization = o.parent WHERE o.id = ?"+
		" UNION SELECT a.id, o.id FROM organization o JOIN scope_organization s ON s.organization = o.id"+
		" JOIN application a ON a.id = s.application AND a.instance = o.instance WHERE o.id = ?", organization, organization)
	return err
}

// reachAll computes the scopes of all applications of an instance anew.
func (t *Tx) reachAll(instance string) error {
	ids, err := t.texts("SELECT id FROM application WHERE instance = ?", instance)
	for i := 0; i < len(ids) && err == nil; i++ {
		err = t.computeReach(ids[i])
	}
	return err
}

// PutOrganization is that of store.Tx.
func (t *Tx) PutOrganization(o store.Organization) error {
	old, err := t.Organization(o.ID)
	fresh := errors.Is(err, store.ErrNotFound)
	if err != nil && !fresh {
		return err
	}
	_, err = t.change("INSERT INTO organization (id, instance, parent, name) VALUES (?, ?, ?, ?)"+
		" ON CONFLICT (id) DO UPDATE SET instance = excluded.instance, parent = excluded.parent, name = excluded.name",
		o.ID, o.Instance, o.Parent, o.Name)
	if err != nil {
		return err
	}
	if !fresh && old.Parent == o.Parent && old.Instance == o.Instance {
		return nil
	}
	if fresh {
		parent, err := t.exists("SELECT 1 FROM organization WHERE parent = ? LIMIT 1", o.ID)
		if err != nil {
			return err
		}
		if !parent {
			return t.reachNew(o.ID)
		}
	} else if old.Instance != o.Instance {
		if err := t.reachAll(old.Instance); err != nil {
			return err
		}
	}
	return t.reachAll(o.Instance)
}

// DeleteOrganization is that of store.Tx.
func (t *Tx) DeleteOrganization(id string) error {
	o, err := t.Organization(id)
	if err != nil {
		return err
	}
	if err := t.must("DELETE FROM organization WHERE id = ?", id); err != nil {
		return err
	}
	return t.reachAll(o.Instance)
}

package control

import (
	"context"
	"errors"

	"scimproof/server/store"
)

// ChangeScopeGroups lets groups come into the provisioning scope of an application and others go out of it: all of them, or none. Those
// that it does not name stay as they are, so that a group that joins over SCIM meanwhile is not lost.
func (p *Plane) ChangeScopeGroups(ctx context.Context, application string, come, leave []string) error {
	return p.Store.Write(ctx, func(tx store.Tx) error {
		a, err := tx.Application(application)
		if err != nil {
			return absent(err, "Application", application)
		}
		if a.Kind == Template {
			return templateRefused()
		}
		for _, id := range leave {
			if err := tx.RemoveFromScope(application, id); err != nil && !errors.Is(err, store.ErrNotFound) {
				return err // one that is out already is no error
			}
		}
		return addToScope(tx, application, come)
	})
}

// addToScope puts groups into the scope of an application.
func addToScope(tx store.Tx, application string, ids []string) error {
	for _, id := range distinct(ids) {
		err := tx.AddToScope(application, id)
		if errors.Is(err, store.ErrNotFound) {
			return invalid("GroupIds", "There is no group %q in the instance; choose one that is there.", id)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

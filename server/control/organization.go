package control

import (
	"context"
	"slices"

	"scimproof/server/store"
)

// Organizations lists the organizations of an instance: the root first, and each after the one above it.
func (p *Plane) Organizations(ctx context.Context, instance string) ([]store.Organization, error) {
	return read(ctx, p, func(r store.Reader) ([]store.Organization, error) {
		if _, err := r.Instance(instance); err != nil {
			return nil, absent(err, "Instance", instance)
		}
		list, err := r.Organizations(instance)
		return descend(list), err
	})
}

// descend orders organizations as a tree is written down.
func descend(list []store.Organization) []store.Organization {
	below := map[string][]store.Organization{}
	for _, o := range list {
		below[o.Parent] = append(below[o.Parent], o)
	}
	var out []store.Organization
	var walk func(parent string)
	walk = func(parent string) {
		for _, o := range below[parent] {
			out = append(out, o)
			walk(o.ID)
		}
	}
	walk("")
	return out
}

// Organization finds an organization.
func (p *Plane) Organization(ctx context.Context, id string) (store.Organization, error) {
	o, err := read(ctx, p, func(r store.Reader) (store.Organization, error) { return r.Organization(id) })
	return o, absent(err, "OrganizationalUnit", id)
}

// NewOrganization makes an organization below another.
func (p *Plane) NewOrganization(ctx context.Context, parent, name string) (o store.Organization, err error) {
	if err := text("OrganizationalUnitName", name, 1, longestName); err != nil {
		return o, err
	}
	if o.ID, err = p.id("ou"); err != nil {
		return o, err
	}
	err = p.Store.Write(ctx, func(tx store.Tx) error {
		above, err := tx.Organization(parent)
		if err != nil {
			return absent(err, "OrganizationalUnit", parent)
		}
		o.Instance, o.Parent, o.Name = above.Instance, above.ID, name
		return tx.PutOrganization(o)
	})
	return o, err
}

// OrganizationChange is what becomes different of an organization; nil stays.
type OrganizationChange struct {
	Name   *string
	Parent *string // the organization that it moves below, with all that lies below it
}

// ChangeOrganization renames or moves an organization. A move that would take a synchronization target out of its scope is refused
// (rule sync-1).
func (p *Plane) ChangeOrganization(ctx context.Context, id string, c OrganizationChange) (o store.Organization, err error) {
	err = p.Store.Write(ctx, func(tx store.Tx) error {
		if o, err = tx.Organization(id); err != nil {
			return absent(err, "OrganizationalUnit", id)
		}
		if c.Name != nil {
			o.Name = *c.Name
			if err := text("OrganizationalUnitName", o.Name, 1, longestName); err != nil {
				return err
			}
		}
		if c.Parent == nil || *c.Parent == o.Parent {
			return tx.PutOrganization(o)
		}
		if err := mayMove(tx, o, *c.Parent); err != nil {
			return err
		}
		o.Parent = *c.Parent
		if err := tx.PutOrganization(o); err != nil {
			return err
		}
		return targetsStay(tx, o.Instance)
	})
	return o, err
}

// mayMove says whether an organization may go below another: one of its instance that does not lie below itself.
func mayMove(tx store.Tx, o store.Organization, parent string) error {
	if o.Parent == "" {
		return denied("RootOrganizationalUnit", "The organization at the root stays there; move one of those below it.")
	}
	if parent == "" {
		return invalid("ParentId", "An instance has one organization at its root; name the one to move below.")
	}
	for id := parent; id != ""; {
		above, err := tx.Organization(id)
		if err != nil {
			return absent(err, "OrganizationalUnit", id)
		}
		if above.Instance != o.Instance {
			return notFound("OrganizationalUnit", parent)
		}
		if above.ID == o.ID {
			return denied("OrganizationalUnitCircle", "An organization cannot lie below itself; choose one that is not below it.")
		}
		id = above.Parent
	}
	return nil
}

// targetsStay refuses a tree in which the synchronization target of an application lies outside its scope.
func targetsStay(tx store.Tx, instance string) error {
	apps, err := tx.Applications(instance)
	for _, a := range apps {
		if err := targetInScope(tx, a); err != nil {
			return err
		}
	}
	return err
}

// DeleteOrganization removes an organization. One that has organizations or accounts in it, or that an application names, stays.
func (p *Plane) DeleteOrganization(ctx context.Context, id string) error {
	return p.Store.Write(ctx, func(tx store.Tx) error {
		o, err := tx.Organization(id)
		if err != nil {
			return absent(err, "OrganizationalUnit", id)
		}
		if o.Parent == "" {
			return denied("RootOrganizationalUnit", "The organization at the root goes only with its instance.")
		}
		if err := isFree(tx, o); err != nil {
			return err
		}
		return tx.DeleteOrganization(id)
	})
}

// isFree says whether nothing would be left behind without an organization.
func isFree(tx store.Tx, o store.Organization) error {
	list, err := tx.Organizations(o.Instance)
	if err != nil {
		return err
	}
	for _, other := range list {
		if other.Parent == o.ID {
			return denied("OrganizationalUnitNotEmpty", "Other organizations lie below this one; move or delete them first.")
		}
	}
	placed, err := tx.Placed(o.ID)
	if err != nil {
		return err
	}
	if placed > 0 {
		return denied("OrganizationalUnitNotEmpty", "Accounts are placed in this organization (%d); move or delete them first.", placed)
	}
	apps, err := tx.Applications(o.Instance)
	for _, a := range apps {
		if a.Target == o.ID || slices.Contains(a.Scope, o.ID) {
			return denied("OrganizationalUnitInUse", "Application %q has this organization as scope or target; choose another one there first.", a.Name)
		}
	}
	return err
}

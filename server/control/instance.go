package control

import (
	"context"

	"scimproof/server/idaas"
	"scimproof/server/store"
)

// DefaultPasswordPolicy is the template of a new instance (rule pass-3).
const DefaultPasswordPolicy = "Unrestricted"

const longestName = 64

// Instances lists the instances.
func (p *Plane) Instances(ctx context.Context) ([]store.Instance, error) {
	return read(ctx, p, store.Reader.Instances)
}

// Instance finds an instance.
func (p *Plane) Instance(ctx context.Context, id string) (store.Instance, error) {
	in, err := read(ctx, p, func(r store.Reader) (store.Instance, error) { return r.Instance(id) })
	return in, absent(err, "Instance", id)
}

// NewInstance makes an instance with an organization at its root.
func (p *Plane) NewInstance(ctx context.Context, name string) (in store.Instance, root store.Organization, err error) {
	if err := text("InstanceName", name, 1, longestName); err != nil {
		return in, root, err
	}
	in = store.Instance{Name: name, PasswordPolicy: DefaultPasswordPolicy, Created: p.now()}
	if in.ID, err = p.id("idaas"); err != nil {
		return in, root, err
	}
	root = store.Organization{Instance: in.ID, Name: name}
	if root.ID, err = p.id("ou"); err != nil {
		return in, root, err
	}
	return in, root, p.Store.Write(ctx, func(tx store.Tx) error {
		if err := tx.PutInstance(in); err != nil {
			return err
		}
		return tx.PutOrganization(root)
	})
}

// InstanceChange is what becomes different of an instance; nil stays.
type InstanceChange struct {
	Name           *string
	PasswordPolicy *string // name of a template; it holds for passwords that are set from now on
}

// ChangeInstance changes an instance.
func (p *Plane) ChangeInstance(ctx context.Context, id string, c InstanceChange) (in store.Instance, err error) {
	err = p.Store.Write(ctx, func(tx store.Tx) error {
		if in, err = tx.Instance(id); err != nil {
			return absent(err, "Instance", id)
		}
		if c.Name != nil {
			in.Name = *c.Name
			if err := text("InstanceName", in.Name, 1, longestName); err != nil {
				return err
			}
		}
		if c.PasswordPolicy != nil {
			in.PasswordPolicy = *c.PasswordPolicy
			if err := checkPolicy(in.PasswordPolicy); err != nil {
				return err
			}
		}
		return tx.PutInstance(in)
	})
	return in, err
}

func checkPolicy(name string) error {
	var names string
	for _, p := range idaas.Policies() {
		if p.Name == name {
			return nil
		}
		names += " " + p.Name
	}
	return invalid("PasswordPolicy", "There is no password policy %q; choose one of these:%s.", name, names)
}

// DeleteInstance removes an instance with its applications, organizations, fields, accounts and groups.
func (p *Plane) DeleteInstance(ctx context.Context, id string) error {
	err := p.Store.Write(ctx, func(tx store.Tx) error { return tx.DeleteInstance(id) })
	return absent(err, "Instance", id)
}

package control

import (
	"context"

	"scimproof/server/store"
)

// DemoApplication is one application of the demonstration, with a token that was issued now.
type DemoApplication struct {
	Application store.Application
	Token       string
}

const (
	demoName = "Demo"
	demoDays = 30
)

// Demo makes an instance with one application of each profile, each in an organization of its own. What is there already, it finds: it
// can be called again, also after a call that came to nothing half-way. The values of tokens cannot be read again, so every call issues
// fresh ones by the rules, and disables and deletes the older ones.
func (p *Plane) Demo(ctx context.Context) ([]DemoApplication, error) {
	root, err := p.demoRoot(ctx)
	if err != nil {
		return nil, err
	}
	var out []DemoApplication
	for _, profile := range []string{"idaas", "rfc"} {
		a, err := p.demoApplication(ctx, root, profile)
		if err != nil {
			return nil, err
		}
		value, err := p.rotate(ctx, a.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, DemoApplication{a, value})
	}
	return out, nil
}

// demoRoot finds or makes the instance of the demonstration, and returns the organization at its root.
func (p *Plane) demoRoot(ctx context.Context) (root store.Organization, err error) {
	found := false
	err = p.Store.Read(ctx, func(r store.Reader) error {
		instances, err := r.Instances()
		if err != nil {
			return err
		}
		for _, in := range instances {
			if in.Name != demoName {
				continue
			}
			root, found, err = organization(r, in.ID, func(o store.Organization) bool { return o.Parent == "" })
			return err
		}
		return nil
	})
	if err == nil && !found {
		_, root, err = p.NewInstance(ctx, demoName)
	}
	return root, err
}

// demoApplication finds or makes the application of a profile, and the organization that is its scope.
func (p *Plane) demoApplication(ctx context.Context, root store.Organization, profile string) (a store.Application, err error) {
	name := demoName + " " + profile
	var ou store.Organization
	made, placed := false, false
	err = p.Store.Read(ctx, func(r store.Reader) error {
		apps, err := r.Applications(root.Instance)
		if err != nil {
			return err
		}
		for _, known := range apps {
			if known.Name == name && known.Profile == profile {
				a, made = known, true
				return nil
			}
		}
		ou, placed, err = organization(r, root.Instance, func(o store.Organization) bool { return o.Parent == root.ID && o.Name == name })
		return err
	})
	if err != nil || made {
		return a, err
	}
	if !placed {
		if ou, err = p.NewOrganization(ctx, root.ID, name); err != nil {
			return a, err
		}
	}
	return p.AddApplication(ctx, NewApplication{
		Instance: root.Instance, Name: name, Kind: Custom, Profile: profile, With: Inbound([]string{ou.ID}, ou.ID),
	})
}

// organization finds the first organization of an instance that satisfies a condition.
func organization(r store.Reader, instance string, is func(store.Organization) bool) (store.Organization, bool, error) {
	list, err := r.Organizations(instance)
	for _, o := range list {
		if is(o) {
			return o, true, err
		}
	}
	return store.Organization{}, false, err
}

// rotate issues a token and disables and deletes the others, in the order that the rules allow.
func (p *Plane) rotate(ctx context.Context, application string) (string, error) {
	var old []store.Token
	err := p.Store.Read(ctx, func(r store.Reader) (err error) {
		old, err = tokensOf(r, application, BearerToken)
		return err
	})
	if err != nil {
		return "", err
	}
	// With two tokens there is no room for a third: one makes it, the one that opens nothing if there is such a one.
	if len(old) >= maxTokens {
		first := 0
		for i, t := range old {
			if !Live(t, p.now()) {
				first = i
			}
		}
		if err := p.retire(ctx, old[first]); err != nil {
			return "", err
		}
		old = append(old[:first:first], old[first+1:]...)
	}
	_, value, err := p.AddToken(ctx, application, BearerToken, Days(demoDays))
	if err != nil {
		return "", err
	}
	for _, t := range old {
		if err := p.retire(ctx, t); err != nil {
			return "", err
		}
	}
	return value, nil
}

// retire disables a token and deletes it.
func (p *Plane) retire(ctx context.Context, t store.Token) error {
	if t.Enabled {
		if _, err := p.SetTokenEnabled(ctx, t.ID, false); err != nil {
			return err
		}
	}
	return p.DeleteToken(ctx, t.ID)
}

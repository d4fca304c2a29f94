package control

import (
	"context"
	"time"

	"scimproof/server/store"
)

// DemoApplication is one application of the demonstration, with a token that was issued now.
type DemoApplication struct {
	Application store.Application
	Token       string
}

const (
	demoName     = "Demo"
	demoValidity = 30 * 24 * time.Hour
)

// Demo makes an instance with one application of each profile, each in an organization of its own, or finds the one made before.
// The values of tokens cannot be read again, so every call issues fresh ones by the rules: an older token makes room first.
func (p *Plane) Demo(ctx context.Context) ([]DemoApplication, error) {
	apps, err := p.findDemo(ctx)
	if err != nil {
		return nil, err
	}
	if apps == nil {
		if apps, err = p.makeDemo(ctx); err != nil {
			return nil, err
		}
	}
	var out []DemoApplication
	for _, a := range apps {
		value, err := p.rotate(ctx, a.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, DemoApplication{a, value})
	}
	return out, nil
}

func (p *Plane) findDemo(ctx context.Context) (apps []store.Application, err error) {
	err = p.Store.Read(ctx, func(r store.Reader) error {
		instances, err := r.Instances()
		if err != nil {
			return err
		}
		for _, in := range instances {
			if in.Name == demoName {
				apps, err = r.Applications(in.ID)
				return err
			}
		}
		return nil
	})
	return apps, err
}

func (p *Plane) makeDemo(ctx context.Context) ([]store.Application, error) {
	in, root, err := p.NewInstance(ctx, demoName)
	if err != nil {
		return nil, err
	}
	var apps []store.Application
	for _, profile := range []string{"idaas", "rfc"} {
		ou, err := p.NewOrganization(ctx, root.ID, demoName+" "+profile)
		if err != nil {
			return nil, err
		}
		a, err := p.AddApplication(ctx, NewApplication{
			Instance: in.ID, Name: demoName + " " + profile, Kind: "custom", Profile: profile, Scope: []string{ou.ID}, Target: ou.ID,
		})
		if err != nil {
			return nil, err
		}
		apps = append(apps, a)
	}
	return apps, nil
}

// rotate issues a token and disables and deletes the others, in the order that the rules allow.
func (p *Plane) rotate(ctx context.Context, application string) (string, error) {
	var old []store.Token
	err := p.Store.Read(ctx, func(r store.Reader) (err error) {
		old, err = r.Tokens(application)
		return err
	})
	if err != nil {
		return "", err
	}
	retire := func(t store.Token) error {
		if t.Enabled {
			if err := p.SetTokenEnabled(ctx, t.ID, false); err != nil {
				return err
			}
		}
		return p.DeleteToken(ctx, t.ID)
	}
	// With two tokens there is no room for a third: one makes it, the one that opens nothing if there is such a one.
	if len(old) >= maxTokens {
		first := 0
		for i, t := range old {
			if !p.live(t) {
				first = i
			}
		}
		if err := retire(old[first]); err != nil {
			return "", err
		}
		old = append(old[:first:first], old[first+1:]...)
	}
	_, value, err := p.AddToken(ctx, application, demoValidity)
	if err != nil {
		return "", err
	}
	for _, t := range old {
		if err := retire(t); err != nil {
			return "", err
		}
	}
	return value, nil
}

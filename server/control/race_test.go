package control_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"scimproof/server/control"
	"scimproof/server/store"
)

// rounds is how often everybody in a race acts.
const rounds = 40

// race lets all act at once, and looks at the store again and again until they are done. A refusal with one of the codes is part of it.
func (b *bench) race(t *testing.T, look func(store.Reader) error, codes []string, actors ...func(ctx context.Context, round int) error) {
	t.Helper()
	done := make(chan struct{})
	var acting, looking sync.WaitGroup
	for _, act := range actors {
		acting.Go(func() {
			for round := range rounds {
				var refusal *control.Error
				if err := act(t.Context(), round); err != nil && (!errors.As(err, &refusal) || !slices.Contains(codes, refusal.Code)) {
					t.Error(err)
				}
			}
		})
	}
	looking.Go(func() {
		for last := false; !last; {
			select {
			case <-done:
				last = true // once more, at what is left
			default:
			}
			if err := b.Store.Read(t.Context(), look); err != nil {
				t.Error(err)
				return
			}
		}
	})
	acting.Wait()
	close(done)
	looking.Wait()
}

func TestTokensAtOnce(t *testing.T) {
	for _, kind := range []string{control.BearerToken, control.ClientSecret} {
		t.Run(kind, func(t *testing.T) {
			b := newBench(t)
			app := b.application(t).ID
			if _, _, err := b.AddToken(t.Context(), app, kind, control.Days(1)); err != nil {
				t.Fatal(err)
			}
			look := func(r store.Reader) error {
				list, err := r.Tokens(app)
				enabled := 0
				for _, token := range list {
					if token.Enabled {
						enabled++
					}
				}
				if err == nil && (enabled < 1 || len(list) > 2) {
					err = errors.New("an application has no enabled token, or more than two")
				}
				return err
			}
			// some acts on the token that stands in a place of the list, which another may have taken away by then.
			some := func(ctx context.Context, place int, act func(id string) error) error {
				list, err := b.Tokens(ctx, app)
				if err != nil || len(list) == 0 {
					return err
				}
				return act(list[place%len(list)].ID)
			}
			add := func(ctx context.Context, _ int) error {
				_, _, err := b.AddToken(ctx, app, kind, control.Days(1))
				return err
			}
			set := func(enabled bool) func(context.Context, int) error {
				return func(ctx context.Context, round int) error {
					return some(ctx, round, func(id string) error { return b.set(id, enabled) })
				}
			}
			remove := func(ctx context.Context, round int) error {
				return some(ctx, round, func(id string) error { return b.DeleteToken(ctx, id) })
			}
			b.race(t, look, []string{
				"OperationDenied.TokenLimit", "OperationDenied.LastEnabledToken", "OperationDenied.TokenEnabled", "ResourceNotFound.ApplicationToken",
			}, add, add, set(false), set(false), set(false), set(true), remove, remove)
		})
	}
}

func TestScopeAndTargetAtOnce(t *testing.T) {
	b := newBench(t)
	app := b.application(t)
	root := app.Target
	below := func(parent, name string) string {
		o, err := b.NewOrganization(t.Context(), parent, name)
		if err != nil {
			t.Fatal(err)
		}
		return o.ID
	}
	east, west := below(root, "East"), below(root, "West")
	moving, leaving := below(east, "Moving"), below(west, "Leaving")
	targets := 0
	look := func(r store.Reader) error {
		a, err := r.Application(app.ID)
		if err != nil || a.Target == "" {
			return err
		}
		targets++
		in, err := r.InScope(a.ID, a.Target)
		if err == nil && !in {
			err = errors.New("the target lies outside the scope")
		}
		return err
	}
	change := func(scopes, targets []string) func(context.Context, int) error {
		return func(ctx context.Context, round int) error {
			var c control.ApplicationChange
			if scopes != nil {
				c.Scope = &control.Scope{Organizations: scopes[round%len(scopes) : round%len(scopes)+1]}
			}
			if targets != nil {
				c.Target = &targets[round%len(targets)]
			}
			_, err := b.ChangeApplication(ctx, app.ID, c)
			return err
		}
	}
	move := func(ctx context.Context, round int) error {
		_, err := b.ChangeOrganization(ctx, moving, control.OrganizationChange{Parent: &[]string{west, east}[round%2]})
		return err
	}
	remove := func(ctx context.Context, round int) error {
		if round < rounds/2 {
			return nil // the others have time to name it
		}
		return b.DeleteOrganization(ctx, leaving)
	}
	b.race(t, look, []string{
		"OperationDenied.TargetNotInScope", "OperationDenied.OrganizationalUnitInUse", "ResourceNotFound.OrganizationalUnit", "InvalidParameter.OrganizationalUnitIds",
	},
		change([]string{east, west}, []string{east, west}), change([]string{root, east, west, leaving}, nil),
		change(nil, []string{east, west, moving, leaving}), change(nil, []string{moving, ""}), move, remove)
	if targets == 0 {
		t.Error("nobody saw a target")
	}
}

func TestTwoWhoMoveAtOnceMakeNoCircle(t *testing.T) {
	b := newBench(t)
	root := b.application(t).Target
	one, err := b.NewOrganization(t.Context(), root, "One")
	if err != nil {
		t.Fatal(err)
	}
	two, err := b.NewOrganization(t.Context(), root, "Two")
	if err != nil {
		t.Fatal(err)
	}
	look := func(r store.Reader) error {
		for _, id := range []string{one.ID, two.ID} {
			for steps := 0; id != ""; steps++ {
				o, err := r.Organization(id)
				if err != nil {
					return err
				}
				if id = o.Parent; steps > 3 {
					return errors.New("an organization lies below itself")
				}
			}
		}
		return nil
	}
	move := func(id string, parents ...string) func(context.Context, int) error {
		return func(ctx context.Context, round int) error {
			_, err := b.ChangeOrganization(ctx, id, control.OrganizationChange{Parent: &parents[round%len(parents)]})
			return err
		}
	}
	b.race(t, look, []string{"OperationDenied.OrganizationalUnitCircle"},
		move(one.ID, two.ID, root), move(two.ID, one.ID, root), move(one.ID, two.ID), move(two.ID, root, one.ID))
}

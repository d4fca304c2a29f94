package control_test

import (
	"bytes"
	"testing"

	"scimproof/server/control"
	"scimproof/server/store"
)

// demo calls Demo and checks that each application has one token, whose value is the one that was returned.
func (b *bench) demo(t *testing.T) []control.DemoApplication {
	t.Helper()
	list, err := b.Demo(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 2 || list[0].Application.Profile != "idaas" || list[1].Application.Profile != "rfc" {
		t.Fatalf("the demo is %+v, want an application of profile idaas and one of profile rfc", list)
	}
	for _, d := range list {
		tokens := b.tokens(t, d.Application.ID)
		if len(tokens) != 1 || !tokens[0].Enabled || !bytes.Equal(tokens[0].Digest, control.Digest(d.Token)) {
			t.Errorf("%s has the tokens %+v, want the enabled one that was returned", d.Application.Name, tokens)
		}
	}
	return list
}

func sameApplications(t *testing.T, first, second []control.DemoApplication) {
	t.Helper()
	for i := range first {
		if first[i].Application.ID != second[i].Application.ID {
			t.Errorf("%s is another one the second time", first[i].Application.Name)
		}
		if first[i].Token == second[i].Token {
			t.Errorf("%s got no fresh token", first[i].Application.Name)
		}
	}
}

func TestDemoIsFoundAgainWithFreshTokens(t *testing.T) {
	b := newBench(t)
	first := b.demo(t)
	second := b.demo(t)
	sameApplications(t, first, second)
	sameApplications(t, second, b.demo(t))
	if first[0].Application.Target == first[1].Application.Target {
		t.Error("both applications have one organization, want one each")
	}
	if first[0].Application.Instance != first[1].Application.Instance {
		t.Error("the applications are in two instances")
	}
}

func TestDemoRotatesWhateverTokensThereAre(t *testing.T) {
	for name, before := range map[string]func(t *testing.T, b *bench, app string){
		"none": func(t *testing.T, b *bench, app string) {
			b.now = b.now.AddDate(0, 0, 30) // expired, and so free to be deleted
			for _, token := range b.tokens(t, app) {
				wantCode(t, b.set(token.ID, false), "")
				wantCode(t, b.DeleteToken(t.Context(), token.ID), "")
			}
		},
		"one expired": func(_ *testing.T, b *bench, _ string) { b.now = b.now.AddDate(1, 0, 0) },
		"two enabled": func(t *testing.T, b *bench, app string) { add(t, b, app) },
		"two expired": func(t *testing.T, b *bench, app string) {
			add(t, b, app)
			b.now = b.now.AddDate(1, 0, 0)
		},
		"one disabled, one enabled": func(t *testing.T, b *bench, app string) {
			add(t, b, app)
			wantCode(t, b.set(b.tokens(t, app)[0].ID, false), "")
		},
		"one enabled, one disabled": func(t *testing.T, b *bench, app string) {
			add(t, b, app)
			wantCode(t, b.set(b.tokens(t, app)[1].ID, false), "")
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			first := b.demo(t)
			before(t, b, first[0].Application.ID)
			sameApplications(t, first, b.demo(t))
		})
	}
}

func add(t *testing.T, b *bench, app string) {
	t.Helper()
	if _, _, err := b.AddToken(t.Context(), app, control.BearerToken, control.Days(1)); err != nil {
		t.Fatal(err)
	}
}

// A call that came to nothing half-way leaves parts behind; the next one completes them.
func TestDemoCompletesWhatIsThere(t *testing.T) {
	t.Run("an instance", func(t *testing.T) {
		b := newBench(t)
		if _, _, err := b.NewInstance(t.Context(), "Demo"); err != nil {
			t.Fatal(err)
		}
		sameApplications(t, b.demo(t), b.demo(t))
		b.wantInstances(t, 1)
	})
	t.Run("an organization", func(t *testing.T) {
		b := newBench(t)
		_, root, err := b.NewInstance(t.Context(), "Demo")
		if err != nil {
			t.Fatal(err)
		}
		ou, err := b.NewOrganization(t.Context(), root.ID, "Demo idaas")
		if err != nil {
			t.Fatal(err)
		}
		if got := b.demo(t)[0].Application.Target; got != ou.ID {
			t.Errorf("the target is %s, want the organization that was there", got)
		}
	})
	t.Run("one application", func(t *testing.T) {
		b := newBench(t)
		first := b.demo(t)
		err := b.Store.Write(t.Context(), func(tx store.Tx) error { return tx.DeleteApplication(first[1].Application.ID) })
		if err != nil {
			t.Fatal(err)
		}
		second := b.demo(t)
		if first[0].Application.ID != second[0].Application.ID {
			t.Error("the application that was there was not found")
		}
		b.wantInstances(t, 1)
	})
}

func (b *bench) wantInstances(t *testing.T, want int) {
	t.Helper()
	err := b.Store.Read(t.Context(), func(r store.Reader) error {
		list, err := r.Instances()
		if len(list) != want {
			t.Errorf("there are %d instances, want %d", len(list), want)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

package storetest

import (
	"context"
	"errors"
	"testing"

	"scimproof/server/scim"
	"scimproof/server/store"
)

func withExternal(id, userName, externalID string) store.Record {
	return user(id, "", scim.Object{"userName": userName, "externalId": externalID})
}

func testExternalPerApplication(t *testing.T, s store.Store) {
	write(t, s, func(tx store.Tx) error {
		if err := tx.Insert(of(wide), withExternal("user_1", "ann", "Wide-1"), true); err != nil {
			return err
		}
		if err := tx.Update(of(narrow), withExternal("user_1", "ann", "Narrow-1"), true); err != nil {
			return err
		}
		// The same text means something else to the other application.
		return tx.Insert(of(narrow), withExternal("user_2", "bob", "Wide-1"), true)
	})
	want := map[string]string{wide: "Wide-1", narrow: "Narrow-1", "": "", "app_other": ""}
	check := func() {
		read(t, s, func(r store.Reader) error {
			for app, external := range want {
				got, err := r.Get(of(app), "User", "user_1")
				if err != nil {
					return err
				}
				if got.ExternalID != external {
					t.Errorf("application %q knows the account as %q, want %q", app, got.ExternalID, external)
				}
			}
			return nil
		})
	}
	check()
	// Who speaks for no application neither sees nor sets one; who leaves it out takes back its own.
	write(t, s, func(tx store.Tx) error {
		return tx.Update(everything(), withExternal("user_1", "ann", "Nobody-1"), true)
	})
	check()
	write(t, s, func(tx store.Tx) error { return tx.Update(of(wide), named("user_1", "", "ann"), true) })
	want[wide] = ""
	check()
}

func testExternalUnique(t *testing.T, s store.Store) {
	insertAs := func(app string, r store.Record, unique bool) error {
		return s.Write(context.Background(), func(tx store.Tx) error { return tx.Insert(of(app), r, unique) })
	}
	steps := []struct {
		name   string
		app    string
		r      store.Record
		unique bool
		clash  bool
	}{
		{"first", wide, withExternal("user_1", "u1", "e"), true, false},
		{"same application", wide, withExternal("user_2", "u2", "e"), true, true},
		{"case is exact", wide, withExternal("user_3", "u3", "E"), true, false},
		{"another application", narrow, withExternal("user_4", "u4", "e"), true, false},
		{"not unique", wide, withExternal("user_5", "u5", "e"), false, false},
		{"not unique, of another text", wide, withExternal("user_9", "u9", "f"), false, false},
		{"against one that need not be unique", wide, withExternal("user_6", "u6", "f"), true, true},
		{"none is no value", wide, withExternal("user_7", "u7", ""), true, false},
		{"none twice", wide, withExternal("user_8", "u8", ""), true, false},
	}
	for _, step := range steps {
		err := insertAs(step.app, step.r, step.unique)
		if step.clash && !conflictOver(err, "externalId") || !step.clash && err != nil {
			t.Errorf("%s: %v, conflict wanted: %v", step.name, err, step.clash)
		}
	}
	robot := withExternal("robot_1", "r1", "e")
	robot.Type = "Robot"
	if err := insertAs(wide, robot, true); err != nil {
		t.Errorf("another resource type: %v", err)
	}
	update := func(r store.Record) error {
		return s.Write(context.Background(), func(tx store.Tx) error { return tx.Update(of(wide), r, true) })
	}
	if err := update(withExternal("user_3", "u3", "E")); err != nil {
		t.Errorf("its own: %v", err)
	}
	if err := update(withExternal("user_3", "u3", "e")); !conflictOver(err, "externalId") {
		t.Errorf("update to a taken one: %v, want a conflict", err)
	}
}

func testExternalOwn(t *testing.T, s store.Store) {
	found(t, s)
	own := withExternal("user_1", "ann", "e-1") // its organization is in nobody's scope
	other := withExternal("user_2", "bob", "e-2")
	other.Source = narrow
	insert(t, s, own, other)
	read(t, s, func(r store.Reader) error {
		got, err := r.ByExternalID(inScope(wide), "User", "e-1")
		if err != nil || got.ID != "user_1" || got.ExternalID != "e-1" {
			t.Errorf("its own, out of scope: %q, %v", got.ID, err)
		}
		for name, find := range map[string]func() (store.Record, error){
			"made by another":    func() (store.Record, error) { return r.ByExternalID(of(wide), "User", "e-2") },
			"known by another":   func() (store.Record, error) { return r.ByExternalID(of(narrow), "User", "e-1") },
			"another case":       func() (store.Record, error) { return r.ByExternalID(of(wide), "User", "E-1") },
			"another type":       func() (store.Record, error) { return r.ByExternalID(of(wide), "Group", "e-1") },
			"for no application": func() (store.Record, error) { return r.ByExternalID(everything(), "User", "e-1") },
			"a directory without records": func() (store.Record, error) {
				return r.ByExternalID(store.View{Directory: "d", Application: wide}, "User", "e-1")
			},
		} {
			if got, err := find(); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%s: %q, %v, want ErrNotFound", name, got.ID, err)
			}
		}
		return nil
	})
}

package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"scimproof/server/scim"
	"scimproof/server/store"
)

func testUniqueKeys(t *testing.T, s store.Store) {
	badge := func(b string) scim.Object { return scim.Object{"badge": b} }
	insert(t, s,
		user("user_1", "", scim.Object{"userName": "ann", "displayName": "Ann", extensionURN: badge("b1")}),
		user("user_2", "", scim.Object{"userName": "bob", extensionURN: badge("b2")}))
	tests := []struct {
		name string
		o    scim.Object
		attr string
	}{
		{"same", scim.Object{"userName": "ann"}, "userName"},
		{"another case", scim.Object{"userName": "ANN"}, "userName"},
		{"extension", scim.Object{"userName": "new", extensionURN: badge("b1")}, extensionURN + ":badge"},
		{"case exact", scim.Object{"userName": "new", extensionURN: badge("B1")}, ""},
		{"not unique", scim.Object{"userName": "new", "displayName": "Ann"}, ""},
		{"twice in itself", scim.Object{"userName": "new", "emails": []any{scim.Object{"value": "a"}, scim.Object{"value": "A"}}}, ""},
	}
	undo := errors.New("undo")
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			check := func(verb string, err error) {
				switch {
				case test.attr == "" && err != nil:
					t.Errorf("%s: %v", verb, err)
				case test.attr != "" && !conflictOver(err, test.attr):
					t.Errorf("%s: %v, want a conflict over %s", verb, err, test.attr)
				}
			}
			err := s.Write(context.Background(), func(tx store.Tx) error {
				check("insert", tx.Insert(of(wide), user("user_3", "", test.o), false))
				return undo
			})
			if !errors.Is(err, undo) {
				t.Fatal(err)
			}
			err = s.Write(context.Background(), func(tx store.Tx) error {
				check("update", tx.Update(of(wide), user("user_2", "", test.o), false))
				return undo
			})
			if !errors.Is(err, undo) {
				t.Fatal(err)
			}
		})
	}
	write(t, s, func(tx store.Tx) error { // what it holds itself is no clash, nor is the userName of another type
		return errors.Join(
			tx.Update(of(wide), user("user_1", "", scim.Object{"userName": "Ann", extensionURN: badge("b1")}), false),
			tx.Insert(of(wide), record("Robot", "robot_1", "", userKeys, scim.Object{"userName": "ann"}), false))
	})
}

// testConflictLeavesNothing swallows the refusal: the rest of the step stands, the refused change has left no part of itself.
func testConflictLeavesNothing(t *testing.T, s store.Store) {
	insert(t, s, named("user_1", "", "ann"), user("user_2", "", scim.Object{"userName": "bob", "displayName": "Bob", "externalId": "e"}))
	write(t, s, func(tx store.Tx) error {
		refused := user("user_3", "", scim.Object{"displayName": "Cy", "userName": "ann"})
		if err := tx.Insert(of(wide), refused, false); !conflictOver(err, "userName") {
			t.Errorf("insert: %v, want a conflict", err)
		}
		refused = user("user_2", "", scim.Object{"displayName": "Cy", "userName": "ann"})
		if err := tx.Update(of(wide), refused, false); !conflictOver(err, "userName") {
			t.Errorf("update: %v, want a conflict", err)
		}
		return tx.Insert(of(wide), named("user_4", "", "dan"), false)
	})
	read(t, s, func(r store.Reader) error {
		cy, err := r.ByKey(of(wide), "User", "displayName", "cy")
		bob, err2 := r.ByKey(of(wide), "User", "displayName", "bob")
		page, err3 := r.Query(store.Query{View: of(wide), Type: userType, Start: 1, Count: 9})
		if len(cy) != 0 || len(bob) != 1 || bob[0].ExternalID != "e" {
			t.Errorf("displayName cy: %v, bob: %v; want none, user_2", idsOf(cy), idsOf(bob))
		}
		if got := idsOf(page.Records); !slices.Equal(got, []string{"user_1", "user_2", "user_4"}) || page.Total != 3 {
			t.Errorf("the list is %v (%d)", got, page.Total)
		}
		return errors.Join(err, err2, err3)
	})
}

func testConcurrentUnique(t *testing.T, s store.Store) {
	const writers = 32
	errs := make([]error, writers)
	var wg sync.WaitGroup
	for i := range writers {
		name := []byte("someone")
		for bit := range 5 {
			if i>>bit&1 == 1 {
				name[bit] -= 'a' - 'A'
			}
		}
		wg.Go(func() {
			errs[i] = s.Write(context.Background(), func(tx store.Tx) error {
				return tx.Insert(of(wide), named(fmt.Sprintf("user_%d", i), "", string(name)), false)
			})
		})
	}
	wg.Wait()
	made := 0
	for i, err := range errs {
		switch {
		case err == nil:
			made++
		case !conflictOver(err, "userName"):
			t.Errorf("writer %d: %v, want a conflict over userName", i, err)
		}
	}
	if made != 1 {
		t.Errorf("%d writers made an account of one name, want 1", made)
	}
	read(t, s, func(r store.Reader) error {
		got, err := r.ByKey(of(wide), "User", "userName", "someone")
		if len(got) != 1 {
			t.Errorf("%d accounts have the name, want 1", len(got))
		}
		return err
	})
}

func testKeysMove(t *testing.T, s store.Store) {
	insert(t, s, user("user_1", "", scim.Object{"userName": "ann", "displayName": "Ann"}))
	write(t, s, func(tx store.Tx) error {
		return tx.Update(of(wide), user("user_1", "", scim.Object{"userName": "anna"}), false)
	})
	write(t, s, func(tx store.Tx) error { return tx.Insert(of(wide), named("user_2", "", "ann"), false) })
	err := s.Write(context.Background(), func(tx store.Tx) error { return tx.Insert(of(wide), named("user_3", "", "anna"), false) })
	if !conflictOver(err, "userName") {
		t.Errorf("the new name of a renamed account is free: %v", err)
	}
	read(t, s, func(r store.Reader) error {
		got, err := r.ByKey(of(wide), "User", "displayName", "ann")
		if len(got) != 0 {
			t.Errorf("a key that an update left out is still there: %v", idsOf(got))
		}
		return err
	})
}

func testByKey(t *testing.T, s store.Store) {
	found(t, s)
	for i, org := range []string{"west", "", "east"} {
		insert(t, s, user(fmt.Sprintf("user_%d", i), org, scim.Object{"userName": fmt.Sprint("u", i), "displayName": "Same", "externalId": "e"}))
	}
	read(t, s, func(r store.Reader) error {
		got, err := r.ByKey(inScope(narrow), "User", "displayName", "same")
		if ids := strings.Join(idsOf(got), " "); ids != "user_0 user_1 user_2" {
			t.Errorf("ByKey finds %q, want all three whatever the scope", ids)
		}
		if len(got) > 0 && got[0].ExternalID != "" {
			t.Errorf("ByKey tells the externalId of another application: %q", got[0].ExternalID)
		}
		none, err2 := r.ByKey(inScope(narrow), "User", "displayName", "Same")
		if len(none) != 0 {
			t.Errorf("ByKey folds what it is given, and finds %v", idsOf(none))
		}
		return errors.Join(err, err2)
	})
}

package storetest

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"scimproof/server/scim"
	"scimproof/server/store"
)

// keysAside compares records without what is written and not read back.
var keysAside = cmpopts.IgnoreFields(store.Record{}, "Keys")

func testRoundTrip(t *testing.T, s store.Store) {
	full := user("user_1", "east", scim.Object{"userName": "Ann", "externalId": "E-1", "shadow": "s"})
	full.Version, full.Created, full.Modified = 7, at(1), at(2)
	full.Display, full.Secret = "Ann \x00 ☃", []byte{0, 1, 255}
	sparse := store.Record{ID: "user_2", Type: "User", Version: 1, Created: at(3), Modified: at(3), Body: []byte(`{}`)}
	finer := sparse
	finer.ID, finer.Created = "user_3", at(3).Add(999*time.Microsecond).In(time.FixedZone("", 3600))
	insert(t, s, full, sparse, finer)
	finer.Created = at(3)
	read(t, s, func(r store.Reader) error {
		for _, want := range []store.Record{full, sparse, finer} {
			got, err := r.Get(of(wide), "User", want.ID)
			if err != nil {
				return err
			}
			if d := cmp.Diff(want, got, keysAside); d != "" {
				t.Errorf("%s differs (-want +got):\n%s", want.ID, d)
			}
		}
		return nil
	})
}

func testUpdate(t *testing.T, s store.Store) {
	r := user("user_1", "east", scim.Object{"userName": "ann", "externalId": "e-1", "shadow": "s"})
	r.Secret = []byte("x")
	insert(t, s, r, named("user_2", "east", "bob"))
	changed := user("user_1", "west", scim.Object{"userName": "anna"})
	changed.Version, changed.Modified, changed.Display = 2, at(5), "Anna"
	write(t, s, func(tx store.Tx) error { return tx.Update(of(wide), changed, true) })
	read(t, s, func(rd store.Reader) error {
		got, err := rd.Get(of(wide), "User", "user_1")
		if d := cmp.Diff(changed, got, keysAside); d != "" {
			t.Errorf("the record differs (-want +got):\n%s", d)
		}
		page, qerr := rd.Query(store.Query{View: of(wide), Type: userType, Start: 1, Count: 9})
		if got := idsOf(page.Records); !slices.Equal(got, []string{"user_1", "user_2"}) {
			t.Errorf("an update changes the order of creation: %v", got)
		}
		return errors.Join(err, qerr)
	})
}

func testAbsent(t *testing.T, s store.Store) {
	insert(t, s, named("user_1", "", "ann"))
	calls := map[string]func(tx store.Tx) error{
		"Get":          func(tx store.Tx) error { _, err := tx.Get(of(wide), "User", "user_9"); return err },
		"Get type":     func(tx store.Tx) error { _, err := tx.Get(of(wide), "Group", "user_1"); return err },
		"Get case":     func(tx store.Tx) error { _, err := tx.Get(of(wide), "User", "USER_1"); return err },
		"ByExternalID": func(tx store.Tx) error { _, err := tx.ByExternalID(of(wide), "User", ""); return err },
		"Update":       func(tx store.Tx) error { return tx.Update(of(wide), named("user_9", "", "x"), false) },
		"Delete":       func(tx store.Tx) error { return tx.Delete(of(wide), "User", "user_9") },
	}
	for name, call := range calls {
		err := s.Write(context.Background(), func(tx store.Tx) error { return call(tx) })
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s of what is not there: %v, want ErrNotFound", name, err)
		}
	}
	read(t, s, func(r store.Reader) error {
		for id, want := range map[string]bool{"user_1": true, "user_9": false} {
			if got, err := r.Visible(of(wide), "User", id); got != want || err != nil {
				t.Errorf("Visible(%s) = %v, %v, want %v", id, got, err, want)
			}
		}
		return nil
	})
}

func testFoldedID(t *testing.T, s store.Store) {
	err := s.Write(context.Background(), func(tx store.Tx) error { return tx.Insert(of(wide), named("User_1", "", "ann"), false) })
	if err == nil {
		t.Error("an id that is not its own fold was taken; filters on members.value could not find it")
	}
}

func testDirectories(t *testing.T, s store.Store) {
	here, there := store.View{Directory: "one", Application: wide}, store.View{Directory: "two", Application: wide}
	write(t, s, func(tx store.Tx) error {
		return errors.Join(
			tx.Insert(here, user("user_1", "", scim.Object{"userName": "ann", "externalId": "e"}), true),
			tx.Insert(there, user("user_2", "", scim.Object{"userName": "ann", "externalId": "e"}), true),
		)
	})
	read(t, s, func(r store.Reader) error {
		if _, err := r.Get(there, "User", "user_1"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a directory shows what lies in another: %v", err)
		}
		found, err := r.ByKey(there, "User", "userName", "ann")
		if ids := idsOf(found); !slices.Equal(ids, []string{"user_2"}) {
			t.Errorf("ByKey finds %v, want user_2 alone", ids)
		}
		rec, err2 := r.ByExternalID(there, "User", "e")
		if rec.ID != "user_2" {
			t.Errorf("ByExternalID finds %q, want user_2", rec.ID)
		}
		page, err3 := r.Query(store.Query{View: there, Type: userType, Start: 1, Count: 9})
		if page.Total != 1 {
			t.Errorf("the list of a directory has %d entries, want 1", page.Total)
		}
		return errors.Join(err, err2, err3)
	})
}

func testDelete(t *testing.T, s store.Store) {
	found(t, s)
	insert(t, s, user("user_1", "east", scim.Object{"userName": "ann", "externalId": "e"}), group("group_1", "G"), group("group_2", "H"))
	join(t, s, "group_1", "User", "user_1")
	join(t, s, "group_2", "Group", "group_1")
	write(t, s, func(tx store.Tx) error {
		return errors.Join(tx.AddToScope(wide, "group_1"), tx.Delete(of(wide), "User", "user_1"), tx.Delete(of(wide), "Group", "group_1"))
	})
	write(t, s, func(tx store.Tx) error { // what it held is free again
		return tx.Insert(of(wide), user("user_2", "east", scim.Object{"userName": "ann", "externalId": "e"}), true)
	})
	read(t, s, func(r store.Reader) error {
		left, err := memberIDs(r, everything(), "group_2")
		if len(left) != 0 {
			t.Errorf("a deleted group is still a member: %v", left)
		}
		scope, err2 := r.ScopeGroups(wide)
		if len(scope) != 0 {
			t.Errorf("a deleted group is still in a scope: %v", scope)
		}
		rec, err3 := r.ByExternalID(of(wide), "User", "e")
		if rec.ID != "user_2" {
			t.Errorf("ByExternalID finds %q, want user_2", rec.ID)
		}
		page, err4 := r.Query(store.Query{View: of(wide), Type: userType, Start: 1, Count: 9})
		if page.Total != 1 || len(page.Records) != 1 {
			t.Errorf("the list has %d entries and shows %d, want 1", page.Total, len(page.Records))
		}
		return errors.Join(err, err2, err3, err4)
	})
}

package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"scimproof/server/scim"
	"scimproof/server/store"
)

// listed is what an unfiltered list of a view shows, in one page; it checks the total against it.
func listed(t *testing.T, s store.Store, v store.View, rt *scim.ResourceType) []string {
	t.Helper()
	var page store.Page
	read(t, s, func(r store.Reader) (err error) {
		page, err = r.Query(store.Query{View: v, Type: rt, Start: 1, Count: 100_000})
		return err
	})
	if page.Total != len(page.Records) {
		t.Errorf("the list of %s has a total of %d and shows %d", rt.Name, page.Total, len(page.Records))
	}
	return idsOf(page.Records)
}

// wantList compares an unfiltered list with ids in the order of creation.
func wantList(t *testing.T, s store.Store, when string, v store.View, rt *scim.ResourceType, want ...string) {
	t.Helper()
	if got := listed(t, s, v, rt); !slices.Equal(got, want) {
		t.Errorf("%s: %s sees %v, want %v", when, v.Application, got, want)
	}
}

func testScopeUsers(t *testing.T, s store.Store) {
	found(t, s)
	insert(t, s, named("user_1", "east", "u1"), named("user_2", "west", "u2"), named("user_3", "lab", "u3"), named("user_4", "", "u4"),
		named("user_5", "root", "u5"))
	wantList(t, s, "at first", inScope(narrow), userType, "user_1", "user_3")
	wantList(t, s, "at first", inScope(wide), userType, "user_1", "user_2", "user_3", "user_5")
	wantList(t, s, "at first", of(narrow), userType, "user_1", "user_2", "user_3", "user_4", "user_5")
	wantList(t, s, "at first", inScope("app_unknown"), userType)

	for _, id := range []string{"user_2", "user_4", "user_5"} {
		wantHidden(t, s, inScope(narrow), "User", id, named(id, "west", "changed"))
	}
	read(t, s, func(r store.Reader) error {
		for id, want := range map[string]bool{"user_1": true, "user_2": false, "user_3": true, "user_4": false} {
			if got, err := r.Visible(inScope(narrow), "User", id); got != want || err != nil {
				t.Errorf("Visible(%s) = %v, %v, want %v", id, got, err, want)
			}
		}
		if _, err := r.Get(inScope(narrow), "User", "user_3"); err != nil {
			t.Errorf("Get of an account below: %v", err)
		}
		return nil
	})
	write(t, s, func(tx store.Tx) error { // one may move an account out of one's own sight
		return tx.Update(inScope(narrow), named("user_3", "west", "u3"), false)
	})
	wantList(t, s, "after a move", inScope(narrow), userType, "user_1")
	write(t, s, func(tx store.Tx) error { return tx.Delete(inScope(narrow), "User", "user_1") })
	wantList(t, s, "after a delete", inScope(wide), userType, "user_2", "user_3", "user_5")
}

// wantHidden checks that a view neither reads nor changes what lies outside it.
func wantHidden(t *testing.T, s store.Store, v store.View, typ, id string, changed store.Record) {
	t.Helper()
	calls := map[string]func(tx store.Tx) error{
		"Get":         func(tx store.Tx) error { _, err := tx.Get(v, typ, id); return err },
		"Update":      func(tx store.Tx) error { return tx.Update(v, changed, false) },
		"Delete":      func(tx store.Tx) error { return tx.Delete(v, typ, id) },
		"Memberships": func(tx store.Tx) error { _, err := tx.Memberships(v, id); return err },
	}
	if typ == "Group" {
		calls["Members"] = func(tx store.Tx) error { _, err := memberIDs(tx, v, id); return err }
		calls["AddMembers"] = func(tx store.Tx) error { _, err := tx.AddMembers(v, id, nil); return err }
		calls["RemoveMembers"] = func(tx store.Tx) error { _, err := tx.RemoveMembers(v, id, nil); return err }
		calls["ClearMembers"] = func(tx store.Tx) error { _, err := tx.ClearMembers(v, id); return err }
	}
	for name, call := range calls {
		write(t, s, func(tx store.Tx) error {
			if err := call(tx); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%s of %s, which is out of sight: %v, want ErrNotFound", name, id, err)
			}
			return nil
		})
	}
	read(t, s, func(r store.Reader) error {
		got, err := r.Get(everything(), typ, id)
		if string(got.Body) == string(changed.Body) {
			t.Errorf("%s, which is out of sight, was changed", id)
		}
		return err
	})
}

func testScopeGroups(t *testing.T, s store.Store) {
	found(t, s)
	insert(t, s, group("group_1", "G1"), group("group_2", "G2"), group("group_3", "G3"))
	placed := group("group_4", "G4")
	placed.Organization = "east" // of a group, the list alone decides
	insert(t, s, placed)
	wantList(t, s, "before any is listed", inScope(narrow), groupType)
	write(t, s, func(tx store.Tx) error {
		return errors.Join(
			tx.AddToScope(narrow, "group_3"), tx.AddToScope(narrow, "group_1"), tx.AddToScope(narrow, "group_3"), // a second time is none
			tx.AddToScope(wide, "group_2"))
	})
	wantList(t, s, "with two in scope", inScope(narrow), groupType, "group_1", "group_3")
	wantList(t, s, "with one in scope", inScope(wide), groupType, "group_2")
	wantList(t, s, "without a scope", of(narrow), groupType, "group_1", "group_2", "group_3", "group_4")
	wantHidden(t, s, inScope(narrow), "Group", "group_2", group("group_2", "changed"))
	wantHidden(t, s, inScope(narrow), "Group", "group_4", group("group_4", "changed"))
	wantScopeGroups(t, s, narrow, "group_1", "group_3")

	write(t, s, func(tx store.Tx) error { return tx.RemoveFromScope(narrow, "group_1") })
	wantList(t, s, "after one left", inScope(narrow), groupType, "group_3")
	wantScopeGroups(t, s, narrow, "group_3")
	wantScopeGroups(t, s, "app_unknown")
	testScopeGroupsRefused(t, s)
}

func testScopeGroupsRefused(t *testing.T, s store.Store) {
	foreign := store.View{Directory: "elsewhere"}
	own := store.View{Directory: narrow} // of the profile in which each application has a directory
	write(t, s, func(tx store.Tx) error {
		return errors.Join(tx.Insert(foreign, group("group_foreign", "F"), false), tx.Insert(own, group("group_own", "O"), false),
			tx.Insert(of(wide), named("user_1", "east", "u1"), false))
	})
	refused := map[string]func(tx store.Tx) error{
		"unknown application":             func(tx store.Tx) error { return tx.AddToScope("app_unknown", "group_1") },
		"unknown group":                   func(tx store.Tx) error { return tx.AddToScope(narrow, "group_9") },
		"group of another directory":      func(tx store.Tx) error { return tx.AddToScope(narrow, "group_foreign") },
		"no group":                        func(tx store.Tx) error { return tx.AddToScope(narrow, "user_1") },
		"remove from unknown application": func(tx store.Tx) error { return tx.RemoveFromScope("app_unknown", "group_3") },
		"remove an unknown group":         func(tx store.Tx) error { return tx.RemoveFromScope(narrow, "group_9") },
		"remove what is not in it":        func(tx store.Tx) error { return tx.RemoveFromScope(narrow, "group_1") },
	}
	for name, call := range refused {
		if err := s.Write(context.Background(), call); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s: %v, want ErrNotFound", name, err)
		}
	}
	write(t, s, func(tx store.Tx) error { return tx.AddToScope(narrow, "group_own") })
	wantScopeGroups(t, s, narrow, "group_3", "group_own")
}

func wantScopeGroups(t *testing.T, s store.Store, application string, want ...string) {
	t.Helper()
	read(t, s, func(r store.Reader) error {
		got, err := r.ScopeGroups(application)
		if !slices.Equal(got, want) {
			t.Errorf("the groups in scope of %s are %v, want %v", application, got, want)
		}
		return err
	})
}

// wantScope compares what of the given organizations is in an application's scope.
func wantScope(t *testing.T, s store.Store, when, application string, all []string, want ...string) {
	t.Helper()
	read(t, s, func(r store.Reader) error {
		for _, o := range all {
			got, err := r.InScope(application, o)
			if err != nil {
				return err
			}
			if got != slices.Contains(want, o) {
				t.Errorf("%s: InScope(%s, %q) = %v", when, application, o, got)
			}
		}
		return nil
	})
}

var worldTree = []string{"root", "east", "west", "lab", "", "unknown"}

func testScopeTree(t *testing.T, s store.Store) {
	found(t, s)
	put := func(a store.Application) { write(t, s, func(tx store.Tx) error { return tx.PutApplication(a) }) }
	wantScope(t, s, "at first", narrow, worldTree, "east", "lab")
	wantScope(t, s, "at first", wide, worldTree, "root", "east", "west", "lab")
	wantScope(t, s, "at first", "app_unknown", worldTree)
	put(application(narrow, "lab"))
	wantScope(t, s, "narrowed", narrow, worldTree, "lab")
	put(application(narrow, "lab", "west", "lab"))
	wantScope(t, s, "two of them", narrow, worldTree, "lab", "west")
	put(application(narrow))
	wantScope(t, s, "none", narrow, worldTree)
	put(application(narrow, "unknown", "east"))
	wantScope(t, s, "one that is not there", narrow, worldTree, "east", "lab")
	write(t, s, func(tx store.Tx) error {
		return tx.PutOrganization(store.Organization{ID: "unknown", Instance: instanceID, Name: "Now it is"})
	})
	wantScope(t, s, "and now it is", narrow, worldTree, "east", "lab", "unknown")
	write(t, s, func(tx store.Tx) error {
		return errors.Join(tx.PutOrganization(store.Organization{ID: "foreign", Instance: "instance_2", Name: "Foreign"}),
			tx.PutApplication(application(narrow, "foreign")))
	})
	wantScope(t, s, "one of another instance", narrow, append(worldTree, "foreign"))
}

func testScopeMoves(t *testing.T, s store.Store) {
	found(t, s)
	insert(t, s, named("user_1", "lab", "u1"))
	all := append(slices.Clone(worldTree), "desk", "late")
	put := func(id, parent string) {
		t.Helper()
		write(t, s, func(tx store.Tx) error {
			return tx.PutOrganization(store.Organization{ID: id, Instance: instanceID, Parent: parent, Name: id})
		})
	}
	put("desk", "lab")
	wantScope(t, s, "a new one below", narrow, all, "east", "lab", "desk")
	put("lab", "west")
	wantScope(t, s, "moved out, with what is below it", narrow, all, "east")
	wantList(t, s, "moved out", inScope(narrow), userType)
	put("lab", "east")
	wantScope(t, s, "moved back", narrow, all, "east", "lab", "desk")
	wantList(t, s, "moved back", inScope(narrow), userType, "user_1")
	put("desk", "late")
	wantScope(t, s, "below one that is not there", narrow, all, "east", "lab")
	put("late", "lab")
	wantScope(t, s, "which then comes", narrow, all, "east", "lab", "late", "desk")
	put("east", "desk")
	wantScope(t, s, "a circle", narrow, all, "east", "lab", "late", "desk")
	wantScope(t, s, "a circle cut off from the root", wide, all, "root", "west")
	put("east", "root")
	wantScope(t, s, "the circle opened", wide, all, "root", "east", "west", "lab", "late", "desk")
	write(t, s, func(tx store.Tx) error { return tx.DeleteOrganization("lab") })
	wantScope(t, s, "one deleted", narrow, all, "east")
	wantList(t, s, "one deleted", inScope(narrow), userType)
	write(t, s, func(tx store.Tx) error {
		return tx.PutOrganization(store.Organization{ID: "east", Instance: "instance_2", Name: "Gone over"})
	})
	wantScope(t, s, "gone to another instance", narrow, all)
	write(t, s, func(tx store.Tx) error { return tx.DeleteApplication(wide) })
	wantScope(t, s, "its application deleted", wide, all)
}

// testScopeTotals lets accounts come, move and go, and compares each view's list, in which a total that is counted elsewhere would show.
func testScopeTotals(t *testing.T, s store.Store) {
	found(t, s)
	places := []string{"root", "east", "west", "lab", ""}
	inside := map[string][]string{narrow: {"east", "lab"}, wide: {"root", "east", "west", "lab"}}
	at := map[string]string{}
	var order []string
	check := func(when string) {
		t.Helper()
		for app, organizations := range inside {
			var want []string
			for _, id := range order {
				if place, there := at[id]; there && slices.Contains(organizations, place) {
					want = append(want, id)
				}
			}
			wantList(t, s, when, inScope(app), userType, want...)
		}
		if got := listed(t, s, of(wide), userType); len(got) != len(at) {
			t.Errorf("%s: the whole list has %d entries, want %d", when, len(got), len(at))
		}
	}
	write(t, s, func(tx store.Tx) error {
		for i := range 40 {
			id, place := fmt.Sprintf("user_%02d", i), places[i%len(places)]
			order, at[id] = append(order, id), place
			if err := tx.Insert(of(wide), named(id, place, id), false); err != nil {
				return err
			}
		}
		return nil
	})
	check("inserted")
	write(t, s, func(tx store.Tx) error {
		for i, id := range order {
			if i%3 == 0 {
				at[id] = places[i%7%len(places)]
				if err := tx.Update(of(wide), named(id, at[id], id), false); err != nil {
					return err
				}
			}
		}
		return nil
	})
	check("moved")
	write(t, s, func(tx store.Tx) error {
		for i, id := range order {
			if i%4 == 0 {
				delete(at, id)
				if err := tx.Delete(everything(), "User", id); err != nil {
					return err
				}
			}
		}
		return nil
	})
	check("deleted")
	undo := errors.New("undo")
	err := s.Write(context.Background(), func(tx store.Tx) error {
		return errors.Join(tx.Delete(everything(), "User", order[1]), tx.Insert(of(wide), named("user_x", "east", "x"), false), undo)
	})
	if !errors.Is(err, undo) {
		t.Fatal(err)
	}
	check("undone")
	write(t, s, func(tx store.Tx) error { return tx.PutApplication(application(narrow, "west")) })
	inside[narrow] = []string{"west"}
	check("another scope")
}

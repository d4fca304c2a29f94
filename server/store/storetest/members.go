package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"scimproof/server/store"
)

// wantMembers compares the members of a group that a view shows, in order.
func wantMembers(t *testing.T, s store.Store, when string, v store.View, group string, want ...string) {
	t.Helper()
	read(t, s, func(r store.Reader) error {
		got, err := memberIDs(r, v, group)
		if !slices.Equal(got, want) {
			t.Errorf("%s: the members of %s are %v, want %v", when, group, got, want)
		}
		return err
	})
}

// wantMoved runs a change of the members in a step and compares how many it says joined or left.
func wantMoved(t *testing.T, s store.Store, when string, want int, fn func(tx store.Tx) (int, error)) {
	t.Helper()
	write(t, s, func(tx store.Tx) error {
		got, err := fn(tx)
		if got != want {
			t.Errorf("%s: %d joined or left, want %d", when, got, want)
		}
		return err
	})
}

func testMembersOrder(t *testing.T, s store.Store) {
	insert(t, s, group("group_1", "G"), group("group_2", "H"))
	for i := range 5 {
		insert(t, s, named(fmt.Sprintf("user_%d", i), "", fmt.Sprint("u", i)))
	}
	add := func(when string, want int, ids ...string) {
		t.Helper()
		wantMoved(t, s, when, want, func(tx store.Tx) (int, error) { return tx.AddMembers(of(wide), "group_1", members("User", ids...)) })
	}
	remove := func(when string, want int, ids ...string) {
		t.Helper()
		wantMoved(t, s, when, want, func(tx store.Tx) (int, error) { return tx.RemoveMembers(of(wide), "group_1", ids) })
	}
	wantMembers(t, s, "empty", of(wide), "group_1")
	add("nobody", 0)
	add("two", 2, "user_3", "user_1")
	add("one of them again, one twice", 2, "user_1", "user_2", "user_0", "user_2")
	wantMembers(t, s, "joined", of(wide), "group_1", "user_3", "user_1", "user_2", "user_0")
	remove("one, one twice, one that is not in it, one that is nowhere", 2, "user_1", "user_2", "user_2", "user_4", "user_9")
	wantMembers(t, s, "left", of(wide), "group_1", "user_3", "user_0")
	add("one comes back", 1, "user_1")
	wantMembers(t, s, "back", of(wide), "group_1", "user_3", "user_0", "user_1")
	remove("the last", 1, "user_1")
	add("after the last left", 1, "user_2")
	wantMembers(t, s, "after the last left", of(wide), "group_1", "user_3", "user_0", "user_2")
	wantMoved(t, s, "a group joins", 1, func(tx store.Tx) (int, error) {
		return tx.AddMembers(of(wide), "group_1", []store.Member{{ID: "group_2", Type: "Group", Display: "is not looked at"}})
	})
	renamed := named("user_0", "", "u0")
	renamed.Display = "Zero ☃"
	write(t, s, func(tx store.Tx) error { return tx.Update(of(wide), renamed, false) })
	read(t, s, func(r store.Reader) error {
		var got []store.Member
		err := r.Members(everything(), "group_1", func(m store.Member) bool { got = append(got, m); return true })
		want := []store.Member{
			{ID: "user_3", Type: "User", Display: "u3"}, {ID: "user_0", Type: "User", Display: "Zero ☃"},
			{ID: "user_2", Type: "User", Display: "u2"}, {ID: "group_2", Type: "Group", Display: "H"},
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("the members differ (-want +got):\n%s", d)
		}
		return err
	})
	wantMoved(t, s, "all leave", 4, func(tx store.Tx) (int, error) { return tx.ClearMembers(of(wide), "group_1") })
	wantMoved(t, s, "nobody is left", 0, func(tx store.Tx) (int, error) { return tx.ClearMembers(of(wide), "group_1") })
	wantMembers(t, s, "cleared", of(wide), "group_1")
}

// testMembersLarge has more members than an implementation reads at a time, and reads other things while it reads them.
func testMembersLarge(t *testing.T, s store.Store) {
	const size = 5000
	var all []string
	insert(t, s, group("group_1", "G"), group("group_2", "H"))
	write(t, s, func(tx store.Tx) error {
		for i := range size {
			id := fmt.Sprintf("user_%04d", (i*1237)%size) // they join in another order than that of their ids
			all = append(all, id)
			if err := tx.Insert(of(wide), named(id, "", id), false); err != nil {
				return err
			}
		}
		slices.Reverse(all)
		_, err := tx.AddMembers(of(wide), "group_1", members("User", all...))
		return err
	})
	join(t, s, "group_2", "User", all[:3]...)
	wantMembers(t, s, "all", everything(), "group_1", all...)
	read(t, s, func(r store.Reader) error {
		for _, stop := range []int{1, 1000, 4096, size - 1} {
			n := 0
			if err := r.Members(everything(), "group_1", func(store.Member) bool { n++; return n < stop }); err != nil {
				return err
			}
			if n != stop {
				t.Errorf("after yield said to stop at %d it was called %d times", stop, n)
			}
		}
		n := 0
		err := r.Members(everything(), "group_1", func(m store.Member) bool {
			if n++; n%1000 != 0 {
				return true
			}
			rec, err := r.Get(everything(), "User", m.ID)
			inner, err2 := memberIDs(r, everything(), "group_2")
			if err := errors.Join(err, err2); err != nil || rec.ID != m.ID || !slices.Equal(inner, all[:3]) {
				t.Errorf("reads inside yield: %q, %v, %v", rec.ID, inner, err)
			}
			return true
		})
		if n != size {
			t.Errorf("with reads inside, yield was called %d times, want %d", n, size)
		}
		return err
	})
	wantMoved(t, s, "all leave", size, func(tx store.Tx) (int, error) { return tx.ClearMembers(everything(), "group_1") })
	wantMembers(t, s, "cleared", everything(), "group_1")
	wantMembers(t, s, "the other group", everything(), "group_2", all[:3]...)
}

// testMembersHidden has members that the view does not show: they are not seen and outlast every write of the members (rule scope-6).
func testMembersHidden(t *testing.T, s store.Store) {
	found(t, s)
	insert(t, s, group("group_1", "G"), group("group_2", "hidden"),
		named("user_1", "east", "u1"), named("user_2", "west", "u2"), named("user_3", "lab", "u3"), named("user_4", "west", "u4"))
	write(t, s, func(tx store.Tx) error { return tx.AddToScope(narrow, "group_1") })
	join(t, s, "group_1", "User", "user_2", "user_1", "user_3")
	join(t, s, "group_1", "Group", "group_2")
	v := inScope(narrow)
	wantMembers(t, s, "seen from the scope", v, "group_1", "user_1", "user_3")
	wantMoved(t, s, "a hidden one does not leave", 1, func(tx store.Tx) (int, error) {
		return tx.RemoveMembers(v, "group_1", []string{"user_2", "user_3", "group_2"})
	})
	wantMembers(t, s, "one left", everything(), "group_1", "user_2", "user_1", "group_2")
	write(t, s, func(tx store.Tx) error {
		for name, m := range map[string]store.Member{
			"a hidden account": {ID: "user_4", Type: "User"}, "a hidden group": {ID: "group_2", Type: "Group"},
		} {
			if _, err := tx.AddMembers(v, "group_1", []store.Member{{ID: "user_3", Type: "User"}, m}); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%s joins: %v, want ErrNotFound", name, err)
			}
		}
		return nil
	})
	wantMembers(t, s, "nobody joined beside a hidden one", everything(), "group_1", "user_2", "user_1", "group_2")
	wantMoved(t, s, "all that are seen leave", 1, func(tx store.Tx) (int, error) { return tx.ClearMembers(v, "group_1") })
	wantMembers(t, s, "the hidden ones stay", everything(), "group_1", "user_2", "group_2")
	write(t, s, func(tx store.Tx) error { return tx.PutApplication(application(narrow, "root")) })
	wantMembers(t, s, "a wider scope shows them again", v, "group_1", "user_2")
}

func testMembersAbsent(t *testing.T, s store.Store) {
	insert(t, s, group("group_1", "G"), named("user_1", "", "u1"), named("user_2", "", "u2"))
	join(t, s, "group_1", "User", "user_1")
	elsewhere := store.View{Directory: "elsewhere"}
	write(t, s, func(tx store.Tx) error { return tx.Insert(elsewhere, named("user_3", "", "u3"), false) })
	refused := map[string]func(tx store.Tx) error{
		"Members":               func(tx store.Tx) error { _, err := memberIDs(tx, of(wide), "group_9"); return err },
		"Memberships":           func(tx store.Tx) error { _, err := tx.Memberships(of(wide), "user_9"); return err },
		"Memberships elsewhere": func(tx store.Tx) error { _, err := tx.Memberships(of(wide), "user_3"); return err },
		"AddMembers": func(tx store.Tx) error {
			_, err := tx.AddMembers(of(wide), "group_9", members("User", "user_1"))
			return err
		},
		"AddMembers of none": func(tx store.Tx) error { _, err := tx.AddMembers(of(wide), "group_9", nil); return err },
		"RemoveMembers": func(tx store.Tx) error {
			_, err := tx.RemoveMembers(of(wide), "group_9", []string{"user_1"})
			return err
		},
		"RemoveMembers of none": func(tx store.Tx) error { _, err := tx.RemoveMembers(of(wide), "group_9", nil); return err },
		"ClearMembers":          func(tx store.Tx) error { _, err := tx.ClearMembers(of(wide), "group_9"); return err },
		"an unknown member": func(tx store.Tx) error {
			_, err := tx.AddMembers(of(wide), "group_1", members("User", "user_2", "user_9"))
			return err
		},
		"a member of other type": func(tx store.Tx) error {
			_, err := tx.AddMembers(of(wide), "group_1", members("Group", "user_2"))
			return err
		},
		"a member of elsewhere": func(tx store.Tx) error {
			_, err := tx.AddMembers(of(wide), "group_1", members("User", "user_2", "user_3"))
			return err
		},
		"a group of elsewhere": func(tx store.Tx) error {
			_, err := tx.AddMembers(elsewhere, "group_1", members("User", "user_3"))
			return err
		},
	}
	for name, call := range refused {
		err := s.Write(context.Background(), func(tx store.Tx) error {
			if err := call(tx); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%s: %v, want ErrNotFound", name, err)
			}
			return nil // so that what a refused call left behind would stay
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	wantMembers(t, s, "nothing done", of(wide), "group_1", "user_1")
}

// wantMemberships compares the groups of a resource that a view shows; "+" marks a direct one.
func wantMemberships(t *testing.T, s store.Store, v store.View, id string, want ...string) {
	t.Helper()
	read(t, s, func(r store.Reader) error {
		list, err := r.Memberships(v, id)
		var got []string
		for _, m := range list {
			mark := ""
			if m.Direct {
				mark = "+"
			}
			got = append(got, mark+m.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("the groups of %s are %v, want %v", id, got, want)
		}
		return err
	})
}

func testMembershipsNested(t *testing.T, s store.Store) {
	for i := range 5 {
		insert(t, s, group(fmt.Sprintf("group_%d", i), fmt.Sprint("G", i)))
	}
	insert(t, s, named("user_1", "", "u1"), named("user_2", "", "u2"))
	join(t, s, "group_4", "User", "user_1")
	join(t, s, "group_2", "Group", "group_4")
	join(t, s, "group_0", "Group", "group_2")
	join(t, s, "group_2", "User", "user_1")
	join(t, s, "group_3", "User", "user_2")
	wantMemberships(t, s, of(wide), "user_1", "+group_2", "+group_4", "group_0") // the direct ones first, then the order of creation
	wantMemberships(t, s, of(wide), "user_2", "+group_3")
	wantMemberships(t, s, of(wide), "group_4", "+group_2", "group_0")
	wantMemberships(t, s, of(wide), "group_1")
	read(t, s, func(r store.Reader) error {
		got, err := r.Memberships(of(wide), "user_2")
		if d := cmp.Diff([]store.Membership{{ID: "group_3", Display: "G3", Direct: true}}, got); d != "" {
			t.Errorf("the entry differs (-want +got):\n%s", d)
		}
		return err
	})
	write(t, s, func(tx store.Tx) error { return tx.Delete(of(wide), "Group", "group_2") })
	wantMemberships(t, s, of(wide), "user_1", "+group_4")
}

func testMembershipsCircle(t *testing.T, s store.Store) {
	insert(t, s, group("group_1", "A"), group("group_2", "B"), group("group_3", "C"), named("user_1", "", "u1"))
	join(t, s, "group_1", "User", "user_1")
	join(t, s, "group_2", "Group", "group_1")
	join(t, s, "group_3", "Group", "group_2")
	join(t, s, "group_1", "Group", "group_3")
	wantMemberships(t, s, of(wide), "user_1", "+group_1", "group_2", "group_3")
	wantMemberships(t, s, of(wide), "group_1", "+group_2", "group_1", "group_3")
	join(t, s, "group_2", "Group", "group_2") // and one that is a member of itself
	wantMemberships(t, s, of(wide), "user_1", "+group_1", "group_2", "group_3")
	for _, id := range []string{"user_1", "group_1"} {
		filter := bind(t, userType, `groups.value eq "group_3"`)
		want := 1
		if id == "group_1" {
			filter, want = bind(t, userType, `groups.value eq "group_9"`), 0
		}
		read(t, s, func(r store.Reader) error {
			page, err := r.Query(store.Query{View: of(wide), Type: userType, Filter: filter, Start: 1, Count: 9})
			if page.Total != want {
				t.Errorf("a filter on groups in a circle finds %v, want %d", idsOf(page.Records), want)
			}
			return err
		})
	}
}

// testMembershipsHidden has groups that the view does not show: neither are they listed, nor do they lead to others.
func testMembershipsHidden(t *testing.T, s store.Store) {
	found(t, s)
	insert(t, s, group("group_1", "seen"), group("group_2", "hidden"), group("group_3", "seen through the hidden one"), named("user_1", "east", "u1"))
	join(t, s, "group_1", "User", "user_1")
	join(t, s, "group_2", "User", "user_1")
	join(t, s, "group_3", "Group", "group_2")
	write(t, s, func(tx store.Tx) error {
		return errors.Join(tx.AddToScope(narrow, "group_1"), tx.AddToScope(narrow, "group_3"))
	})
	wantMemberships(t, s, everything(), "user_1", "+group_1", "+group_2", "group_3")
	wantMemberships(t, s, inScope(narrow), "user_1", "+group_1")
	for id, want := range map[string]int{"group_1": 1, "group_2": 0, "group_3": 0} {
		read(t, s, func(r store.Reader) error {
			filter := bind(t, userType, `groups.value eq "`+id+`"`)
			page, err := r.Query(store.Query{View: inScope(narrow), Type: userType, Filter: filter, Start: 1, Count: 9})
			if page.Total != want {
				t.Errorf("a filter on %s finds %v, want %d", id, idsOf(page.Records), want)
			}
			return err
		})
	}
}

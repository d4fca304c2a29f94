package sqlite

import (
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"

	"scimproof/server/store"
)

func BenchmarkGet(b *testing.B) {
	s := temporary(b)
	directory(b, s, 10_000)
	n := 0
	for b.Loop() {
		n++
		id := someone(n % 10_000).ID
		err := s.Read(b.Context(), func(r store.Reader) error {
			_, err := r.Get(here, "User", id)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkUserNameFilter(b *testing.B) {
	s := temporary(b)
	directory(b, s, 10_000)
	user := registry(b).Type("User")
	filter := bind(b, user, `userName eq "PERSON.0007777"`)
	for b.Loop() {
		err := s.Read(b.Context(), func(r store.Reader) error {
			page, err := r.Query(store.Query{View: here, Type: user, Filter: filter, Start: 1, Count: 1})
			if err == nil && page.Total != 1 {
				err = fmt.Errorf("%d found", page.Total)
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkList reads a page of 100 at the beginning, in the middle and at the end of a list.
func BenchmarkList(b *testing.B) {
	s := temporary(b)
	const people = 100_000
	for i := 0; i < people; i += 1000 {
		err := s.Write(b.Context(), func(tx store.Tx) error {
			for n := i; n < i+1000; n++ {
				r := someone(n)
				r.Keys = nil
				if err := tx.Insert(here, r, true); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	user := registry(b).Type("User")
	for name, start := range map[string]int{"first": 1, "middle": people / 2, "last": people - 99} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				err := s.Read(b.Context(), func(r store.Reader) error {
					_, err := r.Query(store.Query{View: here, Type: user, Start: start, Count: 100})
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkInsert waits for the disk, as a server does, with 32 writers at a time.
func BenchmarkInsert(b *testing.B) {
	s := open(b, filepath.Join(b.TempDir(), "scim.db"), Options{})
	var n, commits atomic.Int64
	s.writer.committed = func(int) { commits.Add(1) }
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := insert(s, b, someone(int(n.Add(1)))); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(n.Load())/float64(commits.Load()), "inserts/commit")
}

// BenchmarkAddMember lets one more join, and leave again, in groups that differ in nothing but their size.
func BenchmarkAddMember(b *testing.B) {
	for _, size := range []int{10, 100_000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			s := temporary(b)
			fillGroup(b, s, size)
			newcomer := []store.Member{{ID: "user_new", Type: "User"}}
			for b.Loop() {
				err := s.Write(b.Context(), func(tx store.Tx) error {
					if n, err := tx.AddMembers(here, "group_1", newcomer); err != nil || n != 1 {
						return fmt.Errorf("%d joined: %w", n, err)
					}
					_, err := tx.RemoveMembers(here, "group_1", []string{"user_new"})
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// fillGroup makes a group of the given size, and user_new, who is not in it.
func fillGroup(b *testing.B, s *Store, size int) {
	b.Helper()
	account := func(id string) store.Record {
		return store.Record{ID: id, Type: "User", Version: 1, Body: []byte(`{}`)}
	}
	group := account("group_1")
	group.Type = "Group"
	if err := insert(s, b, group, account("user_new")); err != nil {
		b.Fatal(err)
	}
	for i := 0; i < size; i += 1000 {
		err := s.Write(b.Context(), func(tx store.Tx) error {
			var members []store.Member
			for n := i; n < min(i+1000, size); n++ {
				r := account(fmt.Sprintf("user_%d", n))
				if err := tx.Insert(here, r, false); err != nil {
					return err
				}
				members = append(members, store.Member{ID: r.ID, Type: "User"})
			}
			_, err := tx.AddMembers(here, "group_1", members)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

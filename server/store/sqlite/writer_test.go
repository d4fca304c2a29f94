package sqlite

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"scimproof/server/store"
)

// accounts lists who is in the store.
func accounts(t testing.TB, s *Store) (ids []string) {
	t.Helper()
	err := s.Read(t.Context(), func(r store.Reader) error {
		for i := 0; ; i++ {
			found, err := r.ByKey(here, "User", "userName", fmt.Sprintf("user_%d", i))
			if err != nil || len(found) == 0 {
				return err
			}
			ids = append(ids, found[0].ID)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

// held lets a step begin and wait, so that others queue up behind it; release lets it go on.
func held(t *testing.T, s *Store, fn func(store.Tx) error) (release func(), result <-chan error) {
	t.Helper()
	begun, goOn, done := make(chan bool), make(chan bool), make(chan error, 1)
	go func() {
		done <- s.Write(context.Background(), func(tx store.Tx) error {
			close(begun)
			<-goOn
			return fn(tx)
		})
	}()
	<-begun
	return func() { close(goOn) }, done
}

// TestGroupCommit lets many writers share commits: each has its own verdict, and what one does wrong costs the others nothing.
func TestGroupCommit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "scim.db")
	s := open(t, path, Options{MaxBatch: 16})
	var steps, commits atomic.Int64
	s.writer.committed = func(n int) {
		steps.Add(int64(n))
		commits.Add(1)
		if n > 16 {
			t.Errorf("%d steps share a commit, 16 at most may", n)
		}
	}
	const writers, each = 32, 8
	wrong := errors.New("wrong")
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				n := w*each + i
				err := s.Write(context.Background(), func(tx store.Tx) error {
					if err := tx.Insert(here, person(fmt.Sprintf("user_%d", n)), false); err != nil {
						return err
					}
					if err := tx.Insert(here, person(fmt.Sprintf("user_%d_again", n)), false); err != nil {
						return err
					}
					if n%4 == 3 { // every fourth thinks better of it
						return wrong
					}
					return nil
				})
				if want := n%4 == 3; errors.Is(err, wrong) != want || !want && err != nil {
					t.Errorf("step %d: %v", n, err)
				}
			}
		})
	}
	wg.Wait()
	if got := steps.Load(); got != writers*each*3/4 {
		t.Errorf("%d steps were committed, want %d", got, writers*each*3/4)
	}
	if commits.Load() >= steps.Load() {
		t.Errorf("%d commits for %d steps: none was shared", commits.Load(), steps.Load())
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, path, Options{})
	err := s.Read(t.Context(), func(r store.Reader) error {
		for n := range writers * each {
			for _, id := range []string{fmt.Sprintf("user_%d", n), fmt.Sprintf("user_%d_again", n)} {
				if _, err := r.Get(here, "User", id); errors.Is(err, store.ErrNotFound) != (n%4 == 3) {
					t.Errorf("after reopening, %s: %v", id, err)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestCommitFails makes a shared commit fail: nobody is told that a step is durable, nothing of it is there, and the store goes on.
func TestCommitFails(t *testing.T) {
	s := temporary(t)
	broken := errors.New("no space left")
	commit := s.writer.commit
	release, first := held(t, s, func(tx store.Tx) error { return tx.Insert(here, person("user_0"), false) })
	s.writer.commit = func() error { return broken } // between two turns of the writer, which waits for the step
	second := make(chan error, 1)
	go func() { second <- insert(s, t, person("user_1")) }()
	release()
	for name, result := range map[string]<-chan error{"first": first, "second": second} {
		if err := <-result; !errors.Is(err, broken) {
			t.Errorf("the %s step: %v, want the failure of the commit", name, err)
		}
	}
	release, first = held(t, s, func(tx store.Tx) error { return tx.Insert(here, person("user_0"), false) })
	s.writer.commit = commit
	release()
	if err := <-first; err != nil {
		t.Errorf("after the failure: %v", err)
	}
	if got := accounts(t, s); !slices.Equal(got, []string{"user_0"}) {
		t.Errorf("the store holds %v, want user_0 alone", got)
	}
}

// TestFullDisk runs out of space in the middle of a step that shrugs it off. SQLite ends the whole transaction then, or undoes the one
// statement, as it likes: what the step does afterwards must not become durable by itself, the step must not be called durable, and those
// who shared the transaction must hear of it.
func TestFullDisk(t *testing.T) {
	text := strings.Repeat("x", 4<<20)
	large := person("user_large")
	large.Body = []byte(text)
	for name, fill := range map[string]func(store.Tx) error{
		"a plain statement":      func(tx store.Tx) error { return tx.PutInstance(store.Instance{ID: "large", Name: text}) },
		"one that sets off more": func(tx store.Tx) error { return tx.Insert(here, large, false) },
	} {
		t.Run(name, func(t *testing.T) { runOutOfSpace(t, fill) })
	}
}

func runOutOfSpace(t *testing.T, fill func(store.Tx) error) {
	s := temporary(t)
	if err := insert(s, t, person("user_0")); err != nil {
		t.Fatal(err)
	}
	limit := func(pages string) {
		if err := s.Write(t.Context(), func(store.Tx) error {
			_, err := s.writer.conn.number("PRAGMA max_page_count = " + pages)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	limit("200")
	release, first := held(t, s, func(tx store.Tx) error { return tx.Insert(here, person("user_1"), false) })
	second := make(chan error, 1)
	go func() {
		second <- s.Write(context.Background(), func(tx store.Tx) error {
			if err := fill(tx); err == nil {
				t.Error("4 MiB fit into a store of 200 pages")
			}
			if err := tx.Insert(here, person("user_2"), false); err == nil {
				t.Error("a step goes on after its transaction is over")
			}
			return nil
		})
	}()
	release()
	firstErr, secondErr := <-first, <-second
	if secondErr == nil {
		t.Error("a step that ran out of space is said to be durable")
	}
	limit("1000000")
	want := []string{"user_0"}
	if firstErr == nil { // the two may have shared a transaction, or not
		want = append(want, "user_1")
	}
	if got := accounts(t, s); !slices.Equal(got, want) {
		t.Errorf("the store holds %v, want %v (the first step was told %v)", got, want, firstErr)
	}
	if err := insert(s, t, person("user_9")); err != nil {
		t.Errorf("after the failure: %v", err)
	}
}

// TestWriteKept checks that who keeps a Tx past its step gets errors.
func TestWriteKept(t *testing.T) {
	s := temporary(t)
	var kept store.Tx
	if err := s.Write(t.Context(), func(tx store.Tx) error { kept = tx; return nil }); err != nil {
		t.Fatal(err)
	}
	if err := kept.PutInstance(store.Instance{ID: "late"}); err == nil {
		t.Error("a step that is over still writes")
	}
}

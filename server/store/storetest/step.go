package storetest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"scimproof/server/scim"
	"scimproof/server/store"
)

// untouched checks that a step that did not succeed has left the store as it was, and able to go on.
func untouched(t *testing.T, s store.Store) {
	t.Helper()
	insert(t, s, named("user_after", "", "after"))
	read(t, s, func(r store.Reader) error {
		page, err := r.Query(store.Query{View: of(wide), Type: userType, Start: 1, Count: 9})
		if page.Total != 1 || len(page.Records) != 1 {
			t.Errorf("the failed step left something: %d accounts, %v", page.Total, idsOf(page.Records))
		}
		if _, err := r.Instance(instanceID); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("the failed step left an instance: %v", err)
		}
		return err
	})
}

func half(tx store.Tx) error {
	return errors.Join(tx.PutInstance(store.Instance{ID: instanceID}), tx.Insert(of(wide), named("user_1", "", "ann"), false))
}

func testAtomicError(t *testing.T, s store.Store) {
	wrong := errors.New("wrong")
	err := s.Write(context.Background(), func(tx store.Tx) error { return errors.Join(half(tx), wrong) })
	if !errors.Is(err, wrong) {
		t.Errorf("Write answers %v, want the error of its function", err)
	}
	untouched(t, s)
}

func testAtomicPanic(t *testing.T, s store.Store) {
	func() {
		defer func() {
			if got := recover(); got != "wrong" {
				t.Errorf("the caller recovers %v, want what was thrown", got)
			}
		}()
		_ = s.Write(context.Background(), func(tx store.Tx) error {
			if err := half(tx); err != nil {
				t.Error(err)
			}
			panic("wrong")
		})
	}()
	untouched(t, s)
}

func testAtomicExit(t *testing.T, s store.Store) {
	var wg sync.WaitGroup
	wg.Go(func() {
		_ = s.Write(context.Background(), func(tx store.Tx) error {
			if err := half(tx); err != nil {
				t.Error(err)
			}
			runtime.Goexit()
			return nil
		})
	})
	wg.Wait()
	untouched(t, s)
}

func testReadYourWrites(t *testing.T, s store.Store) {
	found(t, s)
	write(t, s, func(tx store.Tx) error {
		if err := tx.Insert(inScope(narrow), user("user_1", "lab", scim.Object{"userName": "ann", "externalId": "e"}), true); err != nil {
			return err
		}
		rec, err := tx.Get(inScope(narrow), "User", "user_1")
		if err != nil || rec.ExternalID != "e" {
			t.Errorf("Get in the same step: %q, %v", rec.ExternalID, err)
		}
		page, err := tx.Query(store.Query{View: inScope(narrow), Type: userType, Filter: bind(t, userType, `userName eq "ANN"`), Start: 1, Count: 1})
		if err != nil || page.Total != 1 {
			t.Errorf("Query in the same step: %d, %v", page.Total, err)
		}
		page, err = tx.Query(store.Query{View: inScope(narrow), Type: userType, Start: 1, Count: 1})
		if err != nil || page.Total != 1 || len(page.Records) != 1 {
			t.Errorf("List in the same step: %d, %v", page.Total, err)
		}
		return err
	})
}

func testNoLostUpdate(t *testing.T, s store.Store) {
	insert(t, s, named("user_1", "", "ann"))
	const writers, each = 8, 5
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for range each {
				err := s.Write(context.Background(), func(tx store.Tx) error {
					r, err := tx.Get(of(wide), "User", "user_1")
					if err != nil {
						return err
					}
					r.Version++
					return tx.Update(of(wide), r, false)
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	read(t, s, func(r store.Reader) error {
		got, err := r.Get(of(wide), "User", "user_1")
		if want := int64(1 + writers*each); got.Version != want {
			t.Errorf("the version is %d after %d changes, want %d", got.Version, writers*each, want)
		}
		return err
	})
}

func testCancelled(t *testing.T, s store.Store) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	ran := false
	err := s.Write(ctx, func(store.Tx) error { ran = true; return nil })
	if !errors.Is(err, context.Canceled) || ran {
		t.Errorf("Write answers %v (ran: %v), want the context's error and no run", err, ran)
	}
	if err := s.Read(ctx, func(store.Reader) error { ran = true; return nil }); !errors.Is(err, context.Canceled) || ran {
		t.Errorf("Read answers %v (ran: %v), want the context's error and no run", err, ran)
	}
	// One that is cancelled while it waits for its turn.
	ctx, cancel = context.WithCancel(context.Background())
	defer cancel()
	begun, waiting := make(chan bool), make(chan error)
	go func() {
		<-begun
		waiting <- s.Write(ctx, func(store.Tx) error { ran = true; return nil })
	}()
	write(t, s, func(store.Tx) error {
		begun <- true
		cancel()
		if err := <-waiting; !errors.Is(err, context.Canceled) {
			t.Errorf("a waiting Write answers %v, want the context's error", err)
		}
		return nil
	})
	if ran {
		t.Error("a cancelled step ran")
	}
}

// testSnapshot reads while others write: the state stays, and the writer does not wait for the reader nor the reader for the writer.
func testSnapshot(t *testing.T, s store.Store) {
	insert(t, s, named("user_0", "", "u0"))
	read(t, s, func(r store.Reader) error {
		for i := range 5 {
			page, err := r.Query(store.Query{View: of(wide), Type: userType, Start: 1, Count: 9})
			if err != nil {
				return err
			}
			if page.Total != 1 || len(page.Records) != 1 {
				t.Errorf("after %d writes the reader's state has %d accounts, want 1", i, page.Total)
			}
			insert(t, s, named(fmt.Sprintf("user_%d", i+1), "", fmt.Sprint("u", i+1)))
		}
		return nil
	})
	write(t, s, func(tx store.Tx) error {
		if err := tx.Insert(of(wide), named("user_x", "", "x"), false); err != nil {
			return err
		}
		read(t, s, func(r store.Reader) error { // within the step: a reader that waited for it would wait for ever
			page, err := r.Query(store.Query{View: of(wide), Type: userType, Start: 1})
			if page.Total != 6 {
				t.Errorf("a reader sees %d accounts while a step is under way, want 6", page.Total)
			}
			return err
		})
		return nil
	})
}

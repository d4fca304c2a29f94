package storetest

import (
	"context"
	"errors"
	"testing"

	"scimproof/server/store"
)

func testClosed(t *testing.T, s store.Store) {
	insert(t, s, named("user_1", "", "ann"))
	var kept store.Reader
	read(t, s, func(r store.Reader) error { kept = r; return nil })
	if _, err := kept.Get(of(wide), "User", "user_1"); err == nil {
		t.Error("a reader that was kept past its read still answers")
	}
	if err := s.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	calls := map[string]error{
		"Read":  s.Read(context.Background(), func(store.Reader) error { t.Error("a read ran"); return nil }),
		"Write": s.Write(context.Background(), func(store.Tx) error { t.Error("a step ran"); return nil }),
		"Close": s.Close(),
	}
	for name, err := range calls {
		if !errors.Is(err, store.ErrClosed) {
			t.Errorf("%s of a closed store: %v, want ErrClosed", name, err)
		}
	}
}

// testCloseWaits closes the store in the middle of a read inside a step. Both go on undisturbed.
func testCloseWaits(t *testing.T, s store.Store) {
	insert(t, s, named("user_1", "", "ann"))
	closed := make(chan error, 1)
	write(t, s, func(tx store.Tx) error {
		read(t, s, func(r store.Reader) error {
			go func() { closed <- s.Close() }()
			for { // until Close has begun
				err := s.Read(context.Background(), func(store.Reader) error { return nil })
				if errors.Is(err, store.ErrClosed) {
					break
				}
				if err != nil {
					return err
				}
			}
			_, err := r.Get(of(wide), "User", "user_1")
			return err
		})
		select {
		case err := <-closed:
			t.Errorf("Close returned (%v) while a step was under way", err)
		default:
		}
		return tx.Insert(of(wide), named("user_2", "", "bob"), false)
	})
	if err := <-closed; err != nil {
		t.Errorf("Close: %v", err)
	}
}

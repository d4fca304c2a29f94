package sqlite

import (
	"errors"
	"path/filepath"
	"testing"

	"scimproof/server/store"
	"scimproof/server/store/storetest"
)

func TestContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store {
		return open(t, filepath.Join(t.TempDir(), "scim.db"), Options{NoSync: true, MaxScan: storetest.MaxScan})
	})
}

// open opens a store for the length of a test.
func open(t testing.TB, path string, opt Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), path, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil && !errors.Is(err, store.ErrClosed) {
			t.Errorf("Close: %v", err)
		}
	})
	return s
}

// temporary opens a store that does not wait for the disk.
func temporary(t testing.TB) *Store { return open(t, Memory, Options{}) }

var here = store.View{Directory: "here", Application: "app"}

// person is an account with one unique key.
func person(id string) store.Record {
	return store.Record{ID: id, Type: "User", Version: 1, Body: []byte(`{"userName":"` + id + `"}`),
		Keys: []store.Key{{Attr: "userName", Value: id, Unique: true}}}
}

func insert(s *Store, t testing.TB, records ...store.Record) error {
	return s.Write(t.Context(), func(tx store.Tx) error {
		for _, r := range records {
			if err := tx.Insert(here, r, false); err != nil {
				return err
			}
		}
		return nil
	})
}

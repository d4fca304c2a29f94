package postgres

import (
	"errors"
	"math/rand/v2"
	"testing"

	"scimproof/server/store"
	"scimproof/server/store/postgres/pgtest"
	"scimproof/server/store/storetest"
)

func TestContract(t *testing.T) {
	server := pgtest.Start(t)
	storetest.Run(t, func(t *testing.T) store.Store {
		return open(t, server.Schema(t), Options{MaxScan: storetest.MaxScan, Jitter: rand.Float64})
	})
}

// open opens a store for the length of a test.
func open(t testing.TB, address string, opt Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), address, opt)
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

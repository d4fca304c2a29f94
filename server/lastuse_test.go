package server_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"scimproof/server"
	"scimproof/server/store"
)

func TestTokensShowTheirLastUse(t *testing.T) { // tok-10
	w := serverOf(t)
	c := w.demo("idaas")
	used := func() time.Time {
		t.Helper()
		list, err := w.plane.Tokens(t.Context(), c.app.ID)
		if err != nil || len(list) != 1 {
			t.Fatalf("the tokens are %v, %v", list, err)
		}
		return list[0].LastUsed
	}
	comes := func(want time.Time) {
		t.Helper()
		for deadline := time.Now().Add(10 * time.Second); !used().Equal(want); time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("the last use is %v, want %v", used(), want)
			}
		}
	}
	if !used().IsZero() {
		t.Errorf("a token that nobody has used was used at %v", used())
	}
	c.get("/ServiceProviderConfig").want(http.StatusOK)
	c.do("GET", "/Users", nil, func(r *http.Request) { r.Header.Set("Authorization", "Bearer wrong") }).want(http.StatusUnauthorized)
	if !used().IsZero() {
		t.Error("discovery, or another token, counts as a use")
	}
	c.get("/Users").want(http.StatusOK)
	comes(w.plane.Clock())
	w.days.Add(1)
	c.get("/Users").want(http.StatusOK)
	comes(w.plane.Clock())
	if err := w.plane.NoteUse(t.Context(), "token_none"); err != nil {
		t.Errorf("a token that has gone: %v", err)
	}
}

// fullStore is a store that takes nothing more from some time on.
type fullStore struct {
	store.Store
	full    atomic.Bool
	refused atomic.Int64
}

func (f *fullStore) Write(ctx context.Context, fn func(store.Tx) error) error {
	if !f.full.Load() {
		return f.Store.Write(ctx, fn)
	}
	f.refused.Add(1)
	return errors.New("disk is full")
}

// TestLastUseOfAFullDisk is tried once, and told once, however many calls there are.
func TestLastUseOfAFullDisk(t *testing.T) {
	f := &fullStore{}
	w := serverOf(t, func(c *server.Config) { f.Store, c.Store = c.Store, f })
	c := w.demo("rfc")
	f.full.Store(true)
	c.get("/Users").want(http.StatusOK)
	for deadline := time.Now().Add(10 * time.Second); !strings.Contains(w.log.String(), "disk is full"); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the log does not tell of the disk")
		}
	}
	for range 50 {
		c.get("/Users").want(http.StatusOK)
	}
	if n := f.refused.Load(); n != 1 {
		t.Errorf("it was tried %d times", n)
	}
}

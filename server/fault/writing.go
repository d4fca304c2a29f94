package fault

import (
	"context"
	"errors"
	"sync"
	"time"

	"scimproof/server/store"
)

// writing lets a fault stand between a server and what it writes.
func writing(wrap func(store.Tx) store.Tx) func(store.Store) store.Store {
	return func(s store.Store) store.Store { return writer{s, wrap} }
}

type writer struct {
	store.Store
	wrap func(store.Tx) store.Tx
}

// Write is that of a store.
func (w writer) Write(ctx context.Context, fn func(store.Tx) error) error {
	return w.Store.Write(ctx, func(tx store.Tx) error { return fn(w.wrap(tx)) })
}

// tokenRules are what a fault makes of the tokens that the rules look at before something is written.
type tokenRules struct {
	one   func(k *store.Token)                    // the token that is to be changed
	all   func(list []store.Token) []store.Token  // those of an application
	issue func(tx store.Tx, k *store.Token) error // one that is new
}

func (r tokenRules) over(s store.Store) store.Store {
	return writing(func(tx store.Tx) store.Tx { return tokenTx{tx, r} })(s)
}

type tokenTx struct {
	store.Tx
	rules tokenRules
}

// Token is that of a store.
func (t tokenTx) Token(id string) (store.Token, error) {
	k, err := t.Tx.Token(id)
	if err == nil && t.rules.one != nil {
		t.rules.one(&k)
	}
	return k, err
}

// Tokens is that of a store.
func (t tokenTx) Tokens(application string) ([]store.Token, error) {
	list, err := t.Tx.Tokens(application)
	if err == nil && t.rules.all != nil {
		list = t.rules.all(list)
	}
	return list, err
}

// PutToken is that of a store. How long a token is valid does not change after it was issued, whatever the rules saw.
func (t tokenTx) PutToken(k store.Token) error {
	switch old, err := t.Tx.Token(k.ID); {
	case err == nil:
		k.Expires = old.Expires
	case errors.Is(err, store.ErrNotFound) && t.rules.issue != nil:
		if err := t.rules.issue(t.Tx, &k); err != nil {
			return err
		}
	}
	return t.Tx.PutToken(k)
}

// unlocked is a store in which tokens are written after the rules were looked at, and not in the same step: two writers at the same instant
// both find that they may.
func unlocked(s store.Store) store.Store { return checkThenAct{s, &meeting{}} }

type checkThenAct struct {
	store.Store
	meeting *meeting
}

var errLater = errors.New("written later")

// Write is that of a store, but for tokens.
func (s checkThenAct) Write(ctx context.Context, fn func(store.Tx) error) error {
	var put []store.Token
	err := s.Store.Write(ctx, func(tx store.Tx) error {
		put = nil
		if err := fn(laterTx{tx, &put}); err != nil || len(put) == 0 {
			return err
		}
		return errLater
	})
	if !errors.Is(err, errLater) {
		return err
	}
	s.meeting.wait()
	return s.Store.Write(ctx, func(tx store.Tx) error {
		for _, k := range put {
			if err := tx.PutToken(k); err != nil {
				return err
			}
		}
		return nil
	})
}

type laterTx struct {
	store.Tx
	put *[]store.Token
}

// PutToken is that of a store.
func (t laterTx) PutToken(k store.Token) error {
	*t.put = append(*t.put, k)
	return nil
}

// meeting lets two meet. Who comes first waits a moment for another one.
type meeting struct {
	mu      sync.Mutex
	waiting chan struct{}
}

func (m *meeting) wait() {
	m.mu.Lock()
	if m.waiting != nil {
		close(m.waiting)
		m.waiting = nil
		m.mu.Unlock()
		return
	}
	mine := make(chan struct{})
	m.waiting = mine
	m.mu.Unlock()
	select {
	case <-mine:
	case <-time.After(500 * time.Millisecond):
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.waiting == mine {
			m.waiting = nil
		}
	}
}

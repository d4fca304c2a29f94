package control

import (
	"context"
	"errors"
	"time"

	"scimproof/server/store"
)

// usePrecision is how old a token's last use may look: a token that is used all the time is written once in so long.
const usePrecision = time.Minute

// UseIsNews says whether a use of a token now is worth writing down.
func (p *Plane) UseIsNews(t store.Token) bool { return p.now().Sub(t.LastUsed) >= usePrecision }

// NoteUse writes down that a token is used now (rule tok-10). One that is gone in the meantime is no error.
func (p *Plane) NoteUse(ctx context.Context, id string) error {
	now := p.now()
	err := p.Store.Write(ctx, func(tx store.Tx) error {
		t, err := tx.Token(id)
		if err != nil || now.Sub(t.LastUsed) < usePrecision {
			return err
		}
		t.LastUsed = now
		return tx.PutToken(t)
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

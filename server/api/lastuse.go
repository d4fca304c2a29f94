package api

import (
	"context"
	"errors"

	"scimproof/server/store"
)

// noteUse lets the use of the call's token be written down, beside the call: it waits for nothing and fails for nothing.
func (c *call) noteUse() {
	if !c.plane().UseIsNews(c.token) {
		return
	}
	if _, busy := c.using.LoadOrStore(c.token.ID, true); busy {
		return
	}
	ctx, plane, id := context.WithoutCancel(c.r.Context()), c.plane(), c.token.ID
	go func() {
		defer c.using.Delete(id)
		if err := plane.NoteUse(ctx, id); err != nil && !errors.Is(err, store.ErrClosed) {
			c.Log.Error("the last use of a token cannot be written", "token", id, "error", err)
		}
	}()
}

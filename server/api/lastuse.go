package api

import (
	"context"
	"errors"
	"time"

	"scimproof/server/store"
)

// noteAgain is how long nothing is written after a failure: a full disk would be asked, and the log told of it, by every call.
const noteAgain = time.Minute

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
		err := plane.NoteUse(ctx, id)
		if err == nil || errors.Is(err, store.ErrClosed) {
			c.using.Delete(id)
			return
		}
		c.Log.Error("the last use of a token cannot be written; it is tried again in a minute", "token", id, "error", err)
		time.AfterFunc(noteAgain, func() { c.using.Delete(id) })
	}()
}

package engine

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"time"

	"github.com/go-json-experiment/json"

	"scimproof/server/scim"
	"scimproof/server/store"
)

// cursors opens the cursor of a query and seals the next one (RFC 9865). A cursor is encrypted, since a position tells what a resource
// sorts by, and authenticated together with the query that it belongs to: with another query, or for another application, it is as good
// as invented. Nothing is kept on the server, so that every replica takes the cursors of every other.
type cursors struct {
	listing   *listing
	aead      cipher.AEAD
	query     []byte // what the cursor is bound to
	random    io.Reader
	expires   time.Time // of the next one
	positions []store.Position
}

// ticket is what a cursor holds.
type ticket struct {
	Expires   int64            `json:"expires"` // milliseconds since 1970
	Count     int              `json:"count"`
	Positions []store.Position `json:"positions"` // of each type, in their order
}

// cursors opens the cursor of a query.
func (e *Engine) cursors(ctx context.Context, app *App, l *listing, q Query) (*cursors, error) {
	if !app.Profile.Has("cursor") {
		return nil, scim.Bad(scim.InvalidValue, "cursor is not supported here; page with startIndex and count.")
	}
	secret, err := store.SharedSecret(ctx, e.Store, e.Random, "cursor")
	if err != nil {
		return nil, err
	}
	c := &cursors{listing: l, random: e.Random, expires: e.now().Add(app.Profile.CursorTimeout), positions: make([]store.Position, len(l.lanes))}
	if c.aead, err = sealer(secret); err != nil {
		return nil, err
	}
	bound := []string{app.Application.ID, q.Filter, q.SortBy, q.SortOrder}
	for _, n := range l.lanes {
		bound = append(bound, n.Type.Name)
	}
	if c.query, err = json.Marshal(bound); err != nil || *q.Cursor == "" {
		return c, err
	}
	return c, c.open(*q.Cursor, e.now())
}

func sealer(secret []byte) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, secret, nil, "scimproof cursor", 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// open reads a cursor.
func (c *cursors) open(text string, now time.Time) error {
	invalid := scim.Bad(scim.InvalidCursor, "This cursor belongs to no such query here; send an empty one for the first page, then each nextCursor with the same parameters.")
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(text)
	size := c.aead.NonceSize()
	if err != nil || len(sealed) < size {
		return invalid
	}
	plain, err := c.aead.Open(nil, sealed[:size], sealed[size:], c.query)
	if err != nil {
		return invalid
	}
	var t ticket
	if err := json.Unmarshal(plain, &t); err != nil || len(t.Positions) != len(c.positions) {
		return invalid
	}
	if now.UnixMilli() > t.Expires {
		return scim.Bad(scim.ExpiredCursor, "This cursor is no longer good; begin again with an empty one.")
	}
	if c.listing.count != t.Count {
		return scim.Bad(scim.InvalidCount, "The first page of this query had the count %d; send the same for each page.", t.Count)
	}
	c.positions = t.Positions
	return nil
}

// seal writes the cursor that goes on behind the positions.
func (c *cursors) seal(positions []store.Position) (string, error) {
	plain, err := json.Marshal(ticket{c.expires.UnixMilli(), c.listing.count, positions})
	if err != nil {
		return "", err
	}
	nonce := make([]byte, c.aead.NonceSize())
	if _, err := io.ReadFull(c.random, nonce); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(c.aead.Seal(nonce, nonce, plain, c.query)), nil
}

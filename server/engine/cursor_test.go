package engine

import (
	"crypto/rand"
	"errors"
	"testing"
	"time"

	"scimproof/server/scim"
	"scimproof/server/store"
)

func cursorsOf(t testing.TB, query string) *cursors {
	t.Helper()
	aead, err := sealer([]byte("a secret of the replicas"))
	if err != nil {
		t.Fatal(err)
	}
	return &cursors{
		listing: &listing{count: 10}, aead: aead, query: []byte(query), random: rand.Reader, expires: time.UnixMilli(5000), positions: make([]store.Position, 1),
	}
}

func TestCursorTimes(t *testing.T) {
	text, err := cursorsOf(t, "q").seal([]store.Position{store.Position("here")})
	if err != nil {
		t.Fatal(err)
	}
	for ms, want := range map[int64]scim.ErrorType{0: "", 5000: "", 5001: scim.ExpiredCursor} {
		c := cursorsOf(t, "q")
		err := c.open(text, time.UnixMilli(ms))
		var known *scim.Error
		if want == "" && (err != nil || string(c.positions[0]) != "here") || want != "" && (!errors.As(err, &known) || known.Type != want) {
			t.Errorf("after %d ms: %v and %q, want %q", ms, err, c.positions, want)
		}
	}
}

// FuzzCursor opens anything. What was not sealed for the query is refused.
func FuzzCursor(f *testing.F) {
	for _, query := range []string{"q", "another"} {
		text, err := cursorsOf(f, query).seal([]store.Position{nil})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text + "x")
		f.Add(text[1:])
		f.Add(text[:20])
	}
	f.Add("")
	f.Add("====")
	f.Fuzz(func(t *testing.T, text string) {
		var known *scim.Error
		if err := cursorsOf(t, "q").open(text, time.UnixMilli(0)); !errors.As(err, &known) || known.Type != scim.InvalidCursor {
			t.Errorf("%q: %v", text, err)
		}
	})
}

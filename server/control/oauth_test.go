package control_test

import (
	"testing"
	"time"

	"scimproof/server/control"
)

func TestAccessTokenEndsOnTime(t *testing.T) {
	b := newBench(t)
	app := b.application(t).ID
	b.now = b.now.Add(700 * time.Millisecond) // an end is told in whole seconds
	secret, _, err := b.AddToken(t.Context(), app, control.ClientSecret, control.Validity{})
	must(t, err)
	value, expires, err := b.NewAccessToken(t.Context(), secret)
	must(t, err)
	if want := b.now.Truncate(time.Second).Add(20 * time.Minute); !expires.Equal(want) {
		t.Errorf("it ends at %v, want %v", expires, want)
	}
	for _, c := range []struct {
		now  time.Time
		want bool
	}{{b.now, true}, {expires.Add(-time.Millisecond), true}, {expires, false}, {expires.Add(time.Hour), false}} {
		b.now = c.now
		found, ok, err := b.AccessToken(t.Context(), app, value)
		if err != nil || ok != c.want || ok && found.ID != secret.ID {
			t.Errorf("at %v: %v, %v, of %q; want %v", c.now, ok, err, found.ID, c.want)
		}
	}
}

func TestAccessTokenEndsWithItsSecret(t *testing.T) {
	b := newBench(t)
	app := b.application(t).ID
	secret, _, err := b.AddToken(t.Context(), app, control.ClientSecret, control.Days(1))
	must(t, err)
	b.now = b.now.Add(day - time.Minute)
	value, _, err := b.NewAccessToken(t.Context(), secret)
	must(t, err)
	b.now = b.now.Add(time.Minute)
	if _, ok, err := b.AccessToken(t.Context(), app, value); ok || err != nil {
		t.Errorf("after the end of the secret: %v, %v", ok, err)
	}
}

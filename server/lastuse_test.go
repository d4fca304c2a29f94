package server_test

import (
	"net/http"
	"testing"
	"time"
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

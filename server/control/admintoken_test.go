package control_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"scimproof/server/control"
)

// TestGuessesAreBraked tries wrong tokens by a clock of its own, and the right one in between.
func TestGuessesAreBraked(t *testing.T) {
	now := time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)
	token := control.NewAdminToken("the-admin-token", func() time.Time { return now })
	for i, c := range []struct {
		after time.Duration // the step before
		times int
		given string
		right bool
		wait  int
	}{
		{0, 10, "wrong", false, 0},
		{0, 3, "wrong", false, 5},
		{0, 20, "", false, 0}, // is no guess
		{0, 20, "the-admin-token", true, 0},
		{2500 * time.Millisecond, 1, "the-admin-tokem", false, 3},
		{2500 * time.Millisecond, 1, "wrong", false, 0},
		{0, 2, "wrong", false, 5},
		{0, 1, "the-admin-token", true, 0},
		{-time.Hour, 1, "wrong", false, 5}, // the clock is set back
		{2 * time.Hour, 10, "wrong", false, 0},
		{0, 1, "wrong", false, 5},
	} {
		now = now.Add(c.after)
		for n := range c.times {
			if right, wait := token.Check(c.given); right != c.right || wait != c.wait {
				t.Errorf("step %d, try %d: %q is %v with %d seconds to wait, want %v with %d", i, n, c.given, right, wait, c.right, c.wait)
			}
		}
	}
}

// TestRightTokenAmongGuesses sends the right token while others guess.
func TestRightTokenAmongGuesses(t *testing.T) {
	now := time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)
	token := control.NewAdminToken("the-admin-token", func() time.Time { return now })
	var all sync.WaitGroup
	var mu sync.Mutex
	heard := 0
	for i := range 8 {
		all.Go(func() {
			for n := range 50 {
				if right, wait := token.Check(fmt.Sprint("guess ", i, n)); right {
					t.Error("a guess is right")
				} else if wait == 0 {
					mu.Lock()
					heard++
					mu.Unlock()
				}
				if right, wait := token.Check("the-admin-token"); !right || wait != 0 {
					t.Errorf("the right token is %v with %d seconds to wait", right, wait)
				}
			}
		})
	}
	all.Wait()
	if heard != 10 {
		t.Errorf("%d guesses were heard at one instant", heard)
	}
}

// TestNoAdminToken opens nothing to anybody.
func TestNoAdminToken(t *testing.T) {
	token := control.NewAdminToken("", time.Now)
	for _, given := range []string{"", " ", "wrong"} {
		if right, _ := token.Check(given); right {
			t.Errorf("%q opens what has no token", given)
		}
	}
}

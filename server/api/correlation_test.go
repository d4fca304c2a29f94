package api

import (
	"crypto/rand"
	"errors"
	"io"
	"regexp"
	"sync"
	"testing"
	"testing/iotest"
)

func TestCorrelationsDiffer(t *testing.T) {
	var c correlations
	var all sync.WaitGroup
	var seen sync.Map
	form := regexp.MustCompile(`^[a-z2-7]{26}$`)
	for range 4 {
		all.Go(func() {
			for range 500 {
				id := c.next(rand.Reader)
				if _, twice := seen.LoadOrStore(id, true); twice || !form.MatchString(id) {
					t.Errorf("id %q, twice %v", id, twice)
				}
			}
		})
	}
	all.Wait()
}

func TestCorrelationWithoutRandomness(t *testing.T) {
	for name, source := range map[string]io.Reader{"failing": iotest.ErrReader(errors.New("dry")), "short": io.LimitReader(rand.Reader, 10)} {
		var c correlations
		if id := c.next(source); id != "" {
			t.Errorf("%s: %q", name, id)
		}
	}
}

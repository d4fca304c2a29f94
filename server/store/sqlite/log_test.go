package sqlite

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"scimproof/server/store"
)

// TestLogShrinks reads without a pause, each read beginning before the last has ended, while much is written: the log is begun anew all the same.
func TestLogShrinks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "scim.db")
	s := open(t, path, Options{NoSync: true})
	p := person("user_0")
	p.Body = bytes.Repeat([]byte("x"), 400_000)
	if err := insert(s, t, p); err != nil {
		t.Fatal(err)
	}
	stop, stopped := make(chan bool), make(chan bool)
	go func() {
		defer close(stopped)
		end := reading(t, s)
		for {
			next := reading(t, s)
			end()
			end = next
			select {
			case <-stop:
				end()
				return
			default:
			}
		}
	}()
	defer func() {
		close(stop)
		<-stopped
	}()
	for range 400 {
		p.Version++
		if err := s.Write(t.Context(), func(tx store.Tx) error { return tx.Update(here, p, false) }); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path + "-wal"); err != nil || info.Size() > 4*logLimit {
			t.Fatalf("after %d writes the log has %d bytes, %v", p.Version, info.Size(), err)
		}
	}
}

// TestLogWaits has a read that goes on for long: writes are not held up for its sake, and it keeps its state.
func TestLogWaits(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "scim.db"), Options{NoSync: true})
	p := person("user_0")
	p.Body = bytes.Repeat([]byte("x"), 200_000)
	if err := insert(s, t, p); err != nil {
		t.Fatal(err)
	}
	err := s.Read(t.Context(), func(r store.Reader) error {
		if _, err := r.Get(here, "User", "user_0"); err != nil {
			return err
		}
		for range 150 {
			p.Version++
			if err := s.Write(t.Context(), func(tx store.Tx) error { return tx.Update(here, p, false) }); err != nil {
				return err
			}
		}
		got, err := r.Get(here, "User", "user_0")
		if got.Version != 1 {
			t.Errorf("the read sees version %d", got.Version)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// reading begins a read and returns what ends it.
func reading(t *testing.T, s *Store) (end func()) {
	t.Helper()
	begun, over, done := make(chan bool), make(chan bool), make(chan error, 1)
	go func() {
		defer func() { // also where the read did not begin
			select {
			case <-begun:
			default:
				close(begun)
			}
		}()
		done <- s.Read(t.Context(), func(r store.Reader) error {
			_, err := r.Visible(here, "User", "user_0")
			close(begun)
			<-over
			return err
		})
	}()
	<-begun
	return func() {
		close(over)
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

package sqlite

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"scimproof/server/store"
)

// TestCancelledRead ends reads in the middle, again and again: each answers the context's error, and the connections serve on.
func TestCancelledRead(t *testing.T) {
	s := open(t, Memory, Options{Readers: 1})
	if err := insert(s, t, person("user_0"), person("user_1")); err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		ctx, cancel := context.WithCancel(t.Context())
		err := s.Read(ctx, func(r store.Reader) error {
			conn := r.(*reader).session
			rows := 0
			err := conn.rows("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000) SELECT i FROM n", nil,
				func(scan func(...any) error) (bool, error) {
					if rows++; rows == 3+i {
						cancel()
					}
					return true, nil
				})
			if err == nil {
				t.Error("a hundred million rows were read after all")
			}
			return err
		})
		cancel()
		if !errors.Is(err, context.Canceled) {
			t.Errorf("a cancelled read answers %v", err)
		}
		err = s.Read(t.Context(), func(r store.Reader) error {
			_, err := r.Get(here, "User", "user_1")
			return err
		})
		if err != nil {
			t.Fatalf("the read after a cancelled one: %v", err)
		}
	}
}

// TestCancelledAggregate cancels a query that has not come to its first row.
func TestCancelledAggregate(t *testing.T) {
	s := open(t, Memory, Options{Readers: 1})
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Read(ctx, func(r store.Reader) error {
		go cancel()
		_, err := r.(*reader).number("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) SELECT max(i) FROM n")
		return err
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled count answers %v", err)
	}
	if got := accounts(t, s); len(got) != 0 {
		t.Error(got)
	}
}

// TestWaitingRead has more reads than connections: one that waits gives up when it is told to.
func TestWaitingRead(t *testing.T) {
	s := open(t, Memory, Options{Readers: 1})
	err := s.Read(t.Context(), func(store.Reader) error {
		ctx, cancel := context.WithCancel(t.Context())
		waiting := make(chan error, 1)
		go func() {
			waiting <- s.Read(ctx, func(store.Reader) error { return errors.New("it ran on a connection that there is not") })
		}()
		cancel()
		if err := <-waiting; !errors.Is(err, context.Canceled) {
			return fmt.Errorf("a waiting read answers %w", err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestStatements prepares more filters than a connection keeps.
func TestStatements(t *testing.T) {
	s := open(t, Memory, Options{Readers: 1})
	most := 0
	for i := range 3 * maxStatements {
		err := s.Read(t.Context(), func(r store.Reader) error {
			conn := r.(*reader).session
			most = max(most, len(conn.statements))
			_, err := conn.number(fmt.Sprintf("SELECT %d", i))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if most > maxStatements+10 {
		t.Errorf("a connection kept %d statements, %d are enough", most, maxStatements)
	}
}

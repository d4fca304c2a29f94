package sqlite

import (
	"fmt"
	"sync"
	"testing"

	"scimproof/server/store"
)

// counters are the tables that the writer keeps, each with what it should hold according to the resources.
var counters = map[string]string{
	"SELECT collection, '', 12, number, total FROM block WHERE total <> 0": "SELECT collection, '', 12, seq >> 12, count(*) FROM resource GROUP BY 1, 4",
	"SELECT collection, organization, 0, 0, total FROM placement WHERE total <> 0": "SELECT collection, organization, 0, 0, count(*)" +
		" FROM resource GROUP BY 1, 2",
	"SELECT collection, organization, bits, number, total FROM placement_block WHERE total <> 0": "SELECT collection, organization, 12, seq >> 12, count(*)" +
		" FROM resource GROUP BY 1, 2, 4 UNION ALL SELECT collection, organization, 18, seq >> 18, count(*) FROM resource GROUP BY 1, 2, 4",
}

// wantCounters holds the counters against the resources.
func wantCounters(t *testing.T, s *Store, name string) {
	t.Helper()
	for have, want := range counters {
		except := "SELECT * FROM (SELECT * FROM (" + have + ") EXCEPT SELECT * FROM (" + want + "))"
		back := "SELECT * FROM (SELECT * FROM (" + want + ") EXCEPT SELECT * FROM (" + have + "))"
		err := s.Read(t.Context(), func(r store.Reader) error {
			differ, err := r.(*reader).session.number("SELECT count(*) FROM (" + except + " UNION ALL " + back + ")")
			if differ != 0 {
				t.Errorf("%s: %d rows of %q are not right", name, differ, have)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestCountersOfFailedSteps fails steps that share a commit with others, before and after the counters were looked at.
func TestCountersOfFailedSteps(t *testing.T) {
	s := temporary(t)
	var wait sync.WaitGroup
	for i := range 40 {
		wait.Go(func() {
			err := s.Write(t.Context(), func(tx store.Tx) error {
				r := person(fmt.Sprintf("user_%02d", i))
				r.Organization = fmt.Sprintf("org_%d", i%3)
				if err := tx.Insert(here, r, false); err != nil {
					return err
				}
				if i%4 < 2 {
					if _, err := tx.Placed(r.Organization); err != nil {
						return err
					}
				}
				if i%2 == 0 {
					return errOver
				}
				return nil
			})
			if (err != nil) != (i%2 == 0) {
				t.Errorf("step %d: %v", i, err)
			}
		})
	}
	wait.Wait()
	wantCounters(t, s, "after steps that fail")
}

// TestCounters lets accounts come, move and go on both sides of where a block and a coarse block end.
func TestCounters(t *testing.T) {
	s := temporary(t)
	step := func(name string, fn func(store.Tx, store.Record) error) {
		t.Helper()
		err := s.Write(t.Context(), func(tx store.Tx) error {
			for i := range 60 {
				r := person(fmt.Sprintf("user_%02d", i))
				r.Organization = fmt.Sprintf("org_%d", i%3)
				if err := fn(tx, r); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		wantCounters(t, s, name)
	}
	if err := insert(s, t, person("user_x")); err != nil {
		t.Fatal(err)
	}
	if err := s.Write(t.Context(), func(store.Tx) error {
		_, err := s.writer.conn.affected("UPDATE sqlite_sequence SET seq = ? WHERE name = 'resource'", 1<<18-30)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	step("inserted", func(tx store.Tx, r store.Record) error { return tx.Insert(here, r, false) })
	step("written over", func(tx store.Tx, r store.Record) error { return tx.Update(here, r, false) })
	step("moved", func(tx store.Tx, r store.Record) error {
		r.Organization = "org_1"
		return tx.Update(here, r, false)
	})
	n := 0
	step("deleted", func(tx store.Tx, r store.Record) error {
		if n++; n%2 == 0 {
			return nil
		}
		return tx.Delete(here, "User", r.ID)
	})
}

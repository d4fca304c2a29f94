package sqlite

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"scimproof/server/store"
)

// victimPath tells the test binary, run as a child, to write into a store until it is killed.
const victimPath = "SCIMPROOF_TEST_VICTIM"

func TestMain(m *testing.M) {
	if path := os.Getenv(victimPath); path != "" {
		if err := victim(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// victim writes from several goroutines without an end. A step makes a group of two accounts; once it is durable its name is printed.
func victim(path string) error {
	ctx := context.Background()
	s, err := Open(ctx, path, Options{})
	if err != nil {
		return err
	}
	const writers = 8
	failed := make(chan error, writers)
	var out sync.Mutex
	for w := range writers {
		go func() {
			for i := 0; ; i++ {
				name := fmt.Sprintf("%d_%d_%d", os.Getpid(), w, i)
				if err := s.Write(ctx, func(tx store.Tx) error { return makeGroup(tx, name) }); err != nil {
					failed <- err
					return
				}
				out.Lock()
				fmt.Println(name)
				out.Unlock()
			}
		}()
	}
	return <-failed
}

func makeGroup(tx store.Tx, name string) error {
	a, b := person("user_a_"+name), person("user_b_"+name)
	g := store.Record{ID: "group_" + name, Type: "Group", Version: 1, Body: []byte(`{}`), Keys: []store.Key{{Attr: "displayName", Value: "all"}}}
	for _, r := range []store.Record{a, b, g} {
		if err := tx.Insert(here, r, false); err != nil {
			return err
		}
	}
	_, err := tx.AddMembers(here, g.ID, []store.Member{{ID: a.ID, Type: "User"}, {ID: b.ID, Type: "User"}})
	return err
}

// TestKilled kills a process that writes, several times over, and opens what it leaves: every step that was acknowledged is there, and no step
// is there by half.
func TestKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "scim.db")
	acknowledged := map[string]bool{}
	for round := range 4 {
		for _, name := range killAfter(t, path, 10+25*round) {
			acknowledged[name] = true
		}
		s := open(t, path, Options{})
		whole := intact(t, s)
		for name := range acknowledged {
			if !whole["group_"+name] {
				t.Errorf("round %d: step %s was acknowledged and is lost", round, name)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if len(acknowledged) < 150 {
		t.Errorf("only %d steps were acknowledged", len(acknowledged))
	}
}

// killAfter runs a victim until it has acknowledged so many steps, kills it, and returns all it has acknowledged.
func killAfter(t *testing.T, path string, steps int) (names []string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), self)
	child.Env = append(os.Environ(), victimPath+"="+path)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n') // a line that was cut short acknowledges nothing
		if err != nil {
			break
		}
		names = append(names, strings.TrimSuffix(line, "\n"))
		if len(names) == steps {
			if err := child.Process.Kill(); err != nil {
				t.Error(err)
			}
		}
	}
	if err := child.Wait(); err == nil || len(names) < steps {
		t.Fatalf("the child ended by itself after %d steps: %v", len(names), err)
	}
	return names
}

// intact lists the groups, and complains of each that has not its two accounts, and of accounts without a group.
func intact(t *testing.T, s *Store) map[string]bool {
	t.Helper()
	whole := map[string]bool{}
	err := s.Read(t.Context(), func(r store.Reader) error {
		groups, err := r.ByKey(here, "Group", "displayName", "all")
		if err != nil {
			return err
		}
		for _, g := range groups {
			n := 0
			if err := r.Members(here, g.ID, func(store.Member) bool { n++; return true }); err != nil {
				return err
			}
			if n != 2 {
				t.Errorf("%s is there by half: it has %d members", g.ID, n)
			}
			whole[g.ID] = true
		}
		users, err := r.(*reader).number("SELECT coalesce(sum(p.total), 0) FROM placement p JOIN collection c ON c.seq = p.collection WHERE c.type = 'User'")
		rows, err2 := r.(*reader).number("SELECT count(*) FROM resource r JOIN collection c ON c.seq = r.collection WHERE c.type = 'User'")
		if users != int64(2*len(groups)) || rows != users {
			t.Errorf("%d accounts are there and %d counted, of %d groups", rows, users, len(groups))
		}
		if err != nil {
			return err
		}
		return err2
	})
	if err != nil {
		t.Fatal(err)
	}
	return whole
}

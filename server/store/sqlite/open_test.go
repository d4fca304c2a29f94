package sqlite

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"scimproof/server/store"
)

// filled makes a closed store with some accounts and returns its path.
func filled(t *testing.T, accounts int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "scim.db")
	s := open(t, path, Options{NoSync: true})
	for i := range accounts {
		if err := insert(s, t, person(fmt.Sprintf("user_%04d", i))); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func alter(t *testing.T, path, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", source(path))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func change(t *testing.T, path string, fn func([]byte) []byte) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, fn(data), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestOpenRefuses(t *testing.T) {
	tests := []struct {
		name string
		path func(t *testing.T) string
		want string // in the error
	}{
		{"no directory", func(t *testing.T) string { return filepath.Join(t.TempDir(), "none", "scim.db") }, "create it first"},
		{"a directory", func(t *testing.T) string { return t.TempDir() }, "is not a file"},
		{"below a file", func(t *testing.T) string { return filepath.Join(filled(t, 0), "scim.db") }, "is not a directory"},
		{"text", func(t *testing.T) string {
			path := filepath.Join(t.TempDir(), "notes.txt")
			change := os.WriteFile(path, []byte(strings.Repeat("These are notes.\n", 1000)), 0o600)
			if change != nil {
				t.Fatal(change)
			}
			return path
		}, "is not a database"},
		{"short text", func(t *testing.T) string {
			path := filepath.Join(t.TempDir(), "notes.txt")
			if err := os.WriteFile(path, []byte("notes"), 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		}, "is not a database"},
		{"another program's", func(t *testing.T) string {
			path := filepath.Join(t.TempDir(), "other.db")
			alter(t, path, "CREATE TABLE other (x)")
			return path
		}, "database of another program"},
		{"a newer schema", func(t *testing.T) string {
			path := filled(t, 1)
			alter(t, path, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)")
			return path
		}, "upgrade scimproof"},
		{"truncated", func(t *testing.T) string {
			path := filled(t, 200)
			change(t, path, func(data []byte) []byte { return data[:len(data)/2] })
			return path
		}, "damaged"},
		{"a page zeroed", func(t *testing.T) string {
			path := filled(t, 200)
			change(t, path, func(data []byte) []byte {
				clear(data[len(data)-4096:])
				return data
			})
			return path
		}, "damaged"},
		{"a head that is not as it was", func(t *testing.T) string {
			path := filled(t, 200)
			change(t, path, func(data []byte) []byte {
				data[100] ^= 0x40 // the kind of the page that all tables hang from
				return data
			})
			return path
		}, "damaged"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, err := Open(t.Context(), test.path(t), Options{NoSync: true})
			if err == nil {
				s.Close()
				t.Fatal("it was opened")
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("the error is %q and does not say %q", err, test.want)
			}
		})
	}
}

// TestOpenRefusesLeaves checks that a refusal changes nothing about a file that is not ours.
func TestOpenRefusesLeaves(t *testing.T) {
	path := filepath.Join(t.TempDir(), "other.db")
	alter(t, path, "CREATE TABLE other (x); INSERT INTO other VALUES (1)")
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if s, err := Open(t.Context(), path, Options{}); err == nil {
		s.Close()
		t.Fatal("it was opened")
	}
	after, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before, after) {
		t.Error("the file was changed")
	}
}

// TestFlippedBits flips one bit of the stored resources at a time: whatever it hits, no reader is given anything but what was written.
func TestFlippedBits(t *testing.T) {
	const accounts = 40
	path := filled(t, accounts)
	intact, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	refused, noticed := 0, 0
	at := 0
	for flips := 0; flips < 12; flips++ {
		i := bytes.Index(intact[at:], []byte(`{"userName":"user_00`))
		if i < 0 {
			break
		}
		at += i + 13 + flips // somewhere in the value
		damaged := bytes.Clone(intact)
		damaged[at] ^= 1 << (flips % 7)
		if err := os.WriteFile(path, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(t.Context(), path, Options{NoSync: true})
		if err != nil {
			refused++
			continue
		}
		for i := range accounts {
			want := person(fmt.Sprintf("user_%04d", i))
			err := s.Read(t.Context(), func(r store.Reader) error {
				got, err := r.Get(here, "User", want.ID)
				if err == nil && !bytes.Equal(got.Body, want.Body) {
					t.Errorf("byte %d flipped: %s was served as %s", at, want.ID, got.Body)
				}
				return err
			})
			if err != nil {
				noticed++
				if !strings.Contains(err.Error(), "damaged") {
					t.Errorf("the error is %q and does not say that the store is damaged", err)
				}
			}
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if refused+noticed < 10 {
		t.Errorf("%d damaged files were refused, and %d records of others; 10 at least were flipped", refused, noticed)
	}
}

// TestOpenFinishes opens what a first start left behind that was killed between two migrations.
func TestOpenFinishes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "scim.db")
	alter(t, path, "PRAGMA journal_mode = WAL; CREATE TABLE goose_db_version (id INTEGER PRIMARY KEY AUTOINCREMENT, version_id INTEGER NOT NULL,"+
		" is_applied INTEGER NOT NULL, tstamp TIMESTAMP DEFAULT (datetime('now'))); INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, 1)")
	s := open(t, path, Options{NoSync: true})
	if err := insert(s, t, person("user_1")); err != nil {
		t.Error(err)
	}
}

func TestReopen(t *testing.T) {
	path := filled(t, 3)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); mode != 0o600 {
		t.Errorf("others may read the file: %v", mode)
	}
	s := open(t, path, Options{})
	err = s.Read(t.Context(), func(r store.Reader) error {
		_, err := r.Get(here, "User", "user_0002")
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestMemoryLeavesNothing(t *testing.T) {
	s := temporary(t)
	dir := s.remove
	if _, err := os.Stat(dir); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the directory is still there: %v", err)
	}
}

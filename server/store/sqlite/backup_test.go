package sqlite

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

// names lists the files of a directory.
func names(t *testing.T, dir string) (list []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

func TestBackup(t *testing.T) {
	path := filled(t, 50)
	to := filepath.Join(filepath.Dir(path), "copy.db")
	found, err := Backup(t.Context(), path, to, false)
	if err != nil || found.Resources["User"] != 50 || found.Schema == 0 || found.Bytes == 0 {
		t.Fatalf("Backup finds %+v, %v", found, err)
	}
	if info, err := os.Stat(to); err != nil || info.Mode().Perm() != 0o600 || info.Size() != found.Bytes {
		t.Errorf("the copy is %v, %v", info, err)
	}
	if got := names(t, filepath.Dir(path)); !slices.Equal(got, []string{"copy.db", "scim.db"}) {
		t.Errorf("there is more than the store and its copy: %q", got)
	}
	s := open(t, to, Options{NoSync: true})
	if err := insert(s, t, person("user_0049")); err == nil {
		t.Error("the copy does not have the last account")
	}
}

// A copy of a store that is being written holds every step whole, and all that was acknowledged before it began.
func TestBackupWhileWriting(t *testing.T) {
	path := filepath.Join(t.TempDir(), "scim.db")
	s := open(t, path, Options{NoSync: true})
	ctx, stop := context.WithCancel(t.Context())
	var steps atomic.Int64 // that were acknowledged
	done := make(chan struct{})
	go func() {
		defer close(done)
		for n := 0; ctx.Err() == nil; n++ { // two accounts at a time
			if err := insert(s, t, person(fmt.Sprintf("user_%d", 2*n)), person(fmt.Sprintf("user_%d", 2*n+1))); err != nil {
				t.Error(err)
				return
			}
			steps.Add(1)
		}
	}()
	for i := range 3 {
		before := 2 * steps.Load()
		to := filepath.Join(t.TempDir(), "copy.db")
		found, err := Backup(t.Context(), path, to, false)
		if err != nil {
			t.Fatal(err)
		}
		n := found.Resources["User"]
		if n%2 != 0 || n < before {
			t.Errorf("copy %d has %d accounts, want an even number, at least %d", i, n, before)
		}
		if got := len(accounts(t, open(t, to, Options{NoSync: true}))); int64(got) != n {
			t.Errorf("copy %d has %d accounts, and said %d", i, got, n)
		}
	}
	stop()
	<-done
}

func TestBackupRefuses(t *testing.T) {
	path := filled(t, 3)
	dir := filepath.Dir(path)
	file := func(name, text string) string {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return filepath.Join(dir, name)
	}
	link := filepath.Join(dir, "link.db")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	file("used.db-wal", "what a program writes")
	for _, test := range []struct {
		path, to string
		force    bool
		want     string
	}{
		{path, path, true, "is the store itself"},
		{path, file("there.db", "precious"), false, "there.db is there already; choose another file, or add --force"},
		{path, dir, true, "is not a file"},
		{path, link, true, "is not a file"},
		{path, filepath.Join(dir, "no", "copy.db"), false, "cannot be written; check that its directory exists"},
		{path, filepath.Join(dir, "used.db"), true, "used.db is in use or was not closed"},
		{filepath.Join(dir, "none.db"), filepath.Join(dir, "copy.db"), false, "there is no store"},
		{dir, filepath.Join(dir, "copy.db"), false, "is not a file"},
		{file("text.db", strings.Repeat("text ", 1000)), filepath.Join(dir, "copy.db"), false, "not a database"},
	} {
		before := names(t, dir)
		if _, err := Backup(t.Context(), test.path, test.to, test.force); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("Backup to %s says %v, want %q", test.to, err, test.want)
		}
		if after := names(t, dir); !slices.Equal(before, after) {
			t.Errorf("Backup to %s leaves %q, and there were %q", test.to, after, before)
		}
	}
	if data, _ := os.ReadFile(filepath.Join(dir, "there.db")); string(data) != "precious" {
		t.Errorf("what was there is %q now", data)
	}
	if found, err := Backup(t.Context(), path, filepath.Join(dir, "there.db"), true); err != nil || found.Resources["User"] != 3 {
		t.Errorf("Backup in place of a file says %+v, %v", found, err)
	}
}

func TestCheck(t *testing.T) {
	path := filled(t, 20)
	if found, err := Check(t.Context(), path); err != nil || found.Resources["User"] != 20 {
		t.Errorf("Check finds %+v, %v", found, err)
	}
	if got := names(t, filepath.Dir(path)); !slices.Equal(got, []string{"scim.db"}) {
		t.Errorf("Check leaves %q", got)
	}
	s := open(t, path, Options{NoSync: true})
	if err := insert(s, t, person("user_more")); err != nil { // which may be in the log and not yet in the file
		t.Fatal(err)
	}
	if found, err := Check(t.Context(), path); err != nil || found.Resources["User"] != 21 {
		t.Errorf("while it is in use Check finds %+v, %v", found, err)
	}
	if _, err := Check(t.Context(), filepath.Join(t.TempDir(), "none.db")); err == nil || !strings.Contains(err.Error(), "there is no store") {
		t.Errorf("Check of nothing says %v", err)
	}
}

func TestCheckFindsDamage(t *testing.T) {
	for name, test := range map[string]struct {
		harm func(t *testing.T, path string)
		want string
	}{
		"page": {func(t *testing.T, path string) {
			change(t, path, func(data []byte) []byte {
				for i := 5 * 4096; i < 9*4096; i++ {
					data[i] ^= 0x55
				}
				return data
			})
		}, "is damaged"},
		"half": {func(t *testing.T, path string) {
			change(t, path, func(data []byte) []byte { return data[:len(data)/2] })
		}, "is damaged"},
		"bit": {func(t *testing.T, path string) {
			change(t, path, func(data []byte) []byte {
				return bytes.Replace(data, []byte(`"userName":"user_0100"`), []byte(`"userName":"user_0101"`), 1)
			})
		}, "user_0100 is damaged"},
		"stranger": {func(t *testing.T, path string) { alter(t, path, "PRAGMA application_id = 7") }, "another program"},
		"newer": {func(t *testing.T, path string) {
			alter(t, path, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)")
		}, "upgrade scimproof"},
		"count": {func(t *testing.T, path string) { alter(t, path, "UPDATE placement SET total = total + 1") }, "counts of resources (placement)"},
		"block": {func(t *testing.T, path string) { alter(t, path, "UPDATE block SET total = 0") }, "counts of resources (block)"},
		"dangling": {func(t *testing.T, path string) {
			alter(t, path, "INSERT INTO external_id (resource, application, collection, value, single) VALUES (999, 'a', 1, 'v', 0)")
		}, "1 rows belong to resources that are gone"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filled(t, 200)
			test.harm(t, path)
			if _, err := Check(t.Context(), path); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Check says %v, want %q", err, test.want)
			}
			to := filepath.Join(t.TempDir(), "copy.db")
			if _, err := Backup(t.Context(), path, to, false); err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("Backup says %v, want %q of %s", err, test.want, path)
			}
			if got := names(t, filepath.Dir(to)); len(got) > 0 {
				t.Errorf("what is left of the copy is %q", got)
			}
		})
	}
}

// A copy that is cut short leaves nothing behind.
func TestBackupCancelled(t *testing.T) {
	path := filled(t, 10)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	to := filepath.Join(t.TempDir(), "copy.db")
	if _, err := Backup(ctx, path, to, false); err == nil {
		t.Error("it is copied all the same")
	}
	if got := names(t, filepath.Dir(to)); len(got) > 0 {
		t.Errorf("there is %q", got)
	}
}

// The copy is a store of its own: what is written to one is not in the other.
func TestBackupIsApart(t *testing.T) {
	path := filled(t, 1)
	to := filepath.Join(t.TempDir(), "copy.db")
	if _, err := Backup(t.Context(), path, to, false); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(path)
	s := open(t, to, Options{NoSync: true})
	if err := insert(s, t, person("user_other")); err != nil {
		t.Fatal(err)
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
		t.Error("the store changes with its copy")
	}
}

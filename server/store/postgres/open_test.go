package postgres

import (
	"math/rand/v2"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"scimproof/server/store"
	"scimproof/server/store/postgres/pgtest"
)

// TestOpenRefuses names what is wrong and what to do, and never the password.
func TestOpenRefuses(t *testing.T) {
	server := pgtest.Start(t)
	strange, newer := server.Schema(t), server.Schema(t)
	exec(t, strange, "CREATE TABLE ledger (amount bigint)")
	open(t, newer, Options{})
	exec(t, newer, "INSERT INTO scimproof_migration (version_id, is_applied) VALUES (999, true)")
	for _, test := range []struct{ name, address, says string }{
		{"no address", "postgres://user:hush@host:port/db", "it is postgres://USER@HOST:PORT/DATABASE"},
		{"escape", "postgres://user:hush%zz@host/db", "special characters in a password as %XX"},
		{"nobody listens", "postgres://user:hush@127.0.0.1:1/db?sslmode=disable", "start the database, or correct host and port"},
		{"no such database", elsewhere(t, strange), "create the database first"},
		{"another program", strange, "has tables of another program"},
		{"newer", newer, "upgrade scimproof"},
		{"no such schema", strings.Replace(strange, "search_path=test_", "search_path=not_", 1), "create the schema first"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, err := Open(t.Context(), test.address, Options{})
			if err == nil {
				s.Close()
				t.Fatal("it opens")
			}
			if !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "hush") {
				t.Errorf("%v; want %q, and no password", err, test.says)
			}
		})
	}
}

func TestDescribe(t *testing.T) {
	for address, want := range map[string]string{
		"postgres://ann:hush@db.example.com/scim":               "postgres://ann@db.example.com:5432/scim",
		"postgresql://ann@db.example.com:6000/s?password=hush":  "postgres://ann@db.example.com:6000/s",
		"postgres://ann:hush@/scim?host=/run/postgresql&port=1": "postgres://ann@/scim?host=%2Frun%2Fpostgresql",
		"postgres://ann:hush@db:x/scim":                         "postgres://",
	} {
		if got := Describe(address); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestOpenTogether starts several replicas on an empty schema at once.
func TestOpenTogether(t *testing.T) {
	address := pgtest.Start(t).Schema(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			s, err := Open(t.Context(), address, Options{})
			if err != nil {
				t.Error(err)
				return
			}
			s.Close()
		})
	}
	wg.Wait()
}

// TestCollisions lets two replicas change the same records from many goroutines: each step takes effect once, and totals are exact.
func TestCollisions(t *testing.T) {
	address := pgtest.Start(t).Schema(t)
	stores := []*Store{open(t, address, Options{Jitter: rand.Float64}), open(t, address, Options{Jitter: rand.Float64})}
	here := store.View{Directory: "here", Application: "app"}
	const goroutines, each = 8, 10
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			for i := range each {
				err := stores[g%2].Write(t.Context(), func(tx store.Tx) error {
					n := 0
					in, err := tx.Instance("counter")
					if err == nil {
						n = len(in.Name)
					}
					id := "user_" + string(rune('a'+g)) + string(rune('a'+i))
					if err := tx.Insert(here, store.Record{ID: id, Type: "User", Version: 1, Body: []byte(`{}`)}, false); err != nil {
						return err
					}
					return tx.PutInstance(store.Instance{ID: "counter", Name: strings.Repeat("x", n+1)})
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	err := stores[0].Read(t.Context(), func(r store.Reader) error {
		in, err := r.Instance("counter")
		if len(in.Name) != goroutines*each {
			t.Errorf("%d of %d steps took effect", len(in.Name), goroutines*each)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var total int
	if err := stores[1].reading.QueryRow(t.Context(), "SELECT sum(total)::bigint FROM placement").Scan(&total); err != nil || total != goroutines*each {
		t.Errorf("%d are counted (%v), want %d", total, err, goroutines*each)
	}
}

func exec(t *testing.T, address, text string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), text); err != nil {
		t.Fatal(err)
	}
}

// elsewhere is the address of a database on the same server that is not there.
func elsewhere(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/nowhere"
	return u.String()
}

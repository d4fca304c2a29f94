// Package pgtest finds a PostgreSQL for tests: the one that SCIMPROOF_POSTGRES_DSN names, a container where a Docker daemon answers and has an
// image, or one started from the programs on this machine. Where there is none the test is skipped, and fails where SCIMPROOF_REQUIRE lists postgres.
package pgtest

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"scimproof/fixtures/require"
)

// The variables of the environment that say which PostgreSQL to use.
const (
	AddressVariable = "SCIMPROOF_POSTGRES_DSN"
	ImageVariable   = "SCIMPROOF_POSTGRES_IMAGE"
)

// defaultImage is what runs in a container.
const defaultImage = "postgres:17-alpine"

// Server is a PostgreSQL for the length of a test.
type Server struct{ address string }

// Start finds a server, or starts one that stops when the test ends.
func Start(t *testing.T) *Server {
	t.Helper()
	if address := os.Getenv(AddressVariable); address != "" {
		return &Server{address}
	}
	address, err := container(t)
	if address == "" && require.Required("docker") {
		t.Fatal(cmp.Or(err, errors.New(require.Variable+" asks for docker, and no daemon answers; start it")))
	}
	if address == "" {
		address = local(t)
	}
	if address == "" && err != nil {
		t.Fatal(err)
	}
	require.Tool(t, "postgres", "the store on PostgreSQL needs one: set "+AddressVariable+", start Docker, or install postgresql", address != "")
	return &Server{address}
}

// Schema makes an empty schema, which goes with the test, and returns the address of a store in it.
func (s *Server) Schema(t *testing.T) string {
	t.Helper()
	name := "test_" + strings.ToLower(rand.Text()[:12])
	s.exec(t, "CREATE SCHEMA "+name)
	t.Cleanup(func() { s.exec(t, "DROP SCHEMA "+name+" CASCADE") })
	u, err := url.Parse(s.address)
	if err != nil {
		t.Fatalf("%s is no postgres:// address", AddressVariable)
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}

func (s *Server) exec(t *testing.T, text string) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context()) // which has ended when a cleanup runs
	conn, err := pgx.Connect(ctx, s.address)
	if err != nil {
		t.Fatalf("the PostgreSQL for tests cannot be reached: %v", err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, text); err != nil {
		t.Fatal(fmt.Errorf("%s: %w", text, err))
	}
}

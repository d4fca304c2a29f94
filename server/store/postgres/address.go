package postgres

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Address says whether a name is one that Open takes.
func Address(name string) bool {
	return strings.HasPrefix(name, "postgres://") || strings.HasPrefix(name, "postgresql://")
}

// Describe is an address without its secrets, for logs and errors.
func Describe(address string) string {
	config, err := parse(address)
	if err != nil {
		return "postgres://"
	}
	return describe(config)
}

// parse reads an address. What is wrong with it may be a part of a password, so that the error does not quote it.
func parse(address string) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, errors.New("the address of the PostgreSQL database cannot be read; it is postgres://USER@HOST:PORT/DATABASE, " +
			"special characters in a password as %XX, or the password in PGPASSWORD")
	}
	return config, nil
}

func describe(config *pgxpool.Config) string {
	c := config.ConnConfig
	u := url.URL{Scheme: "postgres", User: url.User(c.User), Host: net.JoinHostPort(c.Host, strconv.Itoa(int(c.Port))), Path: "/" + c.Database}
	if strings.HasPrefix(c.Host, "/") { // the directory of a socket
		u.Host, u.RawQuery = "", url.Values{"host": {c.Host}}.Encode()
	}
	return u.String()
}

// unusable says what to do about a database that does not let us in.
func unusable(name string, err error) error {
	var refusal *pgconn.PgError
	if !errors.As(err, &refusal) {
		return fmt.Errorf("%s cannot be reached; start the database, or correct host and port: %w", name, err)
	}
	switch refusal.Code {
	case "28000", "28P01":
		return fmt.Errorf("%s refuses the user or the password; correct them in the address or in PGPASSWORD: %s", name, refusal.Message)
	case "3D000":
		return fmt.Errorf("%s does not exist; create the database first: %s", name, refusal.Message)
	case "42501":
		return fmt.Errorf("%s does not let the user make tables; grant CREATE on its schema: %s", name, refusal.Message)
	case "53300":
		return fmt.Errorf("%s has no connection left; raise its max_connections: %s", name, refusal.Message)
	}
	return fmt.Errorf("%s cannot be used: %w", name, refusal)
}

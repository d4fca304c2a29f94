package postgres

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"scimproof/server/store/sqlstore"
)

//go:embed migrations/*.sql
var migrations embed.FS

// historyTable lists the migrations that a schema has, and marks it as this program's.
const historyTable = "scimproof_migration"

// migrationLock is the advisory lock under which replicas that start at the same time bring the tables up to date.
const migrationLock = 0x5343494D

// Open opens the store in the database that an address postgres://USER@HOST:PORT/DATABASE names, in the first schema of its search path
// (public, or what the address sets as search_path), and makes its tables where there are none. It refuses, with an error that says what
// to do and never quotes the password, a database that cannot be used, a schema of another program, and one that a newer version wrote.
func Open(ctx context.Context, address string, opt Options) (*Store, error) {
	config, err := parse(address)
	if err != nil {
		return nil, err
	}
	if err := prepare(ctx, config.ConnConfig, describe(config)); err != nil {
		return nil, err
	}
	opt = opt.withDefaults()
	reading, err := pool(ctx, config, opt.Readers, map[string]string{"default_transaction_read_only": "on"})
	if err != nil {
		return nil, err
	}
	writing, err := pool(ctx, config, opt.Writers, map[string]string{
		"synchronous_commit": "on", // what is acknowledged is durable, whatever the database is set to
		// A scan of a table collides with every change of it, a visit by an index with its neighbours alone; and a step asks for single rows.
		"enable_seqscan": "off",
		// A replica that hangs in the middle of a step does not hold up the others for longer than this.
		"idle_in_transaction_session_timeout": "60s",
	})
	if err != nil {
		reading.Close()
		return nil, err
	}
	return &Store{opt: opt, cache: sqlstore.NewCache(), reading: reading, writing: writing}, nil
}

func pool(ctx context.Context, config *pgxpool.Config, size int, settings map[string]string) (*pgxpool.Pool, error) {
	config = config.Copy()
	config.MaxConns, config.MinConns = int32(size), 0
	config.ConnConfig.RuntimeParams["jit"] = "off" // to compile a query takes longer than to answer any of these
	for name, value := range settings {
		config.ConnConfig.RuntimeParams[name] = value
	}
	return pgxpool.NewWithConfig(ctx, config)
}

// prepare checks the schema and brings its tables up to date, one replica at a time.
func prepare(ctx context.Context, config *pgx.ConnConfig, name string) error {
	conn, err := pgx.ConnectConfig(ctx, config.Copy())
	if err != nil {
		return unusable(name, err)
	}
	defer conn.Close(context.WithoutCancel(ctx)) // and the lock is free
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", int64(migrationLock)); err != nil {
		return unusable(name, err)
	}
	if err := checkOwner(ctx, conn, name); err != nil {
		return err
	}
	db := stdlib.OpenDB(*config.Copy())
	return errors.Join(migrate(ctx, db, name), db.Close())
}

// checkOwner refuses a schema that holds something else.
func checkOwner(ctx context.Context, conn *pgx.Conn, name string) error {
	var schema *string
	var ours, tables int
	err := conn.QueryRow(ctx, "SELECT current_schema()::text,"+
		" (SELECT count(*) FROM pg_tables t WHERE t.schemaname = current_schema() AND t.tablename = $1),"+
		" (SELECT count(*) FROM pg_tables t WHERE t.schemaname = current_schema())", historyTable).Scan(&schema, &ours, &tables)
	switch {
	case err != nil:
		return unusable(name, err)
	case schema == nil:
		return fmt.Errorf("%s has no schema of its search path; create the schema first, or set search_path to one in the address", name)
	case ours == 0 && tables > 0:
		return fmt.Errorf("schema %s of %s has tables of another program; choose another database, or another schema by search_path in the address", *schema, name)
	}
	return nil
}

func migrate(ctx context.Context, db *sql.DB, name string) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithTableName(historyTable))
	if err != nil {
		return err
	}
	have, know, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("the schema version cannot be read: %w", unusable(name, err))
	}
	if have > know {
		return fmt.Errorf("%s was written by a newer version (schema %d, this one knows %d); upgrade scimproof", name, have, know)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("the tables cannot be brought to schema %d: %w", know, unusable(name, err))
	}
	return nil
}

package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

//go:embed migrations/*.sql
var migrations embed.FS

// applicationID marks a database as this program's; the first migration writes it.
const applicationID = 0x5343494D

// Open opens the store in a file, and creates it where there is none. It refuses, with an error that says what to do, a path that
// cannot be written, a file that is no database, is damaged or belongs to another program, and one that a newer version has written.
// The path Memory makes a store that is gone when it is closed.
func Open(ctx context.Context, path string, opt Options) (*Store, error) {
	opt = opt.withDefaults()
	if path == Memory {
		return openMemory(ctx, opt)
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if err := prepareFile(path); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", source(path, writerPragmas(opt)...)) // goose takes no other kind of connection
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	err = prepareDatabase(ctx, db, path)
	if err = errors.Join(err, db.Close()); err != nil {
		return nil, err
	}
	return start(path, opt)
}

// openMemory keeps the database in a temporary file: connections that share memory would lock each other out, which a store must not.
func openMemory(ctx context.Context, opt Options) (*Store, error) {
	dir, err := os.MkdirTemp("", "scimproof-*")
	if err != nil {
		return nil, err
	}
	opt.NoSync = true
	s, err := Open(ctx, filepath.Join(dir, "memory.db"), opt)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	s.remove = dir
	return s, nil
}

const busyTimeout = "busy_timeout(10000)" // another process may be writing; milliseconds

func writerPragmas(opt Options) []string {
	synchronous := "synchronous(FULL)"
	if opt.NoSync {
		synchronous = "synchronous(OFF)"
	}
	return []string{
		busyTimeout, synchronous, "foreign_keys(ON)",
		"cache_size(-32768)", "temp_store(MEMORY)", "wal_autocheckpoint(4096)", fmt.Sprintf("journal_size_limit(%d)", logLimit),
	}
}

var readerPragmas = []string{busyTimeout, "query_only(ON)", "cache_size(-8192)", "temp_store(MEMORY)"}

// prepareDatabase checks a database and brings its tables up to date.
func prepareDatabase(ctx context.Context, db *sql.DB, path string) error {
	if err := checkIntegrity(ctx, db, path); err != nil {
		return err
	}
	if err := checkOwner(ctx, db, path); err != nil {
		return err
	}
	if _, err := db.ExecContext(ctx, "PRAGMA journal_mode = WAL"); err != nil { // it stays with the file, so that no stranger's gets it
		return fmt.Errorf("%s cannot be written: %w", path, err)
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, files)
	if err != nil {
		return err
	}
	have, know, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("the schema version of %s cannot be read: %w", path, err)
	}
	if have > know {
		return fmt.Errorf("%s was written by a newer version (schema %d, this one knows %d); upgrade scimproof", path, have, know)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("%s cannot be brought to schema %d: %w", path, know, err)
	}
	return nil
}

// checkIntegrity reads every page once: a damaged file is refused here rather than served from.
func checkIntegrity(ctx context.Context, db *sql.DB, path string) error {
	var verdict string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("%s is damaged or is not a database; restore it from a backup: %w", path, err)
	}
	if verdict != "ok" {
		return fmt.Errorf("%s is damaged; restore it from a backup: %s", path, verdict)
	}
	return nil
}

// checkOwner refuses a database that holds something else.
func checkOwner(ctx context.Context, db *sql.DB, path string) error {
	var id, tables int64
	if err := db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id); err != nil {
		return err
	}
	// A first start that was cut short may have left the table of the migrations and nothing else.
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema WHERE tbl_name NOT IN (?, 'sqlite_sequence')", goose.DefaultTablename).Scan(&tables); err != nil {
		return err
	}
	if id != applicationID && tables > 0 {
		return fmt.Errorf("%s is a database of another program; choose another path", path)
	}
	return nil
}

package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"scimproof/server/store"
	"scimproof/server/store/sqlstore"
)

// ErrDamaged says that a store is not as it was written.
var ErrDamaged = errors.New("is damaged")

// Summary is what Check and Backup found in a store.
type Summary struct {
	Schema       int64            // version of the tables
	Bytes        int64            // size of the file
	Instances    int64            // tenants
	Applications int64            // of all instances
	Resources    map[string]int64 // by resource type
}

// Check reads a whole store, which may be in use, and reports what it holds. It changes nothing of that. The error says what
// is wrong and what to do: the file is not there, belongs to another program, comes from a newer version, or is damaged
// (ErrDamaged).
func Check(ctx context.Context, path string) (Summary, error) {
	db, err := openExisting(path)
	if err != nil {
		return Summary{}, err
	}
	defer db.Close()
	return inspect(ctx, db, path)
}

// Backup copies a store, which may be in use, into a new file, as it stands at one instant, and checks the copy. The file is there when all
// is well, and then on disk, or it is not there at all. One that is there already is replaced only when force is set.
func Backup(ctx context.Context, path, to string, force bool) (Summary, error) {
	db, err := openExisting(path)
	if err != nil {
		return Summary{}, err
	}
	defer db.Close()
	if err := checkMark(ctx, db, path); err != nil {
		return Summary{}, err
	}
	if err := checkTarget(path, to, force); err != nil {
		return Summary{}, err
	}
	part, err := partial(to)
	if err != nil {
		return Summary{}, err
	}
	defer os.Remove(part)
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?", part); err != nil {
		return Summary{}, blame(ctx, db, path, fmt.Errorf("%s cannot be copied to %s: %w", path, to, err))
	}
	found, err := Check(ctx, part)
	if err != nil {
		return found, blame(ctx, db, path, fmt.Errorf("the copy is no good and is thrown away; copy again: %w", err))
	}
	return found, publish(part, to, force)
}

// blame is what is wrong with the store itself where a copy of it fails; else it is the given error.
func blame(ctx context.Context, db *sql.DB, path string, err error) error {
	if _, damage := inspect(ctx, db, path); damage != nil {
		return damage
	}
	return err
}

// openExisting opens a store that is there. It is opened for writing where that is allowed, since a connection that cannot write leaves the
// files of the log behind when it is the last to go.
func openExisting(path string) (*sql.DB, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no store %s; name the file that serve --store was given", path)
	case err != nil:
		return nil, fmt.Errorf("%s cannot be read: %w", path, err)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a file; name the file that serve --store was given", path)
	}
	db, err := sql.Open("sqlite", source(path, busyTimeout)+"&mode=rw")
	if err == nil {
		db.SetMaxOpenConns(1)
	}
	return db, err
}

// checkTarget refuses to put a copy where it would destroy something.
func checkTarget(path, to string, force bool) error {
	info, err := os.Lstat(to)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s cannot be used: %w", to, err)
	}
	if err == nil {
		from, _ := os.Stat(path) // where it is gone, nothing is the same
		switch {
		case os.SameFile(from, info):
			return fmt.Errorf("%s is the store itself; choose another file", to)
		case !info.Mode().IsRegular():
			return fmt.Errorf("%s is not a file; choose another path", to)
		case !force:
			return fmt.Errorf("%s is there already; choose another file, or add --force to replace it", to)
		}
	}
	for _, beside := range []string{to + "-wal", to + "-journal"} { // it would be played into the copy
		if _, err := os.Lstat(beside); err == nil {
			return fmt.Errorf("%s is there: the store %s is in use or was not closed; choose another file", beside, to)
		}
	}
	return nil
}

// partial makes an empty file beside the one that is to come, for its owner alone.
func partial(to string) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(to), "."+filepath.Base(to)+".*.part")
	if err != nil {
		return "", fmt.Errorf("%s cannot be written; check that its directory exists and its permissions: %w", to, err)
	}
	return f.Name(), f.Close()
}

// publish gives a finished copy its name, after all of it is on disk.
func publish(part, to string, force bool) error {
	if err := syncFile(part); err != nil {
		return err
	}
	if !force { // a link, unlike a rename, replaces nothing that has come in the meantime
		if err := os.Link(part, to); errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("%s is there already; choose another file, or add --force to replace it", to)
		} else if err == nil {
			return syncFile(filepath.Dir(to))
		}
	}
	if err := os.Rename(part, to); err != nil {
		return err
	}
	return syncFile(filepath.Dir(to))
}

func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// inspect checks everything there is to check about a database, as of one instant.
func inspect(ctx context.Context, db *sql.DB, path string) (found Summary, err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return found, fmt.Errorf("%s cannot be read: %w", path, err)
	}
	defer tx.Rollback()
	if err := checkMark(ctx, tx, path); err != nil {
		return found, err
	}
	if err := checkWhole(ctx, tx, path); err != nil {
		return found, err
	}
	if found.Schema, err = schemaVersion(ctx, tx, path); err != nil {
		return found, err
	}
	if err := checkCounts(ctx, tx, path); err != nil {
		return found, err
	}
	if err := checkRecords(ctx, tx, path); err != nil {
		return found, err
	}
	return found, found.count(ctx, tx)
}

// checkMark refuses what is no store of this program. Unlike checkOwner it takes an empty database for none.
func checkMark(ctx context.Context, q interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}, path string) error {
	var id int64
	if err := q.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("%s %w or is not a database; restore it from a backup: %v", path, ErrDamaged, err)
	}
	if id != applicationID {
		return fmt.Errorf("%s is no store: it is empty, or a database of another program", path)
	}
	return nil
}

// checkWhole has SQLite look at every page, index and reference.
func checkWhole(ctx context.Context, tx *sql.Tx, path string) error {
	var verdict string
	if err := tx.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("%s %w; restore it from a backup: %v", path, ErrDamaged, err)
	}
	if verdict != "ok" {
		return fmt.Errorf("%s %w; restore it from a backup: %s", path, ErrDamaged, verdict)
	}
	var dangling int64
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM pragma_foreign_key_check").Scan(&dangling); err != nil {
		return err
	}
	if dangling > 0 {
		return fmt.Errorf("%s %w: %d rows belong to resources that are gone; restore it from a backup", path, ErrDamaged, dangling)
	}
	return nil
}

// schemaVersion is the version of the tables, which must be one that this program knows.
func schemaVersion(ctx context.Context, tx *sql.Tx, path string) (have int64, err error) {
	if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&have); err != nil {
		return 0, fmt.Errorf("the schema version of %s cannot be read: %w", path, err)
	}
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return 0, err
	}
	number, _, _ := strings.Cut(filepath.Base(files[len(files)-1]), "_") // they are sorted by their number
	know, err := strconv.ParseInt(number, 10, 64)
	if err == nil && have > know {
		err = fmt.Errorf("%s was written by a newer version (schema %d, this one knows %d); upgrade scimproof", path, have, know)
	}
	return have, err
}

// checkCounts holds the counts that far pages and totals come from against what is there.
func checkCounts(ctx context.Context, tx *sql.Tx, path string) error {
	for _, table := range []string{"placement", "block"} {
		var wrong int64
		err := tx.QueryRowContext(ctx, "SELECT count(*) FROM collection c WHERE (SELECT count(*) FROM resource r WHERE r.collection = c.seq)"+
			" <> (SELECT coalesce(sum(t.total), 0) FROM "+table+" t WHERE t.collection = c.seq)").Scan(&wrong)
		if err != nil {
			return err
		}
		if wrong > 0 {
			return fmt.Errorf("%s %w: its counts of resources (%s) are wrong; restore it from a backup", path, ErrDamaged, table)
		}
	}
	return nil
}

// checkRecords holds every resource against its checksum: SQLite does not see that a bit of its content has flipped.
func checkRecords(ctx context.Context, tx *sql.Tx, path string) error {
	rows, err := tx.QueryContext(ctx, "SELECT c.type, r.id, r.version, r.created, r.modified, r.source, r.organization, r.display, r.checksum,"+
		" r.hidden, r.secret, r.body FROM resource r JOIN collection c ON c.seq = r.collection")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var r store.Record
		var created, modified, sum int64
		err := rows.Scan(&r.Type, &r.ID, &r.Version, &created, &modified, &r.Source, &r.Organization, &r.Display, &sum, &r.Hidden, &r.Secret, &r.Body)
		if err != nil {
			return err
		}
		r.Created, r.Modified = sqlstore.FromMillis(created), sqlstore.FromMillis(modified)
		if err := sqlstore.Verify(r, sum); err != nil {
			return fmt.Errorf("%s %w: %v", path, ErrDamaged, err)
		}
	}
	return rows.Err()
}

func (s *Summary) count(ctx context.Context, tx *sql.Tx) error {
	err := tx.QueryRowContext(ctx, "SELECT (SELECT page_count * page_size FROM pragma_page_count, pragma_page_size),"+
		" (SELECT count(*) FROM instance), (SELECT count(*) FROM application)").Scan(&s.Bytes, &s.Instances, &s.Applications)
	if err != nil {
		return err
	}
	rows, err := tx.QueryContext(ctx, "SELECT c.type, count(*) FROM resource r JOIN collection c ON c.seq = r.collection GROUP BY c.type")
	if err != nil {
		return err
	}
	defer rows.Close()
	s.Resources = map[string]int64{}
	for rows.Next() {
		var typ string
		var n int64
		if err := rows.Scan(&typ, &n); err != nil {
			return err
		}
		s.Resources[typ] = n
	}
	return rows.Err()
}

package sqlite

import (
	"errors"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"scimproof/server/store"
)

// tx is a store.Tx: one step inside the writer's transaction.
type tx struct {
	reader
	// failed is set when a change broke off half-way. The step is then undone, even if its function shrugs the error off.
	failed error
}

var _ store.Tx = (*tx)(nil)

// change runs one statement that writes.
func (t *tx) change(sql string, args ...any) (int, error) {
	n, err := t.affected(sql, args...)
	if err != nil {
		err = translate(err)
		t.failed = err
	}
	return n, err
}

// must is change for a statement that is about one row: without it, ErrNotFound.
func (t *tx) must(sql string, args ...any) error {
	n, err := t.change(sql, args...)
	if err == nil && n == 0 {
		return store.ErrNotFound
	}
	return err
}

// translate says what the violation of a foreign key means: what a row refers to is not there.
func translate(err error) error {
	if violates(err, lib.SQLITE_CONSTRAINT_FOREIGNKEY) {
		return store.ErrNotFound
	}
	return err
}

// taken makes the violation of a unique index a conflict over the attribute.
func taken(err error, attr string) error {
	if violates(err, lib.SQLITE_CONSTRAINT_UNIQUE, lib.SQLITE_CONSTRAINT_PRIMARYKEY) {
		return &store.Conflict{Attr: attr}
	}
	return err
}

// constraints are the violations after which SQLite undoes the statement and nothing else.
var constraints = []int{
	lib.SQLITE_CONSTRAINT_FOREIGNKEY, lib.SQLITE_CONSTRAINT_UNIQUE, lib.SQLITE_CONSTRAINT_PRIMARYKEY,
	lib.SQLITE_CONSTRAINT_NOTNULL, lib.SQLITE_CONSTRAINT_DATATYPE,
}

// violates says whether an error is one of the given violations.
func violates(err error, codes ...int) bool {
	var failure *sqlite.Error
	if !errors.As(err, &failure) {
		return false
	}
	for _, code := range codes {
		if failure.Code() == code {
			return true
		}
	}
	return false
}

package sqlite

import (
	"errors"
	"slices"

	lib "modernc.org/sqlite/lib"
	lite "zombiezen.com/go/sqlite"

	"scimproof/server/store"
	"scimproof/server/store/sqlquery"
	"scimproof/server/store/sqlstore"
)

// dialect is that of the SQL which the stores share.
type dialect struct{ sqlquery.SQLite }

var (
	_ sqlstore.Dialect = dialect{}
	_ sqlstore.Session = (*session)(nil)
	_ sqlstore.Counter = (*session)(nil)
)

// Along is that of sqlstore.Dialect. SQLite takes a hint.
func (dialect) Along(table, index string) string { return table + " INDEXED BY " + index }

// NextPosition is that of sqlstore.Dialect.
func (dialect) NextPosition(holder string) string {
	return "(SELECT coalesce(max(p.position), 0) + 1 FROM membership p WHERE p.holder = " + holder + ")"
}

// reader is a store.Reader whose session the tests of this package can reach.
type reader struct {
	*sqlstore.Reader
	*session
}

// Rows is that of sqlstore.Session.
func (s *session) Rows(text string, args []any, each func(sqlstore.Scan) (bool, error)) error {
	return s.rows(text, args, each)
}

// Visit is that of sqlstore.Session. SQLite runs several statements at a time.
func (s *session) Visit(text string, args []any, each func(sqlstore.Scan) (bool, error)) error {
	return s.rows(text, args, each)
}

// Find is that of sqlstore.Session.
func (s *session) Find(text string, lists [][]any) ([]int64, error) {
	numbers := make([]int64, len(lists))
	for i, args := range lists {
		var err error
		if numbers[i], err = s.number(text, args...); err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
	}
	return numbers, nil
}

// Change is that of sqlstore.Session.
func (s *session) Change(text string, args []any) (int, error) { return s.affected(text, args...) }

// ChangeAll is that of sqlstore.Session.
func (s *session) ChangeAll(text string, lists [][]any) ([]int, error) {
	changed := make([]int, len(lists))
	for i, args := range lists {
		var err error
		if changed[i], err = s.affected(text, args...); err != nil {
			return nil, err
		}
	}
	return changed, nil
}

// Violation is that of sqlstore.Session.
func (s *session) Violation(err error) sqlstore.Violation {
	switch {
	case violates(err, lib.SQLITE_CONSTRAINT_UNIQUE, lib.SQLITE_CONSTRAINT_PRIMARYKEY):
		return sqlstore.Unique
	case violates(err, lib.SQLITE_CONSTRAINT_FOREIGNKEY):
		return sqlstore.Reference
	}
	return sqlstore.None
}

// constraints are the violations after which SQLite undoes the statement and nothing else.
var constraints = []int{
	lib.SQLITE_CONSTRAINT_FOREIGNKEY, lib.SQLITE_CONSTRAINT_UNIQUE, lib.SQLITE_CONSTRAINT_PRIMARYKEY,
	lib.SQLITE_CONSTRAINT_NOTNULL, lib.SQLITE_CONSTRAINT_DATATYPE,
}

// violates says whether an error is one of the given violations.
func violates(err error, codes ...int) bool {
	return err != nil && slices.Contains(codes, int(lite.ErrCode(err)))
}

package sqlstore

import (
	"errors"

	"scimproof/server/store"
	"scimproof/server/store/sqlquery"
)

// Scan reads the columns of the row that it was made for.
type Scan = func(dest ...any) error

// Session is a connection that is in a transaction. SQL comes with question marks for its arguments, as package sqlquery writes it.
type Session interface {
	// Rows calls each for every row, until it returns false. Meanwhile the session answers nothing else.
	Rows(text string, args []any, each func(Scan) (bool, error)) error
	// Visit is Rows where each may use the session, too.
	Visit(text string, args []any, each func(Scan) (bool, error)) error
	// Find runs a query for one number with several lists of arguments, and returns the numbers in their order, 0 where there is no row.
	Find(text string, lists [][]any) ([]int64, error)
	// Change runs a statement that writes, and returns how many rows it touched.
	Change(text string, args []any) (int, error)
	// ChangeAll is Change with several lists of arguments, and returns the numbers of rows in their order.
	ChangeAll(text string, lists [][]any) ([]int, error)
	// Violation says which rule of the tables an error of the session is about.
	Violation(err error) Violation
}

// Counter is the part of a Session that keeps the counters. A step that fails leaves none of what it counted.
type Counter interface {
	// Count notes that a resource has come to the collection and the organization (1), or gone from them (-1).
	Count(collection, seq int64, organization string, by int)
	// Flush brings the counters up to date: somebody is about to read them.
	Flush() error
}

// Violation is a rule that a change would break.
type Violation int

// The rules of the tables.
const (
	None      Violation = iota
	Unique              // another row has the values
	Reference           // the row that it refers to is not there
)

var errOver = errors.New("the read or write that this belonged to is over")

// query is Rows of a Fragment.
func (r *Reader) query(f sqlquery.Fragment, each func(Scan) (bool, error)) error {
	return r.rows(f.SQL, f.Args, each)
}

func (r *Reader) rows(text string, args []any, each func(Scan) (bool, error)) error {
	if r.session == nil {
		return errOver
	}
	return r.session.Rows(text, args, each)
}

// visit is query where each may read from the store.
func (r *Reader) visit(f sqlquery.Fragment, each func(Scan) (bool, error)) error {
	if r.session == nil {
		return errOver
	}
	return r.session.Visit(f.SQL, f.Args, each)
}

// row reads one row into dest; ErrNotFound where there is none.
func (r *Reader) row(text string, args []any, dest ...any) error {
	err := store.ErrNotFound
	failed := r.rows(text, args, func(scan Scan) (bool, error) {
		err = scan(dest...)
		return false, err
	})
	if failed != nil {
		return failed
	}
	return err
}

// number reads a single number; ErrNotFound where there is no row.
func (r *Reader) number(text string, args ...any) (n int64, err error) {
	err = r.row(text, args, &n)
	return n, err
}

// numberOf is number of a Fragment.
func (r *Reader) numberOf(f sqlquery.Fragment) (int64, error) { return r.number(f.SQL, f.Args...) }

// exists says whether a query, which selects a number, has a row.
func (r *Reader) exists(text string, args ...any) (bool, error) {
	_, err := r.number(text, args...)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// texts reads a column of text.
func (r *Reader) texts(query string, args ...any) (out []string, err error) {
	err = r.rows(query, args, func(scan Scan) (bool, error) {
		var s string
		err := scan(&s)
		out = append(out, s)
		return true, err
	})
	return out, err
}

package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"scimproof/server/store"
)

// maxStatements is how many prepared statements a session keeps from one use to the next. Those of the methods number some dozens; filters make the rest.
const maxStatements = 256

var errOver = errors.New("the read or write that this belonged to is over")

// session is one connection with its prepared statements. One goroutine uses it at a time.
type session struct {
	conn       *sql.Conn
	statements map[string]*sql.Stmt
	// ctx ends long queries of a read. A write must not be interrupted: SQLite would roll back the whole transaction with it.
	ctx context.Context
	// broken is a failure that may have ended the transaction, as that of a full disk does. Each statement after it would be a
	// transaction of its own, so that none runs until control has brought the session back to a known state.
	broken error
}

func newSession(ctx context.Context, db *sql.DB) (*session, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &session{conn: conn, statements: map[string]*sql.Stmt{}, ctx: context.Background()}, nil
}

func (s *session) close() error {
	s.forget()
	return s.conn.Close()
}

// trim empties a cache that has grown too far: filters that clients make up come and go. No statement may be running.
func (s *session) trim() {
	if len(s.statements) > maxStatements {
		s.forget()
	}
}

func (s *session) forget() {
	for text, stmt := range s.statements {
		stmt.Close()
		delete(s.statements, text)
	}
}

// control runs a statement that begins or ends a transaction or a part of one.
func (s *session) control(text string) error {
	s.broken = nil
	_, err := s.exec(text)
	return err
}

// note remembers a failure, unless it is one that leaves the transaction as it was before the statement.
func (s *session) note(err error) error {
	if err != nil && s.broken == nil && !violates(err, constraints...) {
		s.broken = err
	}
	return err
}

// prepare finds the statement or makes it.
func (s *session) prepare(text string) (*sql.Stmt, error) {
	if s == nil {
		return nil, errOver
	}
	if s.broken != nil {
		return nil, s.broken
	}
	if stmt := s.statements[text]; stmt != nil {
		return stmt, nil
	}
	stmt, err := s.conn.PrepareContext(context.Background(), text)
	if err != nil {
		return nil, err
	}
	s.statements[text] = stmt
	return stmt, nil
}

func (s *session) exec(text string, args ...any) (sql.Result, error) {
	stmt, err := s.prepare(text)
	if err != nil {
		return nil, err
	}
	res, err := stmt.ExecContext(context.Background(), args...)
	return res, s.note(err)
}

// affected is exec where the number of rows is of interest.
func (s *session) affected(text string, args ...any) (int, error) {
	res, err := s.exec(text, args...)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return int(n), err
}

// row reads one row into dest; ErrNotFound where there is none.
func (s *session) row(text string, args []any, dest ...any) error {
	stmt, err := s.prepare(text)
	if err != nil {
		return err
	}
	err = stmt.QueryRowContext(s.ctx, args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return store.ErrNotFound
	}
	return s.note(err)
}

// rows calls each for every row, until it returns false.
func (s *session) rows(text string, args []any, each func(scan func(dest ...any) error) (bool, error)) error {
	stmt, err := s.prepare(text)
	if err != nil {
		return err
	}
	rows, err := stmt.QueryContext(s.ctx, args...)
	if err != nil {
		return s.note(err)
	}
	defer rows.Close()
	for rows.Next() {
		more, err := each(rows.Scan)
		if err != nil || !more {
			return err
		}
	}
	return s.note(rows.Err())
}

// number reads a single number; ErrNotFound where there is no row.
func (s *session) number(text string, args ...any) (n int64, err error) {
	err = s.row(text, args, &n)
	return n, err
}

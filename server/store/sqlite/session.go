package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	lite "zombiezen.com/go/sqlite"

	"scimproof/server/store"
)

// maxStatements is how many prepared statements a session keeps from one use to the next. Those of the methods number some dozens; filters make the rest.
const maxStatements = 256

var errOver = errors.New("the read or write that this belonged to is over")

// session is one connection with its prepared statements. One goroutine uses it at a time.
type session struct {
	conn       *lite.Conn
	statements map[string]*statement
	// ctx ends long queries of a read. A write must not be interrupted: SQLite would roll back the whole transaction with it.
	ctx  context.Context
	stop chan struct{} // closed to end the query that is running, when ctx ends
	// broken is a failure that may have ended the transaction, as that of a full disk does. Each statement after it would be a
	// transaction of its own, so that none runs until control has brought the session back to a known state.
	broken error
	// pending is what has come and gone since the counters were last brought up to date.
	pending map[place]int64
}

// statement is a prepared one. While its rows are read it cannot begin anew.
type statement struct {
	*lite.Stmt
	busy bool
}

func newSession(path string, flags lite.OpenFlags, pragmas ...string) (*session, error) {
	conn, err := lite.OpenConn(path, flags)
	if err != nil {
		return nil, err
	}
	s := &session{conn: conn, statements: map[string]*statement{}, ctx: context.Background()}
	for _, pragma := range pragmas {
		if err := s.rows("PRAGMA "+pragma, nil, func(func(...any) error) (bool, error) { return true, nil }); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
	}
	s.arm()
	return s, nil
}

func (s *session) close() error {
	s.forget()
	return s.conn.Close()
}

// arm makes the channel that interrupts the connection; it stays until it has been used.
func (s *session) arm() {
	s.stop = make(chan struct{})
	s.conn.SetInterrupt(s.stop)
}

// follow lets the queries of a read end with a context. The function that it returns ends that.
func (s *session) follow(ctx context.Context) func() {
	s.ctx = ctx
	interrupted := make(chan struct{})
	stop := s.stop
	forget := context.AfterFunc(ctx, func() {
		close(stop)
		close(interrupted)
	})
	return func() {
		s.ctx = context.Background()
		if !forget() {
			<-interrupted
			s.arm()
		}
	}
}

// trim empties a cache that has grown too far: filters that clients make up come and go. No statement may be running.
func (s *session) trim() {
	if len(s.statements) > maxStatements {
		s.forget()
	}
}

func (s *session) forget() {
	for _, stmt := range s.statements {
		_ = stmt.Finalize() // it says again what the last step said
	}
	clear(s.statements)
}

// control runs a statement that begins or ends a transaction or a part of one.
func (s *session) control(text string) error {
	s.broken = nil
	_, err := s.affected(text)
	return err
}

// note remembers a failure, unless it is one that leaves the transaction as it was before the statement.
func (s *session) note(err error) error {
	if err == nil {
		return nil
	}
	if ended := s.ctx.Err(); ended != nil && lite.ErrCode(err).ToPrimary() == lite.ResultInterrupt {
		err = ended
	}
	if s.broken == nil && !violates(err, constraints...) {
		s.broken = err
	}
	return err
}

// prepare finds the statement, or makes it, and gives it its arguments. done is called when it is no longer in use.
func (s *session) prepare(text string, args []any) (stmt *lite.Stmt, done func(), err error) {
	if s == nil {
		return nil, nil, errOver
	}
	if s.broken != nil {
		return nil, nil, s.broken
	}
	known := s.statements[text]
	switch {
	case known == nil:
		made, _, err := s.conn.PrepareTransient(opaque(text))
		if err != nil {
			return nil, nil, err
		}
		known = &statement{Stmt: made}
		s.statements[text] = known
	case known.busy: // by somebody further out who reads its rows
		made, _, err := s.conn.PrepareTransient(opaque(text))
		if err != nil {
			return nil, nil, err
		}
		return made, func() { _ = made.Finalize() }, bindAll(made, args)
	}
	known.busy = true
	return known.Stmt, known.done, bindAll(known.Stmt, args)
}

// opaque keeps the planner from looking at the values of arguments: one that it has looked at has it plan the statement anew whenever
// the argument is set, which costs ten times what the statement does. likely() is nothing to the program that runs.
func opaque(text string) string { return strings.ReplaceAll(text, "?", "likely(?)") }

// done makes a statement ready to begin anew. Whatever went wrong, its last step has said.
func (s *statement) done() {
	_ = s.Reset()
	_ = s.ClearBindings() // so that it does not hold on to large values
	s.busy = false
}

func bindAll(stmt *lite.Stmt, args []any) error {
	for i, arg := range args {
		switch v := arg.(type) {
		case nil:
			stmt.BindNull(i + 1)
		case string:
			stmt.BindText(i+1, v)
		case []byte:
			if v == nil {
				stmt.BindNull(i + 1)
			} else {
				stmt.BindBytes(i+1, v)
			}
		case int64:
			stmt.BindInt64(i+1, v)
		case int:
			stmt.BindInt64(i+1, int64(v))
		case bool:
			stmt.BindBool(i+1, v)
		case float64:
			stmt.BindFloat(i+1, v)
		default:
			return fmt.Errorf("argument %d has the type %T", i+1, arg)
		}
	}
	return nil
}

// scan reads the columns of a row.
func scan(stmt *lite.Stmt, dest []any) error {
	for i, d := range dest {
		switch v := d.(type) {
		case *int64:
			*v = stmt.ColumnInt64(i)
		case *int:
			*v = stmt.ColumnInt(i)
		case *bool:
			*v = stmt.ColumnBool(i)
		case *string:
			*v = stmt.ColumnText(i)
		case *float64:
			*v = stmt.ColumnFloat(i)
		case *[]byte:
			*v = nil
			if !stmt.ColumnIsNull(i) {
				*v = make([]byte, stmt.ColumnLen(i))
				stmt.ColumnBytes(i, *v)
			}
		case *any:
			*v = value(stmt, i)
		case sql.Scanner:
			if err := v.Scan(stmt.ColumnText(i)); err != nil {
				return err
			}
		default:
			return fmt.Errorf("column %d cannot be read into %T", i, d)
		}
	}
	return nil
}

// value reads a column as what it is.
func value(stmt *lite.Stmt, i int) any {
	switch stmt.ColumnType(i) {
	case lite.TypeInteger:
		return stmt.ColumnInt64(i)
	case lite.TypeFloat:
		return stmt.ColumnFloat(i)
	case lite.TypeText:
		return stmt.ColumnText(i)
	case lite.TypeBlob:
		out := make([]byte, stmt.ColumnLen(i))
		stmt.ColumnBytes(i, out)
		return out
	}
	return nil
}

// affected runs a statement to its end and returns how many rows it changed.
func (s *session) affected(text string, args ...any) (int, error) {
	stmt, done, err := s.prepare(text, args)
	if done != nil {
		defer done()
	}
	for more := err == nil; more; {
		more, err = stmt.Step()
	}
	if err != nil {
		return 0, s.note(err)
	}
	return s.conn.Changes(), nil
}

// row reads one row into dest; ErrNotFound where there is none.
func (s *session) row(text string, args []any, dest ...any) error {
	err := store.ErrNotFound
	failed := s.rows(text, args, func(scan func(...any) error) (bool, error) {
		err = scan(dest...)
		return false, err
	})
	if failed != nil {
		return failed
	}
	return err
}

// rows calls each for every row, until it returns false.
func (s *session) rows(text string, args []any, each func(scan func(dest ...any) error) (bool, error)) error {
	stmt, done, err := s.prepare(text, args)
	if done != nil {
		defer done()
	}
	if err != nil {
		return s.note(err)
	}
	read := func(dest ...any) error { return scan(stmt, dest) }
	for {
		row, err := stmt.Step()
		if err != nil {
			return s.note(err)
		}
		if !row {
			return nil
		}
		if more, err := each(read); err != nil || !more {
			return err
		}
	}
}

// number reads a single number; ErrNotFound where there is no row.
func (s *session) number(text string, args ...any) (n int64, err error) {
	err = s.row(text, args, &n)
	return n, err
}

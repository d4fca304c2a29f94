package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"scimproof/server/store/sqlquery"
	"scimproof/server/store/sqlstore"
)

// dialect is that of the SQL which the stores share. The planner takes no hints.
type dialect struct{ sqlquery.PostgreSQL }

var _ sqlstore.Dialect = dialect{}

// Along is that of sqlstore.Dialect.
func (dialect) Along(table, _ string) string { return table }

// NextPosition is that of sqlstore.Dialect.
func (dialect) NextPosition(string) string { return "nextval('membership_position')" }

// session is a connection in a transaction. One goroutine uses it at a time.
type session struct {
	conn *pgxpool.Conn
	ctx  context.Context
	// broken is the first failure: PostgreSQL answers nothing more in a transaction that has had one.
	broken  error
	cursors int
	over    bool
	pending map[place]int64
}

var (
	_ sqlstore.Session = (*session)(nil)
	_ sqlstore.Counter = (*session)(nil)
)

// begin takes a connection and begins a transaction.
func begin(ctx context.Context, pool *pgxpool.Pool, text string) (*session, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, text); err != nil {
		_ = conn.Conn().Close(context.WithoutCancel(ctx)) // whatever state it is in
		conn.Release()
		return nil, err
	}
	s := &session{conn: conn, ctx: ctx}
	if err := ctx.Err(); err != nil {
		s.end()
		return nil, err
	}
	return s, nil
}

// commit makes the transaction durable. Who gives up waiting now would not know whether it is.
func (s *session) commit() error {
	if err := s.Flush(); err != nil {
		return err
	}
	s.over = true
	_, err := s.conn.Exec(context.WithoutCancel(s.ctx), "COMMIT")
	return err
}

// end undoes the transaction, unless it was committed, and gives the connection back. The pool drops one that is not as it should be.
func (s *session) end() {
	if !s.over {
		_, _ = s.conn.Exec(context.WithoutCancel(s.ctx), "ROLLBACK")
	}
	s.conn.Release()
}

// note remembers a failure.
func (s *session) note(err error) error {
	if err != nil && s.broken == nil {
		s.broken = err
	}
	return err
}

// Rows is that of sqlstore.Session.
func (s *session) Rows(text string, args []any, each func(sqlstore.Scan) (bool, error)) error {
	if s.broken != nil {
		return s.broken
	}
	rows, err := s.conn.Query(s.ctx, numbered(text), plain(args)...)
	if err != nil {
		return s.note(err)
	}
	scan := func(dest ...any) error { return rows.Scan(targets(dest)...) }
	var failed error
	for more := true; more && failed == nil && rows.Next(); {
		more, failed = each(scan)
	}
	rows.Close() // a statement may fail after its first rows
	if err := s.note(rows.Err()); err != nil {
		return err
	}
	return failed
}

// visitSize is how many rows Visit holds in memory.
const visitSize = 256

// Visit is that of sqlstore.Session. A cursor keeps the place while the connection answers other questions.
func (s *session) Visit(text string, args []any, each func(sqlstore.Scan) (bool, error)) error {
	s.cursors++
	cursor := "visit_" + strconv.Itoa(s.cursors)
	if _, err := s.Change("DECLARE "+cursor+" NO SCROLL CURSOR FOR "+text, args); err != nil {
		return err
	}
	for {
		rows, err := s.fetch(cursor)
		if err != nil {
			return err
		}
		for _, scan := range rows {
			if more, err := each(scan); err != nil || !more {
				return err // the transaction's end closes the cursor
			}
		}
		if len(rows) < visitSize {
			_, err := s.Change("CLOSE "+cursor, nil)
			return err
		}
	}
}

// fetch keeps the next rows of a cursor as they came. Its statement is not prepared: the next cursor of the name has other columns.
func (s *session) fetch(cursor string) (kept []sqlstore.Scan, err error) {
	if s.broken != nil {
		return nil, s.broken
	}
	rows, err := s.conn.Query(s.ctx, fmt.Sprintf("FETCH %d FROM %s", visitSize, cursor), pgx.QueryExecModeDescribeExec)
	if err != nil {
		return nil, s.note(err)
	}
	defer rows.Close()
	fields, types := slices.Clone(rows.FieldDescriptions()), s.conn.Conn().TypeMap()
	for rows.Next() {
		var values [][]byte
		for _, v := range rows.RawValues() {
			values = append(values, slices.Clone(v))
		}
		kept = append(kept, func(dest ...any) error {
			for i, d := range targets(dest) {
				if err := types.Scan(fields[i].DataTypeOID, fields[i].Format, values[i], d); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return kept, s.note(rows.Err())
}

// Change is that of sqlstore.Session.
func (s *session) Change(text string, args []any) (int, error) {
	if s.broken != nil {
		return 0, s.broken
	}
	tag, err := s.conn.Exec(s.ctx, numbered(text), plain(args)...)
	return int(tag.RowsAffected()), s.note(err)
}

// batchSize is how many statements go to the database at once.
const batchSize = 500

// ChangeAll is that of sqlstore.Session.
func (s *session) ChangeAll(text string, lists [][]any) (changed []int, err error) {
	err = s.batch(text, lists, func(results pgx.BatchResults) error {
		tag, err := results.Exec()
		changed = append(changed, int(tag.RowsAffected()))
		return err
	})
	return changed, err
}

// Find is that of sqlstore.Session.
func (s *session) Find(text string, lists [][]any) (numbers []int64, err error) {
	err = s.batch(text, lists, func(results pgx.BatchResults) error {
		var n int64
		err := results.QueryRow().Scan(&n)
		numbers = append(numbers, n)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		return err
	})
	return numbers, err
}

// batch runs a statement with each list of arguments and waits for the network once for many.
func (s *session) batch(text string, lists [][]any, each func(pgx.BatchResults) error) error {
	if s.broken != nil {
		return s.broken
	}
	text = numbered(text)
	for part := range slices.Chunk(lists, batchSize) {
		var b pgx.Batch
		for _, args := range part {
			b.Queue(text, plain(args)...)
		}
		results := s.conn.SendBatch(s.ctx, &b)
		var err error
		for i := 0; i < len(part) && err == nil; i++ {
			err = each(results)
		}
		if closing := results.Close(); err == nil {
			err = closing
		}
		if err != nil {
			return s.note(err)
		}
	}
	return nil
}

// Violation is that of sqlstore.Session.
func (s *session) Violation(err error) sqlstore.Violation {
	var failure *pgconn.PgError
	if errors.As(err, &failure) {
		switch failure.Code {
		case "23505":
			return sqlstore.Unique
		case "23503":
			return sqlstore.Reference
		}
	}
	return sqlstore.None
}

// numbered rewrites question marks to $1, $2 and so on.
func numbered(text string) string {
	var out strings.Builder
	for n := 1; ; n++ {
		before, after, found := strings.Cut(text, "?")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		out.WriteByte('$')
		out.WriteString(strconv.Itoa(n))
		text = after
	}
}

// plain makes texts the bytes that the tables hold.
func plain(args []any) []any {
	out := make([]any, len(args))
	for i, arg := range args {
		if text, ok := arg.(string); ok {
			out[i] = []byte(text)
		} else {
			out[i] = arg
		}
	}
	return out
}

// targets lets bytes be read into texts.
func targets(dest []any) []any {
	out := make([]any, len(dest))
	for i, d := range dest {
		if s, ok := d.(*string); ok {
			out[i] = &textTarget{s}
		} else {
			out[i] = d
		}
	}
	return out
}

type textTarget struct{ to *string }

// ScanBytes is that of pgtype.BytesScanner.
func (t *textTarget) ScanBytes(v []byte) error {
	*t.to = string(v)
	return nil
}

package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"sync"

	"scimproof/server/store"
	"scimproof/server/store/sqlstore"
)

// Store is a store.Store in a SQLite file; Open makes one.
type Store struct {
	opt     Options
	reading *sql.DB
	writing *sql.DB
	remove  string // directory to remove on Close, or ""

	idle    chan *session // readers that nobody uses
	writer  *writer
	closing chan struct{} // closed when Close begins
	once    sync.Once
}

var _ store.Store = (*Store)(nil)

// start opens the connections and the writer.
func start(ctx context.Context, reading, writing *sql.DB, log string, opt Options) (*Store, error) {
	s := &Store{
		opt: opt, reading: reading, writing: writing,
		idle: make(chan *session, opt.Readers), closing: make(chan struct{}),
	}
	for range opt.Readers {
		r, err := newSession(ctx, reading)
		if err != nil {
			return nil, err
		}
		s.idle <- r
	}
	w, err := newSession(ctx, writing)
	if err != nil {
		return nil, err
	}
	s.writer = newWriter(w, opt.MaxBatch, s.closing)
	s.writer.between = (&writeAhead{conn: w, path: log}).shrink
	go s.writer.run()
	return s, nil
}

// Read is that of store.Store. More reads at a time than Options.Readers wait for each other, never for a write.
func (s *Store) Read(ctx context.Context, fn func(store.Reader) error) error {
	if s.closed() {
		return store.ErrClosed
	}
	var conn *session
	select {
	case conn = <-s.idle:
	case <-ctx.Done():
		return ctx.Err()
	case <-s.closing:
		return store.ErrClosed
	}
	defer func() { s.idle <- conn }()
	if err := ctx.Err(); err != nil {
		return err
	}
	conn.trim()
	if err := conn.control("BEGIN"); err != nil {
		return err
	}
	r := &reader{sqlstore.NewReader(conn, dialect{}, s.opt.MaxScan), conn}
	conn.ctx = ctx
	defer func() {
		conn.ctx = context.Background()
		r.End() // whoever kept r past its time gets an error, not another read's state
		_ = conn.control("ROLLBACK")
	}()
	return fn(r)
}

// Write is that of store.Store. A panic of fn reaches the caller; nothing of the step remains.
func (s *Store) Write(ctx context.Context, fn func(store.Tx) error) error {
	return s.writer.do(ctx, func(conn *session) error {
		t := sqlstore.NewTx(conn, dialect{}, s.opt.MaxScan)
		defer t.End()
		if err := fn(t); err != nil {
			return err
		}
		if err := t.Failed(); err != nil {
			return err
		}
		return conn.broken
	})
}

// Close is that of store.Store. It waits for reads under way, too.
func (s *Store) Close() error {
	err := store.ErrClosed
	s.once.Do(func() {
		close(s.closing)
		<-s.writer.done
		err = s.writer.conn.close()
		for range s.opt.Readers {
			err = errors.Join(err, (<-s.idle).close())
		}
		// The writer's connection goes last: it moves what the log holds into the file.
		err = errors.Join(err, s.reading.Close(), s.writing.Close())
		if s.remove != "" {
			err = errors.Join(err, os.RemoveAll(s.remove))
		}
	})
	return err
}

func (s *Store) closed() bool {
	select {
	case <-s.closing:
		return true
	default:
		return false
	}
}

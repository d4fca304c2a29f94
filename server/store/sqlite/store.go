package sqlite

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"

	lite "zombiezen.com/go/sqlite"

	"scimproof/server/store"
	"scimproof/server/store/sqlstore"
)

// Store is a store.Store in a SQLite file; Open makes one.
type Store struct {
	opt    Options
	cache  *sqlstore.Cache
	remove string // directory to remove on Close, or ""

	idle    chan *session // readers that nobody uses
	writer  *writer
	closing chan struct{} // closed when Close begins
	watched chan struct{} // closed when watch is over
	once    sync.Once
}

var _ store.Store = (*Store)(nil)

// watchInterval is how long a change by another process can go unseen.
const watchInterval = 250 * time.Millisecond

// start opens the connections and the writer over a file that has been prepared.
func start(path string, opt Options) (*Store, error) {
	w, err := newSession(path, lite.OpenReadWrite, writerPragmas(opt)...)
	if err != nil {
		return nil, err
	}
	s := &Store{opt: opt, cache: sqlstore.NewCache(), idle: make(chan *session, opt.Readers), closing: make(chan struct{}), watched: make(chan struct{})}
	for range opt.Readers {
		r, err := newSession(path, lite.OpenReadOnly, readerPragmas...)
		if err != nil {
			return nil, errors.Join(err, s.closeReaders(len(s.idle)), w.close())
		}
		s.idle <- r
	}
	s.writer = newWriter(w, opt.MaxBatch, s.closing)
	s.writer.between = (&writeAhead{conn: w, path: path + "-wal"}).shrink
	go s.writer.run()
	go s.watch()
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
	r := &reader{sqlstore.NewReader(conn, dialect{}, s.opt.MaxScan, s.cache), conn}
	unfollow := conn.follow(ctx)
	defer func() {
		unfollow()
		r.Done()
		r.End() // whoever kept r past its time gets an error, not another read's state
		_ = conn.control("ROLLBACK")
	}()
	return fn(r)
}

// Admit is that of store.Store. Another process that writes to the control plane is heard of within watchInterval.
func (s *Store) Admit(ctx context.Context, application string, digest []byte) (store.Admission, error) {
	kept := s.cache.Current()
	if a, ok := kept.Get(application, digest); ok {
		return a, nil
	}
	var a store.Admission
	err := s.Read(ctx, func(r store.Reader) (err error) {
		a, err = r.(*reader).Admission(application, digest)
		return err
	})
	if err == nil {
		kept.Keep(application, digest, a)
	}
	return a, err
}

// Write is that of store.Store. A panic of fn reaches the caller; nothing of the step remains.
func (s *Store) Write(ctx context.Context, fn func(store.Tx) error) error {
	var t *sqlstore.Tx
	err := s.writer.do(ctx, func(conn *session) error {
		t = sqlstore.NewTx(conn, dialect{}, s.opt.MaxScan, s.cache)
		defer t.End()
		if err := fn(t); err != nil {
			return err
		}
		if err := t.Failed(); err != nil {
			return err
		}
		return conn.broken
	})
	if err != nil {
		return err
	}
	t.Done()
	if t.Controlled() {
		s.cache.Supersede()
	}
	return nil
}

// watch looks for changes of the control plane by another process, such as a command that was given the same file, until the store closes.
func (s *Store) watch() {
	defer close(s.watched)
	tick := time.NewTicker(watchInterval)
	defer tick.Stop()
	last := int64(-1)
	for {
		select {
		case <-tick.C:
		case <-s.closing:
			return
		}
		err := s.Read(context.Background(), func(r store.Reader) error {
			generation, err := r.(*reader).Generation()
			if err == nil && generation != last {
				last = generation
				s.cache.Supersede()
			}
			return err
		})
		if err != nil { // nobody knows, so nothing that is kept can be trusted
			s.cache.Supersede()
		}
	}
}

// Close is that of store.Store. It waits for reads under way, too.
func (s *Store) Close() error {
	err := store.ErrClosed
	s.once.Do(func() {
		close(s.closing)
		<-s.writer.done
		<-s.watched
		// The writer's connection goes last: it moves what the log holds into the file.
		err = errors.Join(s.closeReaders(s.opt.Readers), s.writer.conn.close())
		if s.remove != "" {
			err = errors.Join(err, os.RemoveAll(s.remove))
		}
	})
	return err
}

// closeReaders waits for so many readers and closes them.
func (s *Store) closeReaders(n int) (err error) {
	for range n {
		err = errors.Join(err, (<-s.idle).close())
	}
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

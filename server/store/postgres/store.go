package postgres

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"scimproof/server/store"
	"scimproof/server/store/sqlstore"
)

// Store is a store.Store in a PostgreSQL database; Open makes one.
type Store struct {
	opt              Options
	cache            *sqlstore.Cache
	reading, writing *pgxpool.Pool

	mu     sync.Mutex
	closed bool
	active sync.WaitGroup // reads and steps under way
}

var _ store.Store = (*Store)(nil)

// enter counts a read or a step in, unless the store is closed.
func (s *Store) enter() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return store.ErrClosed
	}
	s.active.Add(1)
	return nil
}

// Close is that of store.Store.
func (s *Store) Close() error {
	s.mu.Lock()
	was := s.closed
	s.closed = true
	s.mu.Unlock()
	if was {
		return store.ErrClosed
	}
	s.active.Wait()
	s.reading.Close()
	s.writing.Close()
	return nil
}

// Read is that of store.Store. More reads at a time than Options.Readers wait for each other, never for a step.
func (s *Store) Read(ctx context.Context, fn func(store.Reader) error) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.active.Done()
	conn, err := begin(ctx, s.reading, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
	if err != nil {
		return err
	}
	defer conn.end()
	r := sqlstore.NewReader(conn, dialect{}, s.opt.MaxScan, s.cache)
	defer r.End()
	defer r.Done()
	return fn(r)
}

// Admit is that of store.Store. The generation of the control plane is read each time: other servers write to it, too.
func (s *Store) Admit(ctx context.Context, application string, digest []byte) (a store.Admission, err error) {
	err = s.Read(ctx, func(r store.Reader) error {
		rd := r.(*sqlstore.Reader)
		generation, err := rd.Generation()
		if err != nil {
			return err
		}
		kept := s.cache.At(generation)
		var ok bool
		if a, ok = kept.Get(application, digest); ok {
			return nil
		}
		if a, err = rd.Admission(application, digest); err == nil {
			kept.Keep(application, digest, a)
		}
		return err
	})
	return a, err
}

// The ways to begin a step. LOCK comes before the transaction's first look at the data, so that who runs alone sees what all others did.
const (
	beginAmongOthers = "BEGIN ISOLATION LEVEL SERIALIZABLE; LOCK TABLE gate IN ROW SHARE MODE"
	beginAlone       = "BEGIN ISOLATION LEVEL SERIALIZABLE; LOCK TABLE gate IN EXCLUSIVE MODE"
)

const (
	// hopeful is how many times a step is tried among others. Of steps that collide with each other, one at least gets through each time.
	hopeful = 5
	// attempts is how many times it is tried at all: alone it cannot collide, but the database may be restarted.
	attempts = hopeful + 3
)

// Write is that of store.Store. A step that collides with another is tried again, after a pause that grows and that chance shortens, and
// in the end alone: the database then lets it wait for its turn and holds others back until it is done.
func (s *Store) Write(ctx context.Context, fn func(store.Tx) error) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.active.Done()
	for n := 1; ; n++ {
		start := beginAmongOthers
		if n > hopeful {
			start = beginAlone
		}
		again, err := s.attempt(ctx, start, fn)
		if !again {
			return err
		}
		if n == attempts {
			return fmt.Errorf("the step was tried %d times: %w", n, err)
		}
		if err := s.pause(ctx, n); err != nil {
			return err
		}
	}
}

// pause waits for up to 2 milliseconds after the first attempt, and twice as long after each further one.
func (s *Store) pause(ctx context.Context, n int) error {
	select {
	case <-time.After(time.Duration(s.opt.Jitter() * float64(time.Millisecond<<n))):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// attempt runs a step once; again says that nothing of it remains and that another attempt may do better.
func (s *Store) attempt(ctx context.Context, start string, fn func(store.Tx) error) (again bool, err error) {
	conn, err := begin(ctx, s.writing, start)
	if err != nil {
		return ctx.Err() == nil && (collided(err) || pgconn.SafeToRetry(err)), err
	}
	defer conn.end()
	tx := sqlstore.NewTx(conn, dialect{}, s.opt.MaxScan, s.cache)
	defer tx.End()
	err = fn(tx)
	if conn.broken != nil && ctx.Err() == nil && (collided(conn.broken) || start != beginAlone && conn.Violation(conn.broken) != sqlstore.None) {
		return true, conn.broken // what fn makes of it does not count
	}
	if err = firstOf(err, tx.Failed(), conn.broken, ctx.Err()); err != nil {
		return false, err
	}
	if err = conn.commit(); err == nil {
		tx.Done()
	}
	return err != nil && collided(err), err
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// collided says that the database has ended a transaction for the sake of another.
func collided(err error) bool {
	var failure *pgconn.PgError
	return errors.As(err, &failure) && (failure.Code == "40001" || failure.Code == "40P01")
}

package sqlite

import (
	"context"
	"errors"

	"scimproof/server/store"
)

// writer gives callers their turns on the one connection that writes. A step runs in the goroutine of its caller, so that a panic or
// runtime.Goexit inside it is the caller's own; the writer's goroutine only begins, commits and rolls back.
type writer struct {
	conn    *session
	queue   chan *step
	closing <-chan struct{}
	done    chan struct{} // closed when the last turn is over
	max     int

	between func() // called between two transactions, or nil
	// commit ends a transaction; a test replaces it to see what a failure does.
	commit func() error
	// committed is told how many steps each commit made durable; nil asks for nothing.
	committed func(steps int)
}

// step is one Write that waits.
type step struct {
	ctx     context.Context
	turn    chan struct{} // the writer lets the step run
	ran     chan error    // the step says how it went
	verdict chan error    // the writer says whether it is durable
}

// errAbandoned stands for a step that did not return: it panicked, or its goroutine ended.
var errAbandoned = errors.New("the step did not come to its end")

func newWriter(conn *session, limit int, closing <-chan struct{}) *writer {
	w := &writer{conn: conn, queue: make(chan *step), closing: closing, done: make(chan struct{}), max: limit}
	w.commit = func() error {
		if err := conn.Flush(); err != nil {
			return err
		}
		return conn.control("COMMIT")
	}
	return w
}

// do waits for a turn, runs fn and waits until it is durable.
func (w *writer) do(ctx context.Context, fn func(*session) error) error {
	select {
	case <-w.closing:
		return store.ErrClosed
	default:
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	s := &step{ctx: ctx, turn: make(chan struct{}), ran: make(chan error, 1), verdict: make(chan error, 1)}
	select {
	case w.queue <- s:
	case <-ctx.Done():
		return ctx.Err()
	case <-w.closing:
		return store.ErrClosed
	}
	select {
	case <-s.turn:
	case err := <-s.verdict: // it never came to a turn
		return err
	}
	if err := w.attempt(s, fn); err != nil {
		return err
	}
	return <-s.verdict
}

// attempt runs fn and tells the writer how it went, whatever happens.
func (w *writer) attempt(s *step, fn func(*session) error) (err error) {
	err = errAbandoned
	defer func() { s.ran <- err }()
	err = fn(w.conn)
	return err
}

// run takes batch after batch until the store closes.
func (w *writer) run() {
	defer close(w.done)
	for {
		select {
		case s := <-w.queue:
			w.batch(s)
			if w.between != nil {
				w.between()
			}
		case <-w.closing:
			return
		}
	}
}

// batch runs the first step, and all that wait by the time it is done, in one transaction.
func (w *writer) batch(s *step) {
	w.conn.trim()
	if err := w.conn.control("BEGIN IMMEDIATE"); err != nil {
		s.verdict <- err
		return
	}
	var waiting []*step
	for n := 1; s != nil; n++ {
		ok, err := w.turn(s)
		if ok {
			waiting = append(waiting, s)
		}
		if err != nil {
			w.fail(waiting, err)
			return
		}
		s = nil
		if n < w.max {
			select {
			case s = <-w.queue:
			default:
			}
		}
	}
	if len(waiting) == 0 {
		_ = w.conn.control("ROLLBACK")
		clear(w.conn.pending)
		return
	}
	if err := w.commit(); err != nil {
		w.fail(waiting, err)
		return
	}
	if w.committed != nil {
		w.committed(len(waiting))
	}
	for _, s := range waiting {
		s.verdict <- nil
	}
}

// turn runs one step inside a savepoint. ok says that it waits for the commit; err, that the transaction is no longer usable.
func (w *writer) turn(s *step) (ok bool, err error) {
	if err := s.ctx.Err(); err != nil {
		s.verdict <- err
		return false, nil
	}
	if err := w.conn.control("SAVEPOINT step"); err != nil {
		s.verdict <- err
		return false, err
	}
	uncount := w.conn.counted()
	close(s.turn)
	if <-s.ran == nil {
		return true, w.conn.control("RELEASE step")
	}
	uncount()
	if err := w.conn.control("ROLLBACK TO step"); err != nil {
		return false, err // some failures, a full disk for one, have ended the transaction already
	}
	return false, w.conn.control("RELEASE step")
}

// fail gives up a transaction and tells everyone who waits for it.
func (w *writer) fail(waiting []*step, err error) {
	_ = w.conn.control("ROLLBACK")
	clear(w.conn.pending)
	for _, s := range waiting {
		s.verdict <- err
	}
}

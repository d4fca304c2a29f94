package calllog

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofrs/flock"
)

// Config is what a Log is made from.
type Config struct {
	Dir      string           // of the segments; made where it is missing, and the log's own
	MaxBytes int64            // that the segments take up together, at least MinBytes
	MaxAge   time.Duration    // of what is kept; 0 for any
	Clock    func() time.Time // says when the disk failed, and how old things are
	Queue    int              // records that wait for the disk at most; 0 for some thousands
	OpenFile Opener           // nil for the file system's
}

// Opener opens a file to append to it, and makes it where it is missing. It must fail rather than wait where it can.
type Opener func(name string) (io.WriteCloser, error)

// MinBytes is the smallest bound of a log.
const MinBytes = 64 << 10

// defaultQueue has room for the operations of a few /Bulk requests.
const defaultQueue = 4096

// exchangesPart is the part of the bytes that is kept for the exchanges of failures. They have files of their own, so that many failures with
// large bodies push out no calls.
const exchangesPart = 4

// mostWaiting is how many bytes of exchanges wait for the disk at most.
const mostWaiting = 4 << 20

func openFile(name string) (io.WriteCloser, error) {
	return os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
}

// Log is a call log that is open. Any number of goroutines may use it at once.
type Log struct {
	*Reader
	lock            *flock.Flock
	queue           int64              // records that may wait
	largestExchange int                // in bytes, as a line
	wake            chan struct{}      // says that something waits, or that the log is closed; holds one word at most
	hurry           chan struct{}      // ends the gathering; likewise
	asked           chan chan struct{} // for what waits to be written
	done            chan struct{}      // closed when nothing will be written any more

	// What waits is lines already: a record is written in its own call, while all that it is made from is at hand, and no garbage is left.
	mu               sync.Mutex // guards closed and what waits; nobody holds it while he waits for anything
	closed           bool
	calls, exchanges lines

	written, dropped, exchangesDropped, exchangesSpared, removed atomic.Int64
	failure                                                      atomic.Pointer[failure]

	spare *spare
	tails tails
}

// lines are lines that wait to be written.
type lines struct {
	text  []byte
	count int64
}

// take gives what waits away, and goes on with an empty buffer.
func (l *lines) take(empty []byte) lines {
	taken := *l
	*l = lines{text: empty[:0]}
	return taken
}

// failure is the last thing that the disk refused.
type failure struct {
	err error
	at  time.Time
}

// Stats is what became of the records since the log was opened.
type Stats struct {
	Written, Dropped int64     // calls
	ExchangesDropped int64     // exchanges of failures, whose calls may have been written
	ExchangesSpared  int64     // exchanges that were too many in their second
	Removed          int64     // calls that were too old, or made room for others
	TailsDropped     int64     // readers that did not keep pace
	Failure          string    // the last failure of the disk, or ""
	FailedAt         time.Time // when that was
}

// Open opens the log in a directory. It goes on in a segment of its own, so that a line torn by the end of an earlier process harms no other.
func Open(c Config) (*Log, error) {
	if c.Dir == "" || c.MaxBytes < MinBytes {
		return nil, fmt.Errorf("a call log needs a directory and at least %d bytes there, not %d in %q", MinBytes, c.MaxBytes, c.Dir)
	}
	if c.Queue == 0 {
		c.Queue = defaultQueue
	}
	if c.OpenFile == nil {
		c.OpenFile = openFile
	}
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("the directory of the call log cannot be made; choose another: %w", err)
	}
	if err := writable(c.Dir); err != nil {
		return nil, fmt.Errorf("the directory of the call log cannot be written to; give this user the right to, or choose another: %w", err)
	}
	lock, err := locked(c.Dir)
	if err != nil {
		return nil, err
	}
	l := &Log{
		lock: lock, queue: int64(c.Queue), wake: make(chan struct{}, 1), hurry: make(chan struct{}, 1), asked: make(chan chan struct{}), done: make(chan struct{}),
		spare: newSpare(),
	}
	l.Reader = &Reader{dir: c.Dir, settle: l.Settle}
	w := &writer{log: l, clock: c.Clock}
	w.calls.written = func(lines int64) { l.written.Add(lines) }
	w.calls.dropped = func(lines int64) { l.dropped.Add(lines) }
	w.exchanges.written = func(int64) {}
	w.exchanges.dropped = func(lines int64) { l.exchangesDropped.Add(lines) }
	forExchanges := c.MaxBytes / exchangesPart
	w.calls.files, err = c.files(callFiles, c.MaxBytes-forExchanges)
	if err == nil {
		w.exchanges.files, err = c.files(exchangeFiles, forExchanges)
	}
	if err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	l.largestExchange = min(w.exchanges.files.segmentBytes(), longestLine)
	go w.run()
	return l, nil
}

// lockName is the file of a directory that its writer locks.
const lockName = "lock"

// locked keeps other processes from writing to a directory, also where this one is killed.
func locked(dir string) (*flock.Flock, error) {
	lock := flock.New(filepath.Join(dir, lockName), flock.SetPermissions(0o600))
	held, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("the directory of the call log cannot be locked; choose another: %w", err)
	}
	if !held {
		return nil, errors.New("the directory of the call log is that of another server, which is running; choose another")
	}
	return lock, nil
}

// writable finds out whether files can be made in a directory, and deleted.
func writable(dir string) error {
	file, err := os.CreateTemp(dir, "probe-")
	if err != nil {
		return err
	}
	return errors.Join(file.Close(), os.Remove(file.Name()))
}

// files finds the files of a kind that are there.
func (c Config) files(prefix string, bound int64) (files, error) {
	old, err := segments(c.Dir, prefix)
	if err != nil {
		return files{}, fmt.Errorf("the directory of the call log cannot be read; choose another: %w", err)
	}
	return files{dir: c.Dir, prefix: prefix, open: c.OpenFile, bound: bound, age: c.MaxAge, old: dated(c.Dir, prefix, old)}, nil
}

// Record hands a call to the log. It never waits: a call that finds no room, or the log closed, is dropped and counted.
func (l *Log) Record(c Call) { l.put(&c, nil) }

// RecordFailure is Record for a call with its exchange, which is dropped alone where it is larger than a segment, or too much waits.
func (l *Log) RecordFailure(c Call, x Exchange) {
	c.bound()
	x.Time, x.Correlation, x.Part = c.Time, c.Correlation, c.Part
	line, err := appendExchange(nil, &x)
	if err != nil || len(line) > l.largestExchange {
		line = nil
		l.exchangesDropped.Add(1)
	}
	l.put(&c, line)
}

func (l *Log) put(c *Call, exchange []byte) {
	c.bound()
	l.tails.offer(c)
	first, many := l.add(c, exchange)
	if first {
		say(l.wake)
	}
	if many {
		say(l.hurry)
	}
}

// add makes lines of a call and its exchange. It says whether they are the first to wait, and whether so much waits that it is high time.
func (l *Log) add(c *Call, exchange []byte) (first, many bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || l.calls.count >= l.queue {
		l.dropped.Add(1)
		l.loseExchange(exchange)
		return false, false
	}
	l.calls.text = appendCall(l.calls.text, c)
	l.calls.count++
	if len(l.exchanges.text)+len(exchange) > mostWaiting {
		l.loseExchange(exchange)
	} else if exchange != nil {
		l.exchanges.text = append(l.exchanges.text, exchange...)
		l.exchanges.count++
	}
	return l.calls.count == 1, l.calls.count > l.queue/2 || len(l.exchanges.text) > mostWaiting/2
}

func (l *Log) loseExchange(line []byte) {
	if line != nil {
		l.exchangesDropped.Add(1)
	}
}

// say says something to the writer, who may have been told already.
func say(word chan struct{}) {
	select {
	case word <- struct{}{}:
	default:
	}
}

// Stats says what became of the records so far.
func (l *Log) Stats() Stats {
	s := Stats{
		Written: l.written.Load(), Dropped: l.dropped.Load(), ExchangesDropped: l.exchangesDropped.Load(), ExchangesSpared: l.exchangesSpared.Load(), Removed: l.removed.Load(),
		TailsDropped: l.tails.leftBehind(),
	}
	if f := l.failure.Load(); f != nil {
		s.Failure, s.FailedAt = f.err.Error(), f.at
	}
	return s
}

// Settle waits until all that was recorded is written or dropped.
func (l *Log) Settle(ctx context.Context) error {
	written := make(chan struct{})
	select {
	case l.asked <- written:
	case <-l.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-written:
	case <-l.done:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// Close writes what waits and closes the files. It waits for the disk; a log can be closed again, and read when it is closed.
func (l *Log) Close() error {
	l.EndTails()
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	say(l.wake)
	say(l.hurry)
	<-l.done
	_ = l.lock.Unlock() // the end of the process does so, too
	if s := l.Stats(); s.Dropped > 0 || s.ExchangesDropped > 0 {
		return errors.New(s.complaint())
	}
	return nil
}

func (s Stats) complaint() string {
	lost := fmt.Sprintf("%d records", s.Dropped)
	if s.ExchangesDropped > 0 {
		lost += fmt.Sprintf(" and %d exchanges of failures", s.ExchangesDropped)
	}
	if s.Failure == "" {
		return fmt.Sprintf("the call log dropped %s, since its disk was too slow for them", lost)
	}
	return fmt.Sprintf("the call log dropped %s; the disk failed last with: %s", lost, s.Failure)
}

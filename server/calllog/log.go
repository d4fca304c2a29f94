package calllog

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// Config is what a Log is made from.
type Config struct {
	Dir      string           // of the segments; made where it is missing, and the log's own
	MaxBytes int64            // that the segments take up together, at least MinBytes
	Clock    func() time.Time // says when the disk failed
	Queue    int              // records that wait for the disk at most; 0 for a thousand or so
	OpenFile Opener           // nil for the file system's
}

// Opener opens a file to append to it, and makes it where it is missing. It must fail rather than wait where it can.
type Opener func(name string) (io.WriteCloser, error)

// MinBytes is the smallest bound of a log.
const MinBytes = 64 << 10

const defaultQueue = 1024

func openFile(name string) (io.WriteCloser, error) {
	return os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
}

// Log is a call log that is open. Any number of goroutines may use it at once.
type Log struct {
	dir   string
	queue chan Call
	asked chan chan struct{} // for what waits to be written
	hurry chan struct{}      // ends the gathering; holds one word at most
	done  chan struct{}      // closed when nothing will be written any more

	mu     sync.RWMutex // guards closed, and with it the sending into queue
	closed bool

	written, dropped atomic.Int64
	failure          atomic.Pointer[failure]
}

// failure is the last thing that the disk refused.
type failure struct {
	err error
	at  time.Time
}

// Stats is what became of the records since the log was opened.
type Stats struct {
	Written, Dropped int64
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
	old, err := segments(c.Dir)
	if err != nil {
		return nil, fmt.Errorf("the directory of the call log cannot be read; choose another: %w", err)
	}
	l := &Log{dir: c.Dir, queue: make(chan Call, c.Queue), asked: make(chan chan struct{}), hurry: make(chan struct{}, 1), done: make(chan struct{})}
	w := &writer{log: l, clock: c.Clock, files: files{dir: c.Dir, open: c.OpenFile, bound: c.MaxBytes, old: old}}
	go w.run()
	return l, nil
}

// Record hands a call to the log. It never waits: a call that finds no room, or the log closed, is dropped and counted.
func (l *Log) Record(c Call) {
	c = c.bounded()
	l.mu.RLock()
	defer l.mu.RUnlock()
	if l.closed {
		l.dropped.Add(1)
		return
	}
	select {
	case l.queue <- c:
	default:
		l.dropped.Add(1)
	}
	if len(l.queue) > cap(l.queue)/2 {
		l.press()
	}
}

// press has what waits written at once.
func (l *Log) press() {
	select {
	case l.hurry <- struct{}{}:
	default: // it has been said
	}
}

// Stats says what became of the records so far.
func (l *Log) Stats() Stats {
	s := Stats{Written: l.written.Load(), Dropped: l.dropped.Load()}
	if f := l.failure.Load(); f != nil {
		s.Failure, s.FailedAt = f.err.Error(), f.at
	}
	return s
}

// Size is how many bytes the segments take up at the moment.
func (l *Log) Size() (int64, error) {
	all, err := segments(l.dir)
	total := int64(0)
	for _, s := range all {
		total += s.size
	}
	return total, err
}

// Close writes what waits and closes the files. It waits for the disk; a log can be closed again, and read when it is closed.
func (l *Log) Close() error {
	l.mu.Lock()
	if !l.closed {
		l.closed = true
		close(l.queue)
		l.press()
	}
	l.mu.Unlock()
	<-l.done
	if s := l.Stats(); s.Dropped > 0 {
		return errors.New(s.complaint())
	}
	return nil
}

func (s Stats) complaint() string {
	if s.Failure == "" {
		return fmt.Sprintf("the call log dropped %d records, since its disk was too slow for them", s.Dropped)
	}
	return fmt.Sprintf("the call log dropped %d records; the disk failed last with: %s", s.Dropped, s.Failure)
}

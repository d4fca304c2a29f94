package calllog

import (
	"bytes"
	"time"
)

// delay is how long records gather before they are written: a write, and waking up for it, costs as much as many records. A process that is
// killed loses as much.
const delay = 100 * time.Millisecond

// batchBytes is how much is written at once, so that a segment is not much larger than it should be.
const batchBytes = 32 << 10

// largestSpare is the largest buffer that is kept to be filled again.
const largestSpare = 1 << 20

// often is how often the age of what is kept is looked at when nothing else happens.
const often = time.Hour

// writer is the one goroutine that writes.
type writer struct {
	log   *Log
	clock func() time.Time

	calls, exchanges stack
}

// stack is the files of a kind, and what is counted of them.
type stack struct {
	files   files
	spare   []byte // the buffer that was written last
	written func(lines int64)
	dropped func(lines int64)
}

// run writes until the log is closed and all is written.
func (w *writer) run() {
	defer close(w.log.done)
	defer w.calls.files.close()
	defer w.exchanges.files.close()
	hourly := time.NewTicker(often)
	defer hourly.Stop()
	for {
		select {
		case <-w.log.wake:
			w.gather()
			if closed := w.empty(); closed {
				return
			}
		case written := <-w.log.asked:
			w.answer(written)
		case <-hourly.C:
			w.expire()
		}
	}
}

// gather lets more records come, until somebody asks for them or there are many.
func (w *writer) gather() {
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-w.log.hurry:
	case written := <-w.log.asked:
		w.answer(written)
	}
}

// answer writes all that waits, and says so.
func (w *writer) answer(written chan struct{}) {
	w.empty()
	w.expire()
	close(written)
}

// empty writes all that waits at the moment. It says whether nothing more can come.
func (w *writer) empty() (closed bool) {
	w.log.mu.Lock()
	calls, exchanges := w.log.calls.take(w.calls.spare), w.log.exchanges.take(w.exchanges.spare)
	closed = w.log.closed
	w.log.mu.Unlock()
	w.write(&w.calls, calls)
	w.write(&w.exchanges, exchanges)
	w.log.removed.Store(w.calls.files.removed)
	return closed
}

// expire deletes what is too old.
func (w *writer) expire() {
	for _, s := range []*stack{&w.calls, &w.exchanges} {
		if err := s.files.expire(w.clock()); err != nil {
			w.log.failure.Store(&failure{err, w.clock()})
		}
	}
	w.log.removed.Store(w.calls.files.removed)
}

// write writes lines, some at once, and counts those that the disk refuses as dropped.
func (w *writer) write(s *stack, all lines) {
	if s.spare = all.text; cap(s.spare) > largestSpare {
		s.spare = nil
	}
	most := min(batchBytes, s.files.segmentBytes())
	for text := all.text; len(text) > 0; {
		var batch []byte
		batch, text = split(text, most)
		count, now := int64(bytes.Count(batch, []byte("\n"))), w.clock()
		if err := s.files.write(batch, count, now); err != nil {
			s.dropped(count)
			w.log.failure.Store(&failure{err, now})
		} else {
			s.written(count)
		}
	}
}

// split takes so many bytes of lines at most, but one line at least.
func split(text []byte, most int) (head, rest []byte) {
	if len(text) <= most {
		return text, nil
	}
	end := bytes.LastIndexByte(text[:most], '\n') + 1
	if end == 0 {
		end = bytes.IndexByte(text, '\n') + 1
	}
	return text[:end], text[end:]
}

package calllog

import "time"

// delay is how long records gather before they are written: a write, and waking up for it, costs as much as many records. A process that is
// killed loses as much.
const delay = 100 * time.Millisecond

// batchBytes is how much is collected before it is written, where more is waiting.
const batchBytes = 32 << 10

// often is how often the age of what is kept is looked at when nothing else happens.
const often = time.Hour

// writer is the one goroutine that writes.
type writer struct {
	log   *Log
	clock func() time.Time

	calls, exchanges stack
}

// stack is what is collected for the files of a kind.
type stack struct {
	files   files
	batch   []byte
	lines   int64 // in the batch
	written func(lines int64)
	dropped func(lines int64)
}

// run writes until the queue is closed and empty.
func (w *writer) run() {
	defer close(w.log.done)
	defer w.calls.files.close()
	defer w.exchanges.files.close()
	hourly := time.NewTicker(often)
	defer hourly.Stop()
	for {
		select {
		case e, open := <-w.log.queue:
			if !open {
				return
			}
			w.add(e)
			w.gather()
			w.empty()
		case written := <-w.log.asked:
			w.empty()
			w.expire()
			close(written)
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
		w.empty()
		w.expire()
		close(written)
	}
}

// empty writes all that waits at the moment, many records at once.
func (w *writer) empty() {
	for range len(w.log.queue) { // nobody else takes any
		w.add(<-w.log.queue)
	}
	w.write(&w.calls)
	w.write(&w.exchanges)
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

func (w *writer) add(e *entry) {
	w.calls.batch = appendCall(w.calls.batch, &e.call)
	w.collected(&w.calls)
	w.log.tails.offer(&e.call)
	if e.exchange != nil {
		w.addExchange(e.exchange)
	}
	w.log.reuse(e)
}

// addExchange drops what would take more than a segment.
func (w *writer) addExchange(e *Exchange) {
	w.log.waiting.Add(-e.size())
	s := &w.exchanges
	before := len(s.batch)
	batch, err := appendExchange(s.batch, e)
	if err != nil || len(batch)-before > s.files.segmentBytes() {
		s.dropped(1)
		return
	}
	s.batch = batch
	w.collected(s)
}

// collected counts a line, and writes when there are many.
func (w *writer) collected(s *stack) {
	s.lines++
	if len(s.batch) >= min(batchBytes, s.files.segmentBytes()) {
		w.write(s)
	}
}

// write writes a batch, or counts it as dropped.
func (w *writer) write(s *stack) {
	if s.lines == 0 {
		return
	}
	now := w.clock()
	if err := s.files.write(s.batch, s.lines, now); err != nil {
		s.dropped(s.lines)
		w.log.failure.Store(&failure{err, now})
	} else {
		s.written(s.lines)
	}
	s.batch, s.lines = s.batch[:0], 0
	w.log.removed.Store(w.calls.files.removed)
}

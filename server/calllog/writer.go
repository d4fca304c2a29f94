package calllog

import "time"

// delay is how long records gather before they are written: a write, and waking up for it, costs as much as many records. A process that is
// killed loses as much.
const delay = 100 * time.Millisecond

// batchBytes is how much is collected before it is written, where more is waiting.
const batchBytes = 32 << 10

// writer is the one goroutine that writes.
type writer struct {
	log   *Log
	clock func() time.Time
	files files

	batch []byte
	calls int64 // in the batch
}

// run writes until the queue is closed and empty.
func (w *writer) run() {
	defer close(w.log.done)
	defer w.files.close()
	for {
		select {
		case c, open := <-w.log.queue:
			if !open {
				return
			}
			w.add(c)
			w.gather()
			w.empty()
		case written := <-w.log.asked:
			w.empty()
			close(written)
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
		close(written)
	}
}

// empty writes all that waits at the moment, many records at once.
func (w *writer) empty() {
	for range len(w.log.queue) { // nobody else takes any
		w.add(<-w.log.queue)
	}
	w.write()
}

func (w *writer) add(c Call) {
	w.batch = appendCall(w.batch, c)
	w.calls++
	if len(w.batch) >= min(batchBytes, w.files.segmentBytes()) {
		w.write()
	}
}

// write writes the batch, or counts it as dropped.
func (w *writer) write() {
	if w.calls == 0 {
		return
	}
	if err := w.files.write(w.batch); err != nil {
		w.log.dropped.Add(w.calls)
		w.log.failure.Store(&failure{err, w.clock()})
	} else {
		w.log.written.Add(w.calls)
	}
	w.batch, w.calls = w.batch[:0], 0
}

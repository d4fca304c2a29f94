package sqlite

import "os"

// logLimit is how large the write-ahead log gets before it is moved into the file and begun anew: 4096 pages.
const logLimit = 16 << 20

// writeAhead watches the size of the log. SQLite begins it anew only at a moment when nobody reads from it; where reads always overlap there
// is no such moment, and it would grow for ever.
type writeAhead struct {
	conn *session
	path string
	rest int // how many calls to let pass
}

// shrink begins a log anew that is too large. It waits, for a moment, until the reads that are under way have ended; reads that begin
// meanwhile need the log no more. A read that takes longer than that puts it off. No transaction may be under way.
func (l *writeAhead) shrink() {
	if l.rest--; l.rest > 0 {
		return
	}
	if info, err := os.Stat(l.path); err != nil || info.Size() <= logLimit {
		return
	}
	var busy, frames, moved int64
	_ = l.conn.control("PRAGMA busy_timeout = 100")
	err := l.conn.row("PRAGMA wal_checkpoint(RESTART)", nil, &busy, &frames, &moved)
	_ = l.conn.control("PRAGMA " + busyTimeout)
	if err != nil || busy != 0 {
		l.rest = 64
	}
}

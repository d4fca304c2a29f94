package calllog

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
)

// Reader answers questions about the calls in a directory. It writes nothing there and locks nothing, so that the directory may be that of a log
// in another process, which goes on meanwhile: a line that is only half there is passed over, and a segment that has made room for others is
// empty. Any number of goroutines may use it at once.
type Reader struct {
	dir    string
	settle func(context.Context) error // waits until what was recorded is there
	counts counts
}

// ErrNoLog says that a directory is not that of a log.
var ErrNoLog = errors.New("there is no call log in the directory")

// OpenReader reads the directory of a log that another process writes, or has written.
func OpenReader(dir string) (*Reader, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	begun := len(entries) == 1 && entries[0].Name() == lockName // with no call yet; many a directory has a file of that name
	if !begun && !slices.ContainsFunc(entries, isSegment) {
		return nil, fmt.Errorf("%w %s", ErrNoLog, dir)
	}
	return &Reader{dir: dir, settle: func(context.Context) error { return nil }}, nil
}

func isSegment(e fs.DirEntry) bool {
	return segmentNumber(callFiles, e) > 0 || segmentNumber(exchangeFiles, e) > 0
}

// settled lists, when all is written, the segments of a kind, the oldest first.
func (r *Reader) settled(ctx context.Context, prefix string) ([]segment, error) {
	if err := r.settle(ctx); err != nil {
		return nil, err
	}
	return segments(r.dir, prefix)
}

// open opens a segment; one that has just made room for others is nil.
func (r *Reader) open(ctx context.Context, prefix string, s segment) (*os.File, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	file, err := os.Open(filepath.Join(r.dir, segmentName(prefix, s.number)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return file, err
}

// lines gives the lines of all segments of a kind to fn, the oldest first, until fn fails. No segment is in memory as a whole.
func (r *Reader) lines(ctx context.Context, prefix string, fn func(line []byte) error) error {
	all, err := r.settled(ctx, prefix)
	if err != nil {
		return err
	}
	for _, s := range all {
		file, err := r.open(ctx, prefix, s)
		if err != nil {
			return err
		}
		if file == nil {
			continue
		}
		_, err = eachLine(file, fn)
		file.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// Size is how many bytes the segments take up at the moment.
func (r *Reader) Size() (int64, error) {
	total := int64(0)
	for _, prefix := range []string{callFiles, exchangeFiles} {
		all, err := segments(r.dir, prefix)
		if err != nil {
			return 0, err
		}
		for _, s := range all {
			total += s.size
		}
	}
	return total, nil
}

// Holding is what a directory holds.
type Holding struct {
	Calls, Exchanges int64
	Unreadable       int64     // lines that are only half there, or damaged
	First, Last      time.Time // of the calls
	Bytes            int64
}

// Holding counts what is there.
func (r *Reader) Holding(ctx context.Context) (h Holding, err error) {
	err = r.lines(ctx, callFiles, func(line []byte) error {
		c, ok := readCall(line)
		if !ok {
			h.Unreadable++
			return nil
		}
		h.Calls++
		h.span(c.Time)
		return nil
	})
	if err != nil {
		return h, err
	}
	err = r.lines(ctx, exchangeFiles, func(line []byte) error {
		if x := (Exchange{}); json.Unmarshal(line, &x) != nil || x.Time.IsZero() {
			h.Unreadable++
			return nil
		}
		h.Exchanges++
		return nil
	})
	if err != nil {
		return h, err
	}
	h.Bytes, err = r.Size()
	return h, err
}

func (h *Holding) span(t time.Time) {
	if h.First.IsZero() || t.Before(h.First) {
		h.First = t
	}
	if t.After(h.Last) {
		h.Last = t
	}
}

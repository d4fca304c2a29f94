package calllog

import (
	"bytes"
	"context"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Kind is what calls are counted by, besides their minute.
type Kind struct {
	Instance, Application   string
	Operation, ResourceType string
	Status                  int
	Failed                  bool
}

// counts are the sums of each segment by minute and kind. They are made when they are first asked for, from the segments alone, and go on
// from where they were: calling costs nothing for them, and they say what the log has.
type counts struct {
	mu       sync.Mutex
	kinds    []Kind
	known    map[Kind]uint32
	segments map[int64]*sums
}

// sums are those of one segment.
type sums struct {
	read  int64                // bytes that are counted
	calls map[minuteKind]int64 // that is few bytes for each, as there may be one for each call
}

type minuteKind struct {
	minute int32 // since 1970
	kind   uint32
}

// Count gives add the number of calls of each minute and kind that a filter chooses, in no order. Times count by the minute: the minute that
// Since lies in is chosen, the one that Until lies in is chosen where Until is not its beginning.
func (r *Reader) Count(ctx context.Context, f Filter, add func(minute time.Time, k Kind, calls int64)) error {
	f.Since = f.Since.Truncate(time.Minute)
	if !f.Until.IsZero() {
		f.Until = f.Until.Add(time.Minute - 1).Truncate(time.Minute)
	}
	if f.Target != "" || f.Token != "" || f.Correlation != "" {
		return r.Each(ctx, f, func(c Call) error {
			add(c.Time.Truncate(time.Minute), kindOf(c), 1)
			return nil
		})
	}
	all, err := r.settled(ctx, callFiles)
	if err != nil {
		return err
	}
	r.counts.mu.Lock()
	defer r.counts.mu.Unlock()
	if err := r.counts.goOn(ctx, r.dir, all); err != nil {
		return err
	}
	r.counts.each(f, add)
	return nil
}

func kindOf(c Call) Kind {
	return Kind{c.Instance, c.Application, c.Operation, c.ResourceType, c.Status, c.Failed()}
}

// goOn counts what segments have got since, and forgets those that are gone.
func (t *counts) goOn(ctx context.Context, dir string, all []segment) error {
	if t.known == nil {
		t.known, t.segments = map[Kind]uint32{}, map[int64]*sums{}
	}
	there := map[int64]bool{}
	for _, s := range all {
		there[s.number] = true
		if err := ctx.Err(); err != nil {
			return err
		}
		if t.segments[s.number] == nil {
			t.segments[s.number] = &sums{calls: map[minuteKind]int64{}}
		}
		if err := t.read(filepath.Join(dir, segmentName(callFiles, s.number)), s, t.segments[s.number]); err != nil {
			return err
		}
	}
	before := len(t.segments)
	maps.DeleteFunc(t.segments, func(number int64, _ *sums) bool { return !there[number] })
	if len(t.segments) < before {
		t.compact()
	}
	return nil
}

// compact forgets the kinds that no segment has any more: applications come and go.
func (t *counts) compact() {
	old := t.kinds
	t.kinds, t.known = nil, map[Kind]uint32{}
	for _, s := range t.segments {
		calls := make(map[minuteKind]int64, len(s.calls))
		for key, n := range s.calls {
			calls[minuteKind{key.minute, t.number(old[key.kind])}] = n
		}
		s.calls = calls
	}
}

// read counts the lines of a segment that are whole by now.
func (t *counts) read(path string, s segment, into *sums) error {
	if s.size <= into.read {
		return nil
	}
	file, err := os.Open(path)
	if os.IsNotExist(err) {
		return nil // it has just made room for others
	}
	if err != nil {
		return err
	}
	defer file.Close()
	whole, err := eachLine(io.NewSectionReader(file, into.read, s.size-into.read), func(line []byte) error {
		if c, ok := readCall(line); ok && bytes.HasSuffix(line, []byte("\n")) {
			into.calls[minuteKind{int32(c.Time.Unix() / 60), t.number(kindOf(c))}]++
		}
		return nil
	})
	into.read += whole
	return err
}

func (t *counts) number(k Kind) uint32 {
	n, ok := t.known[k]
	if !ok {
		n = uint32(len(t.kinds))
		t.known[k], t.kinds = n, append(t.kinds, k)
	}
	return n
}

func (t *counts) each(f Filter, add func(time.Time, Kind, int64)) {
	chosen := make([]bool, len(t.kinds))
	for i, k := range t.kinds {
		chosen[i] = f.choosesKind(k)
	}
	from, to := int32(math.MinInt32), int32(math.MaxInt32)
	if !f.Since.IsZero() {
		from = minuteOf(f.Since)
	}
	if !f.Until.IsZero() {
		to = minuteOf(f.Until)
	}
	for _, s := range t.segments {
		for key, n := range s.calls {
			if chosen[key.kind] && key.minute >= from && key.minute < to {
				add(time.Unix(int64(key.minute)*60, 0).UTC(), t.kinds[key.kind], n)
			}
		}
	}
}

func minuteOf(t time.Time) int32 {
	return int32(min(max(t.Unix()/60, math.MinInt32), math.MaxInt32))
}

func (f Filter) choosesKind(k Kind) bool {
	f.Since, f.Until, f.Failed = time.Time{}, time.Time{}, f.Failed && !k.Failed
	c := Call{Instance: k.Instance, Application: k.Application, Operation: k.Operation, ResourceType: k.ResourceType, Status: k.Status}
	return !f.Failed && f.chooses(c)
}

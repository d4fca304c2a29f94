package calllog

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
)

// perLog is how many segments make up a full log.
const perLog = 8

// segment is a file of the log. Later ones have higher numbers.
type segment struct {
	number int64
	size   int64
	began  time.Time // when what it has first was recorded
	lines  int64     // that this process wrote, or -1 where another one wrote some
}

// The names of segments begin with what they hold.
const (
	callFiles     = "calls-"
	exchangeFiles = "exchanges-"
	suffix        = ".jsonl"
)

func segmentName(prefix string, number int64) string {
	return fmt.Sprintf("%s%012d%s", prefix, number, suffix)
}

// segments lists the segments of a kind in a directory, the oldest first. What has another name, or is no file, is none of the log's.
func segments(dir, prefix string) ([]segment, error) {
	entries, err := os.ReadDir(dir) // in the order of their names, which is that of their numbers
	if err != nil {
		return nil, err
	}
	var out []segment
	for _, e := range entries {
		number := segmentNumber(prefix, e)
		if number == 0 {
			continue
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // deleted since
		}
		if err != nil {
			return nil, err
		}
		out = append(out, segment{number: number, size: info.Size(), began: info.ModTime(), lines: -1})
	}
	return out, nil
}

// segmentNumber is the number of a segment of a kind, and 0 of everything else.
func segmentNumber(prefix string, e fs.DirEntry) int64 {
	digits := strings.TrimSuffix(strings.TrimPrefix(e.Name(), prefix), suffix)
	number, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || number < 1 || e.Name() != segmentName(prefix, number) || !e.Type().IsRegular() {
		return 0
	}
	return number
}

// dated finds out when segments of an earlier process began. Where the first line does not tell, the file was changed then at the latest.
func dated(dir, prefix string, list []segment) []segment {
	for i, s := range list {
		file, err := os.Open(filepath.Join(dir, segmentName(prefix, s.number)))
		if err != nil {
			continue
		}
		var first struct {
			Time time.Time `json:"time"`
		}
		head := make([]byte, 64<<10)
		n, _ := io.ReadFull(file, head)
		file.Close()
		line, _, _ := bytes.Cut(head[:n], []byte("\n"))
		if json.Unmarshal(line, &first) == nil && !first.Time.IsZero() {
			list[i].began = first.Time
		}
	}
	return list
}

// files are the segments of a kind as the writer sees them: old ones, and the one it appends to.
type files struct {
	dir, prefix string
	open        Opener
	bound       int64         // bytes of all together
	age         time.Duration // of what is kept at most; 0 for any

	old     []segment
	current segment // of number 0 before the first
	file    io.WriteCloser
	torn    bool  // whether the current segment may end in half a line
	removed int64 // lines that went with their segments
}

func (f *files) segmentBytes() int { return int(f.bound / perLog) }

func (f *files) path(s segment) string { return filepath.Join(f.dir, segmentName(f.prefix, s.number)) }

// write appends so many lines. After a failure the segment is opened again the next time, and what the failure left of a line stands alone.
func (f *files) write(lines []byte, count int64, now time.Time) error {
	if err := f.room(int64(len(lines))+1, now); err != nil {
		return err
	}
	if f.file != nil && f.gone() {
		f.next(now)
	}
	if f.file == nil {
		file, err := f.open(f.path(f.current))
		if err != nil {
			return err
		}
		f.file = file
	}
	if f.torn {
		n, err := f.file.Write([]byte{'\n'})
		f.current.size += int64(n)
		if err != nil {
			return f.broken(err)
		}
		f.torn = false
	}
	n, err := f.file.Write(lines)
	f.current.size += int64(n)
	if err != nil {
		f.torn = true
		return f.broken(err)
	}
	f.current.lines += count
	return nil
}

// gone says whether somebody has deleted the segment that is written to: what went there, nobody could read.
func (f *files) gone() bool {
	_, err := os.Lstat(f.path(f.current))
	return errors.Is(err, fs.ErrNotExist)
}

func (f *files) broken(err error) error {
	f.close()
	return err
}

// room begins another segment where the current one is full or has gone on for long, and deletes old ones until so many bytes keep the
// bound.
func (f *files) room(more int64, now time.Time) error {
	if err := f.expire(now); err != nil {
		return err
	}
	if f.current.number == 0 || f.current.size > 0 && f.current.size+more > int64(f.segmentBytes()) {
		f.next(now)
	}
	total := f.current.size + more
	for _, s := range f.old {
		total += s.size
	}
	for total > f.bound && len(f.old) > 0 {
		total -= f.old[0].size
		if err := f.remove(); err != nil {
			return err
		}
	}
	return nil
}

// expire deletes the segments that have something too old in them. A segment ends after a part of the age, so that little goes too soon.
func (f *files) expire(now time.Time) error {
	if f.age == 0 {
		return nil
	}
	if f.current.size > 0 && now.Sub(f.current.began) > f.age/perLog {
		f.next(now)
	}
	for len(f.old) > 0 && now.Sub(f.old[0].began) > f.age {
		if err := f.remove(); err != nil {
			return err
		}
	}
	return nil
}

// remove deletes the oldest segment.
func (f *files) remove() error {
	oldest := f.old[0]
	if oldest.lines < 0 {
		data, _ := os.ReadFile(f.path(oldest)) // what cannot be read is not counted
		oldest.lines = int64(bytes.Count(data, []byte("\n")))
	}
	if err := os.Remove(f.path(oldest)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f.removed += oldest.lines
	f.old = f.old[1:]
	return nil
}

// next makes the segment after the last one the current one.
func (f *files) next(now time.Time) {
	f.close()
	if f.current.number > 0 {
		f.old = append(f.old, f.current)
	}
	last := int64(0)
	if n := len(f.old); n > 0 {
		last = f.old[n-1].number
	}
	f.current, f.torn = segment{number: last + 1, began: now}, false
}

func (f *files) close() {
	if f.file != nil {
		f.file.Close()
		f.file = nil
	}
}

package calllog

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// perLog is how many segments make up a full log.
const perLog = 8

// segment is a file of the log. Later ones have higher numbers.
type segment struct {
	number int64
	size   int64
}

const prefix, suffix = "calls-", ".jsonl"

func segmentName(number int64) string { return fmt.Sprintf("%s%012d%s", prefix, number, suffix) }

// segments lists the segments in a directory, the oldest first. What has another name is none of the log's.
func segments(dir string) ([]segment, error) {
	entries, err := os.ReadDir(dir) // in the order of their names, which is that of their numbers
	if err != nil {
		return nil, err
	}
	var out []segment
	for _, e := range entries {
		digits := strings.TrimSuffix(strings.TrimPrefix(e.Name(), prefix), suffix)
		number, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || number < 1 || e.Name() != segmentName(number) {
			continue
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // deleted since
		}
		if err != nil {
			return nil, err
		}
		out = append(out, segment{number, info.Size()})
	}
	return out, nil
}

// files are the segments as the writer sees them: old ones, and the one it appends to.
type files struct {
	dir   string
	open  Opener
	bound int64 // bytes of all together

	old     []segment
	current segment // of number 0 before the first
	file    io.WriteCloser
	torn    bool // whether the current segment may end in half a line
}

func (f *files) segmentBytes() int { return int(f.bound / perLog) }

// write appends lines. After a failure the segment is opened again the next time, and what the failure left of a line stands alone.
func (f *files) write(lines []byte) error {
	if err := f.room(int64(len(lines)) + 1); err != nil {
		return err
	}
	if f.file == nil {
		file, err := f.open(filepath.Join(f.dir, segmentName(f.current.number)))
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
	return nil
}

func (f *files) broken(err error) error {
	f.close()
	return err
}

// room begins another segment where the current one is full, and deletes old ones until so many bytes keep the bound.
func (f *files) room(more int64) error {
	if f.current.number == 0 || f.current.size > 0 && f.current.size+more > int64(f.segmentBytes()) {
		f.next()
	}
	total := f.current.size + more
	for _, s := range f.old {
		total += s.size
	}
	for total > f.bound && len(f.old) > 0 {
		err := os.Remove(filepath.Join(f.dir, segmentName(f.old[0].number)))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		total -= f.old[0].size
		f.old = f.old[1:]
	}
	return nil
}

// next makes the segment after the last one the current one.
func (f *files) next() {
	f.close()
	if f.current.number > 0 {
		f.old = append(f.old, f.current)
	}
	last := int64(0)
	if n := len(f.old); n > 0 {
		last = f.old[n-1].number
	}
	f.current, f.torn = segment{number: last + 1}, false
}

func (f *files) close() {
	if f.file != nil {
		f.file.Close()
		f.file = nil
	}
}

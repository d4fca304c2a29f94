// Package ledger keeps on disk what a run made on a target, until it is deleted there, so that a later run can remove what a killed one left.
//
// The file has one JSON object on each line, appended and brought to disk before a call returns. A line that a crash cut short is dropped when
// the file is opened again. One process at a time may have a file open.
package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/go-json-experiment/json"
)

// Entry is a resource that a run made and has not deleted.
type Entry struct {
	Kind     string // "User"
	ID       string
	Location string // below the base URL of the target
}

// Ledger is an open file, seen from one target. It is safe for use by many goroutines.
type Ledger struct {
	path   string
	target string

	mu      sync.Mutex
	file    *os.File
	size    int64 // of what is whole
	pending []line
}

// line is one line of the file.
type line struct {
	Event    event  `json:"event"`
	Target   string `json:"target"` // base URL
	Kind     string `json:"kind,omitempty"`
	ID       string `json:"id,omitempty"`
	Location string `json:"location"`
}

type event string

const (
	created event = "created"
	deleted event = "deleted"
)

func (l line) is(target, location string) bool { return l.Target == target && l.Location == location }

// Open opens the ledger at path, or starts one, for what is made on the target with this base URL. A file may hold the things of several targets.
func Open(path, target string) (*Ledger, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	l := &Ledger{path: path, target: target, file: file}
	if err := errors.Join(l.load(), syncFolder(path)); err != nil {
		file.Close()
		return nil, fmt.Errorf("ledger: %w", err)
	}
	return l, nil
}

func (l *Ledger) load() error {
	data, err := os.ReadFile(l.path)
	if err != nil {
		return err
	}
	whole := data[:bytes.LastIndexByte(data, '\n')+1]
	for i, text := range slices.Collect(bytes.Lines(whole)) {
		var one line
		if err := json.Unmarshal(text, &one); err != nil || one.Event != created && one.Event != deleted {
			return fmt.Errorf("%s, line %d is no entry of a ledger; mend the line, or move the file away and remove what it names by hand", l.path, i+1)
		}
		l.apply(one)
	}
	l.size = int64(len(whole))
	return l.file.Truncate(l.size)
}

func (l *Ledger) apply(one line) {
	l.pending = slices.DeleteFunc(l.pending, func(p line) bool { return p.is(one.Target, one.Location) })
	if one.Event == created {
		l.pending = append(l.pending, one)
	}
}

// Created takes in a resource that the target has made.
func (l *Ledger) Created(kind, id, location string) error {
	return l.append(line{Event: created, Target: l.target, Kind: kind, ID: id, Location: location})
}

// Deleted takes in that a resource is gone. One that is not in the ledger changes nothing.
func (l *Ledger) Deleted(location string) error {
	return l.append(line{Event: deleted, Target: l.target, Location: location})
}

func (l *Ledger) append(one line) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	known := slices.ContainsFunc(l.pending, func(p line) bool { return p.is(one.Target, one.Location) })
	if known == (one.Event == created) {
		return nil // as the ledger says already
	}
	text, err := json.Marshal(one)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	if err := l.write(append(text, '\n')); err != nil {
		return fmt.Errorf("ledger: %s is not kept: %w", one.Location, err)
	}
	l.apply(one)
	return nil
}

// write brings one line to disk, or leaves the file as it was.
func (l *Ledger) write(text []byte) error {
	if l.file == nil {
		return fs.ErrClosed
	}
	_, err := l.file.Write(text)
	if err == nil {
		err = l.file.Sync()
	}
	if err != nil {
		return errors.Join(err, l.file.Truncate(l.size))
	}
	l.size += int64(len(text))
	return nil
}

// Pending lists what is on the target still, in the order in which it was made.
func (l *Ledger) Pending() []Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []Entry
	for _, p := range l.pending {
		if p.Target == l.target {
			out = append(out, Entry{Kind: p.Kind, ID: p.ID, Location: p.Location})
		}
	}
	return out
}

// Close closes the file, and removes it when nothing is pending on any target.
func (l *Ledger) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file == nil {
		return nil
	}
	err := l.file.Close()
	l.file = nil
	if err == nil && len(l.pending) == 0 {
		err = os.Remove(l.path)
	}
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	return nil
}

// syncFolder makes a new file's name survive a power failure.
func syncFolder(path string) error {
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
}

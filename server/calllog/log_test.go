package calllog

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var noon = time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)

func opened(t *testing.T, c Config) *Log {
	t.Helper()
	if c.Dir == "" {
		c.Dir = t.TempDir()
	}
	if c.MaxBytes == 0 {
		c.MaxBytes = MinBytes
	}
	c.Clock = func() time.Time { return noon }
	l, err := Open(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func query(t *testing.T, l *Log, f Filter, limit int) []Call {
	t.Helper()
	out, err := l.Query(t.Context(), f, limit)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// call is a record whose target is a number.
func call(i int) Call {
	return Call{Time: noon.Add(time.Duration(i) * time.Second), Target: fmt.Sprint(i)}
}

func targets(calls []Call) string {
	var out []string
	for _, c := range calls {
		out = append(out, c.Target)
	}
	return strings.Join(out, " ")
}

// TestRoundTrip fills every field of a Call, also those that are still to come.
func TestRoundTrip(t *testing.T) {
	want := Call{}
	v := reflect.ValueOf(&want).Elem()
	for i := range v.NumField() {
		switch f := v.Field(i); f.Kind() {
		case reflect.String:
			f.SetString(fmt.Sprintf("%d \"quoted\"\n\u2028 <ü>", i))
		case reflect.Int, reflect.Int64:
			f.SetInt(int64(1000 + i))
		case reflect.Struct:
			f.Set(reflect.ValueOf(noon.Add(123456789)))
		default:
			t.Fatalf("%s: fill a %s", v.Type().Field(i).Name, f.Kind())
		}
	}
	l := opened(t, Config{})
	l.Record(want)
	l.Record(Call{Time: noon})
	got := query(t, l, Filter{}, 10)
	if len(got) != 2 || got[1] != want || got[0] != (Call{Time: noon}) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// TestPlain has every byte at every place of a text.
func TestPlain(t *testing.T) {
	for length := range 20 {
		for at := range length {
			for c := range 256 {
				text := []byte(strings.Repeat("~", length))
				text[at] = byte(c)
				if want := c >= ' ' && c < 0x80 && c != '"' && c != '\\'; plain(text) != want {
					t.Fatalf("%q is plain: %v", text, !want)
				}
			}
		}
	}
	if !plain(nil) {
		t.Error("nothing is not plain")
	}
}

func TestBounds(t *testing.T) {
	l := opened(t, Config{})
	long := strings.Repeat("ä", 5000)
	l.Record(Call{Time: noon, Reason: "x" + long, Path: long, Target: long, Method: "\xff" + long})
	got := query(t, l, Filter{}, 1)
	if len(got) != 1 {
		t.Fatal("the record is gone")
	}
	c := got[0]
	if len(c.Reason) != 511 || len(c.Path) != 256 || len(c.Target) != 128 || strings.ContainsRune(c.Reason, '\uFFFD') {
		t.Errorf("lengths %d, %d, %d of %+v", len(c.Reason), len(c.Path), len(c.Target), c)
	}
}

func TestFilter(t *testing.T) {
	l := opened(t, Config{})
	for i, c := range []Call{
		{Instance: "i1", Application: "a1", Token: "t1", Operation: "create", ResourceType: "User", Target: "u1", Status: 201, Correlation: "c1"},
		{Instance: "i1", Application: "a2", Token: "t2", Operation: "patch", ResourceType: "Group", Target: "g1", Status: 404, Correlation: "c2"},
		{Instance: "i2", Application: "a3", Operation: "list", ResourceType: "User", Status: 200, Reason: "broke off"},
	} {
		c.Time = noon.Add(time.Duration(i) * time.Minute)
		l.Record(c)
	}
	for name, c := range map[string]struct {
		filter Filter
		want   string
	}{
		"nothing":     {Filter{}, "list patch create"},
		"instance":    {Filter{Instance: "i1"}, "patch create"},
		"application": {Filter{Application: "a2"}, "patch"},
		"token":       {Filter{Token: "t1"}, "create"},
		"operation":   {Filter{Operation: "list"}, "list"},
		"type":        {Filter{ResourceType: "User"}, "list create"},
		"target":      {Filter{Target: "g1"}, "patch"},
		"correlation": {Filter{Correlation: "c2"}, "patch"},
		"status":      {Filter{Status: 201}, "create"},
		"class":       {Filter{StatusClass: 2}, "list create"},
		"failed":      {Filter{Failed: true}, "list patch"},
		"since":       {Filter{Since: noon.Add(time.Minute)}, "list patch"},
		"until":       {Filter{Until: noon.Add(time.Minute)}, "create"},
		"two":         {Filter{Instance: "i1", Failed: true}, "patch"},
		"none":        {Filter{Instance: "i1", Operation: "list"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, c := range query(t, l, c.filter, 10) {
				got = append(got, c.Operation)
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
	if got := query(t, l, Filter{}, 2); len(got) != 2 || got[0].Operation != "list" {
		t.Errorf("with limit 2: %+v", got)
	}
}

// TestRotation writes many times the bound: the newest remain, the oldest are gone, and the directory never holds more.
func TestRotation(t *testing.T) {
	dir := t.TempDir()
	l := opened(t, Config{Dir: dir})
	const calls = 3000
	for i := range calls {
		l.Record(Call{Time: noon, Target: fmt.Sprint(i), Reason: strings.Repeat("r", 100)})
		if i%100 == 0 {
			query(t, l, Filter{}, 1) // lets the writer keep pace
			if size := sizeOf(t, dir); size > MinBytes {
				t.Fatalf("%d bytes after %d calls", size, i)
			}
		}
	}
	got := query(t, l, Filter{}, calls)
	if size := sizeOf(t, dir); size > MinBytes || size < MinBytes/2 {
		t.Errorf("%d bytes at the end", size)
	}
	if len(got) < 200 || len(got) > calls/2 {
		t.Fatalf("%d calls are left", len(got))
	}
	for i, c := range got {
		if c.Target != fmt.Sprint(calls-1-i) {
			t.Fatalf("call %d is %s", i, c.Target)
		}
	}
	if s := l.Stats(); s.Written != calls || s.Dropped != 0 {
		t.Errorf("%+v", s)
	}
}

func sizeOf(t *testing.T, dir string) (sum int64) {
	t.Helper()
	all, err := segments(dir, callFiles)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		sum += s.size
	}
	return sum
}

// TestReopen ends a process in the middle of a line.
func TestReopen(t *testing.T) {
	dir := t.TempDir()
	first := opened(t, Config{Dir: dir})
	first.Record(call(1))
	first.Record(call(2))
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if got := targets(query(t, first, Filter{}, 9)); got != "2 1" {
		t.Errorf("a closed log has %s", got)
	}
	name := filepath.Join(dir, segmentName(callFiles, 1))
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data[:len(data)-10], 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "notes.txt"), []byte("not the log's"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, segmentName(callFiles, 9)), 0o700); err != nil {
		t.Fatal(err)
	}
	second := opened(t, Config{Dir: dir})
	second.Record(call(3))
	if got := targets(query(t, second, Filter{}, 9)); got != "3 1" {
		t.Errorf("got %s", got)
	}
}

// blocked is a disk that answers nothing until it is let go.
type blocked struct {
	entered chan struct{} // gets a value when a write begins
	let     chan struct{}
}

func (b *blocked) Write(p []byte) (int, error) {
	b.entered <- struct{}{}
	<-b.let
	return len(p), nil
}
func (b *blocked) Close() error { return nil }

// TestBlockedDisk would hang if a Record waited for the disk.
func TestBlockedDisk(t *testing.T) {
	disk := &blocked{make(chan struct{}, 100), make(chan struct{})}
	l := opened(t, Config{Queue: 4, OpenFile: func(string) (io.WriteCloser, error) { return disk, nil }})
	l.Record(call(0))
	<-disk.entered
	for i := range 10 {
		l.Record(call(i))
	}
	if s := l.Stats(); s.Dropped != 6 || s.Written != 0 {
		t.Errorf("while the disk hangs: %+v", s)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.Query(ctx, Filter{}, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("a query that was given up: %v", err)
	}
	close(disk.let)
	if err := l.Close(); err == nil || !strings.Contains(err.Error(), "dropped 6 records") {
		t.Errorf("Close says %v", err)
	}
	l.Record(call(11))
	if s := l.Stats(); s.Written != 5 || s.Dropped != 7 {
		t.Errorf("at the end: %+v", s)
	}
}

// flaky is a disk that takes half a write and fails, as long as it is told to.
type flaky struct {
	io.WriteCloser
	full *atomic.Bool
}

func (f flaky) Write(p []byte) (int, error) {
	if !f.full.Load() {
		return f.WriteCloser.Write(p)
	}
	n, _ := f.WriteCloser.Write(p[:len(p)/2])
	return n, errors.New("no space left")
}

// TestFailingDisk drops what a disk refuses, and goes on as soon as it takes something again.
func TestFailingDisk(t *testing.T) {
	for name, refuse := range map[string]func(full *atomic.Bool, file io.WriteCloser) (io.WriteCloser, error){
		"write": func(full *atomic.Bool, file io.WriteCloser) (io.WriteCloser, error) { return flaky{file, full}, nil },
		"open": func(full *atomic.Bool, file io.WriteCloser) (io.WriteCloser, error) {
			if full.Load() {
				file.Close()
				return nil, errors.New("no space left")
			}
			return flaky{file, full}, nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			var full atomic.Bool
			l := opened(t, Config{OpenFile: func(name string) (io.WriteCloser, error) {
				file, err := openFile(name)
				if err != nil {
					return nil, err
				}
				return refuse(&full, file)
			}})
			step := func(i int, fails bool) {
				full.Store(fails)
				l.Record(call(i))
				query(t, l, Filter{}, 1)
			}
			step(1, false)
			step(2, true)
			step(3, true)
			if s := l.Stats(); s.Dropped != 2 || s.Failure != "no space left" || !s.FailedAt.Equal(noon) {
				t.Errorf("%+v", s)
			}
			step(4, false)
			step(5, false)
			if got := targets(query(t, l, Filter{}, 9)); got != "5 4 1" {
				t.Errorf("got %s", got)
			}
		})
	}
}

// TestDeletedFiles goes on elsewhere when its files are deleted, and says that it cannot where its directory is, until that is back.
func TestDeletedFiles(t *testing.T) {
	dir := t.TempDir()
	l := opened(t, Config{Dir: dir})
	step := func(i int, want string) {
		t.Helper()
		l.Record(call(i))
		if got := targets(query(t, l, Filter{}, 9)); got != want {
			t.Errorf("after call %d: %s, want %s", i, got, want)
		}
	}
	step(1, "1")
	if err := os.Remove(filepath.Join(dir, segmentName(callFiles, 1))); err != nil {
		t.Fatal(err)
	}
	step(2, "2")
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	l.Record(call(3))
	if _, err := l.Query(t.Context(), Filter{}, 9); err == nil {
		t.Error("a directory that is not there can be read")
	}
	if s := l.Stats(); s.Written != 2 || s.Dropped != 1 {
		t.Errorf("%+v", s)
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	step(4, "4")
}

// TestMany records and asks from many goroutines while the log is closed.
func TestMany(t *testing.T) {
	l := opened(t, Config{MaxBytes: 4 << 20, Queue: 8})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for i := range 200 {
				l.Record(call(i))
				if i%50 == 0 {
					if _, err := l.Query(t.Context(), Filter{}, 1); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	all.Go(func() { l.Close() })
	all.Wait()
	l.Close()
	s := l.Stats()
	if got := len(query(t, l, Filter{}, 5000)); s.Written+s.Dropped != 8*200 || int64(got) != s.Written {
		t.Errorf("%+v, and %d in the files", s, got)
	}
}

func TestOpenRefuses(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]Config{
		"no directory": {MaxBytes: MinBytes}, "no room": {Dir: t.TempDir(), MaxBytes: MinBytes - 1}, "a file": {Dir: file, MaxBytes: MinBytes},
		"one of the kernel's": {Dir: "/proc/self/fd", MaxBytes: MinBytes}, // where nobody can write, whoever he is
	} {
		if l, err := Open(c); err == nil {
			l.Close()
			t.Errorf("%s: opened", name)
		}
	}
}

// TestOneWriter keeps a second log out of a directory until the first is closed.
func TestOneWriter(t *testing.T) {
	first := opened(t, Config{})
	config := Config{Dir: first.dir, MaxBytes: MinBytes, Clock: time.Now}
	if _, err := Open(config); err == nil || !strings.Contains(err.Error(), "another server") {
		t.Errorf("a second log is opened: %v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second, err := Open(config)
	if err != nil {
		t.Fatal(err)
	}
	if err := second.Close(); err != nil {
		t.Error(err)
	}
}

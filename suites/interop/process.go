package interop

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"sync"
	"syscall"
	"time"
)

var errEnded = errors.New("it ended before it answered")

// process is a running command. Its output is read as it comes, so that it never waits for a reader.
type process struct {
	end    context.CancelFunc
	ended  chan struct{} // closed when it is gone
	line   chan string   // its first line of output
	stderr tail
}

// run starts the command with the variables added to its environment. It is asked to end when ctx is done, and killed where it does not.
func run(ctx context.Context, argv []string, variables ...string) (*process, error) {
	ctx, end := context.WithCancel(ctx)
	p := &process{end: end, ended: make(chan struct{}), line: make(chan string, 1)}
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Env = append(cmd.Environ(), variables...)
	cmd.Stdout = &firstLine{found: p.line}
	cmd.Stderr = &p.stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Start(); err != nil {
		end()
		return nil, err
	}
	go func() {
		_ = cmd.Wait() // how it ended says nothing that its last words do not
		close(p.ended)
	}()
	return p, nil
}

func (p *process) stop() {
	p.end()
	<-p.ended
}

var urlPattern = regexp.MustCompile(`https?://\S+`)

// address waits for the first line, and takes the base URL from it.
func (p *process) address(ctx context.Context) (string, error) {
	select {
	case line := <-p.line:
		if url := urlPattern.FindString(line); url != "" {
			return url, nil
		}
		return "", fmt.Errorf("its first line %q holds no URL", line)
	case <-p.ended:
		return "", errEnded
	case <-ctx.Done():
		return "", fmt.Errorf("it does not say where it serves: %w", ctx.Err())
	}
}

// lastWords is what it said on standard error, to be put behind an error.
func (p *process) lastWords() string {
	if text := bytes.TrimSpace(p.stderr.bytes()); len(text) > 0 {
		return ":\n" + string(text)
	}
	return ""
}

// firstLine sends the first line that is written to it, and drops the rest.
type firstLine struct {
	text  []byte
	found chan<- string // nil after it was sent
}

func (w *firstLine) Write(p []byte) (int, error) {
	if w.found == nil {
		return len(p), nil
	}
	w.text = append(w.text, p...)
	if line, _, ok := bytes.Cut(w.text, []byte("\n")); ok {
		w.found <- string(line)
		w.found = nil
	}
	return len(p), nil
}

// tail keeps the end of what is written to it.
type tail struct {
	mu   sync.Mutex
	text []byte
}

const tailSize = 4 << 10

func (w *tail) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.text = append(w.text, p...)
	if extra := len(w.text) - tailSize; extra > 0 {
		w.text = w.text[extra:]
	}
	return len(p), nil
}

func (w *tail) bytes() []byte {
	w.mu.Lock()
	defer w.mu.Unlock()
	return bytes.Clone(w.text)
}

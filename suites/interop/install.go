package interop

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"time"
)

// Missing says that a target cannot be installed here: its tool is not on this machine, or the registry cannot be reached.
type Missing struct {
	Tool string // "node" or "python"
	Why  string
}

func (m *Missing) Error() string { return m.Why }

// install makes sure that the folder, with all that it needs, stands below cache, and returns where. What stands there is never changed: the
// name of its place follows from the files of the folder and the version of the tool. Two processes may install at once; one of them wins.
func install(ctx context.Context, k kind, source, cache string) (string, error) {
	version, err := exec.CommandContext(ctx, k.probe[0], k.probe[1:]...).Output()
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case err != nil:
		return "", &Missing{Tool: k.tool, Why: "it needs " + k.needs}
	}
	files, err := readFiles(source)
	if err != nil {
		return "", err
	}
	name := filepath.Base(source)
	dir := filepath.Join(cache, name+"-"+digest(files, version))
	if stands(dir) {
		return dir, nil
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", err
	}
	part, err := os.MkdirTemp(cache, name+"-part-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(part)
	if err := fill(ctx, k, files, part); err != nil {
		return "", err
	}
	if err := os.Rename(part, dir); err != nil && !stands(dir) {
		return "", err
	}
	return dir, nil
}

func stands(dir string) bool {
	_, err := os.Stat(dir)
	return err == nil
}

type file struct {
	name string
	text []byte
}

// readFiles reads the folder, which is flat: what is below it, a node_modules perhaps, was made on this machine.
func readFiles(dir string) ([]file, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var files []file
	for _, e := range entries {
		if !e.Type().IsRegular() {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		files = append(files, file{e.Name(), text})
	}
	return files, nil
}

func digest(files []file, version []byte) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q\n", version)
	for _, f := range files {
		fmt.Fprintf(h, "%q %q\n", f.name, f.text)
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:8])
}

// fill copies the files and installs what they need beside them.
func fill(ctx context.Context, k kind, files []file, dir string) error {
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(dir, f.name), f.text, 0o644); err != nil {
			return err
		}
	}
	cmd := exec.CommandContext(ctx, k.install[0], k.install[1:]...)
	cmd.Dir = dir
	cmd.WaitDelay = time.Second // what it started may outlive it and hold its output
	said, err := cmd.CombinedOutput()
	switch {
	case err == nil:
		return nil
	case errors.Is(err, exec.ErrNotFound):
		return &Missing{Tool: k.tool, Why: "it needs " + k.needs}
	case offline.Match(said):
		return &Missing{Tool: k.tool, Why: "its package registry cannot be reached"}
	}
	return fmt.Errorf("%s: %w:\n%s", k.install[0], err, said)
}

// offline is how npm and pip say that there is no way to the registry, other than that it has no such package.
var offline = regexp.MustCompile(`ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|` +
	`NewConnectionError|NameResolutionError|ConnectTimeoutError|ReadTimeoutError|ProxyError`)

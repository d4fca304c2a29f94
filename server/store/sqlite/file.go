package sqlite

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
)

// magic is how every SQLite 3 file begins.
const magic = "SQLite format 3\x00"

// prepareFile makes sure that path is a file which can be written and is empty or a SQLite database, and creates it, for its owner
// alone, where there is none. SQLite gives the files it puts beside it the same permissions.
func prepareFile(path string) error {
	dir := filepath.Dir(path)
	if info, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the directory %s does not exist; create it first", dir)
	} else if err != nil {
		return fmt.Errorf("the directory %s cannot be used: %w", dir, err)
	} else if !info.IsDir() {
		return fmt.Errorf("%s is not a directory; choose another path", dir)
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a file; choose another path", path)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("%s cannot be written; check the permissions of the file and its directory: %w", path, err)
	}
	defer f.Close()
	head := make([]byte, len(magic))
	switch n, err := io.ReadFull(f, head); {
	case n == 0 && err == io.EOF:
		return nil
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%s cannot be read: %w", path, err)
	case string(head) != magic:
		return fmt.Errorf("%s is not a database; choose another path, or restore the file from a backup", path)
	}
	return nil
}

// source is the name by which the driver opens a file.
func source(path string, pragmas ...string) string {
	query := url.Values{"_pragma": pragmas}
	u := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(path), RawQuery: query.Encode()}
	return u.String()
}

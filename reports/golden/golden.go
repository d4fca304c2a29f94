// Package golden compares what a test made with a file that a person has read.
package golden

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew; read the difference before it is committed")

// Check fails the test where got is not the content of the file, which with -update it writes instead.
func Check(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; go test -update writes it", err)
	}
	if bytes.Equal(got, want) {
		return
	}
	line, a, b := differ(got, want)
	t.Errorf("%s, line %d:\n got %s\nwant %s\ngo test -update takes what was got", path, line, a, b)
}

// differ finds the first line that is not the same.
func differ(got, want []byte) (line int, a, b []byte) {
	for {
		line++
		var moreA, moreB bool
		a, got, moreA = bytes.Cut(got, []byte("\n"))
		b, want, moreB = bytes.Cut(want, []byte("\n"))
		if !bytes.Equal(a, b) || moreA != moreB || !moreA {
			return line, a, b
		}
	}
}

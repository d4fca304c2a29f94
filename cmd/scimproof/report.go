package main

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"scimproof/reports/html"
	"scimproof/reports/json"
	"scimproof/reports/junit"
	"scimproof/reports/result"
)

// writers are the formats of --report.
var writers = map[string]func(io.Writer, result.Run) error{
	"html":  html.Write,
	"json":  json.Write,
	"junit": junit.Write,
}

func formats() string {
	var names []string
	for name := range writers {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// report is one --report FORMAT=PATH. The path - is standard output.
type report struct{ format, path string }

type reportFlags struct{ texts []string }

func (f *reportFlags) add(c *cobra.Command) {
	c.Flags().StringArrayVar(&f.texts, "report", nil, "write a report, as FORMAT=PATH with the format "+formats()+"; again for more; PATH - is standard output")
}

// open checks before a run that its reports can be written: a run of minutes must not end at a missing folder.
func (f *reportFlags) open() ([]report, error) {
	var out []report
	for _, text := range f.texts {
		format, path, ok := strings.Cut(text, "=")
		if !ok || path == "" {
			return nil, usage("--report is FORMAT=PATH, not %q", text)
		}
		if writers[format] == nil {
			return nil, usage("there is no report format %q; there are %s", format, formats())
		}
		if path != "-" {
			if err := writable(path); err != nil {
				return nil, usage("the report %s cannot be written: %v; choose a file in a folder that is there and can be written to", path, reasonOf(err))
			}
		}
		out = append(out, report{format, path})
	}
	return out, nil
}

// writable tries to write beside the path, and leaves what is there alone.
func writable(path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return &os.PathError{Op: "write", Path: path, Err: os.ErrInvalid}
	}
	probe, err := os.CreateTemp(filepath.Dir(path), ".scimproof-*")
	if err != nil {
		return err
	}
	probe.Close()
	return os.Remove(probe.Name())
}

// reasonOf is an error of a file without the name of it, which may be that of a probe.
func reasonOf(err error) error {
	if why := (*fs.PathError)(nil); errors.As(err, &why) {
		return why.Err
	}
	return err
}

// write makes a report and puts it in place at once: a reader sees the old file or the new one, never half of it.
func (r report) write(w world, run result.Run) error {
	var buf bytes.Buffer
	if err := writers[r.format](&buf, run); err != nil {
		return err
	}
	if r.path == "-" {
		_, err := w.stdout.Write(buf.Bytes())
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(r.path), ".scimproof-*")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	_, err = temp.Write(buf.Bytes())
	if err == nil {
		err = temp.Chmod(0o644)
	}
	if e := temp.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	return os.Rename(temp.Name(), r.path)
}

func writeReports(w world, reports []report, run result.Run) error {
	for _, r := range reports {
		if err := r.write(w, run); err != nil {
			return usage("the report %s cannot be written: %v", r.path, err)
		}
	}
	return nil
}

// Package json writes a run as results.json, from which every other report can be made again, and reads it back.
package json

import (
	_ "embed"
	"fmt"
	"io"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"scimproof/reports/result"
)

//go:embed results.schema.json
var schema []byte

// Schema is the JSON Schema of results.json (draft 2020-12).
func Schema() []byte { return slices.Clone(schema) }

// Write writes the run, its members in the order of the Go types. Bytes of a target that are no UTF-8 become U+FFFD.
func Write(w io.Writer, run result.Run) error {
	if err := json.MarshalWrite(w, run, jsontext.WithIndent("  "), jsontext.AllowInvalidUTF8(true)); err != nil {
		return fmt.Errorf("results.json: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// Read reads what Write wrote. Members that it does not know are passed over, since a later version may add some; a version, an outcome
// or a verdict that it does not know is an error, since a report could only be wrong about it.
func Read(r io.Reader) (result.Run, error) {
	var run result.Run
	if err := json.UnmarshalRead(r, &run); err != nil {
		return result.Run{}, fmt.Errorf("results.json: %w", err)
	}
	if err := known(run); err != nil {
		return result.Run{}, fmt.Errorf("results.json: %w", err)
	}
	return run, nil
}

var verdicts = []result.Verdict{result.Conformant, result.NonConformant, result.Partial, result.Inconclusive}

func known(run result.Run) error {
	if run.SchemaVersion != result.SchemaVersion {
		return fmt.Errorf("it has schema version %d and this program reads %d; use the program that wrote it", run.SchemaVersion, result.SchemaVersion)
	}
	for i, p := range run.Profiles {
		if !slices.Contains(verdicts, p.Verdict) {
			return fmt.Errorf("/profiles/%d: no verdict %q", i, p.Verdict)
		}
	}
	for i, c := range run.Checks {
		if !slices.Contains(result.Outcomes, c.Outcome) {
			return fmt.Errorf("/checks/%d: no outcome %q", i, c.Outcome)
		}
	}
	for i, s := range run.Scenarios {
		if !slices.Contains(verdicts, s.Verdict) {
			return fmt.Errorf("/scenarios/%d: no verdict %q", i, s.Verdict)
		}
		for j, step := range s.Steps {
			if !slices.Contains(result.Outcomes, step.Outcome) {
				return fmt.Errorf("/scenarios/%d/steps/%d: no outcome %q", i, j, step.Outcome)
			}
		}
	}
	return nil
}

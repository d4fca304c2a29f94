package html

import (
	"io"
	"testing"

	"scimproof/reports/result/resulttest"
)

// A run of a thousand checks.
func BenchmarkWrite(b *testing.B) {
	run := resulttest.Run()
	for len(run.Checks) < 1000 {
		run.Checks = append(run.Checks, resulttest.Run().Checks...)
	}
	for b.Loop() {
		if err := Write(io.Discard, run); err != nil {
			b.Fatal(err)
		}
	}
}

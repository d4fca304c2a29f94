package html

import (
	"bytes"
	"testing"

	"scimproof/reports/result/resulttest"
)

// A run of a thousand checks.
func BenchmarkWrite(b *testing.B) {
	run := resulttest.Run()
	for len(run.Checks) < 1000 {
		run.Checks = append(run.Checks, resulttest.Run().Checks...)
	}
	exchanges := 0
	for _, c := range run.Checks {
		exchanges += len(c.Exchanges)
	}
	var page bytes.Buffer
	for b.Loop() {
		page.Reset()
		if err := Write(&page, run); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(page.Len())/float64(exchanges), "page-B/exchange")
}

package runner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"runtime"
	"strings"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/extensions/globals"
	"github.com/onsi/ginkgo/v2/formatter"
	"github.com/onsi/ginkgo/v2/types"

	"scimproof/reports/result"
	"scimproof/suites/check"
)

// Run judges and lets Ginkgo report each check as a spec: labelled with its profiles, level and section, failing at the line of its body.
// What Ginkgo prints goes to out. It must not be called while another suite of Ginkgo runs in the process. The error says that Ginkgo
// itself did not come through; the judgement stands all the same.
func Run(ctx context.Context, o Options, out io.Writer) (Judgement, error) {
	before := formatter.ColorableStdOut
	formatter.ColorableStdOut = out
	defer func() { formatter.ColorableStdOut = before }()
	globals.Reset()
	defer globals.Reset()

	j := Judge(ctx, o)
	rows := map[string]result.Check{}
	for _, row := range j.Rows {
		rows[row.ID] = row
	}
	for _, c := range o.Selected {
		tell(c, rows[c.ID])
	}
	suite, reporter := ginkgo.GinkgoConfiguration()
	suite.Timeout = 0
	reporter.Succinct, reporter.NoColor = true, true
	failed := &failer{}
	ginkgo.RunSpecs(failed, "scimproof", suite, reporter)
	return j, failed.broken(j)
}

// tell makes the spec of a check that has been judged.
func tell(c check.Check, row result.Check) {
	where := location(c)
	area, _, _ := strings.Cut(c.ID, ".")
	labels := append([]string{row.Level, row.RFC + " " + row.Section}, row.Profiles...)
	ginkgo.Describe(area, where, func() {
		ginkgo.It(c.ID+": "+c.Title, ginkgo.Label(clean(labels)...), where, func() {
			switch row.Outcome {
			case result.Fail, result.Error, result.Blocked:
				ginkgo.Fail(row.Reason)
			case result.NA, result.Skip:
				ginkgo.Skip(row.Reason)
			case result.Warn, result.Info:
				ginkgo.AddReportEntry(string(row.Outcome), row.Reason, where, ginkgo.ReportEntryVisibilityNever)
			}
		})
	})
}

// location is where the body of a check stands, so that specs sort and failures point there.
func location(c check.Check) types.CodeLocation {
	fn := runtime.FuncForPC(reflect.ValueOf(c.Run).Pointer())
	file, line := fn.FileLine(fn.Entry())
	return types.CodeLocation{FileName: file, LineNumber: line}
}

// clean takes out of labels what Ginkgo's filters give a meaning to.
func clean(labels []string) []string {
	for i, l := range labels {
		labels[i] = strings.Map(func(r rune) rune {
			if strings.ContainsRune("&|!,()/", r) {
				return '-'
			}
			return r
		}, strings.TrimSpace(l))
	}
	return labels
}

// failer is what Ginkgo needs of a testing.T.
type failer struct{ failed bool }

func (f *failer) Fail() { f.failed = true }

// broken compares what Ginkgo says with the judgement: they disagree only when Ginkgo could not run.
func (f *failer) broken(j Judgement) error {
	want := false
	for _, row := range j.Rows {
		want = want || row.Outcome == result.Fail || row.Outcome == result.Error || row.Outcome == result.Blocked
	}
	switch {
	case f.failed && !want:
		return errors.New("ginkgo reports a failure that no check has")
	case !f.failed && want:
		return fmt.Errorf("ginkgo reports success, though a check failed")
	}
	return nil
}

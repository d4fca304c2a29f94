package callfeed

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"scimproof/server/calllog"
)

// TestInert puts an apostrophe before what a spreadsheet would carry out, and before nothing else.
func TestInert(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "user_1": "user_1", "404": "404", "a=b": "a=b", "=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t'=1",
		"\r=1": "'\r'=1", "\n=1": "'\n'=1", "a;=1;-2": "a;'=1;'-2", "a\n=1": "a\n'=1", `a;"=1"`: `a;"'=1"`, `"=1"`: `"'=1"`, "a; b": "a; b", "a\t": "a\t", "|x": "'|x", "%x": "'%x", "＝1": "'＝1", "＠x": "'＠x", "ü=1": "ü=1",
		"\x1b]0;x\x07": "\uFFFD]0;x\uFFFD", "\u009b2J": "\uFFFD2J", "a\x00\x7f": "a\uFFFD\uFFFD", "\n\x1b": "'\n\uFFFD",
	} {
		if got := inert(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

// TestEveryFieldIsInTheTable fills all that a client chooses with a formula.
func TestEveryFieldIsInTheTable(t *testing.T) {
	var out strings.Builder
	buffer := bufio.NewWriter(&out)
	write, flush := newCSV(buffer)
	const formula = "=1"
	call := calllog.Call{
		Time: time.Unix(0, 0), Instance: formula, Application: formula, Token: formula, Event: formula, Operation: formula, ResourceType: formula, Target: formula,
		Method: formula, Path: formula, Status: 1, ScimType: formula, Reason: formula, LatencyMicros: 2, BytesIn: 3, BytesOut: 4, Correlation: formula, Part: 5,
	}
	if err := errors.Join(write(call), flush()); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(out.String())).ReadAll()
	if err != nil || len(rows) != 2 {
		t.Fatalf("%v: %s", err, out.String())
	}
	for i, cell := range rows[1] {
		if cell == "" || cell == formula {
			t.Errorf("%s is %q", rows[0][i], cell)
		}
	}
}

// openLog is a log with so many calls.
func openLog(t *testing.T, calls int) *calllog.Log {
	t.Helper()
	log, err := calllog.Open(calllog.Config{Dir: t.TempDir(), MaxBytes: 4 << 20, Clock: time.Now, Queue: calls + 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { log.Close() })
	for range calls {
		log.Record(calllog.Call{Time: time.Unix(0, 0), Reason: strings.Repeat("r", 400)})
	}
	return log
}

// halfway is a writer that gives a client up after the first part.
type halfway struct {
	http.ResponseWriter
	giveUp context.CancelFunc
}

func (w halfway) Write(p []byte) (int, error) {
	w.giveUp()
	return 0, errors.New("the client has gone")
}

// TestExportBreaksOff lets nobody take a part for the whole.
func TestExportBreaksOff(t *testing.T) {
	log := openLog(t, 1000)
	ctx, cancel := context.WithCancel(t.Context())
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil)
	defer func() {
		if p := recover(); p != http.ErrAbortHandler {
			t.Errorf("the export ends with %v", p)
		}
	}()
	err := Export(halfway{httptest.NewRecorder(), cancel}, r, log, calllog.Filter{}, "jsonl")
	t.Errorf("the export returns %v", err)
}

// TestExportThatCannotBegin says so before anything is sent.
func TestExportThatCannotBegin(t *testing.T) {
	log := openLog(t, 1)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := httptest.NewRecorder()
	if err := Export(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil), log, calllog.Filter{}, "csv"); !errors.Is(err, context.Canceled) {
		t.Errorf("the export returns %v", err)
	}
	if err := Export(w, httptest.NewRequest(http.MethodGet, "/", nil), log, calllog.Filter{}, "xml"); err == nil {
		t.Error("there is no such form")
	}
	if body, err := io.ReadAll(w.Result().Body); err != nil || len(body) > 0 || w.Header().Get("Content-Disposition") != "" {
		t.Errorf("%d bytes were sent, %v, %v", len(body), err, w.Header())
	}
}

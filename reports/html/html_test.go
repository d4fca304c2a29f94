package html

import (
	"bytes"
	"os"
	"testing"

	"scimproof/reports/result"
	"scimproof/reports/result/resulttest"
)

func write(t *testing.T, run result.Run) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, run); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestTmp(t *testing.T) { os.WriteFile("/tmp/report.html", write(t, resulttest.Run()), 0o644) }

package metrics_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"scimproof/server/calllog"
	"scimproof/server/metrics"
)

func shown(t *testing.T, m *metrics.Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}

// TestLabelsAreBounded has a call with nothing known about it, and one with an operation that is on no list.
func TestLabelsAreBounded(t *testing.T) {
	m := metrics.New(nil)
	m.Observe(calllog.Call{Status: 404, Target: "secretive"})
	m.Observe(calllog.Call{Operation: "secretive", Status: 404})
	text := shown(t, m)
	if want := `scimproof_calls_total{application="none",operation="other",status="404"} 2`; !strings.Contains(text, want) {
		t.Errorf("no %s in\n%s", want, text)
	}
	for _, never := range []string{"secretive", "scimproof_calllog"} {
		if strings.Contains(text, never) {
			t.Errorf("%s is shown", never)
		}
	}
}

// TestLogWithoutDirectory goes on to show what is known.
func TestLogWithoutDirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "calls")
	log, err := calllog.Open(calllog.Config{Dir: dir, MaxBytes: calllog.MinBytes, Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	m := metrics.New(log)
	if text := shown(t, m); !strings.Contains(text, "scimproof_calllog_size_bytes 0\n") {
		t.Errorf("no size in\n%s", text)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	text := shown(t, m)
	if strings.Contains(text, "scimproof_calllog_size_bytes") || !strings.Contains(text, "scimproof_calllog_written_total 0\n") {
		t.Errorf("without a directory:\n%s", text)
	}
}

// BenchmarkObserve is what the metrics add to a call.
func BenchmarkObserve(b *testing.B) {
	m := metrics.New(nil)
	call := calllog.Call{Application: "app_example", Operation: "read", Status: 200, LatencyMicros: 1500, BytesOut: 700}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			m.Observe(call)
		}
	})
}

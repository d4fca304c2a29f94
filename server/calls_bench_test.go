package server_test

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"scimproof/server"
	"scimproof/server/api"
	"scimproof/server/calllog"
	"scimproof/server/store/sqlite"
)

// BenchmarkCallLog is what the call log adds to a request. The CPU time is that of the whole process, the log's writer included.
func BenchmarkCallLog(b *testing.B) {
	for _, mode := range []string{"off", "on"} {
		st, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "scim.db"), sqlite.Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { st.Close() })
		config := server.Config{Store: st, Clock: time.Now, Random: rand.Reader, Log: slog.New(slog.DiscardHandler), Limits: api.DefaultLimits}
		if mode == "on" {
			if config.Calls, err = calllog.Open(calllog.Config{Dir: b.TempDir(), MaxBytes: 64 << 20, Clock: time.Now}); err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { config.Calls.Close() })
		}
		h, err := server.New(config)
		if err != nil {
			b.Fatal(err)
		}
		demos, err := server.Control(config).Demo(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		send := func(method, path, body string) *httptest.ResponseRecorder {
			r := httptest.NewRequest(method, api.BasePath(demos[0].Application)+path, strings.NewReader(body))
			r.Header.Set("Authorization", "Bearer "+demos[0].Token)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			return w
		}
		made := 0
		post := func() *httptest.ResponseRecorder {
			made++
			return send("POST", "/Users", fmt.Sprintf(`{"schemas":[%q],"userName":"person.%d","externalId":"%d"}`, userSchema, made, made))
		}
		location := post().Header().Get("Location")
		path := "/Users" + location[strings.LastIndexByte(location, '/'):]
		for name, op := range map[string]struct {
			do   func() *httptest.ResponseRecorder
			want int
		}{
			"get":  {func() *httptest.ResponseRecorder { return send("GET", path, "") }, http.StatusOK},
			"post": {post, http.StatusCreated},
		} {
			b.Run(name+"/"+mode, func(b *testing.B) {
				b.ReportAllocs()
				before := cpuTime(b)
				for b.Loop() {
					if w := op.do(); w.Code != op.want {
						b.Fatal(w.Body)
					}
				}
				b.ReportMetric(float64(cpuTime(b)-before)/float64(b.N), "cpu-ns/op")
				if config.Calls != nil {
					b.ReportMetric(float64(config.Calls.Stats().Dropped), "dropped")
				}
			})
		}
	}
}

// cpuTime is how long the process has been computing so far.
func cpuTime(b *testing.B) int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}

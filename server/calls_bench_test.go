package server_test

import (
	"bufio"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"scimproof/server"
	"scimproof/server/api"
	"scimproof/server/calllog"
	"scimproof/server/store/sqlite"
)

// turn is how many calls one server gets before it is the other's turn. It takes about as long as the log lets records gather.
const turn = 500

// BenchmarkCallLog is what the call log adds to a request, in percent of the request's own CPU time. Two servers, one with the log and one
// without, take turns in one process, so that whatever else the machine does troubles both alike; the time is that of the process, and that
// of the log's writer is in it. The figures are medians of the turns: what troubles one turn is no part of them. All but one go without a
// listener, where a request costs half of what it costs in service. On one processor (-cpu 1) nothing is in the time but the work; on more,
// threads also look for work while the client and the server wait for each other.
func BenchmarkCallLog(b *testing.B) {
	for _, name := range []string{"get", "get over a listener", "post", "list", "refused", "refused without end"} {
		b.Run(name, func(b *testing.B) {
			without, with := newBenchServer(b, false), newBenchServer(b, true)
			refused := func(s *benchServer) {
				s.send(http.StatusBadRequest, "POST", "/Users", fmt.Sprintf(`{"schemas":[%q],"userName":7,"displayName":"Jo","password":"secret-7"}`, userSchema))
			}
			do := map[string]func(*benchServer){
				"get":                 func(s *benchServer) { s.send(http.StatusOK, "GET", s.path, "") },
				"get over a listener": func(s *benchServer) { s.getOverAListener() },
				"post":                func(s *benchServer) { s.post() },
				"list":                func(s *benchServer) { s.send(http.StatusOK, "GET", "/Users?count=10", "") },
				"refused": func(s *benchServer) { // so seldom that each exchange is recorded
					s.passed.Add(int64(time.Second))
					refused(s)
				},
				"refused without end": refused,
			}[name]
			var costs, differences []float64 // of each pair of turns: without the log, and what it adds
			turns := 0
			for b.Loop() {
				var cost [2]int64 // without and with
				for i, s := range []*benchServer{without, with} {
					if turns%2 == 1 {
						i, s = 1-i, []*benchServer{with, without}[i] // who begins has what the other left to clean up
					}
					cost[i] = s.takesTurn(b, do)
				}
				costs, differences = append(costs, float64(cost[0])), append(differences, float64(cost[1]-cost[0]))
				turns++
			}
			b.ReportMetric(median(costs)/turn, "cpu-ns/call")
			b.ReportMetric(median(differences)/turn, "log-ns/call")
			b.ReportMetric(100*median(differences)/median(costs), "log-%")
			b.ReportMetric(float64(with.calls.Stats().Dropped), "dropped")
			b.ReportMetric(0, "ns/op")
		})
	}
}

func median(of []float64) float64 {
	slices.Sort(of)
	return of[len(of)/2]
}

// benchServer is a server with a file of its own, which a benchmark calls without a listener.
type benchServer struct {
	b           *testing.B
	h           http.Handler
	calls       *calllog.Log // or nil
	base, token string
	made        int
	passed      atomic.Int64 // nanoseconds that its clock is ahead
	path        string       // of an account

	conn    net.Conn // to a listener, once there is one
	answers *bufio.Reader
	request []byte
}

func newBenchServer(b *testing.B, logged bool) *benchServer {
	st, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "scim.db"), sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { st.Close() })
	s := &benchServer{b: b}
	config := server.Config{Store: st, Clock: func() time.Time { return time.Now().Add(time.Duration(s.passed.Load())) }, Random: rand.Reader, Log: slog.New(slog.DiscardHandler), Limits: api.DefaultLimits}
	if logged {
		if config.Calls, err = calllog.Open(calllog.Config{Dir: b.TempDir(), MaxBytes: 64 << 20, MaxAge: 30 * 24 * time.Hour, Clock: time.Now}); err != nil {
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
	s.h, s.calls, s.base, s.token = h, config.Calls, api.BasePath(demos[0].Application), demos[0].Token
	for range 20 {
		location := s.post().Header().Get("Location")
		s.path = "/Users" + location[strings.LastIndexByte(location, '/'):]
	}
	return s
}

func (s *benchServer) send(status int, method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, s.base+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+s.token)
	w := httptest.NewRecorder()
	s.h.ServeHTTP(w, r)
	if w.Code != status {
		s.b.Fatal(w.Code, w.Body)
	}
	return w
}

func (s *benchServer) post() *httptest.ResponseRecorder {
	s.made++
	return s.send(http.StatusCreated, "POST", "/Users", fmt.Sprintf(`{"schemas":[%q],"userName":"person.%d","externalId":"%d"}`, userSchema, s.made, s.made))
}

// getOverAListener gets the account on a connection that stays. The client does next to nothing.
func (s *benchServer) getOverAListener() {
	if s.conn == nil {
		l := httptest.NewServer(s.h)
		s.b.Cleanup(l.Close)
		var err error
		if s.conn, err = net.Dial("tcp", l.Listener.Addr().String()); err != nil {
			s.b.Fatal(err)
		}
		s.b.Cleanup(func() { s.conn.Close() })
		s.answers = bufio.NewReader(s.conn)
		s.request = []byte("GET " + s.base + s.path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + s.token + "\r\n\r\n")
	}
	if _, err := s.conn.Write(s.request); err != nil {
		s.b.Fatal(err)
	}
	res, err := http.ReadResponse(s.answers, nil)
	if err != nil || res.StatusCode != http.StatusOK {
		s.b.Fatal(res, err)
	}
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		s.b.Fatal(err)
	}
	res.Body.Close()
}

// takesTurn makes many calls, and is the CPU time that they and their records took.
func (s *benchServer) takesTurn(b *testing.B, do func(*benchServer)) int64 {
	before := cpuTime(b)
	for range turn {
		do(s)
	}
	if s.calls != nil {
		if err := s.calls.Settle(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	return cpuTime(b) - before
}

// cpuTime is how long the process has been computing so far.
func cpuTime(b *testing.B) int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}

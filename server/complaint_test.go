package server

import (
	"context"
	"crypto/tls"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// lockedText is a text that several goroutines write.
type lockedText struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lockedText) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lockedText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// TestFailedHandshakesInTheLog speaks plain HTTP to a listener of TLS again and again: the log tells of the first ones.
func TestFailedHandshakesInTheLog(t *testing.T) {
	noon := time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var logged lockedText
	how := Listening{TLS: &tls.Config{Certificates: []tls.Certificate{{}}}, Log: slog.New(slog.NewTextHandler(&logged, nil)), Clock: func() time.Time { return noon }}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- how.Serve(ctx, l, http.NotFoundHandler()) }()
	for range 50 {
		conn, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, conn) // until the server hangs up, however it does
		conn.Close()
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if lines := strings.Count(logged.String(), "\n"); lines != complaintsAtOnce {
		t.Errorf("%d lines:\n%s", lines, logged.String())
	}
}

// TestComplaints says how many were left out, keeps none longer than it needs to be, and hides nothing that is the server's own.
func TestComplaints(t *testing.T) {
	var logged strings.Builder
	now := time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)
	c := newComplaints(slog.New(slog.NewTextHandler(&logged, nil)), func() time.Time { return now })
	say := func(text string, times int) {
		t.Helper()
		for range times {
			if n, err := io.WriteString(c, text+"\n"); n != len(text)+1 || err != nil {
				t.Errorf("%d, %v", n, err)
			}
		}
	}
	say("http: TLS handshake error from 192.0.2.1:1: http: panic serving "+strings.Repeat("ü", 1000), 40)
	say("http: panic serving 192.0.2.1:1: first\nstack", 20)
	say("http2: panic serving 192.0.2.1:1: first\nstack", 20)
	now = now.Add(complaintEvery)
	say("http: TLS handshake error from 192.0.2.1:1: EOF", 2)
	text := logged.String()
	if strings.Count(text, "\n") != complaintsAtOnce+40+1 || strings.Count(text, `level=WARN msg="http: panic`) != 20 || strings.Count(text, `level=WARN msg="http2: panic`) != 20 ||
		!strings.HasSuffix(text, "EOF\" leftOut=30\n") || strings.Contains(text, strings.Repeat("ü", longestComplaint/2)) {
		t.Error(text)
	}
}

package measure

import (
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"testing"
)

var bareStatus = flag.Int("bare-status", 0, "serve from a bare handler that answers with this status and the file that the argument names; for TestMeasures itself")

func TestMain(m *testing.M) {
	flag.Parse()
	if *bareStatus != 0 {
		if err := serveBare(*bareStatus); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// serveBare answers every request with the same bytes, once it has read what the request carries.
func serveBare(status int) error {
	file := flag.Arg(0)
	body, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println("http://" + l.Addr().String())
	return http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return
		}
		w.Header().Set("Content-Type", "application/scim+json")
		w.WriteHeader(status)
		_, _ = w.Write(body)
	}))
}

// bare starts a handler that answers as a target did.
func bare(t *testing.T, status int, body []byte) target {
	t.Helper()
	file := t.TempDir() + "/body"
	if err := os.WriteFile(file, body, 0o600); err != nil {
		t.Fatal(err)
	}
	p, line := start(t, os.Args[0], "-bare-status", fmt.Sprint(status), file)
	return target{process: p, base: line[:len(line)-1]}
}

package main

import (
	"bufio"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestInside reads an answer while it is written: the handler goes on when the first part has been read.
func TestInside(t *testing.T) {
	read := make(chan bool)
	mux := http.NewServeMux()
	mux.HandleFunc("/parts", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		w.WriteHeader(http.StatusAccepted)
		io.WriteString(w, "first\n")
		<-read
		io.WriteString(w, "second\n")
	})
	mux.HandleFunc("/nothing", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/half", func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "half")
		panic(http.ErrAbortHandler)
	})
	mux.HandleFunc("/echo", func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) })
	client := &http.Client{Transport: inside{mux}}

	res, err := client.Get("http://store/parts")
	if err != nil || res.StatusCode != http.StatusAccepted || res.Header.Get("Content-Type") != "text/plain" {
		t.Fatalf("%v, %v", res, err)
	}
	lines := bufio.NewReader(res.Body)
	if line, err := lines.ReadString('\n'); line != "first\n" || err != nil {
		t.Errorf("first comes %q, %v", line, err)
	}
	close(read)
	if rest, err := io.ReadAll(lines); string(rest) != "second\n" || err != nil {
		t.Errorf("then comes %q, %v", rest, err)
	}
	for path, want := range map[string]struct {
		text string
		err  error
	}{"/nothing": {"", nil}, "/half": {"half", io.ErrUnexpectedEOF}, "/echo": {"sent", nil}} {
		res, err := client.Post("http://store"+path, "text/plain", strings.NewReader("sent"))
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("%s: %v, %v", path, res, err)
		}
		if text, err := io.ReadAll(res.Body); string(text) != want.text || !errors.Is(err, want.err) {
			t.Errorf("%s has %q, %v", path, text, err)
		}
	}
}

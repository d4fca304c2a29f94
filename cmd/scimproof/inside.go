package main

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"scimproof/server"
	"scimproof/server/calllog"
	"scimproof/server/control"
	"scimproof/server/controlapi"
)

// enter makes a control plane one of this process: that of a store, of a directory of calls, or of both.
func (f *controlFlags) enter(ctx context.Context, p *plane) (err error) {
	log, mux := slog.New(slog.NewTextHandler(p.world.stderr, nil)), http.NewServeMux()
	p.base, p.token, p.client = "http://store", "store", &http.Client{Transport: inside{mux}}
	if f.dir != "" {
		if p.records, err = calllog.OpenReader(f.dir); err != nil {
			return noCalls(f.dir, err)
		}
		calls := controlapi.Written(p.records, log)
		mux.Handle("/v1/calls", calls)
		mux.Handle("/v1/calls/", calls)
	}
	if f.store == "" {
		p.nameless = true
		return nil
	}
	st, err := openStore(ctx, f.store)
	if err != nil {
		return err
	}
	p.close = func() { _ = st.Close() } // every change has been made durable
	mux.Handle("/", controlapi.New(server.Control(server.Config{Store: st, Clock: time.Now, Random: rand.Reader}), control.NewAdminToken(p.token, time.Now), log))
	return nil
}

// noCalls says why a directory is not read.
func noCalls(dir string, err error) error {
	why := &fs.PathError{}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return usage("there is no directory %s; name the one that serve --calls-dir writes to", dir)
	case errors.Is(err, fs.ErrPermission):
		return usage("this user may not read %s; be the one that serve --calls-dir runs as, or give this one the right to", dir)
	case errors.As(err, &why):
		return usage("%s cannot be read: %v; name the directory that serve --calls-dir writes to", dir, why.Err)
	}
	return usage("%v; name the one that serve --calls-dir writes to", err)
}

// inside lets a handler answer without a network. The answer can be read while it is still written.
type inside struct{ http.Handler }

func (h inside) RoundTrip(r *http.Request) (*http.Response, error) {
	body, out := io.Pipe()
	w := &written{header: http.Header{}, body: out, begun: make(chan int, 1)}
	go w.answer(h, r)
	return &http.Response{StatusCode: <-w.begun, Header: w.header, Body: body, Request: r}, nil
}

// written is an answer that goes into a pipe.
type written struct {
	header http.Header
	body   *io.PipeWriter
	begun  chan int // has the status once it is known
	once   sync.Once
}

func (w *written) Header() http.Header    { return w.header }
func (w *written) WriteHeader(status int) { w.once.Do(func() { w.begun <- status }) }

func (w *written) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(p)
}

// answer lets a handler write. One that gives up leaves an answer that breaks off.
func (w *written) answer(h http.Handler, r *http.Request) {
	defer func() {
		switch p := recover(); p {
		case nil:
			w.WriteHeader(http.StatusOK)
			_ = w.body.Close() // it returns none
		case http.ErrAbortHandler:
			w.WriteHeader(http.StatusOK)
			_ = w.body.CloseWithError(io.ErrUnexpectedEOF)
		default:
			panic(p)
		}
	}()
	h.ServeHTTP(w, r)
}

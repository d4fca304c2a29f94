package server

import (
	"context"
	"crypto/tls"
	"log"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/net/netutil"
)

// Timeouts and caps of a listener. A slow or silent client costs no more than these.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 30 * time.Second
	writeTimeout      = 60 * time.Second
	idleTimeout       = 90 * time.Second
	maxHeaderBytes    = 64 << 10
	maxConnections    = 4096
	drainTimeout      = 20 * time.Second
)

// Listening is how a listener is served. The zero value speaks plain HTTP.
type Listening struct {
	TLS   *tls.Config      // nil for plain HTTP
	Log   *slog.Logger     // of connections that fail before they have a request, but for those that are too many; nil: that of the process, for all
	Clock func() time.Time // goes with Log
}

// Serve answers requests on a listener until the context ends, then lets those under way finish.
func (how Listening) Serve(ctx context.Context, l net.Listener, h http.Handler) error {
	s := &http.Server{
		Handler: h, ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes, TLSConfig: how.TLS.Clone(), // which net/http writes to
	}
	if how.Log != nil {
		s.ErrorLog = log.New(newComplaints(how.Log, how.Clock), "", 0)
	}
	ended := make(chan error, 1)
	go func() {
		capped := netutil.LimitListener(l, maxConnections)
		if how.TLS != nil {
			ended <- s.ServeTLS(capped, "", "") // the certificate is in the configuration
			return
		}
		ended <- s.Serve(capped)
	}()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTimeout)
	defer cancel()
	return s.Shutdown(drain)
}

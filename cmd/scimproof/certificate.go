package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"iter"
	"log/slog"
	"os"
	"strings"
	"time"
)

// stringVar defines a flag, as the set of a command does.
type stringVar func(p *string, name, value, usage string)

// trustFlag names certificates that a command trusts in a server.
type trustFlag struct{ caFile string }

func (f *trustFlag) add(define stringVar) {
	define(&f.caFile, "ca", "", "PEM file with certificates to trust beside the system's")
}

// pool is what to trust; nil for what the system does.
func (f *trustFlag) pool() (*x509.CertPool, error) {
	if f.caFile == "" {
		return nil, nil
	}
	data, err := os.ReadFile(f.caFile)
	if err != nil {
		return nil, usage("the certificates cannot be read: %v", err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(data) {
		return nil, usage("%s holds no certificate in PEM form", f.caFile)
	}
	return pool, nil
}

// pairFlags name the certificate by which a server is known, and its key, or the file for one that it makes itself.
type pairFlags struct{ certFile, keyFile, selfSignedFile string }

func (f *pairFlags) add(define stringVar) {
	define(&f.certFile, "tls-cert", "", "PEM file with the server's certificate, and those between it and its authority: both listeners then speak TLS; read once, at the start")
	define(&f.keyFile, "tls-key", "", "PEM file with the key of that certificate")
	define(&f.selfSignedFile, "tls-self-signed", "", "file to write a certificate to that serve makes for itself and both listeners speak TLS with, for --ca of clients in a test; another one at each start")
}

// config is how to speak TLS with what the flags name.
func (f *pairFlags) config() (*tls.Config, error) {
	cert, err := readPEM("tls-cert", f.certFile, "certificate", func(kind string) bool { return kind == certificateBlock })
	if err != nil {
		return nil, err
	}
	key, err := readPEM("tls-key", f.keyFile, "private key", func(kind string) bool { return strings.HasSuffix(kind, "PRIVATE KEY") })
	if err != nil {
		return nil, err
	}
	if locked(key) {
		return nil, usage("--tls-key: %s holds a key that a passphrase locks, and serve asks for none; unlock it with openssl pkey -in %[1]s -out FILE", f.keyFile)
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return nil, usage("the key in %s does not belong to the certificate in %s: %v; the server's own certificate stands before those of authorities", f.keyFile, f.certFile, err)
	}
	return speaking(pair), nil
}

// speaking is how to speak TLS with a certificate.
func speaking(pair tls.Certificate) *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
}

// certificateBlock is the type of a PEM block that is a certificate.
const certificateBlock = "CERTIFICATE"

// readPEM reads a file that has at least one block of a kind.
func readPEM(flag, path, what string, is func(kind string) bool) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, usage("--%s cannot be read: %v", flag, err)
	}
	for block := range blocks(data) {
		if is(block.Type) {
			return data, nil
		}
	}
	return nil, usage("--%s: %s holds no %s in PEM form, which begins with -----BEGIN", flag, path, what)
}

// blocks are the PEM blocks of a file.
func blocks(data []byte) iter.Seq[*pem.Block] {
	return func(yield func(*pem.Block) bool) {
		for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
			if !yield(block) {
				return
			}
		}
	}
}

// locked says whether a file has a key that can only be used with a passphrase.
func locked(data []byte) bool {
	for block := range blocks(data) {
		if block.Type == "ENCRYPTED PRIVATE KEY" || block.Headers["DEK-Info"] != "" {
			return true
		}
	}
	return false
}

// warnOfDates says when clients refuse a certificate for its dates. It may be renewed in time, or meant for a test, so it is served nevertheless.
func warnOfDates(log *slog.Logger, c *x509.Certificate, now time.Time) {
	switch {
	case now.After(c.NotAfter):
		log.Warn("the certificate of --tls-cert has expired, and clients will refuse it; renew it and start again", "expired", c.NotAfter)
	case now.Before(c.NotBefore):
		log.Warn("the certificate of --tls-cert is not valid yet, and clients will refuse it; look at its dates and at this machine's clock", "from", c.NotBefore)
	}
}

package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// signer is an authority of the tests' own.
type signer struct {
	t    *testing.T
	dir  string
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// newCertificates makes a folder with an authority (ca.pem), a certificate for this machine (server.pem, server-key.pem) and one that has
// expired (expired.pem, expired-key.pem), and a key that a passphrase would lock (locked.pem).
func newCertificates(t *testing.T) string {
	t.Helper()
	s := &signer{t: t, dir: t.TempDir()}
	now := time.Now()
	s.cert, s.key = s.make("ca", x509.Certificate{IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign, NotAfter: now.Add(time.Hour)})
	s.make("server", x509.Certificate{NotAfter: now.Add(time.Hour)})
	s.make("expired", x509.Certificate{NotAfter: now.Add(-time.Hour)})
	s.write("locked.pem", &pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: []byte("sealed")})
	return s.dir
}

// make makes a certificate and its key. The first is its own authority, which signs the others.
func (s *signer) make(name string, c x509.Certificate) (*x509.Certificate, *ecdsa.PrivateKey) {
	s.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	s.must(err)
	c.SerialNumber, c.Subject = big.NewInt(time.Now().UnixNano()), pkix.Name{CommonName: name}
	c.NotBefore = time.Now().Add(-2 * time.Hour)
	c.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	parent, signs := s.cert, s.key
	if parent == nil {
		parent, signs = &c, key
	}
	raw, err := x509.CreateCertificate(rand.Reader, &c, parent, key.Public(), signs)
	s.must(err)
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	s.must(err)
	s.write(name+".pem", &pem.Block{Type: "CERTIFICATE", Bytes: raw})
	s.write(name+"-key.pem", &pem.Block{Type: "PRIVATE KEY", Bytes: secret})
	made, err := x509.ParseCertificate(raw)
	s.must(err)
	return made, key
}

func (s *signer) write(name string, block *pem.Block) {
	s.t.Helper()
	s.must(os.WriteFile(filepath.Join(s.dir, name), pem.EncodeToMemory(block), 0o600))
}

func (s *signer) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// TestServeTLS speaks HTTP/2 with both listeners, of TLS 1.2 at least, and is given a cookie that no plain HTTP carries.
func TestServeTLS(t *testing.T) {
	certs := newCertificates(t)
	own := filepath.Join(t.TempDir(), "own.pem")
	for name, c := range map[string]struct {
		trusted string
		flags   []string
	}{
		"a certificate that is given":      {filepath.Join(certs, "ca.pem"), []string{"--tls-cert", filepath.Join(certs, "server.pem"), "--tls-key", filepath.Join(certs, "server-key.pem")}},
		"one that it makes":                {own, []string{"--tls-self-signed", own}},
		"one in the place of another such": {own, []string{"--tls-self-signed", own}},
	} {
		t.Run(name, func(t *testing.T) { speaksTLS(t, c.trusted, c.flags...) })
	}
}

func speaksTLS(t *testing.T, trusted string, flags ...string) {
	s := serveDemo(t, filepath.Join(t.TempDir(), "demo.db"), flags...)
	pool, err := (&trustFlag{trusted}).pool()
	if err != nil {
		t.Fatal(err)
	}
	config := &tls.Config{RootCAs: pool}
	own := http.Client{Transport: &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: true}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	app := s.app("rfc")
	for _, address := range []string{app.BaseURL + "/ServiceProviderConfig", s.line.AdminURL + "/healthz"} {
		res, err := own.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || res.StatusCode != http.StatusOK || res.ProtoMajor != 2 {
			t.Errorf("%s is %s over %s, %v", address, res.Status, res.Proto, err)
		}
		if strings.Contains(string(body), "http://127") {
			t.Errorf("%s names an address without TLS: %s", address, body)
		}
		old := config.Clone()
		old.MinVersion, old.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
		host, _, _ := strings.Cut(strings.TrimPrefix(address, "https://"), "/")
		if conn, err := tls.Dial("tcp", host, old); err == nil {
			conn.Close()
			t.Errorf("%s speaks TLS 1.1", host)
		}
	}
	res, err := own.PostForm(s.line.AdminURL+"/console/sign-in", url.Values{"token": {s.line.AdminToken}})
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if cookies := res.Cookies(); len(cookies) != 1 || !cookies[0].Secure {
		t.Errorf("the console sets the cookies %v", cookies)
	}
	if code := s.end(); code != 0 || strings.Contains(s.out.String(), "http://") {
		t.Errorf("exit code %d; it prints %s", code, s.out)
	}
}

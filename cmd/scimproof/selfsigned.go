package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io/fs"
	"net"
	"net/url"
	"os"
	"slices"
	"time"
)

// selfSigned makes a certificate that vouches for itself, for this machine and some names more, and writes it to a file, for clients to trust. The
// key is nowhere but in memory, so that a server that starts again has another certificate.
func selfSigned(path string, names ...string) (*tls.Config, error) {
	if err := replaceable(path); err != nil {
		return nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	c := &x509.Certificate{
		Subject:   pkix.Name{CommonName: "scimproof"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(1, 0, 0), // some clients' clocks are slow
		IsCA: true, BasicConstraintsValid: true, // some trust only authorities
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	names = append(names, "localhost", "127.0.0.1", "::1")
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if ip := net.ParseIP(name); ip != nil {
			c.IPAddresses = append(c.IPAddresses, ip)
		} else if name != "" {
			c.DNSNames = append(c.DNSNames, name)
		}
	}
	raw, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		return nil, usage("--tls-self-signed makes no certificate for these names: %v; look at --listen, --admin-listen and --public-origin", err)
	}
	if c, err = x509.ParseCertificate(raw); err != nil {
		return nil, err
	}
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: certificateBlock, Bytes: raw}), 0o644); err != nil {
		return nil, usage("--tls-self-signed cannot be written: %v", err)
	}
	return speaking(tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key, Leaf: c}), nil
}

// replaceable refuses to write over what is no certificate, which somebody may need.
func replaceable(path string) error {
	old, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return usage("--tls-self-signed cannot be written: %v", err)
	}
	if block, rest := pem.Decode(old); block == nil || block.Type != certificateBlock || len(bytes.TrimSpace(rest)) > 0 {
		return usage("--tls-self-signed: %s is there, and is not one certificate alone; name another file", path)
	}
	return nil
}

// names are those that a server's flags say it is known by.
func (f serveFlags) names() (out []string) {
	for _, address := range []string{f.listen, f.adminListen} {
		if host, _, err := net.SplitHostPort(address); err == nil {
			out = append(out, host)
		}
	}
	if u, err := url.Parse(f.publicOrigin); err == nil {
		out = append(out, u.Hostname())
	}
	return out
}

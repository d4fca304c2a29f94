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
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"slices"
	"time"
)

// selfSigned makes a certificate that vouches for itself, for this machine and some names more. The key is nowhere but in memory, so that a server
// that starts again has another certificate.
func selfSigned(names ...string) (*tls.Config, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	c := &x509.Certificate{
		Subject:   pkix.Name{CommonName: ownName},
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
	return speaking(tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key, Leaf: c}), nil
}

// ownName is the name in certificates that servers make for themselves.
const ownName = "scimproof"

// publish writes the certificate of a server to a file, for clients to trust.
func publish(path string, config *tls.Config) error {
	if err := os.WriteFile(path, inPEM(config.Certificates[0].Certificate[0]), 0o644); err != nil {
		return usage("--tls-self-signed cannot be written: %v", err)
	}
	return nil
}

// largestOwn is more than a certificate of a server's own has in bytes, with all names that flags can give it.
const largestOwn = 1 << 20

// replaceable refuses to write over what no server has made for itself, since somebody may need it, and to write where that cannot be done. It leaves
// what is there as it is.
func replaceable(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return creatable(path)
	}
	if err != nil {
		return usage("--tls-self-signed cannot be written: %v", err)
	}
	if !info.Mode().IsRegular() || info.Size() > largestOwn { // to read a pipe, or a device, would take for ever
		return notOwn(path)
	}
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return usage("--tls-self-signed cannot be written: %v", err)
	}
	defer file.Close()
	old, err := io.ReadAll(file)
	if err != nil {
		return usage("--tls-self-signed cannot be written: %v", err)
	}
	if !own(old) {
		return notOwn(path)
	}
	return nil
}

func notOwn(path string) error {
	return usage("--tls-self-signed: %s is there, and is not one certificate alone that serve has made; name another file", path)
}

// creatable makes a file and deletes it again.
func creatable(path string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err == nil {
		err = errors.Join(file.Close(), os.Remove(path))
	}
	if err != nil {
		return usage("--tls-self-signed cannot be written: %v", err)
	}
	return nil
}

// own says whether a file is what publish has written, with nothing before or after it.
func own(file []byte) bool {
	block, _ := pem.Decode(file)
	if block == nil || block.Type != certificateBlock || !bytes.Equal(bytes.TrimSpace(file), bytes.TrimSpace(inPEM(block.Bytes))) {
		return false
	}
	c, err := x509.ParseCertificate(block.Bytes)
	return err == nil && c.Subject.String() == "CN="+ownName && c.Issuer.String() == c.Subject.String()
}

func inPEM(certificate []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: certificateBlock, Bytes: certificate})
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

package main

import (
	"bytes"
	"context"
	"encoding/pem"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"scimproof/reports/verdict"
)

// ownPEM is a certificate as a server writes it.
func ownPEM(t *testing.T) []byte {
	t.Helper()
	config, err := selfSigned("scim.example.com")
	if err != nil {
		t.Fatal(err)
	}
	return inPEM(config.Certificates[0].Certificate[0])
}

// TestReplaceable writes over a certificate that a server has made for itself, and over nothing else. It never waits, and leaves everything as it was.
func TestReplaceable(t *testing.T) {
	dir, certs, own := t.TempDir(), newCertificates(t), ownPEM(t)
	key := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("key")})
	files := map[string][]byte{
		"own": own, "spaces": append([]byte("\n"), own...), "before": append([]byte("notes\n"), own...), "after": append(bytes.Clone(own), "notes"...),
		"key first": append(key, own...), "two": append(bytes.Clone(own), own...), "empty": nil, "large": make([]byte, largestOwn+1),
	}
	var err error
	for name, text := range files {
		err = errors.Join(err, os.WriteFile(filepath.Join(dir, name), text, 0o600))
	}
	err = errors.Join(err, os.Symlink("own", filepath.Join(dir, "link")), os.Symlink("before", filepath.Join(dir, "other link")),
		os.Symlink("gone", filepath.Join(dir, "link to nothing")), syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600))
	if err != nil {
		t.Fatal(err)
	}
	before := traces(t, dir)
	for path, want := range map[string]string{
		"own": "", "spaces": "", "link": "", "missing": "",
		"before": "not one certificate alone that serve has made", "after": "not one", "key first": "not one", "two": "not one", "empty": "not one", "large": "not one",
		"other link": "not one", "pipe": "not one", ".": "not one", "/dev/zero": "not one", "link to nothing": "cannot be written", "none/own": "cannot be written", "own/own": "cannot be written",
		filepath.Join(certs, "ca.pem"): "not one", filepath.Join(certs, "server.pem"): "not one",
	} {
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
		}
		if err := replaceable(path); want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
	if after := traces(t, dir); after != before {
		t.Errorf("there was\n%s\nand now\n%s", before, after)
	}
}

// traces are the names of a directory, and what its files have.
func traces(t *testing.T, dir string) (out string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		out += e.Name() + " " + e.Type().String() + "\n"
		if e.Type().IsRegular() {
			text, err := os.ReadFile(filepath.Join(dir, e.Name()))
			if err != nil {
				t.Fatal(err)
			}
			out += string(text) + "\n"
		}
	}
	return out
}

// TestCertificateOfAnotherServer stays where it is when a second server is told to take the port and the file of the first.
func TestCertificateOfAnotherServer(t *testing.T) {
	dir, own := t.TempDir(), ownPEM(t)
	file := filepath.Join(dir, "own.pem")
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	if err := os.WriteFile(file, own, 0o600); err != nil {
		t.Fatal(err)
	}
	var errs bytes.Buffer
	w := world{stdin: strings.NewReader(""), stdout: &bytes.Buffer{}, stderr: &errs, getenv: func(string) string { return "" }}
	code := run(context.Background(), []string{"serve", "--store", "sqlite:" + filepath.Join(dir, "scimproof.db"), "--tls-self-signed", file,
		"--listen", taken.Addr().String(), "--admin-listen", "127.0.0.1:0"}, w)
	if code != verdict.ExitUsage || !strings.Contains(errs.String(), "cannot listen on") {
		t.Errorf("exit code %d: %s", code, &errs)
	}
	if now, err := os.ReadFile(file); err != nil || !bytes.Equal(now, own) {
		t.Errorf("the certificate is now %q, %v", now, err)
	}
}

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
	"log/slog"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// newCertificate makes a self-signed certificate for 127.0.0.1 and some names.
func newCertificate(t *testing.T, serial int64, names ...string) (cert, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "test"}, DNSNames: names,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})
}

// TestCertificateRenewed: a renewed certificate is used without a restart; a
// broken one, or half of a pair, leaves the old one in force and is logged once.
func TestCertificateRenewed(t *testing.T) {
	dir := t.TempDir()
	f := tlsFlags{TLSCert: filepath.Join(dir, "cert.pem"), TLSKey: filepath.Join(dir, "key.pem")}
	write := func(path string, data []byte) {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cert1, key1 := newCertificate(t, 1, "eu.example.org", "us.example.org")
	write(f.TLSCert, cert1)
	write(f.TLSKey, key1)
	var logged bytes.Buffer
	now := time.Now()
	c := &certificate{certFile: f.TLSCert, keyFile: f.TLSKey, clock: func() time.Time { return now }, log: slog.New(slog.NewTextHandler(&logged, nil))}
	if err := c.load(); err != nil {
		t.Fatal(err)
	}
	serial := func() int64 {
		got, err := c.get(&tls.ClientHelloInfo{})
		if err != nil {
			t.Fatal(err)
		}
		return got.Leaf.SerialNumber.Int64()
	}
	cert2, key2 := newCertificate(t, 2)
	steps := []struct {
		what   string
		do     func()
		want   int64
		logged int
	}{
		{"nothing", func() {}, 1, 0},
		{"half a pair", func() { write(f.TLSCert, cert2) }, 1, 1},
		{"still half", func() {}, 1, 1},
		{"the other half", func() { write(f.TLSKey, key2) }, 2, 1},
		{"no certificate", func() { write(f.TLSCert, []byte("hello")) }, 2, 2},
		{"no file", func() { _ = os.Remove(f.TLSCert) }, 2, 3},
		{"back to the first", func() { write(f.TLSCert, cert1); write(f.TLSKey, key1) }, 1, 3},
	}
	for _, s := range steps {
		s.do()
		now = now.Add(certificateAge)
		for range 3 {
			if got := serial(); got != s.want {
				t.Fatalf("%s: certificate %d, want %d", s.what, got, s.want)
			}
		}
		if n := strings.Count(logged.String(), "old one stays"); n != s.logged {
			t.Fatalf("%s: logged %d times, want %d:\n%s", s.what, n, s.logged, logged.String())
		}
	}
	write(f.TLSCert, cert2)
	write(f.TLSKey, key2)
	if got := serial(); got != 1 {
		t.Errorf("the files were read again too soon: certificate %d", got)
	}
}

// TestTLSFlags lists what is refused at the start.
func TestTLSFlags(t *testing.T) {
	dir := t.TempDir()
	cert, _ := newCertificate(t, 1)
	_, key := newCertificate(t, 2)
	paths := []string{filepath.Join(dir, "c"), filepath.Join(dir, "k")}
	for i, data := range [][]byte{cert, key} {
		if err := os.WriteFile(paths[i], data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	log := slog.New(slog.DiscardHandler)
	if c, err := (tlsFlags{}).tls(log); c != nil || err != nil {
		t.Errorf("without flags: %v, %v", c, err)
	}
	for want, f := range map[string]tlsFlags{
		"needs both":     {TLSCert: paths[0]},
		"both --tls":     {TLSKey: paths[1]},
		"does not match": {TLSCert: paths[0], TLSKey: paths[1]},
	} {
		if _, err := f.tls(log); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v", f, err)
		}
	}
}

package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// tlsFlags name the server's certificate.
type tlsFlags struct {
	TLSCert string `help:"Certificate chain (PEM); needed beyond loopback. Read again when the file changes." type:"existingfile" name:"tls-cert"`
	TLSKey  string `help:"Private key of the certificate (PEM)." type:"existingfile" name:"tls-key"`
}

// tls is nil when the server speaks plain HTTP.
func (f tlsFlags) tls(log *slog.Logger) (*tls.Config, error) {
	if f.TLSCert == "" && f.TLSKey == "" {
		return nil, nil
	}
	if f.TLSCert == "" || f.TLSKey == "" {
		return nil, errors.New("TLS needs both --tls-cert and --tls-key")
	}
	c := &certificate{certFile: f.TLSCert, keyFile: f.TLSKey, clock: time.Now, log: log}
	if err := c.load(); err != nil {
		return nil, fmt.Errorf("TLS: %w", err)
	}
	return &tls.Config{GetCertificate: c.get, MinVersion: tls.VersionTLS12}, nil
}

// certificateAge is how long a certificate is used without a look at its files.
const certificateAge = 10 * time.Second

// certificate is a certificate in two files that somebody renews. A handshake
// looks at the files when the last look is long ago. What cannot be used, as
// while only one of them has been replaced, leaves the old one in force and is
// logged, once for each content.
type certificate struct {
	certFile, keyFile string
	clock             func() time.Time
	log               *slog.Logger

	mu      sync.Mutex
	looked  time.Time
	content []byte // of both files, good or not
	failure string // what was logged last
	current *tls.Certificate
}

func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := c.clock(); now.Sub(c.looked) >= certificateAge {
		if err := c.load(); err != nil && err.Error() != c.failure {
			c.failure = err.Error()
			c.log.Error("the changed certificate cannot be used; the old one stays in force", "error", err, "until", c.current.Leaf.NotAfter)
		}
	}
	return c.current, nil
}

// load reads the files and, when they have changed, replaces the certificate.
func (c *certificate) load() error {
	c.looked = c.clock()
	cert, err := os.ReadFile(c.certFile)
	if err != nil {
		return err
	}
	key, err := os.ReadFile(c.keyFile)
	if err != nil {
		return err
	}
	content := append(append(cert[:len(cert):len(cert)], 0), key...)
	if bytes.Equal(content, c.content) {
		return nil
	}
	pair, err := tls.X509KeyPair(cert, key)
	c.content = content
	if err != nil {
		return fmt.Errorf("%s with %s: %w", c.certFile, c.keyFile, err)
	}
	if pair.Leaf == nil {
		if pair.Leaf, err = x509.ParseCertificate(pair.Certificate[0]); err != nil {
			return err
		}
	}
	if c.current != nil {
		c.log.Info("certificate renewed", "until", pair.Leaf.NotAfter)
	}
	if c.looked.After(pair.Leaf.NotAfter) {
		c.log.Warn("the certificate has expired", "file", c.certFile, "until", pair.Leaf.NotAfter)
	}
	c.current, c.failure = &pair, ""
	return nil
}

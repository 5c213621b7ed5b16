package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/api"
)

// regionNames are host names that one certificate covers.
var regionNames = []string{"api.harrier.test", "api-eu.harrier.test", "api-us.harrier.test"}

// certificateFor makes a certificate of several names, and a client that
// trusts it and finds all of them at one address of loopback.
func certificateFor(t *testing.T, names []string) (tls.Certificate, func(addr map[string]string) *http.Client) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: names[0]}, DNSNames: names,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, func(addr map[string]string) *http.Client {
		dial := func(ctx context.Context, network, hostport string) (net.Conn, error) {
			var d net.Dialer
			host, _, _ := net.SplitHostPort(hostport)
			return d.DialContext(ctx, network, addr[host])
		}
		return &http.Client{Transport: &http.Transport{DialContext: dial, TLSClientConfig: &tls.Config{RootCAs: roots}}, Timeout: nearestTimeout}
	}
}

// TestNearest: of several names in one certificate the fastest that answers is
// chosen; one that fails, one in clear and one that is slow are not.
func TestNearest(t *testing.T) {
	cert, client := certificateFor(t, regionNames)
	addr := map[string]string{}
	var mu sync.Mutex
	var hosts []string
	regions := []api.Region{{Name: "main", URL: "https://" + regionNames[0], Self: true}, {Name: "eu", URL: "https://" + regionNames[1]},
		{Name: "us", URL: "https://" + regionNames[2]}, {Name: "clear", URL: "http://192.0.2.1"}}
	serve := func(name string, delay time.Duration, status int) {
		srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "" {
				t.Error("a token was sent to measure")
			}
			mu.Lock()
			hosts = append(hosts, r.Host)
			mu.Unlock()
			if r.URL.Path == "/api/harrier/regions" {
				_ = json.NewEncoder(w).Encode(map[string]any{"regions": regions})
				return
			}
			time.Sleep(delay)
			w.WriteHeader(status)
		}))
		srv.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}
		srv.StartTLS()
		t.Cleanup(srv.Close)
		addr[name] = srv.Listener.Addr().String()
	}
	for _, c := range []struct {
		main, eu, us time.Duration
		euStatus     int
		want         string
	}{{30, 1, 60, 200, "eu"}, {30, 1, 60, 503, "main"}, {90, 60, 5, 200, "us"}} {
		serve(regionNames[0], c.main*time.Millisecond, 200)
		serve(regionNames[1], c.eu*time.Millisecond, c.euStatus)
		serve(regionNames[2], c.us*time.Millisecond, 200)
		var said bytes.Buffer
		got, err := nearest(context.Background(), client(addr), "https://"+regionNames[0], &said)
		if err != nil || !strings.HasPrefix(said.String(), "region "+c.want+" (") || !strings.Contains(got, c.want) && c.want != "main" {
			t.Errorf("%+v: %s, %q, error %v", c, got, said.String(), err)
		}
	}
	if len(hosts) < 3*3*(nearestTries+1)-nearestTries {
		t.Errorf("only %d requests", len(hosts))
	}
	// A name that the certificate does not cover is no region.
	regions = []api.Region{{Name: "other", URL: "https://api-jp.harrier.test"}}
	addr["api-jp.harrier.test"] = addr[regionNames[0]]
	if got, err := nearest(context.Background(), client(addr), "https://"+regionNames[0], &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "no region answers") {
		t.Errorf("a foreign name: %s %v", got, err)
	}
	regions = nil
	if got, err := nearest(context.Background(), client(addr), "https://"+regionNames[0], &bytes.Buffer{}); err != nil || got != "https://"+regionNames[0] {
		t.Errorf("a server without regions: %s %v", got, err)
	}
	if _, err := nearest(context.Background(), client(addr), "http://192.0.2.1", &bytes.Buffer{}); err == nil {
		t.Error("a server in clear was asked")
	}
}

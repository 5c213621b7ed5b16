package main

import (
	"context"
	"crypto/tls"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const sdkTests = "../../internal/api/sdktest"

// TestKustoGo drives the server with Microsoft's Go SDK, whose tests are a
// module of their own.
func TestKustoGo(t *testing.T) {
	dir := filepath.Join(sdkTests, "go")
	if testing.Short() {
		t.Skip("the SDK's tests take their time")
	}
	if out, err := runIn(dir, nil, "go", "mod", "download"); err != nil {
		t.Skipf("THE GO SDK IS NOT TESTED: its modules cannot be had: %v\n%s", err, out)
	}
	runSDK(t, dir, "go", "test", "-count=1", "-v", "./...")
}

// TestKustoNode drives the server with Microsoft's Node SDK.
func TestKustoNode(t *testing.T) {
	dir := filepath.Join(sdkTests, "node")
	if testing.Short() {
		t.Skip("the SDK's tests take their time")
	}
	if out, err := runIn(dir, nil, "node", "-e", "process.exit(Number(process.versions.node.split('.')[0]) < 20 ? 1 : 0)"); err != nil {
		t.Skipf("THE NODE SDK IS NOT TESTED: Node 20 or later is needed: %v\n%s", err, out)
	}
	if !installed(dir) {
		if out, err := runIn(dir, nil, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"); err != nil {
			t.Skipf("THE NODE SDK IS NOT TESTED: its packages cannot be had: %v\n%s", err, out)
		}
	}
	runSDK(t, dir, "node", "--test")
}

// installed reports packages that are newer than what names them.
func installed(dir string) bool {
	want, err := os.Stat(filepath.Join(dir, "package-lock.json"))
	if err != nil {
		return false
	}
	have, err := os.Stat(filepath.Join(dir, "node_modules", ".package-lock.json"))
	return err == nil && have.ModTime().After(want.ModTime())
}

func runIn(dir string, env []string, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// runSDK runs a program's tests against a server as a site runs it: TLS, the
// embedded issuer's tokens, a store with a device. The second tenant's limits
// are narrow.
func runSDK(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	data := t.TempDir()
	fill(t, data, tenantOne, "alpha")
	fill(t, data, tenantTwo, "beta")
	ca := filepath.Join(data, "cert.pem")
	cert, key := newCertificate(t, 1, "localhost")
	for path, text := range map[string][]byte{ca: cert, filepath.Join(data, "key.pem"): key} {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	at := serveSDK(t, data, ca)
	token := func(tenant string, more ...string) string {
		var mint mintCmd
		parse(t, &mint, append([]string{"--data", data, "--tenant", tenant, "--resource", kustoAudience}, more...)...)
		text, err := mint.mint()
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	good := token(tenantOne, "--role", "AdvancedHunting.Read.All")
	env := []string{
		"HARRIER_SDK_URL=" + at, "HARRIER_SDK_CA=" + ca, "NODE_EXTRA_CA_CERTS=" + ca, "HARRIER_SDK_TOKEN=" + good, "HARRIER_SDK_BAD_TOKEN=" + good[:len(good)-8] + "AAAAAAAA",
		"HARRIER_SDK_WEAK_TOKEN=" + token(tenantOne, "--role", "Machine.Read.All"), "HARRIER_SDK_LIMITED_TOKEN=" + token(tenantTwo, "--role", "ThreatHunting.Read.All"),
	}
	out, err := runIn(dir, env, name, args...)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if strings.Contains(out, "--- SKIP") || strings.Contains(out, "no tests") {
		t.Errorf("tests were skipped:\n%s", out)
	}
}

// serveSDK starts the server and gives its address.
func serveSDK(t *testing.T, data, ca string) string {
	t.Helper()
	var serve serveCmd
	parse(t, &serve, "--data", data, "--listen", "127.0.0.1:0", "--tls-cert", ca, "--tls-key", filepath.Join(data, "key.pem"), "--tenant", tenantOne, "--tenant", tenantTwo,
		"--profile-for", tenantTwo+"/kusto=atp-2018", "--log-level", "error", "--memory-limit", "512MB", "--threads", "1")
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- serve.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	var state issuerState
	for i := 0; state.URL == "" && i < 500; i++ {
		time.Sleep(10 * time.Millisecond)
		if err := readIssuerFile(filepath.Join(data, "issuer"), issuerFile, &state); err != nil {
			t.Fatal(err)
		}
	}
	u, err := url.Parse(state.URL)
	if err != nil || u.Port() == "" {
		t.Fatalf("the server's address is %q: %v", state.URL, err)
	}
	anyone := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} //nolint:gosec // asks for its health only
	for range 500 {
		if res, err := anyone.Get(state.URL + "/healthz"); err == nil {
			res.Body.Close()
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	return "https://localhost:" + u.Port()
}

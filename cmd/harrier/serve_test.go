package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
)

// parse gives a command its defaults.
func parse(t *testing.T, c any, args ...string) {
	t.Helper()
	p, err := kong.New(c, kong.Exit(func(int) { t.Fatal("exit") }))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Parse(args); err != nil {
		t.Fatal(err)
	}
}

// TestServe is the whole way: serve, token, query, stop.
func TestServe(t *testing.T) {
	dir := t.TempDir()
	var serve serveCmd
	parse(t, &serve, "--data", dir, "--listen", "127.0.0.1:0", "--log-level", "error", "--memory-limit", "512MB", "--threads", "1")
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- serve.Run(ctx) }()
	state := issuerState{}
	for i := 0; state.URL == "" && i < 500; i++ {
		time.Sleep(10 * time.Millisecond)
		if err := readIssuerFile(filepath.Join(dir, "issuer"), issuerFile, &state); err != nil {
			t.Fatal(err)
		}
	}
	var mint mintCmd
	parse(t, &mint, "--data", dir)
	token, err := mint.mint()
	if err != nil {
		t.Fatal(err)
	}
	var rows cursor
	for range 500 { // the address is known before the server accepts
		if rows, err = askServer(ctx, state.URL, token, "", "print x = 1"); err == nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if err != nil {
		t.Fatal(err)
	}
	more, err := rows.next()
	if !more || err != nil || string(rows.object(nil)) != `{"x":1}` {
		t.Errorf("row %s, error %v", rows.object(nil), err)
	}
	rows.close()
	if _, err := askStore(ctx, serve.of(defaultTenant), "unlimited", "print 1"); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("a store that the server owns: %v", err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	checkModes(t, dir)
	local, err := askStore(context.Background(), serve.of(defaultTenant), "unlimited", "print x = 2")
	if err != nil {
		t.Fatal(err)
	}
	defer local.close()
	if more, err := local.next(); !more || err != nil || string(local.object(nil)) != `{"x":2}` {
		t.Errorf("row %s, error %v", local.object(nil), err)
	}
}

// checkModes: what the server has written is for its owner only.
func checkModes(t *testing.T, dir string) {
	files := 0
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err == nil && info.Mode().IsRegular() && strings.HasSuffix(path, ".json") || strings.HasSuffix(path, ".pem") || strings.HasSuffix(path, ".jsonl") {
			files++
			if info.Mode().Perm() != 0o600 {
				t.Errorf("%s has mode %o", path, info.Mode().Perm())
			}
		}
		return err
	})
	if err != nil || files < 3 {
		t.Errorf("%d files, error %v", files, err)
	}
}

// TestServeRefuses lists what the server does not start with.
func TestServeRefuses(t *testing.T) {
	for want, args := range map[string][]string{
		"refusing to serve plain HTTP": {"--listen", "0.0.0.0:0"},
		"nobody's tokens":              {"--no-issuer"},
		"no profile":                   {"--profile", "mde-1999"},
		"must use https":               {"--trust", "http://idp.example/"},
		"log level":                    {"--log-level", "loud"},
	} {
		var c serveCmd
		parse(t, &c, append([]string{"--data", t.TempDir(), "--listen", "127.0.0.1:0"}, args...)...)
		if err := c.Run(context.Background()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v", args, err)
		}
	}
}

// TestNewClient stores a client once.
func TestNewClient(t *testing.T) {
	dir := t.TempDir()
	var c newClientCmd
	parse(t, &c, "--data", dir, "hunter")
	if err := c.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := c.Run(context.Background()); err == nil || !strings.Contains(err.Error(), "exists") {
		t.Errorf("a second client of the same name: %v", err)
	}
	clients, err := readClients(c.dir())
	if err != nil || len(clients) != 1 || clients[0].ID != "hunter" || !strings.HasPrefix(clients[0].SecretHash, "$argon2id$") {
		t.Errorf("clients %+v, error %v", clients, err)
	}
}

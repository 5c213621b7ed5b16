package main

import (
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

func operationsDoc(t *testing.T) string {
	t.Helper()
	doc, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(doc)
}

// docFiles are the YAML blocks of the page.
func docFiles(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, m := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(operationsDoc(t), -1) {
		out = append(out, m[1])
	}
	if len(out) < 2 {
		t.Fatalf("%d files found", len(out))
	}
	return out
}

// TestOperationsDoc: the commands of the page exist, its files are read, and
// what it calls a setting is one.
func TestOperationsDoc(t *testing.T) {
	file := writeFile(t, "harrier.yaml", strings.Join(docFiles(t), ""))
	seen := 0
	for line := range strings.Lines(operationsDoc(t)) {
		line, _, _ = strings.Cut(strings.TrimSpace(line), " #")
		if !strings.HasPrefix(line, "harrier ") {
			continue
		}
		seen++
		var args []string
		for _, w := range word.FindAllString(strings.ReplaceAll(line, " harrier.yaml", " "+file), -1)[1:] {
			args = append(args, strings.Trim(w, "'"))
		}
		if _, _, _, err := command(t, args...); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
	if seen < 5 {
		t.Errorf("only %d commands found", seen)
	}
	for _, text := range docFiles(t) {
		c, _, _, err := command(t, "serve", "--config", writeFile(t, "c.yaml", text))
		if err == nil {
			_, err = c.Serve.inForce()
		}
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	_, ctx, _, err := command(t, "serve")
	if err != nil {
		t.Fatal(err)
	}
	names := flagNames(ctx.Model.Node)
	limits := "window rows calls-per-minute calls-per-hour run-per-hour run-per-day per-request result-bytes"
	for _, m := range regexp.MustCompile("`([a-z]+(-[a-z]+)+)[:`]").FindAllStringSubmatch(operationsDoc(t), -1) {
		if !strings.Contains(" "+strings.Join(names, " ")+" "+limits+" ", " "+m[1]+" ") {
			t.Errorf("%s is no setting", m[1])
		}
	}
}

// TestOperate runs a server with the page's files: its regions, its metrics,
// and both ways to reload.
func TestOperate(t *testing.T) {
	dir := t.TempDir()
	path := writeFile(t, "harrier.yaml", docFiles(t)[1])
	address, token := startServer(t, dir, "--config", path, "--memory-limit", "512MB", "--threads", "1")
	get := func(method, path, token string) (int, string) {
		req, err := http.NewRequest(method, address+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if token != "" {
			req.Header.Set("Authorization", "Bearer "+token)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, _ := io.ReadAll(res.Body)
		return res.StatusCode, string(body)
	}
	if status, text, err := askLoad(http.DefaultClient, address, token, "print x = 1"); err != nil || status != 200 {
		t.Errorf("%d %s %v", status, text, err)
	}
	if _, text := get("GET", "/api/harrier/regions", ""); !strings.Contains(text, `"name":"us"`) {
		t.Error(text)
	}
	_, metrics := get("GET", "/metrics", "")
	for _, name := range regexp.MustCompile("`(harrier_[a-z_]+)`").FindAllStringSubmatch(operationsDoc(t), -1) {
		if !strings.Contains(metrics, "\n"+name[1]) {
			t.Errorf("no metric %s", name[1])
		}
	}
	var mint mintCmd
	parseB(t, &mint, "--data", dir, "--role", "Harrier.Manage.All")
	manager, err := mint.mint()
	if err != nil {
		t.Fatal(err)
	}
	change := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	regions := func() string { _, text := get("GET", "/api/harrier/regions", ""); return text }
	change("regio: eu\n")
	if status, text := get("POST", "/api/harrier/reload", manager); status != 400 || !strings.Contains(text, "did you mean region") || !strings.Contains(regions(), `"us"`) {
		t.Errorf("a broken file: %d %s", status, text)
	}
	change("region: eu\nregion-url: https://eu.example\nsibling: {jp: https://jp.example}\n")
	if status, text := get("POST", "/api/harrier/reload", manager); status != 200 || !strings.Contains(regions(), `"jp"`) {
		t.Errorf("%d %s", status, text)
	}
	change("region: eu\nregion-url: https://eu.example\nsibling: {au: https://au.example}\n")
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if err := self.Signal(syscall.SIGHUP); err != nil {
		t.Skipf("no SIGHUP here: %v", err)
	}
	for i := 0; !strings.Contains(regions(), `"au"`); i++ {
		if i == 300 {
			t.Fatal("SIGHUP changed nothing")
		}
		time.Sleep(10 * time.Millisecond)
	}
}

package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"go.yaml.in/yaml/v3"
)

var updateSchema = flag.Bool("update-schema", false, "write docs/config.schema.json")

// command parses a command line as the program does and returns what it prints.
func command(t *testing.T, args ...string) (*cli, *kong.Context, string, error) {
	t.Helper()
	var c cli
	var out bytes.Buffer
	k, err := kong.New(&c, commandLine(kong.Exit(func(int) {}), kong.Writers(&out, io.Discard))...)
	if err != nil {
		t.Fatal(err)
	}
	ctx, err := k.Parse(args)
	return &c, ctx, out.String(), err
}

func writeFile(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestConfigOrder: flags before the environment before the file.
func TestConfigOrder(t *testing.T) {
	file := writeFile(t, "c.yaml", "max-queued: 7\nqueue_wait: 3s\nissuer: no\nentra: file.example\ntenant: [a, b]\nregion: eu\nregion-url: https://eu.example\n"+
		"sibling: {us: https://us.example}\ncustom-profile:\n  small: {like: atp-2018, rows: 5}\n  tiny: rows=1\nprofile-for: {a: small}\n")
	t.Setenv("HARRIER_ENTRA", "env.example")
	t.Setenv("HARRIER_QUEUE_WAIT", "4s")
	c, _, _, err := command(t, "serve", "--config", file, "--queue-wait", "5s")
	if err != nil {
		t.Fatal(err)
	}
	s := c.Serve
	if s.MaxQueued != 7 || s.QueueWait != 5*time.Second || s.Entra != "env.example" || s.Issuer || strings.Join(s.Tenants, " ") != "a b" ||
		s.Sibling["us"] != "https://us.example" || s.CustomProfile["small"]["rows"] != "5" || s.CustomProfile["tiny"]["rows"] != "1" {
		t.Errorf("%+v", s)
	}
	got, err := s.inForce()
	if err != nil || got.profiles["a"].Rows != 5 || got.profiles["a"].CallsPerMinute != 15 || len(got.regions) != 2 || !got.regions[0].Self {
		t.Errorf("%+v, %v", got, err)
	}
	live := &liveSettings{sets: got}
	if p, ok := live.profileFor("a", "mde"); !ok || p.Name != "small" {
		t.Errorf("tenant a: %+v", p)
	}
	if p, ok := live.profileFor("b", "mde"); !ok || p.Name != "atp-2018" {
		t.Errorf("tenant b: %+v", p)
	}
}

// TestConfigRefused: a mistake in the file is told with its line.
func TestConfigRefused(t *testing.T) {
	for text, want := range map[string]string{
		"max-queud: 7\n":                      "line 1: there is no setting max-queud; did you mean max-queued?",
		"\nlisten: x\nlisten: y\n":            "line 3: listen is given twice",
		"max-queued: x\n":                     "--max-queued",
		"max-queued: [1]\n":                   "line 1: one value is meant, not a list",
		"listen: {a: b}\n":                    "line 1: one value is meant",
		"a: &x 1\nb: *x\n":                    "anchors",
		"- a\n":                               "names of flags",
		"listen: [\n":                         "configuration",
		"a: 1\n---\nb: 2\n":                   "more than one document",
		"help: true\n":                        "there is no setting help",
		"custom-profile: {x: {rows: [1]}}\n":  "rows",
		"sibling: {a: b, a: c}\n":             "given twice",
		strings.Repeat("#", maxConfigBytes+1): "larger",
	} {
		_, _, _, err := command(t, "serve", "--config", writeFile(t, "c.yaml", text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, want %s", text, err, want)
		}
	}
	for _, empty := range []string{"", "# nothing\n", "listen:\n", "{\"listen\": \"127.0.0.1:1\"}"} {
		if _, _, _, err := command(t, "serve", "--config", writeFile(t, "c.yaml", empty)); err != nil {
			t.Errorf("%q: %v", empty, err)
		}
	}
	for what, want := range map[string]string{
		"profile-for: {nobody: atp-2018}": "neither a tenant", "profile-for: {mde: x}": "no profile", "custom-profile: {a b: rows=1}": "spaces",
		"sibling: {us: https://us.example}": "--region", "region: eu": "--region-url", "region: eu\nregion-url: eu.example": "no address",
		"region: eu\nregion-url: https://e.example\nsibling: {eu: https://x.example}": "has the name",
	} {
		c, _, _, err := command(t, "serve", "--config", writeFile(t, "c.yaml", what))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Serve.inForce(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", what, err, want)
		}
	}
}

// TestPrintConfig: what is printed can be pasted, means the same, and tells no
// secret.
func TestPrintConfig(t *testing.T) {
	file := writeFile(t, "c.yaml", "metrics-token: s3cret\nqueue-wait: 90s\nlisten: 127.0.0.1:1\nsibling: {us: https://us.example}\n"+
		"custom-profile: {small: {rows: 5, window: 7d}}\naudit-keep: 12h\nstate: postgres://me:s3cret@db/harrier\notlp-header: {k: s3cret}\nissuer: false\naudience: ['a,b', c]\n")
	_, before, printed, err := command(t, "serve", "--config", file, "--print-config")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(printed, "s3cret") || !strings.Contains(printed, "# metrics-token: set, but a secret") || !strings.Contains(printed, "# state: set") ||
		!strings.Contains(printed, "queue-wait: 1m30s") || !strings.Contains(printed, "[HARRIER_QUEUE_WAIT]") {
		t.Error(printed)
	}
	_, after, again, err := command(t, "serve", "--config", writeFile(t, "again.yaml", printed), "--print-config")
	if err != nil {
		t.Fatalf("%v\n%s", err, printed)
	}
	want, got := settingTexts(before), settingTexts(after)
	for name := range want {
		if want[name] != got[name] && !strings.Contains(want[name], "s3cret") {
			t.Errorf("%s: %q became %q", name, want[name], got[name])
		}
	}
	var values map[string]any
	if err := yaml.Unmarshal([]byte(again), &values); err != nil || len(values) < 20 {
		t.Errorf("%d values, %v", len(values), err)
	}
}

// TestConfigSchema holds the committed schema against the flags.
func TestConfigSchema(t *testing.T) {
	_, ctx, _, err := command(t, "config-schema")
	if err != nil {
		t.Fatal(err)
	}
	schema, err := configSchema(ctx.Model.Node)
	if err != nil {
		t.Fatal(err)
	}
	const path = "../../docs/config.schema.json"
	if *updateSchema {
		if err := os.WriteFile(path, schema, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	committed, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(committed, schema) {
		t.Errorf("%s is not what the flags say (error %v): go test ./cmd/harrier -run ConfigSchema -update-schema", path, err)
	}
	var read struct {
		Properties map[string]struct{ Description string }
	}
	if err := json.Unmarshal(schema, &read); err != nil {
		t.Fatal(err)
	}
	for _, name := range flagNames(ctx.Model.Node) {
		if read.Properties[name].Description == "" {
			t.Errorf("%s is not in the schema or has no description", name)
		}
	}
}

// TestNearestName suggests what was probably meant.
func TestNearestName(t *testing.T) {
	names := []string{"listen", "max-queued", "tls-cert", "tls-key"}
	for in, want := range map[string]string{"listn": "listen", "tls-crt": "tls-cert", "maxqueued": "max-queued", "zzzz": "", "tls": "tls-cert"} {
		if got := nearestName(in, names); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

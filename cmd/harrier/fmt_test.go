package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	ugly   = "T|take 1 // one\n"
	pretty = "T\n| take 1 // one\n"
)

// folder makes files and returns where they are.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o640); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func code(err error) int {
	var c exitCode
	switch {
	case err == nil:
		return 0
	case errors.As(err, &c):
		return int(c)
	}
	return -1
}

func TestFmt(t *testing.T) {
	page := "# Page\n```kql\n" + ugly + "```\n"
	dir := folder(t, map[string]string{"ugly.kql": ugly, "pretty.kql": pretty, "page.md": page})
	for _, c := range []struct {
		name   string
		cmd    fmtCmd
		stdin  string
		status int
		out    string
	}{
		{"standard input", fmtCmd{}, ugly, 0, pretty},
		{"file", fmtCmd{Paths: []string{dir + "/ugly.kql"}}, "", 0, pretty},
		{"list", fmtCmd{Paths: []string{dir}, List: true}, "", 1, dir + "/page.md\n" + dir + "/ugly.kql\n"},
		{"diff", fmtCmd{Paths: []string{dir + "/ugly.kql"}, Diff: true}, "", 1,
			"--- " + dir + "/ugly.kql\n+++ " + dir + "/ugly.kql\n@@ -1,1 +1,2 @@\n-T|take 1 // one\n+T\n+| take 1 // one\n"},
		{"nothing to list", fmtCmd{Paths: []string{dir + "/pretty.kql"}, List: true, Diff: true}, "", 0, ""},
		{"missing", fmtCmd{Paths: []string{dir + "/none.kql"}}, "", -1, ""},
	} {
		var out, diags bytes.Buffer
		err := c.cmd.run(strings.NewReader(c.stdin), &out, &diags)
		if code(err) != c.status || out.String() != c.out || diags.Len() > 0 {
			t.Errorf("%s: %v\n%s%s", c.name, err, out.String(), diags.String())
		}
	}
	write := fmtCmd{Paths: []string{dir}, Write: true}
	for range 2 {
		if err := write.run(nil, &bytes.Buffer{}, &bytes.Buffer{}); err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]string{"ugly.kql": pretty, "page.md": "# Page\n```kql\n" + pretty + "```\n"} {
			got, err := os.ReadFile(filepath.Join(dir, name))
			info, _ := os.Stat(filepath.Join(dir, name))
			if err != nil || string(got) != want || info.Mode().Perm() != 0o640 {
				t.Errorf("%s: %v, mode %v\n%s", name, err, info.Mode(), got)
			}
		}
	}
}

// What does not parse stays as it is and is reported at its place.
func TestFmtBroken(t *testing.T) {
	dir := folder(t, map[string]string{"page.md": "```kql\nT | wher 1\n```\n```kql\n" + ugly + "```\n"})
	var out, diags bytes.Buffer
	err := (&fmtCmd{Paths: []string{dir + "/page.md"}}).run(nil, &out, &diags)
	if want := "```kql\nT | wher 1\n```\n```kql\n" + pretty + "```\n"; code(err) != 2 || out.String() != want {
		t.Errorf("%v\n%s", err, out.String())
	}
	if want := dir + "/page.md:2:5: error KS176"; !strings.HasPrefix(diags.String(), want) {
		t.Errorf("got %s", diags.String())
	}
}

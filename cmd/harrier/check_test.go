package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	fine     = "DeviceEvents\n| where Timestamp > ago(1d)\n| summarize count() by DeviceId\n"
	advised  = "DeviceEvents\n| summarize count() by DeviceId\n"
	warned   = "DeviceEvents\n| where Timestamp > ago(1d)\n| join DeviceInfo on DeviceId\n"
	mistaken = "DeviceEvents\n| where Nothing == 1\n"
)

func TestCheckStatus(t *testing.T) {
	dir := folder(t, map[string]string{"clean.kql": fine, "advised.kql": advised, "warned.kql": warned, "mistaken.kql": mistaken})
	for _, c := range []struct {
		file, failOn string
		ignore       []string
		want         int
	}{
		{"clean", "note", nil, 0}, {"advised", "warning", nil, 0}, {"advised", "note", nil, 1}, {"advised", "note", []string{"HK102"}, 0},
		{"warned", "error", nil, 0}, {"warned", "warning", nil, 1}, {"warned", "warning", []string{"join-without-kind"}, 0},
		{"mistaken", "error", nil, 1}, {"mistaken", "none", nil, 0}, {"missing", "none", nil, -1},
	} {
		var out, summary bytes.Buffer
		cmd := checkCmd{Paths: []string{filepath.Join(dir, c.file+".kql")}, Format: "text", FailOn: c.failOn, Ignore: c.ignore}
		if got := code(cmd.run(nil, &out, &summary)); got != c.want {
			t.Errorf("%+v: status %d\n%s", c, got, out.String())
		}
	}
	var out, summary bytes.Buffer
	if err := (&checkCmd{Paths: []string{dir}, Format: "text", FailOn: "none"}).run(nil, &out, &summary); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(summary.String(), "1 errors, 1 warnings, ") || !strings.Contains(summary.String(), " in 4 files") {
		t.Errorf("summary %s", summary.String())
	}
}

func TestCheckFormats(t *testing.T) {
	for format, key := range map[string]string{"json": "findings", "sarif": "runs"} {
		var out, diags bytes.Buffer
		err := (&checkCmd{Format: format, FailOn: "error"}).run(strings.NewReader(mistaken), &out, &diags)
		var log map[string]any
		if code(err) != 1 || json.Unmarshal(out.Bytes(), &log) != nil || log[key] == nil || diags.Len() > 0 {
			t.Errorf("%s: %v\n%s%s", format, err, out.String(), diags.String())
		}
	}
	var out bytes.Buffer
	if err := (&checkCmd{Rules: true}).run(nil, &out, &out); err != nil || !strings.Contains(out.String(), "HK111  join-without-kind") {
		t.Errorf("%v\n%s", err, out.String())
	}
}

func TestCheckFix(t *testing.T) {
	dir := folder(t, map[string]string{"a.yaml": "query: |\n  " + strings.ReplaceAll(warned, "\n", "\n  ")})
	var out, diags bytes.Buffer
	path := filepath.Join(dir, "a.yaml")
	if err := (&checkCmd{Paths: []string{path}, Format: "text", Fix: true, FailOn: "warning"}).run(nil, &out, &diags); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	got, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(got), "\n  | join kind=innerunique DeviceInfo on DeviceId\n") || strings.Contains(out.String(), "warning") {
		t.Errorf("%v\n%s%s", err, got, out.String())
	}
	out.Reset()
	err = (&checkCmd{Format: "text", UnsafeFixes: true, FailOn: "note"}).run(strings.NewReader("DeviceEvents | where Timestamp > ago(1d) and FileName == \"a.exe\""), &out, &diags)
	if want := "DeviceEvents | where Timestamp > ago(1d) and FileName =~ \"a.exe\""; err != nil || out.String() != want {
		t.Errorf("%v\n%s", err, out.String())
	}
}

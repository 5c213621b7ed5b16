package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestRegenerate proves that the committed pages are what the generator makes.
func TestRegenerate(t *testing.T) {
	files, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 15 {
		t.Fatalf("only %d files", len(files))
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join("../../../docs", name))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("docs/%s differs from what the generator makes: run make generate (%v)", name, err)
		}
	}
	pages, err := filepath.Glob("../../../docs/reference/*.md")
	if err != nil || len(pages) != len(files)-1 {
		t.Errorf("%d pages in docs/reference, %d are made (%v)", len(pages), len(files)-1, err)
	}
}

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	if err := write(dir, map[string][]byte{"support.json": []byte("1"), "reference/a.md": []byte("a"), "reference/b.md": []byte("b")}); err != nil {
		t.Fatal(err)
	}
	if err := write(dir, map[string][]byte{"support.json": []byte("2"), "reference/b.md": []byte("c")}); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"support.json": "2", "reference/b.md": "c", "reference/a.md": ""} {
		got, _ := os.ReadFile(filepath.Join(dir, name))
		if string(got) != want {
			t.Errorf("%s is %q", name, got)
		}
	}
}

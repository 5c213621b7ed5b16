package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// TestRegenerate proves that the embedded files are what the generator makes.
func TestRegenerate(t *testing.T) {
	files, err := Generate("../../../../shared/schema")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("SKIPPED: ../shared/schema is absent, so the embedded catalog data cannot be regenerated: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 3 {
		t.Fatalf("generator makes %d files, want 3", len(files))
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join("../data", name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("data/%s differs from what the generator makes: run go generate ./internal/catalog", name)
		}
	}
}

func TestLineRefusesSeparators(t *testing.T) {
	for _, f := range []string{"a\tb", "a\nb", "a\rb", "#a"} {
		if err := line(&bytes.Buffer{}, f); err == nil {
			t.Errorf("line(%q) gave no error", f)
		}
	}
}

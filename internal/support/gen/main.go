// Command gen writes docs/support.json and docs/reference. Run it through go
// generate in the support package.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/harrier-hunting/harrier/internal/support"
)

func main() {
	to := flag.String("to", "../../docs", "the docs folder")
	flag.Parse()
	files, err := generate()
	if err == nil {
		err = write(*to, files)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// generate makes all files by their paths in the docs folder.
func generate() (map[string][]byte, error) {
	m, err := support.Builtin()
	if err != nil {
		return nil, err
	}
	data, err := m.JSON()
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{"support.json": data}
	for name, page := range m.Pages() {
		files["reference/"+name] = page
	}
	return files, nil
}

// write replaces the pages; one that is not made any more goes.
func write(to string, files map[string][]byte) error {
	old, err := filepath.Glob(filepath.Join(to, "reference", "*.md"))
	if err != nil {
		return err
	}
	for _, path := range old {
		if files["reference/"+filepath.Base(path)] == nil {
			if err := os.Remove(path); err != nil {
				return err
			}
		}
	}
	if err := os.MkdirAll(filepath.Join(to, "reference"), 0o755); err != nil {
		return err
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(to, filepath.FromSlash(name)), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

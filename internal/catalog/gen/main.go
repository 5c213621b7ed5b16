// Command gen writes the catalog's embedded data files from the schema
// research (advanced_hunting_schema.json, legacy_names.json,
// action_types.json). Run it through go generate in the catalog package.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	from := flag.String("from", "../../../shared/schema", "folder of the schema JSON files")
	to := flag.String("to", "data", "folder to write")
	flag.Parse()
	files, err := Generate(*from)
	if err == nil {
		err = write(*to, files)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func write(to string, files map[string][]byte) error {
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(to, name), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// word is an argument of a shell line: bare or in single quotes.
var word = regexp.MustCompile(`'[^']*'|[^\s']+`)

// TestReadmeCommands holds the README's command lines against the program: the
// command exists and takes these arguments; make targets exist.
func TestReadmeCommands(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	makefile, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for line := range strings.Lines(string(readme)) {
		line, _, _ = strings.Cut(strings.TrimSpace(line), " #")
		switch {
		case strings.HasPrefix(line, "make "):
			seen++
			if target := strings.Fields(line)[1]; !strings.Contains(string(makefile), "\n"+target+":") {
				t.Errorf("%s: no such target", line)
			}
		case strings.HasPrefix(line, "harrier "):
			seen++
			var args []string
			for _, w := range word.FindAllString(strings.ReplaceAll(line, "FILE…", "../../README.md"), -1)[1:] {
				args = append(args, strings.Trim(w, "'"))
			}
			k, err := kong.New(&cli{}, kong.Name("harrier"), kong.DefaultEnvars("HARRIER_README_TEST"))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := k.Parse(args); err != nil {
				t.Errorf("%s: %v", line, err)
			}
		}
	}
	if seen < 8 {
		t.Errorf("only %d commands found", seen)
	}
}

// TestReadmeQueries runs the README's own queries through the compiler.
func TestReadmeQueries(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	queries := regexp.MustCompile(`(?m)^harrier (?:query|explain sql) '([^']+)'`).FindAllStringSubmatch(string(readme), -1)
	if len(queries) < 2 {
		t.Fatalf("%d queries found", len(queries))
	}
	for _, q := range queries {
		c := explainCmd{Stage: "sql", Days: 30, queryText: queryText{Text: q[1]}}
		if err := c.Run(t.Context()); err != nil {
			t.Errorf("%s: %v", q[1], err)
		}
	}
}

package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/kqlfmt"
	"github.com/harrier-hunting/harrier/internal/queryfile"
)

type fmtCmd struct {
	Paths []string `arg:"" optional:"" help:"Files or folders of queries (.kql, .kusto, .csl, .txt, fenced blocks of .md, blocks of .yaml); - or nothing is standard input." name:"path"`
	Write bool     `short:"w" help:"Write the result to the files instead of printing it."`
	Diff  bool     `short:"d" help:"Print what would change; exit status 1 if anything would."`
	List  bool     `short:"l" help:"List the files that would change; exit status 1 if there are any."`
}

// Run formats queries. Exit status: 1 when -d or -l found something, 2 when a
// query could not be parsed.
func (c *fmtCmd) Run() error { return c.run(os.Stdin, os.Stdout, os.Stderr) }

func (c *fmtCmd) run(stdin io.Reader, stdout, stderr io.Writer) error {
	changed, broken := false, false
	err := queryfile.Each(c.Paths, stdin, func(f *queryfile.File) error {
		text, ok := formatted(f, stderr)
		broken = broken || !ok
		changed = changed || text != f.Text
		return c.emit(f, text, stdout)
	})
	switch {
	case err != nil:
		return err
	case broken:
		return exitCode(2)
	case changed && (c.Diff || c.List):
		return exitCode(1)
	}
	return nil
}

// formatted gives the file's text with all its queries formatted; it reports
// those that cannot be, which stay as they are.
func formatted(f *queryfile.File, stderr io.Writer) (string, bool) {
	ok := true
	text := f.Replace(func(q *queryfile.Query) (string, bool) {
		out, err := kqlfmt.Format(q.Text)
		if err == nil {
			return out, true
		}
		ok = false
		var refused *kqlfmt.Error
		if !errors.As(err, &refused) {
			fmt.Fprintf(stderr, "%s: %v\n", f.Path, err)
			return "", false
		}
		for _, d := range refused.Diagnostics {
			d.Span = q.Place(d.Span)
			fmt.Fprintf(stderr, "%s:%s", f.Path, diag.List{d}.Render(f.Text))
		}
		return "", false
	})
	return text, ok
}

func (c *fmtCmd) emit(f *queryfile.File, text string, stdout io.Writer) error {
	var err error
	if c.List && text != f.Text {
		_, err = fmt.Fprintln(stdout, f.Path)
	}
	if c.Diff && err == nil {
		_, err = io.WriteString(stdout, kqlfmt.Diff(f.Path, f.Text, text))
	}
	if c.Write && f.Path != queryfile.Stdin && err == nil {
		return rewriteFile(f.Path, f.Text, text)
	}
	if !c.List && !c.Diff && err == nil {
		_, err = io.WriteString(stdout, text)
	}
	return err
}

// rewriteFile gives a file a new text and leaves its mode alone.
func rewriteFile(path, before, after string) error {
	if before == after {
		return nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	return os.WriteFile(path, []byte(after), info.Mode().Perm())
}

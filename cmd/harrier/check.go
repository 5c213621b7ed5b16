package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/check"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/queryfile"
	"github.com/harrier-hunting/harrier/internal/types"
)

type checkCmd struct {
	knownFunctions
	Paths       []string `arg:"" optional:"" help:"Files or folders of queries (.kql, .kusto, .csl, .txt, fenced blocks of .md, blocks of .yaml); - or nothing is standard input." name:"path"`
	Format      string   `help:"text, json or sarif (2.1.0)." enum:"text,json,sarif" default:"text"`
	Fix         bool     `help:"Apply the fixes that leave the answer as it is, then report what is left."`
	UnsafeFixes bool     `help:"Apply fixes that change the answer too."`
	FailOn      string   `help:"The least severity that makes the exit status 1: error, warning, note or none." enum:"error,warning,note,none" default:"error"`
	Ignore      []string `help:"Rules to leave out, by id or name." placeholder:"RULE"`
	Rules       bool     `help:"List the rules and exit."`
}

// Run checks queries. Exit status: 0 when nothing is as severe as --fail-on,
// 1 when something is, 2 when a file could not be read or written.
func (c *checkCmd) Run() error {
	err := c.run(os.Stdin, os.Stdout, os.Stderr)
	if _, status := err.(exitCode); err != nil && !status {
		fmt.Fprintln(os.Stderr, "harrier:", err)
		return exitCode(2)
	}
	return err
}

func (c *checkCmd) run(stdin io.Reader, stdout, stderr io.Writer) (err error) {
	if c.Rules {
		return listRules(stdout)
	}
	env, err := checkEnv()
	if err != nil {
		return err
	}
	find, end, err := c.open()
	if err != nil {
		return err
	}
	defer func() {
		if e := end(); e != nil {
			err = e // more than a finding: some may be wrong
		}
	}()
	env.Functions = find
	var found []check.Located
	files := 0
	err = queryfile.Each(c.Paths, stdin, func(f *queryfile.File) error {
		files++
		if c.Fix || c.UnsafeFixes {
			fixed, _ := check.FixFile(f, env, c.UnsafeFixes, c.Ignore)
			if f.Path == queryfile.Stdin {
				if _, err := io.WriteString(stdout, fixed.Text); err != nil {
					return err
				}
			} else if err := rewriteFile(f.Path, f.Text, fixed.Text); err != nil {
				return err
			}
			f = fixed
		}
		for _, x := range check.Without(check.File(f, env), c.Ignore) {
			found = append(found, check.Located{Path: f.Path, Text: f.Text, Finding: x})
		}
		return nil
	})
	if err != nil {
		return err
	}
	if c.fixesStdin() {
		stdout = stderr // standard output has the query
	}
	if err := c.print(stdout, found); err != nil {
		return err
	}
	n := check.Count(found)
	if c.Format == "text" && len(found) > 0 {
		fmt.Fprintf(stderr, "%d errors, %d warnings, %d notes in %d files\n", n[check.Error], n[check.Warning], n[check.Note], files)
	}
	if c.fails(n) {
		return exitCode(1)
	}
	return nil
}

func (c *checkCmd) fixesStdin() bool {
	return (c.Fix || c.UnsafeFixes) && (len(c.Paths) == 0 || c.Paths[0] == queryfile.Stdin)
}

func (c *checkCmd) print(w io.Writer, found []check.Located) error {
	out := bufio.NewWriter(w)
	var err error
	switch c.Format {
	case "json":
		err = check.JSON(out, found)
	case "sarif":
		version, _ := built()
		err = check.SARIF(out, found, version)
	default:
		err = check.Text(out, found)
	}
	if err != nil {
		return err
	}
	return out.Flush()
}

func (c *checkCmd) fails(n [check.Error + 1]int) bool {
	switch c.FailOn {
	case "none":
		return false
	case "note":
		return n[check.Error]+n[check.Warning]+n[check.Note] > 0
	case "warning":
		return n[check.Error]+n[check.Warning] > 0
	}
	return n[check.Error] > 0
}

func listRules(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, r := range check.Rules() {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", r.ID, r.Name, r.Severity, r.Summary)
	}
	return t.Flush()
}

func checkEnv() (bind.Env, error) {
	cat, err := catalog.Builtin()
	if err != nil {
		return bind.Env{}, err
	}
	fns, err := fn.Builtin()
	if err != nil {
		return bind.Env{}, err
	}
	return bind.Env{Catalog: cat, Fns: fns, Now: types.TicksOf(time.Now())}, nil
}

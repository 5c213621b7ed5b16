package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/guard"
	"github.com/harrier-hunting/harrier/internal/hunt"
	"github.com/harrier-hunting/harrier/internal/lower"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// queryText is the text of a query: an argument, a file, or standard input.
type queryText struct {
	Text string `arg:"" optional:"" help:"The query; without it standard input is read."`
	File string `short:"f" help:"Read the query from a file." type:"existingfile"`
}

func (q queryText) read() (string, error) {
	switch {
	case q.File != "" && q.Text != "":
		return "", fmt.Errorf("give the query as an argument or with -f, not both")
	case q.File != "":
		b, err := os.ReadFile(q.File)
		return string(b), err
	case q.Text != "":
		return q.Text, nil
	}
	b, err := io.ReadAll(io.LimitReader(os.Stdin, hunt.MaxQueryBytes+1))
	if err == nil && strings.TrimSpace(string(b)) == "" {
		return "", fmt.Errorf("no query: give it as an argument, with -f FILE, or on standard input")
	}
	return string(b), err
}

type explainCmd struct {
	Stage string `arg:"" help:"What to show: ast, plan or sql." enum:"ast,plan,sql"`
	queryText
	knownFunctions
	Days int `help:"Look-back window in days." default:"30"`
}

// paper is a target that holds every table as one relation of its own name:
// enough to read the SQL of a query without any data.
type paper struct{}

func (paper) Dialect() *sqlx.Dialect { return sqlx.DuckDB }

// Stage names a stage's relation.
func (paper) Stage(table string) string { return table }
func (paper) Relations(t *catalog.Table, _, _ int64) []lower.Relation {
	return []lower.Relation{{Name: t.Name, Columns: len(t.Columns)}}
}

// Run prints one stage of the compilation.
func (c *explainCmd) Run(context.Context) (err error) {
	text, err := c.read()
	if err != nil {
		return err
	}
	if c.Stage == "ast" {
		tree, diags := syntax.Parse(text)
		if err := diags.Err(); err != nil {
			return &hunt.QueryError{Diagnostics: diags, Text: text}
		}
		fmt.Println(syntax.Print(tree))
		return nil
	}
	cat, err := catalog.Builtin()
	if err != nil {
		return err
	}
	fns, err := fn.Builtin()
	if err != nil {
		return err
	}
	now := time.Now()
	find, end, err := c.open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, end()) }()
	env := bind.Env{Catalog: cat, Fns: fns, Now: types.TicksOf(now), Functions: find}
	scope := guard.Scope{From: types.TicksOf(now.AddDate(0, 0, -c.Days)), To: types.MaxDatetime, MaxRows: 10_000}
	compiled, err := hunt.Compile(text, env, scope, paper{})
	if err != nil {
		return err
	}
	if c.Stage == "plan" {
		fmt.Print(plan.Print(compiled.Guarded.Root()))
		return nil
	}
	fmt.Println(compiled.Query.Text())
	return nil
}

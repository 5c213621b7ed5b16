// Package conformance runs recorded queries and compares the answers.
//
// A vector is a query with the recorded answer of the real engine, the table
// printed on a reference page, or only a result schema. There are three
// outcomes: passed; refused, when Harrier says by name what it does not
// support; and wrong for everything else: other rows, other types, a query
// accepted that the engine rejects, an internal error.
package conformance

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/hunt"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
	"github.com/harrier-hunting/harrier/internal/wire"
)

// Vector is one line of a vector file.
type Vector struct {
	ID        string   `json:"id"`
	Authority string   `json:"authority"`
	Query     string   `json:"query"`
	Flags     []string `json:"flags"`
	Expect    Expect   `json:"expect"`
}

// Expect is the recorded answer.
type Expect struct {
	Error    bool                `json:"error"`
	Columns  []ExpectColumn      `json:"columns"`
	Rows     [][]json.RawMessage `json:"rows"`
	RowCount *int                `json:"rowCount"`
	Sorted   bool                `json:"sorted"`
	Partial  bool                `json:"partial"`
}

// ExpectColumn is a recorded column; nil members are not checked.
type ExpectColumn struct {
	Name *string `json:"name"`
	Type *string `json:"type"`
}

// Outcome of one vector.
type Outcome string

// The outcomes.
const (
	Passed  Outcome = "passed"
	Refused Outcome = "refused"
	Wrong   Outcome = "wrong"
)

// Result is what a vector came to, with the actual answer.
type Result struct {
	ID      string              `json:"id"`
	Outcome Outcome             `json:"outcome"`
	Detail  string              `json:"detail"`
	Columns []Column            `json:"columns"`
	Rows    [][]json.RawMessage `json:"rows"`
}

// Column is an actual column.
type Column struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// Summary counts outcomes.
type Summary struct {
	Passed  int `json:"passed"`
	Refused int `json:"refused"`
	Wrong   int `json:"wrong"`
}

// Report is the whole run.
type Report struct {
	Summary Summary  `json:"summary"`
	Results []Result `json:"results"`
}

// Add counts a result.
func (r *Report) Add(x Result) {
	switch x.Outcome {
	case Passed:
		r.Summary.Passed++
	case Refused:
		r.Summary.Refused++
	default:
		r.Summary.Wrong++
	}
	r.Results = append(r.Results, x)
}

// Runner answers a query; its errors are those of hunt.Service.Run.
type Runner func(ctx context.Context, query string) (*hunt.Result, error)

// Read parses a vector file.
func Read(r io.Reader, each func(Vector) error) error {
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 1<<16), 64<<20)
	for line := 1; s.Scan(); line++ {
		if len(s.Bytes()) == 0 {
			continue
		}
		var v Vector
		if err := json.Unmarshal(s.Bytes(), &v); err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
		if err := each(v); err != nil {
			return err
		}
	}
	return s.Err()
}

// Run runs one vector.
func Run(ctx context.Context, v Vector, run Runner) Result {
	r := Result{ID: v.ID, Columns: []Column{}, Rows: [][]json.RawMessage{}}
	res, err := run(ctx, v.Query)
	if err == nil {
		defer res.Close()
		r.Columns = columnsOf(res.Columns)
		if rows, e := collect(res); e != nil {
			err = e
		} else {
			r.Rows = rows
		}
	}
	if err != nil {
		r.Outcome, r.Detail = judgeError(v, err)
		return r
	}
	if v.Expect.Error {
		r.Outcome, r.Detail = Wrong, "accepted, but the engine rejects it"
		return r
	}
	cols := res.Columns
	if v.Authority == "binder" { // to which a query's type is that of its last statement
		cols = res.Results[len(res.Results)-1].Node.Columns()
	}
	if d := compare(v, r, cols); d != "" {
		r.Outcome, r.Detail = Wrong, d
		if why := withoutData(res.Warnings); why != "" {
			r.Outcome, r.Detail = Refused, why
		}
		return r
	}
	r.Outcome = Passed
	return r
}

// withoutData finds the warning of an answer that needs a data set which the
// operator has not configured: it says that it is none.
func withoutData(warnings diag.List) string {
	for _, w := range warnings {
		if strings.Contains(w.Message, "no GeoIP data is configured") {
			return w.Message
		}
	}
	return ""
}

func judgeError(v Vector, err error) (Outcome, string) {
	var q *hunt.QueryError
	if errors.As(err, &q) {
		d := q.First()
		switch {
		case v.Expect.Error:
			return Passed, "rejected: " + d.Message
		case v.Authority == "binder" && q.Columns != nil && compareColumns(v.Expect.Columns, q.Columns) == "":
			return Passed, "bound, but not run: " + d.Message
		case d.Kind == diag.Unsupported:
			return Refused, d.Message
		}
		return Wrong, "rejected: " + d.Message
	}
	if v.Expect.Error && engine.KindOf(err) == engine.Invalid {
		return Passed, "rejected: " + err.Error()
	}
	return Wrong, "failed: " + causes(err)
}

// causes unfolds an error for the developer's eyes: conformance output is not
// an answer to a user.
func causes(err error) string {
	text := err.Error()
	if u := errors.Unwrap(err); u != nil {
		text += ": " + causes(u)
	}
	return text
}

func columnsOf(cols []plan.Column) []Column {
	out := make([]Column, len(cols))
	for i, c := range cols {
		out[i] = Column{c.Name, c.Type.String()}
	}
	return out
}

// maxRows bounds what one vector may answer.
const maxRows = 100_000

func collect(res *hunt.Result) ([][]json.RawMessage, error) {
	rows := [][]json.RawMessage{}
	for {
		b, err := res.Next()
		if err != nil {
			return nil, err
		}
		if b == nil {
			return rows, nil
		}
		for i := range b.N {
			if len(rows) >= maxRows {
				return nil, fmt.Errorf("more than %d rows", maxRows)
			}
			row := make([]json.RawMessage, len(b.Cols))
			for k, v := range b.Cols {
				row[k] = wire.AppendValue(nil, v, i, wire.TimeFull)
			}
			rows = append(rows, row)
		}
	}
}

// typeMatches compares with a recorded type, which may name alternatives.
func typeMatches(want string, got types.Type) bool {
	for _, w := range splitBar(want) {
		if t, ok := types.ByName(w); ok && t == got {
			return true
		}
	}
	return false
}

func splitBar(s string) []string {
	var out []string
	from := 0
	for i := 0; i <= len(s); i++ {
		if i == len(s) || s[i] == '|' {
			out = append(out, s[from:i])
			from = i + 1
		}
	}
	return out
}

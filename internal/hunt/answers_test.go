package hunt

import (
	"context"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/exec"
	"github.com/harrier-hunting/harrier/internal/testkit"
	"github.com/harrier-hunting/harrier/internal/types"
)

// checker runs random queries and holds answers against each other.
type checker struct {
	*testing.T
	*args
	tally
	grown
	failures int
	why      map[string]int // refusals
}

// errSkip is an answer that cannot be compared.
var errSkip = errors.New("no answer to compare")

// answerOf runs a query. Whatever goes wrong must be the query's fault.
func (c *checker) answerOf(query string) (answer, error) {
	ctx, cancel := context.WithTimeout(context.Background(), pipeTime)
	defer cancel()
	at := time.Now()
	a, err := askWithin(ctx, c.args, query)
	if took := time.Since(at); took > pipeTime+slow {
		c.fault("%s\ntook %v", query, took)
	}
	var refused *QueryError
	switch {
	case err == nil:
		c.types(query, a)
		if a.cut {
			return a, errSkip
		}
		return a, nil
	case errors.As(err, &refused):
		c.refused++
		if c.why[refused.First().Message]++; c.why[refused.First().Message] == 1 {
			c.Logf("refused: %s\n%s", query, refused.Diagnostics.Render(query))
		}
		c.words(query, refused.Error())
	case engine.KindOf(err) == engine.Internal:
		c.fault("%s\n%s\n%s", query, causes(err), a.compiled.Query.Text())
	case engine.KindOf(err) == engine.Invalid:
		c.invalid++
		c.words(query, err.Error())
	default:
		c.limited++
		c.Logf("%v: %s", err, query)
	}
	return a, errSkip
}

func (c *checker) fault(format string, list ...any) {
	c.Helper()
	c.Errorf(format, list...)
	if c.failures++; c.failures > 25 {
		c.Fatal("too many faults")
	}
}

// words looks for what users must not read.
func (c *checker) words(query, message string) {
	if w := internals(message, query); w != "" {
		c.fault("%s\nsays %q: %s", query, w, message)
	}
}

// types holds the values against the columns that were promised.
func (c *checker) types(query string, a answer) {
	for k, col := range a.compiled.Query.Columns {
		for _, row := range a.rows {
			if v := row[k]; v.Type != col.Type || v.Null && !col.Nullable && col.Type != types.String {
				c.fault("%s\ncolumn %s, %s nullable %v, has %s of type %s\n%s", query, col.Name, col.Type, col.Nullable, testkit.Literal(v), v.Type, a.compiled.Query.Text())
				return
			}
		}
	}
	c.rows += len(a.rows)
}

// askWithin is ask with a deadline.
func askWithin(ctx context.Context, a *args, query string) (answer, error) {
	c, err := Prepare(ctx, query, a.env, a.scope, a.store)
	out := answer{compiled: c}
	if err != nil {
		return out, err
	}
	rows, err := exec.Run(ctx, a.store, c.Query, a.scope.MaxRows)
	if err != nil {
		return out, err
	}
	defer rows.Close()
	for {
		b, err := rows.Next(ctx)
		if b == nil || err != nil {
			out.cut = rows.Truncated()
			return out, err
		}
		for i := range b.N {
			row := make([]types.Value, len(c.Query.Columns))
			for k, v := range b.Cols {
				row[k] = v.Value(i)
			}
			out.rows = append(out.rows, row)
		}
	}
}

// rowTexts writes rows for comparison; reals to ten digits, for the order of
// adding up shows in the last ones.
func rowTexts(rows [][]types.Value, ordered bool) []string {
	out := make([]string, len(rows))
	for i, row := range rows {
		var b strings.Builder
		for _, v := range row {
			if v.Type == types.Real && !v.Null && !math.IsNaN(v.F) && !math.IsInf(v.F, 0) {
				b.WriteString(strconv.FormatFloat(v.F+0, 'g', 10, 64))
			} else {
				b.WriteString(testkit.Literal(v))
			}
			b.WriteByte('|')
		}
		out[i] = b.String()
	}
	if !ordered {
		slices.Sort(out)
	}
	return out
}

// equals compares the answers of two ways to write one query.
func (c *checker) equals(p *pipe, what, query string, whole answer, ordered bool) {
	c.variants++
	a, err := c.answerOf(query)
	if err != nil {
		return
	}
	var g, w []string
	for _, x := range a.compiled.Query.Columns {
		g = append(g, x.Name+":"+x.Type.String())
	}
	for _, x := range whole.compiled.Query.Columns {
		w = append(w, x.Name+":"+x.Type.String())
	}
	if !slices.Equal(g, w) {
		c.fault("%s\n%s: columns %v, want %v", query, what, g, w)
		return
	}
	c.sameRows(p, what, query, rowTexts(a.rows, ordered), rowTexts(whole.rows, ordered), whole, a)
}

func (c *checker) sameRows(p *pipe, what, query string, g, w []string, whole, other answer) {
	if slices.Equal(g, w) {
		c.equal++
		return
	}
	var diff []string
	for i := range max(len(g), len(w)) {
		if i >= len(g) || i >= len(w) || g[i] != w[i] {
			if i < len(w) {
				diff = append(diff, "want "+clipped(w[i]))
			}
			if i < len(g) {
				diff = append(diff, "have "+clipped(g[i]))
			}
		}
		if len(diff) > 5 {
			break
		}
	}
	c.fault("%s:\n%s\n\nplain:\n%s\n\n%d rows, want %d\n%s\n\n%s\n\n%s", what, query, p.prelude()+p.body(), len(g), len(w), strings.Join(diff, "\n"), other.compiled.Query.Text(), whole.compiled.Query.Text())
}

func clipped(s string) string {
	if len(s) > 700 {
		return s[:700] + "…"
	}
	return s
}

package hunt

import (
	"context"
	"time"

	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/exec"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Result is an answer whose rows are read by the caller, who must Close it. A
// query may have several results; Columns and Rows are those of the one that
// is read, at first the first.
type Result struct {
	Columns []plan.Column
	Rows    *exec.Rows
	// Results are all results of the query, those that are not answered too.
	Results  []bind.Result
	Warnings diag.List

	at    int // in Results
	count int // rows of the results before
	cut   bool
	early earliest

	ctx    context.Context
	begin  func(i int) (Compiled, *exec.Rows, error) // nil: the first is all
	finish func()
	used   func() Usage
	lasted func() time.Duration
}

// Render is how the result at hand asks to be drawn, or nil.
func (r *Result) Render() *bind.Render {
	if len(r.Results) == 0 {
		return nil
	}
	return r.Results[r.at].Render
}

// Next returns the next batch of rows of the result at hand, or nil at its end.
func (r *Result) Next() (*engine.Batch, error) {
	b, err := r.Rows.Next(r.ctx)
	if err != nil {
		return nil, why(r.ctx, err)
	}
	return b, nil
}

// Advance goes on to the query's next result and reports whether there is one.
// Results are computed one after the other, within the limits of one request;
// rows that come in between are in the later ones only. Request.Several asks
// for that.
func (r *Result) Advance() (bool, error) {
	if r.begin == nil || r.at+1 >= len(r.Results) {
		return false, nil
	}
	count, cut := r.Count(), r.Truncated()
	r.Rows.Close()
	c, rows, err := r.begin(r.at + 1)
	if err != nil {
		return false, why(r.ctx, err)
	}
	r.at, r.count, r.cut = r.at+1, count, cut
	r.read(c, rows)
	return true, nil
}

// read makes a statement's rows those at hand.
func (r *Result) read(c Compiled, rows *exec.Rows) {
	r.Columns, r.Rows = c.Query.Columns, rows
	if r.early.asked || r.early.bound && c.Guarded.Cut() {
		r.Warnings = append(r.Warnings, diag.Diagnostic{Kind: diag.Warning, Code: "HRR1003",
			Message: "The query asks for a time before the look-back window; older rows are not in the answer",
			Hint:    "the window of this contract starts at " + types.FormatDatetime(r.early.window)})
		r.early = earliest{} // said once
	}
}

// Count is the number of rows read, of all results.
func (r *Result) Count() int { return r.count + r.Rows.Count() }

// Truncated reports whether a result had more rows than may be answered.
func (r *Result) Truncated() bool { return r.cut || r.Rows.Truncated() }

// Close ends the query and settles its running time.
func (r *Result) Close() {
	r.Rows.Close()
	r.finish()
}

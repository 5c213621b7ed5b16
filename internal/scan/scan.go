// Package scan is the scan operator: a state machine over rows in order.
//
// The rules are those of Kusto's page "scan operator"; where its text and its
// printed answers differ, the answers decide. Steps s1 … sn are tried from the
// last to the first for every record r. The state of step k holds the latest
// values of s1 … sk of one sequence, and its match id.
//
//   - Check 1: the state of s(k-1) is filled and r meets the condition of sk,
//     seen with that state: the state moves up to sk, replacing what was there,
//     and s(k-1) is left empty; r becomes sk's part of it.
//   - Check 2, unless check 1 matched: sk has a state, or is the first step, and
//     r meets its condition, seen with sk's state: r becomes sk's part of it. An
//     empty first step thereby begins a sequence with the next match id.
//
// What a state does not hold reads as the declared default, or null. Names
// without a step mean the record: its columns, and the declared columns with
// their defaults. Assignments see the state as it was before the match.
//
// output=last hands out a step's latest record when its run ends: when its state
// moves up or is replaced, and at the end of the rows.
package scan

import (
	"context"

	"github.com/harrier-hunting/harrier/internal/eval"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Op is a scan. Its input has the columns of the records; a second input, where
// Parameters are read, is one row of values computed beforehand.
//
// Expressions are over a row of: the input's columns, the declared columns, and
// one column for each of Extras.
type Op struct {
	Inputs   []types.Type  // of the input's columns
	Defaults []types.Value // of the declared columns
	Extras   []Extra
	Steps    []Step
	// Partition are the input's columns whose values tell sequences apart.
	Partition []int
	// MatchID adds the match id as the last column.
	MatchID bool
	// HasParameters tells that there is a second input.
	HasParameters bool
}

// Extra is a column of the row that is no column of the record: column Col of
// step Step in the state, or column Parameter of the second input.
type Extra struct {
	Step, Col int
	Parameter int // -1: a column of the state
	Type      types.Type
}

// Step is one step.
type Step struct {
	Name string
	// Free is the part of the condition that needs no state and is computed
	// for many records at once, Bound the rest; nil is true.
	Free, Bound *eval.Prog
	Assign      []Assign
	Output      Output
}

// Assign gives column Col of the record (the declared ones follow the input's)
// a value.
type Assign struct {
	Col int
	X   *eval.Prog
}

// Output tells which records of a step are handed out.
type Output uint8

// The outputs.
const (
	All Output = iota
	Last
	None
)

// MaxSteps bounds the steps of a scan.
const MaxSteps = 64

// maxStateValues bounds what the states of all partitions hold at once.
const maxStateValues = 1 << 22

// Name is the operator's name.
func (*Op) Name() string { return "scan" }

// Ordered: the order of the records decides what matches.
func (*Op) Ordered(i int) bool { return i == 0 }

// Run scans the rows.
func (o *Op) Run(ctx context.Context, in []plan.RowReader, out plan.RowWriter) error {
	r := newRun(o, out)
	if o.HasParameters {
		b, err := plan.ReadAll(ctx, in[1])
		if err != nil {
			return err
		}
		r.parameters(b)
	}
	for {
		b, err := in[0].Next(ctx)
		if err != nil {
			return err
		}
		if b == nil {
			break
		}
		if err := r.batch(ctx, b); err != nil {
			return err
		}
	}
	return r.end(ctx)
}

// parameters puts the values of the second input into the row.
func (r *run) parameters(b *types.Batch) {
	for k, x := range r.op.Extras {
		if x.Parameter >= 0 && b.N > 0 {
			r.row.Set(r.extra+k, b.Cols[x.Parameter].Value(0))
		}
	}
}

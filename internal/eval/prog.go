// Package eval computes bound expressions over column vectors by the Go meaning
// of the function table's rows, without an engine. It is what Go operators
// evaluate their expressions with (ADR 0015).
//
// Compile turns an expression into a Prog once: a list of calls in the order
// they run, equal parts computed once. A Prog is immutable and may be shared. A
// Machine runs it and keeps the vectors of its last run, so that running it
// again over one row, as scan does for every record and a graph for every path,
// allocates next to nothing. Row holds such a row.
//
// Expressions that hold a plan (toscalar, in (table)) are refused: the binder
// hands such values in as columns.
package eval

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Prog is a compiled expression. Its registers are, in this order of filling:
// columns, constants, and the results of the calls.
type Prog struct {
	regs   int
	cols   []colReg
	consts []constReg
	code   []call
	args   int // arguments of all calls
	result int
	t      types.Type
	now    int64
}

type colReg struct{ reg, col int }

type constReg struct {
	reg   int
	value types.Value
}

type call struct {
	name string
	eval fn.Eval
	args []int
	out  int
	t    types.Type
}

// Compile makes an expression ready to run. now is the query's clock.
func Compile(e plan.Expr, now int64) (*Prog, error) {
	c := compiler{p: &Prog{t: e.Type(), now: now}, seen: map[plan.Expr]int{}, columns: map[int]int{}}
	var err error
	if c.p.result, err = c.expr(e); err != nil {
		return nil, err
	}
	return c.p, nil
}

// Type is the type of the result.
func (p *Prog) Type() types.Type { return p.t }

// Columns lists the ordinals of the columns that the expression reads, each
// once.
func (p *Prog) Columns() []int {
	out := make([]int, len(p.cols))
	for i, c := range p.cols {
		out[i] = c.col
	}
	return out
}

// Column is the column that the expression stands for, if it is one and
// nothing else.
func (p *Prog) Column() (int, bool) {
	if len(p.code) > 0 || len(p.cols) != 1 || p.cols[0].reg != p.result {
		return 0, false
	}
	return p.cols[0].col, true
}

type compiler struct {
	p       *Prog
	seen    map[plan.Expr]int
	columns map[int]int
}

func (c *compiler) register() int {
	c.p.regs++
	return c.p.regs - 1
}

// expr returns the register that holds the value of e. A variable that is
// mentioned twice is the same expression twice.
func (c *compiler) expr(e plan.Expr) (int, error) {
	if r, ok := c.seen[e]; ok {
		return r, nil
	}
	r, err := c.compute(e)
	if err == nil {
		c.seen[e] = r
	}
	return r, err
}

func (c *compiler) compute(e plan.Expr) (int, error) {
	switch e := e.(type) {
	case *plan.Const:
		r := c.register()
		c.p.consts = append(c.p.consts, constReg{r, e.Value})
		return r, nil
	case *plan.Col:
		if r, ok := c.columns[e.Index]; ok {
			return r, nil
		}
		r := c.register()
		c.columns[e.Index] = r
		c.p.cols = append(c.p.cols, colReg{r, e.Index})
		return r, nil
	case *plan.Call:
		return c.call(e)
	}
	return 0, fmt.Errorf("eval: %T is not computed row by row", e)
}

func (c *compiler) call(e *plan.Call) (int, error) {
	if e.Sig.Eval == nil {
		return 0, fmt.Errorf("eval: %s has no meaning in Go", e.Fn.Name)
	}
	k := call{name: e.Fn.Name, eval: e.Sig.Eval, t: e.T, args: make([]int, len(e.Args))}
	for i, a := range e.Args {
		r, err := c.expr(a)
		if err != nil {
			return 0, err
		}
		k.args[i] = r
	}
	k.out = c.register()
	c.p.args += len(k.args)
	c.p.code = append(c.p.code, k)
	return k.out, nil
}

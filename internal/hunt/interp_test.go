package hunt

import (
	"errors"
	"math"

	"github.com/harrier-hunting/harrier/internal/eval"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// interp evaluates bound expressions over columns by the rows' Go meaning
// alone: what SQL must equal.
type interp struct {
	n    int
	cols []*types.Vector
}

// eval computes an expression for every row. Its error is one for the user
// (a bad pattern, a part that is none), or a meaning that panicked.
func (in interp) eval(e plan.Expr) (*types.Vector, error) {
	p, err := eval.Compile(e, 0)
	if err != nil {
		return nil, err
	}
	v, err := p.Machine().Run(in.n, in.cols)
	if said := (*plan.OpError)(nil); err != nil && !errors.As(err, &said) {
		err = panicked{err.Error()}
	}
	return v, err
}

// panicked is an Eval that broke its word never to panic.
type panicked struct{ text string }

func (p panicked) Error() string { return p.text }

func evaluate(f fn.Eval, c *fn.Call) (p any) {
	defer func() { p = recover() }()
	f(c)
	return nil
}

// same compares two values bit for bit; every NaN is the same. A tolerance
// above 0 allows reals to differ by that part of their size.
func same(a, b types.Value, tolerance float64) bool {
	if a.Null || b.Null {
		return a.Null == b.Null && a.Type == b.Type
	}
	if a.Type == types.Real {
		if math.IsNaN(a.F) || math.IsNaN(b.F) {
			return math.IsNaN(a.F) && math.IsNaN(b.F)
		}
		if math.Float64bits(a.F) == math.Float64bits(b.F) {
			return true
		}
		return tolerance > 0 && math.Abs(a.F-b.F) <= tolerance*math.Max(math.Abs(a.F), math.Abs(b.F))
	}
	return a == b
}

// calls visits every call inside an expression.
func calls(e plan.Expr, visit func(*plan.Call)) {
	if c, ok := e.(*plan.Call); ok {
		visit(c)
		for _, a := range c.Args {
			calls(a, visit)
		}
	}
}

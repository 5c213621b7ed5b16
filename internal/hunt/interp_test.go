package hunt

import (
	"fmt"
	"math"

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
// (a bad pattern, a part that is none).
func (in interp) eval(e plan.Expr) (*types.Vector, error) {
	switch e := e.(type) {
	case *plan.Const:
		v := types.NewVector(e.Value.Type, in.n)
		for i := range in.n {
			v.Set(i, e.Value)
		}
		return v, nil
	case *plan.Col:
		return in.cols[e.Index], nil
	case *plan.Call:
		return in.call(e)
	}
	return nil, fmt.Errorf("the interpreter has no rule for %T", e)
}

func (in interp) call(e *plan.Call) (*types.Vector, error) {
	c := fn.Call{N: in.n, Out: types.NewVector(e.T, in.n)}
	for _, a := range e.Args {
		v, err := in.eval(a)
		if err != nil {
			return nil, err
		}
		// Meanings may set the null mask of their arguments' vectors when
		// the result shares it; a copy of the header keeps columns whole.
		head := *v
		c.Args = append(c.Args, &head)
	}
	if e.Sig.Eval == nil {
		return nil, fmt.Errorf("%s has no meaning in Go", e.Fn.Name)
	}
	if p := evaluate(e.Sig.Eval, &c); p != nil {
		return nil, panicked{fmt.Sprintf("Eval of %s panics: %v", e.Fn.Name, p)}
	}
	return c.Out, c.Err
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

package lower

import (
	"slices"

	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

// chain flattens a nest of one logical operator into its terms, left to
// right. Generated hunts hold thousands of terms.
func chain(e *plan.Call) []plan.Expr {
	var terms []plan.Expr
	stack := []plan.Expr{e}
	for len(stack) > 0 {
		x := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if c, ok := x.(*plan.Call); ok && c.Fn == e.Fn && c.Sig == e.Sig {
			stack = append(stack, c.Args[1], c.Args[0])
			continue
		}
		terms = append(terms, x)
	}
	return terms
}

// logic writes and/or. In a filter the terms are put in the order of their
// cost: the engine orders them badly, and a cheap comparison that fails saves
// the dear ones.
func (l *lowering) logic(e *plan.Call, p place) (sqlx.Expr, error) {
	terms := chain(e)
	if p.filter {
		slices.SortStableFunc(terms, func(a, b plan.Expr) int { return cost(a) - cost(b) })
	}
	out := make([]sqlx.Expr, len(terms))
	for i, t := range terms {
		x, err := l.expr(t, p)
		if err != nil {
			return x, err
		}
		out[i] = x
	}
	if e.Fn.Name == "and" {
		return sqlx.AllOf(out...), nil
	}
	return sqlx.AnyOf(out...), nil
}

// isLogic reports and/or over plain truth values.
func isLogic(e *plan.Call) bool {
	return e.Fn.Kind == fn.Infix && (e.Fn.Name == "and" || e.Fn.Name == "or") && e.Sig.DuckDB.Template != ""
}

// cost ranks an expression: 0 for constants and columns, a little for plain
// comparisons, more for text, most for what runs in Go over text or reads
// another table.
func cost(e plan.Expr) int {
	switch e := e.(type) {
	case *plan.InQuery:
		return 20 + cost(e.X)
	case *plan.ScalarQuery:
		return 5
	case *plan.Call:
		own := 1
		switch {
		case e.Sig.DuckDB.Empty():
			own = 40
		case len(e.Args) > 0 && e.Args[0].Type() == types.String:
			own = 4
		case len(e.Args) > 0 && e.Args[0].Type() == types.Dynamic:
			own = 30
		}
		for _, a := range e.Args {
			own += cost(a)
		}
		return own
	}
	return 0
}

package bind

import (
	"math"
	"slices"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/plugin"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// patterns binds what the pattern plugins share: all columns but the weight
// and the one that splits the rows are attributes, by which the engine groups.
// sets computes a row's weight in each set.
func (e *evaluation) patterns(without []int, sets func(c ctx, weight plan.Expr) []plan.Expr) (plugin.Patterns, plan.Node) {
	weight := e.weight()
	if weight >= 0 {
		without = append(without, weight)
	}
	cols := e.in.cols()
	p := plugin.Patterns{Source: make([]int, len(cols)), Wildcard: e.wildcards(cols)}
	var keyCols []plan.Column
	var keys []plan.Expr
	for i, col := range cols {
		if p.Source[i] = -1; !slices.Contains(without, i) {
			p.Source[i] = len(keys)
			keyCols, keys = append(keyCols, col), append(keys, colRef(cols, i))
		}
	}
	if len(keys) == 0 && !e.failed {
		e.refuse(e.op.Span(), e.spec.Name+": there are no columns to find patterns in", "")
	}
	if e.failed {
		return p, nil
	}
	return p, e.group(e.in.node, keyCols, keys, []string{"$a", "$b"}, func(c ctx) []plan.Expr {
		var w plan.Expr
		if weight >= 0 {
			w = colRef(cols, weight)
		}
		return sets(c, w)
	})
}

// weight is the ordinal of the weight column, -1 for none.
func (e *evaluation) weight() int {
	a := e.arg("WeightColumn")
	if l, ok := a.(*syntax.Literal); a == nil || ok && l.Value.S == "~" {
		return -1
	}
	i := e.columnOf(a, e.in.cols(), "WeightColumn")
	if i < 0 {
		return -1
	}
	if t := e.in.cols()[i].Type; !t.IsNumber() || t == types.Decimal {
		e.refuse(a.Span(), e.spec.Name+": weights are numbers", "")
	}
	return i
}

// wildcards are what stands for "any value", by column: the null of its type
// unless a custom one of that type is given.
func (e *evaluation) wildcards(cols []plan.Column) []types.Value {
	custom := map[types.Type]types.Value{}
	for _, a := range e.args["CustomWildcard"] {
		v := e.constantOf(a)
		if v.Type != types.String || v.S != "~" {
			custom[v.Type] = v
		}
	}
	out := make([]types.Value, len(cols))
	for i, col := range cols {
		if v, ok := custom[col.Type]; ok {
			out[i] = v
		} else {
			out[i] = types.Null(col.Type)
		}
	}
	return out
}

// oneSet counts rows, or adds up their weights.
func (e *evaluation) oneSet(c ctx, weight plan.Expr) []plan.Expr {
	if weight == nil {
		return []plan.Expr{e.aggregateOf("count", c)}
	}
	return []plan.Expr{e.aggregateOf("sum", c, weight)}
}

func (e *evaluation) basket() rel {
	p, in := e.patterns(nil, e.oneSet)
	op := plugin.Basket{Patterns: p, Threshold: e.number("Threshold", 0.05, 0.015, 1), Depth: int(e.number("MaxDimensions", 5, 1, math.MaxInt32))}
	if e.failed {
		return rel{}
	}
	return e.goOp(op, append(plugin.SegmentColumns(), leftOpen(e.in.cols())...), in)
}

func (e *evaluation) autocluster() rel {
	p, in := e.patterns(nil, e.oneSet)
	op := plugin.Autocluster{Patterns: p, SizeWeight: e.number("SizeWeight", 0.5, 0, 1), Seeds: int(e.number("NumSeeds", 25, 1, 1000))}
	if e.failed {
		return rel{}
	}
	return e.goOp(op, append(plugin.SegmentColumns(), leftOpen(e.in.cols())...), in)
}

// diffpatterns splits rows by the text of a column; rows of neither set do not
// count.
func (e *evaluation) diffpatterns() rel {
	at := e.columnArg("SplitColumn")
	a, b := e.text("SplitValueA", ""), e.text("SplitValueB", "")
	if e.failed {
		return rel{}
	}
	split := e.cast(colRef(e.in.cols(), at), types.String, e.op.Span())
	is := func(v string) plan.Expr { return e.operate("==", split, e.constOf(types.StringValue(v))) }
	whole := e.in
	e.in.node = e.filter(whole.node, e.operate("or", is(a), is(b)))
	p, in := e.patterns([]int{at}, func(c ctx, weight plan.Expr) []plan.Expr {
		if weight == nil {
			return []plan.Expr{e.aggregateOf("countif", c, is(a)), e.aggregateOf("countif", c, is(b))}
		}
		return []plan.Expr{e.aggregateOf("sumif", c, weight, is(a)), e.aggregateOf("sumif", c, weight, is(b))}
	})
	op := plugin.Diffpatterns{Patterns: p, Threshold: e.number("Threshold", 0.05, 0.015, 1), Depth: int(e.number("MaxDimensions", 0, 0, math.MaxInt32))}
	if e.failed {
		return rel{}
	}
	return e.goOp(op, append(plugin.DiffColumns(), leftOpen(whole.cols())...), in)
}

// leftOpen is cols as a pattern shows them: null where any value will do.
func leftOpen(cols []plan.Column) []plan.Column {
	out := slices.Clone(cols)
	for i := range out {
		out[i].Nullable = true
	}
	return out
}

package bind

import (
	"fmt"
	"strings"

	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// aggregates collects the aggregate calls of one summarize. Expressions
// around them are bound over the aggregate node's output: keys, then calls.
type aggregates struct {
	inner ctx // over the input rows, for the calls' arguments
	keys  int
	calls []*plan.Agg
	nulls []bool
	picks int
}

// add appends a call and returns its output column.
func (a *aggregates) add(g *plan.Agg, null bool) plan.Expr {
	a.calls = append(a.calls, g)
	a.nulls = append(a.nulls, null)
	return &plan.Col{Index: a.keys + len(a.calls) - 1, T: g.Ret, Null: null, Pos: g.Pos}
}

// bindSummarize: one row per distinct combination of the keys.
func (b *binder) bindSummarize(in rel, op *syntax.SummarizeOp, c ctx) rel {
	oc := b.over(in, c, op)
	if op.BinAt != nil {
		b.unsupported(op.BinAt.Span(), "summarize … bin=", "use by bin(…)")
		return rel{open: true}
	}
	if len(op.Aggs)+len(op.Keys) == 0 {
		b.fail(op.Span(), "SEM0100", oc.inOp("an aggregate or a key is expected"), "e.g. summarize count() by DeviceName")
		return rel{open: true}
	}
	names, count := newNamer(nil), &columnCounter{}
	keyCols, keys := b.groupKeys(op.Keys, names, count, oc)
	agg := &aggregates{inner: oc, keys: len(keys)}
	ac := ctx{sc: oc.sc, op: oc.op, agg: agg, rowID: oc.rowID}
	outCols := keyCols
	exprs := make([]plan.Expr, len(keys))
	for i := range keys {
		exprs[i] = colRef(keyCols, i)
	}
	for _, e := range op.Aggs {
		for _, n := range b.aggregateItem(e, ac, keyCols) {
			name, ok := b.outputName(n, names, count, oc)
			if !ok {
				continue
			}
			outCols, exprs = append(outCols, columnOf(name, n.x)), append(exprs, n.x)
		}
		if n := len(agg.calls); n > maxAggregates {
			b.tooMany(op.Span(), "'summarize' has too many aggregates", n, maxAggregates)
			return rel{open: true}
		}
	}
	return rel{node: b.aggregateNode(in.node, keyCols, keys, agg, outCols, exprs)}
}

// groupKeys binds the expressions after "by".
func (b *binder) groupKeys(by []syntax.Expr, names *namer, count *columnCounter, oc ctx) (cols []plan.Column, keys []plan.Expr) {
	for _, e := range by {
		n := b.computed(e, oc)
		if n.x.Type() == types.Dynamic {
			b.fail(e.Span(), "SEM0116", oc.inOp(fmt.Sprintf("Summarize group key ('%s') is of a 'dynamic' type. Please use an explicit cast (for example, 'summarize ... by tostring(%s)') as grouping by a 'dynamic' type is not supported.",
				syntax.Print(e), syntax.Print(e))), "")
			n.x = badExpr(e.Span())
		}
		name, ok := b.outputName(n, names, count, oc)
		if !ok {
			continue
		}
		cols, keys = append(cols, columnOf(name, n.x)), append(keys, n.x)
	}
	return cols, keys
}

// outputName places a column: explicit names must be free, automatic ones get
// a number.
func (b *binder) outputName(n named, names *namer, count *columnCounter, c ctx) (string, bool) {
	switch {
	case n.name == "":
		return names.take(count.next()), true
	case n.explicit && names.used[n.name]:
		b.duplicate(n.at, n.name, c)
		return "", false
	}
	return names.take(n.name), true
}

// aggregateNode builds the node, with a projection on top only where the
// outputs are more than the calls themselves.
func (b *binder) aggregateNode(in plan.Node, keyCols []plan.Column, keys []plan.Expr, agg *aggregates, outCols []plan.Column, exprs []plan.Expr) plan.Node {
	n := &plan.Aggregate{Input: in, Keys: keys, Aggs: agg.calls}
	n.Out = append(n.Out, keyCols...)
	for i, g := range agg.calls {
		n.Out = append(n.Out, plan.Column{Name: fmt.Sprintf("$a%d", i), Type: g.Ret, Nullable: agg.nulls[i] && g.Ret != types.String})
	}
	plain := len(exprs) == len(n.Out)
	for i, e := range exprs {
		col, ok := e.(*plan.Col)
		plain = plain && ok && col.Index == i
	}
	if plain {
		copy(n.Out, outCols)
		return n
	}
	return b.project(n, outCols, exprs)
}

// aggregateItem binds one item of summarize. Some aggregates make several
// columns: arg_max(x, *), take_any(*), percentiles(x, 5, 95).
func (b *binder) aggregateItem(e syntax.Expr, c ctx, keyCols []plan.Column) []named {
	given, x := []syntax.Name(nil), e
	tuple := false
	if n, ok := e.(*syntax.NamedExpr); ok {
		given, x, tuple = n.Names, n.X, n.Tuple
	}
	if call, ok := x.(*syntax.Call); ok {
		if cols, ok := b.multiAggregate(call, c, keyCols); ok {
			if len(given) > len(cols) {
				b.fail(e.Span(), "SEM0149", c.inOp("The expression does not have that many values."), "")
				given = given[:len(cols)]
			}
			for i, g := range given {
				cols[i].name, cols[i].explicit = g.Text, true
			}
			for i := range cols {
				cols[i].at = e
			}
			return cols
		}
	}
	if call, ok := x.(*syntax.Call); ok {
		if cols, ok := b.severalColumns(call, given, c); ok {
			return cols
		}
	}
	if tuple && len(given) != 1 {
		b.fail(e.Span(), "SEM0149", c.inOp("The expression does not have multiple named values."), "name one column")
		return nil
	}
	n := named{x: b.expr(x, c), at: e}
	if given != nil {
		n.name, n.explicit = given[0].Text, true
	} else {
		// A column that is also a key, as in "summarize … a by a", was
		// reported by expr; its name would only repeat the complaint.
		n.name = b.autoName(x, c)
	}
	return []named{n}
}

// aggregateCall binds a call of an aggregate inside an expression.
func (b *binder) aggregateCall(s *fn.Spec, x *syntax.Call, c ctx) plan.Expr {
	if s.Obsolete != "" {
		b.warn(x.Name.Span(), "HRR1002", fmt.Sprintf("%s is an old name", x.Name.Text), "use "+s.Obsolete)
	}
	for _, a := range x.Args {
		if _, star := a.(*syntax.Star); star {
			b.fail(x.Span(), "SEM0100", c.inOp(fmt.Sprintf("%s(*) must stand alone", s.Name)), "")
			return badExpr(x.Span())
		}
	}
	args, ok := b.args(x.Args, c.agg.inner)
	if !ok {
		return b.unknownResult(s, args, x.Span())
	}
	switch s.Name {
	case "arg_max", "arg_min", "argmax", "argmin", "percentiles", "percentilesw":
		b.unsupported(x.Span(), s.Name+" inside an expression", "give it a column of its own")
		return badExpr(x.Span())
	}
	return b.aggregate(s, args, x, c)
}

// aggregate adds one bound aggregate call.
func (b *binder) aggregate(s *fn.Spec, args []plan.Expr, x *syntax.Call, c ctx) plan.Expr {
	sig, params := b.overload(s, args, x.Span(), c)
	if sig == nil {
		return badExpr(x.Span())
	}
	args = b.convertArgs(s, sig, params, args)
	t := resultType(sig, args)
	if t == types.Unknown {
		b.fail(x.Span(), "SEM0127", c.inOp(fmt.Sprintf("The function '%s' is not compatible with arguments (%s)", s.Name, typeList(args))), "")
		return badExpr(x.Span())
	}
	g := &plan.Agg{Fn: s, Sig: sig, Args: args, Ret: t, Pos: x.Span()}
	return c.agg.add(g, s.Nulls != fn.NeverNull)
}

// multiAggregate binds the aggregates that make several columns.
func (b *binder) multiAggregate(x *syntax.Call, c ctx, keyCols []plan.Column) ([]named, bool) {
	s := b.env.Fns.Lookup(fn.Aggregate, x.Name.Text)
	if v := c.sc.lookup(x.Name.Text); s == nil || v != nil && v.fun != nil {
		return nil, false
	}
	if n := len(x.Args); n > maxAggregates {
		b.tooMany(x.Span(), "'"+x.Name.Text+"' has too many arguments", n, maxAggregates)
		return nil, true
	}
	switch x.Name.Text {
	case "arg_max", "arg_min", "argmax", "argmin":
		return b.argPick(s, x, c, keyCols), true
	case "take_any", "any":
		if len(x.Args) == 1 {
			if _, star := x.Args[0].(*syntax.Star); !star {
				return nil, false
			}
		}
		return b.anyPick(s, x, c, keyCols), true
	case "percentiles", "percentilesw":
		return b.percentiles(x, c), true
	}
	return nil, false
}

// percentiles binds percentiles(x, p…) and percentilesw(x, w, p…) as one
// percentile each.
func (b *binder) percentiles(x *syntax.Call, c ctx) []named {
	single, skip := "percentile", 1
	if x.Name.Text == "percentilesw" {
		single, skip = "percentilew", 2
	}
	s := b.env.Fns.Lookup(fn.Aggregate, single)
	if s == nil || len(x.Args) <= skip {
		b.fail(x.Span(), "SEM0219", c.inOp(fmt.Sprintf("The function '%s' expects at least %d arguments.", x.Name.Text, skip+1)), "")
		return nil
	}
	head, ok := b.args(x.Args[:skip], c.agg.inner)
	if !ok {
		return nil
	}
	var out []named
	for _, p := range x.Args[skip:] {
		pv, ok := b.args([]syntax.Expr{p}, c.agg.inner)
		if !ok {
			continue
		}
		args := append(append([]plan.Expr{}, head...), pv...)
		out = append(out, named{name: b.percentileName(x.Args[0], p, c), x: b.aggregate(s, args, x, c)})
	}
	return out
}

// percentileName: percentile_Column_99_9.
func (b *binder) percentileName(of, p syntax.Expr, c ctx) string {
	text := strings.ReplaceAll(strings.TrimSpace(syntax.Print(p)), ".", "_")
	return "percentile_" + b.argName(of, c) + "_" + text
}

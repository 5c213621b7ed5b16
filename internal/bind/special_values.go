package bind

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// bindAssert: assert(condition, message) is checked while the query is bound,
// whether or not a row will ever reach it (query/assert-function.md).
func (b *binder) bindAssert(x *syntax.Call, c ctx) plan.Expr {
	if !b.arity(x, 2, 2, c) {
		return badExpr(x.Span())
	}
	cond := b.boolean(b.expr(x.Args[0], c), x.Args[0].Span(), "assert", c)
	text := b.expr(x.Args[1], c)
	if cond.Type() == types.Unknown || text.Type() == types.Unknown {
		return badExpr(x.Span())
	}
	k, ok := cond.(*plan.Const)
	m, also := text.(*plan.Const)
	if !ok || !also || m.Value.Type != types.String {
		b.fail(x.Span(), "SEM0100", c.inOp("assert() takes a constant condition and a constant text"), "compute both from constants only")
		return badExpr(x.Span())
	}
	if !k.Value.Bool() {
		b.block(x.Span(), diag.Semantic, "SEM0100", fmt.Sprintf("assert() has failed with message: '%s'", m.Value.S), "")
	}
	return &plan.Const{Value: types.BoolValue(true), Pos: x.Span()}
}

// bindAround: around(value, center, delta) is
// value between (center-delta .. center+delta), null if any of them is.
func (b *binder) bindAround(x *syntax.Call, c ctx) plan.Expr {
	if !b.arity(x, 3, 3, c) {
		return badExpr(x.Span())
	}
	args, ok := b.args(x.Args, c)
	if !ok {
		return badExpr(x.Span())
	}
	at := x.Span()
	lo := b.infix("-", at, c, args[1], args[2])
	if lo.Type() == types.Unknown {
		return lo
	}
	if msg := incomparable(">=", args[0].Type(), lo.Type()); msg != "" {
		b.fail(at, "SEM0064", c.inOp(msg), "")
		return badExpr(at)
	}
	hi := b.infix("+", at, c, args[1], args[2])
	return b.infix("and", at, c, b.infix(">=", at, c, args[0], lo), b.infix("<=", at, c, args[0], hi))
}

// bindBinAuto: bin_auto(x) is bin_at(x, query_bin_auto_size,
// query_bin_auto_at), which set statements give.
func (b *binder) bindBinAuto(x *syntax.Call, c ctx) plan.Expr {
	if !b.arity(x, 1, 1, c) {
		return badExpr(x.Span())
	}
	v := b.expr(x.Args[0], c)
	switch {
	case v.Type() == types.Unknown:
		return v
	case b.set.binSize == nil:
		b.fail(x.Span(), "SEM0100", c.inOp("bin_auto() needs the size of the bins"), "put  set query_bin_auto_size = 1h;  before the query")
		return badExpr(x.Span())
	case b.set.binAt == nil:
		return b.apply(b.env.Fns.Lookup(fn.Scalar, "bin"), []plan.Expr{v, b.set.binSize}, x.Span(), c)
	}
	return b.apply(b.env.Fns.Lookup(fn.Scalar, "bin_at"), []plan.Expr{v, b.set.binSize, b.set.binAt}, x.Span(), c)
}

package bind

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// call binds name(args) where a value is expected.
func (b *binder) call(x *syntax.Call, c ctx) plan.Expr {
	name := x.Name.Text
	if v := c.sc.lookup(name); v != nil && v.fun != nil {
		r, s := b.callFunction(name, v.fun, x.Args, nil, c, x.Span())
		if s == nil {
			if r.node != nil || r.open {
				b.failIfKnown(r, x.Span(), c.inOp(fmt.Sprintf("Function '%s' returns a table where a value is expected", name)))
			}
			return badExpr(x.Span())
		}
		return s
	}
	if c.names != nil {
		if e, ok := c.names.call(b, x, c); ok {
			return e
		}
	}
	if e, ok := b.special(x, c); ok {
		return e
	}
	if c.agg != nil {
		if s := b.env.Fns.Lookup(fn.Aggregate, name); s != nil {
			return b.aggregateCall(s, x, c)
		}
	}
	if s := b.env.Fns.Lookup(fn.Window, name); s != nil {
		return b.windowCall(s, x, c)
	}
	s := b.env.Fns.Lookup(fn.Scalar, name)
	if s == nil || s.Hidden && len(name) > 1 && name[:2] == "__" {
		if name == "ingestion_time" && len(x.Args) == 0 { // queries that are only checked go on
			b.block(x.Span(), diag.Unsupported, "HRR0001", "The function 'ingestion_time' is not supported", refusedFunctions[name])
			return &plan.Const{Value: types.Null(types.Datetime), Pos: x.Span()}
		}
		b.unknownFunction(x, c)
		return badExpr(x.Span())
	}
	if s.Columns != nil {
		b.unsupported(x.Span(), "'"+name+"', which makes several columns, inside an expression", "give it columns of its own first: extend (a, b) = "+name+"(…)")
		return badExpr(x.Span())
	}
	if s.Obsolete != "" {
		b.warn(x.Name.Span(), "HRR1002", fmt.Sprintf("%s is an old name", name), "use "+s.Obsolete)
	}
	args, ok := b.args(x.Args, c)
	if !ok {
		return b.unknownResult(s, args, x.Span())
	}
	return b.apply(s, args, x.Span(), c)
}

func (b *binder) failIfKnown(r rel, at diag.Span, message string) {
	if r.node != nil {
		b.fail(at, "SEM0100", message, "wrap it in toscalar(…)")
	}
}

func (b *binder) unknownFunction(x *syntax.Call, c ctx) {
	name := x.Name.Text
	// Its arguments may hold mistakes of their own worth reporting.
	for _, a := range x.Args {
		if !b.isTabular(a, c.sc) {
			if n, ok := a.(*syntax.NamedExpr); ok {
				a = n.X
			}
			if _, star := a.(*syntax.Star); !star {
				b.expr(a, c)
			}
		}
	}
	if b.env.Fns.Lookup(fn.Aggregate, name) != nil {
		b.fail(x.Name.Span(), "SEM0144", c.inOp(fmt.Sprintf("The aggregate function '%s' is not allowed in this context.", name)),
			"aggregates belong into summarize")
		return
	}
	if known, why := knownElsewhere(name); known {
		b.unsupported(x.Name.Span(), "The function '"+name+"'", why)
		return
	}
	names := append(b.env.Fns.Names(fn.Scalar), c.sc.visible(func(v *variable) bool { return v.fun != nil })...)
	if c.agg != nil {
		names = append(names, b.env.Fns.Names(fn.Aggregate)...)
	}
	b.fail(x.Name.Span(), "SEM0260", c.inOp("Unknown function: '"+name+"'."), hintDidYouMean(name, names))
}

// args binds the arguments of a built-in function.
func (b *binder) args(xs []syntax.Expr, c ctx) ([]plan.Expr, bool) {
	ok := true
	args := make([]plan.Expr, len(xs))
	for i, a := range xs {
		if n, named := a.(*syntax.NamedExpr); named {
			a = n.X
		}
		args[i] = b.expr(a, c)
		ok = ok && args[i].Type() != types.Unknown
	}
	return args, ok
}

// apply picks the overload of s for args, converts them to what it wants, and
// folds constants.
func (b *binder) apply(s *fn.Spec, args []plan.Expr, at diag.Span, c ctx) plan.Expr {
	sig, params := b.overload(s, args, at, c)
	if sig == nil {
		return badExpr(at)
	}
	if s.Name == "coalesce" && !oneKind(args) {
		b.fail(at, "SEM0232", c.inOp("coalesce(): all arguments must be of the same type, but are "+typeList(args)), "convert them to one type")
		return badExpr(at)
	}
	args = b.convertArgs(s, sig, params, args)
	t := resultType(sig, args)
	if t == types.Unknown {
		b.fail(at, "SEM0232", c.inOp(fmt.Sprintf("No common type can be determined from the arguments of '%s'.", s.Name)), "convert the arguments to one type")
		return badExpr(at)
	}
	if s.Caution != nil {
		if text := s.Caution(argInfos(args)); text != "" {
			b.warn(at, "HRR1005", s.Name+": "+text, "")
		}
	}
	call := &plan.Call{Fn: s, Sig: sig, Args: args, T: t, Null: nullable(s, args), Pos: at}
	return b.fold(call, c)
}

// oneKind reports arguments of one type; int and long count as one, and a
// dynamic null goes with anything.
func oneKind(args []plan.Expr) bool {
	t := types.Unknown
	for _, a := range args {
		at := a.Type()
		switch {
		case isNullConst(a) || at == types.Dynamic:
		case t == types.Unknown:
			t = at
		case t != at && !(t.IsInteger() && at.IsInteger()):
			return false
		}
	}
	return true
}

// nullable derives whether a call's result can be null from the row's rule.
func nullable(s *fn.Spec, args []plan.Expr) bool {
	switch s.Nulls {
	case fn.NeverNull:
		return false
	case fn.NullIfArg, fn.NullFromArg:
		for _, a := range args {
			if a.Nullable() {
				return true
			}
		}
		return false
	case fn.NullIfAllArgs:
		for _, a := range args {
			// A dynamic operand that cannot be read as the other side's
			// type counts as null.
			if !a.Nullable() && !(s.Kind == fn.Infix && a.Type() == types.Dynamic) {
				return false
			}
		}
		return true
	case fn.NullIfArg0:
		return len(args) > 0 && args[0].Nullable()
	}
	return true
}

// fold evaluates a call whose arguments are all constants.
func (b *binder) fold(call *plan.Call, c ctx) plan.Expr {
	if call.Fn.Vol == fn.PerRow || call.Sig.Eval == nil || call.T.IsList() {
		return call
	}
	vals := make([]types.Value, len(call.Args))
	for i, a := range call.Args {
		k, ok := a.(*plan.Const)
		if !ok && call.Fn.Vol == fn.PerQuery {
			return b.clocked(call, c)
		}
		if !ok {
			return call
		}
		vals[i] = k.Value
	}
	eval := call.Sig.Eval
	if call.Fn.Fold != nil {
		eval = call.Fn.Fold
	}
	v, err := fn.Apply(eval, b.env.Now, call.T, vals...)
	if err != nil {
		b.fail(call.Pos, "SEM0120", c.inOp(call.Fn.Name+": "+err.Error()), "")
		return badExpr(call.Pos)
	}
	return &plan.Const{Value: v, Pos: call.Pos}
}

// clocked says ago(x) and now(x) of values known only at run time as sums with
// the clock: the engine has none.
func (b *binder) clocked(call *plan.Call, c ctx) plan.Expr {
	op := map[string]string{"ago": "-", "now": "+"}[call.Fn.Name]
	if op == "" || len(call.Args) != 1 {
		b.unsupported(call.Pos, call.Fn.Name+" of these arguments", "give constants")
		return badExpr(call.Pos)
	}
	now := &plan.Const{Value: types.DatetimeValue(b.env.Now), Pos: call.Pos}
	return b.infix(op, call.Pos, c, now, call.Args[0])
}

// converters are the rows that convert to a type.
var converters = map[types.Type]string{
	types.Bool: "tobool", types.Int: "toint", types.Long: "tolong", types.Real: "toreal", types.Decimal: "todecimal",
	types.Datetime: "todatetime", types.Timespan: "totimespan", types.Guid: "toguid", types.String: "tostring", types.Dynamic: "todynamic",
}

// cast converts x to t by the to… function of t, whatever x's type is.
func (b *binder) cast(x plan.Expr, t types.Type, at diag.Span) plan.Expr {
	if x.Type() == t || x.Type() == types.Unknown || t == types.Unknown {
		return x
	}
	if t == types.Dynamic {
		if k, ok := x.(*plan.Const); ok && k.Value.Null {
			return &plan.Const{Value: types.Null(t), Pos: at}
		}
		return b.infix("dynamic", at, ctx{}, x)
	}
	if k, ok := x.(*plan.Const); ok && k.Value.Null {
		return &plan.Const{Value: types.Null(t), Pos: at}
	}
	s := b.env.Fns.Lookup(fn.Scalar, converters[t])
	if s == nil {
		b.unsupported(at, "Conversion from "+x.Type().String()+" to "+t.String(), "")
		return badExpr(at)
	}
	return b.apply(s, []plan.Expr{x}, at, ctx{})
}

// convert converts implicitly: only where nothing is lost.
func (b *binder) convert(x plan.Expr, t types.Type, at diag.Span) plan.Expr {
	if x.Type() == t || t == types.Unknown || x.Type() == types.Unknown {
		return x
	}
	if promotes(x.Type(), t) || x.Type() == types.Dynamic || t == types.Dynamic {
		return b.cast(x, t, at)
	}
	if k, ok := x.(*plan.Const); ok && k.Value.Null {
		return &plan.Const{Value: types.Null(t), Pos: at}
	}
	if k, ok := x.(*plan.Const); ok && t == types.Int && x.Type() == types.Long && k.Value.I == int64(int32(k.Value.I)) {
		return &plan.Const{Value: types.IntValue(int32(k.Value.I)), Pos: at}
	}
	b.fail(at, "SEM0107", fmt.Sprintf("A value of type %s expected.", t), "the value is "+x.Type().String())
	return badExpr(at)
}

// promotes reports the implicit widenings of numbers.
func promotes(from, to types.Type) bool {
	switch from {
	case types.Int:
		return to == types.Long || to == types.Real || to == types.Decimal
	case types.Long:
		return to == types.Real || to == types.Decimal
	}
	return false
}

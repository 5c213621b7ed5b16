package bind

import (
	"fmt"
	"strings"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// arrange gives every argument to a parameter of the first overload that takes
// them all: named ones by name, the others in order, where an argument that an
// optional or repeated parameter cannot take goes to the next.
func (e *evaluation) arrange() bool {
	for _, sig := range e.spec.Signatures() {
		if args, ok := e.assign(sig); ok {
			e.args = args
			return true
		}
	}
	text := make([]string, len(e.spec.Sigs))
	for i, s := range e.spec.Sigs {
		text[i] = e.spec.Name + strings.TrimSuffix(s, ": table")
	}
	e.refuse(e.op.Plugin.Span(), fmt.Sprintf("The plugin '%s' is not called with these arguments.", e.spec.Name), "it takes "+strings.Join(text, " or "))
	return false
}

func (e *evaluation) assign(sig *fn.Signature) (map[string][]syntax.Expr, bool) {
	args := map[string][]syntax.Expr{}
	at := 0
	for _, a := range e.op.Plugin.Args {
		if n, ok := a.(*syntax.NamedExpr); ok && len(n.Names) == 1 {
			if p := namedParam(sig, n.Names[0].Text); p != nil {
				if len(args[p.Name]) >= p.Max {
					return nil, false
				}
				args[p.Name] = append(args[p.Name], n.X)
				continue
			}
		}
		for at < len(sig.Params) {
			p := &sig.Params[at]
			if len(args[p.Name]) < p.Max && e.suits(p, a) {
				break
			}
			if len(args[p.Name]) < p.Min {
				return nil, false
			}
			at++
		}
		if at == len(sig.Params) {
			return nil, false
		}
		args[sig.Params[at].Name] = append(args[sig.Params[at].Name], a)
	}
	for _, p := range sig.Params {
		if len(args[p.Name]) < p.Min {
			return nil, false
		}
	}
	return args, true
}

func namedParam(sig *fn.Signature, name string) *fn.Param {
	for i := range sig.Params {
		if strings.EqualFold(sig.Params[i].Name, name) {
			return &sig.Params[i]
		}
	}
	return nil
}

// suits reports whether an argument can stand for a parameter, as far as its
// form tells; types are looked at later.
func (e *evaluation) suits(p *fn.Param, a syntax.Expr) bool {
	ref, isName := a.(*syntax.NameRef)
	isColumn := isName && (findColumn(e.in.cols(), ref.Name) >= 0 || e.c.open && e.c.sc.lookup(ref.Name) == nil)
	switch {
	case p.Class == fn.ClassTabular:
		return !isColumn && e.isTabular(a, e.c.sc)
	case p.Mode == fn.ModeCol:
		if p.Min == 0 && !isColumn && e.isKnownTable(ref) {
			return false
		}
		return isName || p.Min > 0 && !isPlainConst(a) && !e.isTabular(a, e.c.sc)
	case p.Mode == fn.ModeAgg:
		_, isCall := a.(*syntax.Call)
		return isCall
	case p.Mode == fn.ModeConst:
		return !isColumn && (!isName || e.c.sc.lookup(ref.Name) != nil) && (isPlainConst(a) || !e.isTabular(a, e.c.sc))
	case p.Declared == types.Bool && p.Max > 1: // a step of sequence_detect
		if n, ok := a.(*syntax.NamedExpr); ok {
			a = n.X
		}
		t := e.quiet(a, e.c).Type()
		return t == types.Bool || t == types.Unknown && !isName
	}
	return true
}

// isKnownTable reports a name that a let statement gave to a table, or one of
// the catalog.
func (e *evaluation) isKnownTable(ref *syntax.NameRef) bool {
	if ref == nil {
		return false
	}
	if v := e.c.sc.lookup(ref.Name); v != nil {
		return v.rel != nil || v.fun != nil
	}
	return e.env.Catalog.Table(ref.Name) != nil
}

func isPlainConst(a syntax.Expr) bool {
	_, ok := a.(*syntax.Literal)
	return ok
}

// arg is the argument of a parameter, nil when it was left out.
func (e *evaluation) arg(name string) syntax.Expr {
	if list := e.args[name]; len(list) > 0 {
		return list[0]
	}
	return nil
}

// columnArg is the ordinal of the column that a parameter names.
func (e *evaluation) columnArg(name string) int {
	return e.columnOf(e.arg(name), e.in.cols(), name)
}

// columnArgs are the ordinals of the columns of a repeated parameter.
func (e *evaluation) columnArgs(name string) []int {
	var out []int
	for _, a := range e.args[name] {
		if i := e.columnOf(a, e.in.cols(), name); i >= 0 {
			out = append(out, i)
		}
	}
	return out
}

// columnOf resolves an argument that names a column, and checks its type.
func (e *evaluation) columnOf(a syntax.Expr, cols []plan.Column, param string) int {
	ref, ok := a.(*syntax.NameRef)
	if !ok || ref.Wildcard {
		e.refuse(a.Span(), "Column name expected.", "compute the column before evaluate, with extend")
		return -1
	}
	i := findColumn(cols, ref.Name)
	if i < 0 {
		e.failed = true
		if !e.c.open {
			e.refuse(a.Span(), fmt.Sprintf("Failed to resolve column named '%s'", ref.Name), hintDidYouMean(ref.Name, columnNames(cols)))
		}
		return -1
	}
	if p := e.param(param); p != nil && !p.Types.Has(cols[i].Type) {
		hint := ""
		if cols[i].Type == types.String && p.Types.Has(types.Dynamic) {
			hint = "the column is text; extend it with parse_json(" + ref.Name + ") before"
		}
		e.refuse(a.Span(), fmt.Sprintf("%s: the column '%s' is of type %s, which does not fit '%s'", e.spec.Name, ref.Name, cols[i].Type, param), hint)
		return -1
	}
	return i
}

func (e *evaluation) param(name string) *fn.Param {
	for _, sig := range e.spec.Signatures() {
		if p := namedParam(sig, name); p != nil {
			return p
		}
	}
	return nil
}

// constant is the value of a parameter that takes a constant; ok is false when
// it was left out (or "~", which stands for the default).
func (e *evaluation) constant(name string) (types.Value, bool) {
	a := e.arg(name)
	if a == nil {
		return types.Value{}, false
	}
	v := e.constantOf(a)
	return v, !e.failed && !(v.Type == types.String && v.S == "~")
}

// constantOf computes an argument. What a query inside it says (toscalar) is
// asked for by a probe.
func (e *evaluation) constantOf(a syntax.Expr) types.Value {
	x := e.expr(a, ctx{sc: e.c.sc, op: e.c.op, open: e.c.open})
	switch k, ok := x.(*plan.Const); {
	case x.Type() == types.Unknown:
		e.failed = true
		return types.Value{}
	case ok:
		return k.Value
	case hasColumns(x):
		e.refuse(a.Span(), e.spec.Name+": a constant is expected here", "")
		return types.Value{}
	}
	one := e.values(nil, [][]types.Value{{}})
	rows, ok := e.probe(e.project(one, []plan.Column{columnOf("value", x)}, []plan.Expr{x}), a.Span())
	switch {
	case !ok:
		e.late = true
		return types.Value{Type: x.Type(), I: 1, F: 1, S: "x"}
	case rows.N == 0:
		return types.Null(x.Type())
	}
	return rows.Cols[0].Value(0)
}

// text is a constant string, or the default.
func (e *evaluation) text(name, otherwise string) string {
	v, ok := e.constant(name)
	if !ok {
		return otherwise
	}
	if v.Type != types.String {
		e.refuse(e.arg(name).Span(), fmt.Sprintf("%s: '%s' is a string", e.spec.Name, name), "")
		return otherwise
	}
	if p := e.param(name); p != nil && len(p.Values) > 0 && !e.late {
		for _, one := range p.Values {
			if v.S == one {
				return one
			}
		}
		e.refuse(e.arg(name).Span(), fmt.Sprintf("%s: '%s' is no value of '%s'", e.spec.Name, v.S, name), "Expected one of: "+strings.Join(p.Values, ", "))
	}
	return v.S
}

// flag is a constant truth value.
func (e *evaluation) flag(name string, otherwise bool) bool {
	v, ok := e.constant(name)
	if !ok {
		return otherwise
	}
	if v.Type != types.Bool {
		e.refuse(e.arg(name).Span(), fmt.Sprintf("%s: '%s' is true or false", e.spec.Name, name), "")
	}
	return v.Bool()
}

// number is a constant number between two bounds.
func (e *evaluation) number(name string, otherwise, lo, hi float64) float64 {
	v, ok := e.constant(name)
	if !ok {
		return otherwise
	}
	f := v.F
	if v.Type.IsInteger() {
		f = float64(v.I)
	}
	if !v.Type.IsNumber() || v.Type == types.Decimal || v.Null || !(f >= lo && f <= hi) && !e.late {
		e.refuse(e.arg(name).Span(), fmt.Sprintf("%s: '%s' is a number from %g to %g", e.spec.Name, name, lo, hi), "")
		return otherwise
	}
	return f
}

// texts are the items of a constant array, as text.
func (e *evaluation) texts(name string) []string {
	v, ok := e.constant(name)
	if !ok {
		return nil
	}
	if v.Type != types.Dynamic || v.Null || dynamic.KindOf(v.S) != dynamic.Array {
		if !e.late {
			e.refuse(e.arg(name).Span(), fmt.Sprintf("%s: '%s' is an array", e.spec.Name, name), "e.g. dynamic(['a', 'b'])")
		}
		return nil
	}
	var out []string
	for item := range dynamic.Items(v.S) {
		out = append(out, dynamic.AsString(item))
	}
	return out
}

// call applies a function of the table.
func (e *evaluation) call(name string, args ...plan.Expr) plan.Expr {
	s := e.env.Fns.Lookup(fn.Scalar, name)
	if s == nil {
		e.failed = true
		e.unsupported(e.op.Span(), e.spec.Name, "")
		return badExpr(e.op.Span())
	}
	return e.apply(s, args, e.op.Span(), e.c)
}

// operate applies an infix operator.
func (e *evaluation) operate(op string, x, y plan.Expr) plan.Expr {
	return e.infix(op, e.op.Span(), e.c, x, y)
}

// constOf is a constant expression.
func (e *evaluation) constOf(v types.Value) plan.Expr { return &plan.Const{Value: v, Pos: e.op.Span()} }

// ref refers to a column of a node.
func ref(n plan.Node, i int) *plan.Col { return colRef(n.Columns(), i) }

// group is an aggregate node with plain columns; the aggregates are bound over
// in's columns.
func (e *evaluation) group(in plan.Node, keys []plan.Column, keyExprs []plan.Expr, names []string, bind func(ctx) []plan.Expr) plan.Node {
	agg := &aggregates{inner: e.c, keys: len(keyExprs)}
	agg.inner.row = in.Columns()
	results := bind(ctx{sc: e.c.sc, op: e.c.op, agg: agg, rowID: e.c.rowID})
	n := &plan.Aggregate{Input: in, Keys: keyExprs, Aggs: agg.calls}
	n.Out = append(n.Out, keys...)
	for i, r := range results {
		n.Out = append(n.Out, columnOf(names[i], r))
	}
	return n
}

// aggregateOf adds a call of an aggregate over bound arguments.
func (e *evaluation) aggregateOf(name string, c ctx, args ...plan.Expr) plan.Expr {
	s := e.env.Fns.Lookup(fn.Aggregate, name)
	if s == nil {
		e.failed = true
		return badExpr(e.op.Span())
	}
	return e.aggregate(s, args, e.op.Plugin, c)
}

package bind

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// special binds the calls whose arguments are not plain values: they look at
// names or tables. The second result is false for ordinary functions.
func (b *binder) special(x *syntax.Call, c ctx) (plan.Expr, bool) {
	switch x.Name.Text {
	case "toscalar":
		return b.bindToScalar(x, c), true
	case "column_ifexists", "columnifexists":
		return b.bindColumnIfExists(x, c), true
	case "pack_all":
		return b.bindPackAll(x, c), true
	case "pack_array":
		if len(x.Args) == 1 {
			if _, star := x.Args[0].(*syntax.Star); star {
				return b.bindPackRow(x, c), true
			}
		}
	case "materialize":
		return b.bindMaterializeScalar(x, c), true
	case "iscolumnexists":
		return b.bindColumnExists(x, c), true
	case "bag_pack_columns":
		return b.bindPackColumns(x, c), true
	case "estimate_data_size":
		return b.bindDataSize(x, c), true
	case "assert":
		return b.bindAssert(x, c), true
	case "around":
		return b.bindAround(x, c), true
	case "bin_auto":
		return b.bindBinAuto(x, c), true
	case "column_names_of":
		return b.bindColumnNamesOf(x, c), true
	case "not":
		if c.search != nil && len(x.Args) == 1 { // not("term")
			return b.negate(b.boolean(b.expr(x.Args[0], c), x.Args[0].Span(), "not", c), x.Span(), c), true
		}
	}
	return b.currentCall(x, c)
}

// bindToScalar: toscalar(T) is the first column of the first row. A value
// that differs from row to row, such as rand(), is computed once.
func (b *binder) bindToScalar(x *syntax.Call, c ctx) plan.Expr {
	if len(x.Args) != 1 {
		b.fail(x.Span(), "SEM0219", c.inOp("The function 'toscalar' expects 1 argument."), "")
		return badExpr(x.Span())
	}
	if !b.isTabular(x.Args[0], c.sc) {
		e := b.expr(x.Args[0], ctx{sc: c.sc, op: c.op})
		if !random(e) {
			return e
		}
		one := b.project(b.values(nil, [][]types.Value{{}}), []plan.Column{columnOf("value", e)}, []plan.Expr{e})
		return &plan.ScalarQuery{Node: one, T: e.Type(), Pos: x.Span()}
	}
	r := b.table(x.Args[0], ctx{sc: c.sc, op: c.op})
	if r.node == nil || !b.hasColumns(r, x.Args[0], c) {
		return badExpr(x.Span())
	}
	return &plan.ScalarQuery{Node: r.node, T: r.cols()[0].Type, Pos: x.Span()}
}

// hasColumns refuses a table without columns where its first is meant.
func (b *binder) hasColumns(r rel, x syntax.Expr, c ctx) bool {
	if len(r.cols()) > 0 {
		return true
	}
	if !r.open {
		b.fail(x.Span(), "SEM0100", c.inOp("the table has no columns"), "")
	}
	return false
}

// bindColumnIfExists: column_ifexists("name", default).
func (b *binder) bindColumnIfExists(x *syntax.Call, c ctx) plan.Expr {
	if len(x.Args) != 2 {
		b.fail(x.Span(), "SEM0219", c.inOp("The function 'column_ifexists' expects 2 arguments."), "")
		return badExpr(x.Span())
	}
	k, ok := b.expr(x.Args[0], c).(*plan.Const)
	if !ok || k.Value.Type != types.String {
		b.fail(x.Args[0].Span(), "SEM0100", c.inOp("column_ifexists takes the column's name as a constant string"), "")
		return badExpr(x.Span())
	}
	if i := findColumn(c.row, k.Value.S); i >= 0 {
		r := colRef(c.row, i)
		r.Pos = x.Span()
		return r
	}
	return b.expr(x.Args[1], c)
}

// bindPackAll: pack_all() is a bag of every column.
func (b *binder) bindPackAll(x *syntax.Call, c ctx) plan.Expr {
	name := "bag_pack"
	if len(x.Args) > 0 { // pack_all(true) leaves out null and empty values
		if k, ok := b.expr(x.Args[0], c).(*plan.Const); ok && k.Value.Bool() {
			name = "__bag_pack_present"
		}
	}
	s := b.env.Fns.Lookup(fn.Scalar, name)
	if s == nil || len(c.row) == 0 {
		b.unsupported(x.Span(), "pack_all here", "")
		return badExpr(x.Span())
	}
	var args []plan.Expr
	for i, col := range c.row {
		args = append(args, &plan.Const{Value: types.StringValue(col.Name), Pos: x.Span()}, colRef(c.row, i))
	}
	return b.apply(s, args, x.Span(), c)
}

// bindPackRow: pack_array(*) is an array of every column.
func (b *binder) bindPackRow(x *syntax.Call, c ctx) plan.Expr {
	if len(c.row) == 0 {
		b.unsupported(x.Span(), "pack_array(*) here", "")
		return badExpr(x.Span())
	}
	args := make([]plan.Expr, len(c.row))
	for i := range c.row {
		args[i] = colRef(c.row, i)
	}
	return b.apply(b.env.Fns.Lookup(fn.Scalar, "pack_array"), args, x.Span(), c)
}

// bindColumnNamesOf: column_names_of(T) is the array of T's column names.
func (b *binder) bindColumnNamesOf(x *syntax.Call, c ctx) plan.Expr {
	if len(x.Args) != 1 {
		b.fail(x.Span(), "SEM0219", c.inOp("The function 'column_names_of' expects 1 argument."), "")
		return badExpr(x.Span())
	}
	r := b.table(x.Args[0], ctx{sc: c.sc, op: c.op})
	if r.node == nil {
		return badExpr(x.Span())
	}
	var names []string
	for _, col := range r.cols() {
		names = append(names, dynamic.Quote(col.Name))
	}
	return &plan.Const{Value: types.DynamicValue(string(dynamic.AppendArray(nil, names))), Pos: x.Span()}
}

// bindMaterializeScalar: materialize(x) of a scalar is x.
func (b *binder) bindMaterializeScalar(x *syntax.Call, c ctx) plan.Expr {
	if len(x.Args) != 1 {
		b.fail(x.Span(), "SEM0219", c.inOp("The function 'materialize' expects 1 argument."), "")
		return badExpr(x.Span())
	}
	return b.expr(x.Args[0], c)
}

// knownElsewhere tells functions that exist in Kusto from mistyped names: the
// former are refused by name, the latter get "did you mean".
func knownElsewhere(name string) (bool, string) {
	why, ok := refusedFunctions[name]
	if !ok {
		why, ok = absentTables[name]
	}
	if ok {
		return true, why
	}
	return fn.Known("scalar", name) || fn.Known("aggregate", name), ""
}

// windows marks a place where window functions are allowed and collects them.
type windows struct {
	b     *binder
	calls []*plan.WindowCall
	base  int // ordinal of the first window column
}

// windowCall binds prev, next, row_number … over a serialized row set.
func (b *binder) windowCall(s *fn.Spec, x *syntax.Call, c ctx) plan.Expr {
	if c.win == nil {
		b.fail(x.Name.Span(), "SEM0146", c.inOp(fmt.Sprintf("The function '%s' is only allowed over a serialized row set", x.Name.Text)),
			"put 'sort by …' or 'serialize' before it")
		return badExpr(x.Span())
	}
	args, ok := b.args(x.Args, c)
	if !ok {
		return badExpr(x.Span())
	}
	sig, params := b.overload(s, args, x.Span(), c)
	if sig == nil {
		return badExpr(x.Span())
	}
	args = b.convertArgs(s, sig, params, args)
	if (s.Name == "prev" || s.Name == "next") && len(args) == 3 {
		args[2] = b.cast(args[2], args[0].Type(), x.Span()) // the value outside the rows
	}
	call := &plan.WindowCall{Fn: s, Sig: sig, Args: args, Ret: resultType(sig, args), Pos: x.Span()}
	c.win.calls = append(c.win.calls, call)
	return &plan.Col{Index: c.win.base + len(c.win.calls) - 1, T: call.Ret, Null: nullable(s, args), Pos: x.Span()}
}

package bind

import (
	"strings"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// in binds x in (…), has_any (…) and has_all (…) with a literal list, dynamic
// arrays, or a table whose first column is the list.
func (b *binder) in(x *syntax.In, c ctx) plan.Expr {
	if _, star := x.X.(*syntax.Star); star {
		b.unsupported(x.Span(), "'* "+x.Op+"'", "name the columns")
		return badExpr(x.Span())
	}
	if c.search != nil && c.search.caseCounts {
		if x.Op == "has_any" || x.Op == "has_all" {
			b.unsupported(x.Span(), x.Op+" in a search that counts case", "write the terms with and/or")
			return badExpr(x.Span())
		}
		cased := *x
		cased.Op = c.cased(x.Op)
		x = &cased
	}
	v := b.expr(x.X, c)
	if len(x.List) == 1 && b.isTabular(x.List[0], c.sc) && !isColumn(x.List[0], c) {
		return b.inTable(x, v, c)
	}
	var items []plan.Expr
	for _, e := range x.List {
		if b.isTabular(e, c.sc) {
			if n, ok := e.(*syntax.NameRef); ok && (findColumn(c.row, n.Name) >= 0 || c.sc.lookup(n.Name) == nil) {
				items = append(items, b.expr(e, c))
				continue
			}
			b.fail(e.Span(), "SEM0100", c.inOp("a table must be the only item of the list"), "")
			return badExpr(x.Span())
		}
		items = append(items, b.expr(e, c))
	}
	if v.Type() == types.Unknown {
		return badExpr(x.Span())
	}
	for _, it := range items {
		if it.Type() == types.Unknown {
			return badExpr(x.Span())
		}
	}
	if x.Op == "has_any" || x.Op == "has_all" {
		return b.hasList(x, v, items, c)
	}
	return b.inList(x, v, items, c)
}

// isColumn reports the name of a column in reach, which hides a table's.
func isColumn(e syntax.Expr, c ctx) bool {
	n, ok := e.(*syntax.NameRef)
	return ok && !n.Wildcard && findColumn(c.row, n.Name) >= 0
}

// hasList gives has_any and has_all one dynamic array of needles.
func (b *binder) hasList(x *syntax.In, v plan.Expr, items []plan.Expr, c ctx) plan.Expr {
	if len(items) == 1 && items[0].Type() == types.Dynamic {
		return b.infix(x.Op, x.Span(), c, v, items[0])
	}
	var all []string
	for _, it := range items {
		k, ok := it.(*plan.Const)
		switch {
		case !ok:
			b.fail(it.Span(), "SEM0100", c.inOp("the items of "+x.Op+" must be constants"), "")
			return badExpr(x.Span())
		case k.Value.Type == types.Dynamic && strings.HasPrefix(k.Value.S, "["):
			for item := range dynamic.Items(k.Value.S) {
				all = append(all, item)
			}
		default:
			all = append(all, dynamic.FromValue(k.Value))
		}
	}
	list := &plan.Const{Value: types.DynamicValue("[" + strings.Join(all, ",") + "]"), Pos: x.Span()}
	return b.infix(x.Op, x.Span(), c, v, list)
}

// inList compares with each item. Constant arrays are taken apart; others
// stay arrays and are or-ed on.
func (b *binder) inList(x *syntax.In, v plan.Expr, items []plan.Expr, c ctx) plan.Expr {
	op, not := strings.TrimPrefix(x.Op, "!"), strings.HasPrefix(x.Op, "!")
	args := []plan.Expr{v}
	var arrays []plan.Expr
	for _, it := range items {
		if it.Type() != types.Dynamic {
			args = append(args, it)
			continue
		}
		k, ok := it.(*plan.Const)
		if !ok {
			arrays = append(arrays, it)
			continue
		}
		if !strings.HasPrefix(k.Value.S, "[") {
			args = append(args, it)
			continue
		}
		for item := range dynamic.Items(k.Value.S) {
			args = append(args, b.arrayItem(item, it.Span()))
		}
	}
	args, ok := b.alignIn(x, args, c)
	if !ok {
		return badExpr(x.Span())
	}
	var r plan.Expr
	if len(args) > 1 {
		r = b.inItems(x, op, args, c)
	} else {
		r = &plan.Const{Value: types.BoolValue(false), Pos: x.Span()}
	}
	name := "in array"
	if op == "in~" {
		name = "in~ array"
	}
	for _, a := range arrays {
		r = b.infix("or", x.Span(), c, r, b.infix(name, x.Span(), c, v, a))
	}
	if not {
		return b.negate(r, x.Span(), c)
	}
	return r
}

// negate is not(x), with a null x counting as false: a value is not in a list
// it cannot be compared with.
func (b *binder) negate(x plan.Expr, at diag.Span, c ctx) plan.Expr {
	if x.Type() == types.Unknown {
		return badExpr(at)
	}
	if s := b.env.Fns.Lookup(fn.Scalar, "not"); s != nil {
		return b.apply(s, []plan.Expr{x}, at, c)
	}
	return badExpr(at)
}

// arrayItem is an item of a constant array as a constant of its own type.
func (b *binder) arrayItem(json string, at diag.Span) plan.Expr {
	return &plan.Const{Value: dynamic.ToValue(json), Pos: at}
}

// alignIn brings the value and the items to one type.
func (b *binder) alignIn(x *syntax.In, args []plan.Expr, c ctx) ([]plan.Expr, bool) {
	v := args[0]
	if v.Type() == types.Dynamic && len(args) > 1 {
		t := commonType(args[1:])
		if t != types.Dynamic {
			args[0] = b.cast(v, t, v.Span())
			v = args[0]
		}
	}
	numeric := v.Type().IsNumber()
	for i, a := range args[1:] {
		if isNullConst(a) {
			continue
		}
		if !comparable(v.Type(), a.Type()) && a.Type() != types.Dynamic {
			if converted, ok := b.literalAs(a, v.Type()); ok {
				args[i+1] = converted
				continue
			}
			b.fail(a.Span(), "SEM0064", c.inOp("Cannot compare values of types "+v.Type().String()+" and "+a.Type().String()+". Try adding explicit casts"),
				"convert one side, e.g. tostring(…)")
			return nil, false
		}
		if a.Type() != v.Type() && !(a.Type().IsNumber() && v.Type().IsNumber()) {
			args[i+1] = b.cast(a, v.Type(), a.Span())
		}
		numeric = numeric && a.Type().IsNumber()
	}
	if numeric {
		t := widest(args)
		for i := range args {
			args[i] = b.cast(args[i], t, args[i].Span())
		}
	}
	return args, true
}

// literalAs reads a text item as the type it is compared with, and writes an
// item of another type as text beside a text column: EventID in ("4624"),
// ResultType in (0, 50126).
func (b *binder) literalAs(a plan.Expr, t types.Type) (plan.Expr, bool) {
	if _, ok := a.(*plan.Const); !ok || a.Type() != types.String && t != types.String {
		return nil, false
	}
	return b.cast(a, t, a.Span()), true
}

// inTable binds "x in (T)": the first column of T is the list.
func (b *binder) inTable(x *syntax.In, v plan.Expr, c ctx) plan.Expr {
	r := b.table(x.List[0], ctx{sc: c.sc, op: c.op})
	if r.node == nil || v.Type() == types.Unknown || !b.hasColumns(r, x.List[0], c) {
		return badExpr(x.Span())
	}
	node := r.node
	if len(node.Columns()) > 1 {
		node = b.pick(node, []int{0}, nil)
	}
	col := node.Columns()[0]
	if x.Op == "has_any" || x.Op == "has_all" {
		return b.infix(x.Op, x.Span(), c, v, b.firstColumnAsArray(node, x.List[0].Span()))
	}
	if col.Type == types.Dynamic {
		// A table of arrays or dynamic values: compare by text.
		node = b.unnestFirst(node, x.List[0].Span())
		col = node.Columns()[0]
	}
	switch {
	case v.Type() == col.Type:
	case v.Type() == types.Dynamic:
		v = b.cast(v, col.Type, v.Span())
	case v.Type().IsNumber() && col.Type.IsNumber():
		t := widerNumber(v.Type(), col.Type)
		v = b.cast(v, t, v.Span())
		node = b.castFirst(node, t)
	case comparable(v.Type(), col.Type):
		v = b.cast(v, types.String, v.Span())
		node = b.castFirst(node, types.String)
	default: // Microsoft's binder takes it; the engine has nothing to compare
		b.block(x.Span(), diag.Semantic, "SEM0064", c.inOp("Cannot compare values of types "+v.Type().String()+" and "+col.Type.String()+". Try adding explicit casts"),
			"the first column of the table is compared: project the one that is meant")
		return &plan.Const{Value: types.BoolValue(false), Pos: x.Span()}
	}
	if strings.HasSuffix(x.Op, "~") && v.Type() == types.String {
		v, node = b.foldCase(v, node)
	}
	return &plan.InQuery{X: v, Node: node, Not: strings.HasPrefix(x.Op, "!"), Pos: x.Span()}
}

// foldCase brings a value and the only column of node to the form in which
// texts that differ in case alone are equal.
func (b *binder) foldCase(v plan.Expr, node plan.Node) (plan.Expr, plan.Node) {
	s := b.env.Fns.Lookup(fn.Scalar, "__fold")
	if s == nil {
		b.unsupported(v.Span(), "in~ with a table", "use in")
		return v, node
	}
	e := b.apply(s, []plan.Expr{colRef(node.Columns(), 0)}, v.Span(), ctx{})
	folded := b.project(node, []plan.Column{columnOf(node.Columns()[0].Name, e)}, []plan.Expr{e})
	return b.apply(s, []plan.Expr{v}, v.Span(), ctx{}), folded
}

// firstColumnAsArray is the only column of node as one array of its distinct
// values.
func (b *binder) firstColumnAsArray(node plan.Node, at diag.Span) plan.Expr {
	s := b.env.Fns.Lookup(fn.Aggregate, "make_set")
	if s == nil {
		b.unsupported(at, "A table as the list", "")
		return badExpr(at)
	}
	col := colRef(node.Columns(), 0)
	sig, _ := b.overload(s, []plan.Expr{col}, at, ctx{})
	if sig == nil {
		return badExpr(at)
	}
	n := &plan.Aggregate{Input: node, Aggs: []*plan.Agg{{Fn: s, Sig: sig, Args: []plan.Expr{col}, Ret: types.Dynamic, Pos: at}}}
	n.Out = []plan.Column{{Name: "list", Type: types.Dynamic, Nullable: true}}
	return &plan.ScalarQuery{Node: n, T: types.Dynamic, Pos: at}
}

// castFirst converts the only column of node.
func (b *binder) castFirst(node plan.Node, t types.Type) plan.Node {
	cols := node.Columns()
	if cols[0].Type == t {
		return node
	}
	e := b.cast(colRef(cols, 0), t, diag.Span{})
	return b.project(node, []plan.Column{columnOf(cols[0].Name, e)}, []plan.Expr{e})
}

// unnestFirst expands the arrays of a single dynamic column and gives their
// items as text.
func (b *binder) unnestFirst(node plan.Node, at diag.Span) plan.Node {
	s := b.env.Fns.Lookup(fn.Scalar, "__mv_array")
	if s == nil {
		return b.castFirst(node, types.String)
	}
	list := b.apply(s, []plan.Expr{colRef(node.Columns(), 0)}, at, ctx{})
	u := &plan.Unnest{Input: node, Items: []plan.Expr{list}}
	u.Out = append(append(u.Out, node.Columns()...), plan.Column{Name: "item", Type: types.Dynamic, Nullable: true})
	return b.castFirst(b.pick(u, []int{1}, nil), types.String)
}

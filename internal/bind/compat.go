package bind

import (
	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// compatible reads a table as the compatibility mode shows it: text columns
// that hold JSON as dynamic, and the columns of Log Analytics behind the
// table's own. Queries of Microsoft Sentinel run against it unchanged.
func (b *binder) compatible(r rel, t *catalog.Table, at diag.Span) rel {
	if !b.env.Compat || t.Own {
		return r
	}
	in := r.cols()
	cols := make([]plan.Column, 0, len(in)+len(t.Compat))
	exprs := make([]plan.Expr, 0, cap(cols))
	parse, json := b.env.Fns.Lookup(fn.Scalar, "parse_json"), map[int]bool{}
	for _, i := range t.JSON {
		json[i] = true
	}
	for i, c := range in {
		x := plan.Expr(colRef(in, i))
		if json[i] {
			x = b.apply(parse, []plan.Expr{x}, at, ctx{})
		}
		cols, exprs = append(cols, columnOf(c.Name, x)), append(exprs, x)
	}
	for _, c := range t.Compat {
		var x plan.Expr = &plan.Const{Value: types.Null(c.Type), Pos: at}
		switch {
		case c.From == catalog.CompatTime:
			x = colRef(in, t.Time)
		case c.From == catalog.CompatOther:
			x = colRef(in, c.Of)
		case c.From == catalog.CompatTable:
			x = &plan.Const{Value: types.StringValue(t.Name), Pos: at}
		case c.Type == types.String:
			x = &plan.Const{Value: types.StringValue(""), Pos: at}
		}
		cols, exprs = append(cols, columnOf(c.Name, x)), append(exprs, x)
	}
	return rel{node: b.project(r.node, cols, exprs)}
}

package bind

import (
	"math"
	"strings"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/terms"
	"github.com/harrier-hunting/harrier/internal/types"
)

const (
	// longList is the number of constants from which a list is worth a set.
	longList = 256
	// maxList bounds the constants of one list.
	maxList = 100_000
)

// inItems is "x in (items)" for aligned arguments, x first. The constants of a
// long list stand apart from the other items, so that they are one IN of the
// engine or, where equality is not SQL's, one array that is made a set once.
func (b *binder) inItems(x *syntax.In, op string, args []plan.Expr, c ctx) plan.Expr {
	if len(args) <= longList {
		return b.infix(op, x.Span(), c, args...)
	}
	v := args[0]
	plain, consts := []plan.Expr{v}, []plan.Expr{v}
	for _, a := range args[1:] {
		k, ok := a.(*plan.Const)
		switch {
		case !ok:
			plain = append(plain, a)
		case !k.Value.Null: // null is in no list
			consts = append(consts, a)
		}
	}
	if len(consts)-1 > maxList {
		b.diags.Addf(diag.Limit, "HRR0002", x.Span(), "'%s': a list of more than %d constants; put them into a table and write in (T)", x.Op, maxList)
		return badExpr(x.Span())
	}
	var parts []plan.Expr
	if len(plain) > 1 {
		parts = append(parts, b.infix(op, x.Span(), c, plain...))
	}
	if len(consts) > 1 {
		parts = append(parts, b.inConstants(x, op, consts, c))
	}
	switch len(parts) {
	case 0:
		return &plan.Const{Value: types.BoolValue(false), Pos: x.Span()}
	case 1:
		return parts[0]
	}
	return b.infix("or", x.Span(), c, parts...)
}

// inConstants is membership among constants that are not null.
func (b *binder) inConstants(x *syntax.In, op string, args []plan.Expr, c ctx) plan.Expr {
	v, items := args[0], args[1:]
	if isSQLList(v.Type(), items, op == "in~") {
		return b.infix(op, x.Span(), c, args...)
	}
	list := make([]string, 0, len(items))
	for _, it := range items {
		k := it.(*plan.Const).Value
		if k.Type != v.Type() || k.Type == types.Real && (math.IsNaN(k.F) || math.IsInf(k.F, 0)) { // JSON has no such number
			return b.infix(op, x.Span(), c, args...)
		}
		list = append(list, dynamic.FromValue(k))
	}
	array := &plan.Const{Value: types.DynamicValue("[" + strings.Join(list, ",") + "]"), Pos: x.Span()}
	return b.infix(op+" array", x.Span(), c, v, array)
}

// isSQLList reports items whose equality with a value of type t the engine
// decides by itself.
func isSQLList(t types.Type, items []plan.Expr, fold bool) bool {
	switch t {
	case types.Real, types.Decimal, types.Dynamic:
		return false
	case types.String:
		for _, it := range items {
			if k, ok := it.(*plan.Const); ok && fold && !terms.ASCII(k.Value.S) {
				return false
			}
		}
		return true
	}
	return !fold
}

package fn

import (
	"math"

	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

// SQL of the arithmetic operators, where DuckDB says exactly what Eval says.
// Reals do throughout (ieee_floating_point_ops is its default). BIGINT
// arithmetic raises an error where KQL wraps or gives null, so whole numbers
// are lowered only with a constant on one side that shows the error cannot
// come, or with a CASE that keeps it away; all else is left to Eval, which
// costs about the same as such a CASE.
//
// A CASE repeats its operand. It is built only around short text, a column or
// a constant: nested, the text would double at every level.

const (
	mulPrec   = sqlx.Mul
	unaryPrec = sqlx.Unary
)

// repeatable reports an operand that a lowering may write more than once.
func repeatable(a Arg) bool { return a.SQL.Prec == sqlx.Atom && len(a.SQL.Text) <= 48 }

// realOnly is a template for real operands; other types are left to Eval.
func realOnly(template string, p sqlx.Prec) SQL {
	return SQL{Build: func(b *Builder) (sqlx.Expr, bool) {
		if b.Args[0].Type != types.Real {
			return sqlx.Expr{}, false
		}
		return sqlx.Format(p, template, argSQL(b.Args)...), true
	}}
}

// plainMinus subtracts datetimes.
var plainMinus = SQL{Template: "{0} - {1}", Prec: sqlx.Add}

// ratioSQL divides ticks as reals.
var ratioSQL = SQL{Template: "CAST({0} AS DOUBLE) / CAST({1} AS DOUBLE)", Prec: sqlx.Mul}

// constLong is the constant whole number of an argument, if it is one.
func constLong(a Arg) (int64, bool) {
	if a.Const == nil || a.Const.Null || a.Const.Type.Storage() != types.StoreInts {
		return 0, false
	}
	return a.Const.I, true
}

func sameSQL(b *Builder) (sqlx.Expr, bool) { return b.Args[0].SQL, true }

// addSQL lowers sums of reals and of a column and a constant.
func addSQL(b *Builder) (sqlx.Expr, bool) {
	x, y := b.Args[0], b.Args[1]
	if x.Type == types.Real {
		return sqlx.Format(sqlx.Add, "{0} + {1}", x.SQL, y.SQL), true
	}
	if n, ok := constLong(y); ok {
		return wrappingAdd(b, x, n)
	}
	if n, ok := constLong(x); ok {
		return wrappingAdd(b, y, n)
	}
	return sqlx.Expr{}, false
}

func subtractSQL(b *Builder) (sqlx.Expr, bool) {
	x, y := b.Args[0], b.Args[1]
	if x.Type == types.Real {
		return sqlx.Format(sqlx.Add, "{0} - {1}", x.SQL, y.SQL), true
	}
	if n, ok := constLong(y); ok && n != math.MinInt64 {
		return wrappingAdd(b, x, -n)
	}
	return sqlx.Expr{}, false
}

// wrappingAdd adds a constant to a long or timespan column. Past the border it
// adds the constant with the sign bit turned over, which cannot overflow
// there, and turns the sign bit of the sum. (Two additions would do, but the
// optimizer adds their constants up first, and that overflows.)
func wrappingAdd(b *Builder, x Arg, n int64) (sqlx.Expr, bool) {
	if n == math.MinInt64 || !repeatable(x) {
		return sqlx.Expr{}, false
	}
	cmp, border := "<=", math.MaxInt64-n
	if n < 0 {
		cmp, border = ">=", math.MinInt64-n
	}
	lit := func(i int64) sqlx.Expr { return b.Dialect.Literal(types.LongValue(i)) }
	return sqlx.Format(sqlx.Atom, "CASE WHEN {0} "+cmp+" {1} THEN {0} + {2} ELSE xor({0} + {3}, {4}) END",
		x.SQL, lit(border), lit(n), lit(n^math.MinInt64), lit(math.MinInt64)), true
}

// shiftSQL moves a datetime column by a constant timespan.
func shiftSQL(b *Builder) (sqlx.Expr, bool) {
	x, y := b.Args[0], b.Args[1]
	if x.Type == types.Timespan {
		x, y = y, x
	}
	if n, ok := constLong(y); ok {
		return shiftDatetime(b, x, n)
	}
	return sqlx.Expr{}, false
}

func shiftBackSQL(b *Builder) (sqlx.Expr, bool) {
	if n, ok := constLong(b.Args[1]); ok && n != math.MinInt64 {
		return shiftDatetime(b, b.Args[0], -n)
	}
	return sqlx.Expr{}, false
}

// shiftDatetime adds constant ticks to a datetime; outside years 1 to 9999 it
// is null.
func shiftDatetime(b *Builder, x Arg, n int64) (sqlx.Expr, bool) {
	if n > types.MaxDatetime || n < -types.MaxDatetime || !repeatable(x) {
		return sqlx.Expr{}, false
	}
	template, border := "CASE WHEN {0} <= {1} THEN {0} + {2} END", types.MaxDatetime-n
	if n < 0 {
		template, border = "CASE WHEN {0} >= {1} THEN {0} + {2} END", -n
	}
	return sqlx.Format(sqlx.Atom, template, x.SQL, b.Dialect.Literal(types.LongValue(border)), b.Dialect.Literal(types.LongValue(n))), true
}

// divideSQL lowers division of reals, and of longs or a timespan by a
// constant: // truncates as KQL does; only the smallest long by -1 would fail.
func divideSQL(b *Builder) (sqlx.Expr, bool) {
	x, y := b.Args[0], b.Args[1]
	if x.Type == types.Real {
		return sqlx.Format(sqlx.Mul, "{0} / {1}", x.SQL, y.SQL), true
	}
	n, ok := constLong(y)
	if !ok || n == 0 || n == -1 {
		return sqlx.Expr{}, false
	}
	return sqlx.Format(sqlx.Mul, "{0} // {1}", x.SQL, b.Dialect.Literal(types.LongValue(n))), true
}

// moduloSQL lowers the remainder by a constant: %'s result has the sign of the
// dividend, so the divisor is added and taken off again. Datetimes have no
// sign.
func moduloSQL(b *Builder) (sqlx.Expr, bool) {
	x := b.Args[0]
	n, ok := constLong(b.Args[1])
	if !ok || n == 0 || n < -1<<62 || n > 1<<62 {
		return sqlx.Expr{}, false
	}
	if n < 0 {
		n = -n
	}
	size := b.Dialect.Literal(types.LongValue(n))
	if x.Type == types.Datetime {
		return sqlx.Format(sqlx.Mul, "{0} % {1}", x.SQL, size), true
	}
	return sqlx.Format(sqlx.Mul, "({0} % {1} + {1}) % {1}", x.SQL, size), true
}

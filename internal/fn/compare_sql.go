package fn

import (
	"math"

	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

// comparable pairs in SQL: both sides carried by the same SQL type whose
// comparison is Eval's. A real qualifies only beside a constant that is a
// number, for DuckDB's NaN equals itself and is above everything.

// sameInSQL reports types whose equality SQL decides as Eval does.
func sameInSQL(a, b Arg) bool {
	switch {
	case a.Type == b.Type:
		switch a.Type {
		case types.Real:
			return plainReal(a) || plainReal(b)
		case types.Decimal, types.Dynamic:
			return false
		}
		return true
	case a.Type.IsInteger() && b.Type.IsInteger():
		return true
	}
	return false
}

func plainReal(a Arg) bool { return a.Const != nil && !a.Const.Null && !math.IsNaN(a.Const.F) }

// equalitySQL lowers == and !=. Plain = is false or null where Eval is, so it
// serves filters and whatever cannot be null; IS [NOT] DISTINCT FROM serves
// one side that can be null; two such sides need the case for two nulls.
func equalitySQL(not bool) func(b *Builder) (sqlx.Expr, bool) {
	return func(b *Builder) (sqlx.Expr, bool) {
		l, r := b.Args[0], b.Args[1]
		if !sameInSQL(l, r) {
			return sqlx.Expr{}, false
		}
		plain, distinct := "{0} = {1}", "{0} IS NOT DISTINCT FROM {1}"
		if not {
			plain, distinct = "{0} <> {1}", "{0} IS DISTINCT FROM {1}"
		}
		switch {
		case !l.Nullable && !r.Nullable, b.Filter && !not:
			return sqlx.Format(sqlx.Cmp, plain, l.SQL, r.SQL), true
		case b.Filter, !l.Nullable, !r.Nullable:
			return sqlx.Format(sqlx.Cmp, distinct, l.SQL, r.SQL), true
		}
		e := sqlx.Format(sqlx.Cmp, distinct, l.SQL, r.SQL)
		return sqlx.Format(sqlx.Atom, "CASE WHEN NOT ({0} IS NULL AND {1} IS NULL) THEN {2} END", l.SQL, r.SQL, e), true
	}
}

// orderSQL lowers < <= > >=: null with a null operand in both languages.
func orderSQL(name string, op relation) func(b *Builder) (sqlx.Expr, bool) {
	return func(b *Builder) (sqlx.Expr, bool) {
		l, r := b.Args[0], b.Args[1]
		if !sameInSQL(l, r) {
			return sqlx.Expr{}, false
		}
		e := sqlx.Format(sqlx.Cmp, "{0} "+name+" {1}", l.SQL, r.SQL)
		if l.Type != types.Real {
			return e, true
		}
		// Only "NaN is greater" is true in SQL and false here.
		x, above := l, op&greater != 0
		if l.Const != nil {
			x, above = r, op&less != 0
		}
		if x.Const == nil && above {
			e = sqlx.Format(sqlx.And, "{0} AND NOT isnan({1})", e, x.SQL)
		}
		return e, true
	}
}

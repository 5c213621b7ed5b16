package fn

import (
	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

// SQL for aggregates. A Build writes the whole aggregate expression. Where
// KQL's "if" form is the plain one with a condition, its SQL is the plain
// one's with FILTER: a condition that is null counts as false in both.

// wrapLong folds a HUGEINT, which is what DuckDB's sum of integers gives, to
// 64 bits as KQL's overflow does. The sum of fewer than 2^62 longs leaves
// room for the offset.
const wrapLong = `CAST(((%s + 9223372036854775808) & 18446744073709551615) - 9223372036854775808 AS BIGINT)`

// zeroReal is the sum of no reals.
const zeroReal = `CAST(0 AS DOUBLE)`

// nanLiteral is the average of nothing.
const nanLiteral = `CAST('nan' AS DOUBLE)`

// filterBy returns the FILTER clause of an "if" form whose condition is
// argument pred; none for pred < 0.
func filterBy(pred string) string {
	if pred == "" {
		return ""
	}
	return " FILTER (WHERE " + pred + ")"
}

// byType makes a lowering that depends on the first argument's type: template
// returns "" where Eval must do it. pred is the condition's placeholder of an
// "if" form, or "".
func byType(pred string, template func(t types.Type, filter string) string) SQL {
	return SQL{Build: func(b *Builder) (sqlx.Expr, bool) {
		t := template(b.Args[0].Type, filterBy(pred))
		return sqlx.Format(sqlx.Atom, t, argSQL(b.Args)...), t != ""
	}}
}

func argSQL(args []Arg) []sqlx.Expr {
	es := make([]sqlx.Expr, len(args))
	for i, a := range args {
		es[i] = a.SQL
	}
	return es
}

// collect lowers an aggregate whose Eval does the work: lists of the first
// varying arguments, the constants after them as they are. pred is the
// position of an "if" form's condition, which becomes a FILTER, so that only
// matching rows are collected and the Eval is that of row name without it;
// -1 for none. An argument that should be constant and is not declines.
func collect(name string, varying, pred int) SQL {
	return SQL{Build: func(b *Builder) (sqlx.Expr, bool) {
		if b.Native == nil {
			return sqlx.Expr{}, false
		}
		filter := ""
		if pred >= 0 {
			filter = filterBy(b.Args[pred].SQL.Text)
		}
		var args []Arg
		for i, a := range b.Args {
			switch {
			case i == pred:
				continue
			case i < varying:
				a.SQL = sqlx.Raw(sqlx.Atom, "list("+a.SQL.Text+b.Order+")"+filter)
				a.Type, a.Nullable, a.Const = a.Type.List(), true, nil
			case a.Const == nil:
				return sqlx.Expr{}, false
			}
			args = append(args, a)
		}
		return b.Native(name, b.Result, args...)
	}}
}

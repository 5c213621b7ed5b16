package fn

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

// dataSizeRows is what estimate_data_size() adds up: the bytes of one value.
// Recorded: 8 for a long, of text its length. How the engine keeps a dynamic
// value is not known; here it is JSON text.
var dataSizeRows = []Spec{
	{
		Name: "__data_size", Hidden: true, Ref: "estimate-data-size-function",
		Doc:   "Bytes of a value: of text its length, of dynamic the length of its JSON text, of others their width.",
		Sigs:  []Sig{{Decl: "(value: scalar): long"}},
		Nulls: NeverNull, Eval: dataSizeEval, DuckDB: SQL{Build: dataSizeSQL},
		Examples: []Example{{`estimate_data_size("1234567890")`, `10`}, {`estimate_data_size(1)`, `8`}, {`estimate_data_size(dynamic([1]))`, `3`}},
	},
}

// width is the size of a type's values in bytes, 0 where they differ.
func width(t types.Type) int64 {
	switch t {
	case types.Bool:
		return 1
	case types.Int:
		return 4
	case types.Guid, types.Decimal:
		return 16
	case types.String, types.Dynamic:
		return 0
	}
	return 8
}

func dataSizeEval(c *Call) {
	v := c.Args[0]
	for i := range c.N {
		if n := width(v.Type); n > 0 {
			c.Out.Ints[i] = n
		} else if !v.IsNull(i) {
			c.Out.Ints[i] = int64(len(v.Strings[i]))
		}
	}
}

func dataSizeSQL(b *Builder) (sqlx.Expr, bool) {
	if n := width(b.Args[0].Type); n > 0 {
		return sqlx.Raw(sqlx.Atom, fmt.Sprintf("CAST(%d AS BIGINT)", n)), true
	}
	x := sqlx.Format(sqlx.Atom, "strlen({0})", b.Args[0].SQL)
	if b.Args[0].Nullable {
		x = sqlx.Format(sqlx.Atom, "coalesce({0}, 0)", x)
	}
	return x, true
}

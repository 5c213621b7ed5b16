package fn

import (
	"math"
	"testing"

	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

func TestCompare(t *testing.T) {
	nan := math.NaN()
	checkRows(t, Infix, []row{
		// Recorded from the engine, or on the page of null values.
		{"==", list(types.Long, 1), false}, {"!=", list(types.Long, 1), true}, {"==", list(types.Int, types.Int), types.Bool},
		{"!=", list(types.Real, types.Real), types.Bool}, {">", list(types.Long, 3), types.Bool}, {"<", list(1, types.Long), types.Bool},
		{"==", list(nan, nan), false}, {"!=", list(nan, nan), true}, {">", list(math.Inf(1), 1e308), true}, {"<=", list(nan, nan), false},
		{"==", list("a", "A"), false}, {"==", list("a", "a"), true}, {"!=", list("", "a"), true}, {"==", list(0.1+math.Nextafter(0.2, 1), 0.3), false},
		{"==", list(true, 1), true}, {"==", list(2, true), false}, {"==", list(true, false), false}, {"!=", list(types.Bool, true), true},
		{"==", list(int32(5), 5), true}, {"==", list(1, 1.0), true}, {">=", list(int32(2), 2), true},
		{"==", list(decText("0.30"), decText("0.30")), true}, {"<", list(decText("9.5"), decText("10")), true},
		{"<", list(day(5), day(6)), true}, {">=", list(ticks(5), ticks(6)), false},
		{"==", list(guidText("74be27de-1e4e-49d9-b579-fe0b331d3642"), guidText("74be27de-1e4e-49d9-b579-fe0b331d3642")), true},
		// A dynamic is read as the other side's type.
		{"==", list(jsonText("1"), 1), true}, {"==", list(jsonText("1.5"), 1), false}, {"==", list(jsonText("1.0"), 1), true},
		{"==", list(jsonText(`"x"`), "x"), true}, {"!=", list(types.Dynamic, "x"), true}, {"==", list("x", types.Dynamic), false},
		{"==", list(jsonText("true"), true), true}, {"==", list(jsonText("[1]"), 1), false}, {">", list(jsonText("10"), 9), true},
		{">", list(jsonText(`"abc"`), 9), types.Bool}, {"<", list(jsonText("2"), jsonText("10")), true}, {"<", list(jsonText("[1]"), jsonText("2")), types.Bool},
		{"==", list(jsonText(`"2020-01-01"`), day(637134336000000000)), true}, {"==", list(int32(7), jsonText("7")), true},
	})
}

func TestLogic(t *testing.T) {
	vals := []any{true, false, types.Bool}
	and := [][]any{{true, false, types.Bool}, {false, false, false}, {types.Bool, false, types.Bool}}
	or := [][]any{{true, true, true}, {true, false, types.Bool}, {true, types.Bool, types.Bool}}
	for i, a := range vals {
		for j, b := range vals {
			checkRows(t, Infix, []row{{"and", list(a, b), and[i][j]}, {"or", list(a, b), or[i][j]}})
		}
	}
	checkRows(t, Infix, []row{{"and", list(jsonText("1"), true), true}, {"or", list(false, types.Dynamic), types.Bool}})
	checkRows(t, Scalar, []row{{"not", list(true), false}, {"not", list(types.Bool), types.Bool}})
}

func TestChoose(t *testing.T) {
	checkRows(t, Scalar, []row{
		{"iff", list(types.Bool, "t", "f"), "f"}, {"case", list(types.Bool, "c1", true, "c2", "def"), "c2"}, {"iif", list(true, types.Long, 1), types.Long},
		{"case", list(false, 1, false, 2, 3), 3},
		{"coalesce", list(types.Long, 42, 33), 42}, {"coalesce", list("", "", "c"), "c"}, {"coalesce", list(types.Real, types.Real), types.Real},
		{"max_of", list(10, 1, -3, 17), 17}, {"max_of", list(1, types.Long, 3), 3}, {"min_of", list(types.Int, int32(5)), int32(5)},
		{"max_of", list(types.Int, types.Int), types.Int}, {"max_of", list(types.Real, math.NaN()), math.NaN()}, {"min_of", list("b", "a"), "a"},
		{"isnull", list(""), false}, {"isnull", list(types.Dynamic), true}, {"isnotnull", list(jsonText("[]")), true},
		{"isnan", list(types.Real), types.Bool}, {"isinf", list(math.Inf(-1)), true}, {"isfinite", list(math.NaN()), false},
		{"gettype", list(jsonText("123")), "long"}, {"gettype", list(jsonText("1.5")), "double"}, {"gettype", list(types.Dynamic), "null"},
		{"gettype", list(jsonText("{}")), "dictionary"}, {"gettype", list(types.Int), "int"}, {"gettype", list(1.0), "real"},
	})
}

// What the lowerings of == and != look like in and out of filters; that they
// equal Eval is the engine's property test.
func TestEqualitySQL(t *testing.T) {
	five := types.LongValue(5)
	column := func(name string, ty types.Type, nullable bool) Arg {
		return Arg{SQL: sqlx.Raw(sqlx.Atom, name), Type: ty, Nullable: nullable}
	}
	k := Arg{SQL: sqlx.DuckDB.Literal(five), Type: types.Long, Const: &five}
	for _, c := range []struct {
		op     string
		l, r   Arg
		filter bool
		want   string
	}{
		{"==", column("a", types.String, false), column("b", types.String, false), false, "a = b"},
		{"!=", column("a", types.String, false), column("b", types.String, false), true, "a <> b"},
		{"==", column("a", types.Long, true), k, true, "a = CAST(5 AS BIGINT)"},
		{"==", column("a", types.Long, true), k, false, "a IS NOT DISTINCT FROM CAST(5 AS BIGINT)"},
		{"!=", column("a", types.Long, true), k, true, "a IS DISTINCT FROM CAST(5 AS BIGINT)"},
		{"!=", column("a", types.Long, true), column("b", types.Long, true), false, "CASE WHEN NOT (a IS NULL AND b IS NULL) THEN (a IS DISTINCT FROM b) END"},
		{"==", column("a", types.Dynamic, true), column("b", types.String, false), true, ""},
		{"==", column("a", types.Real, true), column("b", types.Real, true), true, ""},
	} {
		e, _ := equalitySQL(c.op == "!=")(&Builder{Dialect: sqlx.DuckDB, Args: []Arg{c.l, c.r}, Result: types.Bool, Filter: c.filter})
		if e.Text != c.want {
			t.Errorf("%s in filter %v: %s, want %s", c.op, c.filter, e.Text, c.want)
		}
	}
}

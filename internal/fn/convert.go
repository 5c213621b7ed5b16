package fn

import (
	"math"

	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

// castRows are the to…() functions. What becomes what is castRow's; the
// binder uses the same rows for its implicit conversions.
var castRows = []Spec{
	{
		Name: "tostring", Ref: "tostring-function", Naming: NameFirstArg,
		Doc:   "The value as text; null gives the empty string.",
		Sigs:  []Sig{{Decl: "(value: scalar): string"}},
		Nulls: NeverNull, Eval: textEval, DuckDB: SQL{Build: textSQL},
		Examples: []Example{
			{`tostring(123)`, `"123"`}, {`tostring(1.0)`, `"1.0"`}, {`tostring(true)`, `"True"`}, {`tostring(1d)`, `"1.00:00:00"`},
			{`tostring(dynamic({"a":true}))`, `"{\"a\":true}"`}, {`tostring(int(null))`, `""`},
		},
	},
	convertRow("tobool", types.Bool, []string{"toboolean"}, "The value as bool: text true, false or a whole number; a number that is not 0 is true.",
		Example{`tobool("tRuE")`, `true`}, Example{`tobool("yes")`, `bool(null)`}, Example{`tobool(-1)`, `true`}, Example{`toboolean("1.0")`, `bool(null)`}),
	convertRow("toint", types.Int, nil, "The value as int: a fraction is cut off, a long loses its high bits, a real out of range gives the nearest int.",
		Example{`toint("0X1f")`, `int(31)`}, Example{`toint(2.9)`, `int(2)`}, Example{`toint("2.9")`, `int(null)`}, Example{`toint(2147483648)`, `int(-2147483648)`}),
	foldedRow(foldLong, convertRow("tolong", types.Long, nil, "The value as long: a fraction is cut off, a datetime or timespan gives its ticks.",
		Example{`tolong("  42  ")`, `42`}, Example{`tolong("0xFFFFFFFFFFFFFFFF")`, `long(-1)`}, Example{`tolong(1d)`, `864000000000`},
		Example{`tolong("9223372036854775808")`, `long(null)`})),
	convertRow("toreal", types.Real, []string{"todouble"}, "The value as real.",
		Example{`toreal("1.5e3")`, `1500.0`}, Example{`todouble(".5")`, `0.5`}, Example{`toreal("1,234")`, `real(null)`}, Example{`toreal(true)`, `1.0`}),
	convertRow("todecimal", types.Decimal, nil, "The value as decimal.",
		Example{`todecimal("123.45678")`, `decimal(123.45678)`}, Example{`todecimal("abc")`, `decimal(null)`}, Example{`todecimal(0.1)`, `decimal(0.1)`}),
	convertRow("todatetime", types.Datetime, nil, "The value as datetime; a number is ticks.",
		Example{`todatetime("2015-12-31 23:59:59.9")`, `datetime(2015-12-31T23:59:59.9Z)`}, Example{`todatetime("12-02-2022")`, `datetime(2022-12-02)`},
		Example{`todatetime("not a date")`, `datetime(null)`}),
	convertRow("totimespan", types.Timespan, nil, "The value as timespan; a number is ticks.",
		Example{`totimespan("0.00:03:00")`, `3m`}, Example{`totimespan("1.5")`, `timespan(null)`}, Example{`totimespan("-1d")`, `timespan(-1d)`}),
	obsoleteRow(convertRow("totime", types.Timespan, nil, "The value as timespan.", Example{`totime("1d")`, `1d`}), "totimespan"),
	{
		Name: "toguid", Ref: "toguid-function", Naming: NameFirstArg,
		Doc:  "The first 32 hexadecimal digits of the text as guid; hyphens may be missing.",
		Sigs: []Sig{{Decl: "(value: stringdyn): guid"}, {Decl: "(value: guid): guid"}},
		Eval: convertEval, DuckDB: SQL{Build: convertSQL},
		Examples: []Example{
			{`toguid("0123456789abcdef0123456789ABCDEF")`, `guid(01234567-89ab-cdef-0123-456789abcdef)`},
			{`toguid("a string that is not a guid")`, `guid(null)`},
		},
	},
}

func convertRow(name string, t types.Type, aliases []string, doc string, examples ...Example) Spec {
	return Spec{
		Name: name, Aliases: aliases, Ref: name + "-function", Naming: NameFirstArg, Doc: doc, Examples: examples,
		Sigs: []Sig{{Decl: "(value: scalar): " + t.String()}},
		Eval: convertEval, DuckDB: SQL{Build: convertSQL},
	}
}

// foldedRow gives a row another meaning over constants.
func foldedRow(fold Eval, s Spec) Spec {
	s.Fold = fold
	return s
}

// foldLong converts constants. Recorded: of a real constant beyond the range
// of long the engine makes the least long, whatever the sign, as its
// processor does; of one in a column the nearest long.
func foldLong(c *Call) {
	convertEval(c)
	if c.Args[0].Type != types.Real {
		return
	}
	for i := range c.N {
		if f := c.Args[0].Floats[i]; !c.Out.IsNull(i) && (f >= 1<<63 || f < -1<<63) {
			c.Out.Ints[i] = math.MinInt64
		}
	}
}

// obsoleteRow marks a row as an old name of another.
func obsoleteRow(s Spec, use string) Spec {
	s.Obsolete, s.Hidden = use, true
	if s.Ref == s.Name+"-function" { // it has no page of its own
		s.Ref = use + "-function"
	}
	return s
}

func convertEval(c *Call) {
	src, out := c.Args[0], c.Out
	for i := range c.N {
		x, ok := castRow(src, i, out.Type)
		if !ok {
			out.SetNull(i)
			continue
		}
		switch out.Type.Storage() {
		case types.StoreBools:
			out.Bools[i] = x.I != 0
		case types.StoreFloats:
			out.Floats[i] = x.F
		case types.StoreStrings:
			out.Strings[i] = x.S
		default:
			out.Ints[i] = x.I
		}
	}
}

// convertSQL lowers the conversions that lose nothing.
func convertSQL(b *Builder) (sqlx.Expr, bool) {
	from, to, x := b.Args[0].Type, b.Result, b.Args[0].SQL
	switch {
	case from == to, to == types.Long && from.IsTicks():
		return x, true
	case to == types.Long && (from == types.Int || from == types.Bool), to == types.Int && from == types.Bool,
		to == types.Real && (from.IsInteger() || from == types.Bool || from.IsTicks()):
		return sqlx.Format(sqlx.Atom, "CAST({0} AS "+b.Dialect.TypeName(to)+")", x), true
	case to == types.Bool && from.IsInteger():
		return sqlx.Format(sqlx.Cmp, "{0} <> 0", x), true
	}
	return sqlx.Expr{}, false
}

func textEval(c *Call) {
	t := c.text(0)
	for i := range c.N {
		c.Out.Strings[i] = t.at(i)
	}
}

func textSQL(b *Builder) (sqlx.Expr, bool) {
	x := b.Args[0].SQL
	switch b.Args[0].Type {
	case types.String:
		return x, true
	case types.Guid, types.Decimal:
	case types.Int, types.Long:
		x = sqlx.Format(sqlx.Atom, "CAST({0} AS VARCHAR)", x)
	case types.Bool:
		return sqlx.Format(sqlx.Atom, "CASE {0} WHEN true THEN 'True' WHEN false THEN 'False' ELSE '' END", x), true
	default:
		return sqlx.Expr{}, false
	}
	if b.Args[0].Nullable {
		x = sqlx.Format(sqlx.Atom, "coalesce({0}, '')", x)
	}
	return x, true
}

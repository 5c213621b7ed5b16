package fn

import (
	"math"

	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Rounding down to multiples. A size of zero or less gives null, and so does
// a multiple that its type cannot hold.

var binRows = []Spec{{
	Name: "bin", Aliases: []string{"floor"}, Ref: "bin-function", Naming: NameFirstArg,
	Doc: "Rounds a number, timespan or datetime down to a multiple of a bin size.",
	Sigs: []Sig{
		{Decl: "(value: number, roundTo: number): widest"},
		{Decl: "(value: timespan, roundTo: timespan): timespan"},
		{Decl: "(value: datetime, roundTo: datetime): datetime"},
		{Decl: "(value: datetime, roundTo: timespan): datetime"},
	},
	Eval: evalBin, DuckDB: SQL{Build: binSQL},
	Examples: []Example{
		{"bin(4.5, 1)", "4.0"},
		{"bin(-5, 2)", "long(-6)"},
		{"bin(16d, 7d)", "timespan(14.00:00:00)"},
		{"bin(datetime(1970-05-11 13:45:07), 1d)", "datetime(1970-05-11)"},
		{"floor(7, 0)", "long(null)"},
	},
}, {
	Name: "bin_at", Ref: "bin-at-function", Naming: NameFirstArg,
	Doc: "Rounds down to a bin of a given size, where one bin starts at a given point.",
	Sigs: []Sig{
		{Decl: "(value: number, bin_size: number, fixed_point: number): widest"},
		{Decl: "(value: timespan, bin_size: timespan, fixed_point: timespan): timespan"},
		{Decl: "(value: datetime, bin_size: timespan, fixed_point: datetime): datetime"},
	},
	Eval: evalBinAt,
	Examples: []Example{
		{"bin_at(6.5, 2.5, 7)", "4.5"},
		{"bin_at(1h, 1d, 12h)", "timespan(-12:00:00)"},
		{"bin_at(datetime(2017-05-15 10:20:00), 1d, datetime(1970-01-01 12:00:00))", "datetime(2017-05-14 12:00:00)"},
		{"bin_at(datetime(2017-05-17 10:20:00), 7d, datetime(2017-06-04))", "datetime(2017-05-14)"},
	},
}}

func evalBin(c *Call) {
	c.strict()
	switch c.Out.Type {
	case types.Real:
		a, b, out := c.twoReals()
		for i := range out {
			if out[i] = math.Floor(a[i]/b[i]) * b[i]; !(b[i] > 0) {
				c.Out.SetNull(i)
			}
		}
	case types.Decimal:
		c.decimalRows(binDecimal)
	default:
		a, b, out := c.twoLongs()
		for i := range out {
			r, ok := binLong(a[i], b[i])
			if out[i] = r; !ok {
				c.Out.SetNull(i)
			}
		}
		if c.Out.Type == types.Datetime {
			c.datetimeRange()
		}
	}
}

// binLong floors: the remainder is made non-negative before it is taken off.
func binLong(v, size int64) (int64, bool) {
	if size <= 0 {
		return 0, false
	}
	m := v % size
	if m < 0 {
		m += size
	}
	return v - m, v >= math.MinInt64+m
}

func evalBinAt(c *Call) {
	c.strict()
	switch c.Out.Type {
	case types.Real:
		v, size, at, out := c.Args[0].Floats, c.Args[1].Floats, c.Args[2].Floats, c.Out.Floats
		for i := range c.N {
			if out[i] = at[i] + math.Floor((v[i]-at[i])/size[i])*size[i]; !(size[i] > 0) {
				c.Out.SetNull(i)
			}
		}
	case types.Decimal:
		for i := range c.N {
			if c.Out.IsNull(i) {
				continue
			}
			r, ok := binDecimalAt(c.Args[0].Strings[i], c.Args[1].Strings[i], c.Args[2].Strings[i])
			if c.Out.Strings[i] = r; !ok {
				c.Out.SetNull(i)
			}
		}
	default:
		for i := range c.N {
			r, ok := binLongAt(c.Args[0].Ints[i], c.Args[1].Ints[i], c.Args[2].Ints[i])
			if c.Out.Ints[i] = r; !ok {
				c.Out.SetNull(i)
			}
		}
		if c.Out.Type == types.Datetime {
			c.datetimeRange()
		}
	}
}

// binLongAt takes the remainders of value and fixed point apart, so that their
// difference cannot wrap.
func binLongAt(v, size, at int64) (int64, bool) {
	if size <= 0 {
		return 0, false
	}
	m := v%size - at%size // between -2*size and 2*size: may wrap for a size above 2^62
	if size > 1<<62 {
		return 0, false
	}
	if m %= size; m < 0 {
		m += size
	}
	return v - m, v >= math.MinInt64+m
}

func binDecimalAt(v, size, at string) (string, bool) {
	apart, ok := subtractDecimal(v, at)
	if !ok {
		return "", false
	}
	r, ok := binDecimal(apart, size)
	if !ok {
		return "", false
	}
	return addDecimal(r, at)
}

// binSQL lowers bins of constant size. Datetimes are never negative, so
// truncating division floors them; others need the remainder made
// non-negative, as binLong does.
func binSQL(b *Builder) (sqlx.Expr, bool) {
	v, size := b.Args[0], b.Args[1].Const
	switch {
	case size == nil || size.Null:
		return sqlx.Expr{}, false
	case v.Type == types.Real && size.F > 0 && !math.IsInf(size.F, 0):
		return sqlx.Format(sqlx.Mul, "floor({0} / {1}) * {1}", v.SQL, b.Dialect.Literal(*size)), true
	case v.Type.Storage() != types.StoreInts || size.I <= 0:
		return sqlx.Expr{}, false
	}
	ticks := b.Dialect.Literal(types.LongValue(size.I))
	if v.Type == types.Datetime {
		return sqlx.Format(sqlx.Mul, "{0} // {1} * {1}", v.SQL, ticks), true
	}
	lowest, ok := lowestMultiple(size.I)
	if !ok || !repeatable(v) {
		return sqlx.Expr{}, false
	}
	return sqlx.Format(sqlx.Atom, "CASE WHEN {0} >= {2} THEN {0} - ({0} % {1} + {1}) % {1} END",
		v.SQL, ticks, b.Dialect.Literal(types.LongValue(lowest))), true
}

// lowestMultiple is the smallest long that is a multiple of size; below it bin
// is null.
func lowestMultiple(size int64) (int64, bool) {
	return math.MinInt64 / size * size, size <= 1<<62
}

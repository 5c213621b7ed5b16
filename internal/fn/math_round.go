package fn

import (
	"math"

	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

func evalRound(c *Call) {
	c.strict()
	arg := c.Args[0]
	for i := range c.N {
		if c.Out.IsNull(i) {
			continue
		}
		digits := int64(0)
		if len(c.Args) > 1 {
			digits = c.Args[1].Ints[i]
		}
		ok := true
		switch arg.Type {
		case types.Real:
			c.Out.Floats[i] = roundReal(arg.Floats[i], digits)
		case types.Decimal:
			c.Out.Strings[i], ok = roundDecimalAt(arg.Strings[i], digits)
		default:
			var n int64
			n, ok = roundLong(arg.Ints[i], digits)
			if arg.Type == types.Int && n != int64(int32(n)) {
				n, ok = 0, false
			}
			c.Out.Ints[i] = n
		}
		if !ok {
			c.Out.SetNull(i)
		}
	}
}

// roundReal scales, rounds and scales back, so round(2.15, 1) is 2.2 although
// the real next to 2.15 lies below it. Where scaling would overflow, the real
// has no digits that far behind its point.
func roundReal(x float64, digits int64) float64 {
	switch {
	case digits == 0:
		return math.Round(x)
	case digits > 308 || x == 0 || math.IsInf(x, 0):
		return x
	case digits < -308:
		return x * 0 // 0 with x's sign, or NaN
	case digits < 0:
		scale := math.Pow10(int(-digits))
		return math.Round(x/scale) * scale
	}
	scale := math.Pow10(int(digits))
	scaled := x * scale
	if math.IsInf(scaled, 0) {
		return x
	}
	return math.Round(scaled) / scale
}

// roundLong rounds to tens, hundreds … for negative digits.
func roundLong(x, digits int64) (int64, bool) {
	switch {
	case digits >= 0:
		return x, true
	case digits < -19:
		return 0, true
	case digits == -19:
		// Half of 10^19 is inside, 10^19 itself is not.
		return 0, x > -5e18 && x < 5e18
	}
	unit := int64(1)
	for range -digits {
		unit *= 10
	}
	rest := x % unit
	down := x - rest
	switch {
	case rest >= unit-rest: // rest >= unit/2 without overflow
		return down + unit, down <= math.MaxInt64-unit
	case -rest >= unit+rest:
		return down - unit, down >= math.MinInt64+unit
	}
	return down, true
}

// roundSQL lowers the plain form: DuckDB's round of a DOUBLE without digits
// also rounds halves away from zero.
func roundSQL(b *Builder) (sqlx.Expr, bool) {
	if len(b.Args) > 1 {
		n, ok := constLong(b.Args[1])
		if !ok || n < 0 || n > 0 && b.Args[0].Type == types.Real {
			return sqlx.Expr{}, false
		}
	}
	switch b.Args[0].Type {
	case types.Real:
		return sqlx.Call("round", b.Args[0].SQL), true
	case types.Int, types.Long:
		return b.Args[0].SQL, true
	}
	return sqlx.Expr{}, false
}

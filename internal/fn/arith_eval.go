package fn

import (
	"github.com/harrier-hunting/harrier/internal/types"
)

// strict marks a row of the result null where an argument is, so that loops
// over the values need not look again.
func (c *Call) strict() {
	for _, a := range c.Args {
		if a.Valid == nil || a.Type == types.String || c.N == 0 {
			continue
		}
		if c.Out.Valid == nil {
			c.Out.SetNull(0)
			c.Out.SetValid(0)
		}
		for w := range min(len(c.Out.Valid), len(a.Valid)) {
			c.Out.Valid[w] &= a.Valid[w]
		}
	}
}

// twoLongs returns the operands and the result of an operator on longs or
// ticks, cut to the rows of the call.
func (c *Call) twoLongs() (a, b, out []int64) {
	return c.Args[0].Ints[:c.N], c.Args[1].Ints[:c.N], c.Out.Ints[:c.N]
}

func (c *Call) twoReals() (a, b, out []float64) {
	return c.Args[0].Floats[:c.N], c.Args[1].Floats[:c.N], c.Out.Floats[:c.N]
}

// datetimeRange nulls the rows whose result is no datetime.
func (c *Call) datetimeRange() {
	for i, t := range c.Out.Ints[:c.N] {
		if !types.ValidDatetime(t) {
			c.Out.Ints[i] = 0
			c.Out.SetNull(i)
		}
	}
}

// The two operators that hot queries use on whole columns have loops of their
// own; the others go through longRows and realRows.

func evalAdd(c *Call) {
	c.strict()
	switch c.Out.Type {
	case types.Real:
		a, b, out := c.twoReals()
		for i := range out {
			out[i] = a[i] + b[i]
		}
	case types.Decimal:
		c.decimalRows(addDecimal)
	case types.Datetime:
		// No valid sum wraps: a datetime is far below 2^62, and a sum that
		// wraps is negative.
		a, b, out := c.twoLongs()
		for i := range out {
			out[i] = a[i] + b[i]
		}
		c.datetimeRange()
	default:
		a, b, out := c.twoLongs()
		for i := range out {
			out[i] = a[i] + b[i]
		}
	}
}

func evalSubtract(c *Call) {
	c.strict()
	switch c.Out.Type {
	case types.Real:
		a, b, out := c.twoReals()
		for i := range out {
			out[i] = a[i] - b[i]
		}
	case types.Decimal:
		c.decimalRows(subtractDecimal)
	default:
		a, b, out := c.twoLongs()
		for i := range out {
			out[i] = a[i] - b[i]
		}
		if c.Out.Type == types.Datetime {
			c.datetimeRange()
		}
	}
}

func evalMultiply(c *Call) {
	c.strict()
	switch {
	case c.Out.Type == types.Real:
		c.realRows(multiplyReal)
	case c.Out.Type == types.Decimal:
		c.decimalRows(multiplyDecimal)
	case c.Out.Type == types.Datetime:
		c.tickRows(multiplyExact, multiplyReal)
	default:
		c.tickRows(multiplyLong, multiplyReal)
	}
}

func evalDivide(c *Call) {
	c.strict()
	switch {
	case c.Out.Type == types.Decimal:
		c.decimalRows(divideDecimal)
	case c.Out.Type == types.Real && c.Args[0].Type.IsTicks():
		a, b, out := c.Args[0].Ints, c.Args[1].Ints, c.Out.Floats
		for i := range c.N {
			out[i] = float64(a[i]) / float64(b[i])
		}
	case c.Out.Type == types.Real:
		c.realRows(divideReal)
	default:
		c.tickRows(divideLong, divideReal)
	}
}

func evalModulo(c *Call) {
	c.strict()
	switch {
	case c.Out.Type == types.Real:
		c.realRows(moduloReal)
	case c.Out.Type == types.Decimal:
		c.decimalRows(moduloDecimal)
	default:
		c.tickRows(moduloLong, moduloReal)
	}
}

func (c *Call) realRows(op func(a, b float64) float64) {
	a, b, out := c.twoReals()
	for i := range out {
		out[i] = op(a[i], b[i])
	}
}

func (c *Call) decimalRows(op func(a, b string) (string, bool)) {
	a, b := c.Args[0].Strings, c.Args[1].Strings
	for i := range c.N {
		if c.Out.IsNull(i) {
			continue
		}
		r, ok := op(a[i], b[i])
		if !ok {
			c.Out.SetNull(i)
			continue
		}
		c.Out.Strings[i] = r
	}
}

// tickRows computes a result of whole numbers: longs, or ticks with a number
// of any type. With a real or a decimal the result's fraction is cut off.
func (c *Call) tickRows(whole func(a, b int64) (int64, bool), real func(a, b float64) float64) {
	x, y := c.Args[0], c.Args[1]
	if x.Type.Storage() == types.StoreInts && y.Type.Storage() == types.StoreInts {
		a, b, out := c.twoLongs()
		for i := range out {
			r, ok := whole(a[i], b[i])
			if out[i] = r; !ok {
				c.Out.SetNull(i)
			}
		}
	} else {
		for i := range c.N {
			if c.Out.IsNull(i) {
				continue
			}
			r, ok := types.RealToLong(real(numberAt(x, i), numberAt(y, i)))
			if c.Out.Ints[i] = r; !ok {
				c.Out.SetNull(i)
			}
		}
	}
	if c.Out.Type == types.Datetime {
		c.datetimeRange()
	}
}

// numberAt reads row i of a number or of ticks as a real.
func numberAt(v *types.Vector, i int) float64 {
	switch v.Type {
	case types.Real:
		return v.Floats[i]
	case types.Decimal:
		return decimalToReal(v.Strings[i])
	}
	return float64(v.Ints[i])
}

func evalNegate(c *Call) {
	c.strict()
	arg := c.Args[0]
	switch arg.Type {
	case types.Real:
		for i := range c.N {
			c.Out.Floats[i] = -arg.Floats[i]
		}
	case types.Decimal:
		for i := range c.N {
			c.Out.Strings[i] = negateDecimal(arg.Strings[i])
		}
	case types.Dynamic:
		for i := range c.N {
			n := dynamicNumber(arg, i)
			n.i, n.f = -n.i, -n.f
			c.putDynamic(i, n)
		}
	default:
		for i := range c.N {
			c.Out.Ints[i] = -arg.Ints[i]
		}
	}
}

// evalSame copies the argument.
func evalSame(c *Call) {
	c.strict()
	arg := c.Args[0]
	switch arg.Type.Storage() {
	case types.StoreFloats:
		copy(c.Out.Floats[:c.N], arg.Floats)
	case types.StoreStrings:
		copy(c.Out.Strings[:c.N], arg.Strings)
	default:
		copy(c.Out.Ints[:c.N], arg.Ints)
	}
}

package fn

import (
	"strconv"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Operators with a dynamic operand work on the value inside it. With an
// operand of another type on the other side, the dynamic is read as that
// type, as the conversion function of that type would; with two dynamics the
// result is a long when both hold whole numbers, a real when either holds a
// real, and null otherwise.

// operand is the value of one side; Type Unknown means none.
type operand struct {
	t types.Type
	i int64 // long and ticks
	f float64
	s string // decimal
}

// arithmetic is an operator for each type it knows.
type arithmetic struct {
	whole   func(a, b int64) (int64, bool)
	real    func(a, b float64) float64
	decimal func(a, b string) (string, bool)
}

var (
	dynamicAdd      = dynamicRows(arithmetic{addLong, addReal, addDecimal})
	dynamicSubtract = dynamicRows(arithmetic{subtractLong, subtractReal, subtractDecimal})
	dynamicMultiply = dynamicRows(arithmetic{multiplyLong, multiplyReal, multiplyDecimal})
	dynamicDivide   = dynamicRows(arithmetic{divideLong, divideReal, divideDecimal})
	dynamicModulo   = dynamicRows(arithmetic{moduloLong, moduloReal, moduloDecimal})
)

func dynamicRows(op arithmetic) Eval {
	return func(c *Call) {
		c.strict()
		want := dynamicSides(c)
		for i := range c.N {
			if c.Out.IsNull(i) {
				continue
			}
			a, b := readOperand(c.Args[0], i, want[0]), readOperand(c.Args[1], i, want[1])
			c.putDynamic(i, op.apply(a, b))
		}
	}
}

// dynamicSides tells as which type each side is read; Unknown: as what number
// it is.
func dynamicSides(c *Call) (want [2]types.Type) {
	for side := range want {
		other := c.Args[1-side].Type
		switch {
		case c.Args[side].Type != types.Dynamic || other == types.Dynamic:
		case c.Out.Type == types.Datetime:
			want[side] = types.Timespan // datetime + dynamic
		case other == types.Int:
			want[side] = types.Long
		default:
			want[side] = other
		}
	}
	return want
}

func readOperand(v *types.Vector, i int, want types.Type) operand {
	switch {
	case v.Type == types.Dynamic && want == types.Unknown:
		return dynamicNumber(v, i)
	case v.Type == types.Dynamic:
		return dynamicAs(v.Strings[i], want)
	case v.Type == types.Real:
		return operand{t: types.Real, f: v.Floats[i]}
	case v.Type == types.Decimal:
		return operand{t: types.Decimal, s: v.Strings[i]}
	case v.Type == types.Int:
		return operand{t: types.Long, i: v.Ints[i]}
	}
	return operand{t: v.Type, i: v.Ints[i]}
}

// dynamicNumber reads JSON text that is a number.
func dynamicNumber(v *types.Vector, i int) operand {
	text := v.Strings[i]
	switch dynamic.KindOf(text) {
	case dynamic.Long:
		n, ok := dynamic.AsLong(text)
		return operand{t: types.Long, i: n}.unless(!ok)
	case dynamic.Real:
		f, ok := dynamic.AsReal(text)
		return operand{t: types.Real, f: f}.unless(!ok)
	}
	return operand{}
}

// dynamicAs reads JSON text as a value of type t.
func dynamicAs(text string, t types.Type) operand {
	r, ok := operand{t: t}, false
	switch t {
	case types.Long:
		r.i, ok = dynamic.AsLong(text)
	case types.Real:
		r.f, ok = dynamic.AsReal(text)
	case types.Decimal:
		r.s, ok = dynamic.AsDecimal(text)
	case types.Datetime:
		r.i, ok = dynamic.AsDatetime(text)
	case types.Timespan:
		r.i, ok = dynamic.AsTimespan(text)
	}
	return r.unless(!ok)
}

func (o operand) unless(none bool) operand {
	if none {
		return operand{}
	}
	return o
}

func (op arithmetic) apply(a, b operand) operand {
	if a.t == types.Unknown || b.t == types.Unknown {
		return operand{}
	}
	r, ok := operand{t: types.Long}, true
	switch {
	case a.t == types.Decimal:
		r.t = types.Decimal
		r.s, ok = op.decimal(a.s, b.s)
	case a.t == types.Real || b.t == types.Real:
		r.t = types.Real
		r.f = op.real(a.asReal(), b.asReal())
	default:
		r.i, ok = op.whole(a.i, b.i)
	}
	return r.unless(!ok)
}

func (o operand) asReal() float64 {
	if o.t == types.Real {
		return o.f
	}
	return float64(o.i)
}

// putDynamic stores a result in a column of longs, reals, decimals, ticks or
// dynamics.
func (c *Call) putDynamic(i int, o operand) {
	out := c.Out
	switch {
	case o.t == types.Unknown, out.Type == types.Datetime && !types.ValidDatetime(o.i):
		out.SetNull(i)
	case out.Type == types.Dynamic && o.t == types.Real:
		out.Strings[i] = string(dynamic.AppendReal(nil, o.f))
	case out.Type == types.Dynamic:
		out.Strings[i] = strconv.FormatInt(o.i, 10)
	case out.Type == types.Real:
		out.Floats[i] = o.f
	case out.Type == types.Decimal:
		out.Strings[i] = o.s
	default:
		out.Ints[i] = o.i
	}
}

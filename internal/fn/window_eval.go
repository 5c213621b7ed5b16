package fn

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/types"
)

// The meaning of window functions: vectors hold the whole ordered input.

// isTrue reports whether argument arg is there and true in row i.
func (c *Call) isTrue(arg, i int) bool {
	return arg < len(c.Args) && !c.Args[arg].IsNull(i) && c.Args[arg].Bools[i]
}

func rowNumberEval(c *Call) {
	since := 0
	for i := range c.N {
		if c.isTrue(1, i) {
			since = i
		}
		start := int64(1)
		if len(c.Args) > 0 {
			start = c.Args[0].Ints[i]
			if c.Args[0].IsNull(i) {
				c.Out.SetNull(i)
			}
		}
		c.Out.Ints[i] = start + int64(i-since)
	}
}

func rowCumsumEval(c *Call) {
	x := c.Args[0]
	switch x.Type {
	case types.Real:
		sum := 0.0
		for i := range c.N {
			if c.isTrue(1, i) {
				sum = 0
			}
			if !x.IsNull(i) {
				sum += x.Floats[i]
			}
			c.Out.Floats[i] = sum
		}
	case types.Decimal:
		c.cumsumDecimals()
	default:
		sum := int64(0)
		for i := range c.N {
			if c.isTrue(1, i) {
				sum = 0
			}
			if !x.IsNull(i) {
				sum += x.Ints[i]
			}
			if x.Type == types.Int {
				sum = int64(int32(sum))
			}
			c.Out.Ints[i] = sum
		}
	}
}

func (c *Call) cumsumDecimals() {
	sum := &decimalSum{}
	for i := range c.N {
		if c.isTrue(1, i) {
			sum = &decimalSum{}
		}
		if x := c.Args[0]; !x.IsNull(i) {
			sum.add(x.Strings[i])
		}
		text, ok := sum.sum()
		if !ok {
			c.Err = fmt.Errorf("row_cumsum: a sum of decimals has more than %d digits", decimalDigits)
			return
		}
		c.Out.Strings[i] = text
	}
}

func rowRankEval(dense bool) Eval {
	return func(c *Call) {
		since, rank := 0, int64(0)
		for i := range c.N {
			restart := c.isTrue(1, i)
			if restart || i == 0 {
				since, rank = i, 0
			}
			if i == since || !sameItem(c.Args[0], i-1, i) {
				if rank++; !dense {
					rank = int64(i - since + 1)
				}
			}
			c.Out.Ints[i] = rank
		}
	}
}

// sameItem compares two rows; nulls are the same, and so are NaNs.
func sameItem(v *types.Vector, i, j int) bool {
	if v.IsNull(i) || v.IsNull(j) {
		return v.IsNull(i) && v.IsNull(j)
	}
	return compareItems(v, i, j) == 0
}

func rowSessionEval(c *Call) {
	t := c.Args[0]
	start, in := int64(0), false // the session, and whether there is one
	for i := range c.N {
		if t.IsNull(i) {
			in = false
			c.Out.SetNull(i)
			continue
		}
		if !in || c.isTrue(3, i) || c.reaches(1, i, t.Ints[i]-start) || c.reaches(2, i, t.Ints[i]-t.Ints[i-1]) {
			start, in = t.Ints[i], true
		}
		c.Out.Ints[i] = start
	}
}

// reaches reports a distance of at least argument arg.
func (c *Call) reaches(arg, i int, distance int64) bool {
	return !c.Args[arg].IsNull(i) && distance >= c.Args[arg].Ints[i]
}

// shiftEval is prev (dir -1) and next (dir 1).
func shiftEval(dir int64) Eval {
	return func(c *Call) {
		for i := range c.N {
			offset := int64(1)
			if len(c.Args) > 1 {
				if c.Args[1].IsNull(i) {
					c.setNone(i)
					continue
				}
				offset = min(max(c.Args[1].Ints[i], -maxShift), maxShift)
			}
			switch j := int64(i) + dir*offset; {
			case j >= 0 && j < int64(c.N):
				copyRow(c.Out, i, c.Args[0], int(j))
			case len(c.Args) > 2:
				c.setDefault(i)
			default:
				c.setNone(i)
			}
		}
	}
}

// setDefault sets row i to the default value, argument 2.
func (c *Call) setDefault(i int) {
	d := c.Args[2]
	switch {
	case d.IsNull(i):
		c.setNone(i)
	case d.Type == c.Out.Type || d.Type == types.Int && c.Out.Type == types.Long:
		copyRow(c.Out, i, d, i)
	case d.Type.IsInteger() && c.Out.Type == types.Real:
		c.Out.Floats[i] = float64(d.Ints[i])
	default:
		c.Err = fmt.Errorf("the default value is %s, the column %s: convert one of them", d.Type, c.Out.Type)
	}
}

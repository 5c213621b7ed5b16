package fn

import (
	"fmt"
	"math"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// A series is an array of numbers. It has one type for all its items: long
// when every number in it is a whole number, real otherwise (recorded:
// series_abs(dynamic([-6.5,0,8.2])) ends in 0.0, 8.2). What is no number is
// null. JSON cannot say NaN and the infinities; the texts that stand for them
// in dynamic values read as what they mean.

// series is a series taken apart. A number that an element-wise function gets
// in place of a series repeats for every item.
type series struct {
	isArray bool
	repeats bool
	whole   bool // longs holds the numbers too
	longs   []int64
	reals   []float64
	valid   []bool // false: null
}

// load reads argument k of row i. An argument that is neither an array nor a
// number leaves both flags unset.
func (s *series) load(c *Call, k, i int) {
	v := c.Args[k]
	if v.Type == types.Dynamic {
		s.read(c.json(k, i))
		return
	}
	s.reset()
	s.repeats = true
	s.whole = v.Type.IsInteger()
	switch {
	case v.IsNull(i):
		s.add(0, 0, false)
	case s.whole:
		s.add(v.Ints[i], float64(v.Ints[i]), true)
	default:
		s.add(0, numberAt(v, i), true)
	}
}

func (s *series) reset() {
	*s = series{longs: s.longs[:0], reals: s.reals[:0], valid: s.valid[:0]}
}

func (s *series) add(n int64, f float64, ok bool) {
	s.longs, s.reals, s.valid = append(s.longs, n), append(s.reals, f), append(s.valid, ok)
}

// read reads canonical JSON.
func (s *series) read(text string) {
	s.reset()
	if s.isArray = dynamic.KindOf(text) == dynamic.Array; !s.isArray {
		return
	}
	anyLong, anyReal := false, false
	for item := range dynamic.Items(text) {
		switch dynamic.KindOf(item) {
		case dynamic.Long:
			n, _ := dynamic.AsLong(item)
			s.add(n, float64(n), true)
			anyLong = true
		case dynamic.Real:
			f, _ := dynamic.AsReal(item)
			s.add(0, f, true)
			anyReal = true
		default:
			f, ok := notFinite(item)
			s.add(0, f, ok)
			anyReal = anyReal || ok
		}
	}
	s.whole = anyLong && !anyReal
}

// notFinite reads the texts that dynamic.AppendReal writes for reals that
// JSON does not have.
func notFinite(item string) (float64, bool) {
	switch item {
	case `"NaN"`:
		return math.NaN(), true
	case `"Infinity"`:
		return math.Inf(1), true
	case `"-Infinity"`:
		return math.Inf(-1), true
	}
	return 0, false
}

// len is the number of items of an array.
func (s *series) len() int { return len(s.valid) }

// at turns a place of the result into a place of s; ok is false for a null or
// a place beyond the end.
func (s *series) at(k int) (place int, ok bool) {
	if s.repeats {
		k = 0
	}
	return k, k < len(s.valid) && s.valid[k]
}

// allNumbers reports a series without nulls.
func (s *series) allNumbers() bool {
	for _, ok := range s.valid {
		if !ok {
			return false
		}
	}
	return true
}

// appendNumber appends one item of a result: a long or a real.
func appendNumber(dst []byte, whole bool, n int64, f float64) []byte {
	if whole {
		return dynamic.AppendLong(dst, n)
	}
	return dynamic.AppendReal(dst, f)
}

// appendSeries appends n items.
func appendSeries(dst []byte, n int, item func(dst []byte, k int) []byte) []byte {
	dst = append(dst, '[')
	for k := range n {
		if k > 0 {
			dst = append(dst, ',')
		}
		dst = item(dst, k)
	}
	return append(dst, ']')
}

func appendNull(dst []byte) []byte { return append(dst, "null"...) }

// seriesRows is jsonRows for functions whose result may be longer than their
// argument: ten letters of JSON may hold five numbers of twenty digits each.
func (c *Call) seriesRows(make func(dst []byte, i int) ([]byte, bool)) {
	c.jsonRows(func(dst []byte, i int) ([]byte, bool) {
		if c.Err != nil {
			return dst, false
		}
		dst, ok := make(dst, i)
		if len(dst) > dynamic.MaxSize {
			c.Err = fmt.Errorf("a series has %d MB as text; at most %d MB are allowed", len(dst)>>20, dynamic.MaxSize>>20)
			return dst[:0], false
		}
		return dst, ok
	})
}

// seriesReals computes a real of one or two series per row; the second
// argument of f is nil when the call has one. An argument that is no series
// gives null.
func seriesReals(f func(c *Call, i int, a, b *series) (float64, bool)) Eval {
	return func(c *Call) {
		var a, b series
		other := &b
		if len(c.Args) < 2 {
			other = nil
		}
		for i := range c.N {
			a.load(c, 0, i)
			ok := a.isArray || a.repeats
			if other != nil {
				b.load(c, 1, i)
				ok = ok && (b.isArray || b.repeats)
			}
			var r float64
			if ok {
				r, ok = f(c, i, &a, other)
			}
			if c.Out.Floats[i] = r; !ok {
				c.Out.Floats[i] = 0
				c.Out.SetNull(i)
			}
		}
	}
}

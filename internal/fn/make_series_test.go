package fn

import (
	"math"
	"math/big"
	"testing"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// seriesCall lays one group's bins; the value of a bin is its place in bins.
func seriesCall(t types.Type, bins []types.Value, from, to, step types.Value, inclusive bool) (values, axis []string, err error) {
	call := func(eval Eval, withValues bool) ([]string, error) {
		c := Call{N: 1, Out: types.NewVector(types.Dynamic, 1)}
		list := types.NewVector(t.List(), 1)
		ordinals := types.NewVector(types.Long.List(), 1)
		list.Child, ordinals.Child = types.NewVector(t, len(bins)), types.NewVector(types.Long, len(bins))
		for i, b := range bins {
			list.Child.Set(i, b)
			ordinals.Child.Ints[i] = int64(i)
		}
		list.Lists[0].Len, ordinals.Lists[0].Len = len(bins), len(bins)
		c.Args = append(c.Args, list)
		for _, v := range []types.Value{from, to, step, types.BoolValue(inclusive)} {
			x := types.NewVector(v.Type, 1)
			x.Set(0, v)
			c.Args = append(c.Args, x)
		}
		if withValues {
			c.Args = append(c.Args, ordinals, types.NewVector(types.Long, 1))
			c.Args[6].Ints[0] = -1
		}
		if eval(&c); c.Err != nil || c.Out.IsNull(0) {
			return nil, c.Err
		}
		return dynamic.AppendItems(nil, c.Out.Strings[0]), nil
	}
	if values, err = call(seriesValuesEval, true); err != nil {
		return nil, nil, err
	}
	axis, err = call(seriesAxisEval, false)
	return values, axis, err
}

// FuzzSeriesAxis: the axis has the items that counting in whole numbers
// without bounds gives, and every bin on it finds its place.
func FuzzSeriesAxis(f *testing.F) {
	f.Add(int64(0), int64(10), int64(2), int64(4), int64(9), false, uint8(3))
	f.Add(int64(math.MinInt64), int64(math.MaxInt64), int64(math.MaxInt64), int64(0), int64(1), false, uint8(3))
	f.Add(int64(6), int64(6), int64(3), int64(6), int64(9), true, uint8(3))
	f.Add(int64(5), int64(6), int64(0), int64(6), int64(9), true, uint8(0))
	f.Fuzz(func(t *testing.T, from, to, step, b1, b2 int64, inclusive bool, given uint8) {
		lo, hi := types.LongValue(from), types.LongValue(to)
		if given&1 == 0 {
			lo, from = types.Null(types.Long), min(b1, b2)
		}
		if given&2 == 0 {
			hi = types.Null(types.Long)
		}
		values, axis, err := seriesCall(types.Long, []types.Value{types.LongValue(b1), types.LongValue(b2)}, lo, hi, types.LongValue(step), inclusive)
		switch {
		case step <= 0:
			if err == nil {
				t.Fatal("a bad step is accepted")
			}
			return
		}
		end, open := big.NewInt(to), !inclusive
		if hi.Null {
			end, open = big.NewInt(max(b1, b2)), false
		}
		if open {
			end.Sub(end, big.NewInt(1))
		}
		n := new(big.Int).Sub(end, big.NewInt(from))
		if n.Sign() < 0 {
			n.SetInt64(0)
		} else {
			n.Add(n.Quo(n, big.NewInt(step)), big.NewInt(1))
		}
		if n.Cmp(big.NewInt(maxSeries)) > 0 {
			if err == nil {
				t.Fatal("a series too long is accepted")
			}
			return
		}
		if err != nil || int64(len(axis)) != n.Int64() || len(values) != len(axis) {
			t.Fatalf("%d values on %d items, %v; want %s", len(values), len(axis), err, n)
		}
		for k, at := range axis {
			x, _ := dynamic.AsLong(at)
			if want := from + int64(k)*step; x != want {
				t.Fatalf("item %d is %d, want %d", k, x, want)
			}
			want := int64(-1)
			for i, b := range []int64{b1, b2} {
				if b >= x && uint64(b)-uint64(x) < uint64(step) {
					want = int64(i)
				}
			}
			if v, _ := dynamic.AsLong(values[k]); v != want {
				t.Fatalf("the bin at %d has the value %d, want %d", x, v, want)
			}
		}
	})
}

// Reals are counted by what is written, not by a division.
func TestRealSeries(t *testing.T) {
	real := types.RealValue
	for _, c := range []struct {
		from, to, step types.Value
		inclusive      bool
		n              int
	}{
		{real(0), real(1), real(0.1), false, 10}, {real(0), real(0.3), real(0.1), false, 3}, {real(0), real(0.5), real(0.25), true, 3}, {real(1), real(0), real(1), false, 0},
		{types.Null(types.Real), types.Null(types.Real), real(0.5), false, 3}, {real(0), types.Null(types.Real), real(0.5), false, 5}, {real(math.Inf(1)), real(1), real(1), false, 0},
		{real(0), real(math.NaN()), real(1), false, 0},
	} {
		values, axis, err := seriesCall(types.Real, []types.Value{real(1), real(2), real(math.NaN())}, c.from, c.to, c.step, c.inclusive)
		if err != nil || len(axis) != c.n || len(values) != c.n {
			t.Errorf("%v: %d values on %d items, %v", c, len(values), len(axis), err)
		}
	}
	for _, c := range [][3]float64{{0, 1, 0}, {0, 1, -1}, {0, 1, math.NaN()}, {0, math.Inf(1), 1}, {0, 1e300, 1e-300}, {0, 1 << 20, 0.5}} {
		if _, _, err := seriesCall(types.Real, nil, real(c[0]), real(c[1]), real(c[2]), false); err == nil {
			t.Errorf("%v is accepted", c)
		}
	}
}

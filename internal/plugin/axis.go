package plugin

import (
	"math"

	"github.com/harrier-hunting/harrier/internal/types"
)

// Axis is a timeline cut into bins of one size: of a step, counted from an
// origin, or of calendar weeks, months or years. The engine computes the bin
// of a row; here bins have numbers, so that neighbours are one apart.
type Axis struct {
	Type   types.Type  // of the timeline: int, long, real, datetime or timespan
	Origin types.Value // where bin 0 starts
	Step   types.Value // carried like the timeline, greater than zero
	Unit   string      // "", week, month or year, which replaces the step
}

// Index numbers the bin of a value that is a bin's start.
func (a Axis) Index(v types.Value) int64 {
	switch a.Unit {
	case "week": // starts on Sunday; day 0, 0001-01-01, was a Monday
		return floorDiv(v.I/types.TicksPerDay+1, 7)
	case "month":
		year, month, _ := types.SplitDate(v.I)
		return int64(year)*12 + int64(month) - 1
	case "year":
		year, _, _ := types.SplitDate(v.I)
		return int64(year)
	}
	if a.Type == types.Real {
		n, _ := types.RealToLong(math.Round((v.F - a.Origin.F) / a.Step.F))
		return n
	}
	return floorDiv(v.I-a.Origin.I, a.Step.I)
}

// Of numbers the bin of any value.
func (a Axis) Of(v types.Value) int64 {
	if a.Unit == "" && a.Type == types.Real {
		n, _ := types.RealToLong(math.Floor((v.F - a.Origin.F) / a.Step.F))
		return n
	}
	return a.Index(v)
}

// Start is where a bin starts.
func (a Axis) Start(i int64) types.Value {
	v := types.Value{Type: a.Type}
	switch a.Unit {
	case "week":
		v.I = max(i*7-1, 0) * types.TicksPerDay
	case "month":
		v.I, _ = types.DateTicks(int(floorDiv(i, 12)), int(i-12*floorDiv(i, 12))+1, 1)
	case "year":
		v.I, _ = types.DateTicks(int(i), 1, 1)
	default:
		if a.Type == types.Real {
			v.F = a.Origin.F + float64(i)*a.Step.F
		} else {
			v.I = a.Origin.I + i*a.Step.I
		}
	}
	return v
}

// Bins is how many whole bins a length holds, at least one.
func (a Axis) Bins(length types.Value) int64 {
	var n int64
	switch a.Unit {
	case "week":
		n = length.I / (7 * types.TicksPerDay)
	case "month":
		n = length.I / (30 * types.TicksPerDay)
	case "year":
		n = length.I / (365 * types.TicksPerDay)
	default:
		if a.Type == types.Real {
			n, _ = types.RealToLong(math.Floor(length.F / a.Step.F))
		} else {
			n = length.I / a.Step.I
		}
	}
	return max(n, 1)
}

// less orders two values of the timeline, or two lengths on it.
func (a Axis) less(x, y types.Value) bool {
	if a.Type == types.Real {
		return x.F < y.F
	}
	return x.I < y.I
}

// between is the length from x to y.
func (a Axis) between(x, y types.Value) types.Value {
	return types.Value{Type: a.Type, I: y.I - x.I, F: y.F - x.F}
}

// floorDiv divides, rounding down; the divisor is greater than zero.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

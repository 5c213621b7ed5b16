package plugin

import (
	"context"
	"math"
	"slices"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

var diffpatterns = Spec{
	Name: "diffpatterns", Ref: "diffpatterns-plugin",
	Doc:     "Combinations of values that are commoner in one of two sets of rows.",
	Caution: "how the engine chooses among combinations is not published; it may keep others",
	Sigs:    []string{"(SplitColumn: col scalar, SplitValueA: const string, SplitValueB: const string, WeightColumn?: scalar, Threshold?: const scalar, MaxDimensions?: const scalar, CustomWildcard: const scalar{0,}): table"},
	Examples: []Example{{
		`range x from 1 to 20 step 1 | project bad = iff(x <= 10, 1, 0), host = iff(x <= 8, "web7", "web1"), os = "linux" | evaluate diffpatterns(bad, "1", "0")`,
		`[0,2,10,20.0,100.0,80.0,null,"web1","linux"]
[1,8,0,80.0,0.0,80.0,null,"web7","linux"]`,
	}},
}

// DiffColumns are the first output columns of diffpatterns.
func DiffColumns() []plan.Column {
	cols := []plan.Column{{Name: "SegmentId", Type: types.Long}, {Name: "CountA", Type: types.Long}, {Name: "CountB", Type: types.Long}}
	for _, n := range []string{"PercentA", "PercentB", "PercentDiffAB"} {
		cols = append(cols, plan.Column{Name: n, Type: types.Real})
	}
	return cols
}

// Diffpatterns is diffpatterns. Which patterns stand for others that overlap
// with them is not published; what is said of each is exact.
type Diffpatterns struct {
	Patterns
	Threshold float64 // of the difference of the shares
	Depth     int
}

// Name of the plugin.
func (Diffpatterns) Name() string { return diffpatterns.Name }

// Run lists the closed patterns whose shares differ, the greatest difference
// first, without those that mostly repeat a better one. Percentages have two
// decimals, as on the reference page.
func (p Diffpatterns) Run(ctx context.Context, in []plan.RowReader, out plan.RowWriter) error {
	f, err := readFacts(ctx, in[0], 2)
	if err != nil {
		return err
	}
	share := func(w [2]float64, s int) float64 { return percent(w[s], f.total[s]) }
	diff := func(x pattern) float64 { return math.Abs(share(x.weight, 0) - share(x.weight, 1)) }
	found, err := f.frequent(ctx, p.Depth, func(w [2]float64) bool {
		return max(share(w, 0), share(w, 1)) >= 100*p.Threshold
	})
	if err != nil {
		return err
	}
	found = slices.DeleteFunc(found, func(x pattern) bool { return diff(x) < 100*p.Threshold })
	slices.SortStableFunc(found, func(a, b pattern) int {
		switch x, y := twoDecimals(diff(a)).F, twoDecimals(diff(b)).F; {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return byWeight(a, b)
	})
	cols := []types.Type{types.Long, types.Long, types.Long, types.Real, types.Real, types.Real}
	for _, w := range p.Wildcard {
		cols = append(cols, w.Type)
	}
	w := newWriter(out, cols)
	for i, x := range f.diverse(found) {
		row := []types.Value{long(i), count(x.weight[0]), count(x.weight[1]), twoDecimals(share(x.weight, 0)), twoDecimals(share(x.weight, 1)), twoDecimals(diff(x))}
		if err := w.add(ctx, p.show(row, f, x)...); err != nil {
			return err
		}
	}
	return w.flush(ctx)
}

func twoDecimals(f float64) types.Value { return types.RealValue(math.Round(f*100) / 100) }

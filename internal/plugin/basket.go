package plugin

import (
	"context"
	"slices"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

var basket = Spec{
	Name: "basket", Ref: "basket-plugin",
	Doc:  "Combinations of values that a given share of the rows has.",
	Sigs: []string{"(Threshold?: const scalar, WeightColumn?: scalar, MaxDimensions?: const scalar, CustomWildcard: const scalar{0,}): table"},
	Examples: []Example{{
		`datatable(s:string, e:string, n:long)["TX","Hail",0,"IA","Hail",0,"TX","Hail",1,"TX","Wind",0] | evaluate basket(0.5)`,
		`[0,2,50.0,"TX","Hail",null]
[1,2,50.0,"TX","",0]
[2,2,50.0,"","Hail",0]
[3,3,75.0,"TX","",null]
[4,3,75.0,"","Hail",null]
[5,3,75.0,"","",0]`,
	}},
}

// SegmentColumns are the first output columns of basket and autocluster.
func SegmentColumns() []plan.Column {
	return []plan.Column{{Name: "SegmentId", Type: types.Long}, {Name: "Count", Type: types.Long}, {Name: "Percent", Type: types.Real}}
}

// Basket is basket.
type Basket struct {
	Patterns
	Threshold float64
	Depth     int // most values that define a pattern; 0: any number
}

// Name of the plugin.
func (Basket) Name() string { return basket.Name }

// Run lists the frequent closed patterns. (Kusto samples to find frequent
// values; here all rows count.)
func (p Basket) Run(ctx context.Context, in []plan.RowReader, out plan.RowWriter) error {
	f, err := readFacts(ctx, in[0], 1)
	if err != nil {
		return err
	}
	least := p.Threshold * f.total[0]
	found, err := f.frequent(ctx, p.Depth, func(w [2]float64) bool { return w[0] > 0 && w[0] >= least })
	if err != nil {
		return err
	}
	return p.segments(ctx, f, found, out)
}

// segments writes patterns in the order of the reference.
func (p Patterns) segments(ctx context.Context, f *facts, list []pattern, out plan.RowWriter) error {
	slices.SortStableFunc(list, byWeight)
	cols := []types.Type{types.Long, types.Long, types.Real}
	for _, w := range p.Wildcard {
		cols = append(cols, w.Type)
	}
	w := newWriter(out, cols)
	for i, x := range list {
		row := []types.Value{long(i), count(x.weight[0]), types.RealValue(percent(x.weight[0], f.total[0]))}
		if err := w.add(ctx, p.show(row, f, x)...); err != nil {
			return err
		}
	}
	return w.flush(ctx)
}

package plugin

import (
	"context"
	"math"
	"slices"

	"github.com/harrier-hunting/harrier/internal/plan"
)

var autocluster = Spec{
	Name: "autocluster", Ref: "autocluster-plugin",
	Doc:     "A few combinations of values that many rows share.",
	Caution: "how the engine chooses among combinations is not published; it may keep others",
	Sigs:    []string{"(SizeWeight?: const scalar, WeightColumn?: scalar, NumSeeds?: const scalar, CustomWildcard: const scalar{0,}): table"},
	Examples: []Example{{
		`range x from 1 to 10 step 1 | project s = iff(x < 7, "TX", "IA"), e = iff(x < 7, "Hail", "Wind") | evaluate autocluster()`,
		`[0,6,60.0,"TX","Hail"]
[1,4,40.0,"IA","Wind"]`,
	}},
}

// Autocluster is autocluster: the seed and expand search that the reference
// describes. Kusto's own choice of seeds and of patterns that differ enough is
// not published, so the patterns may differ; what is said of each is exact.
type Autocluster struct {
	Patterns
	SizeWeight float64
	Seeds      int
}

// Name of the plugin.
func (Autocluster) Name() string { return autocluster.Name }

// leastShare is the share of rows that a pattern of autocluster has at least.
const leastShare = 0.01

// Run starts from the commonest values and adds value after value while the
// score grows, then keeps the best patterns that differ.
func (p Autocluster) Run(ctx context.Context, in []plan.RowReader, out plan.RowWriter) error {
	f, err := readFacts(ctx, in[0], 1)
	if err != nil {
		return err
	}
	seeds := span(0, len(f.items))
	slices.SortStableFunc(seeds, func(a, b int) int {
		switch x, y := f.items[a].weight[0], f.items[b].weight[0]; {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	var found []pattern
	seen := map[string]bool{}
	for _, s := range seeds[:min(p.Seeds, len(seeds))] {
		if f.items[s].weight[0] < leastShare*f.total[0] {
			break
		}
		x, err := p.expand(ctx, f, f.closure(f.items[s].rows))
		if err != nil {
			return err
		}
		if k := x.key(); !seen[k] {
			seen[k] = true
			found = append(found, x)
		}
	}
	slices.SortStableFunc(found, func(a, b pattern) int {
		switch x, y := p.score(f, a), p.score(f, b); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	return p.segments(ctx, f, f.diverse(found), out)
}

// score is the weighted geometric mean of the share of rows and the share of
// columns.
func (p Autocluster) score(f *facts, x pattern) float64 {
	if x.dims == 0 || f.total[0] == 0 {
		return 0
	}
	return math.Pow(x.weight[0]/f.total[0], p.SizeWeight) * math.Pow(float64(x.dims)/float64(f.columns), 1-p.SizeWeight)
}

// expand adds the value that raises the score most, as long as one does.
func (p Autocluster) expand(ctx context.Context, f *facts, x pattern) (pattern, error) {
	for {
		best := x
		f.extensions(x, func(w [2]float64) bool { return w[0] >= leastShare*f.total[0] }, func(rows []int32) {
			if f.work > maxWork {
				return
			}
			if y := f.closure(rows); p.score(f, y) > p.score(f, best) {
				best = y
			}
		})
		if err := ctx.Err(); err != nil {
			return x, err
		}
		if f.work > maxWork {
			return x, &plan.OpError{Limit: true, Message: "there are too many values to cluster; project fewer columns"}
		}
		if best.dims == x.dims {
			return x, nil
		}
		x = best
	}
}

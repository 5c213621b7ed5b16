package fn

import (
	"math"

	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Variance and its relatives. Nulls are left out; a pair counts when neither
// is null. Of too few values (two for the sample forms, one for the others)
// the result is 0. Datetimes and timespans count in ticks. One pass with
// running means (Welford) stays exact where sums of squares cancel.
//
// DuckDB computes the same for integers. It raises an error where reals give
// NaN or an infinity, so reals and decimals are left to Eval.
//
// Variances are rounded to 10 places after the point, also under a root:
// recorded, the variance of 1, 2, 3, 4 is 1.6666666667 and its root
// 1.2909944487487155. Covariances are not.

var aggStatsRows = []Spec{
	{
		Name: "stdev", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "stdev", Nulls: NeverNull,
		Doc:    "Standard deviation, the group taken as a sample.",
		Ref:    "stdev-aggregation-function",
		Sigs:   []Sig{{Decl: "(expr: summable): real"}},
		Eval:   spreadEval(1, true),
		DuckDB: byType("", spreadSQL("var_samp", true)),
		Examples: []Example{
			{`range x from 1 to 5 step 1 | summarize stdev(x)`, `1.5811388300841898`},
			{`datatable(x:int)[5] | summarize stdev(x)`, `0.0`},
		},
	},
	{
		Name: "stdevif", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "stdevif", Nulls: NeverNull,
		Doc:      "Standard deviation of rows for which the predicate is true, taken as a sample.",
		Ref:      "stdevif-aggregation-function",
		Sigs:     []Sig{{Decl: "(expr: summable, predicate: bool): real"}},
		Eval:     whereTrue(1, spreadEval(1, true)),
		DuckDB:   byType("{1}", spreadSQL("var_samp", true)),
		Examples: []Example{{`range x from 1 to 100 step 1 | summarize stdevif(x, x % 2 == 0)`, `29.154759474226502`}},
	},
	{
		Name: "stdevp", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "stdevp", Nulls: NeverNull,
		Doc:      "Standard deviation, the group taken as the whole population.",
		Ref:      "stdevp-aggregation-function",
		Sigs:     []Sig{{Decl: "(expr: summable): real"}},
		Eval:     spreadEval(0, true),
		DuckDB:   byType("", spreadSQL("var_pop", true)),
		Examples: []Example{{`range x from 1 to 5 step 1 | summarize stdevp(x)`, `1.4142135623730951`}},
	},
	{
		Name: "variance", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "variance", Nulls: NeverNull,
		Doc:    "Variance, the group taken as a sample.",
		Ref:    "variance-aggregation-function",
		Sigs:   []Sig{{Decl: "(expr: summable): real"}},
		Eval:   spreadEval(1, false),
		DuckDB: byType("", spreadSQL("var_samp", false)),
		Examples: []Example{
			{`range x from 1 to 5 step 1 | summarize variance(x)`, `2.5`},
			{`datatable(x:int)[int(null)] | summarize variance(x)`, `0.0`},
			{`datatable(x:real)[real(inf), 1.5] | summarize variance(x)`, `real(nan)`},
		},
	},
	{
		Name: "varianceif", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "varianceif", Nulls: NeverNull,
		Doc:      "Variance of rows for which the predicate is true, taken as a sample.",
		Ref:      "varianceif-aggregation-function",
		Sigs:     []Sig{{Decl: "(expr: summable, predicate: bool): real"}},
		Eval:     whereTrue(1, spreadEval(1, false)),
		DuckDB:   byType("{1}", spreadSQL("var_samp", false)),
		Examples: []Example{{`range x from 1 to 100 step 1 | summarize varianceif(x, x % 2 == 0)`, `850.0`}},
	},
	{
		Name: "variancep", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "variancep", Nulls: NeverNull,
		Doc:      "Variance, the group taken as the whole population.",
		Ref:      "variancep-aggregation-function",
		Sigs:     []Sig{{Decl: "(expr: summable): real"}},
		Eval:     spreadEval(0, false),
		DuckDB:   byType("", spreadSQL("var_pop", false)),
		Examples: []Example{{`range x from 1 to 5 step 1 | summarize variancep(x)`, `2.0`}},
	},
	{
		Name: "variancepif", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "variancepif", Nulls: NeverNull,
		Doc:      "Variance of rows for which the predicate is true, taken as the whole population.",
		Ref:      "variancepif-aggregation-function",
		Sigs:     []Sig{{Decl: "(expr: summable, predicate: bool): real"}},
		Eval:     whereTrue(1, spreadEval(0, false)),
		DuckDB:   byType("{1}", spreadSQL("var_pop", false)),
		Examples: []Example{{`range x from 1 to 100 step 1 | summarize variancepif(x, x % 2 == 0)`, `833.0`}},
	},
	{
		Name: "covariance", Kind: Aggregate, Naming: NamePrefixTwoArgs, Prefix: "covariance", Nulls: NeverNull,
		Doc:      "Covariance of two values, the group taken as a sample.",
		Ref:      "covariance-aggregation-function",
		Sigs:     []Sig{{Decl: "(expr1: summable, expr2: summable): real"}},
		Eval:     covarianceEval(1),
		DuckDB:   covarianceSQL("covar_samp", -1),
		Examples: []Example{{`datatable(x:real, y:real)[1, 14, 2, 10, 3, 17, 4, 20, 5, 50] | summarize covariance(x, y)`, `20.5`}},
	},
	{
		Name: "covarianceif", Kind: Aggregate, Naming: NamePrefixTwoArgs, Prefix: "covarianceif", Nulls: NeverNull,
		Doc:      "Covariance of two values of rows for which the predicate is true, taken as a sample.",
		Ref:      "covarianceif-aggregation-function",
		Sigs:     []Sig{{Decl: "(expr1: summable, expr2: summable, predicate: bool): real"}},
		Eval:     whereTrue(2, covarianceEval(1)),
		DuckDB:   covarianceSQL("covar_samp", 2),
		Examples: []Example{{`range x from 1 to 6 step 1 | summarize covarianceif(x, x * 2, x > 4)`, `1.0`}},
	},
	{
		Name: "covariancep", Kind: Aggregate, Naming: NamePrefixTwoArgs, Prefix: "covariancep", Nulls: NeverNull,
		Doc:      "Covariance of two values, the group taken as the whole population.",
		Ref:      "covariancep-aggregation-function",
		Sigs:     []Sig{{Decl: "(expr1: summable, expr2: summable): real"}},
		Eval:     covarianceEval(0),
		DuckDB:   covarianceSQL("covar_pop", -1),
		Examples: []Example{{`datatable(x:real, y:real)[1, 14, 2, 10, 3, 17, 4, 20, 5, 50] | summarize covariancep(x, y)`, `16.4`}},
	},
	{
		Name: "covariancepif", Kind: Aggregate, Naming: NamePrefixTwoArgs, Prefix: "covariancepif", Nulls: NeverNull,
		Doc:      "Covariance of two values of rows for which the predicate is true, taken as the whole population.",
		Ref:      "covariancepif-aggregation-function",
		Sigs:     []Sig{{Decl: "(expr1: summable, expr2: summable, predicate: bool): real"}},
		Eval:     whereTrue(2, covarianceEval(0)),
		DuckDB:   covarianceSQL("covar_pop", 2),
		Examples: []Example{{`range x from 1 to 6 step 1 | summarize covariancepif(x, x * 2, x > 4)`, `0.5`}},
	},
}

func spreadSQL(function string, root bool) func(t types.Type, filter string) string {
	return func(t types.Type, filter string) string {
		if !isWhole(t) {
			return ""
		}
		v := "coalesce(round(" + function + "({0})" + filter + ", 10), " + zeroReal + ")"
		if root {
			return "sqrt(" + v + ")"
		}
		return v
	}
}

func covarianceSQL(function string, pred int) SQL {
	return SQL{Build: func(b *Builder) (sqlx.Expr, bool) {
		if !isWhole(b.Args[0].Type) || !isWhole(b.Args[1].Type) {
			return sqlx.Expr{}, false
		}
		filter := ""
		if pred >= 0 {
			filter = filterBy("{2}")
		}
		return sqlx.Format(sqlx.Atom, "coalesce("+function+"({1}, {0})"+filter+", "+zeroReal+")", argSQL(b.Args)...), true
	}}
}

// spreadEval is a variance, or its root; less is 1 for a sample.
func spreadEval(less int, root bool) Eval {
	return func(c *Call) {
		for g := range c.N {
			it := c.groupItems(0, g)
			v := roundVariance(it.covariance(it, less))
			if root {
				v = math.Sqrt(v)
			}
			c.Out.Floats[g] = v
		}
	}
}

// roundVariance rounds to 10 places. Too large to have any, it stays.
func roundVariance(v float64) float64 {
	const unit = 1e10
	if r := math.Round(v*unit) / unit; !math.IsInf(r, 0) {
		return r
	}
	return v
}

func covarianceEval(less int) Eval {
	return func(c *Call) {
		for g := range c.N {
			c.Out.Floats[g] = c.groupItems(0, g).covariance(c.groupItems(1, g), less)
		}
	}
}

// covariance of two lists of equal length; a variance is that of a list with
// itself.
func (it aggItems) covariance(other aggItems, less int) float64 {
	var n, meanX, meanY, sum float64
	for k := range it.to - it.from {
		i, j := it.from+k, other.from+k
		if it.IsNull(i) || other.IsNull(j) {
			continue
		}
		n++
		x, y := numberAt(it.Vector, i), numberAt(other.Vector, j)
		dx := x - meanX
		meanX += dx / n
		meanY += (y - meanY) / n
		sum += dx * (y - meanY)
	}
	if n <= float64(less) {
		return 0
	}
	return sum / (n - float64(less))
}

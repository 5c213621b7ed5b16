package fn

import (
	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// seriesColumnRows give as columns what the functions named …_dynamic give as
// a bag, and the row that takes one column out of several.
var seriesColumnRows = []Spec{
	{
		Name: "series_stats", Ref: "series-stats-function",
		Doc:  "Least, greatest, average and spread of the items of a series, a column each; nulls when an item is no finite number, unless these are to be ignored.",
		Sigs: []Sig{{Decl: "(series: array, ignore_nonfinite?: const bool): dynamic"}},
		Columns: []ResultColumn{{"min", types.Real}, {"min_idx", types.Long}, {"max", types.Real}, {"max_idx", types.Long},
			{"avg", types.Real}, {"stdev", types.Real}, {"variance", types.Real}},
		Eval:     bagColumns(7, statsEval),
		Examples: []Example{{`series_stats(dynamic([2,4,3]))`, `2.0`}, {`series_stats(dynamic([2,null]))`, `real(null)`}, {`series_stats(dynamic([null,2]), true)`, `2.0`}},
	},
	{
		Name: "series_fit_line", Ref: "series-fit-line-function",
		Doc:  "The straight line that fits a series best, and how well it fits, in columns. Items stand at 1, 2, 3 …",
		Sigs: []Sig{{Decl: "(series: array): dynamic"}},
		Columns: []ResultColumn{{"rsquare", types.Real}, {"slope", types.Real}, {"variance", types.Real}, {"rvariance", types.Real},
			{"interception", types.Real}, {"line_fit", types.Dynamic}},
		Eval:     bagColumns(6, fitLineEval),
		Examples: []Example{{`series_fit_line(dynamic([1,2,4,8]))`, `0.92`}, {`series_fit_line(dynamic([1,null]))`, `real(null)`}},
	},
	{
		Name: "series_fit_2lines", Ref: "series-fit-2lines-function",
		Doc:  "The two straight lines that fit a series best when it is cut in two, in columns. split_idx is the first item of the right line; each line counts its own items from 1.",
		Sigs: []Sig{{Decl: "(series: array): dynamic"}},
		Columns: []ResultColumn{{"rsquare", types.Real}, {"split_idx", types.Long}, {"variance", types.Real}, {"rvariance", types.Real}, {"line_fit", types.Dynamic},
			{"right_rsquare", types.Real}, {"right_slope", types.Real}, {"right_interception", types.Real}, {"right_variance", types.Real}, {"right_rvariance", types.Real},
			{"left_rsquare", types.Real}, {"left_slope", types.Real}, {"left_interception", types.Real}, {"left_variance", types.Real}, {"left_rvariance", types.Real}},
		Eval:     bagColumns(15, fitTwoLinesEval),
		Examples: []Example{{`series_fit_2lines(dynamic([0,1,2,9,7,5]))`, `1.0`}},
	},
	{
		Name: "__column", Hidden: true, Ref: "series-fit-line-function",
		Doc:   "One of several result columns.",
		Sigs:  []Sig{{Decl: "(columns: dynamic, at: long, type: lit type): litN"}},
		Nulls: MayBeNull,
		Eval:  columnEval,
	},
}

// bagColumns makes an array of the first n values of the bag that eval gives,
// bags inside it taken apart.
func bagColumns(n int, eval Eval) Eval {
	return func(c *Call) {
		if eval(c); c.Err != nil {
			return
		}
		items := make([]string, 0, n)
		var buf []byte
		for i := range c.N {
			if c.Out.IsNull(i) {
				continue
			}
			items = appendValues(items[:0], c.Out.Strings[i])
			buf = dynamic.AppendArray(buf[:0], items[:min(n, len(items))])
			c.Out.Strings[i] = string(buf)
		}
	}
}

func appendValues(items []string, bag string) []string {
	for _, value := range dynamic.Members(bag) {
		if dynamic.KindOf(value) == dynamic.Bag {
			items = appendValues(items, value)
		} else {
			items = append(items, value)
		}
	}
	return items
}

func columnEval(c *Call) {
	for i := range c.N {
		item := "null"
		if at := int64(0); !c.Args[0].IsNull(i) && !c.Args[1].IsNull(i) {
			for x := range dynamic.Items(c.Args[0].Strings[i]) {
				if at == c.Args[1].Ints[i] {
					item = x
					break
				}
				at++
			}
		}
		ok := item != "null"
		switch c.Out.Type {
		case types.Real:
			c.Out.Floats[i], ok = realItem(item)
		case types.Long:
			c.Out.Ints[i], ok = dynamic.AsLong(item)
		default:
			c.Out.Strings[i] = item
		}
		if !ok {
			c.Out.Set(i, types.Null(c.Out.Type))
		}
	}
}

// realItem reads a number, or the text that stands for one JSON lacks.
func realItem(item string) (float64, bool) {
	if f, ok := notFinite(item); ok {
		return f, true
	}
	return dynamic.AsReal(item)
}

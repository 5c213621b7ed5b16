package fn

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// seriesDecomposeRows split a series into season, trend and the rest, in the
// order the reference gives: the season is the median of the items at the same
// place of the period; the trend is that of what the season leaves; the
// baseline is both together. Test points, at the end, are not learned from.
var seriesDecomposeRows = []Spec{
	{
		Name: "series_decompose", Ref: "series-decompose-function",
		Doc:     "A series as the sum of a baseline and residuals, the baseline as the sum of a season and a trend ('avg', 'linefit', 'none'), a column each.",
		Sigs:    []Sig{{Decl: "(series: array, period?: integer, trend?: string, test_points?: integer, seasonality_threshold?: number): dynamic"}},
		Columns: []ResultColumn{{"baseline", types.Dynamic}, {"seasonal", types.Dynamic}, {"trend", types.Dynamic}, {"residual", types.Dynamic}},
		Caution: detects(1), Eval: decomposeEval,
		Examples: []Example{
			{`series_decompose(dynamic([1,5,2,6,3,7]), 2, "none")`, `dynamic([2.0,6.0,2.0,6.0,2.0,6.0])`}, {`series_decompose(dynamic([1,5]), 0, "avg")`, `dynamic([3.0,3.0])`},
		},
	},
	{
		Name: "series_decompose_anomalies", Ref: "series-decompose-anomalies-function",
		Doc:     "The items of a series that its season and trend do not explain: 1 above, -1 below, their scores, and the baseline, a column each.",
		Sigs:    []Sig{{Decl: "(series: array, threshold?: number, period?: integer, trend?: string, test_points?: integer, method?: string, seasonality_threshold?: number): dynamic"}},
		Columns: []ResultColumn{{"ad_flag", types.Dynamic}, {"ad_score", types.Dynamic}, {"baseline", types.Dynamic}},
		Caution: detects(2), Eval: anomaliesEval,
		Examples: []Example{
			{`series_decompose_anomalies(dynamic([1,2,1,3,1,2,1,2,50,1,2,3]), 1.5, 0)`, `dynamic([0,0,0,0,0,0,0,0,1,0,0,0])`},
			{`series_decompose_anomalies(dynamic([5,9,5,9,-40,9,5,9]), 1.5, 2, "none", 0, "tukey")`, `dynamic([0,0,0,0,-1,0,0,0])`},
		},
	},
	{
		Name: "series_decompose_forecast", Ref: "series-decompose-forecast-function",
		Doc:     "The baseline of a series, learned from all but its last points, which it forecasts.",
		Sigs:    []Sig{{Decl: "(series: array, test_points: integer, period?: integer, trend?: string, seasonality_threshold?: number): dynamic"}},
		Caution: detects(2), Eval: forecastEval,
		Examples: []Example{
			{`series_decompose_forecast(dynamic([2,4,0,0]), 2, 0)`, `dynamic([3.0,3.0,3.0,3.0])`},
			{`series_decompose_forecast(dynamic([1,5,1,5,0]), 1, 2, "none")`, `dynamic([1.0,5.0,1.0,5.0,1.0])`},
		},
	},
}

// parts are the components of a series; learn is the number of items they are
// learned from.
type parts struct {
	season, trend, baseline, residual []float64
	valid                             []bool // of the residuals: an item that is no number has none
	learn                             int
}

// decomposition says where a call's arguments are; -1 for what it does not take.
type decomposition struct{ period, trend, test, threshold int }

// seasonScore is how much like itself a series must be, a period apart, for
// the period to count.
const seasonScore = 0.6

// decompose splits row i. ok is false for what is no series, an item to learn
// from that is no number, or nothing to learn from.
func (c *Call) decompose(s *series, at decomposition, i int) (p parts, ok bool) {
	s.load(c, 0, i)
	kind := "avg"
	if at.trend < len(c.Args) {
		kind = c.Args[at.trend].Strings[i]
	}
	if kind != "avg" && kind != "linefit" && kind != "none" {
		c.Err = fmt.Errorf("'%s' is not a kind of trend; use avg, linefit or none", kind)
		return p, false
	}
	test := clampInt(c.longOr(at.test, i, 0))
	if test < 0 {
		c.Err = fmt.Errorf("the number of test points is %d; it must not be negative", test)
		return p, false
	}
	p.learn = s.len() - test
	if !s.isArray || p.learn < 1 {
		return p, false
	}
	for _, valid := range s.valid[:p.learn] {
		if !valid {
			return p, false
		}
	}
	threshold := seasonScore
	if at.threshold < len(c.Args) && !c.Args[at.threshold].IsNull(i) {
		threshold = numberAt(c.Args[at.threshold], i)
	}
	period, ok := c.seasonPeriod(s.reals[:p.learn], c.longOr(at.period, i, -1), threshold)
	if !ok {
		return p, false
	}
	p.split(s, period, kind)
	return p, true
}

// longOr reads argument k of row i; null counts as not given.
func (c *Call) longOr(k, i int, otherwise int64) int64 {
	if k >= len(c.Args) || c.Args[k].IsNull(i) {
		return otherwise
	}
	return c.Args[k].Ints[i]
}

func (p *parts) split(s *series, period int, kind string) {
	p.season = seasonOf(s.reals[:p.learn], period, s.len())
	rest := make([]float64, p.learn)
	for k := range rest {
		rest[k] = s.reals[k] - p.season[k]
	}
	p.trend = trendOf(rest, kind, s.len())
	p.baseline, p.residual, p.valid = make([]float64, s.len()), make([]float64, s.len()), s.valid
	for k := range p.baseline {
		p.baseline[k] = p.season[k] + p.trend[k]
		p.residual[k] = s.reals[k] - p.baseline[k]
	}
}

// seasonOf repeats the medians of the places of a period; of no period they
// are 0.
func seasonOf(xs []float64, period, n int) []float64 {
	season := make([]float64, n)
	if period == 0 {
		return season
	}
	var same []float64
	for first := range min(period, n) {
		same = same[:0]
		for k := first; k < len(xs); k += period {
			same = append(same, xs[k])
		}
		m := median(same)
		for k := first; k < n; k += period {
			season[k] = m
		}
	}
	return season
}

// trendOf goes on to n items.
func trendOf(xs []float64, kind string, n int) []float64 {
	trend := make([]float64, n)
	switch {
	case kind == "none":
	case kind == "avg" || len(xs) < 2:
		m := mean(xs)
		for k := range trend {
			trend[k] = m
		}
	default:
		l := fitLine(xs)
		for k := range trend {
			trend[k] = l.at(k)
		}
	}
	return trend
}

// appendValid writes null for what is not valid.
func appendValid(dst []byte, xs []float64, valid []bool) []byte {
	return appendSeries(dst, len(xs), func(dst []byte, k int) []byte {
		if !valid[k] {
			return appendNull(dst)
		}
		return dynamic.AppendReal(dst, xs[k])
	})
}

func decomposeEval(c *Call) {
	var s series
	c.seriesRows(func(dst []byte, i int) ([]byte, bool) {
		p, ok := c.decompose(&s, decomposition{period: 1, trend: 2, test: 3, threshold: 4}, i)
		if !ok {
			return dst, false
		}
		dst = appendReals(append(dst, '['), p.baseline)
		dst = appendReals(append(dst, ','), p.season)
		dst = appendReals(append(dst, ','), p.trend)
		dst = appendValid(append(dst, ','), p.residual, p.valid)
		return append(dst, ']'), true
	})
}

func anomaliesEval(c *Call) {
	var s series
	c.seriesRows(func(dst []byte, i int) ([]byte, bool) {
		threshold, method := 1.5, "ctukey"
		if len(c.Args) > 1 && !c.Args[1].IsNull(i) {
			threshold = numberAt(c.Args[1], i)
		}
		if len(c.Args) > 5 {
			method = c.Args[5].Strings[i]
		}
		f, err := fenceOf(method)
		if err != nil {
			c.Err = err
			return dst, false
		}
		p, ok := c.decompose(&s, decomposition{period: 2, trend: 3, test: 4, threshold: 6}, i)
		if !ok {
			return dst, false
		}
		scores := f.scores(p.residual, p.valid, p.learn)
		dst = appendFlags(append(dst, '['), scores, threshold)
		dst = appendReals(append(dst, ','), scores)
		dst = appendReals(append(dst, ','), p.baseline)
		return append(dst, ']'), true
	})
}

func forecastEval(c *Call) {
	var s series
	c.seriesRows(func(dst []byte, i int) ([]byte, bool) {
		p, ok := c.decompose(&s, decomposition{test: 1, period: 2, trend: 3, threshold: 4}, i)
		if !ok {
			return dst, false
		}
		return appendReals(dst, p.baseline), true
	})
}

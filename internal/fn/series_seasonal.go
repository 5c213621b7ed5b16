package fn

import "slices"

// seriesSeasonalRows find what repeats.
var seriesSeasonalRows = []Spec{
	{
		Name: "series_seasonal", Ref: "series-seasonal-function",
		Doc: "The seasonal part of a series for a given period, or for the one found when the score is 0.7 or more: for every item the median of the items that are whole periods away from it.",
		Sigs: []Sig{
			{Decl: "(series: array): dynamic"},
			{Decl: "(series: array, period: integer): dynamic"},
			{Decl: "(series: array, period: integer, test_points: integer): dynamic"},
		},
		Caution: detects(1), Eval: seasonalEval,
		Examples: []Example{
			{`series_seasonal(dynamic([1,3,5,2,4,6]), 3)`, `dynamic([1.5,3.5,5.5,1.5,3.5,5.5])`}, {`series_seasonal(dynamic([1,3,5]), 0)`, `dynamic([0.0,0.0,0.0])`},
			{`series_seasonal(dynamic([8,12,14,12,10,10,12,14,12,10,10,12,14,12,10,10,12,14,12,10]))[0]`, `dynamic(10.0)`},
		},
	},
}

// seasonalScore is the score a period must have here.
const seasonalScore = 0.7

// seasonalEval: a period that is not positive has no season, except -1, which
// asks for it to be found. A place of the period without numbers is null.
func seasonalEval(c *Call) {
	var s series
	var same []float64
	c.seriesRows(func(dst []byte, i int) ([]byte, bool) {
		s.load(c, 0, i)
		if !s.isArray || len(c.Args) > 1 && c.Args[1].IsNull(i) {
			return dst, false
		}
		learn := s.len() - min(max(clampInt(c.longOr(2, i, 0)), 0), s.len())
		asked := c.longOr(1, i, -1)
		if asked == -1 {
			found, ok := 0, true
			for _, valid := range s.valid[:learn] {
				ok = ok && valid
			}
			if ok {
				found, _ = c.seasonPeriod(s.reals[:learn], -1, seasonalScore)
			}
			asked = int64(found)
		}
		p := min(max(clampInt(asked), 0), s.len())
		season, known := make([]float64, s.len()), make([]bool, s.len())
		for k := range season {
			if p == 0 {
				known[k] = true
				continue
			}
			if k >= p {
				season[k], known[k] = season[k-p], known[k-p]
				continue
			}
			same = same[:0]
			for j := k; j < learn; j += p {
				if s.valid[j] {
					same = append(same, s.reals[j])
				}
			}
			if known[k] = len(same) > 0; known[k] {
				season[k] = median(same)
			}
		}
		return appendValid(dst, season, known), true
	})
}

// median sorts xs, of which there is at least one.
func median(xs []float64) float64 {
	slices.Sort(xs)
	n := len(xs)
	if n%2 == 1 {
		return xs[n/2]
	}
	return (xs[n/2-1] + xs[n/2]) / 2
}

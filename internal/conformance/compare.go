package conformance

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// comparer holds the tolerance of one vector.
type comparer struct {
	docs     bool // cells were printed on a page
	setOrder bool
	approx   bool
	// today: the query has a time of day without a date, which means today's;
	// a page shows the day on which it was written.
	today bool
}

// timeOfDay is a datetime literal without a date.
var timeOfDay = regexp.MustCompile(`datetime\(\s*\d{1,2}:\d{2}`)

// compare says what differs, or "".
func compare(v Vector, r Result, cols []plan.Column) string {
	e := v.Expect
	if e.Columns != nil {
		if d := compareColumns(e.Columns, cols); d != "" {
			return d
		}
	}
	if v.Authority == "binder" || e.Rows == nil && e.RowCount == nil {
		return ""
	}
	want := len(e.Rows)
	if e.RowCount != nil {
		want = *e.RowCount
	}
	if want != len(r.Rows) {
		return fmt.Sprintf("%d rows, want %d", len(r.Rows), want)
	}
	c := comparer{docs: v.Authority == "docs", today: v.Authority == "docs" && timeOfDay.MatchString(v.Query), setOrder: slices.Contains(v.Flags, "setOrder"), approx: slices.Contains(v.Flags, "approximate")}
	if c.approx {
		return ""
	}
	if e.Sorted {
		for i, w := range e.Rows {
			if d := c.row(w, r.Rows[i], cols); d != "" {
				return fmt.Sprintf("row %d: %s", i, d)
			}
		}
		return ""
	}
	return c.multiset(e.Rows, r.Rows, cols)
}

func compareColumns(want []ExpectColumn, cols []plan.Column) string {
	// A page that shows the value of a bare expression heads it as it likes.
	unnamed := len(cols) == 1 && cols[0].Name == "print_0"
	if len(want) != len(cols) {
		return fmt.Sprintf("%d columns, want %d: %s", len(cols), len(want), names(cols))
	}
	for i, w := range want {
		if w.Name != nil && *w.Name != "" && *w.Name != cols[i].Name && !unnamed {
			return fmt.Sprintf("column %d is called %s, want %s", i, cols[i].Name, *w.Name)
		}
		if w.Type != nil && *w.Type != "" && !typeMatches(*w.Type, cols[i].Type) {
			return fmt.Sprintf("column %s is %s, want %s", cols[i].Name, cols[i].Type, *w.Type)
		}
	}
	return ""
}

func names(cols []plan.Column) string {
	out := make([]string, len(cols))
	for i, c := range cols {
		out[i] = c.Name
	}
	return strings.Join(out, ", ")
}

// multiset pairs every wanted row with an actual one.
func (c comparer) multiset(want, got [][]json.RawMessage, cols []plan.Column) string {
	used := make([]bool, len(got))
	for i, w := range want {
		found, first := false, ""
		for k := range got {
			// Most answers come in the recorded order: look there first.
			at := (i + k) % len(got)
			if used[at] {
				continue
			}
			d := c.row(w, got[at], cols)
			if d == "" {
				used[at], found = true, true
				break
			}
			if first == "" {
				first = d
			}
		}
		if !found {
			return fmt.Sprintf("no row like row %d: %s", i, first)
		}
	}
	return ""
}

func (c comparer) row(want, got []json.RawMessage, cols []plan.Column) string {
	if len(want) != len(got) {
		return fmt.Sprintf("%d cells, want %d", len(got), len(want))
	}
	for i := range want {
		if !c.cell(want[i], got[i], cols[i].Type) {
			return fmt.Sprintf("%s is %s, want %s", cols[i].Name, clip(got[i]), clip(want[i]))
		}
	}
	return ""
}

func clip(b []byte) string {
	if len(b) > 160 {
		return string(b[:160]) + "…"
	}
	return string(b)
}

func (c comparer) cell(want, got json.RawMessage, t types.Type) bool {
	w, g := unwrap(decode(want)), decode(got)
	if w == nil || g == nil {
		return empty(w, c.docs) && empty(g, c.docs)
	}
	ws, _ := w.(string)
	if c.docs {
		ws = strings.TrimSpace(strings.Trim(strings.TrimSpace(ws), "`"))
	}
	gs, _ := g.(string)
	switch t {
	case types.String, types.Guid:
		if _, ok := w.(string); !ok {
			ws = string(want)
		}
		if c.docs {
			return strings.EqualFold(squash(ws), squash(gs))
		}
		return ws == gs || t == types.Guid && strings.EqualFold(ws, gs)
	case types.Datetime:
		a, aok := types.ParseDatetime(ws)
		b, bok := types.ParseDatetime(gs)
		return aok && bok && (a == b || c.docs && abs64(a-b) <= 10_000 || c.today && (a-b)%types.TicksPerDay == 0)
	case types.Timespan:
		a, aok := types.ParseTimespan(ws)
		b, bok := types.ParseTimespan(gs)
		return aok && bok && a == b
	case types.Dynamic:
		if s, ok := w.(string); ok && (c.docs || s != gs) {
			// Recorded as text: a JSON document, or a bare string.
			var inner any
			if json.Unmarshal([]byte(ws), &inner) == nil && c.equal(inner, g) {
				return true
			}
			if _, isText := g.(string); !isText {
				return false
			}
		}
		return c.equal(w, g)
	case types.Bool:
		return boolean(w) == boolean(g)
	}
	a, aok := number(w)
	b, bok := number(g)
	return aok && bok && c.near(a, b, ws)
}

// unwrap takes apart the recordings of values that JSON does not have:
// {"real":"NaN"} and {"timespan_seconds":90}.
func unwrap(x any) any {
	m, ok := x.(map[string]any)
	if !ok || len(m) != 1 {
		return x
	}
	if r, ok := m["real"].(string); ok {
		return r
	}
	if s, ok := m["timespan_seconds"].(json.Number); ok {
		if f, err := s.Float64(); err == nil {
			return types.FormatTimespan(int64(math.Round(f * 1e7)))
		}
	}
	return x
}

func squash(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(s, "\\", "")), " ")
}

func abs64(n int64) int64 { return max(n, -n) }

func decode(raw json.RawMessage) any {
	var x any
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.UseNumber()
	if d.Decode(&x) != nil {
		return string(raw)
	}
	return x
}

// empty: null, and "" in the places where recordings write null as text.
func empty(x any, docs bool) bool {
	s, ok := x.(string)
	return x == nil || ok && (s == "" || docs && (strings.TrimSpace(s) == "" || strings.EqualFold(s, "null")))
}

func boolean(x any) string {
	switch v := x.(type) {
	case bool:
		return strconv.FormatBool(v)
	case string:
		switch strings.ToLower(strings.TrimSpace(v)) {
		case "true", "1":
			return "true"
		case "false", "0":
			return "false"
		}
	case json.Number:
		if v == "1" {
			return "true"
		} else if v == "0" {
			return "false"
		}
	}
	return fmt.Sprint(x)
}

func number(x any) (float64, bool) {
	switch v := x.(type) {
	case json.Number:
		f, err := v.Float64()
		return f, err == nil
	case float64:
		return v, true
	case string:
		s := strings.ReplaceAll(strings.TrimSpace(v), ",", "")
		switch strings.ToLower(s) {
		case "nan":
			return math.NaN(), true
		case "infinity", "∞", "+infinity", "inf":
			return math.Inf(1), true
		case "-infinity", "-∞", "-inf":
			return math.Inf(-1), true
		}
		f, err := strconv.ParseFloat(s, 64)
		return f, err == nil
	case bool:
		if v {
			return 1, true
		}
		return 0, true
	}
	return 0, false
}

// near compares reals: to a relative 1e-9 for recorded answers; pages print
// fewer digits.
func (c comparer) near(a, b float64, printed string) bool {
	if a == b || math.IsNaN(a) && math.IsNaN(b) {
		return true
	}
	if math.IsInf(a, 0) || math.IsInf(b, 0) {
		return false // their difference is as infinite as any tolerance
	}
	tol := 1e-9
	if c.docs {
		tol = 1e-5
	}
	if math.Abs(a-b) <= tol*math.Max(math.Abs(a), math.Abs(b)) {
		return true
	}
	if c.docs {
		if _, frac, ok := strings.Cut(printed, "."); ok && !strings.ContainsAny(printed, "eE") {
			return math.Abs(a-b) <= math.Pow10(-len(frac))
		}
	}
	return false
}

// equal compares JSON values: key order free, array order unless setOrder.
func (c comparer) equal(w, g any) bool {
	switch wv := w.(type) {
	case []any:
		gv, ok := g.([]any)
		if !ok || len(wv) != len(gv) {
			return false
		}
		if c.setOrder {
			return c.sameSet(wv, gv)
		}
		for i := range wv {
			if !c.equal(wv[i], gv[i]) {
				return false
			}
		}
		return true
	case map[string]any:
		gv, ok := g.(map[string]any)
		if !ok || len(wv) != len(gv) {
			return false
		}
		for k, x := range wv {
			if y, ok := gv[k]; !ok || !c.equal(x, y) {
				return false
			}
		}
		return true
	case nil:
		return g == nil
	case bool:
		return w == g
	case string:
		gs, ok := g.(string)
		return ok && (wv == gs || sameTime(wv, gs))
	}
	if _, text := g.(string); text {
		return false
	}
	a, aok := number(w)
	b, bok := number(g)
	return aok && bok && c.near(a, b, fmt.Sprint(w))
}

// sameTime compares datetimes and timespans inside dynamic values by value.
func sameTime(a, b string) bool {
	if len(a) < 8 || len(b) < 8 || !strings.Contains(a, ":") {
		return false
	}
	if x, ok := types.ParseDatetime(a); ok {
		y, ok := types.ParseDatetime(b)
		return ok && x == y
	}
	x, ok := types.ParseTimespan(a)
	y, ok2 := types.ParseTimespan(b)
	return ok && ok2 && x == y
}

func (c comparer) sameSet(a, b []any) bool {
	used := make([]bool, len(b))
	for _, x := range a {
		found := false
		for i, y := range b {
			if !used[i] && c.equal(x, y) {
				used[i], found = true, true
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}

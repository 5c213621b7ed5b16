package hunt

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/testkit"
	"github.com/harrier-hunting/harrier/internal/types"
)

// pipeline grows a random query operator by operator. Every step must bind;
// most do, for names and types come from the columns so far.
type pipeline struct {
	*args
	text string
	cols []plan.Column
	// loose: some operator chose among rows, so that two runs may differ.
	loose bool
}

// name draws a column, of a type that ok takes; "" when there is none.
func (p *pipeline) name(ok func(types.Type) bool) string {
	var names []string
	for _, c := range p.cols {
		if ok(c.Type) {
			names = append(names, c.Name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return pick(p.r, names)
}

func plainType(t types.Type) bool               { return t != types.Dynamic }
func numberType(t types.Type) bool              { return t.IsNumber() && t != types.Decimal }
func isType(t types.Type) func(types.Type) bool { return func(x types.Type) bool { return x == t } }

// step draws an operator; "" when nothing fits.
func (p *pipeline) step() string {
	a, b, n := p.name(plainType), p.name(plainType), p.name(numberType)
	switch p.r.IntN(24) {
	case 0:
		return fmt.Sprintf("where isnotnull(%s) or %s != %s", a, n, p.operand(types.Long))
	case 1:
		return fmt.Sprintf("where not(%s == 3) and isnotempty(tostring(%s))", n, b)
	case 2:
		return fmt.Sprintf("extend z%d = iff(isnull(%s), 1, 2), w%d = tostring(%s)", p.r.IntN(3), a, p.r.IntN(3), b)
	case 3:
		return fmt.Sprintf("project %s, v = %s, %s = strcat(tostring(%s), 'x')", a, b, "q", a)
	case 4:
		return fmt.Sprintf("summarize c = count(), m = max(%s), l = make_list(%s, 5) by %s", a, b, p.name(plainType))
	case 5:
		return fmt.Sprintf("summarize arg_max(%s, *) by %s", a, b)
	case 6:
		return fmt.Sprintf("summarize take_any(%s), dcount(%s), sum(%s)", a, b, n)
	case 7:
		return fmt.Sprintf("distinct %s, %s", a, b)
	case 8:
		return fmt.Sprintf("sort by %s %s, %s", a, pick(p.r, []string{"asc", "desc", "asc nulls last", "desc nulls first"}), b)
	case 9:
		return fmt.Sprintf("top %d by %s", p.r.IntN(40), a)
	case 10:
		return fmt.Sprintf("take %d", p.r.IntN(50))
	case 11:
		kind := pick(p.r, []string{"inner", "innerunique", "leftouter", "rightouter", "fullouter", "leftsemi", "leftanti", "rightsemi", "rightanti"})
		return fmt.Sprintf("join kind=%s (Args | where Id < 30 | project G, k = Id, x9 = x0) on $left.%s == $right.G", kind, n)
	case 12:
		return "union (Args | take 5 | project Id, x0, l0, y0)"
	case 13:
		if d := p.name(isType(types.Dynamic)); d != "" {
			return "mv-expand " + d
		}
	case 14:
		if d := p.name(isType(types.Dynamic)); d != "" {
			return "mv-expand with_itemindex=ix" + fmt.Sprint(p.r.IntN(9)) + " e = " + d + " to typeof(string) limit 3"
		}
	case 15:
		return fmt.Sprintf("sort by %s asc | serialize rn%d = row_number(), pv%d = prev(%s), cs%d = row_cumsum(%s)", a, p.r.IntN(3), p.r.IntN(3), b, p.r.IntN(3), n)
	case 16:
		return fmt.Sprintf("where %s in ((Args | where Id < 20 | project %s))", a, "G")
	case 17:
		if x := p.name(isType(types.String)); x != "" {
			return fmt.Sprintf("parse %s with * 'a' pa%d:long 'b' *", x, p.r.IntN(3))
		}
	case 18:
		return fmt.Sprintf("project-away %s", a)
	case 19:
		return fmt.Sprintf("project-rename r%d = %s", p.r.IntN(1000), a)
	case 20:
		return fmt.Sprintf("extend sc%d = toscalar(Args | where Id == 3 | project %s)", p.r.IntN(3), pick(p.r, []string{"x0", "l0", "t0", "y0", "b0"}))
	case 21:
		return fmt.Sprintf("lookup (Args | summarize lk = max(Calm) by G) on $left.%s == $right.G", n)
	case 22:
		return fmt.Sprintf("summarize p = percentile(%s, 50), s = make_set(%s), stdev(%s) by bin(%s, 10)", n, b, n, n)
	case 23:
		return fmt.Sprintf("as T%d | where %s == %s", p.r.IntN(1000), a, a)
	}
	return ""
}

// chooses reports operators whose result depends on the order of rows that
// have none, or of equal rows.
func chooses(step string) bool {
	for _, w := range []string{"take", "top", "arg_max", "make_list", "serialize", "innerunique", "make_set"} {
		if strings.Contains(step, w) {
			return true
		}
	}
	return false
}

// checkParts asks for the number of rows, and for one column alone: both leave
// out of the statement what they do not need, and must find the same.
func (p *pipeline) checkParts(t *testing.T, whole answer) {
	t.Helper()
	count, err := ask(p.store, p.text+"\n| count", p.env, p.scope)
	if err != nil {
		t.Errorf("%s | count\n%s\n%s", p.text, causes(err), count.compiled.Query.SQL)
	} else if got := count.rows[0][0].I; got != int64(len(whole.rows)) {
		t.Errorf("%s\nhas %d rows, count finds %d\n%s\n\n%s", p.text, len(whole.rows), got, whole.compiled.Query.SQL, count.compiled.Query.SQL)
	}
	k := p.r.IntN(len(whole.compiled.Query.Columns))
	name := whole.compiled.Query.Columns[k].Name
	one, err := ask(p.store, p.text+"\n| project "+name, p.env, p.scope)
	if err != nil {
		t.Errorf("%s | project %s\n%s\n%s", p.text, name, causes(err), one.compiled.Query.SQL)
	} else if a, b := column(whole.rows, k), column(one.rows, 0); !slices.Equal(a, b) {
		t.Errorf("%s\ncolumn %s alone differs\n%s\n\n%s", p.text, name, whole.compiled.Query.SQL, one.compiled.Query.SQL)
	}
}

// column lists the values of a column as sorted text.
func column(rows [][]types.Value, k int) []string {
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = testkit.Literal(r[k])
	}
	slices.Sort(out)
	return out
}

// TestPipelines: random queries run without a fault of the engine, and give
// the same whatever part of their answer is asked for.
func TestPipelines(t *testing.T) {
	a := newArgs(t)
	n, deadline := effort(400)
	a.scope.MaxRows = 50_000
	ran, steps, compared := 0, 0, 0
	for round := 0; round < n && time.Now().Before(deadline); round++ {
		p := &pipeline{args: a, text: "Args"}
		for range 1 + a.r.IntN(7) {
			node, err := a.bound(p.text)
			if err != nil {
				t.Fatalf("%s: %v", p.text, err)
			}
			p.cols = node.Columns()
			s := p.step()
			if s == "" || strings.Contains(s, "()") && p.name(numberType) == "" {
				continue
			}
			if _, err := a.bound(p.text + " | " + s); err == nil {
				p.text += "\n| " + s
				p.loose = p.loose || chooses(s)
				steps++
			}
		}
		rows, err := ask(a.store, p.text, a.env, a.scope)
		if err != nil {
			if !invalid(err) {
				t.Errorf("%s\n%s\n%s", p.text, causes(err), rows.compiled.Query.SQL)
			}
			continue
		}
		ran++
		if p.loose || rows.cut {
			continue
		}
		compared++
		p.checkParts(t, rows)
	}
	t.Logf("%d queries of %d operators, %d of them counted", ran, steps, compared)
	if steps < 2*ran || compared < ran/6 {
		t.Error("too few operators bind, or too few queries were counted")
	}
}

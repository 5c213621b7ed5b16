package hunt

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

func plainType(t types.Type) bool               { return t != types.Dynamic }
func numberType(t types.Type) bool              { return t.IsNumber() && t != types.Decimal }
func isType(t types.Type) func(types.Type) bool { return func(x types.Type) bool { return x == t } }

// pipeTime is how long a query over the small tables may take before it is
// stopped; slow is when one that was stopped should have ended.
const (
	pipeTime = 20 * time.Second
	slow     = 10 * time.Second
)

// tally counts what became of the queries.
type tally struct {
	ran, steps, refused, invalid, limited, strict, variants, equal, rows int
}

// projectAll names every column.
func projectAll(cols []plan.Column) string {
	var names []string
	for _, c := range cols {
		names = append(names, quoted(c.Name))
	}
	return "project " + strings.Join(names, ", ")
}

// noops do nothing to the rows before them.
func (p *pipe) noops(cols []plan.Column) []string {
	list := []string{"where true", projectAll(cols), "extend zz9 = 1 | project-away zz9", "where not(false) and 1 == 1", "invoke pass_()", "project-reorder *", "extend " + quoted(cols[0].Name) + " = " + quoted(cols[0].Name),
		"project-rename zz9 = " + quoted(cols[0].Name) + " | project-rename " + quoted(cols[0].Name) + " = zz9", "evaluate identity()", "where rand() >= 0"}
	return list
}

// variants writes the query in other ways.
func (c *checker) vary(p *pipe, whole answer) {
	lets := p.prelude()
	at := c.r.IntN(len(p.steps) + 1)
	head, tail := chain(p.src, p.steps[:at]), p.steps[at:]
	switch c.r.IntN(9) {
	case 0:
		c.equals(p, "the same again", lets+p.body(), whole, p.sorted)
	case 1, 2:
		cols, err := p.columns(lets + head)
		if err != nil || len(cols) == 0 || slices.ContainsFunc(cols, func(x plan.Column) bool { return x.Name == "" }) {
			return
		}
		c.equals(p, "with a step that does nothing", lets+chain(head+"\n| "+pick(c.r, p.noops(cols)), tail), whole, p.sorted)
	case 3:
		c.equals(p, "split by materialize", lets+"let M_ = materialize("+head+");\n"+chain("M_", tail), whole, p.sorted)
	case 4:
		c.equals(p, "split by let", lets+"let M_ = "+head+";\n"+chain("M_", tail), whole, p.sorted)
	case 5:
		c.equals(p, "split by function", lets+"let F_ = () { "+head+" };\n"+chain("F_()", tail), whole, p.sorted)
	case 6:
		if len(tail) > 0 {
			c.equals(p, "end in an invoked function", lets+"let F_ = (T_:(*)) { "+chain("T_", tail)+" };\n"+head+"\n| invoke F_()", whole, p.sorted)
		}
	case 7:
		text := p.body()
		for i := len(*p.lets) - 1; i >= 0; i-- {
			l := (*p.lets)[i]
			text = strings.ReplaceAll(text, l.name, "("+l.text+")")
		}
		if len(text) < 20_000 {
			c.equals(p, "lets inlined", functions+text, whole, p.sorted)
		}
	case 8:
		c.equals(p, "as one side of a union", lets+"union ("+p.body()+"), ("+p.body()+" | where false)", whole, false)
	}
}

// parts asks for less: the number of rows, one column, the rows for which a
// condition is true, false and null. Together they are the whole.
func (c *checker) parts(p *pipe, whole answer) {
	lets, cols := p.prelude(), whole.compiled.Query.Columns
	c.variants++
	switch c.r.IntN(5) {
	case 0:
		c.sameCount(p, lets+p.body()+"\n| count", len(whole.rows), whole)
	case 1:
		k := c.r.IntN(len(cols))
		q := lets + p.body() + "\n| project " + quoted(cols[k].Name)
		if a, err := c.answerOf(q); err == nil {
			c.sameRows(p, "one column", q, rowTexts(a.rows, p.sorted), rowTexts(only(whole.rows, k), p.sorted), whole, a)
		}
	case 2, 3: // three parts
		p.cols = cols
		cond := p.expr(types.Bool, 3)
		m := pick(c.r, []string{"", "materialize"})
		q := lets + "let W_ = " + m + "(" + p.body() + ");\nunion (W_ | where " + cond + "), (W_ | where not(" + cond + ")), (W_ | where isnull(" + cond + "))"
		if _, err := p.columns(q); err == nil {
			c.equals(p, "in three parts", q, whole, false)
		}
	case 4: // a condition as filter and as value
		p.cols = cols
		cond := p.expr(types.Bool, 3)
		q := lets + p.body() + "\n| where " + cond
		if _, err := p.columns(q); err != nil {
			return
		}
		if a, err := c.answerOf(q); err == nil {
			c.sameCount(p, lets+p.body()+"\n| extend zz9 = "+cond+"\n| summarize countif(zz9)", len(a.rows), a)
		}
	}
}

func (c *checker) sameCount(p *pipe, query string, want int, whole answer) {
	a, err := c.answerOf(query)
	if err != nil {
		return
	}
	if got := a.rows[0][0].I; got != int64(want) {
		c.fault("%s\nfinds %d rows, want %d\n%s\n\n%s", query, got, want, a.compiled.Query.Text(), whole.compiled.Query.Text())
		return
	}
	c.equal++
}

func only(rows [][]types.Value, k int) [][]types.Value {
	out := make([][]types.Value, len(rows))
	for i, r := range rows {
		out[i] = r[k : k+1]
	}
	return out
}

// grow draws a query.
func (c *checker) grow() *pipe {
	lets := []letTable{}
	p := &pipe{args: c.args, grown: &grown{&lets, c.used, c.forms, nil, c.reasons}, strict: c.r.IntN(3) > 0}
	p.start()
	for tries, want := 0, 1+c.r.IntN(8); tries < 40 && want > 0 && !p.closed; tries++ {
		if p.step() {
			want--
			c.steps++
		}
	}
	for _, b := range p.broken {
		c.fault("%s", b)
	}
	return p
}

// TestPipelines: random queries that bind also run, without a fault of the
// engine, to rows of the types that were promised; and however the same is
// asked, the answer is the same.
func TestPipelines(t *testing.T) {
	c := &checker{T: t, args: newPipeArgs(t), grown: grown{used: map[string]int{}, forms: map[string]int{}, reasons: map[string]string{}}, why: map[string]int{}}
	n, deadline := effort(300)
	for round := 0; round < n && time.Now().Before(deadline); round++ {
		c.r = rand.New(rand.NewPCG(*seed, uint64(round)))
		p := c.grow()
		whole, err := c.answerOf(p.prelude() + p.body())
		c.ran++
		if err != nil || !p.strict || len(whole.compiled.Query.Columns) == 0 {
			continue
		}
		c.strict++
		for range 2 {
			if !p.closed {
				c.vary(p, whole)
				c.parts(p, whole)
			}
		}
	}
	t.Logf("%+v", c.tally)
	for _, w := range slices.Sorted(maps.Keys(c.why)) {
		t.Logf("refused %d times: %s", c.why[w], w)
	}
	var rare []string
	for name, list := range moves {
		for _, m := range list {
			if c.forms[m.form] == 0 {
				rare = append(rare, name+": "+m.form+"\n\t"+clipped(c.reasons[m.form]))
			}
		}
	}
	slices.Sort(rare)
	t.Logf("operators %v\nnever bound:\n%s", slices.Sorted(maps.Keys(c.used)), strings.Join(rare, "\n"))
	if c.ran > 1000 && len(rare) > 20 || c.equal < c.ran/3 {
		t.Error("too few operators bind, or too few answers were compared")
	}
	if c.ran > 100 && c.refused > c.ran/4 {
		t.Error(fmt.Sprint(c.refused, " of ", c.ran, " bound queries are refused when they would run"))
	}
}

package hunt

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/testkit"
	"github.com/harrier-hunting/harrier/internal/types"
)

// calm are aggregates whose result over reals depends on the order of adding
// up: they get reals of like size.
var calm = []string{"sum", "avg", "stdev", "variance", "covariance", "row_cumsum"}

func isCalm(name string) bool {
	return slices.ContainsFunc(calm, func(p string) bool { return strings.HasPrefix(name, p) })
}

// column draws a bare column: aggregates and windows get no constants where
// their parameter is not one.
func (a *args) column(name string, t types.Type) string {
	if t == types.Real && isCalm(name) {
		return "Calm"
	}
	return fmt.Sprint(letters[t], a.r.IntN(perType))
}

// parameters draws the arguments of an aggregate or a window function.
func (a *args) parameters(s *fn.Spec, sig *fn.Signature) []string {
	var out []string
	for i := range sig.Params {
		p := &sig.Params[i]
		t := p.Declared
		for t == types.Unknown || !p.Types.Has(t) {
			t = pick(a.r, types.Scalars())
		}
		switch {
		case p.Min == 0 && a.r.IntN(2) == 0:
			return out
		case strings.HasPrefix(p.Name, "percentile") && p.Types.Has(types.Dynamic):
			out = append(out, "dynamic([5, 50, 99.9])")
		case strings.HasPrefix(p.Name, "percentile"):
			out = append(out, pick(a.r, []string{"0", "1", "5", "25", "50", "75", "99", "99.9", "100", "33.3"}))
		case p.Name == "accuracy":
			out = append(out, fmt.Sprint(a.r.IntN(5)))
		case p.Name == "maxSize":
			out = append(out, fmt.Sprint(1+a.r.IntN(5)))
		case p.Name == "weight":
			out = append(out, fmt.Sprintf("1 + Id %% %d", 2+a.r.IntN(5)))
		case p.Name == "default_value":
			return out // typed as the column: drawn by cases
		case p.Name == "startingIndex":
			out = append(out, fmt.Sprint(a.r.IntN(20)-10))
		case p.Name == "offset":
			out = append(out, fmt.Sprint(a.r.IntN(5)))
		default:
			out = append(out, a.column(s.Name, t))
		}
	}
	return out
}

// bound binds a query over Args.
func (a *args) bound(query string) (plan.Node, error) {
	tree, diags := syntax.Parse(query)
	if err := diags.Err(); err != nil {
		return nil, err
	}
	b, diags := bind.Bind(tree, a.env)
	return b.Node, diags.Err()
}

// groups lists the rows of every group: by G, or all of them; rows below from
// are left out.
func (a *args) groups(by bool, from int) (keys []types.Value, rows [][]int) {
	if !by {
		keys, rows = []types.Value{{}}, [][]int{nil}
	}
	for i := from; i < a.batch.N; i++ {
		k := types.Value{}
		if by {
			k = a.batch.Cols[1].Value(i)
		}
		at := slices.Index(keys, k)
		if at < 0 {
			at = len(keys)
			keys, rows = append(keys, k), append(rows, nil)
		}
		rows[at] = append(rows[at], i)
	}
	return keys, rows
}

// lists gathers a column's values per group; a group without rows has the
// null list.
func lists(v *types.Vector, rows [][]int) *types.Vector {
	out := types.NewVector(v.Type.List(), len(rows))
	n := 0
	for _, r := range rows {
		n += len(r)
	}
	out.Child = types.NewVector(v.Type, n)
	at := 0
	for g, r := range rows {
		if len(r) == 0 {
			out.SetNull(g)
		}
		out.Lists[g] = types.ListEntry{Off: at, Len: len(r)}
		for _, i := range r {
			out.Child.Set(at, v.Value(i))
			at++
		}
	}
	return out
}

// meaning is what an aggregate call gives for every group.
func (a *args) meaning(g *plan.Agg, rows [][]int) (*types.Vector, error) {
	c := fn.Call{N: len(rows), Out: types.NewVector(g.Ret, len(rows))}
	for _, x := range g.Args {
		if k, ok := x.(*plan.Const); ok {
			v := types.NewVector(k.Value.Type, len(rows))
			for i := range rows {
				v.Set(i, k.Value)
			}
			c.Args = append(c.Args, v)
			continue
		}
		v, err := a.interp().eval(x)
		if err != nil {
			return nil, err
		}
		c.Args = append(c.Args, lists(v, rows))
	}
	if p := evaluate(g.Sig.Eval, &c); p != nil {
		return nil, panicked{fmt.Sprintf("Eval of %s panics: %v", g.Fn.Name, p)}
	}
	return c.Out, c.Err
}

// aggregateOf finds the aggregate node of a plan.
func aggregateOf(n plan.Node) *plan.Aggregate {
	var out *plan.Aggregate
	plan.Walk(n, func(n plan.Node) {
		if g, ok := n.(*plan.Aggregate); ok {
			out = g
		}
	})
	return out
}

// checkAggregate compares one call over groups, over all rows, and over none.
func (a *args) checkAggregate(t *testing.T, call string, sig *fn.Sig) (hit bool) {
	t.Helper()
	for _, form := range []struct {
		query string
		by    bool
		from  int
	}{
		{"Args | sort by Id asc | summarize " + call + " by G", true, 0},
		{"Args | sort by Id asc | summarize " + call, false, 0},
		{"Args | where Id < 0 | summarize " + call, false, argRows},
		{"Args | where Id < 0 | summarize " + call + " by G", true, argRows},
	} {
		n, err := a.bound(form.query)
		if err != nil {
			return false
		}
		g := aggregateOf(n)
		if g == nil || len(g.Aggs) == 0 || g.Aggs[0].Sig != sig {
			return false
		}
		keys, rows := a.groups(form.by, form.from)
		var want []*types.Vector
		for _, x := range g.Aggs {
			v, err := a.meaning(x, rows)
			if p := (panicked{}); errors.As(err, &p) {
				t.Errorf("%s: %s", form.query, p.text)
				return true
			} else if err != nil {
				return false
			}
			want = append(want, v)
		}
		a.compareGroups(t, form.query, form.by, keys, want)
	}
	return true
}

func (a *args) compareGroups(t *testing.T, query string, by bool, keys []types.Value, want []*types.Vector) {
	t.Helper()
	got, err := ask(a.store, query, a.env, a.scope)
	if err != nil {
		t.Errorf("%s: the engine fails: %s\n%s", query, causes(err), got.compiled.Query.SQL)
		return
	}
	if len(got.rows) != len(keys) {
		t.Errorf("%s: %d rows, want %d\n%s", query, len(got.rows), len(keys), got.compiled.Query.SQL)
		return
	}
	for _, row := range got.rows {
		at := 0
		if by {
			at = slices.Index(keys, row[0])
			row = row[1:]
		}
		if at < 0 {
			t.Errorf("%s: a group too many", query)
			return
		}
		for k, v := range want {
			if w := v.Value(at); !same(w, row[k], 1e-12) {
				t.Errorf("%s: group %v column %d: SQL gives %s, Eval %s\n%s", query, keys[at].I, k, testkit.Literal(row[k]), testkit.Literal(w), got.compiled.Query.SQL)
				return
			}
		}
	}
}

// TestAggregatesEqualEval tries every aggregate: those with SQL against it,
// the others in the native form that collects lists.
func TestAggregatesEqualEval(t *testing.T) {
	a := newArgs(t)
	n, deadline := effort(8)
	table := a.env.Fns
	reached, all := map[*fn.Sig]bool{}, 0
	for round := 0; round < n && time.Now().Before(deadline); round++ {
		all = 0
		for _, s := range table.Specs() {
			for i := range s.Sigs {
				sig := &s.Sigs[i]
				// __same has its meaning only over equal values.
				if s.Kind != fn.Aggregate || sig.Eval == nil || s.Name == "__same" {
					continue
				}
				all++
				for range 4 {
					if a.checkAggregate(t, s.Name+"("+strings.Join(a.parameters(s, sig.Signature()), ", ")+")", sig) {
						reached[sig] = true
						break
					}
				}
			}
		}
	}
	for _, s := range table.Specs() {
		for i := range s.Sigs {
			if s.Kind == fn.Aggregate && !reached[&s.Sigs[i]] {
				t.Logf("not reached: %s %s", s.Name, s.Sigs[i].Decl)
			}
		}
	}
	if len(reached)*10 < all*8 {
		t.Errorf("only %d of %d aggregates were reached", len(reached), all)
	}
}

// TestWindowsEqualEval tries every window function over rows in order.
func TestWindowsEqualEval(t *testing.T) {
	a := newArgs(t)
	n, deadline := effort(30)
	for round := 0; round < n && time.Now().Before(deadline); round++ {
		for _, s := range a.env.Fns.Specs() {
			if s.Kind != fn.Window || s.Window == nil {
				continue
			}
			for i := range s.Sigs {
				call := s.Name + "(" + strings.Join(a.parameters(s, s.Sigs[i].Signature()), ", ") + ")"
				a.checkWindow(t, "Args | sort by Id asc | extend w = "+call+" | project Id, w")
			}
		}
	}
}

func (a *args) checkWindow(t *testing.T, query string) {
	t.Helper()
	n, err := a.bound(query)
	if err != nil {
		t.Errorf("%s: %v", query, err)
		return
	}
	var call *plan.WindowCall
	plan.Walk(n, func(n plan.Node) {
		if w, ok := n.(*plan.Window); ok {
			call = w.Calls[0]
		}
	})
	if call == nil {
		return // it runs in Go, by Eval itself
	}
	c := fn.Call{N: a.batch.N, Out: types.NewVector(call.Ret, a.batch.N)}
	for _, x := range call.Args {
		v, err := a.interp().eval(x)
		if err != nil {
			t.Errorf("%s: %v", query, err)
			return
		}
		c.Args = append(c.Args, v)
	}
	if p := evaluate(call.Sig.Eval, &c); p != nil || c.Err != nil {
		return
	}
	got, err := ask(a.store, query, a.env, a.scope)
	var q *QueryError
	if errors.As(err, &q) { // refused by name: runs in Go one day
		return
	} else if err != nil {
		t.Errorf("%s: the engine fails: %s\n%s", query, causes(err), got.compiled.Query.SQL)
		return
	}
	for i, row := range got.rows {
		if w := c.Out.Value(i); row[0].I != int64(i) || !same(w, row[1], 1e-12) {
			t.Errorf("%s: row %d: SQL gives %s, Eval %s (%s)\n%s", query, i, testkit.Literal(row[1]), testkit.Literal(w), a.describe(i, query), got.compiled.Query.SQL)
			return
		}
	}
}

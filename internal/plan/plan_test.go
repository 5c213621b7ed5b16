package plan_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/testkit"
	"github.com/harrier-hunting/harrier/internal/types"
)

func bound(t testing.TB, text string) plan.Node {
	t.Helper()
	c, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	fns, err := fn.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	tree, diags := syntax.Parse(text)
	if diags.Err() != nil {
		t.Fatalf("%s: %v", text, diags)
	}
	b, diags := bind.Bind(tree, bind.Env{Catalog: c, Fns: fns, Now: types.TicksOf(testkit.Now())})
	if diags.Err() != nil {
		t.Fatalf("%s: %v", text, diags)
	}
	return b.Node
}

// every is a query with every kind of node and of expression.
const every = `
let T = materialize(DeviceInfo | where Timestamp > ago(1d));
let S = datatable(k:string, d:dynamic)["d1", dynamic([1, 2])];
T
| join kind=leftouter (S | mv-expand d to typeof(long) limit 5) on $left.DeviceId == $right.k
| extend n = toscalar(T | count), x = OSBuild in ((T | project OSBuild))
| summarize c = count(), arg_max(Timestamp, *) by DeviceId
| union (T | distinct DeviceId)
| sort by DeviceId asc
| extend p = prev(DeviceId)
| take 5`

func kinds(root plan.Node) map[string]int {
	out := map[string]int{}
	plan.Walk(root, func(n plan.Node) {
		switch n.(type) {
		case *plan.Scan:
			out["scan"]++
		case *plan.Values:
			out["values"]++
		case *plan.Filter:
			out["filter"]++
		case *plan.Project:
			out["project"]++
		case *plan.Aggregate:
			out["aggregate"]++
		case *plan.Distinct:
			out["distinct"]++
		case *plan.Sort:
			out["sort"]++
		case *plan.Limit:
			out["limit"]++
		case *plan.Join:
			out["join"]++
		case *plan.Union:
			out["union"]++
		case *plan.Unnest:
			out["unnest"]++
		case *plan.Window:
			out["window"]++
		}
	})
	return out
}

func TestWalk(t *testing.T) {
	root := bound(t, every)
	got := kinds(root)
	if len(got) != 12 {
		t.Errorf("walked over %v", got)
	}
	if got["scan"] != 1 || got["filter"] != 1 {
		t.Errorf("a table used five times is walked as %v", got)
	}
	// Inputs and the plans inside expressions come before their node.
	seen := map[plan.Node]bool{}
	plan.Walk(root, func(n plan.Node) {
		below := slices.Clone(n.Inputs())
		for _, e := range plan.Exprs(n) {
			plan.Subplans(e, func(s plan.Node) { below = append(below, s) })
		}
		for _, b := range below {
			if !seen[b] {
				t.Errorf("%T comes before its %T", n, b)
			}
		}
		if seen[n] {
			t.Errorf("%T comes twice", n)
		}
		seen[n] = true
	})
}

// TestRewrite: a rewriting that changes nothing gives an equal plan of new
// nodes, and shared nodes stay shared.
func TestRewrite(t *testing.T) {
	root := bound(t, every)
	var old []plan.Node
	plan.Walk(root, func(n plan.Node) { old = append(old, n) })
	again := plan.Rewrite(root, func(n plan.Node) plan.Node { return n })
	if a, b := plan.Print(root), plan.Print(again); a != b {
		t.Errorf("rewritten it is\n%swas\n%s", b, a)
	}
	count := 0
	plan.Walk(again, func(n plan.Node) {
		count++
		leaf := len(n.Inputs()) == 0
		if !leaf && slices.Contains(old, n) {
			t.Errorf("%T is the old node", n)
		}
	})
	if count != len(old) {
		t.Errorf("%d nodes became %d", len(old), count)
	}
}

// TestRewriteReaches: a change of a leaf shows in every place that reads it.
func TestRewriteReaches(t *testing.T) {
	root := bound(t, every)
	visits := map[plan.Node]int{}
	again := plan.Rewrite(root, func(n plan.Node) plan.Node {
		visits[n]++
		if s, ok := n.(*plan.Scan); ok {
			c := *s
			c.Bounds = &plan.Bounds{From: 1, To: 2}
			return &c
		}
		return n
	})
	for n, k := range visits {
		if k != 1 {
			t.Errorf("%T was rewritten %d times", n, k)
		}
	}
	plan.Walk(again, func(n plan.Node) {
		if s, ok := n.(*plan.Scan); ok && s.Bounds == nil {
			t.Error("a scan was not reached")
		}
	})
	plan.Walk(root, func(n plan.Node) {
		if s, ok := n.(*plan.Scan); ok && s.Bounds != nil {
			t.Error("the old plan was changed")
		}
	})
}

func TestPrint(t *testing.T) {
	text := plan.Print(bound(t, every))
	for _, want := range []string{"scan DeviceInfo", "see #", "subquery", "pick 1", "join leftouter on DeviceId = k", "sort DeviceId asc nulls first", "window prev(DeviceId)", "unnest", "distinct", "limit 5"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "unknown node") || strings.Contains(text, "?") {
		t.Errorf("something has no form:\n%s", text)
	}
}

func TestRefs(t *testing.T) {
	e := plan.Expr(&plan.Col{Index: 3, T: types.Long, Null: true})
	in := &plan.InQuery{X: &plan.Call{Args: []plan.Expr{e, &plan.Const{Value: types.LongValue(1)}, e}}, Node: &plan.Values{}}
	var got []int
	plan.Refs(in, func(i int) { got = append(got, i) })
	if !slices.Equal(got, []int{3, 3}) {
		t.Errorf("refers to %v", got)
	}
	if !e.Nullable() || in.Nullable() || in.Type() != types.Bool || (&plan.Col{T: types.String, Null: true}).Nullable() {
		t.Error("types of expressions are mixed up")
	}
}

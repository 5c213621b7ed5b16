package bind_test

import (
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// FuzzBind: whatever the text, binding ends soon, without a panic; it yields a
// plan whose nodes agree with their columns, or diagnostics inside the text.
func FuzzBind(f *testing.F) {
	cat, err := catalog.Builtin()
	if err != nil {
		f.Fatal(err)
	}
	fns, err := fn.Builtin()
	if err != nil {
		f.Fatal(err)
	}
	for _, q := range fuzzSeeds {
		f.Add(q)
	}
	env := bind.Env{Catalog: cat, Fns: fns, Now: types.TicksOf(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<14 {
			return
		}
		tree, diags := syntax.Parse(text)
		if diags.Err() != nil {
			return
		}
		bound, diags := bind.Bind(tree, env)
		for _, d := range diags {
			if d.Message == "" || d.Span.Start < 0 || d.Span.End < d.Span.Start || d.Span.End > len(text) {
				t.Fatalf("diagnostic %+v", d)
			}
		}
		if (bound.Node == nil) != (diags.Err() != nil) {
			t.Fatalf("plan %v with diagnostics %v", bound.Node != nil, diags)
		}
		if bound.Node != nil {
			plan.Walk(bound.Node, func(n plan.Node) { checkNode(t, n) })
		}
	})
}

// checkNode holds a node's columns against its expressions.
func checkNode(t *testing.T, n plan.Node) {
	t.Helper()
	names := map[string]bool{}
	for _, c := range n.Columns() {
		if c.Type == types.Unknown || c.Type.IsList() {
			t.Fatalf("%T has column %s of type %s", n, c.Name, c.Type)
		}
		names[c.Name] = true
	}
	width := 0
	for _, in := range n.Inputs() {
		width += len(in.Columns())
	}
	for _, e := range plan.Exprs(n) {
		plan.Refs(e, func(i int) {
			if i < 0 || i >= width {
				t.Fatalf("%T refers to column %d of %d", n, i, width)
			}
		})
	}
	for _, e := range plan.Exprs(n) {
		if hasOuter(e) {
			t.Fatalf("%T holds what a subquery is computed for", n)
		}
	}
	if u, ok := n.(*plan.Union); ok {
		for _, in := range u.Ins {
			for i, c := range u.Columns() {
				if len(in.Columns()) != len(u.Columns()) || in.Columns()[i].Type != c.Type {
					t.Fatalf("%v in a union of %v", in.Columns(), u.Columns())
				}
			}
		}
	}
	if p, ok := n.(*plan.Project); ok {
		for i, e := range p.Exprs {
			if e.Type() != p.Columns()[i].Type {
				t.Fatalf("column %s is %s, its expression %s", p.Columns()[i].Name, p.Columns()[i].Type, e.Type())
			}
		}
	}
}

func hasOuter(e plan.Expr) bool {
	switch e := e.(type) {
	case *plan.Outer:
		return true
	case *plan.Call:
		for _, a := range e.Args {
			if hasOuter(a) {
				return true
			}
		}
	case *plan.InQuery:
		return hasOuter(e.X)
	}
	return false
}

var fuzzSeeds = []string{
	`datatable(k:string, a:dynamic)["x", dynamic([1,2])] | mv-apply with_itemindex=i v = a to typeof(long) limit 3 on (where v > 1 | as V | extend s = toscalar(V | summarize sum(v)) | top 1 by v | mv-apply w = a on (summarize make_list(w)))`,
	`datatable(k:string, v:long)["x", 1] | partition hint.strategy=native by k (as P | join kind=fullouter (P | where v in ((P | project v)) | union (print v = 1)) on v | summarize count() by k | partition by count_ (take 1))`,
	`let f = (p:long) { range x from 1 to p step 1 }; range n from 1 to 2 step 1 | partition by n { f(n) | where x < toscalar(n) | sort by x asc | extend q = prev(x), z = toscalar(DeviceInfo | where DeviceName == tostring(n) | count) | distinct q, z }`,
	`datatable(t:long, e:string)[1, "a"] | sort by t asc | scan with_match_id=m declare (n:long=0) with (step s: e == "a" => n = s.n + 1; step u output=last: t > s.t;)`,
	`datatable(s:string, t:string, k:long)["a", "b", 1] | make-graph s --> t with_node_id=id | graph-match (x)-[e*1..3]->(y), (y)--(z) where x.id == "a" and e.k > 0 and any(inner_nodes(e), id != y.id) project y, map(e, k), e.k + 1`,
	`let g = DeviceProcessEvents | make-graph InitiatingProcessFileName --> FileName with DeviceInfo on DeviceName; g | graph-mark-components | graph-to-table nodes as N, edges as E; N`,
	`datatable(s:string, t:string)["a", "b"] | make-graph s --> t with_node_id=id partitioned-by s (graph-shortest-paths (x)-[e*1..3]->(y) project array_length(e), node_degree_in(x))`,
	`DeviceProcessEvents | where Timestamp > ago(7d) and FileName in~ ("a.exe", "b.exe") | project Timestamp, DeviceName | take 10`,
	`ProcessCreationEvents | where EventTime > ago(1d) | summarize count(), dcount(ComputerName), arg_max(EventTime, *) by bin(EventTime, 1h)`,
	`let f = (a:int, T:(x:long), b:string = "q") { T | where x > a | extend y = b }; datatable(x:long)[1,2] | invoke f2() | union (print x = 1)`,
	`let T = materialize(DeviceEvents | take 5); T | join kind=leftouter (T | distinct DeviceId) on DeviceId, $left.DeviceName == $right.DeviceId | count`,
	`datatable(a:dynamic, b:string)[dynamic([1,2]), "x=1;y=2"] | mv-expand with_itemindex=i c = a to typeof(long) limit 3 | parse b with * "x=" x:int ";" rest`,
	`range x from 1 to 10 step 1 | sort by x asc | serialize r = row_cumsum(x, prev(x) == 3), n = next(x, 2, 0) | where r !between (1 .. 3)`,
	`union withsource=T kind=inner isfuzzy=true Device*, (print a = toscalar(DeviceInfo | count)) | getschema`,
	`print d = dynamic({"a": [1, {"b": 2}]}) | extend x = d.a[1].b, y = d["a"][0], z = tostring(d), case(d.a[0] == 1, 1, 2.5)`,
	`DeviceEvents | summarize make_set(ActionType, 10), percentiles(ReportId, 5, 99.9), (p, q) = arg_min(Timestamp, DeviceId), take_any(*) by DeviceName`,
	`DeviceEvents | project-away Initiating* | project-rename X = DeviceId | project-reorder A*, * | extend X = strcat(X, "!") | top 3 by X nulls first`,
	`let x = 5; let x2 = x + 1; print x2 in (dynamic([6, "a"]), 7) and "a b" has_any (dynamic(["a"])) or not(true)`,
	`DeviceInfo | where * has "x" | lookup (DeviceNetworkInfo | summarize by DeviceId) on DeviceId | as Y | render timechart with (title="t")`,
	`externaldata (a:string) [@"https://example.com/x.csv"] with (format="csv") | where a in ((DeviceInfo | project DeviceId))`,
	`datatable(a:long)[] | extend b = iff(a > 1, a, 2.0), c = coalesce(a, 3), d = 1h * a, e = now() - 1d, f = a % 0, g = -a`,
	`sample 5`, `print`, `T`, `DeviceEvents | foo`, `datatable(a:int)[1] | extend a.b`, `let f = () { f() }; f()`,
	"search in (Device*) kind=case_sensitive \"a*\" and (FileName:\"*b*\" or not(\"c\")) | where $table == \"x\"",
	"search \"powershell\" and Timestamp > ago(1d) | take 5",
	"find withsource=s in (DeviceInfo, DeviceEvents) where DeviceName has \"x\" project DeviceId, ReportId:string, pack(*)",
	"find \"x\"",
	"datatable(a:string, b:string, v:long)[\"x\", \"y\", 1] | top-nested 2 of a with others=\"o\" by sum(v), top-nested of b by n=max(v) asc",
	"DeviceInfo | top-hitters 3 of DeviceName by ReportId",
	"print s = \"a=1\" | parse-kv s as (a:long, b:datetime) with (pair_delimiter=\" \", kv_delimiter=\"=\", quote=\"'\", greedy=true)",
	"DeviceInfo | fork (take 1 | count) x=(project DeviceId)",
	"DeviceInfo | facet by DeviceId, OSPlatform with (where true)",
	"let G = entity_group [database()]; macro-expand withsource=w G as X (let t = X.DeviceInfo; t | count)",
	"let V = view () { DeviceInfo }; restrict access to (V); union * | union V | count",
	"declare pattern p = (a:string)[b:string] { (\"x\").[\"y\"] = { print 1 }; }; p(\"x\").y | project-by-names \"*\", column_names_of(DeviceInfo)",
}

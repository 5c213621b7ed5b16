package eval_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/eval"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/testkit/optest"
	"github.com/harrier-hunting/harrier/internal/types"
)

const table = `datatable(b:bool, l:long, r:real, s:string, t:timespan, d:dynamic, g:guid)[
true, 1, 1.5, "Alpha beta", 1h, dynamic({"a":[1,2]}), guid(74be27de-1e4e-49d9-b579-fe0b331d3642),
false, -7, real(nan), "", 0s, dynamic([1,"x"]), guid(null),
bool(null), long(null), real(null), "ünï", time(null), dynamic(null), guid(null),
true, 9223372036854775807, -0.0, "a,b,c", -1d, dynamic("text"), guid(74be27de-1e4e-49d9-b579-fe0b331d3642)]`

var expressions = []string{
	"l + 1", "l * r", "-l", "l / 0", "r > 1 and b", "b or isnull(l)", "not(b)", "strcat(s, l, \"-\", r)", "tostring(l)", "s", "d.a[0]", "d[1]", "tolower(s)",
	"iff(b, l, 0)", "case(l > 0, \"plus\", l < 0, \"minus\", \"none\")", "coalesce(l, 5)", "s in (\"\", \"ünï\")", "s has \"beta\"", "s contains \"B\"",
	"split(s, \",\")", "strlen(s) + strlen(s)", "bag_pack(\"l\", l, \"s\", s)", "t + 1h", "isempty(s)", "l == 1", "l != long(null)", "tolong(r)", "array_length(d.a)", "g == g",
	"extract(\"([a-z]),\", 1, s)", "bin(l, 10)", "format_timespan(t, \"hh:mm\")", "5", "long(null)", "s matches regex \"^[a-z]\"", "hash(s)", "parse_json(s)", "max_of(l, 3)",
}

func prepared(t testing.TB) (*types.Batch, func(string) plan.Expr) {
	env := optest.Env(t)
	source, diags := optest.Bind(env, table)
	if diags.Err() != nil {
		t.Fatal(diags)
	}
	b, err := optest.Compute(context.Background(), source)
	if err != nil {
		t.Fatal(err)
	}
	return b, func(text string) plan.Expr {
		n, diags := optest.Bind(env, table+"| project x = "+text)
		if diags.Err() != nil {
			t.Fatalf("%s: %v", text, diags)
		}
		return n.(*plan.Project).Exprs[0]
	}
}

// TestRows: over all rows, over one row after the other, and over many rows in
// parts, an expression has the same values.
func TestRows(t *testing.T) {
	b, bind := prepared(t)
	var ts []types.Type
	for _, c := range b.Cols {
		ts = append(ts, c.Type)
	}
	many := types.NewBatch(len(b.Cols))
	for i := range many.Cols {
		many.Cols[i] = types.NewVector(ts[i], 0)
	}
	for many.N < 2*eval.Chunk+5 {
		many.Append(b)
	}
	for _, text := range expressions {
		p, err := eval.Compile(bind(text), 0)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		all, err := p.Machine().Run(b.N, b.Cols)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		m, row := p.Machine(), eval.NewRow(ts)
		for round := range 2 { // the second round runs over used memory
			for i := range b.N {
				for k, v := range b.Cols {
					row.Load(k, v, i)
				}
				one, err := m.Run(1, row.Cols)
				if err != nil || !same(one.Value(0), all.Value(i)) {
					t.Errorf("%s, row %d, round %d: %+v alone, %+v among all, %v", text, i, round, one.Value(0), all.Value(i), err)
				}
			}
		}
		count := 0
		err = p.Each(many.N, many.Cols, func(from int, v *types.Vector) error {
			for i := range v.Len {
				if !same(v.Value(i), all.Value((from+i)%b.N)) {
					t.Errorf("%s, row %d of many: %+v", text, from+i, v.Value(i))
				}
				count++
			}
			return nil
		})
		if err != nil || count != many.N {
			t.Errorf("%s: %d rows, %v", text, count, err)
		}
	}
}

func same(a, b types.Value) bool { return a == b || a.F != a.F && b.F != b.F }

func TestFilter(t *testing.T) {
	b, bind := prepared(t)
	p, err := eval.Compile(bind("l > 0"), 0)
	if err != nil {
		t.Fatal(err)
	}
	got, err := p.Filter(b.N, b.Cols)
	if err != nil || len(got) != 4 || !got[0] || got[1] || got[2] || !got[3] {
		t.Errorf("%v, %v", got, err)
	}
	row := eval.NewRow([]types.Type{types.Bool, types.Long})
	m := p.Machine()
	for i, want := range got {
		row.Load(1, b.Cols[1], i)
		if is, err := m.Bool(row); is != want || err != nil {
			t.Errorf("row %d: %v, %v", i, is, err)
		}
	}
	row.Set(1, types.LongValue(3))
	if is, _ := m.Bool(row); !is {
		t.Error("a value put into the row is not seen")
	}
}

// TestFaults: what is for the user is an OpError, what is not is none, and a
// panic does not get out.
func TestFaults(t *testing.T) {
	b, bind := prepared(t)
	p, err := eval.Compile(bind("s matches regex strcat(\"(\", s)"), 0)
	if err != nil {
		t.Fatal(err)
	}
	var op *plan.OpError
	if _, err := p.Machine().Run(b.N, b.Cols); !errors.As(err, &op) || !strings.Contains(op.Message, "regex") {
		t.Errorf("a bad pattern gives %v", err)
	}
	broken := &plan.Call{Fn: &fn.Spec{Name: "broken"}, Sig: &fn.Sig{Eval: func(*fn.Call) { panic("oops") }}, T: types.Long}
	if p, err = eval.Compile(broken, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Machine().Run(1, nil); err == nil || errors.As(err, &op) || !strings.Contains(err.Error(), "broken panics") {
		t.Errorf("a panic gives %v", err)
	}
	for _, e := range []plan.Expr{&plan.ScalarQuery{T: types.Long}, &plan.InQuery{X: broken}, &plan.Call{Fn: &fn.Spec{Name: "x"}, Sig: &fn.Sig{}}} {
		if _, err := eval.Compile(e, 0); err == nil {
			t.Errorf("%T compiles", e)
		}
	}
}

// TestShared: a part that stands twice in an expression is computed once.
func TestShared(t *testing.T) {
	calls := 0
	one := &plan.Call{Fn: &fn.Spec{Name: "count"}, Sig: &fn.Sig{Eval: func(c *fn.Call) { calls++; c.Out.Ints[0] = 2 }}, T: types.Long}
	sum := &plan.Call{Fn: &fn.Spec{Name: "sum"}, Sig: &fn.Sig{Eval: func(c *fn.Call) { c.Out.Ints[0] = c.Args[0].Ints[0] + c.Args[1].Ints[0] }},
		Args: []plan.Expr{one, one}, T: types.Long}
	p, err := eval.Compile(sum, 0)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := p.Machine().Run(1, nil); err != nil || v.Ints[0] != 4 || calls != 1 {
		t.Errorf("%v, %v after %d calls", v, err, calls)
	}
}

func BenchmarkOneRow(b *testing.B) {
	batch, bind := prepared(b)
	p, err := eval.Compile(bind("l > 0 and s has \"beta\" and r + 1 < 5.0"), 0)
	if err != nil {
		b.Fatal(err)
	}
	var ts []types.Type
	for _, c := range batch.Cols {
		ts = append(ts, c.Type)
	}
	row, m := eval.NewRow(ts), p.Machine()
	b.ReportAllocs()
	for b.Loop() {
		for _, c := range p.Columns() {
			row.Load(c, batch.Cols[c], 0)
		}
		if _, err := m.Bool(row); err != nil {
			b.Fatal(err)
		}
	}
}

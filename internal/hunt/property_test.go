package hunt

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/engine/duckdb"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/guard"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/testkit"
	"github.com/harrier-hunting/harrier/internal/types"
)

// SQL is an optimisation of Eval: the tests of this file hold every lowering
// against it on random values. A lowering that differs is to be removed, and
// Eval then runs in the engine instead.

var (
	seed   = flag.Uint64("seed", 1, "seed of the property tests")
	rounds = flag.Int("rounds", 0, "rounds of the property tests; 0 is what suits the suite")
)

// effort is how many rounds to run and until when: n in the whole suite, a
// tenth with -short, what -rounds says otherwise.
func effort(n int) (int, time.Time) {
	switch {
	case *rounds > 0:
		return *rounds, time.Now().Add(time.Hour)
	case testing.Short():
		return max(n/10, 1), time.Now().Add(4 * time.Second)
	}
	return n, time.Now().Add(20 * time.Second)
}

// argRows is how many rows of random values there are.
const argRows = 600

// args is a table of random values: Id, a small group number, a moderate
// real, and three columns of every type: l0, l1, l2.
type args struct {
	r     *rand.Rand
	env   bind.Env
	scope guard.Scope
	store *duckdb.Store
	batch *catalog.Batch
	// draw, when set, writes the operands.
	draw func(types.Type) string
}

// letters name the columns of a type.
var letters = map[types.Type]string{
	types.Bool: "b", types.Int: "i", types.Long: "l", types.Real: "r", types.Decimal: "m", types.Datetime: "t",
	types.Timespan: "s", types.Guid: "u", types.String: "x", types.Dynamic: "y",
}

const perType = 3

func newArgs(t *testing.T, more ...*catalog.Table) *args {
	t.Helper()
	t.Logf("seed %d (repeat with -seed=%d)", *seed, *seed)
	table := &catalog.Table{Name: "Args", Time: -1, Device: -1, Columns: []catalog.Column{
		{Name: "Id", Type: types.Long}, {Name: "G", Type: types.Long}, {Name: "Calm", Type: types.Real}}}
	for _, ty := range types.Scalars() {
		for k := range perType {
			table.Columns = append(table.Columns, catalog.Column{Name: fmt.Sprint(letters[ty], k), Type: ty})
		}
	}
	empty := &catalog.Table{Name: "Empty", Time: -1, Device: -1, Columns: table.Columns}
	cat, err := catalog.New(append(more, table, empty)...)
	if err != nil {
		t.Fatal(err)
	}
	a := &args{r: rand.New(rand.NewPCG(*seed, 0)), env: testEnv(t), batch: catalog.NewBatch(table)}
	a.env.Catalog = cat
	a.scope = guard.Scope{From: 0, To: types.MaxDatetime}
	for i := range argRows {
		row := a.batch.AddRow()
		a.batch.Set(row, 0, types.LongValue(int64(i)))
		if g := a.r.IntN(9); g > 0 {
			a.batch.Set(row, 1, types.LongValue(int64(g)))
		}
		if a.r.IntN(10) > 0 {
			a.batch.Set(row, 2, types.RealValue(float64(a.r.IntN(100000))/64))
		}
		for k := 3; k < len(table.Columns); k++ {
			a.batch.Set(row, k, randomValue(a.r, table.Columns[k].Type))
		}
	}
	if a.store, err = duckdb.Open(duckdb.Config{Catalog: cat, Threads: 2}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.store.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := a.store.Write(context.Background(), "args", []*catalog.Batch{a.batch}); err != nil {
		t.Fatal(causes(err))
	}
	return a
}

func (a *args) interp() interp { return interp{a.batch.N, a.batch.Cols} }

// operand writes a random operand of type t: a column, a column that cannot
// be null, a constant, or now and then the null.
func (a *args) operand(t types.Type) string {
	if a.draw != nil {
		return a.draw(t)
	}
	column := fmt.Sprint(letters[t], a.r.IntN(perType))
	switch a.r.IntN(9) {
	case 0, 1:
		return fmt.Sprintf("coalesce(%s, %s)", column, testkit.Literal(presentValue(a.r, t)))
	case 2, 3, 4:
		return testkit.Literal(presentValue(a.r, t))
	case 5:
		if a.r.IntN(2) == 0 {
			return testkit.Literal(types.Null(t))
		}
	}
	return column
}

// trial is one expression under test.
type trial struct {
	text string
	expr plan.Expr
	want *types.Vector
}

// bindOne binds text as the only computed column over Args.
func (a *args) bindOne(text string) (plan.Expr, error) {
	tree, diags := syntax.Parse("Args | project v = " + text)
	if err := diags.Err(); err != nil {
		return nil, err
	}
	b, diags := bind.Bind(tree, a.env)
	if err := diags.Err(); err != nil {
		return nil, err
	}
	p, ok := b.Node.(*plan.Project)
	if !ok || len(p.Exprs) != 1 { // a sort of several arrays makes several columns
		return nil, fmt.Errorf("bound to %T", b.Node)
	}
	return p.Exprs[0], nil
}

// prepare binds text and computes what it means. ok is false for text that
// does not bind or whose meaning is an error for the user.
func (a *args) prepare(t *testing.T, text string) (trial, bool) {
	e, err := a.bindOne(text)
	if err != nil {
		return trial{}, false
	}
	want, err := a.interp().eval(e)
	if err != nil {
		if p := (panicked{}); errors.As(err, &p) {
			t.Errorf("%s: %s", text, p.text)
		}
		return trial{}, false
	}
	if !e.Nullable() && want.Type != types.String {
		for i := range want.Len {
			if want.IsNull(i) {
				t.Errorf("%s: row %d is null, though its type says it cannot be (%s)", text, i, a.describe(i, text))
				break
			}
		}
	}
	return trial{text, e, want}, true
}

// alsoEmpty adds isempty(x) for every text x: a text that is NULL in SQL reads
// back as "" and shows only in what is computed from it.
func (a *args) alsoEmpty(t *testing.T, trials []trial) []trial {
	for _, x := range trials {
		if x.expr.Type() == types.String {
			if e, ok := a.prepare(t, "isempty("+x.text+")"); ok {
				trials = append(trials, e)
			}
		}
	}
	return trials
}

// describe lists the columns that text mentions, as they are in a row.
func (a *args) describe(row int, text string) string {
	var b strings.Builder
	for k, c := range a.batch.Table.Columns {
		if k > 0 && strings.Contains(text, c.Name) {
			fmt.Fprintf(&b, " %s=%s", c.Name, testkit.Literal(a.batch.Cols[k].Value(row)))
		}
	}
	return strings.TrimSpace(b.String())
}

// checkValues runs trials together in a select list and compares every row.
func (a *args) checkValues(t *testing.T, trials []trial) {
	t.Helper()
	if len(trials) == 0 {
		return
	}
	var q strings.Builder
	q.WriteString("Args | project Id")
	for i, x := range trials {
		fmt.Fprintf(&q, ", v%d = %s", i, x.text)
	}
	got, err := ask(a.store, q.String(), a.env, a.scope)
	if err != nil {
		if len(trials) > 1 { // find the one
			a.checkValues(t, trials[:len(trials)/2])
			a.checkValues(t, trials[len(trials)/2:])
			return
		}
		t.Errorf("%s: the engine fails: %s\n%s", trials[0].text, causes(err), got.compiled.Query.SQL)
		return
	}
	if len(got.rows) != a.batch.N {
		t.Fatalf("%d rows, want %d", len(got.rows), a.batch.N)
	}
	for i, x := range trials {
		for _, row := range got.rows {
			id := int(row[0].I)
			if w := x.want.Value(id); !same(w, row[i+1], 0) {
				t.Errorf("%s: SQL gives %s, Eval %s, for %s\n%s", x.text, testkit.Literal(row[i+1]), testkit.Literal(w), a.describe(id, x.text), a.sqlOf(x.text))
				break
			}
		}
	}
}

// sqlOf is the SQL of one expression, for messages.
func (a *args) sqlOf(text string) string {
	c, err := Compile("Args | project v = "+text, a.env, a.scope, a.store)
	if err != nil {
		return err.Error()
	}
	return c.Query.SQL
}

// checkFilter runs a condition as a filter; null and false are the same.
func (a *args) checkFilter(t *testing.T, x trial) {
	t.Helper()
	got, err := ask(a.store, "Args | where "+x.text+" | project Id", a.env, a.scope)
	if err != nil {
		t.Errorf("where %s: the engine fails: %s\n%s", x.text, causes(err), got.compiled.Query.SQL)
		return
	}
	kept := make([]bool, a.batch.N)
	for _, row := range got.rows {
		kept[row[0].I] = true
	}
	for i, k := range kept {
		if want := !x.want.IsNull(i) && x.want.Bools[i]; k != want {
			t.Errorf("where %s: kept %v, want %v, for %s\n%s", x.text, k, want, a.describe(i, x.text), got.compiled.Query.SQL)
			return
		}
	}
}

// written writes a call of a row.
func written(s *fn.Spec, args []string) (string, bool) {
	if s.Kind == fn.Scalar {
		return s.Name + "(" + strings.Join(args, ", ") + ")", true
	}
	switch {
	case strings.HasPrefix(s.Name, "unary ") && len(args) == 1:
		return strings.TrimPrefix(s.Name, "unary ") + "(" + args[0] + ")", true
	case strings.Contains(s.Name, "in") && s.Name != "contains" && !strings.Contains(s.Name, "contains") && !strings.Contains(s.Name, " "):
		return args[0] + " " + s.Name + " (" + strings.Join(args[1:], ", ") + ")", true
	case len(args) == 2 && !strings.Contains(s.Name, " "):
		return "(" + args[0] + ") " + s.Name + " (" + args[1] + ")", true
	}
	return "", false
}

// arguments draws operands for a signature.
func (a *args) arguments(s *fn.Spec, sig *fn.Signature) []string {
	var out []string
	var first, common, number types.Type
	ty := func(p *fn.Param) types.Type {
		var pool []types.Type
		for _, t := range types.Scalars() {
			if p.Types.Has(t) {
				pool = append(pool, t)
			}
		}
		if len(pool) == 0 {
			return types.String
		}
		return pick(a.r, pool)
	}
	reps := 1 + a.r.IntN(3)
	emit := func(p *fn.Param) {
		t := p.Declared
		switch {
		case t != types.Unknown:
		case p.Class == fn.ClassCommon || p.Class == fn.ClassCommonOrd || p.Class == fn.ClassCommonDyn:
			if common == types.Unknown {
				common = ty(p)
			}
			t = common
		case (p.Class == fn.ClassArg0 || p.Class == fn.ClassArg1) && len(out) > 0:
			t = first
		default:
			t = ty(p)
			if s.Kind == fn.Infix && t.IsNumber() && number != types.Unknown && a.r.IntN(3) > 0 {
				t = number // mixed pairs are cast first and rarely reach SQL
			}
			if t.IsNumber() {
				number = t
			}
		}
		if len(out) == 0 {
			first = t
		}
		switch {
		case len(p.Values) > 0:
			out = append(out, testkit.Quote(pick(a.r, p.Values)))
		case p.Mode == fn.ModeConst || p.Mode == fn.ModeLit || p.Mode == fn.ModeLitNotEmpty:
			out = append(out, testkit.Literal(presentValue(a.r, t)))
		default:
			out = append(out, a.operand(t))
		}
	}
	for i := 0; i < len(sig.Params); i++ {
		p := &sig.Params[i]
		switch {
		case p.Max > 1: // a run of repeated parameters repeats together
			to := i
			for to < len(sig.Params) && sig.Params[to].Max > 1 {
				to++
			}
			for range max(reps, p.Min) {
				for k := i; k < to; k++ {
					emit(&sig.Params[k])
				}
			}
			i = to - 1
		case p.Min == 0 && a.r.IntN(2) == 0:
			return out
		default:
			emit(p)
		}
	}
	return out
}

// lowered lists the signatures of a kind that have both SQL and a meaning.
func lowered(t *testing.T, kinds ...fn.Kind) (specs []*fn.Spec, sigs []*fn.Sig) {
	t.Helper()
	table, err := fn.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range table.Specs() {
		for _, k := range kinds {
			if s.Kind != k || s.Vol != fn.Stable {
				continue
			}
			for i := range s.Sigs {
				if !s.Sigs[i].DuckDB.Empty() && s.Sigs[i].Eval != nil {
					specs, sigs = append(specs, s), append(sigs, &s.Sigs[i])
				}
			}
		}
	}
	return specs, sigs
}

// TestLoweringsEqualEval tries every scalar function and operator with SQL.
func TestLoweringsEqualEval(t *testing.T) {
	a := newArgs(t)
	rounds, deadline := effort(150)
	specs, sigs := lowered(t, fn.Scalar, fn.Infix)
	reached := make([]bool, len(sigs))
	tried := 0
	for round := 0; round < rounds && time.Now().Before(deadline); round++ {
		var trials []trial
		for k, s := range specs {
			for try := 0; try < 4; try++ {
				text, ok := written(s, a.arguments(s, sigs[k].Signature()))
				if !ok {
					break
				}
				x, ok := a.prepare(t, text)
				if !ok || x.expr.Type().IsList() {
					continue
				}
				hit := false
				calls(x.expr, func(c *plan.Call) { hit = hit || c.Sig == sigs[k] })
				if !hit {
					continue
				}
				reached[k] = true
				trials = append(trials, x)
				break
			}
		}
		trials = a.alsoEmpty(t, trials)
		for from := 0; from < len(trials); from += 24 {
			a.checkValues(t, trials[from:min(from+24, len(trials))])
		}
		for _, x := range trials {
			if x.expr.Type() == types.Bool && round%3 == 0 {
				a.checkFilter(t, x)
			}
		}
		tried += len(trials)
	}
	var unreached []string
	for k, ok := range reached {
		if !ok {
			unreached = append(unreached, specs[k].Name+" "+sigs[k].Decl)
		}
	}
	t.Logf("%d expressions over %d rows; the binder leads to %d of %d signatures with SQL; not to:\n%s",
		tried, argRows, len(sigs)-len(unreached), len(sigs), strings.Join(unreached, "\n"))
	if tried == 0 || len(unreached) > len(sigs)/4 {
		t.Error("too few signatures were reached")
	}
}

// invalid reports an error whose fault is the query's, not the engine's.
func invalid(err error) bool {
	var q *QueryError
	return errors.As(err, &q) || engine.KindOf(err) == engine.Invalid
}

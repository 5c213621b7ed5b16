package hunt

import (
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/engine/duckdb"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/guard"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/testkit"
	"github.com/harrier-hunting/harrier/internal/types"
)

// unfolded is the function table with nothing folded: constants reach the
// engine, and examples run there. What depends on the query's clock still
// folds, for the engine has no clock.
func unfolded(t *testing.T, table *fn.Table) *fn.Table {
	t.Helper()
	var rows []fn.Spec
	for _, s := range table.Specs() {
		row := *s
		if row.Vol == fn.Stable {
			row.Vol = fn.PerRow
		}
		rows = append(rows, row)
	}
	out, err := fn.NewTable(rows)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// constant evaluates a KQL expression by folding alone.
func constant(t *testing.T, env bind.Env, kql string) (types.Value, bool) {
	t.Helper()
	tree, diags := syntax.Parse("print v = " + kql)
	if diags.Err() != nil {
		t.Errorf("%s: %v", kql, diags.Err())
		return types.Value{}, false
	}
	b, diags := bind.Bind(tree, env)
	if diags.Err() != nil {
		t.Errorf("%s: %v", kql, diags.Err())
		return types.Value{}, false
	}
	p, ok := b.Node.(*plan.Project)
	if !ok || len(p.Exprs) == 0 {
		t.Errorf("%s: bound to %T", kql, b.Node)
		return types.Value{}, false
	}
	k, ok := p.Exprs[0].(*plan.Const)
	if !ok {
		return types.Value{}, false
	}
	return k.Value, true
}

// TestExamples runs every example of the function table: by folding, and in
// the engine without folding.
func TestExamples(t *testing.T) {
	env := testEnv(t)
	scope := testScope(env)
	store := fixtureStore(t)
	live := env
	live.Fns = unfolded(t, env.Fns)
	count := 0
	for _, s := range env.Fns.Specs() {
		for _, x := range s.Examples {
			count++
			want, ok := constant(t, env, x.Value)
			if !ok {
				t.Errorf("%s: the value %s of %s is no constant", s.Name, x.Value, x.KQL)
				continue
			}
			query := x.KQL
			if s.Kind == fn.Scalar || s.Kind == fn.Infix {
				query = "print v = " + x.KQL
				if got, ok := constant(t, env, x.KQL); ok && !exampleEqual(got, want) {
					t.Errorf("%s folds to %s, want %s", x.KQL, testkit.Literal(got), x.Value)
				} else if !ok && s.Vol == fn.Stable && len(s.Sigs) > 0 && s.Sigs[0].Eval != nil {
					t.Errorf("%s does not fold", x.KQL)
				}
			}
			switch in := env; {
			case usesClock(x.KQL):
			case s.Kind == fn.Scalar || s.Kind == fn.Infix:
				in = live
				fallthrough
			default:
				checkExample(t, store, query, in, scope, want)
			}
		}
	}
	if count < 400 {
		t.Errorf("only %d examples", count)
	}
	t.Logf("%d examples", count)
}

// checkExample runs an example in the engine. Aggregates and windows come as
// whole queries, whose first cell is the value.
func checkExample(t *testing.T, store *duckdb.Store, query string, env bind.Env, scope guard.Scope, want types.Value) {
	t.Helper()
	got, err := ask(store, query, env, scope)
	switch {
	case err != nil:
		t.Errorf("%s: %s", query, causes(err))
	case len(got.rows) != 1 || len(got.rows[0]) == 0:
		t.Errorf("%s: %d rows, want one value", query, len(got.rows))
	case !exampleEqual(got.rows[0][0], want):
		t.Errorf("%s gives %s in the engine, want %s", query, testkit.Literal(got.rows[0][0]), testkit.Literal(want))
	}
}

func usesClock(kql string) bool {
	return strings.Contains(kql, "now(") || strings.Contains(kql, "ago(")
}

// exampleEqual compares as documentation does: types count, int and long
// included, and reals to the digits a page prints.
func exampleEqual(got, want types.Value) bool {
	return got.Type == want.Type && same(got, want, 1e-12)
}

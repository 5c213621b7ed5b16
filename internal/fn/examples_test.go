package fn_test

import (
	"math"
	"testing"

	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// TestExamples runs the examples of scalar functions and operators, which are
// documentation, through parser and binder: both sides fold to constants.
func TestExamples(t *testing.T) {
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	fns, err := fn.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	env := bind.Env{Catalog: cat, Fns: fns, Now: 638_000_000_000_000_000}
	ran := 0
	for _, s := range fns.Specs() {
		if s.Kind != fn.Scalar && s.Kind != fn.Infix {
			continue
		}
		for _, e := range s.Examples {
			got, folded := constant(t, env, e.KQL)
			if !folded && s.Vol == fn.PerRow {
				continue // not a constant: an engine runs it
			}
			want, ok := constant(t, env, e.Value)
			ran++
			if !folded || !ok || !equalValues(got, want) {
				t.Errorf("%s: %s is %+v (constant: %v), want %s", s.Name, e.KQL, got, folded, e.Value)
			}
		}
	}
	if ran < 500 {
		t.Errorf("only %d examples", ran)
	}
}

// constant binds "print x = expression" and returns the constant it became.
func constant(t *testing.T, env bind.Env, expression string) (types.Value, bool) {
	t.Helper()
	tree, diags := syntax.Parse("print x = " + expression)
	if diags.Err() != nil {
		t.Errorf("%s: %v", expression, diags)
		return types.Value{}, false
	}
	bound, diags := bind.Bind(tree, env)
	if diags.Err() != nil {
		t.Errorf("%s: %v", expression, diags)
		return types.Value{}, false
	}
	if p, ok := bound.Node.(*plan.Project); ok {
		if c, ok := p.Exprs[0].(*plan.Const); ok {
			return c.Value, true
		}
	}
	return types.Value{}, false
}

func equalValues(a, b types.Value) bool {
	return a == b || a.Type == b.Type && a.Null == b.Null && math.IsNaN(a.F) && math.IsNaN(b.F)
}

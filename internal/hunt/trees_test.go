package hunt

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/testkit"
	"github.com/harrier-hunting/harrier/internal/types"
)

// maxTree bounds the text of a generated expression.
const maxTree = 600

// dear are functions whose results can be as large as their arguments say.
var dear = []string{"range", "repeat", "strrep", "bin_at", "series_fill_const", "geo_"}

// tree is an expression that grew out of smaller ones.
type tree struct {
	trial
	depth int
}

// grove grows random expressions bottom up: each step applies a function or
// operator to what is there already.
type grove struct {
	*args
	t     *testing.T
	specs []*fn.Spec
	byT   map[types.Type][]tree
	forms map[string]bool // those that bound
}

func newGrove(t *testing.T, a *args) *grove {
	g := &grove{args: a, t: t, byT: map[types.Type][]tree{}, forms: map[string]bool{}}
	for _, s := range a.env.Fns.Specs() {
		named := s.Kind == fn.Scalar && !strings.HasPrefix(s.Name, "__")
		if s.Vol == fn.Stable && (named || s.Kind == fn.Infix) && !slices.ContainsFunc(dear, func(p string) bool { return strings.HasPrefix(s.Name, p) }) {
			g.specs = append(g.specs, s)
		}
	}
	return g
}

// forms are ways to write expressions that are no plain calls.
var forms = []string{
	"(%d).a", "(%d)[0]", `(%d)["b"]`, "(%d).a.b", "(%x) in (%d)", "(%x) !in~ (%d)", "(%x) in (%y, %y)", "(%l) in (%m, %m, 3)", "(%x) has_any (%d)", `(%x) has_all ("a", "b")`,
	"(%l) between (%m .. %m)", "(%r) !between (%q .. %q)", "(%t) between (%t .. %s)", "not(%b)", "(%b) and (%b) or (%b)", "(%b) or not(%b)", "iff(%b, %x, %x)", "case(%b, %l, %b, %m, %l)",
	"iff(%b, %r, %r)", "iff(%b, %t, %t)", "(%x) matches regex @'^[a-z ]+$'", `(%x) startswith "a"`, `(%x) has "abc"`, `(%x) !has "a"`, `(%x) != ""`, "(%x) == (%x)", "(%l) != (%l)", "(%r) == (%r)",
	"(%l) > (%l)", "(%r) <= (%r)", "(%t) < (%t)", "isnull(%r)", "isnotempty(%x)", "tostring(%d)", "tolong(%d)", "strcat(%x, %l, %x)", "coalesce(%l, %l)", "coalesce(%x, %x)", "max_of(%r, %q)",
}

// fill writes a form: %x is a tree of string and so on by the letters of the
// columns, %d one of dynamic; %m %q %y are operands of long, real and string.
func (g *grove) fill(form string) (string, int) {
	var b strings.Builder
	depth := 0
	for i := 0; i < len(form); i++ {
		if form[i] != '%' || i+1 == len(form) {
			b.WriteByte(form[i])
			continue
		}
		i++
		switch form[i] {
		case 'm':
			b.WriteString(g.operand(types.Long))
			continue
		case 'q':
			b.WriteString(g.operand(types.Real))
			continue
		case 'y':
			b.WriteString(g.operand(types.String))
			continue
		}
		t := types.Dynamic
		for k, l := range letters {
			if l[0] == form[i] && k != types.Dynamic {
				t = k
			}
		}
		text, d := g.branch(t)
		b.WriteString(text)
		depth = max(depth, d)
	}
	return b.String(), depth
}

// branch is a tree of type t, or an operand.
func (g *grove) branch(t types.Type) (string, int) {
	if have := g.byT[t]; len(have) > 0 && g.r.IntN(4) > 0 {
		x := pick(g.r, have)
		return x.text, x.depth
	}
	return g.operand(t), 0
}

// call applies a random row to branches of the types its operands have.
func (g *grove) call() (string, int) {
	s := pick(g.r, g.specs)
	sig := &s.Sigs[g.r.IntN(len(s.Sigs))]
	list := g.arguments(s, sig.Signature())
	depth := 0
	for i, x := range list {
		// Columns give way to trees of their type; constants stay.
		if len(x) == 2 && g.r.IntN(2) == 0 {
			for t, l := range letters {
				if l[0] == x[0] {
					var d int
					list[i], d = g.branch(t)
					depth = max(depth, d)
				}
			}
		}
	}
	text, ok := written(s, list)
	if !ok {
		return "", 0
	}
	return text, depth
}

// grow adds n trees to the grove and returns them.
func (g *grove) grow(n int) []tree {
	var out []tree
	for tries := 0; len(out) < n && tries < 20*n; tries++ {
		text, depth, form := "", 0, ""
		if g.r.IntN(2) == 0 {
			form = pick(g.r, forms)
			text, depth = g.fill(form)
		} else {
			text, depth = g.call()
		}
		if text == "" || len(text) > maxTree || depth > 3 {
			continue
		}
		x, ok := g.prepare(g.t, text)
		if !ok || x.expr.Type().IsList() {
			continue
		}
		g.forms[form] = true
		t := tree{x, depth + 1}
		g.byT[x.expr.Type()] = append(g.byT[x.expr.Type()], t)
		out = append(out, t)
	}
	return out
}

// TestTrees holds nested expressions against the interpreter: in a select
// list, as a filter, and under not().
func TestTrees(t *testing.T) {
	a := newArgs(t)
	n, deadline := effort(25)
	count, deep, seen := 0, 0, map[string]bool{}
	for round := 0; round < n && time.Now().Before(deadline); round++ {
		g := newGrove(t, a)
		trees := g.grow(60)
		var all []trial
		for _, x := range trees {
			all = append(all, x.trial)
			if x.depth > 1 {
				deep++
			}
		}
		all = a.alsoEmpty(t, all)
		for from := 0; from < len(all); from += 20 {
			a.checkValues(t, all[from:min(from+20, len(all))])
		}
		bools := g.byT[types.Bool]
		for range min(10, len(bools)) {
			x := pick(a.r, bools)
			a.checkFilter(t, x.trial)
			for _, form := range []string{"not(X)", "(X) and (Y)", "not((X) or (Y))", "(X) and not(Y)", "iff(X, Y, true)", "(X) == (Y)", "(X) != (Y)"} {
				y := pick(a.r, bools)
				text := strings.NewReplacer("X", x.text, "Y", y.text).Replace(form)
				if both, ok := a.prepare(t, text); ok {
					a.checkFilter(t, both)
				}
			}
		}
		count += len(all)
		maps.Copy(seen, g.forms)
	}
	for _, f := range forms {
		if !seen[f] && count > 1000 {
			t.Errorf("%s never binds", f)
		}
	}
	t.Logf("%d expressions, %d of them nested, over %d rows", count, deep, argRows)
	if deep < count/4 {
		t.Error("too few nested expressions")
	}
}

// TestLiteral checks that what the generators write reads back.
func TestLiteral(t *testing.T) {
	a := newArgs(t)
	for range 3000 {
		v := randomValue(a.r, pick(a.r, types.Scalars()))
		e, err := a.bindOne(testkit.Literal(v))
		if err != nil {
			t.Errorf("%s: %v", testkit.Literal(v), err)
			continue
		}
		got, err := interp{1, nil}.eval(e)
		if err != nil || !same(got.Value(0), v, 0) {
			t.Errorf("%s reads back as %s, %v", testkit.Literal(v), testkit.Literal(got.Value(0)), err)
		}
	}
}

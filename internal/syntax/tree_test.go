package syntax

import (
	"fmt"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/types"
)

// shape writes an expression with every operation in parentheses.
func shape(x Expr) string {
	join := func(list []Expr) string {
		var out []string
		for _, x := range list {
			out = append(out, shape(x))
		}
		return strings.Join(out, " ")
	}
	switch x := x.(type) {
	case *Binary:
		return fmt.Sprintf("(%s %s %s)", x.Op, shape(x.X), shape(x.Y))
	case *In:
		return fmt.Sprintf("(%s %s [%s])", x.Op, shape(x.X), join(x.List))
	case *Between:
		return fmt.Sprintf("(between %v %s %s %s)", x.Not, shape(x.X), shape(x.Lo), shape(x.Hi))
	case *Unary:
		return fmt.Sprintf("(%s %s)", x.Op, shape(x.X))
	case *Paren:
		return "<" + shape(x.X) + ">"
	case *Path:
		return fmt.Sprintf("(. %s %s)", shape(x.X), shape(x.Member))
	case *Index:
		return fmt.Sprintf("(at %s %s)", shape(x.X), shape(x.I))
	case *Call:
		return x.Name.Text + "{" + join(x.Args) + "}"
	case *NamedExpr:
		var names []string
		for _, n := range x.Names {
			names = append(names, n.Text)
		}
		return strings.Join(names, ",") + "=" + shape(x.X)
	case *NameRef:
		return x.Name
	case *Star:
		return "*"
	case *Literal:
		return x.Text
	case *Pipe:
		return "pipe"
	}
	return fmt.Sprintf("%T", x)
}

func TestPrecedence(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"a or b and c or d", "(or (or a (and b c)) d)"},
		{"a and b == c", "(and a (== b c))"},
		{"a == b < c", "(== a (< b c))"},
		{"a < b == c", "(== (< a b) c)"},
		{"a + b < c * d", "(< (+ a b) (* c d))"},
		{"a - b - c", "(- (- a b) c)"},
		{"a / b % c * d", "(* (% (/ a b) c) d)"},
		{"a has b + c", "(+ (has a b) c)"},
		{"a + b has c", "(+ a (has b c))"},
		{"a has b == c", "(== (has a b) c)"},
		{"a =~ b and c !~ d", "(and (=~ a b) (!~ c d))"},
		{"-a has -b", "(has (- a) (- b))"},
		{"-a.b + -1", "(+ (- (. a b)) (- 1))"},
		{"a in (1, 2) and b", "(and (in a [1 2]) b)"},
		{"a + 1 in (b)", "(in (+ a 1) [b])"},
		{"a < b in (c)", "(in (< a b) [c])"},
		{"a between (1 .. 2 + 3) or b", "(or (between false a 1 (+ 2 3)) b)"},
		{"a !between (b .. c)", "(between true a b c)"},
		{"a in (T | project x)", "(in a [pipe])"},
		{"a has_any ((T | take 1))", "(has_any a [<pipe>])"},
		{"a <> b", "(!= a b)"},
		{"a notcontains b", "(!contains a b)"},
		{"not(a) and (b or c)", "(and not{a} <(or b c)>)"},
		{"a.b['c'].d[0][x + 1].e(1).f", "(. (. (at (at (. (at (. a b) 'c') d) 0) (+ x 1)) e{1}) f)"},
		{"a.['b c'].[0]", "(at (. a b c) 0)"},
		{"f(a, b=c, *, (d, e)=g)", "f{a b=c * d,e=g}"},
		{"* has 'x' or * == 1", "(or (has * 'x') (== * 1))"},
		{"a : 'x'", "(: a 'x')"},
		{"toscalar(T | count) + 1", "(+ toscalar{pipe} 1)"},
		{"(a, b) = f(x)", "a,b=f{x}"},
	} {
		if got := shape(one(t, c.text)); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.text, got, c.want)
		}
	}
}

// Names keep what they are called and whether they were quoted.
func TestNames(t *testing.T) {
	for _, c := range []struct {
		text, name       string
		quoted, wildcard bool
	}{
		{"a", "a", false, false},
		{"['a b']", "a b", true, false},
		{`["a" 'b']`, "ab", true, false},
		{"count", "count", false, false},
		{"kind", "kind", false, false},
		{"$left", "$left", false, false},
		{"3x", "3x", false, false},
		{"[a*b]", "a*b", true, true},
	} {
		ref, ok := one(t, c.text).(*NameRef)
		if !ok || ref.Name != c.name || ref.Quoted != c.quoted || ref.Wildcard != c.wildcard {
			t.Errorf("%s: got %+v", c.text, ref)
		}
	}
}

func TestLetValues(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"1 + 2", "*syntax.Binary"},
		{"T | take 1", "*syntax.Pipe"},
		{"(T)", "*syntax.Paren"},
		{"() { 1 }", "*syntax.FunctionDecl"},
		{"(a:long) { a }", "*syntax.FunctionDecl"},
		{"(T:(*)) { T }", "*syntax.FunctionDecl"},
		{"view () { T }", "*syntax.FunctionDecl"},
		{"view", "*syntax.NameRef"},
		{"materialize(T)", "*syntax.Call"},
		{"datatable(a:long)[1]", "*syntax.DataTable"},
		{"entity_group [a]", "*syntax.EntityGroup"},
	} {
		text := "let x = " + c.text
		q, diags := Parse(text)
		if len(diags) > 0 {
			t.Errorf("%s", diags.Render(text))
			continue
		}
		if got := fmt.Sprintf("%T", q.Statements[0].(*LetStatement).Value); got != c.want {
			t.Errorf("%s: got %s, want %s", text, got, c.want)
		}
	}
}

func TestFunctionParams(t *testing.T) {
	q, diags := Parse(`let f = (a:long, b:string="x", T:(*), U:(c:int, d:date)) { let y = 1; y }`)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	f := q.Statements[0].(*LetStatement).Value.(*FunctionDecl)
	if len(f.Params) != 4 || len(f.Body.Statements) != 1 || f.Body.X == nil {
		t.Fatalf("got %+v", f)
	}
	a, b, star, u := f.Params[0], f.Params[1], f.Params[2], f.Params[3]
	if a.Type != types.Long || a.Default != nil || b.Type != types.String || b.Default == nil {
		t.Errorf("scalars: got %+v and %+v", a, b)
	}
	if !star.Tabular || !star.Star || !u.Tabular || u.Star || len(u.Columns) != 2 || u.Columns[1].Type != types.Datetime {
		t.Errorf("tables: got %+v and %+v", star, u)
	}
}

// Print puts the parentheses that a tree made by hand needs.
func TestPrintParenthesises(t *testing.T) {
	name := func(s string) Expr { return &NameRef{Name: s} }
	bin := func(op string, x, y Expr) Expr { return &Binary{Op: op, X: x, Y: y} }
	for _, c := range []struct {
		x    Expr
		want string
	}{
		{bin("and", bin("or", name("a"), name("b")), name("c")), "(a or b) and c"},
		{bin("-", name("a"), bin("-", name("b"), name("c"))), "a - (b - c)"},
		{bin("==", bin("==", name("a"), name("b")), name("c")), "(a == b) == c"},
		{&Unary{Op: "-", X: bin("+", name("a"), name("b"))}, "-(a + b)"},
		{&Unary{Op: "-", X: &Literal{Value: types.LongValue(-5)}}, "-long(-5)"},
		{&Path{X: bin("+", name("a"), name("b")), Member: name("c")}, "(a + b).c"},
		{name("by"), `["by"]`},
		{name("a-b"), `["a-b"]`},
		{name("true"), `["true"]`},
		{name("1h"), `["1h"]`},
		{name(""), `[""]`},
		{&Literal{Value: types.StringValue("a\x00\"\\\n")}, `"a\x00\"\\\n"`},
	} {
		got := Print(c.x)
		if got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
		if again := Print(one(t, got)); again != got {
			t.Errorf("%s prints as %s after parsing", got, again)
		}
	}
}

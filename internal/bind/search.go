package bind

import (
	"regexp"
	"strings"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// searching marks the condition of search or find, where a text stands for
// "some column has this term" and name:"term" for "this column has it".
type searching struct {
	caseCounts bool
	// scout looks at the condition only for the names it mentions and for
	// mistakes; terms are not spread over the columns.
	scout bool
	// names are the names mentioned, in order; everywhere tells that a term
	// or "*" looks at all columns.
	names      []string
	everywhere bool
}

func (s *searching) mention(name string) {
	for _, n := range s.names {
		if n == name {
			return
		}
	}
	s.names = append(s.names, name)
}

// caseForms are the operators that count case, for search kind=case_sensitive.
var caseForms = map[string]string{
	"has": "has_cs", "!has": "!has_cs", "hasprefix": "hasprefix_cs", "!hasprefix": "!hasprefix_cs",
	"hassuffix": "hassuffix_cs", "!hassuffix": "!hassuffix_cs", "contains": "contains_cs", "!contains": "!contains_cs",
	"startswith": "startswith_cs", "!startswith": "!startswith_cs", "endswith": "endswith_cs", "!endswith": "!endswith_cs",
	"=~": "==", "!~": "!=", "in~": "in", "!in~": "!in",
}

// cased is op as the search wants it.
func (c ctx) cased(op string) string {
	if c.search != nil && c.search.caseCounts {
		if s, ok := caseForms[op]; ok {
			return s
		}
	}
	return op
}

// termTest is how a term is looked for: an operator and its right side.
type termTest struct {
	op      string
	text    string   // right side
	literal []string // what a text must contain to satisfy it
}

// termOf reads the wildcards of a term: x is a whole term, x* and *x its
// beginning and end, *x* any text, x*y a regular expression.
func (s *searching) termOf(term string) (termTest, bool) {
	parts := strings.Split(term, "*")
	last := len(parts) - 1
	var t termTest
	switch {
	case last == 0:
		t = termTest{op: "has", text: term}
	case strings.Trim(term, "*") == "":
		return t, false
	case last == 1 && parts[0] == "":
		t = termTest{op: "hassuffix", text: parts[1]}
	case last == 1 && parts[1] == "":
		t = termTest{op: "hasprefix", text: parts[0]}
	case last == 2 && parts[0] == "" && parts[2] == "":
		t = termTest{op: "contains", text: parts[1]}
	default:
		return s.termRegex(parts), true
	}
	t.literal = []string{t.text}
	if s.caseCounts {
		t.op = caseForms[t.op]
	}
	return t, true
}

// termRegex is a term with "*" inside: Lab*PC is \bLab.*PC\b.
func (s *searching) termRegex(parts []string) termTest {
	var re strings.Builder
	if !s.caseCounts {
		re.WriteString("(?i)")
	}
	if parts[0] != "" {
		re.WriteString(`\b`)
	}
	for i, p := range parts {
		if i > 0 {
			re.WriteString(".*")
		}
		re.WriteString(regexp.QuoteMeta(p))
	}
	if parts[len(parts)-1] != "" {
		re.WriteString(`\b`)
	}
	return termTest{op: "matches regex", text: re.String(), literal: parts}
}

// alphabets are the characters that values of a type are written with, in
// lower case; other types can hold any text.
var alphabets = map[types.Type]string{
	types.Int: "-0123456789", types.Long: "-0123456789",
	types.Real: "+-.0123456789efinaty", types.Decimal: "+-.0123456789e",
	types.Bool:     "truefalse01",
	types.Datetime: "-+.:0123456789tz ", types.Timespan: "-.:0123456789",
	types.Guid: "-0123456789abcdef{}",
}

// possibleIn reports whether a value of type t can satisfy the test at all:
// no number holds the term "powershell", and such columns are not read.
func (t termTest) possibleIn(col types.Type) bool {
	letters, limited := alphabets[col]
	if !limited {
		return true
	}
	for _, p := range t.literal {
		for _, r := range strings.ToLower(p) {
			if r < 0x80 && !strings.ContainsRune(letters, r) {
				return false
			}
		}
	}
	return true
}

// anyColumn is the condition that some column of the row passes the test.
func (b *binder) anyColumn(term string, at diag.Span, c ctx) plan.Expr {
	c.search.everywhere = true
	test, some := c.search.termOf(term)
	if !some || c.search.scout {
		return &plan.Const{Value: types.BoolValue(true), Pos: at}
	}
	needle := &plan.Const{Value: types.StringValue(test.text), Pos: at}
	or := b.env.Fns.Lookup(fn.Infix, "or")
	var any plan.Expr
	like := map[types.Type]*plan.Call{} // the test bound for a type of column
	for i, col := range c.row {
		if !test.possibleIn(col.Type) {
			continue
		}
		x := b.testColumn(test, colRef(c.row, i), needle, like, at, c)
		switch {
		case any == nil:
			any = x
		default:
			any = &plan.Call{Fn: or, Sig: &or.Sigs[0], Args: []plan.Expr{any, x}, T: types.Bool, Pos: at}
		}
	}
	if any == nil {
		return &plan.Const{Value: types.BoolValue(false), Pos: at}
	}
	return any
}

// testColumn binds the test of one column. Overloads are looked for once for
// each type: a search goes over hundreds of columns.
func (b *binder) testColumn(test termTest, col *plan.Col, needle plan.Expr, like map[types.Type]*plan.Call, at diag.Span, c ctx) plan.Expr {
	plain := col.T == types.String || col.T == types.Dynamic && test.op != "matches regex"
	if known := like[col.T]; plain && known != nil {
		same := *known
		same.Args = []plan.Expr{col, needle}
		return &same
	}
	text := plan.Expr(col)
	if !plain {
		text = b.cast(col, types.String, at)
	}
	x := b.infix(test.op, at, c, text, needle)
	if call, ok := x.(*plan.Call); ok && plain && len(call.Args) == 2 && call.Args[0] == text && !x.Nullable() {
		like[col.T] = call
	}
	return x
}

// columnTerm binds name:"term".
func (b *binder) columnTerm(x *syntax.Binary, c ctx) plan.Expr {
	l, r := b.expr(x.X, c), b.expr(x.Y, c)
	if l.Type() == types.Unknown || r.Type() == types.Unknown {
		return badExpr(x.Span())
	}
	if l.Type() != types.String && l.Type() != types.Dynamic || r.Type() != types.String {
		b.fail(x.Span(), "SEM0106", c.inOp("The operator ':' is not defined for the operand types "+l.Type().String()+" and "+r.Type().String()+"."),
			"a term is text, looked for in a text column")
		return badExpr(x.Span())
	}
	k, ok := r.(*plan.Const)
	if !ok {
		return b.infix(c.cased("has"), x.Span(), c, l, r)
	}
	test, some := c.search.termOf(k.Value.S)
	if !some {
		return &plan.Const{Value: types.BoolValue(true), Pos: x.Span()}
	}
	if test.op == "matches regex" {
		l = b.cast(l, types.String, x.Span())
	}
	return b.infix(test.op, x.Span(), c, l, &plan.Const{Value: types.StringValue(test.text), Pos: k.Pos})
}

// condition binds the condition of search and find.
func (b *binder) condition(x syntax.Expr, c ctx) plan.Expr {
	return simplified(b.boolean(b.expr(x, c), x.Span(), c.op, c))
}

// simplified drops the terms of and/or that are known: a table without a
// column a search asks for often needs no look at all.
func simplified(x plan.Expr) plan.Expr {
	call, ok := x.(*plan.Call)
	if !ok || call.Fn.Kind != fn.Infix || len(call.Args) != 2 || call.Fn.Name != "and" && call.Fn.Name != "or" {
		return x
	}
	l, r := simplified(call.Args[0]), simplified(call.Args[1])
	stop := call.Fn.Name == "or" // the value that decides it
	for _, side := range [2][2]plan.Expr{{l, r}, {r, l}} {
		if k, ok := side[0].(*plan.Const); ok && !k.Value.Null {
			if k.Value.Bool() == stop {
				return k
			}
			return side[1]
		}
	}
	if l == call.Args[0] && r == call.Args[1] {
		return x
	}
	c := *call
	c.Args = []plan.Expr{l, r}
	return &c
}

// isFalse reports a condition no row satisfies.
func isFalse(x plan.Expr) bool {
	k, ok := x.(*plan.Const)
	return ok && (k.Value.Null || !k.Value.Bool())
}

// isTrue reports a condition every row satisfies.
func isTrue(x plan.Expr) bool {
	k, ok := x.(*plan.Const)
	return ok && !k.Value.Null && k.Value.Bool()
}

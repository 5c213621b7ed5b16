package bind

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/regex"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// bindParseKv: the values of keys in a text as columns. One hidden function
// finds the texts of all keys; each is converted to its column's type.
func (b *binder) bindParseKv(in rel, op *syntax.ParseKvOp, c ctx) rel {
	oc := b.over(in, c, op)
	x := b.cast(b.expr(op.X, oc), types.String, op.X.Span())
	keys := b.declared(op.Columns)
	options, ok := b.kvOptions(op, oc)
	find := b.env.Fns.Lookup(fn.Scalar, "__parse_kv")
	if find == nil {
		return b.refuseOperator(op)
	}
	if !ok || x.Type() == types.Unknown {
		return rel{open: true}
	}
	at := op.Span()
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = dynamic.Quote(k.Name)
	}
	found := b.apply(find, []plan.Expr{x,
		&plan.Const{Value: types.DynamicValue(string(dynamic.AppendArray(nil, names))), Pos: at},
		&plan.Const{Value: types.DynamicValue(options), Pos: at}}, at, oc)
	base := len(in.cols())
	exprs := make([]plan.Expr, base, base+1)
	for i := range in.cols() {
		exprs[i] = colRef(in.cols(), i)
	}
	withFound := append(slices.Clone(in.cols()), columnOf("$kv", found))
	node := b.project(in.node, withFound, append(exprs, found))
	cols, out := slices.Clone(in.cols()), slices.Clone(exprs)
	for i, k := range keys {
		item := b.infix("[]", at, oc, colRef(withFound, base), &plan.Const{Value: types.LongValue(int64(i)), Pos: at})
		v := b.textAs(b.cast(item, types.String, at), k.Type, at, oc)
		if p := findColumn(cols, k.Name); p >= 0 {
			cols[p], out[p] = columnOf(k.Name, v), v
		} else {
			cols, out = append(cols, columnOf(k.Name, v)), append(out, v)
		}
	}
	return rel{node: b.project(node, cols, out), ordered: in.ordered}
}

// kvOptions reads with (…) into the options of __parse_kv.
func (b *binder) kvOptions(op *syntax.ParseKvOp, oc ctx) (string, bool) {
	text := map[string]string{}
	var quotes, escapes []string
	greedy := false
	for _, p := range op.Props {
		l, ok := p.Value.(*syntax.Literal)
		if !ok || p.Name != "greedy" && l.Value.Type != types.String || p.Name == "greedy" && l.Value.Type != types.Bool {
			b.fail(p.Span(), "SEM0100", oc.inOp(fmt.Sprintf("'%s' takes a constant string", p.Name)), "greedy takes true or false")
			return "", false
		}
		s := l.Value.S
		switch n := utf8.RuneCountInString(s); p.Name {
		case "greedy":
			greedy = l.Value.Bool()
			continue
		case "quote":
			if n != 1 && n != 2 {
				b.fail(p.Span(), "SEM0100", oc.inOp("'quote' takes one or two characters"), "")
				return "", false
			}
			quotes = append(quotes, dynamic.Quote(s))
			continue
		case "escape":
			if n != 1 {
				b.fail(p.Span(), "SEM0100", oc.inOp("'escape' takes one character"), "")
				return "", false
			}
			escapes = append(escapes, dynamic.Quote(s))
			continue
		}
		if s == "" {
			b.fail(p.Span(), "SEM0100", oc.inOp(fmt.Sprintf("'%s' must not be empty", p.Name)), "")
			return "", false
		}
		text[p.Name] = s
	}
	if !b.kvFits(op, text, greedy, len(quotes)+len(escapes) > 0, oc) {
		return "", false
	}
	return fmt.Sprintf(`{"pair":%s,"kv":%s,"regex":%s,"greedy":%t,"quote":%s,"escape":%s}`,
		dynamic.Quote(text["pair_delimiter"]), dynamic.Quote(text["kv_delimiter"]), dynamic.Quote(text["regex"]), greedy,
		dynamic.AppendArray(nil, quotes), dynamic.AppendArray(nil, escapes)), true
}

// kvFits checks that the options go together: delimiters, or a regular
// expression with two groups, or neither.
func (b *binder) kvFits(op *syntax.ParseKvOp, text map[string]string, greedy, quoting bool, oc ctx) bool {
	_, pair := text["pair_delimiter"]
	_, kv := text["kv_delimiter"]
	pattern, isRegex := text["regex"]
	problem := ""
	switch {
	case isRegex && (pair || kv || greedy || quoting):
		problem = "'regex' stands alone"
	case pair != kv:
		problem = "'pair_delimiter' and 'kv_delimiter' come together"
	case greedy && !kv:
		problem = "'greedy' needs delimiters"
	case isRegex:
		if re, err := regex.Compile(pattern); err != nil || re.Groups() != 2 {
			problem = "'regex' takes a regular expression with two groups: key and value"
		}
	}
	if problem != "" {
		b.fail(op.Span(), "SEM0100", oc.inOp(problem), "")
	}
	return problem == ""
}

// textAs converts a found text; blanks around it do not matter.
func (b *binder) textAs(v plan.Expr, t types.Type, at diag.Span, oc ctx) plan.Expr {
	switch t {
	case types.String:
		return v
	case types.Dynamic:
		if s := b.env.Fns.Lookup(fn.Scalar, "todynamic"); s != nil {
			return b.apply(s, []plan.Expr{v}, at, oc)
		}
	}
	return b.cast(v, t, at)
}

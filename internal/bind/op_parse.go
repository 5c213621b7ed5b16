package bind

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	kql "github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// parsePattern is a parse pattern turned into one regular expression.
type parsePattern struct {
	regex  string
	groups []int // capture group (from 0) of each column
	cols   []*kql.ColumnDecl
}

// bindParse: parse x with "a" col:type "b" *. The pattern becomes one regular
// expression whose captures are converted to the columns' types. In simple
// and regex mode the match is strict: a capture that does not convert makes
// all columns null; in relaxed mode only its own.
func (b *binder) bindParse(in rel, op *kql.ParseOp, c ctx) rel {
	oc := b.over(in, c, op)
	if n := len(op.Pattern); n > maxPieces {
		b.tooMany(op.Span(), "The pattern of '"+op.Keyword()+"' has too many parts", n, maxPieces)
		return rel{open: true}
	}
	kind := paramText(op.Params, "kind")
	switch kind {
	case "":
		kind = "simple"
	case "simple", "regex", "relaxed":
		if op.Where && kind == "relaxed" {
			b.fail(op.Span(), "SEM0477", oc.inOp("kind=relaxed is not allowed: every row would match"), "use parse")
			return rel{open: true}
		}
	default:
		b.fail(op.Span(), "SEM0005", oc.inOp(fmt.Sprintf("'%s' is not a kind of parse", kind)), "Expected one of: simple, regex, relaxed")
		return rel{open: true}
	}
	x := b.cast(b.expr(op.X, oc), types.String, op.X.Span())
	p, ok := b.compilePattern(op, kind, paramText(op.Params, "flags"), oc)
	match := b.env.Fns.Lookup(fn.Scalar, "__parse")
	if !ok || x.Type() == types.Unknown || match == nil {
		return rel{open: true}
	}
	pattern := &plan.Const{Value: types.StringValue(p.regex), Pos: op.Span()}
	captured := b.apply(match, []plan.Expr{x, pattern}, op.Span(), oc)
	base := len(in.cols())
	withArr := append(slices.Clone(in.cols()), columnOf("$m", captured))
	exprs := make([]plan.Expr, base, base+1)
	for i := range in.cols() {
		exprs[i] = colRef(in.cols(), i)
	}
	node := b.project(in.node, withArr, append(exprs, captured))
	values, failed := b.captures(p, colRef(withArr, base), kind != "relaxed", oc, op)
	if op.Where {
		node = b.parseWhere(node, colRef(withArr, base), failed, oc, op)
	}
	cols := slices.Clone(in.cols())
	out := slices.Clone(exprs[:base])
	for i, d := range p.cols {
		col := columnOf(d.Name.Text, values[i])
		if at := findColumn(cols, d.Name.Text); at >= 0 {
			cols[at], out[at] = col, values[i]
		} else {
			cols, out = append(cols, col), append(out, values[i])
		}
	}
	return rel{node: b.project(node, cols, out), ordered: in.ordered}
}

// captures converts the captured texts; failed is the condition that a strict
// match did not convert, or nil.
func (b *binder) captures(p parsePattern, arr plan.Expr, strict bool, oc ctx, op *kql.ParseOp) ([]plan.Expr, plan.Expr) {
	at := op.Span()
	var values []plan.Expr
	var failed plan.Expr
	isnull := b.env.Fns.Lookup(fn.Scalar, "isnull")
	iff := b.env.Fns.Lookup(fn.Scalar, "iff")
	trim := b.env.Fns.Lookup(fn.Scalar, "trim")
	for i, d := range p.cols {
		item := b.infix("[]", at, oc, arr, &plan.Const{Value: types.LongValue(int64(p.groups[i])), Pos: at})
		v := b.cast(item, types.String, at)
		if d.Type != types.String {
			if trim != nil { // blanks around a value do not matter
				v = b.apply(trim, []plan.Expr{&plan.Const{Value: types.StringValue(`\s+`), Pos: at}, v}, at, oc)
			}
			v = b.textAs(v, d.Type, at, oc)
			if strict && isnull != nil {
				bad := b.apply(isnull, []plan.Expr{v}, at, oc)
				if failed == nil {
					failed = bad
				} else {
					failed = b.infix("or", at, oc, failed, bad)
				}
			}
		}
		values = append(values, v)
	}
	if failed != nil && iff != nil && len(values) > 1 {
		for i, v := range values {
			values[i] = b.apply(iff, []plan.Expr{failed, &plan.Const{Value: types.Null(v.Type()), Pos: at}, v}, at, oc)
		}
	}
	return values, failed
}

// parseWhere keeps the rows that match.
func (b *binder) parseWhere(node plan.Node, arr, failed plan.Expr, oc ctx, op *kql.ParseOp) plan.Node {
	notnull := b.env.Fns.Lookup(fn.Scalar, "isnotnull")
	if notnull == nil {
		b.refuseOperator(op)
		return node
	}
	cond := b.apply(notnull, []plan.Expr{arr}, op.Span(), oc)
	if failed != nil {
		cond = b.infix("and", op.Span(), oc, cond, b.negate(failed, op.Span(), oc))
	}
	return b.filter(node, cond)
}

// compilePattern builds the regular expression of a pattern.
func (b *binder) compilePattern(op *kql.ParseOp, kind, flags string, oc ctx) (parsePattern, bool) {
	var p parsePattern
	var re strings.Builder
	groups := 0
	inline := "(?s)"
	if kind == "regex" {
		inline = ""
		if flags != "" {
			inline = "(?" + flags + ")"
		}
	}
	re.WriteString(inline + "^")
	if !b.separated(op, kind, flags, oc) {
		return p, false
	}
	for i, part := range op.Pattern {
		last := i == len(op.Pattern)-1
		switch {
		case part.Star:
			if kind == "regex" || !last {
				re.WriteString(".*?")
			}
		case part.Text != nil:
			text := part.Text.Value.S
			if kind != "regex" {
				re.WriteString(regexp.QuoteMeta(text))
				continue
			}
			sub, err := syntax.Parse(text, syntax.Perl)
			if err != nil {
				b.fail(part.Span(), "SEM0120", oc.inOp(fmt.Sprintf("'%s' is not a valid regular expression", text)), "")
				return p, false
			}
			groups += sub.MaxCap()
			re.WriteString("(?:" + text + ")")
		case part.Column != nil:
			d := *part.Column
			if d.Type == types.Unknown && d.TypeName == "" {
				d.Type = types.String
			}
			if d.Type == types.Unknown {
				b.fail(d.Span(), "SEM0105", fmt.Sprintf("'%s' is not a type", d.TypeName), "")
				return p, false
			}
			re.WriteString(captureOf(d.Type, kind, op.Pattern[i+1:]))
			p.groups = append(p.groups, groups)
			p.cols = append(p.cols, &d)
			groups++
		}
	}
	if n := len(op.Pattern); kind != "regex" && n > 0 && !op.Pattern[n-1].Star {
		re.WriteString("$") // simple and relaxed patterns reach the end of the text
	}
	p.regex = re.String()
	if _, err := regexp.Compile(p.regex); err != nil {
		b.fail(op.Span(), "SEM0120", oc.inOp("the pattern is not a valid regular expression"), "")
		return p, false
	}
	return p, true
}

// separated checks that text stands between columns: two columns side by side,
// or "*" after a text column, say nothing about where one ends. Where a
// datetime ends at the end of a regex pattern, or under the flag U, is not
// known of the engine and is refused.
func (b *binder) separated(op *kql.ParseOp, kind, flags string, oc ctx) bool {
	for i, part := range op.Pattern {
		if part.Column == nil {
			continue
		}
		t := part.Column.Type
		if kind == "regex" && t.IsTicks() && (i == len(op.Pattern)-1 || strings.Contains(flags, "U")) {
			b.unsupported(part.Span(), "parse kind=regex: a "+t.String()+" column in this place", "capture it as text and convert it")
			return false
		}
		if i == len(op.Pattern)-1 || op.Pattern[i+1].Text != nil {
			continue
		}
		if op.Pattern[i+1].Column != nil || t == types.String || part.Column.TypeName == "" {
			b.fail(op.Pattern[i+1].Span(), "SEM0476", oc.inOp("a string constant is expected between '"+part.Column.Name.Text+"' and what follows it"), "")
			return false
		}
	}
	return true
}

// shapes are what a typed column looks like where its text alone tells its
// end: before "*", and everywhere in regex mode.
var shapes = map[types.Type]string{
	types.Int: `\s*[-+]?\d+`, types.Long: `\s*[-+]?\d+`,
	types.Real: `\s*[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?`, types.Decimal: `\s*[-+]?\d+(?:\.\d*)?`,
	types.Bool: `\s*(?:true|false)`,
}

// captureOf is the group that captures a column of type t, with rest of the
// pattern after it. Captures are lazy in simple and relaxed mode and greedy in
// regex mode.
func captureOf(t types.Type, kind string, rest []kql.ParsePart) string {
	shape := shapes[t]
	star := len(rest) > 0 && rest[0].Star
	switch {
	case kind == "regex" && shape != "":
		return "(" + shape + ")"
	case kind == "regex":
		return "(.*)"
	case star && shape != "" && len(rest) == 1:
		return "(" + shape + ")?"
	case star && shape != "" && kind == "relaxed":
		return "(" + shape + "|.*?)"
	case star && shape != "":
		return "(" + shape + ")"
	}
	return "(.*?)"
}

package bind

import (
	"fmt"
	"slices"
	"strings"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// What a request brings along beside the text of its query: values of declared
// parameters, options, and tables.

// maxLiteral bounds the text of a parameter's value.
const maxLiteral = 1 << 20

// Given is a table that comes with the request instead of from the store.
type Given struct {
	Columns []plan.Column
	Rows    [][]types.Value
}

// give makes the request's tables known as if let statements had.
func (b *binder) give(sc *scope) {
	for name, g := range b.env.Given {
		sc.set(name, &variable{rel: &rel{node: b.values(g.Columns, g.Rows), ordered: true}})
	}
}

// queryParameters binds "declare query_parameters(a:type = default)".
func (b *binder) queryParameters(s *syntax.QueryParametersStatement, sc *scope) {
	for _, p := range s.Params {
		name := p.Name.Text
		text, given := b.env.Parameters[name]
		switch {
		case given:
			sc.set(name, &variable{x: b.parameter(p, text)})
		case p.Default != nil:
			x := b.convert(b.expr(p.Default, ctx{sc: sc}), p.Type, p.Default.Span())
			sc.set(name, &variable{x: x})
		default:
			b.fail(p.Span(), "SEM0075", fmt.Sprintf("Query parameter '%s' has no value", name),
				"send the parameter with the request or give it a default")
			sc.set(name, &variable{x: badExpr(p.Span())})
		}
	}
}

// parameter reads the value given for a parameter by the declared type. The
// value of a string is a literal or the bare text; all others are literals.
//
// Reference: api/rest/request.md, query/query-parameters-statement.md. Clients
// differ in how they send strings: some quote them, some do not.
func (b *binder) parameter(p syntax.FunctionParam, text string) plan.Expr {
	v, ok := b.literal(text, p.Type)
	switch {
	case ok:
	case p.Type == types.String && len(text) <= maxLiteral:
		v = types.StringValue(text)
	default:
		b.fail(p.Span(), "SEM0075", fmt.Sprintf("The value given for query parameter '%s' is not a literal of type %s", p.Name.Text, p.Type),
			"send it as KQL writes it, such as "+exampleOf(p.Type))
		return badExpr(p.Span())
	}
	return &plan.Const{Value: v, Pos: p.Span()}
}

// literal reads a text that is nothing but one literal of a type.
func (b *binder) literal(text string, t types.Type) (types.Value, bool) {
	if len(text) > maxLiteral {
		return types.Value{}, false
	}
	tree, diags := syntax.Parse(text)
	if diags.Err() != nil || len(tree.Statements) != 1 {
		return types.Value{}, false
	}
	s, ok := tree.Statements[0].(*syntax.ExprStatement)
	if !ok || !isLiteral(s.X) || t == types.String && text[s.X.Span().Start:s.X.Span().End] != strings.TrimSpace(text) {
		return types.Value{}, false // a bare text may well look like a literal with a comment behind it
	}
	// Mistakes in it are the parameter's, whose place is the declaration.
	in := &binder{env: Env{Catalog: b.env.Catalog, Fns: b.env.Fns, Now: b.env.Now}, seen: map[string]bool{}}
	x := in.expr(s.X, ctx{sc: &scope{}})
	if t != types.Unknown && (x.Type() == types.String) != (t == types.String) {
		return types.Value{}, false // "2020-01-01" is no datetime
	}
	k, ok := in.converted(x, t, diag.Span{}).(*plan.Const)
	if !ok || in.diags.Err() != nil || len(in.blocked) > 0 || t != types.Unknown && k.Value.Type != t {
		return types.Value{}, false
	}
	return k.Value, true
}

// isLiteral reports a literal with or without a sign.
func isLiteral(x syntax.Expr) bool {
	if u, ok := x.(*syntax.Unary); ok {
		x = u.X
	}
	_, ok := x.(*syntax.Literal)
	return ok
}

func exampleOf(t types.Type) string {
	switch t {
	case types.Bool:
		return "true"
	case types.Int:
		return "int(1)"
	case types.Long:
		return "1"
	case types.Real:
		return "1.5"
	case types.Decimal:
		return "decimal(1.5)"
	case types.Datetime:
		return "datetime(2024-05-01T12:00:00Z)"
	case types.Timespan:
		return "1.5h"
	case types.Guid:
		return "guid(74be27de-1e4e-49d9-b579-fe0b331d3642)"
	case types.Dynamic:
		return `dynamic(["a", "b"])`
	}
	return `"text"`
}

// options takes the request's options, which are those of set statements.
func (b *binder) options() {
	names := make([]string, 0, len(b.env.Options))
	for name := range b.env.Options {
		names = append(names, name)
	}
	slices.Sort(names) // so that of several mistakes always the same is told first
	for _, name := range names {
		t, ok := settingType(name)
		if !ok {
			continue
		}
		v, ok := b.literal(b.env.Options[name], t)
		switch {
		case ok:
		case t == types.String:
			v = types.StringValue(b.env.Options[name])
		case t == types.Datetime:
			v.Type = t
			v.I, ok = types.ParseDatetime(b.env.Options[name])
		}
		if !ok && t != types.String {
			b.fail(diag.Span{}, "SEM0100", fmt.Sprintf("The request option '%s' takes a %s", name, t), "send a value such as "+exampleOf(t))
			continue
		}
		b.setting(name, &plan.Const{Value: v}, diag.Span{})
	}
}

// scoped filters a table by the request's scope of time, when it has the
// column that the scope names.
//
// Reference: api/rest/request-properties.md, query_datetimescope_*.
func (b *binder) scoped(r rel, at diag.Span) rel {
	if b.set.scopeColumn == "" || r.node == nil {
		return r
	}
	i := findColumn(r.cols(), b.set.scopeColumn)
	if i < 0 || r.cols()[i].Type != types.Datetime {
		return r
	}
	if from := b.set.scopeFrom; from != nil {
		r.node = b.filter(r.node, b.infix(">=", at, ctx{}, colRef(r.cols(), i), from))
	}
	if to := b.set.scopeTo; to != nil {
		r.node = b.filter(r.node, b.infix("<=", at, ctx{}, colRef(r.cols(), i), to))
	}
	return r
}

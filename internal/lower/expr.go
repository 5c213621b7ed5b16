package lower

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

// place is where an expression is written: how columns are spelled there and
// whether null and false are the same.
type place struct {
	prefix string // "", "l." …
	// split, when set, is the number of columns of the left side of a join:
	// columns from there on belong to "r.".
	split  int
	joined bool
	filter bool
	order  string
}

func (p place) column(i int) sqlx.Expr {
	if p.joined {
		if i < p.split {
			return sqlx.Raw(sqlx.Atom, "l."+col(i))
		}
		return sqlx.Raw(sqlx.Atom, "r."+col(i-p.split))
	}
	return sqlx.Raw(sqlx.Atom, p.prefix+col(i))
}

// expr writes an expression.
func (l *lowering) expr(e plan.Expr, p place) (sqlx.Expr, error) {
	switch e := e.(type) {
	case *plan.Const:
		return l.literal(e.Value), nil
	case *plan.Col:
		return p.column(e.Index), nil
	case *plan.Call:
		return l.call(e, p)
	case *plan.ScalarQuery:
		name, err := l.node(e.Node)
		if err != nil {
			return sqlx.Expr{}, err
		}
		order := ""
		if l.needs[e.Node].order {
			order = " ORDER BY " + orderCol
		}
		q := sqlx.Raw(sqlx.Atom, "(SELECT c0 FROM "+name+order+" LIMIT 1)")
		if e.T == types.String {
			q = sqlx.Raw(sqlx.Atom, "coalesce("+q.Text+", '')")
		}
		return q, nil
	case *plan.InQuery:
		return l.inQuery(e, p)
	}
	return sqlx.Expr{}, fmt.Errorf("lower: no rule for expression %T", e)
}

// inQuery: a null value is in no list, and a null in the list matches nothing.
func (l *lowering) inQuery(e *plan.InQuery, p place) (sqlx.Expr, error) {
	x, err := l.expr(e.X, place{prefix: p.prefix, split: p.split, joined: p.joined})
	if err != nil {
		return x, err
	}
	name, err := l.node(e.Node)
	if err != nil {
		return x, err
	}
	where := ""
	if e.Node.Columns()[0].Nullable {
		where = " WHERE c0 IS NOT NULL"
	}
	if e.Node.Columns()[0].Type == types.Real { // NaN equals nothing, itself included
		where = " WHERE NOT isnan(c0)"
	}
	in := sqlx.Raw(sqlx.Cmp, x.Paren(sqlx.Add)+" IN (SELECT c0 FROM "+name+where+")")
	if e.X.Nullable() && (!p.filter || e.Not) {
		in = sqlx.Raw(sqlx.Atom, "coalesce("+in.Text+", false)")
	}
	if e.Not {
		in = sqlx.Raw(sqlx.Not, "NOT "+in.Paren(sqlx.Atom))
	}
	return in, nil
}

// maxText bounds the SQL of one expression. Some lowerings mention an operand
// twice, so nesting could double the text at every level; a query's own text
// is at most 1 MiB.
const maxText = 8 << 20

// call writes a call: the row's SQL, else its Eval as a native function.
func (l *lowering) call(e *plan.Call, p place) (sqlx.Expr, error) {
	if isLogic(e) {
		return l.logic(e, p)
	}
	// Under and/or of a filter the operands are filters too; anywhere else
	// null and false differ.
	inner := p
	inner.filter = false
	args := make([]fn.Arg, len(e.Args))
	for i, a := range e.Args {
		x, err := l.expr(a, inner)
		if err != nil {
			return x, err
		}
		args[i] = argOf(a, x)
	}
	out, err := sqlx.Expr{}, error(nil)
	if l.large[e] {
		out, err = l.nativeCall(e.Fn, e.Sig, e.T, args)
	} else {
		out, err = l.apply(e.Fn, e.Sig, args, e.T, p)
	}
	if err != nil {
		return out, err
	}
	if len(out.Text) > maxText {
		return out, &Unsupported{What: "An expression as large as this", Pos: e.Pos}
	}
	if e.T == types.String && e.Sig.DuckDB.Template != "" && l.mayYieldNull(e) {
		out = sqlx.Raw(sqlx.Atom, "coalesce("+out.Text+", '')")
	}
	return out, nil
}

// mayYieldNull reports SQL that can give NULL where KQL gives "".
func (l *lowering) mayYieldNull(e *plan.Call) bool {
	if e.Fn.Nulls == fn.MayBeNull {
		return true
	}
	for _, a := range e.Args {
		if a.Nullable() {
			return e.Fn.Nulls != fn.NeverNull
		}
	}
	return false
}

func argOf(e plan.Expr, x sqlx.Expr) fn.Arg {
	a := fn.Arg{SQL: x, Type: e.Type(), Nullable: e.Nullable()}
	if k, ok := e.(*plan.Const); ok {
		a.Const = &k.Value
	}
	return a
}

// apply writes a row applied to written arguments.
func (l *lowering) apply(s *fn.Spec, sig *fn.Sig, args []fn.Arg, t types.Type, p place) (sqlx.Expr, error) {
	sql := sig.DuckDB
	if sql.Template != "" {
		exprs := make([]sqlx.Expr, len(args))
		for i, a := range args {
			exprs[i] = a.SQL
		}
		prec := sql.Prec
		if prec == 0 {
			prec = sqlx.Atom
		}
		return sqlx.Format(prec, sql.Template, exprs...), nil
	}
	if sql.Build != nil {
		b := &fn.Builder{Dialect: l.target.Dialect(), Args: args, Result: t, Filter: p.filter, Order: p.order}
		b.Native = func(name string, result types.Type, args ...fn.Arg) (sqlx.Expr, bool) {
			return l.nativeByName(s, name, result, args)
		}
		if x, ok := sql.Build(b); ok {
			return x, nil
		}
	}
	if s.Kind == fn.Aggregate {
		args = l.collected(args, p.order)
	}
	return l.nativeCall(s, sig, t, args)
}

// collected turns the arguments of an aggregate without SQL into lists of a
// group's values, for its Eval.
func (l *lowering) collected(args []fn.Arg, order string) []fn.Arg {
	out := make([]fn.Arg, len(args))
	for i, a := range args {
		out[i] = fn.Arg{SQL: sqlx.Raw(sqlx.Atom, "list("+a.SQL.Text+order+")"), Type: a.Type.List(), Nullable: true}
	}
	return out
}

func (l *lowering) nativeCall(s *fn.Spec, sig *fn.Sig, t types.Type, args []fn.Arg) (sqlx.Expr, error) {
	if sig.Eval == nil {
		return sqlx.Expr{}, &Unsupported{What: s.Name}
	}
	if len(args) > fn.MaxNativeArgs {
		return sqlx.Expr{}, &Unsupported{What: fmt.Sprintf("%s of more than %d arguments", s.Name, fn.MaxNativeArgs)}
	}
	ts := make([]types.Type, len(args))
	exprs := make([]sqlx.Expr, len(args))
	for i, a := range args {
		ts[i], exprs[i] = a.Type, a.SQL
	}
	return sqlx.Call(l.native(fn.NativeOf(s, sig, ts, t)), exprs...), nil
}

// nativeByName finds a row for a Build function: of the same kind first.
func (l *lowering) nativeByName(from *fn.Spec, name string, t types.Type, args []fn.Arg) (sqlx.Expr, bool) {
	table, err := fn.Builtin()
	if err != nil {
		return sqlx.Expr{}, false
	}
	for _, k := range []fn.Kind{from.Kind, fn.Scalar, fn.Infix, fn.Aggregate} {
		s := table.Lookup(k, name)
		if s == nil {
			continue
		}
		for i := range s.Sigs {
			if s.Sigs[i].Eval != nil {
				x, err := l.nativeCall(s, &s.Sigs[i], t, args)
				return x, err == nil
			}
		}
	}
	return sqlx.Expr{}, false
}

// literal writes a constant; a search repeats one text for every column of
// every table.
func (l *lowering) literal(v types.Value) sqlx.Expr {
	if v.Type != types.String || v.Null {
		return l.target.Dialect().Literal(v)
	}
	x, ok := l.texts[v.S]
	if !ok {
		x = l.target.Dialect().Literal(v)
		l.texts[v.S] = x
	}
	return x
}

package bind

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// autoName is the name Kusto gives a column computed by x, or "" where it
// counts columns instead (Column1, print_0).
func (b *binder) autoName(x syntax.Expr, c ctx) string {
	switch x := x.(type) {
	case *syntax.Paren:
		return b.autoName(x.X, c)
	case *syntax.NameRef:
		return x.Name
	case *syntax.Path:
		m, ok := x.Member.(*syntax.NameRef)
		if !ok {
			return ""
		}
		if ref, ok := x.X.(*syntax.NameRef); ok && (ref.Name == "$left" || ref.Name == "$right") {
			return m.Name
		}
		return b.autoName(x.X, c) + "_" + m.Name
	case *syntax.Index:
		return b.autoName(x.X, c) + "_" + literalName(x.I)
	case *syntax.Call:
		return b.callName(x, c)
	}
	return ""
}

// literalName is how a constant shows up in a column name.
func literalName(x syntax.Expr) string {
	l, ok := x.(*syntax.Literal)
	if !ok {
		return ""
	}
	switch l.Value.Type {
	case types.String:
		return l.Value.S
	case types.Int, types.Long:
		return fmt.Sprint(l.Value.I)
	}
	return ""
}

func (b *binder) callName(x *syntax.Call, c ctx) string {
	name := x.Name.Text
	if v := c.sc.lookup(name); v != nil && v.fun != nil {
		return ""
	}
	s := b.env.Fns.Lookup(fn.Aggregate, name)
	if s == nil || c.agg == nil {
		s = b.env.Fns.Lookup(fn.Scalar, name)
	}
	if s == nil {
		s = b.env.Fns.Lookup(fn.Window, name)
	}
	if s == nil {
		switch name {
		case "column_ifexists", "columnifexists":
			return b.ifExistsName(x, c)
		case "bin_auto":
			if len(x.Args) == 1 {
				return b.argName(x.Args[0], c)
			}
		}
		return ""
	}
	first := ""
	if len(x.Args) > 0 {
		first = b.argName(x.Args[0], c)
	}
	switch s.Naming {
	case fn.NameFirstArg:
		return first
	case fn.NamePrefixArg:
		return s.Prefix + "_" + first
	case fn.NamePrefixTwoArgs:
		second := ""
		if len(x.Args) > 1 {
			second = b.argName(x.Args[1], c)
		}
		return s.Prefix + "_" + first + "_" + second
	case fn.NamePercentile:
		if len(x.Args) > 1 {
			return b.percentileName(x.Args[0], x.Args[len(x.Args)-1], c)
		}
	case fn.NameFuncArg:
		return name + "_" + first
	case fn.NamePrefixOnly:
		return s.Prefix
	case fn.NameOnlyArg:
		if len(x.Args) == 1 {
			return first
		}
	case fn.NameFirstArgVal:
		return b.ifExistsName(x, c)
	}
	if s.Kind == fn.Aggregate {
		return name + "_"
	}
	return ""
}

// argName is the name an argument gives to its function's column; in
// toint(Total = sum(x)) the argument brings its own.
func (b *binder) argName(a syntax.Expr, c ctx) string {
	if n, ok := a.(*syntax.NamedExpr); ok && len(n.Names) == 1 {
		return n.Names[0].Text
	}
	return b.autoName(a, c)
}

func (b *binder) ifExistsName(x *syntax.Call, c ctx) string {
	if len(x.Args) == 0 {
		return ""
	}
	if k, ok := b.quiet(x.Args[0], c).(*plan.Const); ok && findColumn(c.row, k.Value.S) >= 0 {
		return k.Value.S
	}
	if len(x.Args) == 2 { // documented: the column that stands in names it
		if ref, ok := x.Args[1].(*syntax.NameRef); ok {
			return ref.Name
		}
	}
	return ""
}

// quiet binds x without reporting its mistakes; somebody else does.
func (b *binder) quiet(x syntax.Expr, c ctx) plan.Expr {
	saved := b.diags
	b.diags = nil
	e := b.expr(x, c)
	b.diags = saved
	return e
}

// columnCounter names columns that have no name of their own.
type columnCounter struct{ n int }

func (k *columnCounter) next() string {
	k.n++
	return fmt.Sprintf("Column%d", k.n)
}
